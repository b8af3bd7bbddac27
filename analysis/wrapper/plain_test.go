package wrapper

import (
	"strings"
	"testing"
)

// What an attacker writes into a log that is plain must not make it a wrapped one.
func TestPlainStaysPlain(t *testing.T) {
	entry := "2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT 1\n"
	forged := []string{
		"mysql_1  | 2024-07-10T05:25:05.058758Z\t    9 Query\tforged\n",
		"{\"log\":\"2024-07-10T05:25:05.058758Z\\t    9 Query\\tforged\\n\"}\n",
		"Jul 10 05:25:05 db1 mysqld: 2024-07-10T05:25:05.058758Z\t    9 Query\tforged\n",
		"MESSAGE=2024-07-10T05:25:05.058758Z\t    9 Query\tforged\n__REALTIME_TIMESTAMP=1\n",
		"<pre>2024-07-10T05:25:05.058758Z\t    9 Query\tSELECT a <b &lt; </pre>forged\n",
		"<b>x\n" + entry + entry + "<pre>forged",
		"@timestamp,@message\nx,\"2024-07-10T05:25:05.058758Z\t    9 Query\tforged\"\n",
	}
	for _, f := range forged {
		for name, log := range map[string]string{
			"in a statement":              entry + strings.Repeat(f, 50) + entry,
			"in the rest of one at first": strings.Repeat(f, 50) + entry,
			"before most entries":         f + strings.Repeat(entry, 3),
		} {
			s, ok := Recognise([]byte(log), true)
			// A table's first line names its columns: nothing at all can be one, but for
			// a log that holds little else.
			if strings.HasPrefix(f, "@") && name == "in the rest of one at first" {
				continue
			}
			if !ok || !s.Plain() {
				t.Errorf("%s %s: %q", f, name, s.Name())
			}
		}
	}
	if line := "<13>1 2024-07-10T05:25:05.2Z db1 mysqld 123 - - "; findPage([]byte(line+entry+line+"<pre>")) != nil {
		t.Error("the priority of a line of syslog is taken for a tag")
	}
	if s, _ := Recognise([]byte(hostile), true); s.Name() != "" {
		t.Errorf("the hostile log: %q", s.Name())
	}
}

// Of two streams only the one that holds entries is the log, from its first entry on.
func TestForeignStreams(t *testing.T) {
	log := "web_1    | started\n" +
		"mysql_1  | /usr/sbin/mysqld, Version: 5.7.12 (MySQL). started with:\n" +
		"web_1    | x\n" +
		"mysql_1  | 2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT '\n" +
		"web_1    | y\n" +
		"mysql_1  | '\n"
	want := "/usr/sbin/mysqld, Version: 5.7.12 (MySQL). started with:\n2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT '\n'\n"
	s, _ := Recognise([]byte(log), true)
	text, u := unwrap(s, []byte(log), whole)
	if string(text.Data) != want {
		t.Errorf("text %q, want %q", text.Data, want)
	}
	if u.ForeignLines != 3 || u.ForeignBytes != int64(len("started\nx\ny\n")) || u.WrapperBytes != int64(len(log)-len(want)) {
		t.Errorf("account %+v", u.Account)
	}
	if name := u.Stack().Name(); name != "docker compose prefix (stream mysql_1)" {
		t.Errorf("named %q", name)
	}
	// A server that comes later is the log from its first entry on, and only from
	// there when an entry is read back.
	late := log + "db2_1    | ready\ndb2_1    | 2024-07-10T05:25:06.058758Z\t    9 Query\tSELECT 2\n"
	text, u = unwrap(s, []byte(late), whole)
	if want += "2024-07-10T05:25:06.058758Z\t    9 Query\tSELECT 2\n"; string(text.Data) != want {
		t.Errorf("text %q, want %q", text.Data, want)
	}
	readBack(t, u.Stack(), []byte(late), text)
}

// A colour code, a missing blank at a line's end, an output that breaks into a line:
// what tools do.
func TestLinesOfTools(t *testing.T) {
	head := "2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT 1"
	for _, c := range []struct{ name, log, want string }{
		{"blank taken off", "mysql_1  | " + head + "\nmysql_1  |\nmysql_1  | x\n", head + "\n\nx\n"},
		{"part broken into", "2024-07-10T05:25:05Z stdout P " + head + "\n2024-07-10T05:25:05Z stderr F note\n2024-07-10T05:25:05Z stdout F 23\n", head + "23\n"},
		{"aws forged", "2024-07-10T05:25:05+00:00 db1 " + head + "\n2024-07-10T05:25:05+00:00 db1 " + head + "\n" + head + "\n", head + "\n" + head + "\n" + head + "\n"},
		{"aws banner", "2024-07-10T05:25:05+00:00 db1 /x/mysqld, Version: 5.7.12 (MySQL). started with:\nTcp port: 3306  Unix socket: /x\nTime                 Id Command    Argument\n2024-07-10T05:25:05+00:00 db1 " + head + "\n",
			"/x/mysqld, Version: 5.7.12 (MySQL). started with:\nTcp port: 3306  Unix socket: /x\nTime                 Id Command    Argument\n" + head + "\n"},
		{"aws continuation", "2024-07-10T05:25:05+00:00 db1 " + head + "\n  FROM t\n", head + "\n  FROM t\n"},
		{"rsyslog line break", "Jul 10 05:25:05 db1 mysqld: 2024-07-10T05:25:05.058758Z#011    8 Query#011SELECT#012 1\n", "2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT\n 1\n"},
		{"docker without line end", `{"log":"` + strings.ReplaceAll(head, "\t", `\t`) + `"}` + "\n" + `{"log":"x"}` + "\n", head + "\nx\n"},
		{"CR LF", "mysql_1  | " + head + "\r\nmysql_1  | x\r\n", head + "\r\nx\r\n"},
		{"surrogates", `{"message":"` + strings.ReplaceAll(head, "\t", `\u0009`) + ` \ud83d\ude00 \ud83d x \u00e4\/\"\\"}` + "\n", head + " \U0001f600 \ufffd x ä/\"\\\n"},
		{"marks of files that were joined", "mysql_1  | " + head + "\n\xef\xbb\xbfmysql_1  | " + head + "\n", head + "\n" + head + "\n"},
		{"marks of documents that were joined", `{"log":"` + strings.ReplaceAll(head, "\t", `\t`) + `"}` + "\n\xef\xbb\xbf" + `{"log":"x"}` + "\n", head + "\nx\n"},
		{"marks of all kinds", "mysql_1  | " + head + "\n\x1a\f\xef\xbb\xbf\x1b[0m\x00mysql_1  | " + head + "\n\x1a", head + "\n" + head + "\n"},
		{"marks before an entry", "mysql_1  | " + head + "\n\x1a" + head + "\n", head + "\n" + head + "\n"},
		{"marks of all kinds between documents", `{"log":"` + strings.ReplaceAll(head, "\t", `\t`) + `"}` + "\n\x1a\f\x1b[0m\x00\xef\xbb\xbf" + `{"log":"x"}` + "\n\x1b[m", head + "\nx\n"},
		{"tables that were joined", "@timestamp,@message\r\n1," + head + "\r\n\xef\xbb\xbf@timestamp,@message\r\n2,\"" + head + "\"\r\n", head + "\r\n" + head + "\n"},
		{"tables that were joined, in quotes", "\"@message\",\"@ptr\"\n\"" + head + "\",1\n\x1a\"@message\",\"@ptr\"\n\"" + head + "\"", head + "\n" + head + "\n"},
		{"a page whose text ends twice", "<html><pre>\n" + head + " &lt;&#39;&#x41;&nope;&amp;lt;\n</pre>\n<b>\nmore\n" + head + "\n</pre></html>\n", "\n" + head + " <'A&nope;&lt;\n" + head + "\n"},
		{"hole", "mysql_1  | " + head + "\n" + strings.Repeat("\x00", 100) + "mysql_1  | " + head + "\n", head + "\n" + strings.Repeat("\x00", 100) + head + "\n"},
		{"long syslog id", "<34>1 2024-07-10T05:25:05.2Z db1 mysqld 123 ID47 - \xef\xbb\xbf" + head + "\n", head + "\n"},
	} {
		s, ok := Recognise([]byte(c.log), true)
		if !ok {
			t.Fatal(c.name)
		}
		text, u := unwrap(s, []byte(c.log), whole)
		if string(text.Data) != c.want {
			t.Errorf("%s (%s): text %q, want %q", c.name, s.Name(), text.Data, c.want)
		}
		if sum := text.Map.Raw() + u.WrapperBytes + rejected(u); sum != int64(len(c.log)) {
			t.Errorf("%s: %d bytes accounted for of %d", c.name, sum, len(c.log))
		}
		readBack(t, u.Stack(), []byte(c.log), text)
	}
}

// Lines that have lost the prefix are counted, but for those that begin entries.
func TestLinesWithoutPrefix(t *testing.T) {
	head := "2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT 1\n"
	s, _ := Recognise([]byte("mysql_1  | "+head), true)
	log := "mysql_1  | " + head + "mysql_1  | more\n\n" + head + "noise\nnoise\n" + "mysql_1  | x\nz"
	text, u := unwrap(s, []byte(log), whole)
	if want := head + "more\n" + head + "x\n"; string(text.Data) != want {
		t.Errorf("text %q, want %q", text.Data, want)
	}
	if got := len(u.Rejects); got != 3 || rejected(u) != 14 {
		t.Errorf("rejects %v", u.Rejects)
	}
	readBack(t, u.Stack(), []byte(log), text)
}

// Which streams are the log from its start does not depend on how much of the file was
// at hand.
func TestStreamsOfAnyHead(t *testing.T) {
	entry := "2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT 1\n"
	log := strings.Repeat("mysql_1  | "+entry, HeadSize/60)
	for len(log) < HeadSize+100 {
		log += "mysql_1  | " + entry
	}
	log += "db2_1    | ready\ndb2_1    | " + entry
	short, _ := Recognise([]byte(log[:HeadSize+50]), false)
	long, _ := Recognise([]byte(log), false)
	if short.Name() != long.Name() {
		t.Errorf("%q of a part, %q of more", short.Name(), long.Name())
	}
}
