package detect

import (
	"context"

	"sqleuth/analysis/rule"
)

// evaluateEntries passes over the entries, and asks those again of which a rule may
// be true.
func (r *run) evaluateEntries(ctx context.Context) error {
	e := event{run: r}
	for s := range r.Entries.Spans() {
		if err := ctx.Err(); err != nil {
			return err
		}
		span := r.Entries.Span(s)
		for j, row := range span.Row {
			if r.interesting[row] {
				r.evaluateEntry(&e, span.First+j, span.Connection[j], row)
			}
		}
	}
	return nil
}

func (r *run) evaluateEntry(e *event, i int, conn, row uint32) {
	id := r.Connections.Who(int(conn), i)
	candidates := r.verdictOf(r.Rows[row].Fact, id.Database)
	if candidates == nil {
		return
	}
	e.ofEntry(i, conn, row, id)
	r.ask(e, candidates)
}

// ask evaluates the rules that may be true of an event.
func (r *run) ask(e *event, candidates verdict) {
	for _, c := range candidates {
		if c.rest.Match(e) != rule.True {
			continue
		}
		level := c.level
		if !c.known {
			level, _ = r.rules[c.rule].LevelOf(e)
		}
		r.hit(c.rule, level, e)
	}
}

// hit takes up that a rule is true of an event.
func (r *run) hit(n int, level rule.Severity, e *event) {
	t := e.time()
	if engine := r.engines[r.ServerOf(e.entry)]; engine.Wants(r.rules[n]) {
		engine.Add(r.rules[n], rule.Hit{Time: t, Entry: e.entry, Connection: e.conn}, e)
	}
	if !r.rules[n].Silent {
		r.episodes.add(r, n, level, e, t)
	}
}
