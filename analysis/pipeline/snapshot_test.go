package pipeline

import (
	"context"
	"testing"
	"time"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
)

// A time out of order is the log's first or last, wherever it is.
func TestSpanOfTimesOutOfOrder(t *testing.T) {
	const log = "2024-07-10T05:00:02.000000Z\t    1 Query\tSELECT 1\n" +
		"2024-07-10T05:00:09.000000Z\t    1 Query\tSELECT 2\n" +
		"1999-01-01T00:00:00.000000Z\t    1 Query\tSELECT 3\n" +
		"2024-07-10T05:00:03.000000Z\t    1 Query\tSELECT 4\n" +
		"2024-07-10T05:00:01.000000Z\t    1 Quit\t\n"
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		cfg := DefaultConfig()
		cfg.Reading, cfg.Params.Trees = r, 2
		s, err := Run(context.Background(), cfg, openText(t, log), func(*Snapshot) (label.Set, error) { return label.Set{}, nil }, quiet)
		if err != nil {
			t.Fatal(err)
		}
		first, last, ok := s.Span()
		if want := time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC); !ok || first != want {
			t.Errorf("%v: first %v, want %v", r, first, want)
		}
		if want := time.Date(2024, 7, 10, 5, 0, 9, 0, time.UTC); last != want {
			t.Errorf("%v: last %v, want %v", r, last, want)
		}
	}
}

// A detection is of the server in whose log it begins; one without entries, of the first.
func TestServerOfDetection(t *testing.T) {
	s := &Snapshot{}
	if got := s.ServerOfDetection(&detect.Detection{Entries: []uint32{7}}); got != "" {
		t.Errorf("of a log whose server has no name: %q", got)
	}
	s.Servers = []loaded.Server{loaded.NewServer("db1", 0, 0, 0), loaded.NewServer("db2", 5, 0, 0)}
	for _, c := range []struct {
		entries []uint32
		want    string
	}{{nil, "db1"}, {[]uint32{4, 9}, "db1"}, {[]uint32{5}, "db2"}} {
		if got := s.ServerOfDetection(&detect.Detection{Entries: c.entries}); got != c.want {
			t.Errorf("entries %v: %q, want %q", c.entries, got, c.want)
		}
	}
}
