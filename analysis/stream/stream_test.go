package stream

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/pipeline/pipelinetest"
	"sqleuth/analysis/schema"
)

const sample = "../../testdata/wordpress-bruteforce/sample.log"

// written returns the lines of a log's entries, connections and detections.
func written(t *testing.T, s *pipeline.Snapshot, opt Options) (entries, connections, detections []byte) {
	t.Helper()
	var e, c, d bytes.Buffer
	if err := Entries(t.Context(), &e, s, opt); err != nil {
		t.Fatal(err)
	}
	if err := Connections(t.Context(), &c, s, opt); err != nil {
		t.Fatal(err)
	}
	if err := Detections(t.Context(), &d, s, opt); err != nil {
		t.Fatal(err)
	}
	return e.Bytes(), c.Bytes(), d.Bytes()
}

// checkLines holds lines against columns: their names in order, their types.
func checkLines(t *testing.T, lines []byte, columns []schema.Column, n int) {
	t.Helper()
	if got := bytes.Count(lines, []byte("\n")); got != n {
		t.Errorf("%d lines, want %d", got, n)
	}
	for line := range bytes.Lines(lines) {
		for _, c := range line[:len(line)-1] {
			if c < ' ' || c > '~' {
				t.Fatalf("byte %#x in %q", c, line)
			}
		}
		d := json.NewDecoder(bytes.NewReader(line))
		d.UseNumber()
		if _, err := d.Token(); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		at := 0
		for d.More() {
			name, err := d.Token()
			if err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			for at < len(columns) && columns[at].Name != name && columns[at].Null {
				at++
			}
			if at == len(columns) || columns[at].Name != name {
				t.Fatalf("%q: %v is out of order", line, name)
			}
			var v any
			if err := d.Decode(&v); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			ok := false
			switch columns[at].Type {
			case schema.Text, schema.Time:
				_, ok = v.(string)
			case schema.Integer, schema.Number:
				_, ok = v.(json.Number)
			case schema.Texts:
				_, ok = v.([]any)
			}
			if !ok {
				t.Fatalf("%q: %v is %T", line, name, v)
			}
			at++
		}
	}
}

// What is written is what the schema has, whatever the number of workers.
func TestLines(t *testing.T) {
	s, _ := pipelinetest.Run(t, pipeline.DefaultConfig(), "", sample)
	s.Servers = []loaded.Server{loaded.NewServer("db \"1\"\n", 0, 0, 0)}
	entries, connections, detections := written(t, s, Options{})
	files := Schema()
	checkLines(t, entries, files[0].Columns, s.Len())
	checkLines(t, connections, files[1].Columns, s.Connections.Len())
	if len(s.Detections) == 0 {
		t.Error("no detection: nothing is tested of them")
	}
	checkLines(t, detections, files[2].Columns, len(s.Detections))
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	for _, workers := range []int{1, 7} {
		runtime.GOMAXPROCS(workers)
		e, c, d := written(t, s, Options{})
		if !bytes.Equal(e, entries) || !bytes.Equal(c, connections) || !bytes.Equal(d, detections) {
			t.Errorf("%d workers write other lines", workers)
		}
	}
}

// A filter leaves entries, and connections that have one of them.
func TestWant(t *testing.T) {
	s, _ := pipelinetest.Run(t, pipeline.DefaultConfig(), "", sample)
	want := func(i int) bool { return s.Entries.Connection(i)%3 == 0 }
	entries, connections, detections := written(t, s, Options{Want: want})
	n := 0
	for i := range s.Len() {
		if want(i) {
			n++
		}
	}
	if bytes.Count(entries, []byte("\n")) != n || bytes.Count(connections, []byte("\n")) != (s.Connections.Len()+2)/3 {
		t.Errorf("%d entries, want %d", bytes.Count(entries, []byte("\n")), n)
	}
	n = 0
	for _, d := range s.Detections {
		if slices.ContainsFunc(d.Entries, func(e uint32) bool { return want(int(e)) }) {
			n++
		}
	}
	if got := bytes.Count(detections, []byte("\n")); got != n || n == 0 {
		t.Errorf("%d detections, want %d", got, n)
	}
}

// failing fails after some bytes.
type failing int

func (f *failing) Write(p []byte) (int, error) {
	if *f -= failing(len(p)); *f < 0 {
		return 0, errors.New("full")
	}
	return len(p), nil
}

// A writer that fails ends the stream with its error.
func TestWriterFails(t *testing.T) {
	s, _ := pipelinetest.Run(t, pipeline.DefaultConfig(), "", sample)
	full := failing(100)
	if err := Entries(t.Context(), &full, s, Options{}); err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("error %v", err)
	}
}

// hostile are texts that a log may hold to end a string, a line or a terminal's peace.
var hostile = []string{"\"}\n{\"server\":\"x", `\`, `\"`, "\x1b[2J\u202e\u200b", "\xff\xfe", "a\x00b", "\u2028", "😀", "=cmd|'/c calc'!A1", "<script>"}

// No text of others opens anything in a line, wherever it is; what can be read back is.
func TestHostileTexts(t *testing.T) {
	for _, text := range hostile {
		name := strings.NewReplacer("\n", " ", "@", "_", "`", "").Replace(text)
		log := filepath.Join(t.TempDir(), "general.log")
		content := fmt.Sprintf("2024-05-01T08:00:00.000000Z\t    7 Connect\t%s@203.0.113.9 on %s using TCP/IP\n2024-05-01T08:00:01.000000Z\t    7 Query\tSELECT `%s` FROM `%s` WHERE a = '%s'\n", name, name, name, name, name)
		if err := os.WriteFile(log, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s, _ := pipelinetest.Run(t, pipeline.DefaultConfig(), "", log)
		for k := range s.Files {
			s.Files[k].Name = text
		}
		s.Servers = []loaded.Server{loaded.NewServer(text, 0, 0, 0)}
		entries, connections, detections := written(t, s, Options{})
		files := Schema()
		checkLines(t, entries, files[0].Columns, s.Len())
		checkLines(t, connections, files[1].Columns, s.Connections.Len())
		checkLines(t, detections, files[2].Columns, len(s.Detections))
	}
}

// FuzzQuoted compares the hand-written strings with encoding/json.
func FuzzQuoted(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := quoted(text)
		for _, c := range q {
			if c < ' ' || c > '~' {
				t.Fatalf("byte %#x in %q", c, q)
			}
		}
		var back string
		if err := json.Unmarshal(q, &back); err != nil {
			t.Fatalf("%q: %v", q, err)
		}
		plain, _ := json.Marshal(text)
		var want string
		if err := json.Unmarshal(plain, &want); err != nil {
			t.Fatal(err)
		}
		if !strings.ContainsRune(want, '\ufffd') && !strings.Contains(text, `\`) && back != text {
			t.Errorf("%q reads as %q", text, back)
		}
		var list []string
		if err := json.Unmarshal(appendList(nil, []string{text, text}), &list); err != nil || !slices.Equal(list, []string{back, back}) {
			t.Errorf("list %q, %v", list, err)
		}
	})
}

// Both forms of the tables have a column for each of the lines' and no type that the
// plain form is there to avoid.
func TestClickHouseTables(t *testing.T) {
	for _, plain := range []bool{false, true} {
		text, err := ClickHouse(plain)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Schema() {
			for _, c := range f.Columns {
				if !strings.Contains(text, "  `"+c.Name+"` ") {
					t.Errorf("no column %s", c.Name)
				}
			}
		}
		for _, late := range []string{" LowCardinality(", " DateTime64(", "quantileExactInclusive("} {
			if strings.Contains(text, late) == plain {
				t.Errorf("plain %v: %s", plain, late)
			}
		}
	}
}
