package integrity_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/integrity"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/rule"
)

const (
	banner57    = "/usr/sbin/mysqld, Version: 5.7.44-log (MySQL Community Server (GPL)). started with:\nTcp port: 3306  Unix socket: /run/mysqld.sock\nTime                 Id Command    Argument\n"
	bannerMaria = "mariadbd, Version: 10.11.19-MariaDB-log (Debian 12). started with:\nTcp port: 3306  Unix socket: /run/mysqld.sock\nTime\t\t    Id Command\tArgument\n"
)

// journal writes a log as a MySQL 5.7 server does.
type journal struct {
	strings.Builder
	now time.Time
	id  int // of the last connection
}

func newJournal(banner string) *journal {
	j := &journal{now: time.Date(2025, 3, 11, 8, 0, 0, 123456000, time.UTC)}
	j.WriteString(banner)
	return j
}

func (j *journal) entry(id int, command, text string) {
	fmt.Fprintf(j, "%s%5d %s\t%s\n", j.now.Format("2006-01-02T15:04:05.000000Z\t"), id, command, text)
	j.now = j.now.Add(137 * time.Microsecond)
}

// visits adds n connections of three entries, 10 s apart.
func (j *journal) visits(n int) {
	for range n {
		j.id++
		j.visit("SELECT a FROM t WHERE id = 1")
	}
}

// visit adds a connection under the current id.
func (j *journal) visit(statements ...string) {
	j.entry(j.id, "Connect", "app@10.0.0.1 on shop using TCP/IP")
	for _, s := range statements {
		j.entry(j.id, "Query", s)
	}
	j.entry(j.id, "Quit", "")
	j.now = j.now.Add(10 * time.Second)
}

// quiet is a log without anything to find.
func quiet(banner string) *journal {
	j := newJournal(banner)
	j.visits(60)
	return j
}

// found is what a test expects of a finding; the summary must hold the words.
type found struct {
	kind     integrity.Kind
	severity rule.Severity
	count    int
	words    string
}

func check(t *testing.T, in *input, want []found) integrity.Report {
	t.Helper()
	r := examine(t, in)
	bad := len(r.Findings) != len(want)
	for k := 0; !bad && k < len(want); k++ {
		f, w := r.Findings[k], want[k]
		bad = f.Kind != w.kind || f.Severity != w.severity || f.Count != w.count || !strings.Contains(f.Summary, w.words)
	}
	if bad {
		for _, f := range r.Findings {
			t.Errorf("found %v, %v, count %d, entries %v: %s", f.Kind, f.Severity, f.Count, f.Entries, f.Summary)
		}
		for _, w := range want {
			t.Errorf("want  %v, %v, count %d: ...%s...", w.kind, w.severity, w.count, w.words)
		}
	}
	return r
}

func TestFindings(t *testing.T) {
	for _, c := range []struct {
		name  string
		files func() []string
		want  []found
	}{
		{"nothing", func() []string { return []string{quiet(banner57).String()} }, nil},
		{"no entry", func() []string { return []string{banner57} }, nil},
		{"times of one moment out of order", func() []string {
			j := quiet(banner57)
			j.now = j.now.Add(-11 * time.Second)
			j.visits(60)
			return []string{j.String()}
		}, nil},
		{"equal times on different connections", func() []string {
			j := quiet(banner57)
			for range 5 {
				at := j.now
				j.id++
				j.entry(j.id, "Connect", "app@10.0.0.1 on shop using TCP/IP")
				j.now = at
			}
			return []string{j.String()}
		}, nil},
		{"clock set back", func() []string {
			j := quiet(banner57)
			j.now = j.now.Add(-3 * time.Minute)
			j.visits(60)
			return []string{j.String()}
		}, []found{{integrity.Backwards, rule.Low, 1, "steps back once, by 2m49s at most"}}},
		{"newest first", func() []string {
			var b strings.Builder
			for k := 9; k > 0; k-- {
				fmt.Fprintf(&b, "2024-07-10T05:25:0%d.000000Z\t%5d Query\tSELECT 1\n", k, 7)
			}
			return []string{b.String()}
		}, []found{{integrity.Backwards, rule.Medium, 8, "oldest first"}}},
		{"local clock set back in autumn", func() []string {
			j := newShort(bannerMaria)
			j.visits(30)
			j.now = j.now.Add(-time.Hour)
			j.visits(30)
			return []string{j.String()}
		}, []found{{integrity.Backwards, rule.Context, 1, "in autumn"}}},
		{"files in the wrong order", func() []string {
			j := quiet(banner57)
			first := j.String()
			j.Reset()
			j.visits(60)
			return []string{j.String(), first}
		}, []found{
			{integrity.Restarted, rule.Context, 1, "started again once"},
			{integrity.Backwards, rule.Low, 1, "another order"},
		}},
		{"ids begin again without a banner", func() []string {
			j := newJournal(banner57)
			j.visits(100)
			j.id = 0
			j.visits(20)
			return []string{j.String()}
		}, []found{{integrity.RunWithout, rule.Medium, 1, "begin again once without a banner"}}},
		{"silence, nobody connected", func() []string {
			j := quiet(banner57)
			j.now = j.now.Add(5 * time.Minute)
			j.visits(60)
			return []string{j.String()}
		}, []found{{integrity.Silence, rule.Low, 1, "nothing was logged for 5m10s; pauses of this log hardly ever exceed 10s; ids go on"}}},
		{"silence, ids used up", func() []string {
			j := quiet(banner57)
			j.now = j.now.Add(5 * time.Minute)
			j.id += 31
			j.visits(60)
			return []string{j.String()}
		}, []found{
			{integrity.Silence, rule.High, 1, "31 ids were used meanwhile"},
			{integrity.MissingIDs, rule.Context, 31, "61 to 91"},
		}},
		{"silence, and a last entry that is dated back", func() []string {
			j := quiet(banner57)
			j.now = j.now.Add(5 * time.Minute)
			j.visits(60)
			j.now = j.now.Add(-time.Hour)
			j.visits(1)
			return []string{j.String()}
		}, []found{
			{integrity.Silence, rule.Low, 1, "nothing was logged for 5m10s"},
			{integrity.Backwards, rule.Low, 1, "by 59m49s at most"},
		}},
		{"a pause that the rhythm allows", func() []string {
			j := quiet(banner57)
			j.now = j.now.Add(49 * time.Second)
			j.visits(60)
			return []string{j.String()}
		}, nil},
		{"two short stretches", func() []string {
			j := quiet(banner57)
			j.now = j.now.Add(time.Hour)
			j.visits(60)
			return []string{j.String()}
		}, nil},
		{"nights", func() []string {
			j := newJournal(banner57)
			for range 3 {
				j.visits(4000)
				j.now = j.now.Truncate(24 * time.Hour).Add(32 * time.Hour)
			}
			return []string{j.String()}
		}, nil},
		{"one entry of the far future", func() []string {
			j := quiet(banner57)
			at := j.now
			j.now = j.now.Add(5 * time.Minute)
			j.id++
			j.entry(j.id, "Connect", "app@10.0.0.1 on shop using TCP/IP")
			j.now = at
			j.visits(60)
			return []string{j.String()}
		}, []found{{integrity.Backwards, rule.Low, 1, "5m00s"}}},
		{"an id that never connected", func() []string {
			j := quiet(banner57)
			j.id++
			j.entry(j.id, "Query", "SELECT 1")
			j.now = j.now.Add(time.Second)
			j.visits(60)
			return []string{j.String()}
		}, []found{{integrity.NeverConnected, rule.Low, 1, "when it was given out: 61"}}},
		{"the second id never connected", func() []string {
			j := newJournal(banner57)
			j.visits(1)
			j.id++
			j.entry(j.id, "Query", "SELECT 1")
			j.visits(60)
			return []string{j.String()}
		}, []found{{integrity.NeverConnected, rule.Low, 1, ": 2;"}}},
		{"an id far ahead", func() []string {
			j := quiet(banner57)
			j.entry(9999, "Connect", "app@10.0.0.1 on shop using TCP/IP")
			j.now = j.now.Add(10 * time.Second)
			j.visits(60)
			return []string{j.String()}
		}, []found{{integrity.MissingIDs, rule.Low, 9999 - 121, "121 to 9998"}}},
		{"ids from before the log", func() []string {
			j := newJournal("")
			j.entry(3, "Query", "SELECT 1")
			j.entry(9, "Query", "SELECT 1")
			j.id = 9
			j.visits(60)
			j.entry(3, "Quit", "")
			return []string{j.String()}
		}, nil},
		{"the server's own threads", func() []string {
			j := quiet(banner57)
			j.id++
			j.entry(j.id, "Connect Out", "repl@source:3306")
			j.visits(60)
			return []string{j.String()}
		}, nil},
		{"missing ids, few and many", func() []string {
			j := quiet(banner57)
			j.id += 2
			j.visits(30)
			j.id += 150
			j.visits(30)
			return []string{j.String()}
		}, []found{{integrity.MissingIDs, rule.Low, 152, "of the ids 1 to 272, 152 appear nowhere, in 2 ranges: 93 to 242, 61 to 62; entries may have been cut out"}}},
		{"restart", func() []string {
			j := quiet(banner57)
			j.entry(j.id, "Shutdown", "")
			j.WriteString(banner57 + banner57)
			j.now, j.id = j.now.Add(10*time.Second), 0
			j.visits(60)
			return []string{j.String()}
		}, []found{{integrity.Restarted, rule.Context, 2, "started again 2 times: a banner, and ids begin again; for 1 of them there is no Shutdown"}}},
		{"crash and a long time down", func() []string {
			j := quiet(banner57)
			j.WriteString(banner57)
			j.now, j.id = j.now.Add(9*time.Minute), 0
			j.visits(60)
			return []string{j.String()}
		}, []found{{integrity.Restarted, rule.Context, 1, "there is no Shutdown before it"}}},
		{"log opened again", func() []string {
			j := quiet(banner57)
			j.WriteString(banner57)
			j.visits(60)
			return []string{j.String()}
		}, []found{{integrity.Reopened, rule.Low, 1, "nothing was written for 10s"}}},
		{"log opened again, connections missing", func() []string {
			j := quiet(banner57)
			j.WriteString(banner57)
			j.id += 5
			j.entry(j.id-2, "Query", "SELECT 1") // connected while nothing was written
			j.visits(60)
			return []string{j.String()}
		}, []found{
			{integrity.Reopened, rule.Medium, 1, "5 ids were used meanwhile"},
			{integrity.MissingIDs, rule.Context, 4, "61 to 62, 64 to 65"},
		}},
		{"rotated files", func() []string {
			j := quiet(banner57)
			first := j.String()
			j.Reset()
			j.WriteString(banner57)
			j.visits(60)
			return []string{first, j.String()}
		}, nil},
		{"a rotated file is missing", func() []string {
			j := quiet(banner57)
			first := j.String()
			j.Reset()
			j.WriteString(banner57)
			j.now, j.id = j.now.Add(10*time.Minute), j.id+60
			j.visits(60)
			return []string{first, j.String()}
		}, []found{
			{integrity.Silence, rule.High, 1, "the first entry of b.log: a file may be missing"},
			{integrity.MissingIDs, rule.Context, 60, "61 to 120"},
		}},
		{"entries behind a shutdown", func() []string {
			j := quiet(banner57)
			j.entry(j.id, "Shutdown", "")
			j.visits(60)
			return []string{j.String()}
		}, []found{{integrity.StoppedNot, rule.Low, 1, "goes on behind 1 Shutdown"}}},
		{"logging switched off and on", func() []string {
			j := quiet(banner57)
			j.id++
			j.entry(j.id, "Connect", "root@localhost on  using Socket")
			j.entry(j.id, "Query", "set @x := 1, GLOBAL general_log='OFF'")
			j.now = j.now.Add(20 * time.Minute)
			j.WriteString(banner57)
			j.id += 12
			j.visits(200)
			return []string{j.String()}
		}, []found{
			{integrity.Silence, rule.High, 1, "it ends with a banner"},
			{integrity.LoggingChanged, rule.High, 1, "connection 61 asked for general_log = off, which switches the general log off if it was granted; the next entry comes 20m00s later, behind a banner, and 12 ids were used meanwhile"},
			{integrity.Reopened, rule.Medium, 1, "12 ids were used"},
			{integrity.MissingIDs, rule.Context, 12, "62 to 73"},
		}},
		{"logging moved, one session silent", func() []string {
			j := quiet(banner57)
			j.id++
			j.visit("SET @@global.`general_log_file` = '/var/www/x.php'", "SET sql_log_off:=1", "SELECT 1")
			j.visits(30)
			return []string{j.String()}
		}, []found{
			{integrity.LoggingChanged, rule.High, 1, "general_log_file = /var/www/x.php, which moves the general log"},
			{integrity.LoggingChanged, rule.High, 1, "sql_log_off = 1: if that was granted, its statements were not logged from then on; 2 entries of it follow"},
		}},
		{"logging switched on", func() []string {
			j := quiet(banner57)
			j.id++
			j.visit("SET GLOBAL general_log = ON", "SET sql_log_off = 0")
			return []string{j.String()}
		}, nil},
		{"hole", func() []string {
			j := quiet(banner57)
			j.WriteString(strings.Repeat("\x00", 4096))
			j.visits(60)
			return []string{j.String()}
		}, []found{{integrity.Hole, rule.Low, 1, "4096 bytes"}}},
		{"log begins inside a statement", func() []string {
			j := newJournal("FROM t\nWHERE a = 1\n")
			j.visits(60)
			return []string{j.String()}
		}, []found{{integrity.Unread, rule.Low, 2, "19 bytes"}}},
		{"a log with something around it was added", func() []string {
			j := quiet(banner57)
			j.WriteString("mysql_1  | 2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT\n" + `{"log":"2024-07-10T05:25:05.058758Z\t    8 Quit\t\n"}` + "\n")
			return []string{j.String()}
		}, []found{{integrity.Unread, rule.Medium, 2, "2 entries, 112 bytes, with something around them"}}},
		{"more of that than is listed", func() []string {
			j := quiet(banner57)
			j.WriteString(strings.Repeat("mysql_1  | 2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT 1\n", 10_050))
			return []string{j.String()}
		}, []found{{integrity.Unread, rule.Medium, 10_000, "at least 10000 entries"}}},
		{"two forms in one file", func() []string {
			j := quiet(banner57)
			s := newShort("")
			s.now, s.id = j.now, j.id
			s.visits(60)
			return []string{j.String() + s.String()}
		}, []found{{integrity.MixedForms, rule.Low, 180, "180 ISO times and 180 of the short form"}}},
		{"log_timestamps changed", func() []string {
			j := quiet(banner57)
			rest := newJournal("")
			rest.now, rest.id = j.now, j.id
			rest.visits(60)
			return []string{j.String() + strings.ReplaceAll(rest.String(), "Z\t", "+00:00\t")}
		}, []found{{integrity.MixedForms, rule.Context, 180, "log_timestamps was changed"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			check(t, load(t, c.files()...), c.want)
		})
	}
}

// short writes a log as MariaDB does: local times of whole seconds.
type short struct{ *journal }

func newShort(banner string) *short { return &short{newJournal(banner)} }

func (s *short) visits(n int) {
	for range n {
		s.id++
		for _, e := range []string{"Connect\tapp@10.0.0.1 on shop", "Query\tSELECT a FROM t WHERE id = 1", "Quit\t"} {
			head := "\t\t"
			if strings.HasPrefix(e, "Connect") {
				head = s.now.Format("060102 15:04:05\t")
			}
			fmt.Fprintf(s, "%s%6d %s\n", head, s.id, e)
		}
		s.now = s.now.Add(10 * time.Second)
	}
}

func TestDamage(t *testing.T) {
	in := load(t, quiet(banner57).String())
	cut := logfile.Damage{Kind: logfile.Truncated, Raw: 100, Err: io.ErrUnexpectedEOF}
	in.Files[0].Damage = []logfile.Damage{cut}
	r := check(t, in, []found{{integrity.Damaged, rule.Medium, 1, "a.log: " + cut.String()}})
	if r.Findings[0].First != -1 {
		t.Errorf("the finding is about entry %d", r.Findings[0].First)
	}
	if !holds(r.Limits, "was not read as a whole") {
		t.Errorf("limits %q do not name the damage", r.Limits)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	in := load(t, quiet(banner57).String())
	if _, err := integrity.Check(ctx, &in.Log, in.text); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestKindsHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for k := integrity.Damaged; k <= integrity.Copied; k++ {
		text, err := k.MarshalText()
		if err != nil || len(text) == 0 || seen[string(text)] {
			t.Errorf("kind %d is called %q, error %v", k, text, err)
		}
		seen[string(text)] = true
	}
	if _, err := (integrity.Copied + 1).MarshalText(); err == nil {
		t.Error("a kind that does not exist has a name")
	}
}

func holds(list []string, words string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.Contains(s, words) })
}
