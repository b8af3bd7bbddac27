package pipeline

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/tablelog"
)

const mariadb = "../../testdata/mariadb/"

var dumps = []string{"general_log.tsv", "general_log.outfile.tsv", "general_log.csv", "general_log.engine.csv", "general_log.export.csv", "general_log.hex.csv"}

func runOn(t *testing.T, cfg Config, paths ...string) (*Snapshot, Text) {
	t.Helper()
	set, err := logfile.Open(paths, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	s, err := Run(context.Background(), cfg, set, nil, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return s, NewText(set)
}

// The forms of one table give the same analysis, whatever they are called, and
// every entry is read back alone as it was read in order.
func TestTableDumps(t *testing.T) {
	var first *Snapshot
	for _, name := range dumps {
		// Neither name nor folder says what it is.
		data, err := os.ReadFile(mariadb + name)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s, text := runOn(t, DefaultConfig(), path)
		if s.Files[0].Table == nil || s.Coverage.Rejects != 0 || s.Coverage.Bytes() != int64(len(data)) || !s.Unzoned {
			t.Fatalf("%s: table %v, %d rejects, %d of %d bytes, zone known %v", name, s.Files[0].Table, s.Coverage.Rejects, s.Coverage.Bytes(), len(data), !s.Unzoned)
		}
		i := 0
		if err := text.Replay(context.Background(), &s.Log, func(k int, r *reading.Record) error {
			alone, err := text.Record(&s.Log, k)
			if err != nil {
				return err
			}
			if !bytes.Equal(alone.Text, r.Text) || alone.ID != r.ID || string(alone.Command) != s.Command(k) || alone.Action != s.Action(k) || !bytes.Equal(alone.Raw, r.Raw) {
				return fmt.Errorf("entry %d is %q, read alone %q", k+1, r.Text, alone.Text)
			}
			i++
			return nil
		}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := text.Statements(&s.Log).Scan(context.Background(), 0, s.Len(), func(int) bool { return true }, func(k int, b []byte) bool {
			if alone, err := text.Record(&s.Log, k); err != nil || !bytes.Equal(alone.Text, b) {
				t.Fatalf("%s: entry %d is scanned as %q, read alone %q", name, k+1, b, alone.Text)
			}
			return true
		}); err != nil {
			t.Fatal(err)
		}
		if i != s.Len() {
			t.Errorf("%s: %d entries replayed, want %d", name, i, s.Len())
		}
		if first == nil {
			first = s
			continue
		}
		if !slices.Equal(s.Templates, first.Templates) || s.Connections.Len() != first.Connections.Len() {
			t.Errorf("%s: %d templates and %d connections, %s has %d and %d", name, len(s.Templates), s.Connections.Len(), dumps[0], len(first.Templates), first.Connections.Len())
		}
	}
}

// A log and a dump, in one timeline, are each read in their own form.
func TestLogAndDump(t *testing.T) {
	log, _ := runOn(t, DefaultConfig(), mariadb+"general.log")
	dump, _ := runOn(t, DefaultConfig(), mariadb+"general_log.csv")
	both, text := runOn(t, DefaultConfig(), mariadb+"general.log", mariadb+"general_log.csv")
	if both.Len() != log.Len()+dump.Len() || both.Files[0].Table != nil || both.Files[1].Table == nil {
		t.Errorf("%d entries, want %d and %d", both.Len(), log.Len(), dump.Len())
	}
	for _, i := range []int{0, log.Len() - 1, log.Len(), both.Len() - 1} {
		if _, err := text.Record(&both.Log, i); err != nil {
			t.Error(err)
		}
	}
}

// The notebook knows no tables.
func TestNotebookReadsNoDump(t *testing.T) {
	set, err := logfile.Open([]string{mariadb + "general_log.csv"}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	cfg := DefaultConfig()
	cfg.Reading = reading.Notebook
	if _, err := Run(context.Background(), cfg, set, nil, quiet); err == nil {
		t.Error("no error")
	}
}

// Where a login does not say who it is, the column user_host does.
func TestAccountOfARow(t *testing.T) {
	row := func(id int, account, command, argument string) string {
		return fmt.Sprintf("2024-07-10 05:25:05.058758\t%s\t%d\t1\t%s\t%s\n", account, id, command, argument)
	}
	path := filepath.Join(t.TempDir(), "log")
	dump := row(1, "app[app] @ web []", "Query", "SELECT 1") + row(2, "[eve] @  [10.0.0.9]", "Connect", "a@b on ") + row(2, "[eve] @  [10.0.0.9]", "Quit", "") +
		row(3, "x[x] @ y []", "Quit", "") + row(4, "z[z] @ y []", "Quit", "") + row(5, "nothing known", "Query", "SELECT 1") +
		row(6, "nothing known", "Query", "SELECT 1") + row(6, "nothing known", "Connect", "late@host on ")
	if err := os.WriteFile(path, []byte(dump), 0o600); err != nil {
		t.Fatal(err)
	}
	s, _ := runOn(t, DefaultConfig(), path)
	var got []string
	for i := range s.Connections.Len() {
		c := s.Connections.At(i)
		got = append(got, s.Connections.Text(c.User)+"@"+s.Connections.Text(c.Host))
	}
	if want := "app@web a@b x@y z@y -@- late@host"; strings.Join(got, " ") != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// argumentLast moves the column argument of an export behind the others.
func argumentLast(t *testing.T, dump []byte) []byte {
	rows, err := csv.NewReader(bytes.NewReader(dump)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	k := slices.Index(rows[0], "argument")
	for _, row := range rows {
		argument := row[k]
		copy(row[k:], row[k+1:])
		row[len(row)-1] = argument
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// However a dump is cut, rows stay whole; of one that is longer than the limit
// the head is an entry.
func TestRowsAreCutAnywhere(t *testing.T) {
	for _, name := range dumps {
		dump, err := os.ReadFile(mariadb + name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "general_log.export.csv" {
			// The head of a long row does not hold what stands behind the argument.
			dump = argumentLast(t, dump)
		}
		// Longer than the head that tells the layout, after which rows are cut as
		// they come.
		dump = bytes.Repeat(dump, 2+tablelog.HeadSize/len(dump))
		for _, limit := range []int{maxRecord, 1500} {
			var ids [2][]uint64
			for k, block := range []int{len(dump), 13} {
				p := newParser(0, reading.Correct)
				var b batch
				var cov genlog.Coverage
				next := int64(0)
				free := make(chan []byte, 1)
				cut := newCutter(reading.Correct, free, func(c chunk) error {
					if c.Offset != next {
						t.Errorf("%s: a chunk begins at %d, want %d", name, c.Offset, next)
					}
					p.parse(c, &b)
					next = b.end
					for _, r := range b.records {
						ids[k] = append(ids[k], r.id)
					}
					cov.Add(&b.coverage)
					select {
					case free <- c.Data[:0]:
					default:
					}
					return nil
				})
				cut.limit, cut.keep = limit, 500
				for at := 0; at < len(dump); at += block {
					if err := cut.add(0, int64(at), dump[at:min(len(dump), at+block)]); err != nil {
						t.Fatal(err)
					}
				}
				if err := cut.end(); err != nil {
					t.Fatal(err)
				}
				if cov.Bytes() != int64(len(dump)) || cov.Rejects != 0 {
					t.Errorf("%s, limit %d: %d of %d bytes accounted for, rejects %v", name, limit, cov.Bytes(), len(dump), cov.First)
				}
				if block == 13 && limit < maxRecord && cov.LongEntries == 0 {
					t.Errorf("%s: no row was longer than %d", name, limit)
				}
			}
			if !slices.Equal(ids[0], ids[1]) {
				t.Errorf("%s, limit %d: %d entries in pieces, want %d", name, limit, len(ids[1]), len(ids[0]))
			}
		}
	}
}
