package report

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"

	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares text with testdata/name and shows the first line that
// differs.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("line %d of %s:\n got %q\nwant %q\n(go test -update writes it anew)", i+1, path, g[i], w[i])
		}
	}
	t.Fatalf("%d lines, %s has %d (go test -update writes it anew)", len(g), path, len(w))
}

const banner = "/usr/sbin/mysqld, Version: 8.0.37 (MySQL Community Server - GPL). started with:\n" +
	"Tcp port: 3306  Unix socket: /run/mysqld.sock\n" +
	"Time                 Id Command    Argument\n"

// smallLog has a rotated-away head, a NUL hole, a failed login and a statement
// over two lines.
const smallLog = "WHERE a = 1\n" + banner +
	"2024-05-01T08:00:00.000001Z\t    7 Connect\tapp@localhost on shop using Socket\n" +
	"2024-05-01T08:00:00.000002Z\t    7 Query\tSELECT name\nFROM goods WHERE id = 12\n" +
	"2024-05-01T09:00:00.000003Z\t    8 Connect\troot@10.0.0.9 on  using TCP/IP\n" +
	"2024-05-01T09:00:00.000004Z\t    8 Connect\tAccess denied for user 'root'@'10.0.0.9' (using password: YES)\n" +
	"2024-05-01T09:00:01.000005Z\t    7 Quit\t\n"

// localLog has times without a zone.
const localLog = "240501  8:00:00\t    7 Connect\tapp@localhost on shop\n\t\t    7 Query\tUPDATE goods SET price = 2 WHERE id = 3\n240501  8:00:09\t    7 Quit\t\n"

func TestTextGolden(t *testing.T) {
	for _, c := range []struct {
		name, log string
		reading   reading.Reading
		notices   []string
	}{
		{"small.txt", smallLog, reading.Correct, nil},
		{"small-notebook.txt", smallLog, reading.Notebook, nil},
		{"banner.txt", banner, reading.Correct, []string{"2 ids are not in this log: 17, 99@2"}},
		{"banner-notebook.txt", banner, reading.Notebook, nil},
		{"local.txt", localLog, reading.Correct, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := loadText(t, c.reading, c.log)
			golden(t, c.name, text(t, s, Options{Version: "0.0.0", Notices: c.notices}))
		})
	}
	t.Run("sample.txt", func(t *testing.T) {
		s := load(t, reading.Correct, wordpress+"sample.log", wordpress+"sample-labels.csv")
		s.Files[0].Name = "sample.log"
		golden(t, "sample.txt", text(t, s, Options{Version: "0.0.0"}))
	})
}

// hostileLog puts what a terminal acts on into every place that a client
// writes, and makes detections and suspects of it.
var hostileLog = hostileEntries + hostileAttack()

// hostileAttack is a brute force from a host with an escape sequence in its
// name that gets past login and asks for the users.
func hostileAttack() string {
	const account = "'u\x1b[2Jser'@'h\x1b[7m\u202ehost'"
	var b strings.Builder
	entry := func(second, id int, command, text string) {
		fmt.Fprintf(&b, "2024-05-01T08:01:%02d.000000Z\t%5d %s\t%s\n", second, id, command, text)
	}
	for i := range 20 {
		entry(i, 100+i, "Connect", "u\x1b[2Jser@h\x1b[7m\u202ehost on  using TCP/IP")
		entry(i, 100+i, "Connect", "Access denied for user "+account+" (using password: YES)")
	}
	entry(30, 200, "Connect", "u\x1b[2Jser@h\x1b[7m\u202ehost on  using TCP/IP")
	entry(31, 200, "Query", "SELECT * FROM `wp\x1b[5m_users`")
	entry(32, 200, "Query", "SELECT user_pass FROM wp_users")
	entry(33, 200, "Quit", "")
	entry(40, 300, "Connect", "root@h\x1b[8mer on  using TCP/IP")
	entry(41, 300, "Query", "SELECT 1")
	entry(42, 300, "Quit", "")
	return b.String()
}

const hostileEntries = banner +
	"2024-05-01T08:00:00.000001Z\t    7 Connect\ta\x1b[2J\u202e\xff\u009b@h\x07\u200b\x1b]0;x\x07 on d\x1b using TCP/IP\n" +
	"2024-05-01T08:00:00.000002Z\t    7 Query\tSELECT * FROM `t\x1b[31m\u2066\r\xfe`\n" +
	"2024-05-01T08:00:00.000003Z\t    7 Query\tINSERT INTO x\u0085\u2028 `y\x1b` VALUES ('\x9b31m')\n" +
	"2024-05-01T08:00:00.000004Z\t    7 \x1b[1m\tz\n" +
	"2024-05-01T08:00:00.000005Z\t    7 Quit\t\n"

func TestTextIsPrintable(t *testing.T) {
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		s := loadText(t, r, hostileLog)
		s.Files[0].Name = "\x1b]52;c;evil\x07\u202elog"
		s.Files[0].Damage = []logfile.Damage{{Kind: logfile.Corrupt, Err: errors.New("\x1b[2J")}}
		got := text(t, s, Options{Version: "\x1b", Notices: []string{"a\x1bb\nc"}})
		for i, c := range got {
			if c != '\n' && (!unicode.IsPrint(c) || c == unicode.ReplacementChar && r == reading.Correct) {
				t.Errorf("%v: %q reaches the terminal in %q", r, c, got[max(0, i-40):min(len(got), i+40)])
			}
		}
		for _, part := range []string{"␛[31m", "through u␛[2Jser@h␛[7m", "failed logins for u␛[2Jser", "root got past login from h␛[8mer"} {
			if !strings.Contains(strings.Join(strings.Fields(got), " "), part) {
				t.Errorf("%v: %q is missing", r, part)
			}
		}
	}
}

// Nothing claims that a statement was run: the log cannot know.
func TestTextSaysSent(t *testing.T) {
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		s := load(t, r, wordpress+"sample.log", wordpress+"sample-labels.csv")
		got := strings.ToLower(text(t, s, Options{}))
		for _, word := range []string{"executed", "succeeded", "stolen", "stole "} {
			if strings.Contains(got, word) {
				t.Errorf("%v: the report says %q", r, word)
			}
		}
	}
}

// A technique that several old ones have become is listed once, with all of them.
func TestTechniquesAreListedOnce(t *testing.T) {
	s := loadText(t, reading.Correct, banner+"2024-05-01T08:00:00.000000Z\t    7 Query\tSELECT 1\n2024-05-01T07:00:00.000000Z\t    7 Query\tSELECT 1\n")
	if got, want := text(t, s, Options{}), "D24 Time runs backwards (T1685 (T1562, T1070)):"; !strings.Contains(got, want) {
		t.Errorf("nothing says %q in\n%s", want, got)
	}
}
