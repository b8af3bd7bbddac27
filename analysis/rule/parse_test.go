package rule

import (
	"strings"
	"testing"
)

// TestProblems: each file has one fault, and the message is on its line and names
// what to write.
func TestProblems(t *testing.T) {
	head := "title: t\nname: x\n"
	for _, c := range []struct{ name, text, want string }{
		{"no YAML", head + "detection: [", "x.yml:3: no YAML: did not find expected node content; the rest of the file is not read"},
		{"empty", "", "x.yml: no rule in it: write title, detection and level"},
		{"neither", head, "x.yml:1: neither rule nor filter: write detection, correlation, filter or known"},
		{"alias", "title: &a t\nname: *a\n", "x.yml:1: anchors and aliases are not read: write the value out"},
		{"twice", head + "name: y\ndetection: {s: {statement.verb: a}, condition: s}", `x.yml:3: "name" stands in the document twice`},
		{"field", head + "detection:\n  s:\n    statement.verbs: a\n  condition: s", `x.yml:5: no field is called "statement.verbs"; nearest: statement.verb`},
		{"modifier", head + "detection:\n  s: {statement.verb|contain: a}\n  condition: s", `x.yml:4: statement.verb|contain: modifier "contain" is none of ` + supported + "; nearest: contains"},
		{"modifiers", head + "detection:\n  s: {statement.verb|contains|startswith: a}\n  condition: s", "x.yml:4: statement.verb|contains|startswith: contains and startswith exclude one another: write the field twice, in two selections"},
		{"cased number", head + "detection:\n  s: {statement.nesting|gte|cased: 1}\n  condition: s", "x.yml:4: statement.nesting|gte|cased: cased and gte exclude one another"},
		{"flag", head + "detection:\n  s: {statement.verb|i: a}\n  condition: s", `x.yml:4: statement.verb|i: modifier "i" goes behind re`},
		{"all exists", head + "detection:\n  s: {statement.verb|exists|all: true}\n  condition: s", "x.yml:4: statement.verb|exists|all: all does not go with exists or fieldref"},
		{"fieldref re", head + "detection:\n  s: {user.name|fieldref|re: db.namespace}\n  condition: s", "x.yml:4: user.name|fieldref|re: fieldref goes with contains, startswith and endswith only"},
		{"keywords", head + "detection:\n  s: {'|gte': [3]}\n  condition: s", "x.yml:4: keywords take all, re and cased only"},
		{"selection", head + "detection:\n  sel: {statement.verb: a}\n  condition: sell", `x.yml:5: condition: no selection is called "sell"; nearest: sel`},
		{"bracket", head + "detection:\n  s: {statement.verb: a}\n  condition: (s", "x.yml:5: condition: a bracket is not closed: write )"},
		{"end", head + "detection:\n  s: {statement.verb: a}\n  condition: s and", "x.yml:5: condition: the condition ends too early: write the name of a selection"},
		{"operator", head + "detection:\n  s: {statement.verb: a}\n  condition: s or or s", `x.yml:5: condition: the name of a selection is missing before "or"`},
		{"two names", head + "detection:\n  s: {statement.verb: a}\n  condition: s s", `x.yml:5: condition: "s" does not belong here: write and, or, or nothing`},
		{"of", head + "detection:\n  s: {statement.verb: a}\n  condition: 1 of x*", `x.yml:5: condition: no selection is called "x*"`},
		{"of whom", head + "detection:\n  s: {statement.verb: a}\n  condition: 1 of", "x.yml:5: condition: of whom? Write them, or a name with *"},
		{"one", head + "detection:\n  s: {statement.verb: a}\n  condition: s and 1", `x.yml:5: condition: no selection is called "1"; nearest: s`},
		{"known key", "title: t\nknown: [{user: a, reason: r, hosts: b}]", `x.yml:2: known has no key "hosts"; nearest: host`},
		{"filter key", "title: t\nfilter: {rules: any, s: {user.name: a}, condition: s}\nsqleuth: {reason: r, untl: 2026-01-01}", `x.yml:3: sqleuth has no key "untl"; nearest: until`},
		{"pipe", head + "detection:\n  s: {statement.verb: a}\n  condition: s | count() > 3", "x.yml:5: condition: a condition with | is of Sigma's old form: write a correlation"},
		{"timeframe", head + "detection:\n  s: {statement.verb: a}\n  timeframe: 5m\n  condition: s", "x.yml:5: timeframe is of Sigma's old form: write a correlation"},
		{"no condition", head + "detection:\n  s: {statement.verb: a}", "x.yml:4: detection has no condition: write condition: and the name of a selection"},
		{"re", head + "detection:\n  s: {statement.verb|re: '(?=a)'}\n  condition: s", "x.yml:4: statement.verb|re: error parsing regexp: invalid or unsupported Perl syntax: `(?=` (expressions are those of RE2, without look-around)"},
		{"long re", head + "detection:\n  s: {statement.verb|re: '" + strings.Repeat("a", 1001) + "'}\n  condition: s", "x.yml:4: statement.verb|re: regular expression of 1001 bytes: write at most 1000"},
		{"wide re", head + "detection:\n  s: {statement.verb|re: '.{900}.{900}.{900}.{900}.{900}'}\n  condition: s", "x.yml:4: statement.verb|re: the repetitions of the regular expression are too many: write smaller numbers in braces"},
		{"many of them", head + "detection: {s: {statement.verb: a}, t: {statement.verb: b}, u: {statement.verb: c}, condition: 1 of them" + strings.Repeat(" or 1 of *", 400) + "}", "x.yml:3: condition: the condition refers to 1203 selections: write at most 1000"},
		{"cidr", head + "detection:\n  s: {source.ip|cidr: 10.0.0.1}\n  condition: s", `x.yml:4: source.ip|cidr: "10.0.0.1" is no network: write one like 10.0.0.0/8`},
		{"number", head + "detection:\n  s: {statement.union.run|gte: many}\n  condition: s", `x.yml:4: statement.union.run|gte: gte needs a number, not "many"`},
		{"no truth", head + "detection:\n  s: {digest.known: yes}\n  condition: s", `x.yml:4: digest.known: "yes" is none of true, false`},
		{"outcome", head + "detection:\n  s: {login.outcome: [denied, refused]}\n  condition: s", `x.yml:4: login.outcome: "refused" is none of accepted, denied, failed`},
		{"empty list", head + "detection:\n  s: {statement.verb: []}\n  condition: s", "x.yml:4: statement.verb has no value: write one, or null for a field without"},
		{"nested value", head + "detection:\n  s: {statement.verb: [[a]]}\n  condition: s", "x.yml:4: statement.verb: a value is a word or a number, no list and no map"},
		{"level", "title: t\nid: 6b7a1c38-4a0e-4c39-9a55-0f3b8e1f5d13\nlevel: hihg\ndetection: {s: {statement.verb: a}, condition: s}", `x.yml:3: level "hihg" is none of context (informational), low, medium, high, critical`},
		{"id", "title: t\nid: 42\nlevel: high\ndetection: {s: {statement.verb: a}, condition: s}", `x.yml:2: id "42" is no UUID: write one of the form 8-4-4-4-12 hexadecimal digits`},
		{"status", head + "status: testing\ndetection: {s: {statement.verb: a}, condition: s}", `x.yml:3: status "testing" is none of stable, test, experimental, deprecated, unsupported`},
		{"own key", head + "detection: {s: {statement.verb: a}, condition: s}\nsqleuth:\n  say: hello", `x.yml:5: sqleuth has no key "say"; nearest: says`},
		{"placeholder", head + "detection: {s: {statement.verb: a}, condition: s}\nsqleuth:\n  says: 'by {usr}'", "x.yml:5: says: nothing stands for {usr}; nearest: user"},
		{"login and statement", head + "detection:\n  s: {login.outcome: denied, statement.verb: a}\n  condition: s", "x.yml:3: login.outcome is of logins and statement.verb of statements: write two rules and a correlation"},
		{"match field", head + "detection:\n  s: {match.count|gte: 3}\n  condition: s", "x.yml:3: match.count is known when a detection is complete: write it in levels only"},
		{"two forms", head + "detection: {s: {statement.verb: a}, condition: s}\nsqleuth:\n  tests:\n    - {sql: a, log: b, level: high}", "x.yml:6: a test has one of sql, log and event"},
		{"native", head + "level: low\nsqleuth: {native: clok-steps}", `x.yml:4: no native code is called "clok-steps"; nearest: clock-steps`},
		{"parameter", head + "level: low\nsqleuth: {native: clock-steps, parameters: {leest: 2}}", `x.yml:4: clock-steps has no parameter "leest"; nearest: least`},
		{"timespan", head + "correlation: {type: event_count, rules: [a], timespan: 1h30m, condition: {gte: 3}}", `x.yml:3: timespan: "1h30m" is no timespan: write a whole number and one unit, s, m, h or d, like 90m`},
		{"type", head + "correlation: {type: event_cuont, rules: [a], timespan: 1h, condition: {gte: 3}}", `x.yml:3: type "event_cuont" is none of event_count, value_count, temporal, temporal_ordered; nearest: event_count`},
		{"no bound", head + "correlation: {type: event_count, rules: [a], timespan: 1h, condition: {}}", "x.yml:3: condition: write one of gt, gte, lt, lte, eq, neq with a number"},
		{"value field", head + "correlation: {type: value_count, rules: [a], timespan: 1h, condition: {gte: 3}}", "x.yml:3: value_count, and no other type, has a field in its condition: the one whose values are counted"},
		{"temporal of one", head + "correlation: {type: temporal, rules: [a], timespan: 1h}", "x.yml:3: temporal needs two rules"},
		{"filter", "title: t\nfilter: {rules: any, s: {user.name: a}, condition: s}", "x.yml:1: no reason: write sqleuth: {reason: ...}, so that others can tell why this is excused"},
		{"until", "title: t\nfilter: {rules: any, s: {user.name: a}, condition: s}\nsqleuth: {reason: r, until: 31.12.2026}", `x.yml:3: until "31.12.2026": write a date like 2026-12-31`},
		{"deep", head + "detection: " + strings.Repeat("[", 40) + strings.Repeat("]", 40), "x.yml:3: nested more than 24 deep"},
	} {
		_, problems := Document{Name: "x.yml", Text: []byte(c.text)}.Parse(Options{Natives: map[string][]string{"clock-steps": {"least"}}})
		var got []string
		for _, p := range problems {
			if !p.Warning {
				got = append(got, p.String())
			}
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, strings.Join(got, "\n"), c.want)
		}
	}
}

// TestAllProblems are reported, not only the first.
func TestAllProblems(t *testing.T) {
	text := `title: t
id: no
level: none
detection:
  a: {statement.verbs: x}
  b: {statement.verb|gt: x}
  condition: c
---
title: u
name: sound
detection: {s: {statement.verb: a}, condition: s}
`
	file, problems := Document{Name: "x.yml", Text: []byte(text)}.Parse(Options{})
	var lines []int
	for _, p := range problems {
		lines = append(lines, p.Line)
	}
	if want := []int{2, 3, 5, 6, 7}; !equal(lines, want) {
		t.Errorf("problems in lines %v, want %v:\n%v", lines, want, problems)
	}
	if len(file.Rules) != 1 || file.Rules[0].Name != "sound" {
		t.Errorf("rules that are sound: %v", file.Rules)
	}
}

func equal[T comparable](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// TestSigmaDatabaseRule loads a rule as SigmaHQ has them in its category database.
func TestSigmaDatabaseRule(t *testing.T) {
	text := `title: Statements That Copy A Table To A File
id: 0f6c0a52-93a5-4f6e-8a45-1f0e2d0a7b11
status: test
description: Looks for words in the text of queries.
author: somebody
date: 2026-01-02
logsource:
    category: database
    definition: 'Requirements: text of queries'
detection:
    keywords:
        - 'outfile'
        - 'truncate'
        - 'select \*'
    condition: keywords
falsepositives:
    - Reports
level: medium
tags:
    - attack.exfiltration
    - attack.t1190
`
	file, problems := Document{Name: "x.yml", Text: []byte(text)}.Parse(Options{})
	if len(problems) > 0 || len(file.Rules) != 1 {
		t.Fatalf("%v", problems)
	}
	r := file.Rules[0]
	if !r.Asks.Has(Text) || r.Name != "statements-that-copy-a-table-to-a-file" || r.Level != Medium || r.TechniqueIDs()[0] != "T1190" || r.Tactics[0] != "exfiltration" {
		t.Errorf("%+v", r)
	}
	for text, want := range map[string]Truth{"SELECT * FROM a": True, "select a from b INTO OUTFILE 'c'": True, "select a from b": False} {
		if got := r.Match(Values{Text: {text}}); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("title: t\nname: x\ndetection:\n  s: {statement.verb|contains: [a, null]}\n  condition: 1 of s* and not (s)\n"))
	f.Add([]byte("title: t\nname: y\ncorrelation: {type: value_count, rules: [x], group-by: [a], timespan: 3d, condition: {field: user.name, gte: 2}, aliases: {a: {x: user.name}}}\n"))
	f.Add([]byte("title: t\nfilter: {rules: any, s: {user.name: a}, condition: not s}\nsqleuth: {reason: r, until: 2026-12-31}\n---\nknown: [{host: 10.0.0.0/8}]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, problems := Document{Name: "x.yml", Text: text}.Parse(Options{})
		if len(file.Rules)+len(file.Filters) == 0 && problems.Err() == nil {
			t.Errorf("nothing read and nothing said")
		}
		set, _ := NewSet(file)
		for _, r := range set.Rules {
			r.Match(Values{Text: {"a"}})
			r.Explain(Values{Text: {"a"}})
			d := Document{Name: "x.yml", Text: r.Document()}
			if _, problems := d.Parse(Options{}); problems.Err() != nil {
				t.Errorf("the document of a rule does not read: %v\n%s", problems, r.Document())
			}
		}
		if _, _, err := ExportSigma(set); err != nil {
			t.Error(err)
		}
	})
}

func FuzzCondition(f *testing.F) {
	for _, s := range []string{"a and not b or (c)", "1 of s*", "all of them", "((a", "not not not a", "a or", "1 of"} {
		f.Add(s)
	}
	d := &detection{selections: []*selection{{name: "a", node: settled(true)}, {name: "b", node: settled(false)}, {name: "s_1", node: settled(true)}}}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := d.parse(text)
		if (n == nil) == (err == nil) {
			t.Errorf("%q: %v, %v", text, n, err)
		}
		if err == nil {
			eval(n, Values{})
		}
	})
}
