package export

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/redact"
	"sqleuth/analysis/sqltext"
)

// literalsOf returns the strings of at least six bytes in the statements of a log that
// have a letter, are no names of anything in it and no code (see redact), and the users
// and hosts.
func literalsOf(t *testing.T, s *pipeline.Snapshot, text pipeline.Text) (values []string) {
	t.Helper()
	literals, names := map[string]bool{}, map[string]bool{}
	err := text.Statements(&s.Log).Scan(t.Context(), 0, s.Len(), func(i int) bool { return s.Command(i) != "Connect" }, func(_ int, text []byte) bool {
		var tokens sqltext.Tokens
		tokens.Lex(text)
		for _, token := range tokens.List {
			switch word := string(tokens.Text(token)); token.Kind {
			case sqltext.String, sqltext.DoubleQuoted:
				if word = strings.Trim(word, `'"%`); len(word) >= 6 && strings.ContainsFunc(word, unicode.IsLetter) && !code.MatchString(word) {
					literals[word] = true
				}
			case sqltext.Word, sqltext.QuotedIdent, sqltext.Variable:
				names[strings.ToLower(strings.Trim(word, "`@"))] = true
			}
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Connections.Len() {
		c := s.Connections.Peek(i)
		for _, name := range []string{s.Connections.Text(c.User), s.Connections.Text(c.Host)} {
			if len(name) >= finderHead && name != "localhost" && name != "user" && name != "mysql" { // words of sentences
				literals[name] = true
				delete(names, name)
			}
		}
	}
	for value := range literals {
		if !names[strings.ToLower(value)] {
			values = append(values, value)
		}
	}
	slices.Sort(values)
	return values
}

// code matches what is between two strings where an injection left a quote open.
var code = regexp.MustCompile(`\b(SELECT|AND|OR|ELSE|ORDER|LIMIT|FROM|WHERE|UNION|THEN|LIKE|AS|VALUES|INTO|IN|IS|NULL|BY|CONCAT)\b`)

// finder finds values in texts, as more than parts of words.
type finder map[string][]string // by their first bytes

const finderHead = 4

func newFinder(values []string) finder {
	f := finder{}
	for _, v := range values {
		f[v[:finderHead]] = append(f[v[:finderHead]], v)
	}
	return f
}

// in returns the values that a text has, each once, with what is around it.
func (f finder) in(text []byte) map[string]string {
	found := map[string]string{}
	word := func(c byte) bool {
		return c == '_' || c >= 0x80 || unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c))
	}
	for at := 0; at+finderHead <= len(text); at++ {
		if at > 0 && word(text[at-1]) && word(text[at]) {
			continue
		}
		for _, v := range f[string(text[at:at+finderHead])] {
			end := at + len(v)
			if found[v] != "" || !bytes.HasPrefix(text[at:], []byte(v)) || at > 0 && word(text[at-1]) && word(v[0]) || end < len(text) && word(text[end]) && word(v[len(v)-1]) {
				continue
			}
			found[v] = string(text[max(0, at-80):min(len(text), end+40)])
		}
	}
	return found
}

// contents are the files of an export.
func contents(t *testing.T, dir string, names []string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, name := range names {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = b
	}
	return out
}

// No file of a redacted export has a value of the log, a user or a host, words of this
// program aside.
func TestNothingHiddenIsShown(t *testing.T) {
	opt := Options{Version: "test", Redaction: &Redaction{[]byte("secret"), redact.What{Literals: true, Users: true, Hosts: true}}}
	s, text := load(t, reading.Correct, "../verify/testdata/general.log", "")
	var ours []byte
	for _, opt.Files = range []Files{Full, Timesketch, ECS} {
		dir := filepath.Join(t.TempDir(), "out")
		for _, content := range contents(t, dir, write(t, dir, s, text, opt)) {
			ours = append(ours, content...)
		}
	}
	for _, r := range s.Rules.Rules {
		ours = append(ours, r.Title+"\n"+r.Name+"\n"...)
	}
	ours = append(ours, " secure_file_priv "...) // which the report advises to set
	for _, name := range []string{"webapp-sqli", "exposed-root"} {
		s, text := load(t, reading.Correct, "../../testdata/"+name+"/general.log.gz", "../../testdata/"+name+"/labels.csv")
		values := literalsOf(t, s, text)
		if len(values) < 100 {
			t.Fatalf("%s has %d values", name, len(values))
		}
		find := newFinder(values)
		for own := range find.in(ours) {
			values = slices.DeleteFunc(values, func(v string) bool { return v == own })
		}
		find = newFinder(values)
		plain := find.in([]byte(strings.Join(values, "\n")))
		if len(plain) != len(values) {
			t.Fatalf("%d values of %d would be found", len(plain), len(values))
		}
		for _, opt.Files = range []Files{Full, Timesketch, ECS} {
			if opt.Files != Full && name != "exposed-root" {
				continue // the same entries once more
			}
			dir := filepath.Join(t.TempDir(), "out")
			for file, content := range contents(t, dir, write(t, dir, s, text, opt)) {
				shown := 0
				for value, around := range find.in(content) {
					if shown++; shown <= 5 {
						t.Errorf("%s: %s shows %q: …%s…", name, file, value, around)
					}
				}
			}
		}
	}
}

// Names of accounts that read like what a sentence is made of, its statement too, are
// hidden, and uncover no value, however short, of what the sentence quotes. A name that
// stays where it is uncovers none either.
func TestNamesThatReadLikeSentences(t *testing.T) {
	names := []string{"a: SELECT '", "b: SELECT c", "asked for mysql.user: SELECT", "sent = ann: ", "asked for mysql.user", "ann (2 entries in 2"}
	var log strings.Builder
	for k, name := range names {
		for _, e := range []string{"Connect\t" + name + "@10.0.0.5 on shop using TCP/IP", "Query\tSELECT user, host FROM mysql.user WHERE user = 'qxz' OR user = \"qyz\"", "Query\tDROP TABLE customers, `qtable`", "Quit\t"} {
			fmt.Fprintf(&log, "2025-03-03T10:%02d:00.000000Z\t%5d %s\n", k, k+1, e)
		}
	}
	path := filepath.Join(t.TempDir(), "general.log")
	if err := os.WriteFile(path, []byte(log.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	s, text := load(t, reading.Correct, path, "")
	if len(s.Detections) < len(names) || s.Connections.Text(s.Connections.Peek(0).User) != names[0] {
		t.Fatalf("there are %d detections", len(s.Detections))
	}
	for _, users := range []bool{true, false} {
		opt := Options{Version: "test", Redaction: &Redaction{[]byte("secret"), redact.What{Literals: true, Users: users, Hosts: true}}}
		for _, opt.Files = range []Files{Full, Timesketch, ECS} {
			dir := filepath.Join(t.TempDir(), "out")
			for file, content := range contents(t, dir, write(t, dir, s, text, opt)) {
				hidden := []string{"qxz", "qyz"}
				if users {
					hidden = append(hidden, names[0], names[1], names[3], names[5])
				}
				for _, text := range hidden {
					if at := bytes.Index(content, []byte(text)); at >= 0 {
						t.Errorf("users %v: %s shows %q: …%s…", users, file, text, content[max(0, at-100):min(len(content), at+40)])
					}
				}
			}
		}
	}
}

// A redacted copy commits to the rows of the export that is not redacted: both have the
// same root, and no other key has.
func TestCommitments(t *testing.T) {
	s, text := load(t, reading.Correct, "../verify/testdata/general.log", "../verify/testdata/labels.csv")
	root := func(r Redaction) string {
		t.Helper()
		var out *Commitments
		opt := Options{Redaction: &r}
		var err error
		if opt.redactor, err = r.Redactor(t.Context(), s, text); err != nil {
			t.Fatal(err)
		}
		hidden := 0
		err = commitmentRows(t.Context(), s, text, opt, &out)(func(c *commitment) error {
			for _, f := range c.fields {
				if strings.HasPrefix(f, digestOf) {
					hidden++
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if (hidden > 0) != (r.What != redact.What{}) {
			t.Errorf("%q hides %d fields", r, hidden)
		}
		return out.Root
	}
	full := root(Redaction{Key: []byte("key")})
	for _, what := range []redact.What{{Literals: true}, {Users: true, Hosts: true}, {Literals: true, Users: true, Hosts: true}} {
		if got := root(Redaction{[]byte("key"), what}); got != full {
			t.Errorf("%v leads to %s, the whole to %s", what, got, full)
		}
	}
	if root(Redaction{Key: []byte("other")}) == full {
		t.Error("another key has the same salts")
	}
}

// What cannot be redacted is refused, and without anything to hide nothing is learnt.
func TestHides(t *testing.T) {
	all := &Redaction{[]byte("key"), redact.What{Literals: true, Users: true, Hosts: true}}
	for _, c := range []struct {
		opt Options
		of  reading.Reading
		ok  bool
	}{
		{Options{}, reading.Notebook, true},
		{Options{Redaction: &Redaction{}}, reading.Notebook, true},
		{Options{Redaction: all}, reading.Correct, true},
		{Options{Redaction: all, Files: Evidence}, reading.Correct, true},
		{Options{Redaction: all}, reading.Notebook, false},
		{Options{Redaction: all, Files: ECS}, reading.Correct, true},
		{Options{Redaction: all, Files: Timesketch}, reading.Correct, true},
	} {
		if err := c.opt.Hides(c.of); (err == nil) != c.ok {
			t.Errorf("%v of %v: %v", c.opt.Files, c.of, err)
		}
	}
	if all.String() != "literals,users,hosts" {
		t.Errorf("all is %q", all)
	}
	var none *Redaction
	if r, err := none.Redactor(t.Context(), nil, pipeline.Text{}); r != nil || err != nil {
		t.Errorf("%v, %v", r, err)
	}
	for _, bad := range []string{"", "[]", `{"a":}`, `{"a"`} {
		if _, err := Fields([]byte(bad)); err == nil {
			t.Errorf("%q is a row", bad)
		}
	}
	row := []Field{{"a", []byte("1")}}
	for _, fields := range [][]string{nil, {""}, {"salt:x"}, {"sha256:00"}, {"sha256:zz"}} {
		if _, _, err := Committed(row, fields); err == nil {
			t.Errorf("%q is a commitment", fields)
		}
	}
}
