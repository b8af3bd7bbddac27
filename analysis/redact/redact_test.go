package redact

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"sqleuth/analysis/sqltext"
)

// learnt is a Redactor that has seen statements.
func learnt(what What, statements ...string) *Redactor {
	r := New([]byte("secret"), what)
	if what.Users {
		r.LearnUser("ann")
		r.LearnUser("user")
		for _, name := range []string{"a: SELECT b", "a: SELECT '", "at: SELECT", "bob:"} { // which read like a statement
			r.LearnUser(name)
		}
	}
	r.LearnHost("10.0.0.5")
	r.LearnHost("localhost")
	r.Keep("logs/ann.log")
	for _, s := range statements {
		r.Learn([]byte(s))
	}
	r.Learnt()
	return r
}

var token = regexp.MustCompile(`(r|n|user|host)_[0-9a-f]{10}`)

// shape is a text with the same sign for each token.
func shape(text string) string { return token.ReplaceAllString(text, "$1?") }

func TestStatement(t *testing.T) {
	r := learnt(What{Literals: true}, "SELECT name, mail FROM users WHERE mail = 'ann@example.org'")
	for _, c := range []struct{ in, want string }{
		{"SELECT name FROM users WHERE mail = 'ann@example.org' AND id = 48151", "SELECT name FROM users WHERE mail = 'r?' AND id = n?"},
		{"SELECT 1 WHERE 1=1 LIMIT 10, 100", "SELECT 1 WHERE 1=1 LIMIT 10, 100"},
		{`INSERT INTO t VALUES ('', "x", N'y', 0x61646d696e, b'0101', -1.2345)`, `INSERT INTO t VALUES ('', "r?", N'r?', n?, n?, -n?)`},
		{"SELECT * FROM t WHERE a LIKE '%ann%' OR b LIKE '%'", "SELECT * FROM t WHERE a LIKE '%r?%' OR b LIKE '%'"},
		{"SELECT name FROM t WHERE age = 47 AND cvv IN (123, 7) AND id=-3 ORDER BY 2 DESC, 1 LIMIT 5 OFFSET 10", "SELECT name FROM t WHERE age = n? AND cvv IN (n?, n?) AND id=-n? ORDER BY 2 DESC, 1 LIMIT 5 OFFSET 10"},
		{"SELECT 1 FROM t WHERE id = 12 OR 1=1 UNION ALL SELECT 1,'x',NULL,3 -- ", "SELECT 1 FROM t WHERE id = n? OR 1=1 UNION ALL SELECT 1,'r?',NULL,3 -- "},
		{"SELECT a, 47, SLEEP(5), CHAR(97,98), b+1=2 FROM t WHERE x = 1 = 2 AND y > ALL (3)", "SELECT a, n?, SLEEP(5), CHAR(n?,n?), b+n?=n? FROM t WHERE x = n? = n? AND y > ALL (n?)"},
		{"INSERT INTO t (age) SELECT 47", "INSERT INTO t (age) SELECT n?"},
		{"/* app */ INSERT INTO t (age) SELECT 47", "/* app */ INSERT INTO t (age) SELECT n?"},
		{"EXPLAIN insert t SELECT 47", "EXPLAIN insert t SELECT n?"},
		{"SELECT 1; REPLACE INTO t SELECT 47, 3", "SELECT 1; REPLACE INTO t SELECT n?, n?"},
		{"WITH c AS (SELECT 47 AS age) UPDATE t, c SET t.age = c.age", "WITH c AS (SELECT n? AS age) UPDATE t, c SET t.age = c.age"},
		{"CREATE TABLE t AS SELECT 47", "CREATE TABLE t AS SELECT n?"},
		{"/*!50000 UPDATE */ t SET age = (SELECT 47)", "/*!50000 UPDATE */ t SET age = (SELECT n?)"},
		{"SELECT REPLACE(name,'ann','x'), t.update FROM t WHERE id = 12 UNION SELECT 1,2 FOR UPDATE", "SELECT REPLACE(name,'r?','r?'), t.update FROM t WHERE id = n? UNION SELECT 1,2 FOR UPDATE"},
		{"INSERT INTO t VALUES (471, 0, 'x'), (5, NULL, 1)", "INSERT INTO t VALUES (n?, n?, 'r?'), (n?, NULL, n?)"},
		{"UPDATE t SET age = 47, cvv=123 WHERE id = 1", "UPDATE t SET age = n?, cvv=n? WHERE id = n?"},
		{"CREATE TABLE t (a VARCHAR(40), b DECIMAL(10,2))", "CREATE TABLE t (a VARCHAR(40), b DECIMAL(10,2))"},
		{"GRANT ALL ON *.* TO 'bob'@'203.0.113.7'", "GRANT ALL ON *.* TO 'r?'@'r?'"},
		// A quote in a value cuts it, and the rest is value too.
		{"SELECT name FROM users WHERE mail = 'o'neill40@mail.example' LIMIT 1", "SELECT name FROM users WHERE mail = 'r?'r?'r?"},
		{"SELECT name FROM users WHERE name = 'D'Angelo Russo' LIMIT 1", "SELECT name FROM users WHERE name = 'r?'r? r?'r?"},
		{"SELECT name FROM users WHERE mail = '' UNION SELECT sleep(5), name FROM secrets -- '", "SELECT name FROM users WHERE mail = '' UNION SELECT sleep(5), name FROM secrets -- '"},
		{"SELECT name FROM users WHERE mail = 'x'OR'1'='1' -- ann@example.org", "SELECT name FROM users WHERE mail = 'r?'OR'r?'='r?' -- r?"},
		{"", ""},
	} {
		if got := r.Statement(c.in); shape(got) != c.want {
			t.Errorf("%q:\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

func TestPhrase(t *testing.T) {
	r := learnt(What{Literals: true, Users: true, Hosts: true},
		"SELECT name FROM users WHERE mail = 'ann@example.org' AND town = 'Bad Oeynhausen' AND kind = 'users'",
		`SELECT 1 FROM users WHERE note = 'it\'s  a\nsecret'`,
		"SELECT 1 FROM users WHERE code = ' ORDER BY name LIMIT 40'")
	for _, c := range []struct{ in, want string }{
		{"ann from 10.0.0.5 asked for ann@example.org, in Bad Oeynhausen", "user? from host? asked for r?, in r?"},
		{"ann", "user?"},
		{"annex, joann and 110.0.0.57", "annex, joann and 110.0.0.57"},
		{"the log logs/ann.log of localhost", "the log logs/ann.log of localhost"},
		{"a user of users: user@10.0.0.5, 'user', user", "a user of users: user?@host?, 'user?', user"},
		{"asked for: SELECT name FROM users WHERE town = 'Ulm'", "asked for: SELECT name FROM users WHERE town = 'r?'"},
		{"it says: it's a secret", "it says: r?"},
		{"D7 look: at noon asked for: SELECT name FROM users WHERE town = 'Ulm'", "D7 look: at noon asked for: SELECT name FROM users WHERE town = 'r?'"},
		{"a: SELECT b@10.0.0.5 asked for: SELECT name FROM users WHERE town = 'Ulm'", "user?@host? asked for: SELECT name FROM users WHERE town = 'r?'"},
		{"a: SELECT '@10.0.0.5 asked for: SELECT name FROM users WHERE town = 'Ulm'", "user?@host? asked for: SELECT name FROM users WHERE town = 'r?'"},
		{"x looked at: SELECT name FROM users WHERE town = 'Ulm'", "x looked user? name FROM users WHERE town = 'r?'"},
		{"bob: SELECT name FROM users WHERE town = 'Ulm'", "user? SELECT name FROM users WHERE town = 'r?'"},
		{"stored Bad Oeynh…", "stored r?…"},
		{"stored Bad Oeynh... (1 entry)", "stored r?... (1 entry)"},
		{"SELECT name FROM users ORDER BY name LIMIT 40", "SELECT name FROM users ORDER BY name LIMIT 40"},
		{strings.Repeat("word ", 20) + "Bad Oeyn", strings.Repeat("word ", 20) + "r?"},
		{"Bad", "Bad"},
	} {
		if got := r.Phrase(c.in); shape(got) != c.want {
			t.Errorf("%q:\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

// What the text of an entry is depends on its command.
func TestText(t *testing.T) {
	r := learnt(What{Literals: true}, "SELECT 'ann@example.org'")
	for _, c := range []struct{ command, in, want string }{
		{"Query", "SELECT 'Ulm', 4711", "SELECT 'r?', n?"},
		{"Init DB", "shop 'Ulm' 4711 ann@example.org", "shop 'Ulm' 4711 r?"},
	} {
		if got := shape(r.Text(c.command, c.in)); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.command, c.in, got, c.want)
		}
	}
}

// The same value has the same token wherever it is, another key another one, and what was
// replaced stays as it is.
func TestTokens(t *testing.T) {
	what := What{Literals: true, Users: true}
	r := learnt(what, "SELECT 'ann@example.org'")
	a := token.FindString(r.Statement("SELECT 1 WHERE mail = 'ann@example.org'"))
	if b := token.FindString(r.Phrase("mail to ann@example.org")); a == "" || a != b {
		t.Errorf("%q in a statement is %q in a sentence", a, b)
	}
	if u, v := token.FindString(r.Phrase("by ann")), token.FindString(r.Statement("SELECT 'ann'")); u == "" || u != v {
		t.Errorf("the user %q is %q as a value", u, v)
	}
	other := New([]byte("other"), what)
	other.Learnt()
	if b := token.FindString(other.Statement("SELECT 'ann@example.org'")); a == b {
		t.Errorf("two keys give %q", a)
	}
	once := r.Phrase("ann wrote ann@example.org")
	if twice := r.Phrase(once); once != twice {
		t.Errorf("%q becomes %q", once, twice)
	}
	var nothing *Redactor
	if nothing.Phrase("ann") != "ann" || nothing.Statement("SELECT 'ann'") != "SELECT 'ann'" {
		t.Error("nothing hides something")
	}
	users := learnt(What{Users: true})
	if got := shape(users.Statement("SELECT 'ann', 12345")); got != "SELECT 'user?', 12345" {
		t.Errorf("users alone: %q", got)
	}
}

// A statement may have more tokens than are listed at once, as a dump's has.
func TestLongStatement(t *testing.T) {
	var in, want strings.Builder
	in.WriteString("INSERT INTO t VALUES ")
	want.WriteString("INSERT INTO t VALUES ")
	for in.Len() < 4*sqltext.MaxTokens {
		in.WriteString("(7,'ann'),")
		want.WriteString("(n?,'r?'),")
	}
	in.WriteString("((SELECT 47),'berta-last')")
	want.WriteString("((SELECT n?),'r?')")
	r := learnt(What{Literals: true}, in.String())
	if got := shape(r.Statement(in.String())); got != want.String() {
		k := 0
		for k < len(got) && got[k] == want.String()[k] {
			k++
		}
		t.Errorf("values from byte %d on are shown: %.80q", k, got[k:])
	}
	if got := r.Phrase("by berta-last"); shape(got) != "by r?" {
		t.Errorf("%q: the last value is not known", got)
	}
}

// leadOf looks for the lead of isShape the plain way: back from the number.
func leadOf(t *sqltext.Tokens, i int) int {
	for i--; i >= 0 && isListed(t, i); i-- {
	}
	return i
}

// Which numbers stay is found in one pass, and is the same as looking back from each.
func TestNumbersInOnePass(t *testing.T) {
	words := []string{"1", "22", "333", "4444", "0x61", "'a'", `"b"`, "/*c*/", "/*!*/", ",", ",", "NULL", "asc", "Desc", "OFFSET", "SELECT", "SELECT", "UNION",
		"LIMIT", "BY", "INTERVAL", "INSERT", "(", ")", "sleep(", "VARCHAR(", "t.", "`limit`", "limit", "=", "<", "+", "-", ";", "@a"}
	r := learnt(What{Literals: true})
	rnd := rand.New(rand.NewPCG(1, 2))
	kept, hidden := 0, 0
	for range 5000 {
		in := words[rnd.IntN(len(words))]
		for range rnd.IntN(30) {
			in += " " + words[rnd.IntN(len(words))]
		}
		var tokens sqltext.Tokens
		tokens.Lex([]byte(in))
		want, done, writes := "", 0, false
		for i, x := range tokens.List {
			writes = writes || stores(&tokens, i)
			text := string(tokens.Text(x))
			switch {
			case x.Kind == sqltext.Number && len(text) < fewest && isShape(&tokens, i, leadOf(&tokens, i), writes):
				kept++
			case x.Kind == sqltext.Number, x.Kind == sqltext.HexLiteral:
				text = "n?"
				hidden++
			case x.Kind == sqltext.String, x.Kind == sqltext.DoubleQuoted:
				text = text[:1] + "r?" + text[:1]
			}
			want += in[done:x.Start] + text
			done = x.End
		}
		if got := shape(r.Statement(in)); got != want {
			t.Fatalf("%q:\n got %q\nwant %q", in, got, want)
		}
	}
	if kept < 1000 || hidden < 1000 {
		t.Errorf("%d numbers stay and %d do not", kept, hidden)
	}
}

// Whatever a statement is, no value of it is left, and nothing panics.
func FuzzStatement(f *testing.F) {
	for _, s := range []string{"SELECT 'secret1'", `SELECT "secret1\`, "'secret1'x'y", "0xsecret1 `secret1", "/*!50000 'secret1' */ -- '"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := learnt(What{Literals: true, Users: true, Hosts: true}, s)
		got := r.Statement(s)
		_ = r.Phrase(s)
		_ = r.Statement(got)
	})
}
