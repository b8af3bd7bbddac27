package export

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/rule"
)

// expected are the types that the Elastic Common Schema 9.4.0 expects of categories.
var expected = map[string][]string{
	"database":       {"access", "change", "info", "error"},
	"authentication": {"start", "end", "info"},
	"session":        {"start", "end", "info"},
	"iam":            {"admin", "change", "creation", "deletion", "group", "info", "user"},
}

// flat turns objects in objects into names with dots, whose values are lists.
func flat(prefix string, object map[string]any, into map[string][]string) {
	for name, v := range object {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		for _, v := range list {
			switch x := v.(type) {
			case map[string]any:
				flat(prefix+name+".", x, into)
			case string:
				into[prefix+name] = append(into[prefix+name], x)
			default:
				b, _ := json.Marshal(x)
				into[prefix+name] = append(into[prefix+name], string(b))
			}
		}
	}
}

// ecsLines writes ecs.jsonl of a log and reads it again.
func ecsLines(t *testing.T, log string) (list []map[string][]string) {
	t.Helper()
	s, text := load(t, reading.Correct, log, "")
	var out bytes.Buffer
	if err := ecsFile(t.Context(), s, text, cellText{}).write(&out); err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(out.Bytes()) {
		var object map[string]any
		if err := json.Unmarshal(line, &object); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		row := map[string][]string{}
		flat("", object, row)
		list = append(list, row)
	}
	if want := s.Len() + len(detect.Standing(s.Detections)); len(list) != want {
		t.Errorf("%d lines, want %d", len(list), want)
	}
	return list
}

// Each line has what the schema asks for, types are among those that it expects, and the
// fields that it has are the schema's or lie below mysql.general and sqleuth.
func TestECSRequired(t *testing.T) {
	own := []string{
		"@timestamp", "message", "ecs.version", "event.kind", "event.category", "event.type", "event.action", "event.outcome", "event.dataset",
		"event.module", "event.sequence", "event.severity", "event.reason", "event.end", "file.path", "file.hash.sha256", "log.offset",
		"related.user", "related.ip", "rule.id", "rule.uuid", "rule.name", "service.type", "source.address", "source.ip",
		"threat.framework", "threat.tactic.name", "threat.technique.id", "threat.technique.subtechnique.id", "user.name",
	}
	seen := map[string]bool{}
	for _, log := range []string{"../../testdata/wordpress-bruteforce/sample.log", "../../testdata/mariadb/audit.log"} {
		for _, row := range ecsLines(t, log) {
			for _, name := range []string{"@timestamp", "ecs.version", "event.kind", "event.category", "event.type", "event.outcome", "event.dataset"} {
				if len(row[name]) == 0 || row[name][0] == "" {
					t.Fatalf("a line lacks %s: %v", name, row)
				}
			}
			for name := range row {
				seen[name] = true
				if !slices.Contains(own, name) && !strings.HasPrefix(name, "mysql.general.") && !strings.HasPrefix(name, "sqleuth.") {
					t.Errorf("a line has %s", name)
				}
			}
			for _, is := range row["event.type"] {
				if !slices.ContainsFunc(row["event.category"], func(c string) bool { return slices.Contains(expected[c], is) }) {
					t.Errorf("type %s in categories %q", is, row["event.category"])
				}
			}
			if row["event.kind"][0] == "event" && row["mysql.general.command"][0] == "Query" && row["event.outcome"][0] != "unknown" && !strings.Contains(log, "audit") {
				t.Errorf("the outcome of a statement is said to be known: %v", row)
			}
		}
	}
	for _, name := range own {
		if !seen[name] {
			t.Errorf("no line has %s", name)
		}
	}
}

// A column's objects are written once: columns below one follow each other, and none
// is both a value and an object.
func TestECSColumnsNest(t *testing.T) {
	s, text := load(t, reading.Correct, "../../testdata/mariadb/audit.log", "")
	var names []string
	for _, c := range ecsFile(t.Context(), s, text, cellText{}).Columns {
		names = append(names, c.Name)
	}
	closed := map[string]bool{}
	var open []string
	for _, name := range names {
		var now []string
		for at := range len(name) {
			if name[at] == '.' {
				now = append(now, name[:at])
			}
		}
		for _, prefix := range now {
			if closed[prefix] || slices.Contains(names, prefix) {
				t.Errorf("%s: %s is an object before, or a value", name, prefix)
			}
		}
		for _, prefix := range open {
			if !slices.Contains(now, prefix) {
				closed[prefix] = true
			}
		}
		open = now
	}
}

// The fields are called as in the rules that sqleuth rules export writes: of what a
// statement or login has for itself a rule is as true of a line as of the entry.
func TestECSAgreesWithExportedRules(t *testing.T) {
	set, problems := rule.Load(rule.Sources{}, rule.Options{Natives: detect.Natives()})
	if problems != nil {
		t.Fatal(problems)
	}
	exported, _, err := rule.ExportSigma(set)
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "general.log")
	var text strings.Builder
	for i, sql := range []string{
		"SELECT * FROM mysql.user", "SELECT a FROM t WHERE id = 1 UNION SELECT NULL,NULL,NULL,user()", "SELECT SLEEP(5)", "SELECT 'x' INTO OUTFILE '/var/www/x.php'",
		"SELECT LOAD_FILE('/etc/passwd')", "CREATE USER 'x'@'%'", "GRANT ALL ON *.* TO 'x'@'%'", "SET GLOBAL general_log = OFF", "DROP TABLE customers", "SHOW DATABASES", "SELECT 1",
	} {
		text.WriteString("2024-05-01T08:00:" + string([]byte{'0' + byte(i/10), '0' + byte(i%10)}) + ".000000Z\t    7 Query\t" + sql + "\n")
	}
	if err := os.WriteFile(log, []byte("2024-05-01T07:59:59.000000Z\t    7 Connect\tshop@203.0.113.9 on shop using TCP/IP\n"+text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	lines := ecsLines(t, log)
	s, reader := load(t, reading.Correct, log, "")
	hits := map[string]int{}
	for _, e := range exported {
		if e.Rule.Kind != rule.Statement {
			continue
		}
		again, problems := rule.Document{Name: e.Rule.Name + ".yml", Text: e.Text}.Parse(rule.Options{Natives: detect.Natives()})
		if problems.Err() != nil || len(again.Rules) != 1 {
			t.Fatalf("%s: %v", e.Rule.Name, problems)
		}
		for _, line := range lines {
			if line["event.kind"][0] != "event" {
				continue
			}
			values, entry := rule.Values{}, 0
			for name, list := range line {
				if f, ok := rule.FieldNamed(name); ok {
					values[f] = list
				}
			}
			if err := json.Unmarshal([]byte(line["event.sequence"][0]), &entry); err != nil {
				t.Fatal(err)
			}
			// What the program knows of the entry itself.
			record, err := reader.Record(&s.Log, entry-1)
			if err != nil {
				t.Fatal(err)
			}
			id := s.Connections.Who(0, entry-1)
			want := rule.Values{rule.UserName: {s.Connections.Text(id.User)}, rule.SourceIP: {s.Connections.Text(id.Host)}, rule.Text: {string(record.Text)}}
			if id.Database != 0 {
				want[rule.Namespace] = []string{s.Connections.Text(id.Database)}
			}
			for f, v := range fact.Resolve(s.Facts[s.Key(entry-1).Fact], s.Connections.Text(id.Database)).All() {
				want[rule.Field(f)] = append(want[rule.Field(f)], v)
			}
			a, b := again.Rules[0].Match(values), e.Rule.Match(want)
			if a != b {
				t.Errorf("%s of %s: %v of the line, %v of the entry", e.Rule.Name, record.Text, a, b)
			}
			if a == rule.True {
				hits[e.Rule.Name]++
			}
		}
	}
	if len(hits) < 8 {
		t.Errorf("the rules that are true of a line are %v, which is too few to say anything", slices.Sorted(maps.Keys(hits)))
	}
	// What rules may ask for and lines lack is what the program has worked out.
	have := map[string]bool{}
	for _, c := range ecsFile(t.Context(), s, reader, cellText{}).Columns {
		have[c.Name] = true
	}
	for _, f := range rule.Fields() {
		if name := f.ECSName(); !have[name] && !strings.HasPrefix(name, "sqleuth.") {
			t.Errorf("a rule may ask for %s, which no line has", name)
		}
	}
}
