package reading

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sqleuth/analysis/sqltext"
)

// shapePieces make statements, ordinary and hostile ones. A # is another literal each
// time.
var shapePieces = []string{
	"SELECT a, b FROM t WHERE id = # AND c = #", "INSERT INTO t (a, b) VALUES (#, #)", "INSERT INTO t VALUES (#), (#)",
	"UPDATE wp_users SET user_pass = # WHERE ID = #", "DELETE FROM t WHERE a IN (#, #, #)", "SELECT * FROM \"t\" WHERE a = \"x\"",
	"SELECT \"a\".b, # FROM mysql.user", "SELECT a FROM t LIMIT #, #", "CALL p(#, @x, DATE #)", "SET @a = #", "USE `a #`", "SHOW TABLES LIKE #",
	" UNION ALL SELECT #, #, NULL", " OR #=#", " AND sleep(#)", " INTO OUTFILE #", " -- #", " /* # */", "; DROP TABLE t", " AND load_file(#)",
	" ORDER BY #", " AND benchmark(#, md5(#))", " WITH x AS (SELECT #) ", "'", "\"", "`", "/*!50000 ", "*/", "(", ")", ",", "\x00", "\\", ".", "-", "_utf8", "N", " ",
}

var shapeLiterals = []string{"1", "0", "5131", "42", "0x3c3f706870", "'x'", "'/var/www/html/x.php'", "'<script>alert(1)</script>'", "'it''s'", "''", "\"x\"", "NULL",
	"-7", "'1 OR 1=1'", "x'41'", "1e5", "'a\\'b'", "'/etc/passwd'", "'https://x.example/1'", "?"}

func randomStatement(r *rand.Rand) string {
	var out strings.Builder
	out.WriteString(shapePieces[r.IntN(12)])
	for r.IntN(3) > 0 {
		out.WriteString(shapePieces[r.IntN(len(shapePieces))])
	}
	return out.String()
}

// withLiterals puts literals in the places of a statement.
func withLiterals(r *rand.Rand, statement string) []byte {
	var out []byte
	for _, c := range []byte(statement) {
		if c != '#' {
			out = append(out, c)
		} else {
			out = append(out, shapeLiterals[r.IntN(len(shapeLiterals))]...)
		}
	}
	return out
}

// TestShapesChangeNothing: what a parser keeps of a shape is what it would find.
func TestShapesChangeNothing(t *testing.T) {
	cached, plain := newShapeParsers()
	r := rand.New(rand.NewPCG(11, 1))
	for range 2000 {
		statement := randomStatement(r)
		literals := r.Uint64()
		for k := range 6 {
			// Most are the same for the second time.
			seed := literals
			if k > 3 {
				seed = r.Uint64()
			}
			checkShapes(t, cached, plain, withLiterals(rand.New(rand.NewPCG(seed, 2)), statement))
		}
	}
	if len(cached.shapes.kept) < 500 {
		t.Errorf("only %d shapes are kept", len(cached.shapes.kept))
	}
}

func FuzzShapes(f *testing.F) {
	r := rand.New(rand.NewPCG(12, 1))
	for range 300 {
		f.Add(withLiterals(r, randomStatement(r)), withLiterals(r, randomStatement(r)))
	}
	cached, plain := newShapeParsers()
	f.Fuzz(func(t *testing.T, a, b []byte) {
		for _, sql := range [][]byte{a, a, b, b, a, b} {
			checkShapes(t, cached, plain, sql)
		}
	})
}

// newShapeParsers returns two parsers, one of which keeps shapes.
func newShapeParsers() (cached, plain *Parser) {
	cached, plain = NewRememberingParser(Correct), NewRememberingParser(Correct)
	plain.shapes = nil
	return cached, plain
}

func checkShapes(t *testing.T, cached, plain *Parser, sql []byte) {
	t.Helper()
	got, want := found(cached, sql), found(plain, sql)
	if got != want {
		t.Fatalf("%q\nwith shapes %s\nwithout     %s", sql, got, want)
	}
}

// found writes what a parser finds in a statement.
func found(p *Parser, sql []byte) string {
	var r Record
	r.Command, r.Text = []byte("Query"), sql
	p.statement(&r, r.Command, sql)
	mined, changed := p.AppendMined(nil, &r)
	return fmt.Sprintf("%s %q %q, facts %q valued %v, digest %q, open %v, mined %q %v", r.Action, r.Table, r.Others, r.Facts, r.asked.valued, r.Digest, r.Open, mined, changed)
}

// TestShapesAreBounded: neither many shapes nor long ones take more than their room.
func TestShapesAreBounded(t *testing.T) {
	p, plain := newShapeParsers()
	most := 0
	for i := range 700 {
		sql := fmt.Appendf(nil, "SELECT %s%d FROM t WHERE c%d", strings.Repeat("a_column, ", longestShape/11), i, i)
		p.tokens.Lex(sql)
		p.asks([]byte("Query"), sql)
		if p.shapes.size > keptShapes {
			t.Fatalf("%d bytes of shapes are kept, at most %d", p.shapes.size, keptShapes)
		}
		if most = max(most, p.shapes.size); i%100 == 0 {
			checkShapes(t, p, plain, sql)
		}
	}
	if most < keptShapes/2 {
		t.Errorf("no more than %d bytes of shapes are kept", most)
	}
}

// TestCutDigests: a comment that cuts off a rest is part of a digest, a remark is not.
func TestCutDigests(t *testing.T) {
	p, plain := newShapeParsers()
	const whole = "SELECT a FROM t WHERE b = ?"
	for sql, want := range map[string]string{
		"SELECT a FROM t WHERE b = 1":                         whole,
		"SELECT a FROM t WHERE b = 1 -- the newest ones":      whole,
		"SELECT a FROM t /* of the newest */ WHERE b = 'x'":   whole,
		"SELECT a FROM t WHERE b = 1 # union":                 whole + cutMark,
		"SELECT a FROM t WHERE b = 'x' -- ' AND hidden = 0":   whole + cutMark,
		"SELECT a FROM t WHERE b = 'x' /* ' AND hidden = 0":   whole + cutMark,
		"SELECT a FROM t WHERE b = 2 --\t":                    whole + cutMark,
		"SELECT a FROM t WHERE b = 'x' \n-- ' AND hidden = 0": whole + cutMark,
		"SELECT a FROM t WHERE b = 'x' \n-- AND hidden = 0":   whole,
	} {
		for range 2 {
			checkShapes(t, p, plain, []byte(sql))
		}
		var r Record
		if p.statement(&r, []byte("Query"), []byte(sql)); r.Digest != want {
			t.Errorf("%q has the digest %q, want %q", sql, r.Digest, want)
		}
	}
}

// What is no statement has the facts of its command; a Prepare has none.
func TestFactsOfCommands(t *testing.T) {
	p := NewRememberingParser(Correct)
	for command, want := range map[string]bool{"Quit": true, "Binlog Dump": true, "Query": true, "Prepare": false} {
		var r Record
		p.statement(&r, []byte(command), []byte("SELECT 1"))
		if (r.Facts != "") != want || (r.Digest != "") != (command == "Query") {
			t.Errorf("%s has the facts %q and the digest %q", command, r.Facts, r.Digest)
		}
	}
	for i := range 4 * maxCommands {
		p.commandFacts(fmt.Append(nil, i))
	}
	if len(p.commands) > maxCommands {
		t.Errorf("facts of %d commands are kept", len(p.commands))
	}
}

// TestVaryKeepsNames: digits inside of a quoted name are part of the digest.
func TestVaryKeepsNames(t *testing.T) {
	for sql, want := range map[string]bool{
		"SELECT a FROM t WHERE b = 5":         true,
		"SELECT a FROM t2 WHERE b = 5":        true,
		"SELECT `a 5 b` FROM t":               false,
		"SELECT a FROM t WHERE `a 5 b` = 5":   false,
		"SELECT a FROM t WHERE b = @`x 5 y`":  false,
		"SELECT a FROM t WHERE b = 'x 5 y'":   true,
		"SELECT a /* x 5 y */ FROM t":         true,
		"SELECT a FROM `t 5 u` WHERE b = '1'": false,

		"SELECT " + strings.Repeat("a, ", sqltext.MaxDigest) + " `a 5 b`": false,
	} {
		p := NewRememberingParser(Correct)
		tail := append([]byte("Query\t"), sql...)
		p.remember(tail)
		var r Record
		r.Slot, r.Known, _ = p.remember(tail)
		r.Command, r.Text = []byte("Query"), bytes.TrimPrefix(tail, []byte("Query\t"))
		p.statement(&r, r.Command, r.Text)
		if got := p.Vary(&r); got != want {
			t.Errorf("%q varies: %v, want %v", sql, got, want)
		}
	}
}

func BenchmarkAsks(b *testing.B) {
	for _, c := range []struct{ name, sql string }{
		{"Options", "SELECT option_value FROM wp_options WHERE option_name = 'WPLANG' LIMIT 1"},
		{"Terms", "SELECT t.*, tt.* FROM wp_terms AS t INNER JOIN wp_term_taxonomy AS tt ON t.term_id = tt.term_id WHERE t.term_id IN " +
			"(14,7,12,18,4,1) AND tt.taxonomy IN ('category', 'post_tag') ORDER BY t.name ASC LIMIT 0, 100 -- 230 bytes"},
	} {
		sql := []byte(c.sql)
		cached, plain := newShapeParsers()
		for name, p := range map[string]*Parser{"kept": cached, "plain": plain} {
			b.Run(c.name+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					p.tokens.Lex(sql)
					p.asks([]byte("Query"), sql)
				}
			})
		}
		b.Run(c.name+"/lexed", func(b *testing.B) {
			var tokens sqltext.Tokens
			for b.Loop() {
				tokens.Lex(sql)
			}
		})
	}
}
