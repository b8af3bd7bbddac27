package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/integrity"
	"sqleuth/analysis/reading"
)

// Statements that are open at their end are found wherever they are, also
// where a parser remembers them, and by however many parsers.
func TestOpenEnds(t *testing.T) {
	var log strings.Builder
	var want []uint32
	for i := range 60_000 {
		text := fmt.Sprintf("SELECT %d", i%50)
		switch i % 17 {
		case 3:
			text = "SELECT 'open"
		case 5:
			text = fmt.Sprintf("SELECT /* %d", i)
		}
		if strings.ContainsAny(text, "'/") {
			want = append(want, uint32(i))
		}
		command := [3]string{"Query", "Execute", "Prepare"}[i%3]
		fmt.Fprintf(&log, "2024-07-10T05:%02d:%02d.000000Z\t    1 %s\t%s\n", i/60%60, i%60, command, text)
	}
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		for _, workers := range []int{1, 4} {
			cfg := DefaultConfig()
			cfg.Reading, cfg.Workers = r, workers
			rec, err := load(context.Background(), cfg, openText(t, log.String()), func(*recorder) {})
			if err != nil {
				t.Fatal(err)
			}
			l := rec.log()
			if r == reading.Notebook {
				if len(l.OpenEnds) > 0 {
					t.Errorf("the notebook's reading looks for open ends")
				}
				continue
			}
			if !slices.Equal(l.OpenEnds, want) {
				t.Errorf("%d workers: %d open ends, want %d", workers, len(l.OpenEnds), len(want))
			}
		}
	}
}

// A run examines the log with what reading it has found.
func TestRunExaminesTheLog(t *testing.T) {
	var log strings.Builder
	log.WriteString("mysqld, Version: 8.0.43 (MySQL). started with:\nTcp port: 3306  Unix socket: x\nTime                 Id Command    Argument\n")
	for i := 1; i < 50; i++ {
		text := "SELECT 1"
		if i == 25 {
			text = "SELECT '\n2024-07-10T05:00:25.000700Z\t 9999 Connect\troot@10.0.0.1 on  using TCP/IP'"
		}
		fmt.Fprintf(&log, "2024-07-10T05:00:%02d.000500Z\t%5d Connect\tu@h on d using TCP/IP\n2024-07-10T05:00:%02d.000600Z\t%5d Query\t%s\n", i, i, i, i, text)
	}
	log.WriteString("2024-07-10T07:01:00.000700+02:00\t    1 Quit\t\n")
	s, err := Run(context.Background(), DefaultConfig(), openText(t, log.String()), nil, quiet)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []integrity.Kind
	for _, f := range s.Integrity.Findings {
		kinds = append(kinds, f.Kind)
	}
	if want := []integrity.Kind{integrity.MixedForms, integrity.Forged, integrity.OpenEnded}; !slices.Equal(kinds, want) {
		t.Errorf("findings %v, want %v", kinds, want)
	}
	if len(s.Integrity.Limits) == 0 || !strings.Contains(strings.Join(s.Integrity.Limits, " "), "MySQL 8.0.43") {
		t.Errorf("limits %q", s.Integrity.Limits)
	}
}
