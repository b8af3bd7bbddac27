package tablelog

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"sqleuth/analysis/genlog"
)

const mariadb = "../../testdata/mariadb/"

func readTestdata(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(mariadb + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// logged is one entry as far as both forms hold it.
type logged struct {
	second  int64
	id      uint64
	command string
	text    string
}

// fileForm reads a log of the file form. MariaDB stores arguments as utf8mb3:
// what is not, four-byte characters included, the table holds as \xHH.
func fileForm(log []byte) (list []logged) {
	var cov genlog.Coverage
	var now int64
	genlog.Scan(genlog.Chunk{Data: log, First: true, Last: true}, &cov, genlog.Handler{Record: func(r *genlog.Record) {
		if r.Form != genlog.FormSame {
			now = r.Time
		}
		var text strings.Builder
		for b := r.Argument; len(b) > 0; {
			c, n := utf8.DecodeRune(b)
			if c == utf8.RuneError && n == 1 || n == 4 {
				for _, x := range b[:n] {
					fmt.Fprintf(&text, `\x%02X`, x)
				}
			} else {
				text.Write(b[:n])
			}
			b = b[n:]
		}
		list = append(list, logged{now / 1e6, r.ID, string(r.Command), text.String()})
	}})
	return list
}

// The file form and every dump of the table hold the same entries. Where a
// statement has lines that look like entries, the file form shows those too;
// which lines do so is asked of the file form's reader.
func TestFileAndTableAgree(t *testing.T) {
	want := fileForm(readTestdata(t, "general.log"))
	for _, name := range []string{"general_log.tsv", "general_log.outfile.tsv", "general_log.csv", "general_log.engine.csv", "general_log.export.csv", "general_log.hex.csv"} {
		t.Run(name, func(t *testing.T) {
			dump := readTestdata(t, name)
			l, verdict := Recognise(dump, true)
			if verdict != Table {
				t.Fatalf("verdict %d", verdict)
			}
			all := scanAll(dump, l)
			if len(all.rejects) > 0 || all.bytes != int64(len(dump)) {
				t.Fatalf("rejects %q; %d of %d bytes accounted for", all.rejects, all.bytes, len(dump))
			}
			var got []logged
			forged, forgedTimes := 0, map[int64]bool{}
			for _, e := range all.entries {
				line := fmt.Sprintf("%s\t%6d %s\t%s\n", e.when()[2:4]+e.when()[5:7]+e.when()[8:19], e.ID, e.Command, e.Argument)
				seen := fileForm([]byte(line))
				forged += len(seen) - 1
				for _, f := range seen[1:] {
					forgedTimes[f.second] = f.second != seen[0].second
				}
				got = append(got, seen...)
			}
			if forged == 0 {
				t.Error("no statement looks like several entries: the logs are not those that they should be")
			}
			if len(got) != len(want) {
				t.Errorf("%d entries, the file form has %d", len(got), len(want))
			}
			for i := range min(len(got), len(want)) {
				g, w := got[i], want[i]
				// The server asks the clock for each form. In the file, entries of the
				// same second have no time, and take that of a forged line before them.
				if d := g.second - w.second; d == 1 || d == -1 || forgedTimes[w.second] {
					g.second = w.second
				}
				if g != w {
					t.Fatalf("entry %d is %+v, the file form has %+v", i+1, g, w)
				}
			}
			t.Logf("%d rows, %d lines of statements that look like entries", len(all.entries), forged)
		})
	}
}

// Every row names who sent it, in the words of Connect.
func TestAccountsAgreeWithConnect(t *testing.T) {
	dump := readTestdata(t, "general_log.engine.csv")
	l, _ := Recognise(dump, true)
	logins := 0
	for _, e := range scanAll(dump, l).entries {
		if e.Command != "Connect" || strings.Contains(e.Argument, "'@'") {
			continue
		}
		user, host := Account([]byte(e.UserHost))
		if want := string(user) + "@" + string(host) + " on "; !strings.HasPrefix(e.Argument, want) {
			t.Errorf("%q: user %q, host %q, but %q", e.UserHost, user, host, e.Argument)
		}
		logins++
	}
	if logins < 20 {
		t.Errorf("%d logins", logins)
	}
}

// What Debian's clients write of one table is the same rows, but for what a form
// does not keep: a drawn table the blanks at the end, one that is shown for \G a
// last CR, both the difference between NULL and the word.
func TestFormsAgree(t *testing.T) {
	engine := readTestdata(t, "general_log.engine.csv")
	l, _ := Recognise(engine, true)
	all := scanAll(engine, l).entries
	for name, form := range map[string]Form{"general_log.drawn.txt": Drawn, "general_log.vertical.txt": Vertical, "general_log.jsonl": JSON, "general_log.sql": Inserts, "general_log.hex.sql": Inserts} {
		dump := readTestdata(t, name)
		l, verdict := Recognise(dump, true)
		if verdict != Table || l.Form != form || l.UTC != (name == "general_log.sql") {
			t.Errorf("%s: verdict %d, %+v", name, verdict, l)
			continue
		}
		got := scanAll(dump, l)
		if len(got.rejects) > 0 || got.bytes != int64(len(dump)) {
			t.Errorf("%s: rejects %q, %d of %d bytes", name, got.rejects, got.bytes, len(dump))
		}
		var want []entry
		for _, e := range all {
			switch {
			case form == Drawn && len(e.Argument) >= 160:
				continue
			case form == Drawn:
				e.Argument = strings.ReplaceAll(drawnText(e.Argument), "\x00", " ")
			case form == Vertical:
				e.Argument = strings.ReplaceAll(strings.TrimSuffix(e.Argument, "\r"), "\x00", " ")
			}
			want = append(want, e)
		}
		for i := range max(len(got.entries), len(want)) {
			if i >= len(got.entries) || i >= len(want) || got.entries[i] != want[i] {
				t.Errorf("%s: row %d of %d is\n%+v, want of %d\n%+v", name, i+1, len(got.entries), got.entries[min(i, len(got.entries)-1)], len(want), want[min(i, len(want)-1)])
				break
			}
		}
		if cut := scanCut(dump, l, rand.New(rand.NewPCG(1, 9)), 700); !reflect.DeepEqual(cut, got) {
			t.Errorf("%s: read in pieces, %d rows, want %d", name, len(cut.entries), len(got.entries))
		}
	}
}

// A log that the plugin wrote: every login, statement and answer, and two lines
// that a client made to be read as somebody else's login.
func TestAuditOfMariaDB(t *testing.T) {
	log := readTestdata(t, "audit.log")
	rows, rejects := rowsOf(t, string(log), ServerAudit)
	if len(rows) != 58 || rejects != 2 {
		t.Errorf("%d rows and %d rejects of 60 lines", len(rows), rejects)
	}
	for _, want := range []string{
		`5 app@127.0.0.1 Query "SELEC 1" 1064`, `6 app@127.0.0.1 Connect "app@127.0.0.1 on " 1045`, `9 o'neill, x@127.0.0.1 Connect "o'neill, x@127.0.0.1 on " 1045`,
		`3 root@localhost Query "INSERT INTO shop.users VALUES (1, 'it''s'), (2, 'a\\\\b')" 0`, `4 app@127.0.0.1 Read "shop.users" -1`,
	} {
		if !slices.Contains(rows, want) {
			t.Errorf("no row %s", want)
		}
	}
}
