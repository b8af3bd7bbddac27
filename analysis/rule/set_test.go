package rule

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func read(t *testing.T, name, text string) File {
	t.Helper()
	file, problems := Document{Name: name, Text: []byte(text)}.Parse(Options{})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return file
}

const (
	idA = "6b7a1c38-4a0e-4c39-9a55-0f3b8e1f5d13"
	idB = "6b7a1c38-4a0e-4c39-9a55-0f3b8e1f5d14"
)

func simple(id, name, level string) string {
	return "title: t\nid: " + id + "\nname: " + name + "\nlevel: " + level + "\ndetection: {s: {statement.verb: drop}, condition: s}\n"
}

func TestBuiltinRulesAreSound(t *testing.T) {
	set, problems := Load(Sources{}, Options{})
	if len(problems) > 0 {
		t.Errorf("%v", problems)
	}
	if len(set.Rules) == 0 || !set.Rules[0].Builtin {
		t.Errorf("no built-in rules")
	}
}

func TestLayers(t *testing.T) {
	a, b := read(t, "a.yml", simple(idA, "D1", "low")+"---\n"+simple(idB, "D2", "low")), read(t, "b.yml", simple(idA, "D9", "high"))
	set, problems := NewSet(a, b)
	if len(problems) > 0 || len(set.Rules) != 2 || set.Rules[1].Name != "D9" || set.Rules[1].Level != High {
		t.Errorf("a later layer replaces: %v, %+v", problems, set.Rules)
	}
	set, problems = NewSet(a, read(t, "c.yml", "id: "+idA+"\nenabled: false\n"))
	if len(problems) > 0 || len(set.Rules) != 1 || len(set.Off) != 1 || set.Named("D1") == nil || set.Named("D1").Enabled {
		t.Errorf("enabled: false: %v, %+v", problems, set)
	}
	_, problems = NewSet(a, read(t, "c.yml", "id: 6b7a1c38-4a0e-4c39-9a55-0f3b8e1f5d99\nenabled: false\n---\nname: D3\nenabled: false\n"))
	if want := "c.yml:1: warning: enabled: false, but there is no rule 6b7a1c38-4a0e-4c39-9a55-0f3b8e1f5d99\nc.yml:4: warning: enabled: false, but there is no rule D3; nearest: D1, D2"; problems.Error() != want {
		t.Errorf("switching off what there is not:\n%v\nwant\n%s", problems, want)
	}
	needs := read(t, "n.yml", correlationOf("c", "{type: event_count, rules: [D1], timespan: 1m, condition: {gte: 2}}")+
		correlationOf("d", "{type: event_count, rules: [c], timespan: 1m, condition: {gte: 2}}"))
	set, problems = NewSet(a, needs, read(t, "c.yml", "id: "+idA+"\nenabled: false\n"))
	if want := "n.yml:2: warning: c is switched off with D1, which it needs\nn.yml:6: warning: d is switched off with c, which it needs"; problems.Error() != want || len(set.Off) != 3 || set.Named("d").Enabled {
		t.Errorf("%v\nwant\n%s", problems, want)
	}
	_, problems = NewSet(read(t, "d.yml", simple(idA, "D1", "low")+"---\n"+simple(idA, "D2", "low")+"---\n"+simple(idB, "D1", "low")))
	if want := "d.yml:7: id or name of D1 (d.yml:1) again: write another\nd.yml:13: id or name of D1 (d.yml:1) again: write another"; problems.Error() != want {
		t.Errorf("twice in a layer:\n%v\nwant\n%s", problems, want)
	}
	_, problems = NewSet(a, read(t, "e.yml", simple("6b7a1c38-4a0e-4c39-9a55-0f3b8e1f5d15", "D1", "low")))
	if want := "e.yml:1: the name D1 belongs to " + idA + " (a.yml): write another name, or its id to replace it"; problems.Error() != want {
		t.Errorf("a name of another id:\n%v\nwant\n%s", problems, want)
	}
}

func TestOrderOfNames(t *testing.T) {
	set, _ := NewSet(read(t, "a.yml", strings.Join([]string{simple(idA, "D10", "low"), simple(idB, "D2", "low"),
		"title: t\nname: base\ndetection: {s: {statement.verb: a}, condition: s}\n"}, "---\n")))
	var names []string
	for _, r := range set.Rules {
		names = append(names, r.Name)
	}
	if got := strings.Join(names, " "); got != "D2 D10 base" {
		t.Error(got)
	}
}

func correlationOf(name, body string) string {
	return "---\ntitle: t\nname: " + name + "\ncorrelation: " + body + "\n"
}

func TestLinkProblems(t *testing.T) {
	base := "title: t\nname: base\ndetection: {s: {statement.verb: a}, condition: s}\n"
	for _, c := range []struct{ name, text, want string }{
		{"missing", correlationOf("c", "{type: event_count, rules: [bas], timespan: 1m, condition: {gte: 2}}"),
			`x.yml:5: correlation: no rule has the name or id "bas"; nearest: base`},
		{"circle", correlationOf("c", "{type: event_count, rules: [d], timespan: 1m, condition: {gte: 2}}") + correlationOf("d", "{type: event_count, rules: [c], timespan: 1m, condition: {gte: 2}}"),
			"x.yml:5: correlations in a circle: c needs d needs c"},
		{"itself", correlationOf("c", "{type: event_count, rules: [c], timespan: 1m, condition: {gte: 2}}"),
			"x.yml:5: correlations in a circle: c needs c"},
		{"field", correlationOf("c", "{type: event_count, rules: [base], group-by: [user], timespan: 1m, condition: {gte: 2}}"),
			`x.yml:5: correlation: no field or alias is called "user"; nearest: user.name, user.privileged, user.share`},
		{"alias", correlationOf("c", "{type: event_count, rules: [base], group-by: [a], aliases: {a: {bse: user.name}}, timespan: 1m, condition: {gte: 2}}"),
			"x.yml:5: alias a: the correlation has no rule \"bse\"; nearest: base\nx.yml:5: correlation: alias a has no field for base"},
		{"chain", correlationOf("c", "{type: event_count, rules: [base], group-by: [user.name], timespan: 1m, condition: {gte: 2}}") + correlationOf("d", "{type: event_count, rules: [c], group-by: [source.ip], timespan: 1m, condition: {gte: 2}}"),
			`x.yml:9: correlation: c has no group-by "source.ip": write one of user.name`},
	} {
		set, problems := NewSet(read(t, "x.yml", base+c.text))
		if problems.Error() != c.want {
			t.Errorf("%s:\n%v\nwant\n%s", c.name, problems, c.want)
		}
		for _, r := range set.Rules {
			if r.Name == "d" || r.Name == "c" && c.name != "chain" {
				t.Errorf("%s: %s is in the set", c.name, r.Name)
			}
		}
	}
}

// TestReferences by id and by name, and to what comes after a rule that is left
// out.
func TestReferences(t *testing.T) {
	text := simple(idA, "D1", "low") + "---\n" + simple(idA, "D2", "low") + "---\n" + simple(idB, "D3", "low") +
		correlationOf("c", "{type: event_count, rules: ["+strings.ToUpper(idA)+"], timespan: 1m, condition: {gte: 2}}") +
		correlationOf("e", "{type: event_count, rules: [D3], group-by: [a], aliases: {a: {D3: user.name, D1: user.name}}, timespan: 1m, condition: {gte: 2}}") +
		"---\ntitle: f\nfilter: {rules: [D9], s: {user.name: a}, condition: s}\nsqleuth: {reason: r}\n" +
		"---\ntitle: g\nfilter: {rules: [" + idB + ", D4], s: {user.name: a}, condition: s}\nsqleuth: {reason: r}\n"
	off := "---\ntitle: t\nname: D4\nenabled: false\n"
	set, problems := NewSet(read(t, "x.yml", text+off))
	want := "x.yml:7: id or name of D1 (x.yml:1) again: write another\nx.yml:23: alias a: the correlation has no rule \"D1\"; nearest: D3\nx.yml:27: filter: no rule has the name or id \"D9\"; nearest: D1, D3"
	if problems.Error() != want {
		t.Errorf("%v\nwant\n%s", problems, want)
	}
	var names []string
	for _, r := range set.Rules {
		names = append(names, r.Name)
	}
	if got := strings.Join(names, " "); got != "D1 D3 c" || set.Named("c").Correlated.Rules[0] != set.Named("D1") {
		t.Errorf("rules: %s", got)
	}
	if len(set.Filters) != 1 || set.Filters[0].Title != "g" {
		t.Errorf("filters: %v", set.Filters)
	}
}

func TestSilent(t *testing.T) {
	base := "title: t\nname: base\ndetection: {s: {statement.verb: a}, condition: s}\n"
	one := correlationOf("c", "{type: event_count, rules: [base], timespan: 1m, condition: {gte: 2}}")
	two := correlationOf("d", "{type: event_count, rules: [base], timespan: 1m, condition: {gte: 2}, generate: true}")
	for text, want := range map[string]bool{base: false, base + one: true, base + two: false, base + one + two: false} {
		set, problems := NewSet(read(t, "x.yml", text))
		if problems != nil || set.Named("base").Silent != want {
			t.Errorf("%v %s: silent %v, want %v", problems, text, set.Named("base").Silent, want)
		}
	}
}

func TestSiteFilters(t *testing.T) {
	text := `title: Backups
filter:
  rules: [D7]
  selection: {user.name: backup, source.ip|cidr: 10.0.0.0/28}
  condition: selection
sqleuth: {reason: nightly dump, until: 2026-12-31}
---
title: As Sigma has it
filter:
  rules: any
  selection: {user.name: monitor}
  condition: not selection
sqleuth: {reason: checks}
---
title: Known
known:
  - {user: etl, host: [10.1.0.0/16, loader], rules: [D7], reason: loads}
`
	filters := read(t, "site.yml", text).Filters
	d7, d8 := read(t, "d7.yml", simple(idA, "D7", "low")).Rules[0], read(t, "d8.yml", simple(idB, "D8", "low")).Rules[0]
	on := func(day string) time.Time {
		at, err := time.Parse(time.RFC3339, day)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		rule  *Rule
		event string
		at    string
		want  string
	}{
		{d7, "user.name=backup;source.ip=10.0.0.3", "2026-12-31T23:59:59Z", "Backups"},
		{d7, "user.name=backup;source.ip=10.0.0.3", "2027-01-01T00:00:00Z", ""},
		{d7, "user.name=backup;source.ip=10.0.0.99", "2026-12-31T23:59:59Z", ""},
		{d8, "user.name=backup;source.ip=10.0.0.3", "2026-12-31T23:59:59Z", ""},
		{d8, "user.name=monitor", "2026-12-31T23:59:59Z", "As Sigma has it"},
		{d7, "user.name=etl;source.ip=loader", "2030-01-01T00:00:00Z", "Known"},
		{d7, "user.name=etl;source.ip=10.1.2.3", "2030-01-01T00:00:00Z", "Known"},
		{d7, "user.name=etl;source.ip=10.2.2.3", "2030-01-01T00:00:00Z", ""},
	} {
		got := ""
		for _, f := range filters {
			if f.Concerns(c.rule) && f.Match(eventOf(t, c.event), on(c.at)) == True {
				got = f.Title
			}
		}
		if got != c.want {
			t.Errorf("%s, %s, %s: excused by %q, want %q", c.rule.Name, c.event, c.at, got, c.want)
		}
	}
	_, problems := NewSet(read(t, "d7.yml", simple(idA, "D7", "low")), read(t, "site.yml", strings.ReplaceAll(text, "[D7]", "[D77]")))
	want := "site.yml:1: filter: no rule has the name or id \"D77\"; nearest: D7\nsite.yml:17: filter: no rule has the name or id \"D77\"; nearest: D7"
	if problems.Error() != want {
		t.Errorf("%v\nwant\n%s", problems, want)
	}
}

// readDir reads a folder called rules.
func readDir(fsys fs.FS) (File, Problems) {
	var r reader
	r.dir(fsys, "rules", 1)
	layers, problems := parseAll(r.documents, Options{})
	return layers[0], append(r.Problems, problems...).sorted()
}

func TestReadDir(t *testing.T) {
	fsys := fstest.MapFS{
		"a.yml":          {Data: []byte(simple(idA, "D1", "low"))},
		"more/b.yaml":    {Data: []byte(simple(idB, "D2", "loww"))},
		".hidden/c.yml":  {Data: []byte("[")},
		"notes.txt":      {Data: []byte("[")},
		"more/large.yml": {Data: make([]byte, maxFile+1)},
	}
	file, problems := readDir(fsys)
	if len(file.Rules) != 1 || file.Rules[0].Source.File != "rules/a.yml" {
		t.Errorf("%+v", file.Rules)
	}
	want := "rules/more/b.yaml:4: level \"loww\" is none of context (informational), low, medium, high, critical\nrules/more/large.yml: cannot be read: too long for a file of rules"
	if problems.Error() != want {
		t.Errorf("%v\nwant\n%s", problems, want)
	}
}

func TestExplain(t *testing.T) {
	r := ruleOf(t, "s:\n  statement.verb: [drop, truncate]\n  statement.tables|contains: user\nk: {digest.known: true}\ncondition: s and not k")
	e := r.Explain(eventOf(t, "statement.verb=drop;statement.tables=a;digest.known?"))
	if e.Result != False || len(e.Selections) != 2 || e.Selections[0].Result != False || e.Selections[1].Result != Unknown {
		t.Fatalf("%+v", e)
	}
	items := e.Selections[0].Items
	if items[0].Result != True || items[1].Result != False || items[1].Values[0] != "a" || items[1].Wanted[0] != "*user*" || items[1].Key != "statement.tables|contains" {
		t.Errorf("%+v", items)
	}
}

// TestLoad reads folders and files of the disk beside the built-in rules.
func TestLoad(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
		return name
	}
	builtin, _ := Load(Sources{}, Options{})
	write("a/one.yml", simple(idB, "X1", "low"))
	write("b/one.yml", simple(idB, "X1", "high"))
	write("b/off.yml", "id: "+builtin.Rules[0].ID+"\nenabled: false\n")
	site := write("site.yml", "title: t\nknown: [{user: backup, rules: [X1], reason: r}]\n")
	set, problems := Load(Sources{Dirs: []string{filepath.Join(dir, "a"), filepath.Join(dir, "b")}, Files: []string{site}}, Options{})
	if problems != nil {
		t.Fatal(problems)
	}
	x := set.Named("X1")
	if x == nil || x.Level != High || x.Builtin || x.Source.File != filepath.Join(dir, "b", "one.yml") || len(x.Source.SHA256) != 64 {
		t.Errorf("%+v", x)
	}
	if off := set.Named(builtin.Rules[0].ID); off == nil || off.Enabled || off.Name != builtin.Rules[0].Name {
		t.Errorf("switched off: %+v", off)
	}
	if len(set.Filters) != 1 || set.Filters[0].Source.File != site {
		t.Errorf("%+v", set.Filters)
	}
	set, problems = LoadDocuments([]Document{{Layer: builtinLayer, Name: "x", Text: []byte(simple(idB, "X1", "low"))}}, Options{})
	if x := set.Named("X1"); problems != nil || x == nil || x.Builtin {
		t.Errorf("a document is taken for a built-in one: %v, %+v", problems, x)
	}
	_, problems = Load(Sources{Dirs: []string{filepath.Join(dir, "none")}, Files: []string{filepath.Join(dir, "a")}}, Options{})
	want := filepath.Join(dir, "a") + ": cannot be read: not a plain file\n" + filepath.Join(dir, "none") + ": cannot be read: no such file or directory"
	if problems.Error() != want {
		t.Errorf("%v\nwant\n%s", problems, want)
	}
}

// TestAliasesInOrder: what is wrong with aliases is listed in the order of their names.
func TestAliasesInOrder(t *testing.T) {
	file := read(t, "x.yml", `title: t
name: many
correlation:
  type: event_count
  rules: [one]
  timespan: 1s
  condition: {gte: 2}
  aliases: {b: {q: user.name, p: user.name}, a: {z: user.name, y: user.name, x: user.name}}
---
title: t
name: one
detection: {s: {event.action: kill}, condition: s}
`)
	var names []string
	for range 9 {
		_, problems := NewSet(file)
		for _, p := range problems {
			var alias, ref string
			if _, err := fmt.Sscanf(p.Text, "alias %s the correlation has no rule %q", &alias, &ref); err != nil {
				t.Fatal(p.Text, err)
			}
			names = append(names, alias+ref)
		}
	}
	if want := slices.Repeat([]string{"a:x", "a:y", "a:z", "b:p", "b:q"}, 9); !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}
