package detect_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
)

// oneRule replaces the built-in rules where a test is about the engine: it finds
// what drops a table, and three refused logins of a host.
const oneRule = `title: Drops
name: X1
level: high
detection: {drop: {statement.verb: drop}, condition: drop}
sqleuth: {says: dropped}
---
title: Refused
name: X2
level: medium
correlation: {type: event_count, rules: [refused], group-by: [source.ip], timespan: 1h, condition: {gte: 3}}
sqleuth: {says: refused}
---
title: A refused login
name: refused
detection: {s: {login.outcome: denied}, condition: s}
`

// rules joins rules and site filters of a test without the built-in ones.
func rules(t *testing.T, texts ...string) *rule.Set {
	t.Helper()
	var layers []rule.File
	for k, text := range texts {
		file, problems := rule.Document{Name: fmt.Sprintf("%d.yml", k), Text: []byte(text)}.Parse(rule.Options{Natives: detect.Natives()})
		if problems != nil {
			t.Fatal(problems)
		}
		layers = append(layers, file)
	}
	set, problems := rule.NewSet(layers...)
	if problems != nil {
		t.Fatal(problems)
	}
	return set
}

// analyse analyses a log that is given as text.
func analyse(t *testing.T, set *rule.Set, log string) *pipeline.Snapshot {
	t.Helper()
	file := filepath.Join(t.TempDir(), "general.log")
	if err := os.WriteFile(file, []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := logfile.Open([]string{file}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	cfg := pipeline.DefaultConfig()
	cfg.Detect.Rules = set
	s, err := pipeline.Run(context.Background(), cfg, in, func(*pipeline.Snapshot) (label.Set, error) { return label.Set{}, nil }, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// drops is a log of four accounts that drop a table on the 2nd and the 5th of
// March, and of refused logins.
func drops() string {
	var b strings.Builder
	id := 0
	add := func(at, command, text string) { fmt.Fprintf(&b, "%s\t%5d %s\t%s\n", at, id, command, text) }
	for _, day := range []string{"02", "05"} {
		for k, who := range []string{"etl@10.0.0.5", "root@10.0.0.5", "etl@10.0.9.9", "web@localhost"} {
			id++
			at := fmt.Sprintf("2026-03-%sT10:%02d:00.000000Z", day, k)
			add(at, "Connect", who+" on shop using TCP/IP")
			add(at, "Query", "DROP TABLE stage")
			if who == "etl@10.0.0.5" {
				add(at, "Change user", "root@10.0.0.5 on shop using TCP/IP")
				add(at, "Query", "DROP TABLE orders")
			}
			add(at, "Quit", "")
		}
	}
	for k := range 3 {
		id++
		at := fmt.Sprintf("2026-03-02T12:00:%02d.000000Z", k)
		add(at, "Connect", "monitor@10.0.0.7 on  using TCP/IP")
		add(at, "Connect", "Access denied for user 'monitor'@'10.0.0.7' (using password: YES)")
	}
	return b.String()
}

// digestOf returns the digest, in hexadecimal, whose text has a word.
func digestOf(t *testing.T, log, word string) string {
	t.Helper()
	for _, text := range analyse(t, rules(t), log).Digests {
		if strings.Contains(text, word) {
			sum := sha256.Sum256([]byte(text))
			return hex.EncodeToString(sum[:])
		}
	}
	t.Fatalf("no digest has %q", word)
	return ""
}

// described writes a detection for a comparison.
func described(d *detect.Detection) string {
	text := fmt.Sprintf("%s %s@%s %s: %v", d.Rule.Name, d.User, d.Host, d.Time.Format("01-02"), d.Severity)
	if d.Site != nil {
		text += " (" + d.Site.Reason + ", otherwise " + d.Rated.String() + ")"
	}
	return text
}

func TestSite(t *testing.T) {
	digest := digestOf(t, drops(), "stage")
	plain := []string{
		"X1 etl@10.0.0.5 03-02: high", "X1 root@10.0.0.5 03-02: high", "X1 etl@10.0.9.9 03-02: high", "X1 web@localhost 03-02: high",
		"X2 monitor@10.0.0.7 03-02: medium",
		"X1 etl@10.0.0.5 03-05: high", "X1 root@10.0.0.5 03-05: high", "X1 etl@10.0.9.9 03-05: high", "X1 web@localhost 03-05: high",
	}
	tests := []struct {
		name, site string
		excused    map[int]string // by index into plain
		counts     []int
	}{
		{"none", "", nil, nil},
		{"user and host", "title: t\nknown: [{user: etl, host: 10.0.0.5, reason: r}]", map[int]string{0: "r", 5: "r"}, []int{2}},
		{"network", "title: t\nknown: [{user: etl, host: 10.0.0.0/20, reason: r}]", map[int]string{0: "r", 2: "r", 5: "r", 7: "r"}, []int{4}},
		{"until", "title: t\nknown: [{user: etl, reason: r, until: 2026-03-04}]", map[int]string{0: "r", 2: "r"}, []int{2}},
		{"last day", "title: t\nknown: [{user: web, reason: r, until: 2026-03-05}]", map[int]string{3: "r", 8: "r"}, []int{2}},
		{"other rule", "title: t\nknown: [{user: etl, rules: [X2], reason: r}]", nil, []int{0}},
		{"correlation", "title: t\nknown: [{user: monitor, rules: [X2], reason: r}]", map[int]string{4: "r"}, []int{1}},
		{"rule of a correlation", "title: t\nknown: [{user: monitor, rules: [refused], reason: r}]", map[int]string{4: "r"}, []int{1}},
		{"first that is true", "title: t\nknown: [{user: web, reason: a}, {host: localhost, reason: b}]", map[int]string{3: "a", 8: "a"}, []int{2, 0}},
		{"Sigma's filter", "title: t\nfilter: {rules: [X1], s: {user.name|startswith: we}, condition: not s}\nsqleuth: {reason: r}",
			map[int]string{3: "r", 8: "r"}, []int{2}},
		{"digest", "title: t\nknown: [{user: web, digest: " + digest + ", reason: r}]", map[int]string{3: "r", 8: "r"}, []int{2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			texts := []string{oneRule}
			if tt.site != "" {
				texts = append(texts, tt.site)
			}
			s := analyse(t, rules(t, texts...), drops())
			var got []string
			for k := range s.Detections {
				got = append(got, described(&s.Detections[k]))
			}
			var want []string
			for k, text := range plain {
				if reason, ok := tt.excused[k]; ok {
					head, level, _ := strings.Cut(text, ": ")
					text = head + ": context (" + reason + ", otherwise " + level + ")"
				}
				want = append(want, text)
			}
			if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
				t.Errorf("got\n%s\nwant\n%s", g, w)
			}
			for k, n := range tt.counts {
				if s.Filtered[k].Detections != n {
					t.Errorf("filter %d sets %d aside, want %d", k, s.Filtered[k].Detections, n)
				}
			}
		})
	}
}

// TestExcusedIsNoSuspect: what a filter sets aside speaks against no connection.
func TestExcusedIsNoSuspect(t *testing.T) {
	suspected := func(site string) bool {
		for _, x := range analyse(t, rules(t, oneRule, site), drops()).Ranking.First() {
			for _, reason := range x.Reasons {
				if strings.HasPrefix(reason, "X2 ") {
					return true
				}
			}
		}
		return false
	}
	if !suspected("title: t\nknown: [{user: nobody, reason: r}]") || suspected("title: t\nknown: [{user: monitor, reason: r}]") {
		t.Error("refused logins make suspects only where no filter sets them aside")
	}
}

// TestSiteSplits: of the hits of one detection only those that a filter is true of
// are set aside, and those of a correlation only together.
func TestSiteSplits(t *testing.T) {
	const log = `2026-03-02T10:00:00.000000Z	    1 Connect	app@10.0.0.5 on shop using TCP/IP
2026-03-02T10:00:01.000000Z	    1 Query	DROP TABLE stage
2026-03-02T10:00:02.000000Z	    1 Query	DROP TABLE orders
2026-03-02T10:01:00.000000Z	    2 Connect	monitor@10.0.0.5 on  using TCP/IP
2026-03-02T10:01:00.000000Z	    2 Connect	Access denied for user 'monitor'@'10.0.0.5' (using password: YES)
2026-03-02T10:01:01.000000Z	    3 Connect	monitor@10.0.0.5 on  using TCP/IP
2026-03-02T10:01:01.000000Z	    3 Connect	Access denied for user 'monitor'@'10.0.0.5' (using password: YES)
2026-03-02T10:01:02.000000Z	    4 Connect	root@10.0.0.5 on  using TCP/IP
2026-03-02T10:01:02.000000Z	    4 Connect	Access denied for user 'root'@'10.0.0.5' (using password: YES)
`
	digest := digestOf(t, log, "stage")
	s := analyse(t, rules(t, oneRule, "title: t\nknown: [{digest: "+digest+", reason: r}, {user: monitor, reason: r}]"), log)
	var got []string
	for k := range s.Detections {
		d := &s.Detections[k]
		got = append(got, fmt.Sprintf("%s, entries %v, count %d", described(d), d.Entries, d.Count))
	}
	want := `X1 app@10.0.0.5 03-02: context (r, otherwise high), entries [1], count 1
X1 app@10.0.0.5 03-02: high, entries [2], count 1
X2 @10.0.0.5 03-02: medium, entries [3 4 5 6 7 8], count 3`
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}
