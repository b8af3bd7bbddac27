package rule

import (
	"strings"
	"testing"

	"sqleuth/analysis/fact"
)

// ruleOf reads one rule whose detection is given as YAML.
func ruleOf(t *testing.T, detection string) *Rule {
	t.Helper()
	text := "title: t\nname: x\ndetection:\n  " + strings.ReplaceAll(strings.TrimSpace(detection), "\n", "\n  ") + "\n"
	file, problems := Document{Name: "x.yml", Text: []byte(text)}.Parse(Options{})
	if err := problems.Err(); err != nil || len(file.Rules) != 1 {
		t.Fatalf("%s\n%v", text, err)
	}
	return file.Rules[0]
}

// eventOf makes an event of "field=value" words; "field?" is unknown.
func eventOf(t *testing.T, text string) Event {
	t.Helper()
	e := partly{known: Values{}, unknown: map[Field]bool{}}
	for _, word := range strings.Split(text, ";") {
		name, value, has := strings.Cut(strings.TrimSpace(word), "=")
		if name == "" {
			continue
		}
		f, ok := FieldNamed(strings.TrimSuffix(name, "?"))
		if !ok {
			t.Fatalf("no field %q", name)
		}
		if strings.HasSuffix(name, "?") {
			e.unknown[f] = true
		} else if has {
			e.known[f] = append(e.known[f], value)
		}
	}
	return e
}

// partly is an event of which some fields are not known.
type partly struct {
	known   Values
	unknown map[Field]bool
}

func (e partly) Values(f Field) ([]string, bool) { return e.known[f], !e.unknown[f] }

func TestMatch(t *testing.T) {
	for _, c := range []struct{ name, detection, event, want string }{
		{"equal", "s: {statement.verb: drop}\ncondition: s", "statement.verb=drop", "true"},
		{"equal, other case", "s: {statement.verb: DROP}\ncondition: s", "statement.verb=Drop", "true"},
		{"equal is the whole value", "s: {statement.verb: drop}\ncondition: s", "statement.verb=drops", "false"},
		{"one of a list", "s: {statement.verb: [drop, truncate]}\ncondition: s", "statement.verb=truncate", "true"},
		{"one value of several", "s: {statement.tables: b}\ncondition: s", "statement.tables=a;statement.tables=b", "true"},
		{"all of a list", "s: {statement.tables|all: [a, b]}\ncondition: s", "statement.tables=b;statement.tables=a", "true"},
		{"all of a list, one missing", "s: {statement.tables|all: [a, b]}\ncondition: s", "statement.tables=b", "false"},
		{"contains all", "s: {statement.tables|contains|all: [s, w]}\ncondition: s", "statement.tables=wp_users", "true"},
		{"a map is and", "s: {statement.verb: drop, statement.tables: a}\ncondition: s", "statement.verb=drop;statement.tables=b", "false"},
		{"a list of maps is or", "s:\n  - statement.verb: drop\n  - statement.tables: a\ncondition: s", "statement.tables=a", "true"},
		{"a field without values", "s: {statement.verb: drop}\ncondition: s", "", "false"},
		{"null", "s: {statement.tables: null}\ncondition: s", "statement.verb=drop", "true"},
		{"null, but there is one", "s: {statement.tables: null}\ncondition: s", "statement.tables=a", "false"},
		{"null or a value", "s: {statement.tables: [null, a]}\ncondition: s", "statement.tables=a", "true"},
		{"an empty value", "s: {user.name: ''}\ncondition: s", "user.name=", "true"},
		{"an empty value is not none", "s: {user.name: ''}\ncondition: s", "", "false"},
		{"exists", "s: {statement.tables|exists: true}\ncondition: s", "statement.tables=a", "true"},
		{"exists, but there is none", "s: {statement.tables|exists: true}\ncondition: s", "statement.verb=drop", "false"},
		{"exists not, and there is none", "s: {statement.tables|exists: false}\ncondition: s", "statement.verb=drop", "true"},
		{"exists not", "s: {statement.tables|exists: false}\ncondition: s", "statement.tables=a", "false"},
		{"not", "s: {statement.verb: drop}\ncondition: not s", "statement.verb=drop", "false"},
		{"not not", "s: {statement.verb: drop}\ncondition: not not s", "statement.verb=drop", "true"},
		{"boolean", "s: {statement.union: True}\ncondition: s", "statement.union=true", "true"},
		{"number as written", "s: {statement.nesting: 2}\ncondition: s", "statement.nesting=2", "true"},

		{"contains", "s: {statement.tables|contains: user}\ncondition: s", "statement.tables=wp_users", "true"},
		{"startswith", "s: {statement.tables|startswith: wp_}\ncondition: s", "statement.tables=wp_users", "true"},
		{"startswith, elsewhere", "s: {statement.tables|startswith: users}\ncondition: s", "statement.tables=wp_users", "false"},
		{"endswith", "s: {statement.tables|endswith: users}\ncondition: s", "statement.tables=wp_users", "true"},
		{"wildcard", "s: {statement.tables: wp_*s}\ncondition: s", "statement.tables=wp_users", "true"},
		{"one character", "s: {statement.tables: 'wp?users'}\ncondition: s", "statement.tables=wp_users", "true"},
		{"one character of several bytes", "s: {statement.tables: 'wp?users'}\ncondition: s", "statement.tables=wpéusers", "true"},
		{"a plain star", `s: {statement.columns: '\*'}` + "\ncondition: s", "statement.columns=id", "false"},
		{"a plain star, found", `s: {statement.columns: '\*'}` + "\ncondition: s", "statement.columns=*", "true"},
		{"cased", "s: {statement.tables|cased: Users}\ncondition: s", "statement.tables=users", "false"},
		{"cased contains", "s: {statement.tables|contains|cased: User}\ncondition: s", "statement.tables=wp_users", "false"},
		{"re", "s: {statement.calls|re: '^sleep\\('}\ncondition: s", "statement.calls=sleep(number)", "true"},
		{"re is cased", "s: {statement.calls|re: '^SLEEP'}\ncondition: s", "statement.calls=sleep(number)", "false"},
		{"re with i", "s: {statement.calls|re|i: '^SLEEP'}\ncondition: s", "statement.calls=sleep(number)", "true"},
		{"cidr", "s: {source.ip|cidr: 10.0.0.0/8}\ncondition: s", "source.ip=10.9.8.7", "true"},
		{"cidr of a mapped address", "s: {source.ip|cidr: 10.0.0.0/8}\ncondition: s", "source.ip=::ffff:10.9.8.7", "true"},
		{"cidr of a name", "s: {source.ip|cidr: 0.0.0.0/0}\ncondition: s", "source.ip=localhost", "false"},
		{"cidr of six", "s: {source.ip|cidr: 'fe80::/10'}\ncondition: s", "source.ip=fe80::1%eth0", "true"},
		{"gte at", "s: {statement.union.run|gte: 3}\ncondition: s", "statement.union.run=3", "true"},
		{"gte below", "s: {statement.union.run|gte: 3}\ncondition: s", "statement.union.run=2", "false"},
		{"gt at", "s: {statement.union.run|gt: 3}\ncondition: s", "statement.union.run=3", "false"},
		{"lt is by number", "s: {statement.union.run|lt: 10}\ncondition: s", "statement.union.run=9", "true"},
		{"lte at", "s: {statement.union.run|lte: 3}\ncondition: s", "statement.union.run=3", "true"},
		{"a word is no number", "s: {statement.union.run|gte: 0}\ncondition: s", "statement.union.run=many", "false"},
		{"fieldref", "s: {user.name|fieldref: db.namespace}\ncondition: s", "user.name=Shop;db.namespace=shop", "true"},
		{"fieldref, other", "s: {user.name|fieldref: db.namespace}\ncondition: s", "user.name=a;db.namespace=b", "false"},
		{"fieldref contains", "s: {user.name|fieldref|contains: db.namespace}\ncondition: s", "user.name=web_shop;db.namespace=shop", "true"},

		{"keywords", "keywords: [drop, 'select \\*']\ncondition: keywords", "statement.text=SELECT * FROM t", "true"},
		{"keywords, none", "keywords: [drop, 'select \\*']\ncondition: keywords", "statement.text=SELECT a FROM t", "false"},
		{"all keywords", "keywords: {'|all': [a, b]}\ncondition: keywords", "statement.text=xby", "false"},
		{"one keyword", "keywords: drop\ncondition: keywords", "statement.text=Drop TABLE", "true"},
		{"keywords and fields", "s:\n  - drop\n  - statement.verb: truncate\ncondition: s", "statement.verb=truncate", "true"},

		{"names of OpenTelemetry", "s: {db.operation.name: drop, db.collection.name: a}\ncondition: s", "statement.verb=drop;statement.tables=a", "true"},
		{"text of OpenTelemetry", "s: {db.query.text|contains: 'into outfile'}\ncondition: s", "statement.text=select 1 INTO OUTFILE 'x'", "true"},

		{"and before or", "a: {statement.verb: x}\nb: {statement.verb: y}\nc: {statement.verb: z}\ncondition: a or b and c", "statement.verb=x", "true"},
		{"brackets", "a: {statement.verb: x}\nb: {statement.verb: y}\nc: {statement.verb: z}\ncondition: (a or b) and c", "statement.verb=x", "false"},
		{"not binds closest", "a: {statement.verb: x}\nb: {statement.verb: y}\ncondition: not a and b", "statement.verb=y", "true"},
		{"1 of them", "a: {statement.verb: x}\nb: {statement.verb: y}\ncondition: 1 of them", "statement.verb=y", "true"},
		{"them without _", "_a: {statement.verb: x}\nb: {statement.verb: y}\ncondition: 1 of them", "statement.verb=x", "false"},
		{"all of them", "a: {statement.verb: x}\nb: {statement.tables: y}\ncondition: all of them", "statement.verb=x", "false"},
		{"1 of x*", "sel_a: {statement.verb: x}\nsel_b: {statement.verb: y}\nother: {statement.verb: z}\ncondition: 1 of sel_*", "statement.verb=z", "false"},
		{"not 1 of", "sel_a: {statement.verb: x}\nb: {statement.tables: y}\ncondition: b and not 1 of sel_*", "statement.tables=y;statement.verb=q", "true"},
		{"a list of conditions", "a: {statement.verb: x}\nb: {statement.verb: y}\ncondition: [a, b]", "statement.verb=y", "true"},

		{"unknown", "s: {digest.known: true}\ncondition: s", "digest.known?", "unknown"},
		{"not unknown", "s: {digest.known: true}\ncondition: not s", "digest.known?", "unknown"},
		{"unknown and false", "s: {digest.known: true}\nv: {statement.verb: drop}\ncondition: s and v", "digest.known?;statement.verb=x", "false"},
		{"unknown and true", "s: {digest.known: true}\nv: {statement.verb: drop}\ncondition: v and not s", "digest.known?;statement.verb=drop", "unknown"},
		{"unknown or true", "s: {digest.known: true}\nv: {statement.verb: drop}\ncondition: s or v", "digest.known?;statement.verb=drop", "true"},
		{"unknown exists", "s: {user.name|exists: true}\ncondition: s", "user.name?", "unknown"},
		{"unknown fieldref", "s: {user.name|fieldref: db.namespace}\ncondition: s", "user.name=a;db.namespace?", "unknown"},
	} {
		if got := ruleOf(t, c.detection).Match(eventOf(t, c.event)).String(); got != c.want {
			t.Errorf("%s: %s, want %s\n%s\n%s", c.name, got, c.want, c.detection, c.event)
		}
	}
}

// TestImpossible: of a set of facts that a rule cannot be true of it asks no entry.
func TestImpossible(t *testing.T) {
	for _, c := range []struct {
		detection string
		facts     string
		want      bool
	}{
		{"s: {statement.verb: drop, statement.tables: a}\ncondition: s", "statement.verb=drop", false},
		{"s: {statement.verb: drop}\nu: {statement.union: true}\ncondition: s or u", "statement.union=true", true},
		{"s: {statement.verb: drop}\nu: {statement.union: true}\ncondition: s or u", "statement.tables=a", false},
		{"s: {statement.verb: null}\ncondition: s", "", true},
		{"s: {statement.verb: drop}\nk: {digest.known: true}\ncondition: k and s", "", false},
		{"s: {statement.verb: drop}\nk: {digest.known: true}\ncondition: k and not s", "", true},
		{"k: {digest.known: true}\ncondition: k", "", true},
		{"s: {statement.verb|fieldref: user.name}\ncondition: s", "statement.verb=drop", true},
	} {
		var b fact.Builder
		for f, values := range eventOf(t, c.facts).(partly).known {
			b.Add(fact.Field(f), values[0])
		}
		var e Facts
		e.Reset(b.Set())
		if _, possible := ruleOf(t, c.detection).Given(&e); possible != c.want {
			t.Errorf("%s\nof %q: possible %v", c.detection, c.facts, possible)
		}
	}
}

func TestFactsEvent(t *testing.T) {
	var b fact.Builder
	b.Add(fact.Verb, "select")
	b.Add(fact.Tables, "a")
	b.Add(fact.Tables, "b")
	var e Facts
	e.Reset(b.Set())
	rule := ruleOf(t, "s: {statement.tables: b, statement.verb: select}\nk: {digest.known: true}\ncondition: s and not k")
	if got := rule.Match(&e); got != Unknown {
		t.Errorf("a rule that asks for the entry: %s", got)
	}
	e.Reset("")
	if got := rule.Match(&e); got != False {
		t.Errorf("no facts: %s", got)
	}
}

func TestLevels(t *testing.T) {
	text := `
title: t
name: x
detection:
  s: {statement.verb: drop}
  known: {digest.known: true}
  script: {statement.files: write script}
  condition: s
level: medium
sqleuth:
  levels:
    - {when: script, level: critical}
    - {when: known, level: context}
    - {when: {match.count|gte: 10}, level: high}
`
	file, problems := Document{Name: "x.yml", Text: []byte(text)}.Parse(Options{})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		event   string
		want    Severity
		certain bool
	}{
		{"digest.known=false;match.count=1", Medium, true},
		{"digest.known=true;match.count=1;statement.files=write script", Context, true},
		{"digest.known?;match.count=1;statement.files=write script", Critical, false},
		{"digest.known?;match.count=10", High, true},
		{"digest.known=true;match.count?", Context, false},
	} {
		got, certain := file.Rules[0].LevelOf(eventOf(t, c.event))
		if got != c.want || certain != c.certain {
			t.Errorf("%s: %s, %v, want %s, %v", c.event, got, certain, c.want, c.certain)
		}
	}
}

// TestFieldsAreDistinct: facts have the lower numbers, and no two fields a name.
func TestFieldsAreDistinct(t *testing.T) {
	for _, f := range fact.Fields() {
		if Field(f) >= Text {
			t.Errorf("%s has the number of another field", f)
		}
	}
	for _, f := range Fields() {
		for _, name := range []string{f.String(), f.ECSName()} {
			if got, ok := FieldNamed(name); !ok || got != f {
				t.Errorf("%s is %s", name, got)
			}
		}
	}
}
