package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/pipeline/pipelinetest"
	"sqleuth/analysis/reading"
)

// load analyses a log with a labels file.
func load(t *testing.T, r reading.Reading, path, labels string) (*pipeline.Snapshot, pipeline.Text) {
	t.Helper()
	cfg := pipeline.DefaultConfig()
	cfg.Reading = r
	cfg.Params.Keep = KeptTrees
	return pipelinetest.Run(t, cfg, labels, path)
}

const synthetic = "../../testdata/reference/synthetic/"

// The CSV files of the notebook's reading are the notebook's byte for byte; the
// JSON files and the model figures are compared by package reference.
func TestNotebookFiles(t *testing.T) {
	s, text := load(t, reading.Notebook, synthetic+"general.log.gz", synthetic+"labels.csv")
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := Write(context.Background(), dir, s, text, Options{Version: "test"}, nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"templates.csv", "counts_action.csv", "counts_table.csv", "hourly_action.csv", "hourly_table.csv"} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		want, err := os.ReadFile(synthetic + name)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s differs:\n got %s\nwant %s", name, got, want)
		}
	}
}

// The evidence alone is what does not grow with the text of a log.
func TestEvidence(t *testing.T) {
	s, text := load(t, reading.Correct, synthetic+"general.log.gz", synthetic+"labels.csv")
	dir := filepath.Join(t.TempDir(), "out")
	names, err := Write(context.Background(), dir, s, text, Options{Version: "test", Files: Evidence}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"labels.csv", "navigator.json", "report.md", "report.html", "findings.csv", "connections.csv", "detections.csv", "evidence.csv", "evidence.jsonl", "digests.csv", "novel.csv", "accounts.csv", "inputs/labels.json", "blocks.csv", "manifest.sha256", "manifest.json"}; !slices.Equal(names, want) {
		t.Errorf("wrote %q, want %q", names, want)
	}
	manifest, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(manifest), "the evidence alone") {
		t.Errorf("the manifest does not say that this is the evidence alone: %s", manifest)
	}
}

// A technique that several old ones have become is listed once.
func TestTechniquesAreListedOnce(t *testing.T) {
	log := filepath.Join(t.TempDir(), "general.log")
	if err := os.WriteFile(log, []byte("2024-05-01T08:00:00.000000Z\t    7 Query\tSELECT 1\n2024-05-01T07:00:00.000000Z\t    7 Query\tSELECT 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, text := load(t, reading.Correct, log, "")
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := Write(context.Background(), dir, s, text, Options{Version: "test", Files: Evidence}, nil); err != nil {
		t.Fatal(err)
	}
	detections, err := os.ReadFile(filepath.Join(dir, "detections.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(detections), "T1685"); n != 1 {
		t.Errorf("T1685 stands %d times in %s", n, detections)
	}
}

// A log that the server opened and wrote nothing to is exported as headers, in
// either reading.
func TestLogWithoutEntries(t *testing.T) {
	const banner = "/usr/sbin/mysqld, Version: 8.0.43 (x). started with:\nTcp port: 3306  Unix socket: x\nTime                 Id Command    Argument\n"
	path := filepath.Join(t.TempDir(), "general.log")
	if err := os.WriteFile(path, []byte(banner), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		s, text := load(t, r, path, "")
		dir := filepath.Join(t.TempDir(), "out")
		written, err := Write(context.Background(), dir, s, text, Options{Version: "test"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range written {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(name, ".csv") && name != BlocksName && strings.Count(string(b), "\n") != 1 {
				t.Errorf("%v: %s is not a header alone: %q", r, name, b)
			}
		}
	}
}

// What a log holds cannot act on a terminal that shows a JSON file, and is distinguished from
// the escapes that are written for it.
func TestJSONFilesAreASCII(t *testing.T) {
	log := filepath.Join(t.TempDir(), "gen\u202eeral.log")
	text := "2024-05-01T08:00:00.000000Z\t    7 Query\tSELECT 1 FROM `a\x1b\u202e\xfe`\n" +
		"2024-05-01T08:00:01.000000Z\t    7 Query\tSELECT 1 FROM `a\\xfe`\n"
	if err := os.WriteFile(log, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, reader := load(t, reading.Correct, log, "")
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := Write(context.Background(), dir, s, reader, Options{Version: "test"}, nil); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]string{
		"manifest.json": {`gen\u202eeral.log`},
		"encoders.json": {`a\u001b\u202e\\xfe`, `a\\\\xfe`},
	} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range got {
			if c != '\n' && (c < ' ' || c > '~') {
				t.Errorf("%s has byte %#x at %d", name, c, i)
				break
			}
		}
		for _, w := range want {
			if !strings.Contains(string(got), w) {
				t.Errorf("%s lacks %s:\n%s", name, w, got)
			}
		}
	}
}

// What the server answered is exported beside the notebook's columns, and counted
// for each connection.
func TestOutcomes(t *testing.T) {
	s, text := load(t, reading.Correct, "../../testdata/mariadb/audit.log", "")
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := Write(context.Background(), dir, s, text, Options{Version: "test"}, nil); err != nil {
		t.Fatal(err)
	}
	read := func(name string) [][]string {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	failed := map[string]int{} // by connection
	for _, row := range read("outcomes.csv")[1:] {
		if row[4] != "0" {
			failed[row[1]]++
		}
	}
	if want := map[string]int{"5": 1, "6": 1, "7": 1, "9": 1, "10": 1, "11": 1}; !maps.Equal(failed, want) {
		t.Errorf("failed entries of connections %v, want %v", failed, want)
	}
	rows := read("connections.csv")
	at := slices.Index(rows[0], "failed")
	for _, row := range rows[1:] {
		if row[at] != strconv.Itoa(failed[row[0]]) {
			t.Errorf("connection %s: %s failed, want %d", row[0], row[at], failed[row[0]])
		}
	}
	s, text = load(t, reading.Correct, "../../testdata/mariadb/general_log.csv", "")
	dir = filepath.Join(t.TempDir(), "out")
	if written, err := Write(context.Background(), dir, s, text, Options{Version: "test"}, nil); err != nil || slices.Contains(written, "outcomes.csv") {
		t.Errorf("a log without outcomes: files %q, error %v", written, err)
	}
}
