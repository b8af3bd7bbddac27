package learned

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Each draw is what drawing from lists made anew would give, with as many connections
// as are drawn, with fewer, and with more.
func TestDrawsBeginAnew(t *testing.T) {
	cells := [][]uint32{make([]uint32, 500), make([]uint32, 7), nil, make([]uint32, 40)}
	for k, list := range cells {
		for i := range list {
			list[i] = uint32(i/3*len(cells) + k)
		}
	}
	d := &drawer{rng: rand.New(rand.NewPCG(1, 2)), drawn: []int{60, 60, 60, 40}}
	for _, list := range cells {
		d.cells = append(d.cells, slices.Clone(list))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range 5 {
		var want []uint32
		for k, list := range cells {
			list = slices.Clone(list)
			n := d.drawn[k]
			for n >= len(list) && len(list) > 0 {
				want = append(want, list...)
				n -= len(list)
			}
			for i := range min(n, len(list)) {
				j := i + rng.IntN(len(list)-i)
				list[i], list[j] = list[j], list[i]
				want = append(want, list[i])
			}
		}
		if got := d.draw(); !slices.Equal(got, want) {
			t.Fatalf("draw %d: %v, want %v", round, got, want)
		}
	}
}
