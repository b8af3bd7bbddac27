package detect

import (
	"cmp"
	"context"

	"sqleuth/analysis/parallel"
	"sqleuth/analysis/rule"
)

// evaluateEvents evaluates the rules on logins and on entries side by side. No rule is
// about both, so that what is found of the ones is found without the others.
func (r *run) evaluateEvents(ctx context.Context) error {
	kinds := []func(context.Context) error{r.evaluateLogins, r.evaluateEntries}
	errs := make([]error, len(kinds))
	parallel.Do(len(kinds), func(k int) { errs[k] = kinds[k](ctx) })
	return cmp.Or(errs...)
}

// evaluateEntries passes over the entries, and asks those again of which a rule may
// be true.
func (r *run) evaluateEntries(ctx context.Context) error {
	e := event{run: r, episodes: &r.statementEpisodes}
	for s := range r.Entries.Spans() {
		if err := ctx.Err(); err != nil {
			return err
		}
		span := r.Entries.Span(s)
		for j, row := range span.Row {
			if !r.interesting[row] {
				continue
			}
			i, conn := span.First+j, span.Connection[j]
			id := r.Connections.Who(int(conn), i)
			if candidates := r.verdictOf(placed{r.Rows[row].Fact, id.Database}); candidates != nil {
				e.ofEntry(i, conn, row, id)
				r.ask(&e, candidates)
			}
		}
	}
	return nil
}

// ask evaluates the rules that may be true of an event.
func (r *run) ask(e *event, candidates verdict) {
	for _, c := range candidates {
		if c.rest.Match(e) != rule.True {
			continue
		}
		level := c.level
		if !c.known {
			level, _ = c.rule.LevelOf(e)
		}
		r.hit(c.rule, level, e)
	}
}

// hit takes up that a rule is true of an event.
func (r *run) hit(rl *rule.Rule, level rule.Severity, e *event) {
	if engine := r.engines[r.ServerOf(e.entry)]; engine.Wants(rl) {
		engine.Add(rl, rule.Hit{Time: e.time(), Entry: e.entry, Connection: e.conn}, e)
	}
	if !rl.Silent {
		e.episodes.add(rl, level, e)
	}
}
