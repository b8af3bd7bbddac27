package sqltext

import (
	"bytes"
	"strings"
	"testing"
)

func TestShapes(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"SELECT 1", "SELECT 23", true},
		{"SELECT 'a' -- b", "SELECT 'b''\\'' -- ", true},
		{"SELECT 'a' = /* b */ 0x1f", "SELECT '' = /**/ 0xff", true},
		{`SELECT "a" FROM t`, `SELECT "b" FROM t`, true},
		{"SELECT 1", "SELECT '1'", false},
		{"SELECT 'a'", "SELECT 'a", false},
		{"SELECT a", "SELECT b", false},
		{"SELECT NULL", "SELECT TRUE", false},
		{"SELECT 'a' -- b", "SELECT 'a' # b", true},
		{`SELECT * FROM "a"`, `SELECT * FROM "b"`, false},
		{`SELECT "a" . b`, `SELECT "b" . b`, false},
		{`SELECT a."b"`, `SELECT a."c"`, false},
		{"SELECT a--1", "SELECT a-- 1", false},
	} {
		a, okA := AppendShape(nil, lex([]byte(c.a)))
		b, okB := AppendShape(nil, lex([]byte(c.b)))
		if !okA || !okB || bytes.Equal(a, b) != c.same {
			t.Errorf("%q and %q have the shapes %q and %q", c.a, c.b, a, b)
		}
	}
	for _, sql := range []string{"SELECT \x00", strings.Repeat("a ", MaxTokens)} {
		if shape, ok := AppendShape(nil, lex([]byte(sql))); ok {
			t.Errorf("%.40q has the shape %.40q", sql, shape)
		}
	}
}

func FuzzShape(f *testing.F) {
	addSeeds(f)
	for _, c := range digestCases {
		f.Add([]byte(c.spellings))
	}
	f.Fuzz(checkShape)
}

func TestShapeProperties(t *testing.T) {
	for _, c := range statementCases {
		for cut := range len(c.sql) + 1 {
			checkShape(t, []byte(c.sql[:cut]))
		}
	}
	for _, c := range digestCases {
		checkShape(t, []byte(c.spellings))
	}
}

// checkShape checks that with other literals and comments a statement has the same
// shape, and what rests on that.
func checkShape(t *testing.T, sql []byte) {
	t.Helper()
	tokens := lex(sql)
	shape, ok := AppendShape(nil, tokens)
	other := otherLiterals(tokens)
	others := lex(other)
	if got, _ := AppendShape(nil, others); !ok || !bytes.Equal(got, shape) {
		return // a name was among them, or what was cut goes on
	}
	if a, b := string(AppendDigest(nil, tokens)), string(AppendDigest(nil, others)); a != b {
		t.Fatalf("%q and %q have one shape, their digests are\n%q\n%q", sql, other, a, b)
	}
	_, a := AppendCollapsed(nil, tokens)
	if _, b := AppendCollapsed(nil, others); a != b {
		t.Fatalf("%q and %q have one shape, but not both have lists", sql, other)
	}
	var s, o Statement
	tokens.Parse(&s)
	others.Parse(&o)
	if s.DoubleQuoted != o.DoubleQuoted {
		t.Fatalf("of %q and %q, of one shape, one has names in double quotes", sql, other)
	}
	if !s.DoubleQuoted && (s.Action != o.Action || tableNames(string(sql), s.Tables) != tableNames(string(other), o.Tables)) {
		t.Fatalf("%q and %q have one shape: %v %q, %v %q", sql, other, s.Action, tableNames(string(sql), s.Tables), o.Action, tableNames(string(other), o.Tables))
	}
}

// otherLiterals returns a text with other strings, numbers and comments.
func otherLiterals(tokens *Tokens) []byte {
	var out []byte
	end := 0
	for _, t := range tokens.List {
		out = append(out, tokens.SQL[end:t.Start]...)
		end = t.End
		text := tokens.SQL[t.Start:t.End]
		switch {
		case t.Kind == String && t.End < len(tokens.SQL):
			text = []byte("'x FROM y \\''")
		case t.Kind == DoubleQuoted && t.End < len(tokens.SQL):
			text = []byte(`"u"`)
		case t.Kind == Number:
			text = []byte("77")
		case t.Kind == Comment && text[0] == '/':
			text = []byte("/* ' \" */")
		}
		out = append(out, text...)
	}
	return append(out, tokens.SQL[end:]...)
}
