package detect

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sqleuth/analysis/store"
	"sqleuth/analysis/wording"
)

// episode is what one connection asked for under one rule as one user; from the perSource-th
// connection of a user and host on, what all of them asked for without a pause
// longer than Options.Pause.
type episode struct {
	rule        ruleIndex
	source      source
	severity    Severity
	time, last  int64
	entries     []int
	connections []uint32 // as they came, runs of one removed
	count       int
	facts       []int32 // what was asked for, each once, the first maxNames+1
}

type episodeKey struct {
	source
	rule ruleIndex
}

// episodes finds the episode that a hit belongs to.
type episodes struct {
	pause int64
	of    map[connectionKey]*episode
	rest  map[episodeKey]*episode // of the sources that have enough of their own
	count map[episodeKey]int
	all   []*episode // in order of their first entry
}

type connectionKey struct {
	conn uint32
	episodeKey
}

func (es *episodes) at(src source, rule ruleIndex, conn uint32, time int64) *episode {
	shared := episodeKey{src, rule}
	own := connectionKey{conn, shared}
	if e := es.of[own]; e != nil {
		return e
	}
	if es.count[shared] < perSource {
		e := es.open(src, rule, time)
		es.of[own] = e
		es.count[shared]++
		return e
	}
	e := es.rest[shared]
	if e == nil || time-e.last > es.pause {
		e = es.open(src, rule, time)
		es.rest[shared] = e
	}
	return e
}

func (es *episodes) open(src source, rule ruleIndex, time int64) *episode {
	e := &episode{rule: rule, source: src, time: time, last: time}
	es.all = append(es.all, e)
	return e
}

// statements runs the rules that single statements are enough for: one pass
// over the entries in order of the log.
func (r *run) statements(ctx context.Context) error {
	interesting := r.rowsWith(func(f *facts) bool { return len(f.hits) > 0 })
	es := episodes{pause: r.opt.Pause, of: map[connectionKey]*episode{}, rest: map[episodeKey]*episode{}, count: map[episodeKey]int{}}
	for s := range r.Entries.Spans() {
		if err := ctx.Err(); err != nil {
			return err
		}
		span := r.Entries.Span(s)
		for j, row := range span.Row {
			if !interesting[row] {
				continue
			}
			fact := r.fact(span.Connection[j], span.First+j, row)
			if fact < 0 {
				continue
			}
			src := r.source(span.Connection[j], span.First+j)
			for _, h := range r.facts[fact].hits {
				t := r.Approximate(span.First + j)
				e := es.at(src, h.rule, span.Connection[j], t)
				e.add(span.First+j, t, span.Connection[j], fact, h.severity)
			}
		}
	}
	habits := r.habits(es.all)
	for _, e := range es.all {
		r.found = append(r.found, r.report(e, habits))
	}
	return nil
}

func (e *episode) add(entry int, time int64, conn uint32, fact int32, severity Severity) {
	e.count++
	e.time, e.last = min(e.time, time), max(e.last, time)
	e.severity = max(e.severity, severity)
	if len(e.entries) < MaxEntries {
		e.entries = append(e.entries, entry)
	}
	if n := len(e.connections); n == 0 || e.connections[n-1] != conn {
		e.connections = append(e.connections, conn)
	}
	if len(e.facts) <= maxNames && !slices.Contains(e.facts, fact) {
		e.facts = append(e.facts, fact)
	}
}

// habit is what a user and host do under a rule at one time of day.
type habit struct {
	episodeKey
	slot int64 // of the day, Options.SameTime long
}

// habits finds the days on which each user and host did under a rule what it
// did, by time of day.
func (r *run) habits(done []*episode) *calendar {
	c := newCalendar(r.opt.SameTime)
	for _, e := range done {
		c.add(episodeKey{e.source, e.rule}, e.time)
	}
	return c
}

// calendar remembers the first and last day of a habit.
type calendar struct {
	slot int64
	days map[habit][2]int64
}

func newCalendar(slot int64) *calendar { return &calendar{max(slot, 1), map[habit][2]int64{}} }

func (c *calendar) key(k episodeKey, t, shift int64) (habit, int64) {
	t += shift * c.slot
	dayOf := floorDiv(t, day)
	return habit{k, (t - dayOf*day) / c.slot}, dayOf
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func (c *calendar) add(k episodeKey, t int64) {
	h, d := c.key(k, t, 0)
	span, ok := c.days[h]
	if !ok {
		span = [2]int64{d, d}
	}
	c.days[h] = [2]int64{min(span[0], d), max(span[1], d)}
}

// otherDay says whether the same was done at about this time of another day.
func (c *calendar) otherDay(k episodeKey, t int64) bool {
	for shift := int64(-1); shift <= 1; shift++ {
		h, d := c.key(k, t, shift)
		if span, ok := c.days[h]; ok && (span[0] != d || span[1] != d) {
			return true
		}
	}
	return false
}

func (r *run) report(e *episode, habits *calendar) Detection {
	slices.Sort(e.connections)
	e.connections = slices.Compact(e.connections)
	d := Detection{Rule: &rules[e.rule], Severity: e.severity, Time: store.At(e.time), Last: store.At(e.last), User: r.Connections.Text(e.source.user),
		Host: r.Connections.Text(e.source.host), Connections: e.connections, Entries: e.entries, Count: e.count}
	d.Users = []string{d.User}
	var what []string
	for _, f := range e.facts {
		for _, h := range r.facts[f].hits {
			if h.rule == e.rule && !slices.Contains(what, h.what) {
				what = append(what, h.what)
			}
		}
	}
	more := ""
	if len(what) > maxNames {
		what, more = what[:maxNames], " and more"
	}
	verb := "sent"
	if strings.HasPrefix(what[0], "for ") {
		verb = "asked"
	}
	d.What = verb + " " + strings.Join(what, ", ") + more
	d.Summary = fmt.Sprintf("%s %s (%s in %s)", r.account(e.source), d.What, wording.Counted(d.Count, "entry", "entries"), wording.Counted(len(d.Connections), "connection", "connections"))
	if e.rule == credentialRead && habits.otherDay(episodeKey{e.source, e.rule}, e.time) {
		d.Severity = min(d.Severity, Low)
		d.What += ", as at this time on another day"
		d.Summary += "; the same user and host did so at this time on another day"
	}
	return d
}
