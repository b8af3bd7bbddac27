package trait

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestTable(t *testing.T) {
	names := map[string]bool{}
	for _, x := range Traits() {
		if x.Name == "" || names[x.Name] || x.Unit == "" || x.Words == "" || x.of == nil {
			t.Errorf("trait %+v: without a name of its own, unit, words or value", x)
		}
		names[x.Name] = true
		if len(x.Steps) == 0 || len(x.Steps) > 15 || !slices.IsSorted(x.Steps) {
			t.Errorf("%s: bounds %v", x.Name, x.Steps)
		}
	}
}

// However connections differ, the distinct rows are bounded, and each is counted.
func TestRowsAreBounded(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var m Matrix
	index := map[vector]uint32{}
	const n = 1 << 18
	for range n {
		var v vector
		for k := range v {
			v[k] = uint8(rng.IntN(len(traits[k].Steps) + 1))
			if traits[k].Source == "rules" {
				v[k] = uint8(rng.IntN(2))
			}
		}
		m.intern(index, v)
	}
	total := 0
	for _, c := range m.counts {
		total += c
	}
	if len(m.rows) > fullRows+1<<9 || total != n {
		t.Errorf("%d rows of %d connections", len(m.rows), total)
	}
}

func TestPace(t *testing.T) {
	times := func(next func() int64) (list []int64) {
		at := int64(0)
		for range 400 {
			at += next()
			list = append(list, at)
		}
		return list
	}
	rng := rand.New(rand.NewPCG(1, 2))
	timer := func() int64 { return 300_000_000 + rng.Int64N(2_000_000) }
	if p := pace(times(timer)); p > 0.1 {
		t.Errorf("a timer: %.2f", p)
	}
	some := times(timer)
	some = slices.DeleteFunc(some, func(int64) bool { return rng.IntN(3) > 0 })
	if p := pace(some); p > 0.3 {
		t.Errorf("a timer, a third of it: %.2f", p)
	}
	if p := pace(times(func() int64 { return int64(rng.ExpFloat64() * 1e9) })); p < 0.7 {
		t.Errorf("random gaps: %.2f", p)
	}
	if p := pace(times(func() int64 { return 1200e6 + rng.Int64N(4200e6) })); p < 0.6 {
		t.Errorf("gaps of 20 to 90 minutes: %.2f", p)
	}
	if p := pace(times(func() int64 { return 1_000_000 })); p != noPace {
		t.Errorf("a tool: %.2f", p)
	}
	if p := pace(make([]int64, 10)); p != noPace {
		t.Errorf("all at once: %.2f", p)
	}
}
