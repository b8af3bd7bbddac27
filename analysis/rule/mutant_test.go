package rule

import (
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/fact"
)

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
