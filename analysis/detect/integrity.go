package detect

import (
	"context"
	"fmt"

	"sqleuth/analysis/store"
	"sqleuth/analysis/wording"
)

// timeBackwards runs D24: time that steps back by more than the disorder of
// entries that were logged at the same moment.
func (r *run) timeBackwards(ctx context.Context) error {
	d := Detection{Rule: &rules[integrity], Severity: rules[integrity].Severity}
	var widest int64
	start, ok := r.Entries.TimedFrom(0)
	if !ok {
		return nil
	}
	before := r.Entries.Time(start)
	for s := range r.Entries.Spans() {
		if err := ctx.Err(); err != nil {
			return err
		}
		span := r.Entries.Span(s)
		for j, t := range span.Time {
			if t == store.NoTime {
				continue
			}
			step := before - t
			before = t
			if step <= r.opt.Backwards {
				continue
			}
			if d.Count == 0 {
				d.Time = store.At(t)
			}
			d.Last = store.At(t)
			d.Count++
			widest = max(widest, step)
			if len(d.Entries) < MaxEntries {
				d.Entries = append(d.Entries, span.First+j)
			}
		}
	}
	if d.Count == 0 {
		return nil
	}
	times := "once"
	if d.Count > 1 {
		times = fmt.Sprintf("%d times", d.Count)
	}
	d.Summary = fmt.Sprintf("time steps back %s, by %s at most", times, wording.Duration(widest))
	r.found = append(r.found, d)
	return nil
}
