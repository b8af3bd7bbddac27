package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
)

// quotes returns the quotes of all entries of a log, with the log as it is in the file.
func quotes(t *testing.T, r reading.Reading, set *logfile.Set) (*Snapshot, []byte, []Quote) {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Reading = r
	s, err := Run(context.Background(), cfg, set, nil, quiet)
	if err != nil {
		t.Fatal(err)
	}
	f := &s.Files[0]
	log := make([]byte, f.Text)
	if _, err := set.ReadAt(log, f.Base); err != nil {
		t.Fatal(err)
	}
	var list []Quote
	err = NewText(set).Statements(&s.Log).Quotes(context.Background(), func(int) bool { return true }, func(i int, q *Quote) error {
		if i != len(list) {
			t.Fatalf("quote %d is of entry %d", len(list), i)
		}
		own := *q
		own.Text = bytes.Clone(q.Text)
		list = append(list, own)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != s.Len() {
		t.Fatalf("%d quotes of %d entries", len(list), s.Len())
	}
	return s, log, list
}

// The bytes of a quote are those of the log at its place, and all quotes together
// account for the bytes that are entries.
func TestQuotesAreTheBytesOfTheLog(t *testing.T) {
	for _, path := range []string{sample, "../../testdata/reference/synthetic/general.log.gz"} {
		for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
			s, log, list := quotes(t, r, open(t, path))
			var sum int64
			for i, q := range list {
				if sha256.Sum256(log[q.Offset:q.Offset+q.Bytes]) != q.SHA256 {
					t.Fatalf("%s, entry %d: the hash is not that of bytes %d to %d", path, i+1, q.Offset, q.Offset+q.Bytes)
				}
				if line := int64(bytes.Count(log[:q.Offset], []byte{'\n'})) + 1; q.Line != line {
					t.Fatalf("%s, entry %d: line %d, want %d", path, i+1, q.Line, line)
				}
				sum += q.Bytes
			}
			if r == reading.Correct && sum != s.Coverage.EntryBytes {
				t.Errorf("%s: quotes have %d bytes, entries %d", path, sum, s.Coverage.EntryBytes)
			}
		}
	}
}

// What is around a log is part of the bytes of a quote where it is before or
// within them, and every quote ends where its own text does.
func TestQuotesOfAWrappedLog(t *testing.T) {
	var log strings.Builder
	for i := range 40 {
		fmt.Fprintf(&log, `{"log":"2024-05-01T08:00:%02d.000000Z\t    7 Query\tSELECT %d\n","stream":"stdout"}`+"\n", i, i)
	}
	path := filepath.Join(t.TempDir(), "general.log")
	if err := os.WriteFile(path, []byte(log.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	_, raw, list := quotes(t, reading.Correct, open(t, path))
	for i, q := range list {
		part := raw[q.Offset : q.Offset+q.Bytes]
		if want := fmt.Sprintf("SELECT %d", i); string(q.Text) != want || bytes.Count(part, []byte("SELECT")) != 1 || !bytes.Contains(part, []byte(want+`\n`)) {
			t.Errorf("entry %d: %q is quoted as %q", i+1, q.Text, part)
		}
		if sha256.Sum256(part) != q.SHA256 {
			t.Errorf("entry %d: the hash is of other bytes", i+1)
		}
	}
}

// A long entry is hashed whole, though its text is a head.
func TestQuoteOfALongEntry(t *testing.T) {
	if testing.Short() {
		t.Skip("an entry of 16 MiB")
	}
	path := filepath.Join(t.TempDir(), "general.log")
	line := func(second int, statement string) string {
		return fmt.Sprintf("2024-05-01T08:00:%02d.000000Z\t    7 Query\t%s\n", second, statement)
	}
	long := line(1, "SELECT '"+strings.Repeat("x", genlog.MaxRecord+5000)+"'")
	if err := os.WriteFile(path, []byte(line(0, "SELECT 0")+long+line(2, "SELECT 2")), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, list := quotes(t, reading.Correct, open(t, path))
	if q := list[1]; !q.Cut || q.Bytes != int64(len(long)) || q.SHA256 != sha256.Sum256([]byte(long)) {
		t.Errorf("a long entry of %d bytes is quoted as %d, cut %v", len(long), q.Bytes, q.Cut)
	}
	if q := list[2]; q.Cut || string(q.Text) != "SELECT 2" {
		t.Errorf("the entry behind it is %q", q.Text)
	}
}
