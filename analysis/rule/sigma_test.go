package rule

import (
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestExportSigma(t *testing.T) {
	text := `title: t
id: ` + idA + `
name: D1
level: context
tags: attack.t1190
detection:
  s:
    - statement.verb|startswith: dr
      db.collection.name: [a, b]
    - {user.name|fieldref: db.namespace}
  words: [into outfile]
  only_levels: {digest.known: true}
  condition: s or words
sqleuth:
  says: hello
  levels: [{when: only_levels, level: low}]
---
title: c
name: many
correlation:
  type: value_count
  rules: [D1]
  group-by: [user.name, who]
  timespan: 3d
  condition: {field: statement.tables, gte: 3, lt: 9}
  aliases: {who: {D1: digest.known}}
---
title: n
name: native
level: low
sqleuth: {native: clock-steps}
`
	set, problems := NewSet(read(t, "x.yml", text))
	if problems != nil {
		t.Fatal(problems)
	}
	list, native, err := ExportSigma(set)
	if err != nil || len(list) != 2 || len(native) != 1 {
		t.Fatalf("%v, %d and %d", err, len(list), len(native))
	}
	want := []string{`title: t
id: ` + idA + `
name: D1
level: informational
tags:
  - attack.t1190
detection:
  s:
    - mysql.general.statement.verb|startswith: dr
      mysql.general.statement.tables: [a, b]
    - {user.name|fieldref: mysql.general.schema}
  words: [into outfile]
  condition: s or words
logsource:
  product: mysql
  service: general
`, `title: c
name: many
correlation:
  type: value_count
  rules: [D1]
  group-by: [user.name, who]
  timespan: 3d
  condition: {field: mysql.general.statement.tables, gte: 3}
  aliases: {who: {D1: sqleuth.digest.known}}
`}
	for i, e := range list {
		if string(e.Text) != want[i] {
			t.Errorf("%s\nwant\n%s", e.Text, want[i])
		}
	}
	again, problems := Document{Name: "y.yml", Text: append(append(list[0].Text, "---\n"...), list[1].Text...)}.Parse(Options{})
	if problems != nil || len(again.Rules) != 2 || asks(again.Rules[0].detection.condition) != asks(set.Named("D1").detection.condition) {
		t.Errorf("what was exported does not read as the rules: %v, %v", problems, again.Rules)
	}
	if got := strings.Join(append(list[0].Notes, list[1].Notes...), "; "); got != "the level no longer depends on conditions; of a range the first bound remains: pySigma takes one" {
		t.Error(got)
	}
}

// TestExportOfNulls: a key without a value is as good as none.
func TestExportOfNulls(t *testing.T) {
	text := "title: t\nname: x\ntags: null\ncorrelation: null\nlogsource: null\ndetection: {s: {statement.verb: a}, condition: s}\n"
	set, _ := NewSet(read(t, "x.yml", text))
	list, _, err := ExportSigma(set)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %d", err, len(list))
	}
	d := Document{Name: "y.yml", Text: list[0].Text}
	if again, problems := d.Parse(Options{}); problems != nil || len(again.Rules) != 1 {
		t.Errorf("%v\n%s", problems, list[0].Text)
	}
}

// TestExportOfBuiltinRules holds what pySigma asks of a document: a title of 256
// characters, a UUID, lists where lists are due, a level and a status of its own, a
// log source, a condition, exactly one bound.
func TestExportOfBuiltinRules(t *testing.T) {
	set, _ := Load(Sources{}, Options{})
	list, _, err := ExportSigma(set)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		var doc struct {
			Title, ID, Name, Status, Level   string
			References, Tags, Falsepositives []string
			Logsource                        map[string]string
			Detection                        map[string]any
			Correlation                      struct {
				Type, Timespan string
				Rules          []string
				Condition      map[string]any
			}
			Sqleuth any
		}
		if err := yaml.Unmarshal(e.Text, &doc); err != nil {
			t.Errorf("%s: %v", e.Rule.Name, err)
		}
		delete(doc.Correlation.Condition, "field")
		correlation, counts := e.Rule.Correlated != nil, e.Rule.Correlated != nil && e.Rule.Correlated.Bounds != nil
		for what, wrong := range map[string]bool{
			"title":     doc.Title == "" || len(doc.Title) > 256,
			"id":        doc.ID != "" && !uuid.MatchString(doc.ID),
			"status":    doc.Status != "" && !slices.Contains(statuses, doc.Status),
			"level":     doc.Level == "context",
			"logsource": !correlation && len(doc.Logsource) == 0,
			"condition": !correlation && doc.Detection["condition"] == nil,
			"bounds":    counts && len(doc.Correlation.Condition) != 1,
			"our block": doc.Sqleuth != nil,
			"old names": strings.Contains(string(e.Text), "    statement."),
		} {
			if wrong {
				t.Errorf("%s: %s is wrong:\n%s", e.Rule.Name, what, e.Text)
			}
		}
	}
}
