package pipeline

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/reading"
)

// However an entry is read back, its text is the one that was mined.
func TestTextIsReadBack(t *testing.T) {
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		for _, path := range []string{sample, "../../testdata/reference/synthetic/general.log.gz"} {
			set := open(t, path)
			cfg := DefaultConfig()
			cfg.Reading = r
			s, err := Run(context.Background(), cfg, set, nil, quiet)
			if err != nil {
				t.Fatal(err)
			}
			text := NewText(set)
			var replayed []string
			if err := text.Replay(context.Background(), &s.Log, func(i int, r *reading.Record) error {
				replayed = append(replayed, string(r.Text))
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			for i := range s.Len() {
				rec, err := text.Record(&s.Log, i)
				if err != nil {
					t.Fatal(err)
				}
				if string(rec.Text) != replayed[i] || string(rec.Command) != s.Command(i) || rec.Action != s.Action(i) {
					t.Fatalf("%s, %v reading, entry %d: read alone %q %s %q, in order %q", path, r, i, rec.Command, rec.Action, rec.Text, replayed[i])
				}
			}
			seen := 0
			want := func(i int) bool { return i%3 != 1 }
			if err := text.Statements(&s.Log).Scan(context.Background(), 5, s.Len(), want, func(i int, b []byte) bool {
				if string(b) != replayed[i] {
					t.Fatalf("%s, %v reading, entry %d: scanned %q, in order %q", path, r, i, b, replayed[i])
				}
				seen++
				return true
			}); err != nil {
				t.Fatal(err)
			}
			n := 0
			for i := 5; i < s.Len(); i++ {
				if want(i) {
					n++
				}
			}
			if seen != n {
				t.Errorf("%s: %d entries scanned, want %d", path, seen, n)
			}
		}
	}
}

// cutAll cuts a log with small limits and parses the chunks.
func cutAll(t *testing.T, log string, block int) (ids []uint64, cov genlog.Coverage) {
	t.Helper()
	p := newParser(0, reading.Correct)
	var b batch
	next := int64(0)
	cut := newCutter(reading.Correct, make(chan []byte), func(c chunk) error {
		if c.Offset != next {
			t.Errorf("a chunk begins at %d, want %d", c.Offset, next)
		}
		p.parse(c, &b)
		next = b.end
		for _, r := range b.records {
			ids = append(ids, r.id)
		}
		cov.Add(&b.coverage)
		return nil
	})
	cut.limit, cut.keep, cut.ahead = 4000, 500, 600
	cut.splitter = reading.Correct.NewSplitter(cut.ahead)
	for at := 0; at < len(log); at += block {
		if err := cut.add(0, int64(at), []byte(log[at:min(len(log), at+block)])); err != nil {
			t.Fatal(err)
		}
	}
	if err := cut.end(); err != nil {
		t.Fatal(err)
	}
	return ids, cov
}

// An entry that is too long to hold is one entry all the same, and what follows
// is not lost, wherever blocks end.
func TestLongEntriesAreParsedByTheirHead(t *testing.T) {
	entry := func(id int, text string) string {
		return fmt.Sprintf("2025-03-11T05:53:05.%06dZ%5d Query\t%s\n", id, id, text)
	}
	long := map[string]string{
		"one line":   strings.Repeat("x", 20_000),
		"many lines": strings.Repeat("a line of it\n", 2000),
		"with tabs":  strings.Repeat("\t\tmore\n", 3000),
	}
	for name, text := range long {
		for _, block := range []int{100, 777, 4096, 100_000} {
			log := entry(1, "a") + entry(2, text) + entry(3, "b") + entry(4, text) + entry(5, text)
			ids, cov := cutAll(t, log, block)
			if fmt.Sprint(ids) != "[1 2 3 4 5]" {
				t.Errorf("%s, blocks of %d: entries %v", name, block, ids)
			}
			if cov.Bytes() != int64(len(log)) || cov.Rejects != 0 {
				t.Errorf("%s, blocks of %d: %d of %d bytes accounted for, %d rejects", name, block, cov.Bytes(), len(log), cov.Rejects)
			}
		}
	}
}

// A log may begin with any number of lines that are no entries.
func TestLongPreamble(t *testing.T) {
	const banner = "/usr/sbin/mysqld, Version: 8.0.43 (x). started with:\nTcp port: 3306  Unix socket: x\nTime                 Id Command    Argument\n"
	last := "2025-03-11T05:53:05.000001Z    7 Quit\t\n"
	for name, preamble := range map[string]string{
		"banners": strings.Repeat(banner, 200), "text": strings.Repeat("rest of a statement\n", 900), "hole": strings.Repeat("\x00", 30_000),
	} {
		for _, block := range []int{100, 5000, 100_000} {
			ids, cov := cutAll(t, preamble+last, block)
			if fmt.Sprint(ids) != "[7]" {
				t.Errorf("%s, blocks of %d: entries %v", name, block, ids)
			}
			if cov.Bytes() != int64(len(preamble)+len(last)) {
				t.Errorf("%s, blocks of %d: %d of %d bytes accounted for", name, block, cov.Bytes(), len(preamble)+len(last))
			}
			if name == "banners" && cov.BannerBytes != int64(len(preamble)) {
				t.Errorf("%s, blocks of %d: %d banner bytes, want %d", name, block, cov.BannerBytes, len(preamble))
			}
		}
	}
}
