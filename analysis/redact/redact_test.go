package redact

import (
	"regexp"
	"strings"
	"testing"
)

// learnt is a Redactor that has seen statements.
func learnt(what What, statements ...string) *Redactor {
	r := New([]byte("secret"), what)
	if what.Users {
		r.LearnUser("ann")
		r.LearnUser("user")
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
