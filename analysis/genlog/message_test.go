package genlog

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// The lines are those of servers, of their start scripts, and of tail.
func TestMessages(t *testing.T) {
	for _, c := range []struct {
		lines string // the first ones are the message
		kind  MessageKind
		time  string // as in a log with a zone, with a blank for a local one; empty for none
		id    uint64
		level string
		text  string
	}{
		{"2024-06-01T10:00:00.000107Z 48 [Note] [MY-010926] [Server] Access denied for user 'root'@'192.0.2.3' (using password: NO)\n",
			ErrorLog, "2024-06-01T10:00:00.000107Z", 48, "Note", "[MY-010926] [Server] Access denied for user 'root'@'192.0.2.3' (using password: NO)"},
		{"2016-04-01T10:00:00.000000Z 0 [Warning] TIMESTAMP with implicit DEFAULT\n", ErrorLog, "2016-04-01T10:00:00Z", 0, "Warning", "TIMESTAMP with implicit DEFAULT"},
		{"2016-04-01T10:00:00.000000+02:00 7 [ERROR] x\n", ErrorLog, "2016-04-01T08:00:00Z", 7, "ERROR", "x"},
		{"2024-06-01T10:00:01.000000Z 0 [System] [MY-010116] [Server] starting\r\nmore\r\n", ErrorLog, "2024-06-01T10:00:01Z", 0, "System", "[MY-010116] [Server] starting\r\nmore"},
		{"2016-04-01T10:00:00.123456Z mysqld_safe Starting mysqld daemon\n", ErrorLog, "2016-04-01T10:00:00.123456Z", 0, "", "mysqld_safe Starting mysqld daemon"},
		{"2019-10-15 10:13:00 9 [Warning] Access denied\n", ErrorLog, "2019-10-15 10:13:00", 9, "Warning", "Access denied"},
		{"2019-10-15  9:13:00 0 [Note] x\n", ErrorLog, "2019-10-15 09:13:00", 0, "Note", "x"},
		{"2013-05-16 10:00:00 1234 [Note] Plugin 'FEDERATED' is disabled.\n", ErrorLog, "2013-05-16 10:00:00", 1234, "Note", "Plugin 'FEDERATED' is disabled."},
		{"2013-05-16 10:00:00 7f1c2a40 InnoDB: Warning: x\n", ErrorLog, "2013-05-16 10:00:00", 0, "", "InnoDB: Warning: x"},
		{"191015 10:13:00 [Note] InnoDB: x\n", ErrorLog, "2019-10-15 10:13:00", 0, "Note", "InnoDB: x"},
		{"191015  9:13:00 mysqld_safe mysqld from pid file ended\n", ErrorLog, "2019-10-15 09:13:00", 0, "", "mysqld_safe mysqld from pid file ended"},
		{"191015 10:13:00  InnoDB: Started; log sequence number 0\n", ErrorLog, "2019-10-15 10:13:00", 0, "", "InnoDB: Started; log sequence number 0"},
		{"2024-07-10 05:25:05+00:00 [Note] [Entrypoint]: Initializing\n", EntryPoint, "2024-07-10T05:25:05Z", 0, "Note", "[Entrypoint]: Initializing"},
		{"2024-07-10 05:25:05+02:00 [ERROR] [Entrypoint]: x\n", EntryPoint, "2024-07-10T03:25:05Z", 0, "ERROR", "[Entrypoint]: x"},
		{"05:25:05 UTC - mysqld got signal 11 ;\nMost likely, you have hit a bug\n0xdeadbeef\n", Crash, "", 0, "", "05:25:05 UTC - mysqld got signal 11 ;\nMost likely, you have hit a bug\n0xdeadbeef"},
		{"2023-11-24T09:55:04Z UTC - mysqld got signal 11 ;\n", Crash, "2023-11-24T09:55:04Z", 0, "", "UTC - mysqld got signal 11 ;"},
		{"191015 10:13:00 [ERROR] mysqld got signal 6 ;\n", Crash, "2019-10-15 10:13:00", 0, "ERROR", "mysqld got signal 6 ;"},
		{"Version: '8.0.43'  socket: '/run/mysqld.sock'  port: 3306  MySQL\n", StartUp, "", 0, "", "Version: '8.0.43'  socket: '/run/mysqld.sock'  port: 3306  MySQL"},
		{"==> /var/log/mysql/error.log <==\n", FileName, "", 0, "", "==> /var/log/mysql/error.log <=="},
		{"\n==> a b <==\n", FileName, "", 0, "", "==> a b <=="},
		{"\r\n==> a b <==\r\n", FileName, "", 0, "", "==> a b <=="},
		{"# Time: 2024-07-10T05:25:05.058758Z\n# User@Host: root[root] @ localhost []  Id:     8\n# Query_time: 0.1\nSET timestamp=1720589105;\nSELECT 1;\n", SlowLog,
			"2024-07-10T05:25:05.058758Z", 8, "", "# Time: 2024-07-10T05:25:05.058758Z\n# User@Host: root[root] @ localhost []  Id:     8\n# Query_time: 0.1\nSET timestamp=1720589105;\nSELECT 1;"},
		{"# Time: 240710  5:25:05\n# User@Host: a[a] @ h []\n# Query_time: 0.1\nuse x;\nSET timestamp=1;\n", SlowLog,
			"2024-07-10 05:25:05", 0, "", "# Time: 240710  5:25:05\n# User@Host: a[a] @ h []\n# Query_time: 0.1\nuse x;\nSET timestamp=1;"},
	} {
		const before, behind = "2024-06-01T10:00:00.000001Z\t    1 Quit\t\n", "2024-06-01T10:00:09.000001Z\t    2 Quit\t\n"
		log := before + c.lines + behind
		var got []string
		var cov Coverage
		Scan(Chunk{Data: []byte(log), First: true, Last: true}, &cov, Handler{Record: func(r *Record) {
			if len(r.Argument) > 0 {
				t.Errorf("%q: entry %d has text %q", c.lines, r.ID, r.Argument)
			}
		}, Message: func(m *Message) {
			when := ""
			if m.Timed {
				layout := "2006-01-02T15:04:05.999999Z"
				if m.Local {
					layout = time.DateTime
				}
				when = time.UnixMicro(m.Time).UTC().Format(layout)
			}
			got = append(got, fmt.Sprintf("%v %q %d %q %q at %d", m.Kind, when, m.ID, m.Level, m.Text, m.Offset))
		}})
		want := fmt.Sprintf("%v %q %d %q %q at %d", c.kind, c.time, c.id, c.level, c.text, len(before))
		if len(got) != 1 || got[0] != want {
			t.Errorf("%q:\n got %q\nwant %q", c.lines, got, want)
		}
		if cov.MessageBytes != int64(len(c.lines)) || cov.Messages[c.kind] != 1 || cov.Bytes() != int64(len(log)) || cov.Forms.UTC != 2 {
			t.Errorf("%q: coverage %+v", c.lines, cov)
		}
	}
}

// Lines of a statement that look a little like messages are its text.
func TestLinesThatAreNoMessage(t *testing.T) {
	for _, line := range []string{
		"# Time: 2024-07-10T05:25:05.058758Z\n UNION SELECT 2",
		"# Time: 2024-07-10T05:25:05.058758Z\n# User@Host: a[a] @ b []\n# Query_time: 1\n UNION SELECT 2",
		"# User@Host: a[a] @ b []\nSELECT 2\nSET timestamp=1;",
		"# a comment\nSET timestamp=1;",
		"==> x",
		"==>  <==",
		"Version: '8' is text",
		"2024-06-01 10:00:00 9 Warning",
		"2024-06-01 10:00:00 9 [Apples] x",
		"2024-06-01 10:00:00 zz [Note] x",
		"2024-06-31 10:00:00 9 [Note] x",
		"2024-06-01T10:00:00.000107Z 48 [Note]x",
		"05:25:05 UTC - nothing got signal 11 ;",
		"\nan empty line",
	} {
		log := "2024-06-01T10:00:00.000001Z\t    1 Query\tSELECT 1\n" + line + "\n"
		list, _, cov := scan(Chunk{Data: []byte(log), First: true, Last: true})
		if len(list) != 1 || list[0].argument != "SELECT 1\n"+line || cov.MessageBytes != 0 {
			t.Errorf("%q: entries %q, %d message bytes", line, fmt.Sprint(list), cov.MessageBytes)
		}
	}
}

// A message in an open statement may be the client's: it is text of the statement,
// so that nothing of that is hidden, and named as doubtful.
func TestDoubtfulMessages(t *testing.T) {
	const note = "2024-06-01T10:00:00.000107Z 48 [Note] x"
	const head = "2024-06-01T10:00:00.000001Z\t    1 "
	for _, c := range []struct {
		before, behind string
		text           string // of the entry
		messages       string
	}{
		{"Query\tSELECT 1", "", "SELECT 1", "x"},
		{"Query\tSELECT '", "' UNION SELECT 2", "SELECT '\n" + note + "\n' UNION SELECT 2", "x\n' UNION SELECT 2 doubtful inside"},
		{"Query\tSELECT /*", "*/ 2", "SELECT /*\n" + note + "\n*/ 2", "x\n*/ 2 doubtful inside"},
		{"Query\tSELECT 1 -- it's", "", "SELECT 1 -- it's", "x"},
		{"Connect\ta@h on db using TCP/IP", "", "a@h on db using TCP/IP", "x"},
		{"Connect\tAccess denied for user 'a'@'h' (using password: YES)", "", "Access denied for user 'a'@'h' (using password: YES)", "x"},
		{"Connect\ta@h on db", "", "a@h on db", "x doubtful"},
		{"Connect\ta@h on db using TCP/IP", "' using TCP/IP", "a@h on db using TCP/IP", "x\n' using TCP/IP doubtful"},
		{"Init DB\tdb", "", "db", "x doubtful"},
		{"Quit\t", "", "", "x"},
	} {
		log := head + c.before + "\n" + note + "\n" + c.behind
		var text, messages []string
		var cov Coverage
		Scan(Chunk{Data: []byte(log), First: true, Last: true}, &cov, Handler{
			Record: func(r *Record) { text = append(text, string(r.Argument)) },
			Message: func(m *Message) {
				s := string(m.Text)
				if m.Doubtful {
					s += " doubtful"
				}
				if m.Inside {
					s += " inside"
				}
				messages = append(messages, s)
			},
		})
		if len(text) != 1 || text[0] != c.text || strings.Join(messages, "|") != c.messages {
			t.Errorf("%q:\nentries  %q, want %q\nmessages %q, want %q", log, text, c.text, messages, c.messages)
		}
		if cov.Bytes() != int64(len(log)) {
			t.Errorf("%q: %d bytes accounted for, want %d", log, cov.Bytes(), len(log))
		}
	}
}

// Where one stream holds both logs, the entries are those of the general log.
func TestMixedStreams(t *testing.T) {
	for name, want := range map[string]string{
		"mixed_my8.log":   "48 Connect 48 Connect 49 Connect 49 Query 49 Quit; 2 error log",
		"dockerlogs.log":  "8 Connect 8 Connect 9 Connect 9 Query; 3 error log 1 entry point",
		"mixed_maria.log": "8 Connect 8 Query 8 Quit 9 Connect 9 Connect 11 Connect 11 Query; 4 error log 1 start-up",
	} {
		log, err := os.ReadFile(captures + "messages/" + name)
		if err != nil {
			t.Fatal(err)
		}
		list, _, cov := scan(Chunk{Data: log, First: true, Last: true})
		var got []string
		for _, e := range list {
			got = append(got, fmt.Sprintf("%d %s", e.id, e.command))
			if strings.Contains(e.argument, "[") || e.command == "Quit" && e.argument != "" {
				t.Errorf("%s: the text of %s is %q", name, e.command, e.argument)
			}
		}
		text := strings.Join(got, " ") + ";"
		for k, n := range cov.Messages {
			if n > 0 {
				text += fmt.Sprintf(" %d %v", n, MessageKind(k))
			}
		}
		if text != want || cov.Rejects != 0 || cov.Bytes() != int64(len(log)) {
			t.Errorf("%s: %s; want %s; %d rejects", name, text, want, cov.Rejects)
		}
	}
}
