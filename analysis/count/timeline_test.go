package count

import (
	"slices"
	"testing"

	"sqleuth/analysis/store"
)

const day = 24 * 3600 * 1_000_000

// dated makes a log of n entries spread evenly over a day, and others at given times.
func dated(n int, others ...int64) store.View {
	var c store.Columns
	for i := range n {
		if i == n/2 {
			for _, t := range others {
				c.Append(store.Entry{Time: t})
			}
		}
		c.Append(store.Entry{Time: 20_000*day + int64(i)*day/int64(n)})
	}
	return c.View()
}

// A few wrong times must not put all other entries into one column.
func TestTimelineLeavesFewTimesOutside(t *testing.T) {
	const n = 240
	plain := NewTimeline(dated(10_000), n)
	for _, test := range []struct {
		name          string
		entries       int
		others        []int64
		before, after int
	}{
		{"none", 10_000, nil, 0, 0},
		{"one in 1970", 10_000, []int64{1}, 1, 0},
		{"one before 1970", 10_000, []int64{-400 * day}, 1, 0},
		{"on both sides", 10_000, []int64{20_900 * day, 5, 21_000 * day}, 1, 2},
		{"further and further", 10_000, []int64{20_040 * day, 30_000 * day, 900_000 * day}, 0, 3},
		{"one in a small log", 200, []int64{0}, 1, 0},
		{"too many to be stragglers", 10_000, slices.Repeat([]int64{20_040 * day}, 11), 0, 0},
		{"not far enough", 10_000, []int64{20_005 * day}, 0, 0},
		{"a log too small to tell", 50, []int64{0}, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			tl := NewTimeline(dated(test.entries, test.others...), n)
			sum := 0
			for _, k := range tl.Entries {
				sum += k
			}
			if tl.Before != test.before || tl.After != test.after || sum != test.entries+len(test.others) {
				t.Errorf("%d before, %d after, %d together, want %d, %d, %d", tl.Before, tl.After, sum, test.before, test.after, test.entries+len(test.others))
			}
			if left := test.before + test.after; left == len(test.others) && test.entries == 10_000 {
				if tl.Start != plain.Start || tl.Width != plain.Width {
					t.Errorf("begins at %d, %d wide, want %d, %d as without the others", tl.Start, tl.Width, plain.Start, plain.Width)
				}
				want := slices.Clone(plain.Entries)
				want[0] += test.before
				want[n-1] += test.after
				if !slices.Equal(tl.Entries, want) {
					t.Errorf("buckets %v, want %v", tl.Entries, want)
				}
			}
			for _, time := range test.others {
				if b := tl.Bucket(time); b < 0 || b >= n {
					t.Errorf("bucket %d", b)
				}
			}
		})
	}
}

// Entries of one moment, or of a few microseconds, end the search.
func TestTimelineOfAMoment(t *testing.T) {
	for _, others := range [][]int64{nil, {7, 8, 9, 10}, {7, 1000, 1001}} {
		var c store.Columns
		for range 5000 {
			c.Append(store.Entry{Time: 7})
		}
		for _, t := range others {
			c.Append(store.Entry{Time: t})
		}
		tl := NewTimeline(c.View(), 240)
		if tl.Start != 7 || tl.Width < 1 || tl.Entries[0] < 5000 {
			t.Errorf("%v: %+v", others, tl)
		}
	}
}

func BenchmarkTimeline(b *testing.B) {
	for name, v := range map[string]store.View{"plain": dated(1_000_000), "stragglers": dated(1_000_000, 1, 2, 3)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				NewTimeline(v, 240)
			}
		})
	}
}

// TestUntimedIsLeftOut: entries without a time are in no bucket and no hour, and
// are counted.
func TestUntimedIsLeftOut(t *testing.T) {
	none := slices.Repeat([]int64{store.NoTime}, 30)
	with, without := dated(10_000, none...), dated(10_000)
	a, b := NewTimeline(with, 240), NewTimeline(without, 240)
	if a.Untimed != len(none) || a.Start != b.Start || a.Width != b.Width || !slices.Equal(a.Entries, b.Entries) || a.Before != 0 {
		t.Errorf("with untimed entries %+v, without %+v", a, b)
	}
	var c store.Columns
	for range 5 {
		c.Append(store.Entry{Time: store.NoTime})
	}
	if tl := NewTimeline(c.View(), 240); tl.Untimed != 5 || len(tl.Entries) != 0 {
		t.Errorf("of untimed entries alone: %+v", tl)
	}
	sum := func(v store.View) (n int) {
		var h Hours
		h.Add(v, make([]store.Row, 1))
		for _, k := range h.pairs[0].entries {
			n += int(k)
		}
		return n
	}
	if got := sum(with); got != 10_000 {
		t.Errorf("%d entries in all hours, want 10000", got)
	}
	if got := sum(c.View()); got != 0 {
		t.Errorf("%d entries in hours, none has a time", got)
	}
}
