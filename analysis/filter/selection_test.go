package filter

import (
	"math/rand/v2"
	"slices"
	"testing"

	"sqleuth/analysis/store"
)

// checkSelection compares all questions to a selection with a plain list.
func checkSelection(t *testing.T, s *Selection, want func(i int) bool) {
	t.Helper()
	var list []int
	for i := -1; i <= s.Total()+1; i++ {
		if s.Rank(i) != len(list) {
			t.Fatalf("Rank(%d) is %d, want %d", i, s.Rank(i), len(list))
		}
		in := i >= 0 && i < s.Covered() && want(i)
		if s.Contains(i) != in {
			t.Fatalf("Contains(%d) is %v", i, !in)
		}
		if in {
			list = append(list, i)
		}
	}
	if s.Len() != len(list) {
		t.Fatalf("%d entries, want %d", s.Len(), len(list))
	}
	for k, i := range list {
		if s.Nth(k) != i {
			t.Fatalf("Nth(%d) is %d, want %d", k, s.Nth(k), i)
		}
	}
	if s.Nth(-1) != -1 || s.Nth(len(list)) != -1 {
		t.Fatal("there are entries before the first or behind the last")
	}
	if !slices.Equal(slices.Collect(s.From(0)), list) {
		t.Fatal("All yields other entries")
	}
	for _, k := range []int{-1, len(list) / 3, len(list) / 2, len(list) - 1, len(list)} {
		rest := list[:0]
		if k >= 0 {
			rest = list[k:]
		}
		if !slices.Equal(slices.Collect(s.From(k)), rest) {
			t.Fatalf("From(%d) yields other entries", k)
		}
	}
}

func TestSelectionRankAndSelect(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	for round := range 12 {
		total := rng.IntN(4 * store.SpanLen)
		density := []float64{0, 0.00002, 0.01, 0.5, 0.999, 1}[round%6]
		member := make([]bool, total)
		for i := range member {
			// Whole spans without hits, too.
			member[i] = rng.Float64() < density && (round < 6 || (i/store.SpanLen)%2 == 1)
		}
		g := grower{sel: Selection{total: total}}
		var early *Selection
		for at := 0; at < total; {
			end := min(at+64*(1+rng.IntN(store.SpanLen/64)), (at/store.SpanLen+1)*store.SpanLen, total)
			var c *chunk
			for i := at; i < end; i++ {
				if member[i] {
					if c == nil {
						c = &chunk{}
					}
					c.words[i%store.SpanLen>>6] |= 1 << (i & 63)
				}
			}
			full := end%store.SpanLen == 0 || end == total
			g.add(c, end, full)
			if early == nil && rng.IntN(4) == 0 {
				early = g.snapshot()
			}
			at = end
		}
		for _, s := range []*Selection{early, g.snapshot()} {
			checkSelection(t, s, func(i int) bool { return member[i] })
		}
	}
	checkSelection(t, nil, nil)
}

func TestSelectionStopsWhenAsked(t *testing.T) {
	log, _ := testLog(t, 100, 1)
	n := 0
	for range run(t, log, Filter{}).From(0) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("%d entries", n)
	}
}
