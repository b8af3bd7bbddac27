package finding_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/finding"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
)

const incident = "../../testdata/wordpress-bruteforce/"

// truth reads the classes of the incident's connections by name.
func truth(t testing.TB) map[string]string {
	t.Helper()
	f, err := os.Open(incident + "labels.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	labels, err := label.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	classes := map[string]string{}
	for _, row := range labels.Rows {
		classes[row.Ref.String(true)] = row.Class
	}
	return classes
}

// analyse runs the pipeline on a log, with labels by the names of connections.
func analyse(t testing.TB, path string, r reading.Reading, classes map[string]string) *pipeline.Snapshot {
	t.Helper()
	set, err := logfile.Open([]string{path}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	cfg := pipeline.DefaultConfig()
	cfg.Reading = r
	s, err := pipeline.Run(context.Background(), cfg, set, func(s *pipeline.Snapshot) (label.Set, error) {
		var records []label.Record
		for i := range s.Connections.Len() {
			if class := classes[s.Connections.Name(i)]; class != "" {
				records = append(records, label.Record{Ref: s.Connections.Ref(i), Verdict: label.Verdict{Class: class, Source: label.ByFile}})
			}
		}
		return label.NewSet(label.StandardClasses(), records)
	}, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLabelledIncident(t *testing.T) {
	classes := truth(t)
	s := analyse(t, incident+"general.log.gz", reading.Correct, classes)
	in := s.Known()
	findings, err := finding.Findings(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]finding.Finding{}
	for i, f := range findings {
		listed[f.Name] = f
		if i > 0 && findings[i-1].Connection >= f.Connection {
			t.Errorf("findings %s and %s are out of order", findings[i-1].Name, f.Name)
		}
	}
	for name, class := range classes {
		if f, ok := listed[name]; !ok || f.Class != class || f.Verdict.Source != label.ByFile {
			t.Errorf("finding of %s: there %v, class %q, want %q", name, ok, f.Class, class)
		}
	}
	for _, d := range s.Detections {
		for _, c := range d.Connections {
			if f := listed[s.Connections.Name(int(c))]; !slices.Contains(f.Detections, d.Rule.Name) {
				t.Errorf("finding of %s misses %s", s.Connections.Name(int(c)), d.Rule.Name)
			}
		}
	}
}

// write makes a log of lines "id command text", a second each, and "later 5h".
func write(t testing.TB, lines ...string) string {
	t.Helper()
	var b strings.Builder
	start := time.Date(2025, 3, 11, 8, 0, 0, 0, time.UTC)
	for i, l := range lines {
		if pause, ok := strings.CutPrefix(l, "later "); ok {
			d, err := time.ParseDuration(pause)
			if err != nil {
				t.Fatal(err)
			}
			start = start.Add(d)
			continue
		}
		var id int
		var rest string
		if _, err := fmt.Sscanf(l, "%d", &id); err != nil {
			t.Fatal(err)
		}
		_, rest, _ = strings.Cut(l, " ")
		fmt.Fprintf(&b, "%s %4d %s\n", start.Add(time.Duration(i)*time.Second).Format("2006-01-02T15:04:05.000000Z"), id, strings.Replace(rest, ":", "\t", 1))
	}
	path := filepath.Join(t.TempDir(), "general.log")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFindingHoldsTheEvidence(t *testing.T) {
	path := write(t, "7 Connect:anna@10.0.0.9 on shop using TCP/IP", "7 Query:select * from users", "7 Query:delete from carts where id = 1",
		"7 Query:SELECT * FROM users", "7 Quit:",
		"8 Connect:app@localhost on shop using Socket", "8 Query:select 1", "8 Quit:",
		"9 Connect:app@localhost on shop using Socket", "9 Query:select 1", "9 Quit:")
	s := analyse(t, path, reading.Correct, map[string]string{"9": label.Normal})
	findings, err := finding.Findings(context.Background(), s.Known())
	if err != nil {
		t.Fatal(err)
	}
	if len(findings) != 2 || findings[0].Name != "7" || findings[1].Name != "9" {
		t.Fatalf("findings %+v", findings)
	}
	f := findings[0]
	if f.User != "anna" || f.Host != "10.0.0.9" || f.Database != "shop" || f.Outcome != "accepted" || f.Entries != 5 || f.Last.Micros-f.First.Micros != 4_000_000 {
		t.Errorf("who and when: %+v", f)
	}
	if got := fmt.Sprintln(f.Actions, f.Tables, f.Detections, f.Techniques, f.Class); got != "[SELECT DELETE] [users carts] [D6] [T1213.006 T1552] normal\n" {
		t.Errorf("evidence %s", got)
	}
	if len(f.Reasons) == 0 || f.Reasons[0] != "D6 Accounts, people read: asked for shop.users: select * from users" {
		t.Errorf("reasons %q", f.Reasons)
	}
	if got := findings[1]; got.Class != label.Normal || got.Verdict.Class != label.Normal || len(got.Detections) != 0 {
		t.Errorf("the labelled connection: %+v", got)
	}
}
