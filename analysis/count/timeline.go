package count

import "sqleuth/analysis/store"

// Timeline counts entries in buckets of equal width between the earliest and
// the latest time of a log, or between the times of nearly all of its entries:
// a single wrong time, decades away, would put all others into one bucket.
type Timeline struct {
	Start   int64 // microseconds since 1970 UTC
	Width   int64 // of a bucket, microseconds, at least 1
	Entries []int // by bucket

	// Before and After are the entries that lie outside of the buckets. They are
	// counted in the first bucket and in the last one.
	Before, After int

	Untimed int // entries without a time, which are in no bucket
}

const (
	// Entries are left outside if there are no more of them than one in straggler,
	// and those inside take up less than one part in spread of the time. A log
	// of straggler/10 entries may have one.
	straggler = 1000
	spread    = 10
)

// NewTimeline counts the entries of a view in n buckets, in none where no entry has
// a time; nil for an empty view.
func NewTimeline(v store.View, n int) *Timeline {
	if v.Len() == 0 {
		return nil
	}
	lo, hi, ok := v.Times()
	if !ok {
		return &Timeline{Untimed: v.Len()}
	}
	timed := v.Len() - v.Untimed()
	outside := timed / straggler
	if outside == 0 && timed >= straggler/10 {
		outside = 1
	}
	for {
		tl := countBetween(v, lo, hi, n)
		first, last := tl.dense(outside - tl.Before - tl.After)
		// The outermost times there, so that the buckets begin and end with entries.
		from, to := lo, hi
		if (last-first+1)*spread <= n {
			from, to = timesBetween(v, lo+int64(first)*tl.Width, min(hi, lo+int64(last+1)*tl.Width-1))
		}
		if from == lo && to == hi {
			tl.Entries[0] += tl.Before
			tl.Entries[n-1] += tl.After
			return tl
		}
		lo, hi = from, to
	}
}

// countBetween counts entries between two times in n buckets, and apart from them
// those outside.
func countBetween(v store.View, lo, hi int64, n int) *Timeline {
	tl := &Timeline{Start: lo, Width: max(1, int64(uint64(hi-lo)/uint64(n))+1), Entries: make([]int, n)}
	for s := range v.Spans() {
		at, from, to := 0, int64(0), int64(0)
		for _, t := range v.Span(s).Time {
			if t < from || t >= to {
				switch {
				case t == store.NoTime:
					tl.Untimed++
				case t < lo:
					tl.Before++
				case t > hi:
					tl.After++
				default:
					at = tl.Bucket(t)
					from = lo + int64(at)*tl.Width
					to = min(from+tl.Width, hi+1)
					tl.Entries[at]++
				}
				continue
			}
			tl.Entries[at]++
		}
	}
	return tl
}

// dense returns the shortest run of buckets that leaves no more than some entries
// outside, the earliest one of several.
func (t *Timeline) dense(outside int) (first, last int) {
	total := 0
	for _, n := range t.Entries {
		total += n
	}
	first, last = 0, len(t.Entries)-1
	inside, from := 0, 0
	for to, n := range t.Entries {
		inside += n
		for inside-t.Entries[from] >= total-outside && from < to {
			inside -= t.Entries[from]
			from++
		}
		if inside >= total-outside && to-from < last-first {
			first, last = from, to
		}
	}
	return first, last
}

// timesBetween returns the earliest and the latest time of entries between two
// times, of which there are some.
func timesBetween(v store.View, from, to int64) (lo, hi int64) {
	lo, hi = to, from
	for s := range v.Spans() {
		for _, t := range v.Span(s).Time {
			if t >= from && t <= to {
				lo, hi = min(lo, t), max(hi, t)
			}
		}
	}
	return lo, hi
}

// Bucket returns the bucket of a time, the first or last one for a time outside.
func (t *Timeline) Bucket(micros int64) int {
	if micros < t.Start {
		return 0
	}
	return int(min(int64(len(t.Entries)-1), (micros-t.Start)/t.Width))
}
