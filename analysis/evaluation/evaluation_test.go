package evaluation

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
)

// snapshot analyses a log of some logins of one host that are refused, one that is
// not, and some of the application's.
func snapshot(t *testing.T) *pipeline.Snapshot {
	t.Helper()
	var log strings.Builder
	entry := func(second, id int, command, text string) {
		fmt.Fprintf(&log, "2025-01-02T10:%02d:%02d.000000Z\t%5d %s\t%s\n", second/60, second%60, id, command, text)
	}
	for k := range 40 {
		entry(10*k, 2*k+1, "Connect", "app@10.0.0.1 on shop using TCP/IP")
		entry(10*k, 2*k+1, "Query", "SELECT name FROM item WHERE id = 5")
		entry(10*k, 2*k+1, "Quit", "")
		if k >= 10 && k < 25 {
			entry(10*k+1, 2*k+2, "Connect", "root@192.0.2.9 on  using TCP/IP")
			entry(10*k+1, 2*k+2, "Connect", "Access denied for user 'root'@'192.0.2.9' (using password: YES)")
		}
	}
	entry(500, 200, "Connect", "root@192.0.2.9 on  using TCP/IP")
	entry(501, 200, "Query", "SELECT * FROM mysql.user")
	set, err := logfile.OpenBytes("log", []byte(log.String()), logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	s, err := pipeline.Run(context.Background(), pipeline.DefaultConfig(), set, nil, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMeasure(t *testing.T) {
	s := snapshot(t)
	var truth Truth
	labels := "id,class,stage\n200,attack,access\n1,normal,\n999,attack,access\n"
	for id := 22; id <= 50; id += 2 {
		labels += fmt.Sprintf("%d,login_attack,guessing\n", id)
	}
	for _, err := range []error{
		truth.ReadConnections(strings.NewReader(labels), s.Connections),
		truth.ReadLeftOut(strings.NewReader("id\n3\n"), s.Connections),
		truth.ReadEntries(strings.NewReader(fmt.Sprintf("entry,class\n%d,attack\n1,normal\n2,attack\n", s.Len())), s.Len()),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r := Measure(s, &truth)
	if truth.Unknown != 1 || r.Attacks != 16 || r.Normal != 39 {
		t.Errorf("%d unknown, %d of an attack, %d normal", truth.Unknown, r.Attacks, r.Normal)
	}
	if r.Ranking.AveragePrecision != 1 || r.Ranking.Precision[10] != 1 || r.Ranking.Recall[10] != 10.0/16 {
		t.Errorf("ranking %+v", r.Ranking)
	}
	if len(r.Stages) != 2 || r.Stages[0].Name != "access" || r.Stages[0].Rank != 1 || r.Stages[1].Connections != 15 || r.Stages[1].Detected != 15 {
		t.Errorf("stages %+v", r.Stages)
	}
	if in := r.Incidents; in.All != 1 || in.AboveLow != 1 || in.Worst != 0 || in.Attacks != 16 || in.Stages != 2 || in.First != 2 {
		t.Errorf("incidents %+v", in)
	}
	if e := r.Entries; e.Labelled != 2 || e.Medium != 1 || e.Any != 1 || e.Ranking.AveragePrecision == 0 {
		t.Errorf("entries %+v", e)
	}
	if len(r.Worst) != 0 {
		t.Errorf("worst %+v", r.Worst)
	}
	// With the labels the other way round every detection is a false alarm.
	if r := Measure(s, &Truth{}); r.Incidents.Worst != 1 || r.Incidents.Attacks != 0 || len(r.Worst) == 0 || r.Alarms[0].Connections != 16 || r.Ranking.FalseAbove == 0 || r.Ranking.AveragePrecision != 0 {
		t.Errorf("without truth: %d above medium, %+v", len(r.Worst), r.Alarms)
	}
}

func TestTruthErrors(t *testing.T) {
	s := snapshot(t)
	for _, tt := range []struct{ text, want string }{
		{"", "line 1: the file is empty; the first line names the columns id, class"},
		{"id;class\n1;attack\n", `line 1: no column "id"; the first line names the columns id, class`},
		{"id,class\nx,attack\n", `line 2: parse connection id "x": want a number such as 2523, or 2523@2 for the second server run`},
	} {
		var truth Truth
		if err := truth.ReadConnections(strings.NewReader(tt.text), s.Connections); err == nil || err.Error() != tt.want {
			t.Errorf("%q: %v, want %s", tt.text, err, tt.want)
		}
	}
	var truth Truth
	if err := truth.ReadEntries(strings.NewReader("entry,class\n0,attack\n"), 5); err == nil {
		t.Error("entry 0 is taken")
	}
}
