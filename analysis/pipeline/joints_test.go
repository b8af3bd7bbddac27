package pipeline

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/tablelog/tabletest"
	"sqleuth/analysis/wrapper/wrappertest"
)

// betweenFiles are what is between files that were joined.
var betweenFiles = []string{"", "", "", "\xef\xbb\xbf", "\x1a", "\f", "\x1b[0m", "\x1a\r\n", strings.Repeat("\x00", 40), "\n", "==> general.log <==\n"}

// leastEntry is fewer bytes than an entry of the incident has.
const leastEntry = 40

// Files with anything around their entries, or nothing, that were joined in one are read, or
// refused: every byte is accounted for, and where entries are missing there are rejects or
// lines of other streams in their place.
func TestJoinedFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("reads many logs")
	}
	log := incidentHead(t, 60_000)
	forms := append(wrappertest.Forms(), wrappertest.Form{Name: "plain", Wrap: func(log []byte) []byte { return log }})
	for seed := range uint64(120 * *moreCuts) {
		rng := rand.New(rand.NewPCG(seed, 4))
		var raw bytes.Buffer
		var names []string
		want, rest := 0, log
		for range 2 + rng.IntN(2) {
			part := rest[:min(len(rest), 4000+rng.IntN(4000))]
			part = part[:bytes.LastIndex(part, []byte("\n20"))+1]
			rest = rest[len(part):]
			form := forms[rng.IntN(len(forms))]
			if rng.IntN(3) == 0 {
				form = forms[len(forms)-1]
			}
			if raw.Len() > 0 {
				between := betweenFiles[rng.IntN(len(betweenFiles))]
				names = append(names, fmt.Sprintf("%q", between))
				raw.WriteString(between)
			}
			names = append(names, form.Name)
			raw.Write(form.Wrap(part))
			set, s := readWhole(t, part)
			want += s.Len()
			set.Close()
		}
		joined := strings.Join(names, ", ")
		set, err := logfile.OpenBytes("log", raw.Bytes(), logfile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s, err := read(context.Background(), DefaultConfig(), set, quiet)
		set.Close()
		if err != nil {
			continue // refused
		}
		c := &s.Coverage
		if c.Bytes() != int64(raw.Len()) {
			t.Errorf("seed %d, %s: %d bytes accounted for of %d", seed, joined, c.Bytes(), raw.Len())
		}
		// Strings on lines of their own could be of a statement, and UTF-16 of another order is
		// UTF-16, too.
		if strings.Contains(joined, "loki") && strings.Contains(joined, "plain") || strings.Count(joined, "utf16") > 1 {
			continue
		}
		if lost := want - s.Len(); lost < 0 || lost > 0 && c.RejectBytes-c.HoleBytes < int64(lost)*leastEntry && c.ForeignLines == 0 {
			t.Errorf("seed %d, %s (%s): %d entries of %d, %d bytes rejected", seed, joined, s.Files[0].Wrapper.Name(), s.Len(), want, c.RejectBytes)
		}
	}
}

// TestJoinedRows: behind rows of the log's table, whose values cannot hold lines of the file,
// nothing that was added is lost: it is read, or there are rejects in its place.
func TestJoinedRows(t *testing.T) {
	if testing.Short() {
		t.Skip("reads many logs")
	}
	log := incidentHead(t, 6_000)
	log = log[:bytes.LastIndex(log, []byte("\n20"))+1]
	set, s := readWhole(t, log)
	defer set.Close()
	var rows [][]string
	if err := NewText(set).Replay(context.Background(), &s.Log, func(i int, r *reading.Record) error {
		rows = append(rows, tabletest.Row(time.UnixMicro(s.Entries.Time(i)), "root", "localhost", r.ID, string(r.Command), string(r.Text)))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{"plain": log}
	for _, f := range append(tabletest.Forms(tabletest.Widths(rows)), tabletest.Lines...) {
		parts[f.Name] = f.Dump(rows)
	}
	for _, f := range wrappertest.Forms() {
		if !strings.Contains(f.Name, "+") && f.Name != "insights-json" { // whose objects could be of the frame
			parts[f.Name] = f.Wrap(log)
		}
	}
	for _, first := range []string{"JSON lines", "INSERT", "drawn", "CSV", "CSV engine", "TSV, CR LF", "server_audit", "TiDB"} {
		for name, second := range parts {
			raw := slices.Concat(bytes.TrimSuffix(parts[first], []byte("\n")), []byte("\n"), second)
			set, err := logfile.OpenBytes("log", raw, logfile.Options{})
			if err != nil {
				t.Fatal(err)
			}
			both, err := read(context.Background(), DefaultConfig(), set, quiet)
			set.Close()
			if err != nil {
				continue // refused
			}
			c := &both.Coverage
			if lost := 2*s.Len() - both.Len(); lost > 0 && c.RejectBytes-c.HoleBytes < int64(lost)*leastEntry && c.ForeignLines == 0 {
				t.Errorf("%s, %s: %d entries of %d, %d bytes rejected", first, name, both.Len(), 2*s.Len(), c.RejectBytes)
			}
		}
	}
}
