package count

import "sqleuth/analysis/store"

// Timeline counts entries in buckets of equal width between the earliest and
// the latest time of a log.
type Timeline struct {
	Start   int64 // microseconds since 1970 UTC
	Width   int64 // of a bucket, microseconds, at least 1
	Entries []int // by bucket
}

// NewTimeline counts the entries of a view in n buckets; nil for an empty view.
func NewTimeline(v store.View, n int) *Timeline {
	if v.Len() == 0 {
		return nil
	}
	lo, hi := v.Time(0), v.Time(0)
	for s := range v.Spans() {
		for _, t := range v.Span(s).Time {
			lo, hi = min(lo, t), max(hi, t)
		}
	}
	tl := &Timeline{Start: lo, Width: max(1, (hi-lo)/int64(n)+1), Entries: make([]int, n)}
	for s := range v.Spans() {
		at, from, to := 0, int64(0), int64(0)
		for _, t := range v.Span(s).Time {
			if t < from || t >= to {
				at = tl.Bucket(t)
				from = lo + int64(at)*tl.Width
				to = from + tl.Width
			}
			tl.Entries[at]++
		}
	}
	return tl
}

// Bucket returns the bucket of a time between the earliest and the latest.
func (t *Timeline) Bucket(micros int64) int {
	return max(0, min(len(t.Entries)-1, int((micros-t.Start)/t.Width)))
}
