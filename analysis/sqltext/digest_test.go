package sqltext

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// digestCases holds spellings of statements, one a line, with the digest of all.
var digestCases = []struct{ name, spellings, want string }{
	{"blanks and case", "select a from t where b=1\nSELECT\ta\r\vFROM t  WHERE b = 'x' \nSELECT a FROM t WHERE b=?;", "SELECT a FROM t WHERE b = ?"},
	{"comments", "SELECT a/* x */FROM/**/t -- y\n/* z */SELECT a FROM t # y\nSELECT a /*!50000 FROM t */", "SELECT a FROM t"},
	{"comment that cuts", "SELECT a FROM t WHERE b = '' OR 1=1 -- ' AND c = 2", "SELECT a FROM t WHERE b = ? OR ? = ?"},
	{"back-quotes", "SELECT `a`, `t`.`b` FROM `db`.`t`\nSELECT a, t . b FROM db.`t`", "SELECT a, t.b FROM db.t"},
	{"quotes that stay", "SELECT `order`, `a b`, `a``b`, ``, `1`, `1e5`", "SELECT `order`, `a b`, `a``b`, ``, `1`, `1e5`"},
	{"names that begin with digits", "SELECT `2024_sales` FROM 2024_sales", "SELECT 2024_sales FROM 2024_sales"},
	{"keywords as names", "SELECT t.`order`, t.order\nSELECT t.order, `t`.`order`", "SELECT t.order, t.order"},
	{"case of tables", "SELECT a FROM Users", "SELECT a FROM Users"},
	{"functions", "SELECT count(*), Left(a,2) FROM t\nSELECT COUNT( * ), left (a, 3) FROM t", "SELECT COUNT(*), LEFT (a, ?) FROM t"},
	{"table in front of a bracket", "INSERT INTO Users(a,b) VALUES(1,2)\ninsert into Users (`a`, b) values (DEFAULT, null)", "INSERT INTO Users (a, b) VALUES (?)"},
	{"names in double quotes", `SELECT "t"."a" FROM "t" WHERE "x" = "t"."a"`, "SELECT t.a FROM t WHERE ? = t.a"},
	{"FROM in a call", `SELECT TRIM("x" FROM "y"), EXTRACT(YEAR FROM "2024-01-01")`, "SELECT TRIM(? FROM ?), EXTRACT(YEAR FROM ?)"},

	{"numbers", "SELECT a + 1\nSELECT a + 1.5\nSELECT a + .5e3\nSELECT a + 0x1f\nSELECT a + x'1F'\nSELECT a + b'01'", "SELECT a + ?"},
	{"signs", "SELECT -1\nSELECT - 1\nSELECT +-+1\nSELECT 1", "SELECT ?"},
	{"minus", "SELECT a-1, a - -1, (a)-1, @x-1", "SELECT a - ?, a - ?, (a) - ?, @x - ?"},
	{"sign of a name", "SELECT -a, - - a", "SELECT - a, - - a"},
	{"strings", "SELECT 'a'\nSELECT N'a'\nSELECT _utf8'a'\nSELECT _utf8mb4 'it''s' \"x\"\nSELECT 'a' 'b'\nSELECT DATE '2024-01-01'", "SELECT ?"},
	{"words", "SELECT a = NULL\nSELECT a = TRUE\nSELECT a = false\nSELECT a = ''", "SELECT a = ?"},
	{"NULL behind IS", "SELECT a IS NULL, b is not null, c IS true", "SELECT a IS NULL, b IS NOT NULL, c IS TRUE"},
	{"defaults", "CREATE TABLE t (a INT NOT NULL DEFAULT 0, b VARCHAR(10))", "CREATE TABLE t (a INT NOT NULL DEFAULT ?, b VARCHAR(?))"},
	{"date function", "SELECT DATE(a), date ('2024-01-01')", "SELECT DATE(a), DATE(?)"},
	{"type names", "SELECT date, time FROM t", "SELECT DATE, TIME FROM t"},
	{"open string", "SELECT 'a\nSELECT \"a\nSELECT 1", "SELECT ?"},
	{"open name", "SELECT `a\nSELECT a", "SELECT a"},

	{"IN", "a IN (1)\na in (1, 2,3)\na IN ('x', -1, NULL)", "a IN (?)"},
	{"NOT IN", "a NOT IN (1, 2)", "a NOT IN (?)"},
	{"rows in IN", "(a, b) IN ((1, 2))\n(a, b) IN ((1, 2), (3, 4),(5,6))", "(a, b) IN ((?))"},
	{"names in IN", "a IN (b, 1, 2, c, 3)", "a IN (b, ?, c, ?)"},
	{"rows", "INSERT t VALUES (1, 'a')\nINSERT t VALUES (1, 'a'), (2, 'b') , (3,NULL)", "INSERT t VALUES (?)"},
	{"rows with calls", "INSERT t VALUES (1, now())\nINSERT t VALUES (1, NOW()), (2, NOW())", "INSERT t VALUES (?, NOW())"},
	{"ROW", "VALUES ROW(1, 2)\nVALUES ROW(1, 2), row (3, 4)", "VALUES ROW (?)"},
	{"rows that differ", "INSERT t VALUES (1, a), (2, b), (3, b)", "INSERT t VALUES (?, a), (?, b)"},
	{"update behind", "INSERT t VALUES (1), (2) ON DUPLICATE KEY UPDATE a = VALUES(a)", "INSERT t VALUES (?) ON DUPLICATE KEY UPDATE a = VALUES (a)"},
	{"FIELD", "SELECT a FROM t ORDER BY FIELD(id, 3)\nSELECT a FROM t ORDER BY FIELD(id,3,1,2)", "SELECT a FROM t ORDER BY FIELD(id, ?)"},
	{"LIMIT", "SELECT a FROM t LIMIT 10\nSELECT a FROM t LIMIT 0, 10", "SELECT a FROM t LIMIT ?"},
	{"element that goes on", "SELECT 1, 2 + a, a + 1, 2, (1), (2) - 3", "SELECT ?, ? + a, a + ?, ?, (?), (?) - ?"},
	{"calls are no rows", "SELECT f(a), (a), (a)", "SELECT F(a), (a)"},
	{"alias behind a literal", "SELECT 1, 2 AS b FROM t", "SELECT ?, ? AS b FROM t"},

	{"several statements", "select 1;; drop table t ;\nSELECT 1;DROP TABLE t", "SELECT ?; DROP TABLE t"},
	{"leading semicolons", ";;SELECT 1", "SELECT ?"},
	{"nothing", " ; -- x", ""},
	{"variables", "SELECT @@GLOBAL.Version, @A, @`a`, @`a b`", "SELECT @@global.version, @a, @a, @`a b`"},
	{"account", "CREATE USER 'a'@'h', `b`@`h`, c@h.x", "CREATE USER ? @ ?, b @h, c @h.x"},
	{"placeholders", "SELECT a FROM t WHERE b = ? AND c IN (?, ?)", "SELECT a FROM t WHERE b = ? AND c IN (?)"},
	{"ODBC", "{call p(1)}", "{ CALL P(?) }"},
	{"JSON", "SELECT a->'$.b', a->>'$.c'", "SELECT a -> ?, a ->> ?"},
	{"dots", ", . 9E, a . 9E, a.9E5, a.`1`, @a . b, * . 5, 9E . . 9E", ",. 9E, a.9E, a.9E5, a.`1`, @a .b, *.?, 9E.. 9E"},
	{"other bytes", "SELECT \\ \x00 a", "SELECT \\ \x00 a"},
}

func TestDigest(t *testing.T) {
	for _, c := range digestCases {
		for spelling := range strings.SplitSeq(c.spellings, "\n") {
			if got := digest(spelling); got != c.want {
				t.Errorf("%s: %q\ngot  %q\nwant %q", c.name, spelling, got, c.want)
			}
		}
	}
}

func digest(sql string) string { return string(AppendDigest(nil, lex([]byte(sql)))) }

func TestDigestProperties(t *testing.T) {
	for _, c := range digestCases {
		for cut := range len(c.spellings) + 1 {
			checkDigest(t, []byte(c.spellings[:cut]))
		}
	}
	for _, c := range statementCases {
		for cut := range len(c.sql) + 1 {
			checkDigest(t, []byte(c.sql[:cut]))
		}
	}
	for _, c := range collapseCases {
		checkDigest(t, []byte(c.sql))
	}
	for name, text := range longTexts {
		t.Run(name, func(t *testing.T) { checkDigest(t, []byte(text)) })
	}
	seen := map[string]bool{}
	for _, sql := range captureStatements(t) {
		if !seen[string(sql)] && len(seen) < 3000 {
			seen[string(sql)] = true
			checkDigest(t, sql)
		}
	}
}

func FuzzDigest(f *testing.F) {
	addSeeds(f)
	for _, c := range digestCases {
		f.Add([]byte(c.spellings))
	}
	f.Fuzz(checkDigest)
}

// checkDigest checks what must hold for any bytes: the digest of a digest is
// itself, and that of another spelling is the same.
func checkDigest(t *testing.T, sql []byte) {
	t.Helper()
	before := bytes.Clone(sql)
	tokens := lex(sql)
	got := string(AppendDigest([]byte("dst:"), tokens))
	if !bytes.Equal(before, sql) {
		t.Fatalf("the text was changed from %q to %q", before, sql)
	}
	got, ok := strings.CutPrefix(got, "dst:")
	if !ok || len(got) > MaxDigest {
		t.Fatalf("%q has a digest of %d bytes: %q", sql, len(got), got)
	}
	if again := digest(got); again != got {
		t.Fatalf("the digest of %q is\n%q, whose digest is\n%q", sql, got, again)
	}
	if other := respelled(tokens); digest(other) != got {
		t.Fatalf("the digest of %q is\n%q, that of %q is\n%q", sql, got, other, digest(other))
	}
}

// respelled writes the tokens in another way: keywords in another case, other
// blanks and comments, other literals.
func respelled(tokens *Tokens) string {
	random := rand.New(rand.NewPCG(1, uint64(len(tokens.SQL))))
	var out strings.Builder
	end, line := 0, false
	for r := tokens.Reader(); ; {
		token, ok := r.Next()
		if !ok {
			return out.String()
		}
		// Where tokens touch, a blank could make others of them.
		switch {
		case line: // else the comment would go on
			out.WriteByte('\n')
		case token.Start > end:
			out.WriteString([]string{" ", "\n", "\t /* x */ ", "  "}[random.IntN(4)])
		}
		apart := token.Start > end
		end, line = token.End, token.Kind == Comment && tokens.SQL[token.Start] != '/'
		text := string(tokens.Text(token))
		switch {
		case token.key != 0 && random.IntN(2) == 0:
			text = swapped(text)
		case token.Kind == Number && apart && strings.Trim(text, "0123456789") == "":
			text = fmt.Sprint(random.Uint64())
		case token.Kind == String && text[0] == '\'' && end < len(tokens.SQL):
			text = "'other ''\\' text'"
		case token.Kind == Comment && text[0] == '/' && end < len(tokens.SQL):
			text = "/* other */"
		}
		out.WriteString(text)
	}
}

// swapped returns a text with its letters in the other case.
func swapped(text string) string {
	if upper := strings.ToUpper(text); upper != text {
		return upper
	}
	return strings.ToLower(text)
}

// TestLongDigests: what differs far behind the end of the digest still differs, and
// rows beyond number stay one.
func TestLongDigests(t *testing.T) {
	columns := strings.Repeat("a_column, ", MaxDigest)
	a, b := digest("SELECT "+columns+"a FROM t"), digest("SELECT "+columns+"b FROM t")
	if a == b || len(a) > MaxDigest || !DigestCut(a) || DigestCut("SELECT `a`") || !strings.HasPrefix(b, "SELECT a_column, a_column") {
		t.Errorf("two long statements have the digests\n%q\n%q", a, b)
	}
	if a != digest("select  "+columns+" a\nFROM `t`") {
		t.Errorf("the digest of a long statement rests on its spelling")
	}
	name := strings.Repeat("x", 3*MaxDigest)
	if a, b := digest("SELECT "+name+"1"), digest("SELECT "+name+"2"); a == b {
		t.Errorf("two long names have one digest: %q", a)
	}
	rows := "INSERT INTO t VALUES (1, NOW())" + strings.Repeat(", (2, now())", MaxTokens)
	if got, want := digest(rows), "INSERT INTO t VALUES (?, NOW())"; got != want {
		t.Errorf("many rows: %q, want %q", got, want)
	}
}

func TestDigestAllocatesNothing(t *testing.T) {
	dst := make([]byte, 0, 2*MaxDigest)
	for _, c := range benchmarkStatements {
		tokens := lex([]byte(c.sql))
		if n := testing.AllocsPerRun(10, func() { AppendDigest(dst, tokens) }); n > 0 {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}

func TestKeySets(t *testing.T) {
	for key, in := range namesTable {
		if in && !keywords[key].reserved {
			t.Errorf("%s is a name in quotes too", keywordNames[key])
		}
	}
	if startsElement[0] || endsElement[0] || namesTable[0] || isKey*notKey*rowKey*defaultKey == 0 {
		t.Error("a set of keywords names what is none")
	}
}
