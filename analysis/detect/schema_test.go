package detect_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
)

// sent writes a log in which one connection sends commands, "Command text", a second
// apart, runs it through the pipeline and returns the detections.
func sent(t *testing.T, cfg pipeline.Config, commands ...string) []detect.Detection {
	t.Helper()
	var log strings.Builder
	for i, c := range commands {
		command, text, _ := strings.Cut(c, ": ")
		fmt.Fprintf(&log, "2025-01-02T10:%02d:%02d.000000Z\t    5 %s\t%s\n", i/60, i%60, command, text)
	}
	set, err := logfile.OpenBytes("log", []byte(log.String()), logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	s, err := pipeline.Run(context.Background(), cfg, set, nil, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	return s.Detections
}

// The same statement asks for different tables in different databases, in both
// readings and however the database became the current one.
func TestSchemaDecides(t *testing.T) {
	for _, c := range []struct{ database, sql, want string }{
		{"mysql", "SELECT authentication_string FROM user", "D6 high"},
		{"MySQL", "SELECT authentication_string FROM user", "D6 high"},
		{"mysql", "SELECT * FROM help_topic", ""},
		{"mysql", "TRUNCATE general_log", "D13 high"},
		{"mysql", "INSERT INTO func VALUES ('f', 0, 'u.so', 'function')", "D11 critical"},
		{"mysql", "UPDATE user SET plugin = 'x' WHERE user = 'root'", "D12 high"},
		{"shop", "SELECT authentication_string FROM user WHERE user = 'root'", ""},
		{"mysql_copy", "INSERT INTO func VALUES ('f', 0, 'u.so', 'function')", ""},
	} {
		for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
			for _, use := range []string{"Query: USE " + c.database, "Init DB: " + c.database} {
				cfg := pipeline.DefaultConfig()
				cfg.Reading = r
				var got []string
				for _, d := range sent(t, cfg, "Connect: app@localhost on shop using Socket", use, "Query: "+c.sql, "Query: SELECT 1", "Quit: ") {
					if slices.Contains([]string{"D6", "D11", "D12", "D13"}, d.Rule.Name) {
						got = append(got, d.Rule.Name+" "+d.Severity.String())
						if !slices.Equal(d.Entries, []uint32{2}) {
							t.Errorf("%s: entries %v", c.sql, d.Entries)
						}
					}
				}
				if strings.Join(got, " ") != c.want {
					t.Errorf("%s behind %s, reading %s: %q, want %q", c.sql, use, r, got, c.want)
				}
			}
		}
	}
}

// All entries are evidence, however many, and no more texts are read than allowed.
func TestEvidenceIsWhole(t *testing.T) {
	commands := []string{"Connect: app@localhost on shop using Socket"}
	const n = 500
	for range n {
		commands = append(commands, "Query: DELETE FROM orders", "Query: SELECT 1")
	}
	cfg := pipeline.DefaultConfig()
	for _, texts := range []int{0, 1} {
		cfg.Detect.Texts = texts
		entries, read := 0, 0
		for _, d := range sent(t, cfg, commands...) {
			if d.Rule.Name == "D20" {
				entries += len(d.Entries)
			}
			if strings.Contains(d.Summary, "DELETE") {
				read++
			}
		}
		if entries != n || read > texts {
			t.Errorf("with %d texts: %d entries, want %d; %d summaries have one", texts, entries, n, read)
		}
	}
}
