package detect

import (
	"fmt"
	"slices"
	"time"

	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
)

// Standing returns the detections that no filter of a site sets aside, in the same
// order.
func Standing(list []Detection) []Detection {
	aside := func(d Detection) bool { return d.Site != nil }
	if !slices.ContainsFunc(list, aside) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), aside)
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
	if len(r.filters) == 0 {
		return
	}
	var list []*evidence
	for _, ev := range r.evidence {
		list = append(list, r.excuse(ev)...)
	}
	r.evidence = list
}

// excuse splits evidence by the filters that are true of its entries.
func (r *run) excuse(ev *evidence) (list []*evidence) {
	var concerned []*rule.Filter
	for _, f := range r.filters {
		if concerns(f, ev.rule) {
			concerned = append(concerned, f)
		}
	}
	if len(concerned) == 0 {
		return []*evidence{ev}
	}
	var order []*rule.Filter // nil for what stays
	parts := map[*rule.Filter][]uint32{}
	m := match{event: event{run: r}, ev: ev}
	for _, i := range ev.entries {
		m.of(int(i))
		var by *rule.Filter
		if k := slices.IndexFunc(concerned, func(f *rule.Filter) bool { return r.holds(f, &m.event) }); k >= 0 {
			by = concerned[k]
		}
		if parts[by] == nil {
			order = append(order, by)
		}
		parts[by] = append(parts[by], i)
	}
	switch {
	case len(order) == 1:
		ev.filter = order[0]
		return []*evidence{ev}
	case ev.rule.Kind == rule.Correlation || ev.rule.Kind == rule.Native:
		return []*evidence{ev}
	}
	for _, by := range order {
		list = append(list, r.part(ev, parts[by], by))
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

// part returns the evidence of some of the entries, which a filter sets aside, or none
// does.
func (r *run) part(ev *evidence, entries []uint32, by *rule.Filter) *evidence {
	out := *ev
	out.entries, out.count, out.filter = nil, 0, by
	for _, i := range entries {
		out.add(int(i), r.Approximate(int(i)))
	}
	return &out
}
