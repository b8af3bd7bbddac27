package sqltext

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// captureFile is the recorded incident that comes with the repository.
var captureFile = filepath.Join("..", "..", "testdata", "wordpress-bruteforce", "general.log.gz")

var entryHeader = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z *\d+ ([A-Z][A-Za-z ]*)\t`)

// captureStatements returns the SQL of the recorded incident,
// which is in the repository. It knows just this one file's format, so
// that these tests do not depend on the log parser.
func captureStatements(tb testing.TB) [][]byte {
	f, err := os.Open(captureFile)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	var statements [][]byte
	var sql []byte // of the entry that is being read; nil if it has none
	flush := func() {
		if sql != nil {
			statements = append(statements, bytes.TrimSuffix(sql, []byte("\n")))
		}
		sql = nil
	}
	for r := bufio.NewReader(z); ; {
		line, err := r.ReadBytes('\n')
		if m := entryHeader.FindSubmatchIndex(line); m != nil {
			flush()
			switch string(line[m[2]:m[3]]) {
			case "Query", "Execute", "Prepare":
				sql = append([]byte{}, line[m[1]:]...)
			}
		} else if sql != nil {
			sql = append(sql, line...)
		}
		if err == io.EOF {
			flush()
			return statements
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
}

// TestCaptureMainTables measures how many of the statements that need a main
// table get one.
func TestCaptureMainTables(t *testing.T) {
	const required = 0.995
	statements := captureStatements(t)
	need, missing := 0, make(map[string]int)
	var s Statement
	for _, sql := range statements {
		lex(sql).Parse(&s)
		if !NeedsTable(s.Action, lex(sql)) {
			continue
		}
		need++
		if len(s.Tables) == 0 {
			missing[string(sql)]++
		}
	}
	if need == 0 {
		t.Fatalf("no statement in %s needs a table", captureFile)
	}
	lost := 0
	for sql, n := range missing {
		t.Logf("%d without main table: %.200q", n, sql)
		lost += n
	}
	found := float64(need-lost) / float64(need)
	t.Logf("%d statements, %d need a main table, %d (%.3f %%) have it", len(statements), need, need-lost, 100*found)
	if found < required {
		t.Errorf("%.3f %% have their main table, want at least %.1f %%", 100*found, 100*required)
	}
}

// actionTable returns what the program takes from a statement for every entry.
func actionTable(sql []byte) (Action, string) {
	var s Statement
	lex(sql).Parse(&s)
	return s.Action, mainName(sql, &s)
}

// mainName returns the name of the main table, "" if there is none.
func mainName(sql []byte, s *Statement) string {
	if len(s.Tables) == 0 {
		return ""
	}
	return string(s.Tables[0].AppendName(nil, sql))
}
