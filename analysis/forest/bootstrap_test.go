package forest

import (
	"fmt"
	"slices"
	"testing"

	"sqleuth/analysis/forest/internal/numpyrand"
)

func TestBootstrapCountsSingleDraws(t *testing.T) {
	for _, n := range []int{1, 2, 3, 623, 624, 625, 65_535, 65_536, 65_537, 131_072, 200_001} {
		for _, kinds := range []int{1, 600, laneCells, laneCells + 1, 40_000} {
			cells := make([]uint16, n)
			for i := range cells {
				cells[i] = uint16(i * 31 % kinds)
			}
			want := make([]uint32, kinds)
			rng := numpyrand.New(11)
			for range n {
				want[cells[rng.Below(uint32(n))]]++
			}
			for _, bucketed := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d entries, %d cells, bucketed %v", n, kinds, bucketed), func(t *testing.T) {
					b := newBootstrap(cells, kinds)
					b.setBuckets(bucketed)
					for range 2 { // the second one must find clean buffers
						got, err := b.draw(t.Context(), 11)
						if err != nil {
							t.Fatal(err)
						}
						if !slices.Equal(got, want) {
							t.Fatal("counts differ from those of single draws")
						}
					}
				})
			}
		}
	}
}
