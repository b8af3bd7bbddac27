package tablelog

import (
	"fmt"
	"os"
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

// logged is one entry as both forms can say it.
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
	genlog.Scan(genlog.Chunk{Data: log, First: true, Last: true, Short: true}, &cov, func() {}, func(r *genlog.Record) {
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
	})
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

// Every row says who sent it, in the words of Connect.
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
