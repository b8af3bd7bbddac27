package detect

import (
	"fmt"
	"time"

	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
)

// site is what the filters of a site set aside.
type site struct {
	filters []*rule.Filter
	counts  map[*rule.Filter]int // detections
}

// Standing returns the detections that no filter of a site sets aside, in the same
// order.
func Standing(list []Detection) []Detection {
	var out []Detection
	for k := range list {
		switch aside := list[k].Site != nil; {
		case aside && out == nil:
			out = append(make([]Detection, 0, len(list)), list[:k]...)
		case !aside && out != nil:
			out = append(out, list[k])
		}
	}
	if out == nil {
		return list
	}
	return out
}

// Aside returns why a filter of the site sets the detection aside, in words, empty
// where none does. The text is the site's own.
func (d *Detection) Aside() string {
	if d.Site == nil {
		return ""
	}
	if d.Site == saidNormal {
		return fmt.Sprintf("said to be normal, otherwise %s", d.Rated)
	}
	return fmt.Sprintf("set aside by the site, otherwise %s: %s (%s)", d.Rated, d.Site.Reason, d.Site.Title)
}

// applySite sets aside evidence that filters of the site are true of. Of hits that
// need no others those excused become a detection of their own, so that what others
// do under the same rule stays one. What needs all of its hits, a correlation or
// native code, is excused only as a whole.
func (r *run) applySite() {
	if len(r.site.filters) == 0 {
		return
	}
	r.site.counts = map[*rule.Filter]int{}
	var list []*evidence
	for _, ev := range r.evidence {
		list = append(list, r.excuse(ev)...)
	}
	r.evidence = list
}

// excuse splits evidence by the filters that are true of its entries.
func (r *run) excuse(ev *evidence) []*evidence {
	var concerned []int
	for k, f := range r.site.filters {
		if concerns(f, ev.rule) {
			concerned = append(concerned, k)
		}
	}
	if len(concerned) == 0 || len(ev.entries) == 0 {
		return []*evidence{ev}
	}
	const stays = -1
	parts, order := map[int][]uint32{}, []int(nil)
	m := match{event: event{run: r}, ev: ev}
	for _, i := range ev.entries {
		by := stays
		m.of(int(i))
		for _, k := range concerned {
			if r.holds(r.site.filters[k], &m.event) {
				by = k
				break
			}
		}
		if parts[by] == nil {
			order = append(order, by)
		}
		parts[by] = append(parts[by], i)
	}
	if len(order) > 1 && (ev.rule.Kind == rule.Correlation || ev.rule.Kind == rule.Native) {
		return []*evidence{ev}
	}
	var list []*evidence
	for _, by := range order {
		part := ev
		if len(order) > 1 {
			part = r.part(ev, parts[by])
		}
		if by != stays {
			part.filter = r.site.filters[by]
		}
		list = append(list, part)
	}
	return list
}

// concerns reports whether a filter is about a rule, or about all of the rules whose
// hits a correlation counts.
func concerns(f *rule.Filter, r *rule.Rule) bool {
	if f.Concerns(r) || r.Correlated == nil {
		return f.Concerns(r)
	}
	for _, target := range r.Correlated.Rules {
		if !concerns(f, target) {
			return false
		}
	}
	return true
}

// holds reports whether a filter is true of an event at the time that the log has
// for it. One with a last day is not where the log has no time.
func (r *run) holds(f *rule.Filter, e *event) bool {
	if !f.Until.IsZero() && r.Entries.Time(e.entry) == store.NoTime {
		return false
	}
	return f.Match(e, time.UnixMicro(e.time()).UTC()) == rule.True
}

// part returns the evidence of some of the entries.
func (r *run) part(ev *evidence, entries []uint32) *evidence {
	out := *ev
	out.entries, out.count, out.maximum = entries, len(entries), len(entries)
	out.first, out.last = r.Approximate(int(entries[0])), r.Approximate(int(entries[0]))
	for _, i := range entries {
		t := r.Approximate(int(i))
		out.first, out.last = min(out.first, t), max(out.last, t)
	}
	return &out
}

// filtered returns what each filter of the site has set aside.
func (r *run) filtered() []Filtered {
	out := make([]Filtered, len(r.site.filters))
	for k, f := range r.site.filters {
		out[k] = Filtered{f, r.site.counts[f]}
	}
	return out
}
