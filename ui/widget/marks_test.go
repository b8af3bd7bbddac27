package widget

import (
	"math/rand/v2"
	"slices"
	"testing"

	"sqleuth/ui/theme"
)

// TestMarksAgreeWithASet compares with a plain set of rows under random steps.
func TestMarksAgreeWithASet(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const rows = 40
	var m Marks
	want := map[int]bool{}
	for step := range 3000 {
		from := rng.IntN(rows)
		to := from + rng.IntN(rows-from+1)
		switch rng.IntN(3) {
		case 0:
			m = m.Add(from, to)
			for i := from; i < to; i++ {
				want[i] = true
			}
		case 1:
			m = m.Remove(from, to)
			for i := from; i < to; i++ {
				delete(want, i)
			}
		case 2:
			m = m.Toggle(from)
			if want[from] {
				delete(want, from)
			} else {
				want[from] = true
			}
		}
		if m.Len() != len(want) {
			t.Fatalf("step %d: %d marked, want %d", step, m.Len(), len(want))
		}
		for i := range rows {
			if m.Has(i) != want[i] {
				t.Fatalf("step %d: row %d marked %v", step, i, m.Has(i))
			}
		}
		last, n := -1, 0
		m.Each(func(from, to int) bool {
			if from <= last || from >= to {
				t.Fatalf("step %d: range %d to %d behind %d", step, from, to, last)
			}
			last, n = to, n+to-from
			return true
		})
		if n != len(want) {
			t.Fatalf("step %d: ranges hold %d rows, want %d", step, n, len(want))
		}
	}
}

// TestMarksOf compares with marks that are added one by one.
func TestMarksOf(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for n := range 40 {
		var want Marks
		rows := make([]int, n)
		for k := range rows {
			rows[k] = rng.IntN(50)
			want = want.Add(rows[k], rows[k]+1)
		}
		before := slices.Clone(rows)
		if got := MarksOf(rows); got.Len() != want.Len() || !slices.Equal(got.ranges, want.ranges) {
			t.Errorf("%v: %v, want %v", rows, got, want)
		}
		if !slices.Equal(rows, before) {
			t.Error("the rows were put in another order")
		}
	}
}

// BenchmarkRearrange carries as many marks as are kept over to other places,
// which happens inside Update.
func BenchmarkRearrange(b *testing.B) {
	t := NewTable(theme.Plain())
	t.SetSize(100, 30)
	t.SetLen(10_000_000)
	rows := make([]int, MaxKept)
	for k := range rows {
		rows[k] = k * 1000
	}
	for b.Loop() {
		t.SetMarks(MarksOf(rows))
		t.Rearrange(10_000_000, func(k int) (int, bool) { return k + 7, true })
	}
}
