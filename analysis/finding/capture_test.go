package finding_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
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

// Without any label the attack stands before everything else, the thefts first.
func TestUnlabelledIncident(t *testing.T) {
	classes := truth(t)
	thefts := 0
	for _, class := range classes {
		if class == label.GetUserTable {
			thefts++
		}
	}
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		s := analyse(t, incident+"general.log.gz", r, nil)
		if len(s.Suspects) < len(classes) {
			t.Fatalf("%s: %d suspects for %d labelled connections", r, len(s.Suspects), len(classes))
		}
		for i, x := range s.Suspects[:len(classes)] {
			name := s.Connections.Name(int(x.Connection))
			switch class := classes[name]; {
			case class == "":
				t.Errorf("%s: suspect %d is %s, which is normal: %v", r, i+1, name, x.Reasons)
			case i < thefts && class != label.GetUserTable:
				t.Errorf("%s: suspect %d is %s of class %s, the first %d should be thefts", r, i+1, name, class, thefts)
			}
		}
		checkOrder(t, s.Suspects)
	}
}

func checkOrder(t *testing.T, suspects []finding.Suspect) {
	t.Helper()
	for i, x := range suspects {
		if !(x.Score > 0 && x.Score <= 1) || len(x.Reasons) == 0 {
			t.Errorf("suspect %d has score %v and reasons %v", i+1, x.Score, x.Reasons)
		}
		if i == 0 {
			continue
		}
		if w := suspects[i-1]; w.Score < x.Score || w.Score == x.Score && w.Connection >= x.Connection {
			t.Errorf("suspects %d and %d are out of order: %v of connection %d, %v of %d", i, i+1, w.Score, w.Connection, x.Score, x.Connection)
		}
	}
}

func TestLabelledIncident(t *testing.T) {
	classes := truth(t)
	// One of the attacker's connections was read and found harmless.
	const acquitted = "2606"
	classes[acquitted] = label.Normal
	s := analyse(t, incident+"general.log.gz", reading.Correct, classes)
	checkOrder(t, s.Suspects)
	learned := 0
	for i, x := range s.Suspects {
		name := s.Connections.Name(int(x.Connection))
		if want := classes[name]; want != "" && x.Class != want || want == "" && x.Class != label.Normal {
			t.Errorf("suspect %s has class %q, want %q", name, x.Class, want)
		}
		if name == acquitted && i < len(classes)-1 {
			t.Errorf("%s was labelled normal and is still suspect %d", name, i+1)
		}
		if slices.ContainsFunc(x.Reasons, func(r string) bool { return strings.HasPrefix(r, "random forest ") }) {
			learned++
		}
	}
	if learned == 0 {
		t.Error("the Random Forest gave no reason")
	}

	in := s.Known()
	again, total, err := finding.Rank(context.Background(), in)
	if err != nil || !reflect.DeepEqual(again, s.Suspects) || total != s.SuspectsTotal {
		t.Errorf("ranking again gives other suspects (error %v)", err)
	}

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
	if len(f.Reasons) == 0 || f.Reasons[0] != "D6 Credential read: asked for shop.users: select * from users" {
		t.Errorf("reasons %q", f.Reasons)
	}
	if got := findings[1]; got.Class != label.Normal || got.Verdict.Class != label.Normal || len(got.Detections) != 0 {
		t.Errorf("the labelled connection: %+v", got)
	}
}

// A connection that fails from an attacker's host long after the attack is in
// no detection, and a suspect all the same.
func TestFailuresBesideAnAttack(t *testing.T) {
	lines := []string{}
	for i := range 12 {
		lines = append(lines, fmt.Sprintf("%d Connect:Access denied for user 'root'@'10.0.0.9' (using password: YES)", 10+i))
	}
	for range 400 {
		lines = append(lines, "5 Query:select 1")
	}
	lines = append(lines, "later 100h", "40 Connect:Access denied for user 'root'@'10.0.0.9' (using password: YES)",
		"41 Connect:Access denied for user 'root'@'10.0.0.8' (using password: YES)")
	s := analyse(t, write(t, lines...), reading.Correct, nil)
	reasons := map[string][]string{}
	for _, x := range s.Suspects {
		reasons[s.Connections.Name(int(x.Connection))] = x.Reasons
	}
	want := "failed login from 10.0.0.9, which failed 12 times in D1"
	if !slices.Contains(reasons["40"], want) {
		t.Errorf("40 has reasons %q, want %q", reasons["40"], want)
	}
	if strings.Contains(strings.Join(reasons["41"], "; "), "failed") {
		t.Errorf("41 has reasons %q", reasons["41"])
	}
}

func TestSuspectsAreBounded(t *testing.T) {
	var lines []string
	for i := range finding.MaxSuspects + 100 {
		lines = append(lines, fmt.Sprintf("%d Connect:Access denied for user 'root'@'10.0.0.9' (using password: YES)", 10+i))
	}
	lines = append(lines, "5000 Connect:root@10.0.0.9 on shop using TCP/IP", "5000 Query:select * from users")
	s := analyse(t, write(t, lines...), reading.Correct, nil)
	if len(s.Suspects) != finding.MaxSuspects {
		t.Errorf("%d suspects, want %d", len(s.Suspects), finding.MaxSuspects)
	}
	if got := s.Connections.Name(int(s.Suspects[0].Connection)); got != "5000" {
		t.Errorf("the first suspect is %s, want the login that got past", got)
	}
	if want := finding.MaxSuspects + 101; s.SuspectsTotal != want {
		t.Errorf("%d suspects in all, want %d", s.SuspectsTotal, want)
	}
	checkOrder(t, s.Suspects)
}

func TestRankStopsWhenAsked(t *testing.T) {
	s := analyse(t, write(t, "7 Query:select 1"), reading.Correct, nil)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := finding.Rank(ctx, s.Known()); err == nil {
		t.Error("no error from a cancelled ranking")
	}
}
