package pipeline

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/wrapper/wrappertest"
	"sqleuth/testdata"
)

// incidentHead returns the first lines of the built-in incident, as text that any
// container can hold.
func incidentHead(t testing.TB, size int) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(testdata.Incident))
	if err != nil {
		t.Fatal(err)
	}
	head := make([]byte, size)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.ErrUnexpectedEOF {
		t.Fatal(err)
	}
	return bytes.ToValidUTF8(head[:bytes.LastIndexByte(head[:n], '\n')+1], []byte("?"))
}

// wrappedLogs are the logs that are wrapped, none of which has a byte that a
// container changes.
func wrappedLogs(t testing.TB) map[string][]byte {
	logs := map[string][]byte{
		"incident": incidentHead(t, 300_000),
		"forms":    []byte(strings.ReplaceAll(strings.ReplaceAll(everyForm()+"\n", "\x00", ""), "\r", "")),
	}
	log, err := os.ReadFile("../../testdata/mariadb/general.log")
	if err != nil {
		t.Fatal(err)
	}
	logs["mariadb"] = bytes.ToValidUTF8(log, []byte("?"))
	return logs
}

// readWhole runs the first stages over a log in memory.
func readWhole(t testing.TB, log []byte) (*logfile.Set, *Snapshot) {
	t.Helper()
	set, err := logfile.OpenBytes("log", log, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := read(context.Background(), DefaultConfig(), set, quiet)
	if err != nil {
		set.Close()
		t.Fatal(err)
	}
	return set, s
}

// texts are the entries of a log in words, without their places.
func texts(t testing.TB, s *Snapshot, text Text) (list []string) {
	t.Helper()
	if err := text.Replay(context.Background(), &s.Log, func(i int, r *reading.Record) error {
		list = append(list, fmt.Sprint(s.Entries.Time(i), r.ID, r.Same, r.Local, r.Open, s.Template(i), s.Entries.Connection(i), " ", string(r.Command), " ", r.Action, " ", string(r.Table), " ", string(r.Text)))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestWrappedLogsReadAsPlain(t *testing.T) {
	logs := wrappedLogs(t)
	for k, name := range slices.Sorted(maps.Keys(logs)) {
		log := logs[name]
		plainSet, plain := readWhole(t, log)
		defer plainSet.Close()
		want := texts(t, plain, NewText(plainSet))
		for i, form := range wrappertest.Forms() {
			if testing.Short() && i%len(logs) != k {
				continue // each form around one of the logs
			}
			t.Run(name+"/"+form.Name, func(t *testing.T) {
				raw := form.Wrap(log)
				set, s := readWhole(t, raw)
				defer set.Close()
				if got := s.Files[0].Wrapper.Name(); !strings.HasPrefix(got, form.Named) {
					t.Fatalf("wrapper %q, want %q", got, form.Named)
				}
				text := NewText(set)
				got := texts(t, s, text)
				if i := firstDifference(got, want); i >= 0 {
					t.Fatalf("entry %d of %d: %q, want %q", i, len(want), at(got, i), at(want, i))
				}
				compareCoverage(t, &s.Coverage, &plain.Coverage, raw)
				readAlone(t, s, text, raw)
			})
		}
	}
}

// A dump of the log's table may be encoded in any way, as PowerShell and Excel do. An audit
// log may have around it what a general log may.
func TestWrappedTablesReadAsPlain(t *testing.T) {
	for _, name := range append([]string{"audit.log"}, dumps...) {
		dump, err := os.ReadFile(mariadb + name)
		if err != nil {
			t.Fatal(err)
		}
		dump = bytes.ToValidUTF8(dump, []byte("?"))
		plainSet, plain := readWhole(t, dump)
		defer plainSet.Close()
		want := texts(t, plain, NewText(plainSet))
		for _, form := range wrappertest.Forms() {
			if name != "audit.log" && !strings.HasPrefix(form.Name, "utf") {
				continue
			}
			t.Run(name+"/"+form.Name, func(t *testing.T) {
				raw := form.Wrap(dump)
				set, s := readWhole(t, raw)
				defer set.Close()
				if got := s.Files[0].Wrapper.Name(); s.Files[0].Table == nil || !strings.HasPrefix(got, form.Named) {
					t.Fatalf("table %v in %q, want one in %q", s.Files[0].Table, got, form.Named)
				}
				text := NewText(set)
				got := texts(t, s, text)
				if i := firstDifference(got, want); i >= 0 {
					t.Fatalf("entry %d of %d: %q, want %q", i, len(want), at(got, i), at(want, i))
				}
				if got, want := fmt.Sprint(s.Answers()), fmt.Sprint(plain.Answers()); got != want {
					t.Fatalf("the server's answers are %s, want %s", got, want)
				}
				compareCoverage(t, &s.Coverage, &plain.Coverage, raw)
				readAlone(t, s, text, raw)
			})
		}
	}
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "nothing"
}

// firstDifference returns where two lists begin to differ, -1 for nowhere.
func firstDifference(a, b []string) int {
	for i := range max(len(a), len(b)) {
		if at(a, i) != at(b, i) {
			return i
		}
	}
	return -1
}

// compareCoverage compares what is counted of a wrapped log with the plain one.
func compareCoverage(t *testing.T, got, plain *genlog.Coverage, raw []byte) {
	t.Helper()
	if got.Bytes() != int64(len(raw)) {
		t.Errorf("%d bytes accounted for, the file has %d", got.Bytes(), len(raw))
	}
	if got.WrapperBytes == 0 && got.EntryBytes == plain.EntryBytes {
		t.Error("no byte of the wrapper is counted")
	}
	if got.Banners != plain.Banners || got.Rejects != plain.Rejects || got.Messages != plain.Messages || got.Forms != plain.Forms {
		t.Errorf("coverage %+v, want %+v", got, plain)
	}
}

// readAlone reads entries back one by one and in bulk.
func readAlone(t *testing.T, s *Snapshot, text Text, raw []byte) {
	t.Helper()
	var all []string
	if err := text.Replay(context.Background(), &s.Log, func(i int, r *reading.Record) error {
		if at := s.Entries.Offset(i); r.Offset != at {
			return fmt.Errorf("entry %d stands at %d, the analysis saw it at %d", i, r.Offset, at)
		}
		all = append(all, string(r.Text))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i := range s.Len() {
		if at := s.Entries.Offset(i); at < 0 || at >= int64(len(raw)) || i > 0 && at <= s.Entries.Offset(i-1) {
			t.Fatalf("entry %d stands at %d of %d", i, at, len(raw))
		}
		r, err := text.Record(&s.Log, i)
		if err != nil {
			t.Fatal(err)
		}
		if string(r.Text) != all[i] || string(r.Command) != s.Command(i) {
			t.Fatalf("entry %d: read alone %q %q, in order %q %q", i, r.Command, r.Text, s.Command(i), all[i])
		}
	}
	if err := text.Statements(&s.Log).Scan(context.Background(), 0, s.Len(), func(i int) bool { return i%5 != 1 }, func(i int, b []byte) bool {
		if string(b) != all[i] {
			t.Fatalf("entry %d: scanned %q, in order %q", i, b, all[i])
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
}

// TestWrappedBlocksDoNotMatter cuts wrapped logs at random places, with bounds so
// small that entries are long.
func TestWrappedBlocksDoNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	log := wrappedLogs(t)["forms"]
	for _, form := range wrappertest.Forms() {
		raw := form.Wrap(log)
		for _, limit := range []int{0, 1500} {
			want := told(t, reading.Correct, raw, nil, limit)
			for range 4 {
				var ends blocks
				for at := 0; at < len(raw); at += 1 + rng.IntN(3000) {
					ends = append(ends, at)
				}
				same(t, fmt.Sprintf("%s, limit %d", form.Name, limit), told(t, reading.Correct, raw, ends, limit), want, ends[:1])
			}
		}
	}
}
