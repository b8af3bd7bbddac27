package connection_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/sqltext"
)

// write makes a log out of a sketch: "~" at the start of a line is the time, "#"
// for a banner.
func write(sketch string) []byte {
	now := time.Date(2025, 3, 11, 8, 0, 0, 1000, time.UTC)
	var b strings.Builder
	for line := range strings.Lines(sketch) {
		switch {
		case line == "\n": // only to make sketches readable
		case strings.HasPrefix(line, "#"):
			b.WriteString("mysqld, Version: 5.7.44 (MySQL). started with:\nTcp port: 3306  Unix socket: x\nTime                 Id Command    Argument\n")
		case strings.HasPrefix(line, "~"):
			now = now.Add(time.Second)
			var id int
			var rest string
			fmt.Sscan(line[1:], &id)
			_, rest, _ = strings.Cut(strings.TrimLeft(line[1:], " "), " ")
			command, argument, _ := strings.Cut(strings.TrimSuffix(rest, "\n"), " ")
			fmt.Fprintf(&b, "%s%5d %s\t%s\n", now.Format("2006-01-02T15:04:05.000000Z\t"), id, command, argument)
		default:
			b.WriteString(line)
		}
	}
	return []byte(b.String())
}

// follow gives a log to a tracker as the pipeline does.
func follow(log []byte, tracker *connection.Tracker) (of []uint32) {
	var cov genlog.Coverage
	genlog.Scan(genlog.Chunk{Data: log, First: true, Last: true}, &cov, genlog.Handler{Banner: tracker.Banner, Record: func(r *genlog.Record) {
		of = append(of, tracker.Observe(len(of), r.ID, string(r.Command), r.Argument))
		if string(r.Command) == "Query" && sqltext.EndState(r.Argument) != sqltext.Closed {
			tracker.EndsOpen()
		}
	}})
	return of
}

// told lists for each entry the name of its connection and the user.
func told(v connection.View, of []uint32) string {
	var list []string
	for _, c := range of {
		k := v.At(int(c))
		list = append(list, v.Name(int(c))+" "+v.Text(k.User))
	}
	return strings.Join(list, ", ")
}

// Honest logs: what is a restart and what is none.
func TestRestarts(t *testing.T) {
	for _, tt := range []struct {
		name, log, want string
		runs            uint32
	}{
		{"a restart", `
#
~ 3 Connect ann@h on db
~ 4 Connect bob@h on db
~ 3 Quit
#
~ 3 Connect cyd@h on db
~ 3 Query SELECT 1
~ 4 Connect dan@h on db
`, "3@1 ann, 4@1 bob, 3@1 ann, 3@2 cyd, 3@2 cyd, 4@2 dan", 2},
		{"two restarts", `
#
~ 3 Connect ann@h on db
~ 3 Quit
#
~ 3 Connect bob@h on db
#
~ 3 Connect cyd@h on db
~ 3 Quit
`, "3@1 ann, 3@1 ann, 3@2 bob, 3@3 cyd, 3@3 cyd", 3},
		{"the log was opened again, ids go on", `
#
~ 3 Connect ann@h on db
~ 4 Connect bob@h on db
#
~ 3 Query SELECT 1
~ 5 Connect cyd@h on db
~ 4 Quit
`, "3 ann, 4 bob, 3 ann, 5 cyd, 4 bob", 1},
		{"the log was opened again between the two lines of a failed login", `
~ 3 Connect ann@h on db
#
~ 3 Connect Access denied for user 'ann'@'h' (using password: YES)
~ 4 Connect bob@h on db
`, "3 ann, 3 ann, 4 bob", 1},
		{"a restart whose banner was rotated away", `
~ 3 Connect ann@h on db
~ 3 Quit
~ 4 Connect bob@h on db
~ 4 Quit
~ 3 Connect cyd@h on db
~ 3 Query SELECT 1
~ 3 Quit
~ 4 Connect dan@h on db
~ 4 Quit
~ 5 Connect eve@h on db
`, "3@1 ann, 3@1 ann, 4@1 bob, 4@1 bob, 3@2 cyd, 3@2 cyd, 3@2 cyd, 4@2 dan, 4@2 dan, 5 eve", 2},
		{"the same far behind", `
~ 3 Connect ann@h on db
~ 3 Quit
~ 499 Connect bob@h on db
~ 500 Connect bob@h on db
~ 3 Connect cyd@h on db
~ 3 Quit
`, "3@1 ann, 3@1 ann, 499 bob, 500 bob, 3@2 cyd, 3@2 cyd", 2},
		{"a restart right behind a broken statement, which some servers log", `
#
~ 3 Connect ann@h on db
~ 3 Quit
~ 4 Connect bob@h on db
~ 4 Quit
~ 5 Connect cyd@h on db
~ 5 Quit
~ 6 Connect root@h on
~ 6 Query SELECT 'a
~ 6 Shutdown
#
~ 3 Connect dan@h on db
~ 3 Query SELECT 1
~ 3 Quit
~ 4 Connect eve@h on db
` + strings.Repeat("~ 4 Query SELECT 1\n", 12) + `
~ 5 Connect fay@h on db
~ 6 Connect gus@h on db
`, "3@1 ann, 3@1 ann, 4@1 bob, 4@1 bob, 5@1 cyd, 5@1 cyd, 6@1 root, 6@1 root, 6@1 root, 3@2 dan, 3@2 dan, 3@2 dan, 4@2 eve" + strings.Repeat(", 4@2 eve", 12) + ", 5@2 fay, 6@2 gus", 2},
		{"a login right behind a broken statement", `
~ 3 Connect ann@h on db
~ 3 Query SELECT 'a
~ 4 Connect bob@h on db
` + strings.Repeat("~ 4 Query SELECT 1\n", 16) + `
~ 4 Quit
`, "3 ann, 3 ann, 4 bob, " + strings.Repeat("4 bob, ", 16) + "4 bob", 1},
		{"statements of an event, which has no login, under the id of a connection that the restart killed", `
#
~ 3 Connect ann@h on db
~ 3 Query SELECT 1
~ 4 Connect bob@h on db
#
~ 3 Connect cyd@h on db
~ 5 Connect dan@h on db
~ 4 Query UPDATE t SET a = 1
~ 6 Connect eve@h on db
`, "3@1 ann, 3@1 ann, 4@1 bob, 3@2 cyd, 5 dan, 4@2 -, 6 eve", 2},
		{"an id far ahead, then a reopened log", `
~ 300 Connect ann@h on db
~ 9999 Connect bob@h on db
~ 301 Connect cyd@h on db
#
~ 302 Connect dan@h on db
`, "300 ann, 9999 bob, 301 cyd, 302 dan", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tracker := connection.NewTracker()
			of := follow(write(tt.log), tracker)
			v := tracker.View()
			if got := told(v, of); got != tt.want || v.Runs != tt.runs {
				t.Errorf("%d runs, want %d\ngot  %s\nwant %s", v.Runs, tt.runs, got, tt.want)
			}
			if got := doubts(v); got != "" {
				t.Errorf("doubts %q", got)
			}
		})
	}
}

// Where a run begins is not always certain; what may be of another one is marked.
func TestUncertainStart(t *testing.T) {
	for _, tt := range []struct {
		name, log, want, doubts string
		runs                    uint32
	}{
		{"the log was opened again, and a login from before is refused, which had gone on as far as the log shows", `
~ 3 Connect ann@h on db
~ 4 Connect bob@h on db
~ 3 Query SELECT 1
#
~ 3 Connect Access denied for user 'ann'@'h' (using password: YES)
~ 5 Connect cyd@h on db
`, "3 ann, 4 bob, 3 ann, 3 ann, 5 cyd", "3 ann reconnected", 1},
		{"a restart, and the refusal of somebody whose login is not logged comes first", `
#
~ 3 Connect ann@h on db
~ 4 Connect bob@h on db
~ 4 Quit
#
~ 3 Connect Too many connections
~ 4 Connect dan@h on db
`, "3 ann, 4@1 bob, 4@1 bob, 3 ann, 4@2 dan", "3 ann displaced", 2},
		{"the log was opened again, a login that is late, and a restart without a banner", `
#
~ 10 Connect ann@h on db
~ 10 Quit
~ 30 Connect ann@h on db
~ 39 Connect ann@h on db
#
~ 38 Connect bob@h on db
~ 10 Connect cyd@h on db
~ 11 Connect dan@h on db
~ 12 Connect dan@h on db
`, "10@1 ann, 10@1 ann, 30 ann, 39 ann, 38 bob, 10@2 cyd, 11 dan, 12 dan", "38 bob displaced", 2},
		{"a restart without a banner, and ids that had not come before", `
~ 3 Connect ann@h on db
~ 3 Quit
~ 30 Connect bob@h on db
~ 5 Connect cyd@h on db
~ 6 Connect dan@h on db
~ 31 Connect eve@h on db
`, "3 ann, 3 ann, 30 bob, 5 cyd, 6 dan, 31 eve", "5 cyd displaced, 6 dan displaced", 1},
		{"a login that is late, alone", `
~ 30 Connect ann@h on db
~ 27 Connect bob@h on db
~ 31 Connect cyd@h on db
`, "30 ann, 27 bob, 31 cyd", "", 1},
		{"two late logins behind a banner, and statements of one from before", `
~ 55 Connect ann@h on db
~ 60 Connect bob@h on db
#
~ 58 Connect cyd@h on db
~ 59 Connect dan@h on db
~ 55 Query SELECT 1
`, "55@1 ann, 60 bob, 58 cyd, 59 dan, 55@2 -", "55@1 ann survived, 58 cyd displaced, 55@2 - survived", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tracker := connection.NewTracker()
			of := follow(write(tt.log), tracker)
			v := tracker.View()
			if got := told(v, of); got != tt.want || v.Runs != tt.runs {
				t.Errorf("%d runs, want %d\ngot  %s\nwant %s", v.Runs, tt.runs, got, tt.want)
			}
			if got := doubts(v); got != tt.doubts {
				t.Errorf("doubts %q, want %q", got, tt.doubts)
			}
		})
	}
}

// A restart is seen where ids had hardly risen: the first logins behind it have ids
// that the log did not hold before.
func TestRestartOfShortRun(t *testing.T) {
	var log strings.Builder
	log.WriteString("#\n")
	for id := 9; id <= 69; id++ {
		fmt.Fprintf(&log, "~ %d Connect alice@h on  using TCP/IP\n~ %d Query SELECT 1\n~ %d Quit\n", id, id, id)
	}
	log.WriteString("#\n")
	for id := 5; id <= 29; id++ {
		fmt.Fprintf(&log, "~ %d Connect mallory@h on  using TCP/IP\n~ %d Query SELECT 1\n~ %d Quit\n", id, id, id)
	}
	tracker := connection.NewTracker()
	follow(write(log.String()), tracker)
	v := tracker.View()
	if v.Runs != 2 || v.Len() != 61+25 {
		t.Errorf("%d runs and %d connections, want 2 and 86", v.Runs, v.Len())
	}
	for k := range v.Len() {
		c := v.At(k)
		if user := []string{1: "alice", 2: "mallory"}[c.Epoch]; v.Text(c.User) != user || c.Entries != 3 {
			t.Errorf("%s is of %s with %d entries, want %s with 3", v.Name(k), v.Text(c.User), c.Entries, user)
		}
	}
}

// Logs into which somebody wrote: names and users of the honest entries are
// what they would be without, and what is strange is marked.
func TestForged(t *testing.T) {
	const before = `
#
~ 3 Connect ann@h on db
~ 3 Quit
~ 4 Connect bob@h on db
~ 4 Query SELECT 1
~ 5 Connect eve@h on db
`
	const other = "3@1 ann, 3@1 ann, 4 bob, 4 bob, 5 eve, "
	const start = "3 ann, 3 ann, 4 bob, 4 bob, 5 eve, "
	for _, tt := range []struct {
		name, log, want string
		doubts          string
	}{
		{"a banner and a login in quotes", before + `
~ 5 Query SELECT '
#
~ 3 Connect root@h on mysql'
~ 4 Query SELECT 2
~ 5 Quit
~ 6 Connect cyd@h on db
`, other + "5 eve, 3@1000001 root, 4 bob, 5 eve, 6 cyd", "3@1000001 root unsure"},
		{"in a comment", before + `
~ 5 Query SELECT 1 /*
#
~ 3 Connect root@h on mysql */
~ 4 Query SELECT 2
~ 5 Quit
~ 6 Connect cyd@h on db
`, other + "5 eve, 3@1000001 root, 4 bob, 5 eve, 6 cyd", "3@1000001 root unsure"},
		{"under the id of a connection that goes on", before + `
~ 5 Query SELECT '
#
~ 4 Connect root@h on mysql
~ 4 Query DROP TABLE t'
~ 4 Query SELECT 2
~ 5 Quit
~ 6 Connect cyd@h on db
`, "3 ann, 3 ann, 4@1 bob, 4@1 bob, 5 eve, 5 eve, 4@1000001 root, 4@1 bob, 4@1 bob, 5 eve, 6 cyd", "4@1000001 root unsure"},
		{"a whole session, and many logins later it is still none", before + `
~ 5 Query SELECT '
#
~ 3 Connect root@h on mysql
~ 3 Query DROP TABLE t
~ 3 Quit
~ 4 Connect root@h on mysql'
` + strings.Repeat("~ 5 Query SELECT 1\n", 20) + `
~ 4 Quit
~ 6 Connect cyd@h on db
~ 7 Connect dan@h on db
`, "3@1 ann, 3@1 ann, 4@1 bob, 4@1 bob, 5 eve, 5 eve, 3@1000001 root, 3@1000001 root, 3@1000001 root, 4@1000001 root, " + strings.Repeat("5 eve, ", 20) + "4@1 bob, 6 cyd, 7 dan",
			"3@1000001 root unstarted, 4@1000001 root unstarted"},
		{"a high one, which must not make those that follow look low, in no quote", before + `
~ 5 Query SELECT
~ 9999 Connect root@h on mysql
#
~ 6 Connect cyd@h on db
`, start + "5 eve, 9999 root, 6 cyd", ""},
		{"a login of a connection that goes on, in quotes", before + `
~ 5 Query SELECT '
~ 4 Connect root@h on mysql'
~ 4 Query SELECT 2
`, start + "5 eve, 4 bob, 4 bob", "4 bob reconnected"},
		{"and without", before + `
~ 5 Query SELECT
~ 4 Connect root@h on mysql
~ 4 Query SELECT 2
`, start + "5 eve, 4 bob, 4 bob", "4 bob reconnected"},
		{"its own refusal", before + `
~ 5 Query SELECT
~ 4 Connect Access denied for user 'bob'@'h' (using password: YES)
~ 4 Query SELECT 2
`, start + "5 eve, 4 bob, 4 bob", "4 bob reconnected"},
		{"a login of the id that is next", before + `
~ 5 Query SELECT '
~ 6 Connect root@h on mysql
~ 6 Quit '
` + strings.Repeat("~ 5 Query SELECT 1\n", 20) + `
~ 6 Connect cyd@h on db
~ 6 Query SELECT 2
`, start + "5 eve, 6 cyd, 6 cyd, " + strings.Repeat("5 eve, ", 20) + "6 cyd, 6 cyd", ""},
		{"a restart in no quote, and a session that goes on to its end", before + `
~ 5 Query SELECT
#
~ 3 Connect root@h on mysql
~ 4 Quit
~ 6 Connect cyd@h on db
`, other + "5 eve, 3@1000001 root, 4 bob, 6 cyd", "3@1000001 root unstarted"},
		{"two restarts in no quote", before + `
~ 5 Query SELECT
#
~ 3 Connect root@h on mysql
#
~ 3 Connect root@h on mysql
~ 5 Quit
~ 6 Connect cyd@h on db
`, other + "5 eve, 3@1000001 root, 3@1000002 root, 5 eve, 6 cyd", "3@1000001 root unstarted, 3@1000002 root unstarted"},
		{"a restart in no quote where ids are high", `
~ 3000 Connect ann@h on db
~ 3000 Query SELECT
#
~ 3 Connect root@h on mysql
~ 3000 Query SELECT 1
~ 3001 Connect bob@h on db
`, "3000 ann, 3000 ann, 3 root, 3000 ann, 3001 bob", "3 root unstarted"},
		{"the same where nobody goes on but others come", `
~ 3000 Connect ann@h on db
~ 3000 Query SELECT
#
~ 3 Connect root@h on mysql
~ 3001 Connect bob@h on db
`, "3000 ann, 3000 ann, 3 root, 3001 bob", "3 root unstarted"},
		{"a true restart behind one that was none", before + `
~ 5 Query SELECT
#
~ 3 Connect root@h on mysql
~ 4 Quit
~ 5 Quit
#
~ 3 Connect cyd@h on db
`, other + "5 eve, 3@1000001 root, 4 bob, 5 eve, 3@2 cyd", "3@1000001 root unstarted"},
		{"a high id before the log is opened again", before + `
~ 5 Query SELECT '
~ 9999 Connect root@h on mysql'
` + strings.Repeat("~ 5 Query SELECT 1\n", 16) + `
#
~ 6 Connect cyd@h on db
`, start + "5 eve, 9999 root, " + strings.Repeat("5 eve, ", 16) + "6 cyd", "9999 root unsure"},
		{"the same twice", before + strings.Repeat(`
~ 5 Query SELECT
#
~ 3 Connect root@h on mysql
#
~ 3 Connect root@h on mysql
~ 5 Ping
`, 2), other + "5 eve, 3@1000001 root, 3@1000002 root, 5 eve, 5 eve, 3@1000003 root, 3@1000004 root, 5 eve",
			"3@1000001 root unstarted, 3@1000002 root unstarted, 3@1000003 root unstarted, 3@1000004 root unstarted"},
		{"in quotes, and nobody goes on but others come", before + `
~ 5 Query SELECT '
#
~ 3 Connect root@h on mysql'
` + strings.Repeat("~ 9999 Daemon\n", 16) + `
~ 11 Connect cyd@h on db
~ 12 Connect cyd@h on db
`, other + "5 eve, 3@1000001 root, " + strings.Repeat("9999 -, ", 16) + "11 cyd, 12 cyd", "3@1000001 root unstarted"},
		{"in no quote, and of a session that goes on it is seen at the end only", before + `
~ 5 Query SELECT
#
~ 3 Connect root@h on mysql
~ 4 Query SELECT 2
~ 4 Quit
~ 6 Connect cyd@h on db
`, "3@1 ann, 3@1 ann, 4@1 bob, 4@1 bob, 5 eve, 5 eve, 3@1000001 root, 4@1000001 -, 4@1 bob, 6 cyd",
			"3@1000001 root unstarted, 4@1000001 - unstarted"},
		{"a session from before a true restart seems to go on, too late", before + `
#
~ 3 Connect cyd@h on db
~ 6 Connect cyd@h on db
~ 7 Connect cyd@h on db
~ 8 Connect cyd@h on db
~ 9 Connect cyd@h on db
~ 10 Connect cyd@h on db
~ 11 Connect cyd@h on db
~ 12 Connect cyd@h on db
~ 4 Quit
`, "3@1 ann, 3@1 ann, 4@1 bob, 4@1 bob, 5 eve, 3@2 cyd, 6 cyd, 7 cyd, 8 cyd, 9 cyd, 10 cyd, 11 cyd, 12 cyd, 4@2 -", ""},
		{"a login of a session that was there before the log", `
~ 4 Query SELECT 1
~ 5 Connect eve@h on db
~ 5 Query SELECT '
~ 4 Connect root@h on mysql'
~ 4 Query SELECT 2
`, "4 -, 5 eve, 5 eve, 4 -, 4 -", "4 - reconnected"},
		{"a refusal of who had changed the user, in quotes", before + `
~ 4 Change user cyd@h on db
~ 5 Query SELECT '
~ 4 Connect Access denied for user 'bob'@'h' (using password: YES)'
`, start + "4 bob, 5 eve, 4 bob", "4 bob reconnected"},
		{"a refusal before anything was sent", before + `
~ 6 Connect cyd@h on db
~ 5 Query SELECT
~ 6 Connect Access denied for user 'cyd'@'h' (using password: YES)
~ 6 Query SELECT 1
`, start + "6 cyd, 5 eve, 6 cyd, 6 cyd", "6 cyd reconnected"},
		{"the end of a connection whose id is next", before + `
~ 5 Query SELECT
~ 6 Quit
~ 6 Connect cyd@h on db
~ 6 Query SELECT 2
`, start + "5 eve, 6 cyd, 6 cyd, 6 cyd", "6 cyd reconnected"},
		{"a login of a high id that goes on, when the log is opened again", `
~ 3000 Connect ann@h on db
~ 3001 Connect eve@h on db
#
~ 3000 Connect root@h on mysql
~ 3000 Query SELECT 1
~ 3002 Connect bob@h on db
`, "3000 ann, 3001 eve, 3000 ann, 3000 ann, 3002 bob", "3000 ann reconnected"},
		{"a user's name with lines in it, before anybody was let in", before + `
~ 6 Connect x
#
~ 3 Connect root@h on mysql@10.0.0.1 on
~ 6 Connect Access denied for user 'x
#
~ 3 Connect root@h on mysql'@'10.0.0.1' (using password: NO)
~ 4 Quit
~ 7 Connect cyd@h on db
`, other + "6 x, 3@1000001 root, 6 x, 3@1000002 root, 4 bob, 7 cyd", "3@1000001 root unsure, 3@1000002 root unsure"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tracker := connection.NewTracker()
			of := follow(write(tt.log), tracker)
			v := tracker.View()
			runs := uint32(1)
			if strings.Contains(tt.want, "@2 ") {
				runs = 2
			}
			if v.Runs != runs {
				t.Errorf("%d runs, want %d", v.Runs, runs)
			}
			for k := range v.Len() {
				if o := v.At(k).Outcome; o == connection.Denied && v.At(k).ID != 6 {
					t.Errorf("%s was denied", v.Name(k))
				}
			}
			if got := told(v, of); got != tt.want {
				t.Errorf("\ngot  %s\nwant %s", got, tt.want)
			}
			if got := doubts(v); got != tt.doubts {
				t.Errorf("doubts %q, want %q", got, tt.doubts)
			}
		})
	}
}

// doubts lists the connections that are in doubt.
func doubts(v connection.View) string {
	var list []string
	for k := range v.Len() {
		if c := v.At(k); c.Doubt != connection.NoDoubt {
			word := []string{connection.Unsure: "unsure", connection.Reconnected: "reconnected", connection.Unstarted: "unstarted",
				connection.Survived: "survived", connection.Displaced: "displaced", connection.TwoReadings: "two readings"}[c.Doubt]
			list = append(list, v.Name(k)+" "+v.Text(c.User)+" "+word)
		}
	}
	return strings.Join(list, ", ")
}

// A dump of the log's table has no banners, and no text leaves its row.
func TestTable(t *testing.T) {
	tracker := connection.NewTracker()
	tracker.Unbannered(true)
	of := follow(write(`
~ 300 Connect ann@h on db
~ 300 Query SELECT 'a
~ 300 Quit
~ 300 Connect bob@h on db
~ 301 Connect cyd@h on db
~ 301 Query SELECT 'b
~ 301 Quit
`), tracker)
	if got, want := told(tracker.View(), of), "300@1 ann, 300@1 ann, 300@1 ann, 300@2 bob, 301 cyd, 301 cyd, 301 cyd"; got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

// However often the server seems to restart, what is kept for a return is
// bounded: the first run is out of reach.
func TestReturnIsBounded(t *testing.T) {
	log := "~ 900 Connect ann@h on db\n" + strings.Repeat("#\n~ 3 Connect bob@h on db\n", 20)
	tracker := connection.NewTracker()
	of := follow(write(log+"~ 900 Quit\n"), tracker)
	if v := tracker.View(); v.Runs != 21 || v.Name(int(of[21])) != "900@21" {
		t.Errorf("%d runs, the last entry is of %s", v.Runs, v.Name(int(of[21])))
	}
}
