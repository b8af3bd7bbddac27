package store

import "testing"

// The times of a view are those of its own entries, wherever they are.
func TestTimes(t *testing.T) {
	var c Columns
	if _, _, ok := c.View().Times(); ok {
		t.Error("an empty view has times")
	}
	var views []View
	for _, at := range []int64{50, 60, 10, 70, 90, -5, 80} {
		c.Append(Entry{Time: at})
		views = append(views, c.View())
	}
	for i, want := range [][2]int64{{50, 50}, {50, 60}, {10, 60}, {10, 70}, {10, 90}, {-5, 90}, {-5, 90}} {
		if lo, hi, ok := views[i].Times(); !ok || lo != want[0] || hi != want[1] {
			t.Errorf("%d entries: %d to %d, want %v", i+1, lo, hi, want)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	var c Columns
	for i := 0; b.Loop(); i++ {
		c.Append(Entry{Offset: int64(i), Time: int64(i), Row: uint32(i)})
		if c.Len() == 1<<20 {
			c = Columns{}
		}
	}
}
