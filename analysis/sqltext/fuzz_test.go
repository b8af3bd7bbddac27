package sqltext

import (
	"bytes"
	"strings"
	"testing"
)

// addSeeds starts a fuzz target with every statement of the tables, and with
// each cut in its middle.
func addSeeds(f *testing.F) {
	for _, c := range statementCases {
		f.Add([]byte(c.sql))
		f.Add([]byte(c.sql[:len(c.sql)/2]))
	}
	for _, c := range benchmarkStatements {
		f.Add([]byte(c.sql))
	}
}

func FuzzLexer(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, sql []byte) {
		checkTokens(t, sql)
	})
}

func FuzzParse(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, sql []byte) {
		checkParse(t, sql)
	})
}

func FuzzFormat(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, sql []byte) {
		for _, width := range []int{0, 20} {
			checkFormat(t, sql, width)
		}
	})
}

// checkParse checks what must hold for any bytes.
func checkParse(t *testing.T, sql []byte) {
	t.Helper()
	before := bytes.Clone(sql)
	s := Statement{Tables: []Table{{}}, Next: 7, Where: true}
	lex(sql).Parse(&s)
	if s.Action >= numActions {
		t.Fatalf("action %d", s.Action)
	}
	within := func(what string, p Span) {
		if p.Start < 0 || p.End < p.Start || p.End > s.End {
			t.Fatalf("%s %+v is outside the statement [0,%d) of %q", what, p, s.End, sql)
		}
	}
	if len(s.Tables) > MaxTables {
		t.Fatalf("%d tables", len(s.Tables))
	}
	for _, table := range append(s.Tables, s.Routine) {
		within("schema", table.Schema)
		within("name", table.Name)
	}
	for _, table := range s.Tables {
		if table.Name.empty() {
			t.Fatalf("table without a name in %q", sql)
		}
		if len(table.AppendName(nil, sql)) == 0 {
			t.Fatalf("a table without a text in %q", sql)
		}
	}
	if s.End > len(sql) || s.Next >= 0 && (s.Next <= s.End || s.Next >= len(sql)) {
		t.Fatalf("end %d, next %d of %q", s.End, s.Next, sql)
	}
	if s.End < len(sql) && sql[s.End] != ';' {
		t.Fatalf("ends at %d, which is no semicolon, in %q", s.End, sql)
	}
	if !bytes.Equal(before, sql) {
		t.Fatalf("the text was changed from %q to %q", before, sql)
	}
}

func TestParseProperties(t *testing.T) {
	for _, c := range statementCases {
		for cut := range len(c.sql) + 1 {
			checkTokens(t, []byte(c.sql[:cut]))
			checkParse(t, []byte(c.sql[:cut]))
		}
	}
}

// TestActionIgnoresCase holds because keywords are the only letters that the
// parser compares, CTE names and aliases apart, which fold case too.
func TestActionIgnoresCase(t *testing.T) {
	for _, c := range statementCases {
		lower, upper := strings.ToLower(c.sql), strings.ToUpper(c.sql)
		if len(lower) != len(upper) || strings.Contains(lower, "0x") || strings.Contains(lower, "/*m!") {
			continue
		}
		a, x := actionTable([]byte(lower))
		b, y := actionTable([]byte(upper))
		if a != b || !strings.EqualFold(x, y) {
			t.Errorf("%q: %v %q, in upper case %v %q", c.sql, a, x, b, y)
		}
	}
}
