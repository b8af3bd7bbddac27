package forest

import (
	"fmt"
	"slices"
	"testing"

	"sqleuth/analysis/forest/internal/numpyrand"
)

func TestBootstrapCountsSingleDraws(t *testing.T) {
	if testing.Short() {
		t.Skip("draws much, in no goroutine")
	}
	for _, n := range []int{1, 2, 3, 623, 624, 625, 65_535, 65_536, 65_537, 131_072, 200_001} {
		for _, kinds := range []int{1, 600, laneCells, laneCells + 1, 40_000} {
			cells := make([]uint16, n)
			for i := range cells {
				cells[i] = uint16(i * 31 % kinds)
			}
			for _, drawn := range []int{n, n/3 + 1} {
				expectDraws(t, cells, kinds, drawn)
			}
		}
	}
}

// expectDraws holds a bootstrap of so many entries against single draws.
func expectDraws(t *testing.T, cells []uint16, kinds, drawn int) {
	n := len(cells)
	want := make([]uint32, kinds)
	rng := numpyrand.New(11)
	for range drawn {
		want[cells[rng.Below(uint32(n))]]++
	}
	for _, bucketed := range []bool{false, true} {
		t.Run(fmt.Sprintf("%d of %d entries, %d cells, bucketed %v", drawn, n, kinds, bucketed), func(t *testing.T) {
			d := newDrawer(newUrn[uint16](cells, kinds), drawn)
			d.setBuckets(bucketed)
			for range 2 { // the second one must find clean buffers
				got, err := d.draw(t.Context(), 11)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got, want) {
					t.Fatal("counts differ from those of single draws")
				}
			}
		})
	}
	wide, err := newDrawer(newUrn[uint32](cells, kinds), drawn).draw(t.Context(), 11)
	if err != nil || !slices.Equal(wide, want) {
		t.Fatalf("%d of %d entries, %d cells of 32 bits: counts differ from those of single draws, or %v", drawn, n, kinds, err)
	}
}
