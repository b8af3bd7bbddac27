package export

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
)

// evidenceFiles writes both files of evidence and reads them again.
func evidenceFiles(t *testing.T, s *pipeline.Snapshot, text pipeline.Text) (rows []map[string]string, lines []map[string]any) {
	t.Helper()
	var sheets, objects bytes.Buffer
	if err := writeRows(newSheet(&sheets, cellText{guard: Guard}), exhibitColumns(s, nil), exhibits(context.Background(), s, text)); err != nil {
		t.Fatal(err)
	}
	if err := writeRows(newJSONLines(&objects, nil), exhibitColumns(s, nil), exhibits(context.Background(), s, text)); err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(&sheets).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	for scan := bufio.NewScanner(&objects); scan.Scan(); {
		var object map[string]any
		if err := json.Unmarshal(scan.Bytes(), &object); err != nil {
			t.Fatalf("%s: %v", scan.Text(), err)
		}
		lines = append(lines, object)
	}
	if len(rows) != len(lines) {
		t.Fatalf("%d rows, %d lines", len(rows), len(lines))
	}
	return rows, lines
}

// Each entry of a labelled connection, of a detection and of an incident is there once,
// in order, and what its row has of its bytes is true.
func TestEvidenceIsInTheLog(t *testing.T) {
	path := synthetic + "general.log.gz"
	s, text := load(t, reading.Correct, path, synthetic+"labels.csv")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	log, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	want := map[int]bool{}
	for i := range s.Len() {
		if s.Truth.Anomaly(s.Entries.Connection(i)) {
			want[i+1] = true
		}
	}
	labelled := len(want)
	rules := map[int][]string{}
	for _, d := range s.Detections {
		for _, e := range d.Entries {
			want[int(e)+1] = true
			if n := int(e) + 1; !slices.Contains(rules[n], d.Rule.Name) {
				rules[n] = append(rules[n], d.Rule.Name)
			}
		}
	}
	for _, x := range s.Incidents {
		for _, e := range x.Entries {
			want[int(e)+1] = true
		}
	}
	for i := range s.Ranking.Flagged() {
		entry, _ := s.Ranking.Entry(i)
		want[entry+1] = true
	}
	if s.Ranking.Flagged() == 0 || labelled == 0 || len(rules) == 0 || len(s.Incidents) == 0 {
		t.Fatal("the log has no label, no flagged entry, no detection or no incident: nothing is tested")
	}
	rows, lines := evidenceFiles(t, s, text)
	last := 0
	for k, row := range rows {
		n, _ := strconv.Atoi(row["entry"])
		if n <= last || !want[n] {
			t.Fatalf("entry %d after %d; wanted %v", n, last, want[n])
		}
		last = n
		delete(want, n)
		offset, _ := strconv.Atoi(row["offset"])
		size, _ := strconv.Atoi(row["bytes"])
		sum := sha256.Sum256(log[offset : offset+size])
		if hex.EncodeToString(sum[:]) != row["sha256"] {
			t.Fatalf("entry %d: bytes %d to %d have another hash", n, offset, offset+size)
		}
		if line := strconv.Itoa(bytes.Count(log[:offset], []byte{'\n'}) + 1); row["line"] != line {
			t.Fatalf("entry %d: line %s, want %s", n, row["line"], line)
		}
		if row["rules"] != join(rules[n]) {
			t.Errorf("entry %d: rules %q, want %q", n, row["rules"], rules[n])
		}
		for name, cell := range row {
			if got := fmt.Sprint(lines[k][name]); name != "text" && name != "rules" && name != "incident" && name != "stage" && name != "reasons" && name != "score" && name != "line" && name != "offset" && got != cell {
				t.Errorf("entry %d: %s is %q in CSV and %q in JSON", n, name, cell, got)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("%d entries are missing", len(want))
	}
}

// What a log holds opens nothing: cells are guarded, and JSON has all of it.
func TestEvidenceIsHarmless(t *testing.T) {
	hostile := "=cmd|' /C calc'!A1 \x1b[2J \u202e \"}\n{\"entry\":1 \xff <script>"
	log := filepath.Join(t.TempDir(), "general.log")
	err := os.WriteFile(log, []byte("2024-05-01T08:00:00.000000Z\t    7 Connect\t=1+1@10.0.0.9 on @SUM(A1) using TCP/IP\n"+
		"2024-05-01T08:00:01.000000Z\t    7 Query\t"+hostile+"\n2024-05-01T08:00:02.000000Z\t    7 Query\tSELECT 1\n"), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	labels := filepath.Join(t.TempDir(), "labels.csv")
	if err := os.WriteFile(labels, []byte("id,class\n7,attack\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, text := load(t, reading.Correct, log, labels)
	rows, lines := evidenceFiles(t, s, text)
	if len(rows) != 3 {
		t.Fatalf("%d rows of 3 labelled entries", len(rows))
	}
	for _, row := range rows {
		for name, cell := range row {
			if formula(cell) {
				t.Errorf("%s: %q would be run", name, cell)
			}
			if strings.ContainsAny(cell, "\x1b\u202e") {
				t.Errorf("%s: %q holds what cannot be seen", name, cell)
			}
		}
	}
	if got, want := lines[1]["text"], strings.ReplaceAll(hostile, "\xff", `\xff`); got != want {
		t.Errorf("text in JSON: %q, want %q", got, want)
	}
}
