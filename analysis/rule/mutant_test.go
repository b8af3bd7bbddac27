package rule

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/fact"
)

// mutation is a change of a rule; made again it is undone.
type mutation struct {
	what string // "D10: condition negated"
	swap func()
}

// swap returns a function that exchanges what is at a place for a value.
func swap[T any](place *T, value T) func() {
	return func() { *place, value = value, *place }
}

// Mutants changes one thing of a rule after the other and takes it back when the next
// is asked for: its condition negated, a selection that is always or never true, a
// threshold moved by one, a level moved. A rule's tests are good if they fail on each.
// Those of rules that only correlations refer to, and that have no tests of their own,
// are among the mutants of the correlation. Nobody else may use the rules meanwhile.
func Mutants(r *Rule) iter.Seq[string] {
	var all []mutation
	if tested := len(r.Tests()) > 0; tested || !r.Silent {
		all = r.mutations(true)
		for _, part := range r.untested(nil) {
			all = append(all, part.mutations(false)...)
		}
	}
	return func(yield func(string) bool) {
		for _, m := range all {
			m.swap()
			more := yield(m.what)
			if m.swap(); !more {
				return
			}
		}
	}
}

// untested adds the silent rules below a correlation.
func (r *Rule) untested(list []*Rule) []*Rule {
	if r.Correlated == nil {
		return list
	}
	for _, part := range r.Correlated.Rules {
		if part.Silent && len(part.Tests()) == 0 && !slices.Contains(list, part) {
			list = part.untested(append(list, part))
		}
	}
	return list
}

// mutations lists the changes of a rule, those of its levels only where they are seen.
func (r *Rule) mutations(seen bool) (list []mutation) {
	add := func(swap func(), format string, args ...any) {
		list = append(list, mutation{r.Name + ": " + fmt.Sprintf(format, args...), swap})
	}
	condition, used := &r.detection.condition, map[string]bool{}
	if referred(*condition, used); len(used) > 0 {
		add(swap[node](condition, not{*condition}), "condition negated")
	}
	var fields []*item
	collect := func(n node) {
		if it, ok := n.(*item); ok && !slices.Contains(fields, it) {
			fields = append(fields, it)
		}
	}
	for _, s := range r.detection.selections {
		if walk(s.node, collect); used[s.name] {
			add(swap[node](&s.node, settled(true)), "%s always true", s.name)
			add(swap[node](&s.node, settled(false)), "%s never true", s.name)
		}
	}
	levels := []*Severity{&r.Level}
	for i := range r.Levels {
		levels = append(levels, &r.Levels[i].Level)
		walk(r.Levels[i].condition, collect)
	}
	for _, level := range levels {
		if moved := (*level + 1) % (Critical + 1); seen {
			add(swap(level, moved), "level %s becomes %s", *level, moved)
		}
	}
	for _, by := range []int{-1, 1} {
		for _, it := range fields {
			for i, t := range it.tests {
				if t, ok := t.(number); ok && t.bound+float64(by) >= 0 {
					moved := number{t.op, t.bound + float64(by)}
					add(swap[test](&it.tests[i], moved), "%s %s becomes %s", it.key, t, moved)
				}
			}
		}
		if r.Correlated != nil {
			for i, b := range r.Correlated.Bounds {
				add(swap(&r.Correlated.Bounds[i].Value, b.Value+by), "%s %d becomes %d", b.Op, b.Value, b.Value+by)
			}
		}
	}
	return list
}

const mutated = `title: t
name: x
level: medium
detection:
  sel_s: {statement.verb: [drop, truncate]}
  known: {digest.known: true}
  user: {user.name: root}
  run: {statement.union.run|gte: 3}
  condition: 1 of sel_* and not known
sqleuth:
  levels:
    - {when: user or run, level: high}
  tests:
    - {event: {statement.verb: drop}, level: medium}
    - {event: {statement.verb: drop, user.name: root}, level: high}
    - {event: {statement.verb: drop, digest.known: true}, level: none}
    - {event: {statement.verb: truncate, statement.union.run: 3}, level: high}
    - {event: {statement.verb: truncate, statement.union.run: 2}, level: medium}
    - {event: {statement.verb: select}, level: none}
---
title: t
name: many
level: low
correlation: {type: event_count, rules: [one], timespan: 10s, condition: {gte: 3}}
sqleuth: {tests: [{log: "3\n.", level: low}, {log: "2\n.", level: none}]}
---
title: t
name: one
detection: {s: {event.action: kill}, condition: s}
`

// judgeKills takes a log for the number of events that rule one is true of.
func judgeKills(s *Set, r *Rule, _ Test, log []byte) (Severity, bool, error) {
	engine := NewEngine(s)
	for i := range int(log[0] - '0') {
		e := Values{Field(fact.Action): {"kill"}}
		if one := s.Named("one"); one.Match(e) == True {
			engine.Add(one, Hit{Entry: i}, e)
		}
	}
	matches, _ := engine.Matches()
	return r.Level, len(matches) > 0, nil
}

// survivors runs the tests of all rules on their mutants.
func survivors(t *testing.T, text string) (total int, alive []string) {
	t.Helper()
	set, problems := NewSet(read(t, "x.yml", text))
	if problems != nil {
		t.Fatal(problems)
	}
	for _, r := range set.Rules {
		for what := range Mutants(r) {
			total++
			if _, failures := RunTests(set, []*Rule{r}, judgeKills); failures == nil {
				alive = append(alive, what)
			}
		}
	}
	if _, failures := RunTests(set, set.Rules, judgeKills); failures != nil {
		t.Errorf("what was changed stays so: %v", failures)
	}
	return total, alive
}

// TestMutants: good tests kill all, and where a test is missing some live.
func TestMutants(t *testing.T) {
	// x: negated, 2 selections always and never, 2 levels, the threshold up and down;
	// many: the bound up and down, its level; one: negated, always and never.
	if total, alive := survivors(t, mutated); total != 15 || !slices.Equal(alive, []string{"one: s always true"}) {
		t.Errorf("%d mutants, alive: %q", total, alive)
	}
	for _, c := range []struct{ missing, alive string }{
		{"    - {event: {statement.verb: drop, digest.known: true}, level: none}\n", "x: known never true"},
		{"    - {event: {statement.verb: truncate, statement.union.run: 2}, level: medium}\n", "x: statement.union.run|gte 3 becomes 2"},
		{"    - {event: {statement.verb: select}, level: none}\n", "x: sel_s always true"},
		{", {log: \"2\\n.\", level: none}", "many: gte 3 becomes 2"},
	} {
		if _, alive := survivors(t, strings.Replace(mutated, c.missing, "", 1)); !slices.Contains(alive, c.alive) {
			t.Errorf("without %q: alive are %q", c.missing, alive)
		}
	}
}
