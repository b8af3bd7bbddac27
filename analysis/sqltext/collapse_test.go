package sqltext

import (
	"bytes"
	"strings"
	"testing"
)

// collapseCases holds statements with what they collapse to; "" where they stay
// as they are.
var collapseCases = []struct {
	name, sql, want string
}{
	// IN
	{"numbers", "SELECT a FROM t WHERE id IN (1, 2,3) AND b = 4", "SELECT a FROM t WHERE id IN (<*>) AND b = 4"},
	{"one number", "SELECT a FROM t WHERE id IN (1)", "SELECT a FROM t WHERE id IN (<*>)"},
	{"any case, any space", "a iN\n\t(\r\n 1\v,\f2\n)  ", "a iN\n\t(<*>)  "},
	{"no space", "a NOT IN(1,2)AND b", "a NOT IN(<*>)AND b"},
	{"strings", `a IN ('x', "y", N'z', 'it''s', '\'', ')', 'IN (1)')`, "a IN (<*>)"},
	{"strings in a row", "a IN ('x' 'y'\n'z', 1)", "a IN (<*>)"},
	{"signs, decimals, floats", "a IN (-1, + 2, --3, 1.5, .5, -1e-5)", "a IN (<*>)"},
	{"hexadecimal, bits", "a IN (0x1f, x'1F', 0b01, b'1')", "a IN (<*>)"},
	{"character sets and types", "a IN (_utf8mb4'x', _binary 0x1f, DATE '2024-07-10', timestamp'2024-07-10 00:00:00')", "a IN (<*>)"},
	{"words", "a IN (NULL, true, False, DEFAULT)", "a IN (<*>)"},
	{"placeholders", "a IN (?, ?,?)", "a IN (<*>)"},
	{"rows", "(a, b) IN ((1, 'x'), (2, 'y'))", "(a, b) IN (<*>)"},
	{"several lists", "a IN (1, 2) OR b IN ('x') OR c IN (SELECT d FROM u WHERE e IN (3, 4))",
		"a IN (<*>) OR b IN (<*>) OR c IN (SELECT d FROM u WHERE e IN (<*>))"},
	{"in brackets", "((a IN ((1), 2)))", "((a IN (<*>)))"},
	{"version comment", "SELECT 1 /*!50000 FROM t WHERE a IN (1, 2) */", "SELECT 1 /*!50000 FROM t WHERE a IN (<*>) */"},
	{"several statements", "DELETE FROM t WHERE a IN (1, 2); DELETE FROM u WHERE a IN (3)", "DELETE FROM t WHERE a IN (<*>); DELETE FROM u WHERE a IN (<*>)"},
	{"behind what was no list", "a IN (b, c) AND d IN (1)", "a IN (b, c) AND d IN (<*>)"},
	{"in what was no list", "a IN (1, b IN (2, 3))", "a IN (1, b IN (<*>))"},
	{"a list at the word that ends another", "a IN (1, IN (2))", "a IN (1, IN (<*>))"},

	{"empty list", "a IN ()", ""},
	{"subquery", "a IN (SELECT b FROM u)", ""},
	{"names", "a IN (b, `c`, @d, 1)", ""},
	{"call", "a IN (1, LOWER('x'))", ""},
	{"calculation", "a IN (1 + 2, 3)", ""},
	{"sign without a literal", "a IN (-b, 1)", ""},
	{"operator that is no sign", "a IN (->1)", ""},
	{"character set without a string", "a IN (_utf8 1, 2)", ""},
	{"type without a string", "a IN (date, 1)", ""},
	{"gap", "a IN (1,, 2)", ""},
	{"no comma", "a IN (1 2)", ""},
	{"brackets too deep", "a IN (((1, 2), (3, 4)))", ""},
	{"empty row", "a IN ((), 1)", ""},
	{"comment in the list", "a IN (1, /* x */ 2)", ""},
	{"comment in front of the list", "a IN/**/(1, 2)", ""},
	{"version comment in the list", "a IN (1 /*!50000 , 2*/)", ""},
	{"collapsed already", "a IN (<*>)", ""},
	{"statement end in the list", "a IN (1; 2)", ""},
	{"string", "SELECT 'a IN (1, 2)', \"a IN (1, 2)\", `a IN (1, 2)`", ""},
	{"comment", "SELECT 1 /* a IN (1, 2) */ -- a IN (1, 2)\n# a IN (1, 2)", ""},
	{"line comment that ends in the word", "SELECT 1 -- IN\n(1, 2)", ""},
	{"column of that name", "SELECT t.in (1, 2), t . in (1, 2), t./**/in (1), t.`in` (1)", ""},
	{"variable of that name", "SELECT @in (1, 2)", ""},
	{"part of a word", "SELECT min(1, 2), inn(1, 2), MULTIVALUES(1), (2), éin (1)", ""},
	{"other words", "SELECT COUNT(1), 'x' LIKE ('y')", ""},

	// VALUES
	{"two rows", "INSERT INTO t VALUES (1, 'a'), (2, 'b')", "INSERT INTO t VALUES (<*>)"},
	{"columns", "INSERT INTO t (a, b) VALUES(1,2),\n(3,4) ,\n(5,6)\n", "INSERT INTO t (a, b) VALUES(<*>)\n"},
	{"update behind", "INSERT INTO t VALUES (1, 2), (3, 4) ON DUPLICATE KEY UPDATE a = VALUES(a), b = VALUES (b), c = 5",
		"INSERT INTO t VALUES (<*>) ON DUPLICATE KEY UPDATE a = VALUES(a), b = VALUES (b), c = 5"},
	{"alias behind", "REPLACE t VALUES (1), (2) AS n", "REPLACE t VALUES (<*>) AS n"},
	{"VALUE", "INSERT INTO t value (1), (DEFAULT)", "INSERT INTO t value (<*>)"},
	{"ROW", "VALUES ROW(1, 'a'), row (2, 'b')", "VALUES ROW(<*>)"},
	{"ROW on lines", "VALUES\n\tROW\n(1), ROW(2) ORDER BY 1", "VALUES\n\tROW\n(<*>) ORDER BY 1"},
	{"rows of different length", "INSERT INTO t VALUES (1), (2, 3)", "INSERT INTO t VALUES (<*>)"},
	{"rows in several statements", "INSERT INTO t VALUES (1),(2);INSERT INTO u VALUES (1),(2),(3);", "INSERT INTO t VALUES (<*>);INSERT INTO u VALUES (<*>);"},
	{"list behind one row", "INSERT INTO t VALUES (1); DELETE FROM t WHERE a IN (1, 2)", "INSERT INTO t VALUES (1); DELETE FROM t WHERE a IN (<*>)"},
	{"list in a row", "INSERT INTO t VALUES (1), (2 IN (1, 2))", "INSERT INTO t VALUES (1), (2 IN (<*>))"},
	{"rows where the list was none", "VALUES (1), VALUES (2), (3)", "VALUES (1), VALUES (<*>)"},

	{"one row", "INSERT INTO t VALUES (1, 'a')", ""},
	{"one row, two in the next statement", "INSERT INTO t VALUES (1); INSERT INTO u VALUES (2), (3)", "INSERT INTO t VALUES (1); INSERT INTO u VALUES (<*>)"},
	{"one row and an update", "INSERT INTO t (a) VALUES ('x') ON DUPLICATE KEY UPDATE a = VALUES(a)", ""},
	{"call in a row", "INSERT INTO t VALUES (1, 2), (3, NOW())", ""},
	{"no rows", "INSERT INTO t VALUES (), ()", ""},
	{"nested rows", "INSERT INTO t VALUES ((1)), ((2))", ""},
	{"row without brackets", "INSERT INTO t VALUES (1), 2", ""},
	{"row without a comma", "INSERT INTO t VALUES (1) (2)", ""},
	{"ROW of IN", "SELECT 1 IN ROW(1, 2)", ""},
	{"ROW of nothing", "SELECT ROW(1, 2), ROW(3, 4)", ""},
	{"column VALUE", "SELECT t.value (1), (2)", ""},
	{"comment between rows", "INSERT INTO t VALUES (1), /* x */ (2)", ""},

	// Cut statements.
	{"cut behind a literal", "a IN (1, 2", "a IN (<*>"},
	{"cut behind a comma", "a IN (1, ", "a IN (<*>"},
	{"cut behind a sign", "a IN (1, -", "a IN (<*>"},
	{"cut in a string", "a IN ('x', 'y) OR b IN (1", "a IN (<*>"},
	{"cut in the first string", `a IN ('x\'`, "a IN (<*>"},
	{"cut behind a character set", "a IN (1, _utf8", "a IN (<*>"},
	{"cut in a row of IN", "a IN ((1, 2), (3", "a IN (<*>"},
	{"cut in front of a row of IN", "a IN ((1, 2), (", "a IN (<*>"},
	{"cut in a row", "INSERT INTO t VALUES (1, 2), (3, 'x", "INSERT INTO t VALUES (<*>"},
	{"cut in front of a row", "INSERT INTO t VALUES (1, 2),", "INSERT INTO t VALUES (<*>"},
	{"cut behind ROW", "VALUES ROW(1), ROW", "VALUES ROW(<*>"},
	{"cut behind the bracket", "a IN (", ""},
	{"cut behind two brackets", "a IN ((", ""},
	{"cut behind the first sign", "a IN (-", ""},
	{"cut in a word", "a IN (1, NUL", ""},
	{"cut in a comment", "a IN (1, 2 /* x", ""},
	{"cut in the first row", "INSERT INTO t VALUES (1, 2", ""},
	{"cut in the first row behind what looks like rows", "INSERT INTO t VALUES ('), (', 2", ""},
	{"cut in front of the bracket", "INSERT INTO t VALUES ", ""},
	{"open string over a list", "SELECT 'x WHERE a IN (1, 2)", ""},
	{"open comment over a list", "SELECT 1 /* WHERE a IN (1, 2)", ""},
	{"empty", "", ""},
}

func TestAppendCollapsed(t *testing.T) {
	for _, c := range collapseCases {
		got, collapsed := AppendCollapsed([]byte("dst:"), lex([]byte(c.sql)))
		want := "dst:" + c.want
		if string(got) != want || collapsed != (c.want != "") {
			t.Errorf("%s: %q\ngot  %q %v\nwant %q %v", c.name, c.sql, got, collapsed, want, c.want != "")
		}
	}
}

func TestCollapseProperties(t *testing.T) {
	for _, c := range collapseCases {
		for cut := range len(c.sql) + 1 {
			checkCollapse(t, []byte(c.sql[:cut]))
		}
	}
	for _, sql := range captureStatements(t) {
		checkCollapse(t, sql)
	}
}

func FuzzCollapse(f *testing.F) {
	addSeeds(f)
	for _, c := range collapseCases {
		f.Add([]byte(c.sql))
	}
	f.Fuzz(checkCollapse)
}

// checkCollapse checks what must hold for any bytes.
func checkCollapse(t *testing.T, sql []byte) {
	t.Helper()
	before := bytes.Clone(sql)
	out, collapsed := AppendCollapsed(nil, lex(sql))
	if !bytes.Equal(before, sql) {
		t.Fatalf("the text was changed from %q to %q", before, sql)
	}
	if collapsed && !MayCollapse(sql) {
		t.Fatalf("%q collapses to %q, without its tokens it seems to have no lists", sql, out)
	}
	if !collapsed {
		if len(out) > 0 {
			t.Fatalf("%q: nothing collapsed, but there is %q", sql, out)
		}
		return
	}
	if again, twice := AppendCollapsed(nil, lex(out)); twice {
		t.Fatalf("%q collapses to %q and that to %q", sql, out, again)
	}
	// The shortest list is IN(1), of which each becomes IN(<*>); at the end the
	// closing bracket may be missing.
	if limit := len(sql) + 2*((len(sql)+1)/len("IN(1)")); len(out) > limit {
		t.Fatalf("%q of %d bytes collapses to %q of %d", sql, len(sql), out, len(out))
	}
	if rest := outside(sql, out); rest != "" {
		t.Fatalf("%q collapses to %q: %s", sql, out, rest)
	}
	action, table := actionTable(sql)
	if a, b := actionTable(out); a != action || b != table {
		t.Fatalf("%q: %v %q, collapsed to %q: %v %q", sql, action, table, out, a, b)
	}
	var s, c Statement
	lex(sql).Parse(&s)
	lex(out).Parse(&c)
	if len(s.Tables) != len(c.Tables) {
		t.Fatalf("%q has tables %v, collapsed to %q it has %v", sql, s.Tables, out, c.Tables)
	}
	for i := range s.Tables {
		if a, b := s.Tables[i].AppendName(nil, sql), c.Tables[i].AppendName(nil, out); !bytes.Equal(a, b) {
			t.Fatalf("table %d of %q is %q, collapsed to %q it is %q", i, sql, a, out, b)
		}
	}
}

// outside returns what was changed beside the content of brackets, "" for nothing:
// what is between the marks must be in sql too, in the same order, the first piece
// at its beginning and the last at its end.
func outside(sql, out []byte) string {
	pieces := bytes.Split(out, []byte("(<*>"))
	rest, ok := bytes.CutPrefix(sql, pieces[0])
	if !ok {
		return "the beginning differs"
	}
	for k, piece := range pieces[1:] {
		at := bytes.Index(rest, piece)
		if k == len(pieces)-2 {
			at = len(rest) - len(piece)
			ok = bytes.HasSuffix(rest, piece)
		} else {
			ok = at >= 0
		}
		if !ok {
			return "a part is missing or was changed: " + strings.ToValidUTF8(string(piece), "?")
		}
		rest = rest[at+len(piece):]
	}
	return ""
}

// Nothing is allocated where dst has room.
func TestCollapseAllocatesNothing(t *testing.T) {
	dst := make([]byte, 0, 4096)
	for _, c := range collapseCases {
		tokens := lex([]byte(c.sql))
		if n := testing.AllocsPerRun(10, func() { AppendCollapsed(dst, tokens) }); n > 0 {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}

func BenchmarkCollapse(b *testing.B) {
	dst := make([]byte, 0, 4096)
	for _, c := range benchmarkStatements {
		b.Run(c.name, func(b *testing.B) {
			sql := []byte(c.sql)
			b.SetBytes(int64(len(sql)))
			b.ReportAllocs()
			tokens := lex(sql)
			for b.Loop() {
				AppendCollapsed(dst, tokens)
			}
		})
	}
}

// BenchmarkCollapseHostile has texts that look like lists everywhere. The time
// for a byte must not grow with their length.
func BenchmarkCollapseHostile(b *testing.B) {
	for _, h := range []struct{ name, head, unit string }{
		{"Words", "", "IN ("},
		{"Lists", "", "IN(1)"},
		{"OpenList", "IN (", "1,"},
		{"OpenRows", "VALUES ", "(1),"},
		{"NestedBrackets", "IN ", "("},
		{"ListsInString", "SELECT '", "IN (1) "},
		{"OpenQuotes", "", "IN ('"},
		{"OpenComments", "", "IN (1,/*"},
		{"Spaces", "IN", " "},
		{"BracketsBehindSpaces", "", "ROW          ("},
		{"FailingRows", "", "VALUES (1),(2),"},
		{"SingleRows", "", "VALUES (1),"},
	} {
		for _, size := range []struct {
			name  string
			bytes int
		}{{"64KiB", 64 << 10}, {"1MiB", 1 << 20}} {
			b.Run(h.name+"/"+size.name, func(b *testing.B) {
				sql := []byte(h.head + strings.Repeat(h.unit, size.bytes/len(h.unit)))
				dst := make([]byte, 0, 2*len(sql))
				b.SetBytes(int64(len(sql)))
				b.ReportAllocs()
				var tokens Tokens
				for b.Loop() {
					tokens.Lex(sql)
					AppendCollapsed(dst, &tokens)
				}
			})
		}
	}
}
