package rule

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"sqleuth/analysis/fact"
)

// judgeEvents is a Judge of logs that have an event a line: "seconds rule fields".
func judgeEvents(s *Set, r *Rule, t Test, log []byte) (Severity, bool, error) {
	if t.SQL != "" {
		var b fact.Builder
		verb, _, _ := strings.Cut(strings.ToLower(t.SQL), " ")
		b.Add(fact.Verb, verb)
		e := t.StatementEvent(b.Set())
		level, _ := r.LevelOf(e)
		return level, r.Match(e) == True, nil
	}
	engine := NewEngine(s)
	for i, line := range strings.Split(strings.TrimSpace(string(log)), "\n") {
		var seconds int
		var action, user string
		if _, err := fmt.Sscan(line, &seconds, &action, &user); err != nil {
			return 0, false, fmt.Errorf("line %d: %v", i+1, err)
		}
		e := Values{Field(fact.Action): {action}, UserName: {user}}
		for _, base := range s.Rules {
			if base.Match(e) == True {
				engine.Add(base, Hit{Time: int64(seconds) * 1e6, Entry: i}, e)
			}
		}
	}
	matches, _ := engine.Matches()
	for _, m := range matches {
		if m.Rule == r {
			level, _ := r.LevelOf(Values{MatchCount: {strconv.Itoa(m.Count)}})
			return level, true, nil
		}
	}
	return 0, false, nil
}

const tested = `title: t
name: x
level: medium
detection:
  s: {statement.verb: [drop, truncate]}
  known: {digest.known: true}
  user: {user.name: root}
  condition: s and not known
sqleuth:
  levels:
    - {when: user, level: high}
  tests:
    - {sql: DROP TABLE a, level: medium}
    - {sql: DROP TABLE a, user: root, level: high}
    - {sql: DROP TABLE a, with: {digest.known: true}, level: none}
    - {event: {statement.verb: truncate}, level: medium}
    - {sql: SELECT 1, level: none}
---
title: t
name: many
level: low
correlation: {type: event_count, rules: [one], group-by: [user.name], timespan: 10s, condition: {gte: 3}}
sqleuth:
  levels:
    - {when: {match.count|gte: 4}, level: high}
  tests:
    - {log: three.log, level: low}
    - {log: "0 kill a\n1 kill a\n2 kill a\n3 kill a", level: high}
    - {log: "0 kill a\n1 kill a\n", level: none}
    - {log: "0 ping a\n1 ping a\n2 kill a\n", level: none}
---
title: t
name: one
detection: {s: {event.action: kill}, condition: s}
`

func testedSet(t *testing.T, text string) *Set {
	t.Helper()
	fsys := fstest.MapFS{"x.yml": {Data: []byte(text)}, "three.log": {Data: []byte("0 kill a\n1 kill a\n2 kill a\n")}}
	file, problems := readDir(fsys)
	if problems.Err() != nil {
		t.Fatal(problems)
	}
	set, problems := NewSet(file)
	if problems != nil {
		t.Fatal(problems)
	}
	return set
}

func TestRunTests(t *testing.T) {
	set := testedSet(t, tested)
	if n, failures := RunTests(set, set.Rules, judgeEvents); n != 9 || failures != nil {
		t.Errorf("%d tests, failures %v", n, failures)
	}
	set = testedSet(t, strings.NewReplacer("user: root, level: high", "user: root, level: low", "three.log", "four.log").Replace(tested))
	_, got := RunTests(set, set.Rules, judgeEvents)
	want := "rules/x.yml:27: many: open four.log: file does not exist, expected low: four.log\nrules/x.yml:14: x: high, expected low: DROP TABLE a"
	if strings.Join(got, "\n") != want {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

func TestIncomplete(t *testing.T) {
	set := testedSet(t, tested)
	if got := strings.Join(set.Named("x").Incomplete(), "; "); got != "no says; no sees; no misses; no alike; no next; 3 tests with a level and 2 with none: write 3 of each" {
		t.Error(got)
	}
	if got := set.Named("one").Incomplete(); got != nil {
		t.Error(got)
	}
}

// TestBuiltinRulesAreComplete in their words and tests.
func TestBuiltinRulesAreComplete(t *testing.T) {
	builtin, _ := Load(Sources{}, Options{})
	for _, r := range builtin.Rules {
		if lacks := r.Incomplete(); len(lacks) > 0 {
			t.Errorf("%s: %s", r.Name, strings.Join(lacks, "; "))
		}
	}
}

// TestTestsLater: the built-in rules are the same where their tests are read later.
func TestTestsLater(t *testing.T) {
	list := builtinDocuments()
	size, left := 0, 0
	for _, d := range list {
		later, more := d.Parse(Options{})
		d.Layer = 0
		whole, problems := d.Parse(Options{})
		if len(problems)+len(more) > 0 || len(whole.Rules) != len(later.Rules) {
			t.Fatal(problems, more)
		}
		for i, want := range whole.Rules {
			got := later.Rules[i]
			if !got.Builtin || want.Builtin {
				t.Errorf("%s is built in: %v, and as a file of a user's: %v", want.Name, got.Builtin, want.Builtin)
			}
			want.Builtin, want.file.Layer = true, builtinLayer
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s is another rule without its tests", want.Name)
			}
		}
		size, left = size+len(d.Text), left+len(withoutTests(d.Text))
	}
	if left > size/2 {
		t.Errorf("%d of %d bytes are read: are the tests among them?", left, size)
	}
}
