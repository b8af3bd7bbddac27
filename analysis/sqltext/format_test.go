package sqltext

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// render writes lines as a screen would.
func render(sql []byte, lines []Line) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.Repeat(" ", line.Indent))
		for _, p := range line.Pieces {
			if p.Space {
				b.WriteByte(' ')
			}
			b.Write(sql[p.Start:p.End])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		sql   string
		width int
		want  []string
	}{
		{"", 80, nil},
		{"COMMIT", 80, []string{"COMMIT"}},
		{"select  a,b\tfrom t where x=1 and y between 1 and 2 or z group by a order by b limit 1", 80, []string{
			"select a,b",
			"from t",
			"where x=1",
			"  and y between 1 and 2",
			"  or z",
			"group by a",
			"order by b",
			"limit 1",
		}},
		{"SELECT a FROM t LEFT OUTER JOIN u ON t.x = u.x AND u.y JOIN v USING (x) WHERE TRIM(a FROM b)", 80, []string{
			"SELECT a",
			"FROM t",
			"LEFT OUTER JOIN u ON t.x = u.x",
			"  AND u.y",
			"JOIN v USING (x)",
			"WHERE TRIM(a FROM b)",
		}},
		{"SELECT (SELECT MAX(x) FROM u WHERE y) AS m FROM (SELECT 1) z", 80, []string{
			"SELECT (",
			"  SELECT MAX(x)",
			"  FROM u",
			"  WHERE y",
			") AS m",
			"FROM (",
			"  SELECT 1",
			") z",
		}},
		{"UPDATE t SET a = LEFT(b, 2), c = 1 WHERE d", 80, []string{
			"UPDATE t",
			"SET a = LEFT(b, 2), c = 1",
			"WHERE d",
		}},
		{"DELETE FROM t WHERE a", 80, []string{"DELETE FROM t", "WHERE a"}},
		{"INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a)", 80, []string{
			"INSERT INTO t (a)",
			"VALUES (1)",
			"ON DUPLICATE KEY UPDATE a = VALUES(a)",
		}},
		{"SHOW COLUMNS FROM t FROM db", 80, []string{"SHOW COLUMNS FROM t FROM db"}},
		{"SELECT 1 -- x\n+ 1; DROP TABLE t", 80, []string{"SELECT 1 -- x", "+ 1;", "DROP TABLE t"}},
		{"SELECT 1--FROM t", 80, []string{"SELECT 1--FROM t"}},
		{"SELECT aaaa,bbbb,cccc FROM t", 14, []string{"SELECT aaaa,", "    bbbb,cccc", "FROM t"}},
		{"SELECT 'open FROM t", 80, []string{"SELECT 'open FROM t"}},
	} {
		want := strings.Join(c.want, "\n")
		if len(c.want) > 0 {
			want += "\n"
		}
		if got := render([]byte(c.sql), Format([]byte(c.sql), c.width)); got != want {
			t.Errorf("%q at %d:\n%s\nwant\n%s", c.sql, c.width, got, want)
		}
	}
}

func TestFormatMarksKeywords(t *testing.T) {
	sql := []byte("SELECT t.from, limits FROM t LIMIT 1")
	var got []string
	for _, line := range Format(sql, 0) {
		for _, p := range line.Pieces {
			if p.Keyword {
				got = append(got, string(sql[p.Start:p.End]))
			}
		}
	}
	if want := []string{"SELECT", "FROM", "LIMIT"}; !slices.Equal(got, want) {
		t.Errorf("keywords %q, want %q", got, want)
	}
}

// checkFormat fails if Format loses, invents or changes a token.
func checkFormat(t *testing.T, sql []byte, width int) {
	t.Helper()
	lines := Format(sql, width)
	want := lex(sql).List
	i := 0
	for _, line := range lines {
		if line.Indent < 0 || line.Indent > maxIndent || len(line.Pieces) == 0 {
			t.Fatalf("line with indent %d and %d pieces", line.Indent, len(line.Pieces))
		}
		for _, p := range line.Pieces {
			if i >= len(want) || p.Token != want[i] {
				t.Fatalf("piece %d is %+v %q, not a token of %q", i, p.Token, sql[p.Start:p.End], sql)
			}
			i++
		}
	}
	if i != len(want) {
		t.Fatalf("%d pieces of %d tokens of %q", i, len(want), sql)
	}
	written := []byte(render(sql, lines))
	again := lex(written).List
	if len(again) != len(want) {
		t.Fatalf("%d tokens instead of %d:\n%q\n%q", len(again), len(want), sql, written)
	}
	for i, w := range want {
		a, b := written[again[i].Start:again[i].End], sql[w.Start:w.End]
		if i == len(want)-1 && EndState(sql) != Closed {
			a = bytes.TrimSuffix(a, []byte("\n")) // render's last line end
		}
		if again[i].Kind != w.Kind || !bytes.Equal(a, b) {
			t.Fatalf("token %d of %q became %q", i, b, a)
		}
	}
}

func TestFormatKeepsTokens(t *testing.T) {
	for _, c := range statementCases {
		for _, width := range []int{-1, 1, 10, 80} {
			checkFormat(t, []byte(c.sql), width)
		}
	}
}
