package pipeline

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/tablelog"
)

const mariadb = "../../testdata/mariadb/"

var dumps = []string{"general_log.tsv", "general_log.outfile.tsv", "general_log.csv", "general_log.engine.csv", "general_log.export.csv", "general_log.hex.csv"}

func runOn(t *testing.T, cfg Config, paths ...string) (*Snapshot, Text) {
	t.Helper()
	set, err := logfile.Open(paths, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	s, err := Run(context.Background(), cfg, set, nil, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return s, NewText(set)
}

// The forms of one table give the same analysis, whatever they are called, and
// every entry is read back alone as it was read in order.
func TestTableDumps(t *testing.T) {
	var first *Snapshot
	for _, name := range dumps {
		// Neither name nor folder shows what it is.
		data, err := os.ReadFile(mariadb + name)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s, text := runOn(t, DefaultConfig(), path)
		if s.Files[0].Table == nil || s.Coverage.Rejects != 0 || s.Coverage.Bytes() != int64(len(data)) || !s.Unzoned {
			t.Fatalf("%s: table %v, %d rejects, %d of %d bytes, zone known %v", name, s.Files[0].Table, s.Coverage.Rejects, s.Coverage.Bytes(), len(data), !s.Unzoned)
		}
		i := 0
		if err := text.Replay(context.Background(), &s.Log, func(k int, r *reading.Record) error {
			alone, err := text.Record(&s.Log, k)
			if err != nil {
				return err
			}
			if !bytes.Equal(alone.Text, r.Text) || alone.ID != r.ID || string(alone.Command) != s.Command(k) || alone.Action != s.Action(k) || !bytes.Equal(alone.Raw, r.Raw) {
				return fmt.Errorf("entry %d is %q, read alone %q", k+1, r.Text, alone.Text)
			}
			i++
			return nil
		}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := text.Statements(&s.Log).Scan(context.Background(), 0, s.Len(), func(int) bool { return true }, func(k int, b []byte) bool {
			if alone, err := text.Record(&s.Log, k); err != nil || !bytes.Equal(alone.Text, b) {
				t.Fatalf("%s: entry %d is scanned as %q, read alone %q", name, k+1, b, alone.Text)
			}
			return true
		}); err != nil {
			t.Fatal(err)
		}
		if i != s.Len() {
			t.Errorf("%s: %d entries replayed, want %d", name, i, s.Len())
		}
		if first == nil {
			first = s
			continue
		}
		if !slices.Equal(s.Templates, first.Templates) || s.Connections.Len() != first.Connections.Len() {
			t.Errorf("%s: %d templates and %d connections, %s has %d and %d", name, len(s.Templates), s.Connections.Len(), dumps[0], len(first.Templates), first.Connections.Len())
		}
	}
}

// A log and a dump, in one timeline, are each read in their own form.
func TestLogAndDump(t *testing.T) {
	log, _ := runOn(t, DefaultConfig(), mariadb+"general.log")
	dump, _ := runOn(t, DefaultConfig(), mariadb+"general_log.csv")
	both, text := runOn(t, DefaultConfig(), mariadb+"general.log", mariadb+"general_log.csv")
	if both.Len() != log.Len()+dump.Len() || both.Files[0].Table != nil || both.Files[1].Table == nil {
		t.Errorf("%d entries, want %d and %d", both.Len(), log.Len(), dump.Len())
	}
	for _, i := range []int{0, log.Len() - 1, log.Len(), both.Len() - 1} {
		if _, err := text.Record(&both.Log, i); err != nil {
			t.Error(err)
		}
	}
}

// The notebook knows no tables.
func TestNotebookReadsNoDump(t *testing.T) {
	set, err := logfile.Open([]string{mariadb + "general_log.csv"}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	cfg := DefaultConfig()
	cfg.Reading = reading.Notebook
	if _, err := Run(context.Background(), cfg, set, nil, quiet); err == nil {
		t.Error("no error")
	}
}

// The column user_host is who made a connection, also where the text of the login
// reads as somebody else: the client chose what is in it.
func TestAccountOfARow(t *testing.T) {
	row := func(id int, account, command, argument string) string {
		return fmt.Sprintf("2024-07-10 05:25:05.058758\t%s\t%d\t1\t%s\t%s\n", account, id, command, argument)
	}
	path := filepath.Join(t.TempDir(), "log")
	dump := row(1, "app[app] @ web []", "Query", "SELECT 1") + row(2, "[eve] @  [10.0.0.9]", "Connect", "a@b on ") + row(2, "[eve] @  [10.0.0.9]", "Quit", "") +
		row(3, "x[x] @ y []", "Quit", "") + row(4, "z[z] @ y []", "Quit", "") + row(5, "nothing known", "Query", "SELECT 1") +
		row(6, "nothing known", "Query", "SELECT 1") + row(6, "nothing known", "Connect", "late@host on ")
	if err := os.WriteFile(path, []byte(dump), 0o600); err != nil {
		t.Fatal(err)
	}
	s, _ := runOn(t, DefaultConfig(), path)
	var got []string
	for i := range s.Connections.Len() {
		c := s.Connections.At(i)
		got = append(got, s.Connections.Text(c.User)+"@"+s.Connections.Text(c.Host))
	}
	if want := "app@web eve@10.0.0.9 x@y z@y -@- late@host"; strings.Join(got, " ") != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// argumentLast moves the column argument of an export behind the others.
func argumentLast(t *testing.T, dump []byte) []byte {
	rows, err := csv.NewReader(bytes.NewReader(dump)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	k := slices.Index(rows[0], "argument")
	for _, row := range rows {
		argument := row[k]
		copy(row[k:], row[k+1:])
		row[len(row)-1] = argument
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// However a dump is cut, rows stay whole; of one that is longer than the limit
// the head is an entry.
func TestRowsAreCutAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	for _, name := range append([]string{"general_log.jsonl", "general_log.sql", "general_log.hex.sql", "general_log.vertical.txt"}, dumps...) {
		dump, err := os.ReadFile(mariadb + name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "general_log.export.csv" {
			// The head of a long row does not hold what follows the argument.
			dump = argumentLast(t, dump)
		}
		// Longer than the head that decides the layout, after which rows are cut as
		// they come.
		dump = bytes.Repeat(dump, 2+tablelog.HeadSize/len(dump))
		for _, limit := range []int{genlog.MaxRecord, 1500} {
			var ids [2][]uint64
			for k, block := range []int{len(dump), 13} {
				p := newParser(0, reading.Correct)
				var b batch
				var cov genlog.Coverage
				next := int64(0)
				free := make(spare[[]byte], 1)
				cut := newCutter(reading.Correct, free, func(c chunk) error {
					if c.Offset != next {
						t.Errorf("%s: a chunk begins at %d, want %d", name, c.Offset, next)
					}
					p.parse(c, &b)
					next = b.end
					for _, r := range b.records {
						ids[k] = append(ids[k], r.id)
					}
					cov.Add(&b.coverage)
					free.give(c.Data)
					return nil
				})
				cut.limit, cut.keep = limit, 500
				for at := 0; at < len(dump); at += block {
					if err := cut.add(0, int64(at), dump[at:min(len(dump), at+block)]); err != nil {
						t.Fatal(err)
					}
				}
				if err := cut.end(); err != nil {
					t.Fatal(err)
				}
				if cov.Bytes() != int64(len(dump)) || cov.Rejects != 0 {
					t.Errorf("%s, limit %d: %d of %d bytes accounted for, rejects %v", name, limit, cov.Bytes(), len(dump), cov.First)
				}
				if block == 13 && limit < genlog.MaxRecord && cov.LongEntries == 0 {
					t.Errorf("%s: no row was longer than %d", name, limit)
				}
			}
			if !slices.Equal(ids[0], ids[1]) {
				t.Errorf("%s, limit %d: %d entries in pieces, want %d", name, limit, len(ids[1]), len(ids[0]))
			}
		}
	}
}

// subset is an export without thread_id; root's first login is refused.
const subset = `event_time,user_host,command_type,argument
2019-02-24 23:24:20.364930,[root] @ localhost [],Connect,root@localhost on  using Socket
2019-02-24 23:24:20.364931,[root] @ localhost [],Connect,Access denied for user 'root'@'localhost' (using password: YES)
2019-02-24 23:24:21.364930,[root] @ localhost [],Connect,root@localhost on shop using Socket
2019-02-24 23:24:22.364930,root[root] @ localhost [],Query,select * from user limit 10
2019-02-24 23:26:20.999344,app[app] @  [192.0.2.10],Query,DROP TABLE customers
2019-02-24 23:26:21.999344,root[root] @ localhost [],Quit,
`

// Without thread_id the rows of an account from one login to the next are a
// connection, and that is reported.
func TestDumpWithoutIDs(t *testing.T) {
	s, _ := runOn(t, DefaultConfig(), written(t, subset))
	var got []string
	for i := range s.Connections.Len() {
		c := s.Connections.At(i)
		got = append(got, fmt.Sprintf("%s@%s %d %v", s.Connections.Text(c.User), s.Connections.Text(c.Host), c.Entries, c.Outcome))
	}
	if want := []string{"root@localhost 2 denied", "root@localhost 3 accepted", "app@192.0.2.10 1 not seen"}; !slices.Equal(got, want) {
		t.Errorf("connections %q, want %q", got, want)
	}
	if said := strings.Join(s.Integrity.Limits, "\n"); !strings.Contains(said, "no column thread_id: connection ids are unknown") {
		t.Errorf("nothing says that ids are missing:\n%s", said)
	}
}

// The ids that rows without thread_id are given are not those of a log beside them, in
// whatever order both are read.
func TestDumpWithoutIDsBesideALog(t *testing.T) {
	const log = "2019-02-24T23:20:00.000000Z\t    1 Connect\tweb@10.0.0.1 on shop using TCP/IP\n2019-02-24T23:20:01.000000Z\t    1 Query\tSELECT 1\n" +
		"2019-02-24T23:20:02.000000Z\t    2 Query\tSELECT 2\n2019-02-24T23:20:03.000000Z\t    1 Quit\t\n"
	late := strings.ReplaceAll(log, "T23:2", "T23:5")
	of := func(epoch string) []string { return []string{"1" + epoch + " web@10.0.0.1 3", "2" + epoch + " -@- 1"} }
	for _, c := range []struct{ files, want []string }{
		{[]string{log, subset, late}, slices.Concat(of("@1"), []string{"1@2 root@localhost 2", "2@2 root@localhost 3", "3 app@192.0.2.10 1"}, of("@3"))},
		{[]string{subset, late}, slices.Concat([]string{"1@1 root@localhost 2", "2@1 root@localhost 3", "3 app@192.0.2.10 1"}, of("@2"))},
	} {
		var paths, got []string
		for _, text := range c.files {
			paths = append(paths, written(t, text))
		}
		s, _ := runOn(t, DefaultConfig(), paths...)
		for i := range s.Connections.Len() {
			k := s.Connections.At(i)
			got = append(got, fmt.Sprintf("%s %s@%s %d", s.Connections.Name(i), s.Connections.Text(k.User), s.Connections.Text(k.Host), k.Entries))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("connections\n%q, want\n%q", got, c.want)
		}
	}
}

// Columns have other names, and times are a spreadsheet's.
func TestTableNearlyRight(t *testing.T) {
	for name, tt := range map[string]struct {
		dump, first string
	}{
		"aliases":     {"time,user,id,server,cmd,query\n2020-10-13 23:37:12.400796,root[root] @ localhost [],2,0,Query,select * from user\n2020-10-13 23:37:52.453250,app[app] @  [192.0.2.10],3,0,Query,DROP TABLE customers\n", "2020-10-13T23:37:12.400796"},
		"spreadsheet": {"event_time,user_host,thread_id,server_id,command_type,argument\n10/13/2020 23:37,root[root] @ localhost [],2,0,Query,select * from user\n10/13/2020 23:37,app[app] @  [192.0.2.10],3,0,Query,DROP TABLE customers\n", "2020-10-13T23:37:00.000000"},
		"day first":   {"event_time,user_host,thread_id,server_id,command_type,argument\n01.02.2020 23:37:05,root[root] @ localhost [],2,0,Query,select * from user\n13.02.2020 1:07:06,app[app] @  [192.0.2.10],3,0,Query,DROP TABLE customers\n", "2020-02-01T23:37:05.000000"},
		"user, host":  {"Timestamp;Connection ID;User;Host;Command;SQL\n1602632232.400796;2;root;localhost;Query;select * from user\n1602632233;3;app;192.0.2.10;Query;DROP TABLE customers\n", "2020-10-13T23:37:12.400796"},
	} {
		s, _ := runOn(t, DefaultConfig(), written(t, tt.dump))
		first, _, _ := s.Span()
		if got := first.Format("2006-01-02T15:04:05.000000"); s.Len() != 2 || got != tt.first {
			t.Errorf("%s: %d entries from %s, want 2 from %s", name, s.Len(), got, tt.first)
			continue
		}
		for i, want := range []string{"2 root@localhost", "3 app@192.0.2.10"} {
			c := s.Connections.At(i)
			if got := fmt.Sprintf("%d %s@%s", c.ID, s.Connections.Text(c.User), s.Connections.Text(c.Host)); got != want {
				t.Errorf("%s: connection %q, want %q", name, got, want)
			}
		}
	}
}

// Times that can be two days, or none, are not known, and that is reported; so are
// those of a table without any.
func TestTableWithoutTimes(t *testing.T) {
	for dump, said := range map[string]string{
		"event_time,user_host,thread_id,command_type,argument\n37:12.4,a[a] @ h [],2,Query,SELECT 1\n37:52.5,a[a] @ h [],2,Quit,\n":                                              "event_time that can be two days or none",
		"event_time,user_host,thread_id,command_type,argument\n10/11/2020 23:37,a[a] @ h [],2,Query,SELECT 1\n1/2/2020 0:07,a[a] @ h [],2,Quit,\n":                               "event_time that can be two days or none",
		"user_host,thread_id,command_type,argument\na[a] @ h [],2,Query,SELECT 1\na[a] @ h [],2,Quit,\n":                                                                         "no column event_time",
		`[{"user_host":"a[a] @ h []","thread_id":2,"command_type":"Query","argument":"SELECT 1"},{"user_host":"a[a] @ h []","thread_id":2,"command_type":"Quit","argument":""}]`: "no column event_time",
	} {
		s, _ := runOn(t, DefaultConfig(), written(t, dump))
		if s.Len() != 2 || s.Entries.Untimed() != 2 || s.Connections.Len() != 1 {
			t.Errorf("%q: %d entries, %d without a time, %d connections", dump, s.Len(), s.Entries.Untimed(), s.Connections.Len())
		}
		if limits := strings.Join(s.Integrity.Limits, "\n"); !strings.Contains(limits, said) {
			t.Errorf("%q: nothing says %q:\n%s", dump, said, limits)
		}
	}
}

// What is wrong with a table that cannot be read is named.
func TestTableRefused(t *testing.T) {
	for dump, want := range map[string]string{
		"event_time,user_host,thread_id\n2020-10-13 23:37:12,a[a] @ h [],2\n":                                                                          "without a column argument",
		"event_time,user_host,thread_id,command_type,argument\nyesterday,a[a] @ h [],2,Query,SELECT 1\n":                                               `event_time cannot be read: "yesterday" (line 2)`,
		"event_time,user_host,thread_id,command_type,argument\n2020-10-13 23:37:12,a[a] @ h [],x,Query,SELECT 1\n":                                     "thread_id is no number (line 2)",
		"+------------+-----------+\n| event_time | user_host |\n+------------+-----------+\n| 2020-10-13 | a[a] @ h  |\n+------------+-----------+\n": "without a column argument",
	} {
		set, err := logfile.Open([]string{written(t, dump)}, logfile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = Run(context.Background(), DefaultConfig(), set, nil, quiet)
		set.Close()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q:\nerror %v\nwant %s", dump, err, want)
		}
	}
}

// An audit log holds the outcome of logins and statements.
func TestOutcomesOfAnAuditLog(t *testing.T) {
	s, text := runOn(t, DefaultConfig(), written(t, `20210715 05:45:55,db1,app,10.0.0.7,8,0,CONNECT,shop,,0
20210715 05:45:56,db1,app,10.0.0.7,8,1,QUERY,shop,'SELEC 1',1064
20210715 05:45:56,db1,app,10.0.0.7,8,2,READ,shop,users,
20210715 05:45:56,db1,app,10.0.0.7,8,2,QUERY,shop,'SELECT * FROM users',0
20210715 05:45:57,db1,a on b,192.0.2.66,9,0,FAILED_CONNECT,,,1045
20210715 05:45:57,db1,a on b,192.0.2.66,9,0,DISCONNECT,,,0
20210715 05:45:57,db1,app,10.0.0.7,10,0,FAILED_CONNECT,gone,,1049
20210715 05:45:58,db1,app,10.0.0.7,8,0,DISCONNECT,shop,,0
`))
	var got []string
	for i := range s.Connections.Len() {
		c := s.Connections.At(i)
		got = append(got, fmt.Sprintf("%d %s@%s %s %v %s", c.ID, s.Connections.Text(c.User), s.Connections.Text(c.Host), s.Connections.Text(c.Database), c.Outcome, s.Connections.Text(c.Reason)))
	}
	if want := []string{"8 app@10.0.0.7 shop accepted -", "9 a on b@192.0.2.66 - denied error 1045", "10 app@10.0.0.7 gone failed error 1049"}; !slices.Equal(got, want) {
		t.Errorf("connections\n%q, want\n%q", got, want)
	}
	var codes []int32
	for i := range s.Len() {
		codes = append(codes, s.Outcomes.At(i))
		if r, err := text.Record(&s.Log, i); err != nil || r.Error != s.Outcomes.At(i) {
			t.Errorf("entry %d read alone: error %d, %v", i+1, r.Error, err)
		}
	}
	if want := []int32{0, 1064, -1, 0, 1045, -1, 1049, -1}; !slices.Equal(codes, want) {
		t.Errorf("outcomes %v, want %v", codes, want)
	}
	// What the server logs of tables is no statement of its own.
	for i := range s.Len() {
		if s.Command(i) == "Read" && (s.Action(i) != "-" || s.Table(i) != "-") {
			t.Errorf("entry %d counts as %s of %s", i+1, s.Action(i), s.Table(i))
		}
	}
}

// written puts a log into a file and returns its path.
func written(t *testing.T, log string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A file without entries among others is named, with what it is.
func TestFileWithoutEntries(t *testing.T) {
	const banner = "/usr/sbin/mysqld, Version: 8.0.43 (x). started with:\nTcp port: 3306  Unix socket: x\nTime                 Id Command    Argument\n"
	s, _ := runOn(t, DefaultConfig(), written(t, "2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT 1\n"), written(t, banner+"# User@Host: a[a] @ h []\n# Query_time: 2\nSELECT SLEEP(2);\n"), written(t, banner))
	var got []string
	for _, f := range s.Files {
		got = append(got, f.Empty)
	}
	if got[0] != "" || !strings.HasPrefix(got[1], "a slow query log (line 4)") || got[2] != "a log that the server opened and wrote nothing to" {
		t.Errorf("files are %q", got)
	}
	if limits := strings.Join(s.Integrity.Limits, "\n"); strings.Count(limits, "holds no entry: it is ") != 2 {
		t.Errorf("nothing says that two files hold no entry:\n%s", limits)
	}
}
