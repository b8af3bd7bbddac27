package notebook

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"sqleuth/analysis/genlog"
)

// expressions are the notebook's own, in its order. The argument is one line of
// words joined by single spaces, so \s is a space and \S anything else.
var expressions = []struct {
	action string
	re     *regexp.Regexp
}{
	{"SELECT", regexp.MustCompile(`^SELECT +.* *FROM *([^ ]+).*`)},
	{"SELECT", regexp.MustCompile(`^SELECT +.*`)},
	{"DELETE", regexp.MustCompile("^DELETE +FROM *`([^ ]+)`.*")},
	{"INSERT", regexp.MustCompile("^INSERT INTO +.*`([^ ]+)`.*")},
	{"UPDATE", regexp.MustCompile("^UPDATE (?:`)([^ ]*)(?:`) .*")},
	{"SET", regexp.MustCompile("^SET .*")},
	{"SHOW", regexp.MustCompile("^SHOW.*`([^ ]+)`")},
	{"FLUSH", regexp.MustCompile("^FLUSH .*")},
}

func plainActionTable(arg string) (action, table string) {
	for _, e := range expressions {
		if m := e.re.FindStringSubmatch(arg); m != nil {
			if len(m) == 2 {
				return e.action, m[1]
			}
			return e.action, "-"
		}
	}
	return "-", "-"
}

func checkActionTable(t *testing.T, arg string) {
	t.Helper()
	action, table := ActionTable([]byte(arg))
	wantAction, wantTable := plainActionTable(arg)
	if action != wantAction || string(table) != wantTable {
		t.Errorf("%q: action %q, table %q; the expressions give %q, %q", arg, action, table, wantAction, wantTable)
	}
}

var pieces = []string{
	"SELECT", "FROM", "DELETE", "INSERT", "INTO", "UPDATE", "SET", "SHOW", "FLUSH", "`", "``", "`a`", "`a`.`b`", " ", " ", " ", "x", "wp_users,",
	"select", "FROM_UNIXTIME(1)", "(", "é", "\u00a0", "日本", "DELETE FROM ", "INSERT INTO ", "SELECT ", "UPDATE `", "SHOW ", "` ",
}

func TestActionTableIsThatOfTheExpressions(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 200_000 {
		var b strings.Builder
		for range rng.IntN(9) {
			b.WriteString(pieces[rng.IntN(len(pieces))])
		}
		checkActionTable(t, strings.Join(strings.Fields(b.String()), " "))
	}
}

func FuzzActionTable(f *testing.F) {
	f.Add("SELECT a FROM b WHERE c IN (SELECT d FROM e)")
	f.Add("UPDATE `` SET x")
	f.Add("INSERT INTO `a` (`b`) VALUES (1)")
	f.Fuzz(func(t *testing.T, arg string) {
		if utf8.ValidString(arg) {
			checkActionTable(t, strings.Join(strings.FieldsFunc(arg, isPythonSpace), " "))
		}
	})
}

func isPythonSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// splitJoin is " ".join(text.split()).
func splitJoin(text string) string { return strings.Join(strings.FieldsFunc(text, isPythonSpace), " ") }

func TestAppendWordsIsSplitAndJoin(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	parts := []string{"a", "bc", "SELECT", " ", "  ", "\t", "\n", "\x1c", "\u00a0", "\u2028", "é", "日", "\x7f", "12345678", "x y z w v u", ""}
	for range 200_000 {
		var b strings.Builder
		for range rng.IntN(12) {
			b.WriteString(parts[rng.IntN(len(parts))])
		}
		text := b.String()
		if got, want := string(appendWords(nil, 0, []byte(text), false)), splitJoin(text); got != want {
			t.Fatalf("%q: %q, want %q", text, got, want)
		}
	}
}

// Entries that are split in place must be split as the plain way does.
func TestPlainLinesAreSplitAsOthers(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	heads := []string{"2025-03-11T05:53:05.006361Z", "2025-03-11T05:53:05,006361Z", "2025-13-11T05:53:05.006361Z", "٢025-03-11T05:53:05.006361Z"}
	ids := []string{"    3 ", "49509 ", "\t   42 ", " 7\t", "", "00012 ", "   ١٢ "}
	commands := []string{"Query\t", "Query ", "Init DB\t", "Field List\t", "Quit\t", "Connect\t", "Query\t ", "Init DBx\t"}
	arguments := []string{"SELECT a FROM b", "SELECT  a FROM b", "SELECT a\nFROM b", "x", "", "é", "UPDATE `` SET a", "a ", "a\r", "SELECT 'a\tb'", "Time    x"}
	for range 50_000 {
		raw := []byte(heads[rng.IntN(len(heads))] + ids[rng.IntN(len(ids))] + commands[rng.IntN(len(commands))] + arguments[rng.IntN(len(arguments))] + "\n")
		var r Record
		name := plainHeader(raw, &r)
		if name == 0 {
			continue
		}
		time, number := r.Time, r.Number
		if !plainLine(raw, name, &r) {
			continue
		}
		var s Scanner
		want, ok := Split(s.AppendText(nil, raw, false))
		if !ok {
			t.Fatalf("%q is split where it stands, but is no entry", raw)
		}
		if got := r.Fields; !bytes.Equal(got.Timestamp, want.Timestamp) || !bytes.Equal(got.ID, want.ID) || !bytes.Equal(got.Command, want.Command) ||
			got.Action != want.Action || !bytes.Equal(got.Table, want.Table) || !bytes.Equal(got.Argument, want.Argument) {
			t.Fatalf("%q:\n got %q\nwant %q", raw, got, want)
		}
		if time != Time(want.Timestamp) || number != Number(want.ID) {
			t.Fatalf("%q: time %d, id %d; want %d, %d", raw, time, number, Time(want.Timestamp), Number(want.ID))
		}
		if !bytes.Equal(raw[r.InRaw:r.InRaw+len(want.Argument)], want.Argument) {
			t.Fatalf("%q: the argument does not stand at %d", raw, r.InRaw)
		}
	}
}

func TestDecodedAsPythonDoes(t *testing.T) {
	const bad = "\uFFFD"
	// What bytes.decode("utf-8", "replace") gives in Python 3.11.
	for in, want := range map[string]string{
		"abc":                  "abc",
		"\xff":                 bad,
		"\xe2\x82":             bad,
		"\xe2\x82x":            bad + "x",
		"\xe2\x28\xa1":         bad + "(" + bad,
		"\xf0\x9f\x98":         bad,
		"\xf0\x9f\x98\xf0":     bad + bad,
		"\xed\xa0\x80":         bad + bad + bad,
		"\xc0\xaf":             bad + bad,
		"\xf5\x80\x80\x80":     bad + bad + bad + bad,
		"\xf4\x90\x80\x80":     bad + bad + bad + bad,
		"\xe0\x80\xaf":         bad + bad + bad,
		"a\x80b\xe2\x82\xacc":  "a" + bad + "b€c",
		"\xc3\x28":             bad + "(",
		"\xf1\x80\x80\xe1\x80": bad + bad,
	} {
		if got := string(AppendDecoded(nil, []byte(in))); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestNumberOfOtherScripts(t *testing.T) {
	for text, want := range map[string]uint64{"0": 0, "12345": 12345, "٠١٩": 19, "１２": 12, "𝟎𝟙𝟚": 12, "99999999999999999999": 1<<64 - 1} {
		if got := Number([]byte(text)); got != want {
			t.Errorf("%s is %d, want %d", text, got, want)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	log := gunzip(b, "../../testdata/wordpress-bruteforce/general.log.gz")
	b.SetBytes(int64(len(log)))
	b.ReportAllocs()
	var s Scanner
	for b.Loop() {
		var cov genlog.Coverage
		s.Scan(genlog.Chunk{Data: log, First: true, Last: true}, &cov, func() {}, forget, func(*Record) {})
	}
}
