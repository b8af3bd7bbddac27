package genlog

import (
	"strings"
	"testing"
	"time"
)

// The lines are those of servers, as their sources print them and as public
// samples show them, by version; the glued id is what MySQL 5.7's development
// line writes for ids of five digits and more.
func TestParseHeader(t *testing.T) {
	utc := func(s string) int64 {
		v, err := time.Parse("2006-01-02T15:04:05.999999Z07:00", s)
		if err != nil {
			t.Fatal(err)
		}
		return v.UnixMicro()
	}
	tests := []struct {
		name, line string
		short      bool
		form       Form
		time       string
		id         uint64
		command    string
		text       string
	}{
		{"MySQL 8", "2024-07-10T05:25:05.058758Z\t   42 Query\tSELECT 1\n", false, FormISO, "2024-07-10T05:25:05.058758Z", 42, "Query", "SELECT 1\n"},
		{"5.7, padded", "2024-07-08T10:27:53.653910Z  225 Query\tSELECT 1", false, FormISO, "2024-07-08T10:27:53.65391Z", 225, "Query", "SELECT 1"},
		{"5.7, glued", "2024-07-10T05:25:05.058758Z49509 Query\tSELECT 1", false, FormISO, "2024-07-10T05:25:05.058758Z", 49509, "Query", "SELECT 1"},
		{"offset", "2024-07-10T05:25:05.058758+08:00\t   42 Query\tSELECT 1", false, FormISO, "2024-07-09T21:25:05.058758Z", 42, "Query", "SELECT 1"},
		{"negative offset", "2024-07-10T05:25:05.058758-03:30\t   42 Quit\t", false, FormISO, "2024-07-10T08:55:05.058758Z", 42, "Quit", ""},
		{"TABs turned to spaces", "2024-07-10T05:25:05.058758Z       42 Query     SELECT 1", false, FormISO, "2024-07-10T05:25:05.058758Z", 42, "Query", "SELECT 1"},
		{"command of two words", "2024-07-10T05:25:05.058758Z\t   42 Init DB\tshop", false, FormISO, "2024-07-10T05:25:05.058758Z", 42, "Init DB", "shop"},
		{"longest name wins", "2024-07-10T05:25:05.058758Z\t   42 Binlog Dump GTID\tLog: ''", false, FormISO, "2024-07-10T05:25:05.058758Z", 42, "Binlog Dump GTID", "Log: ''"},
		{"unknown name before a TAB", "2024-07-10T05:25:05.058758Z\t   42 Some New Thing\tx", false, FormISO, "2024-07-10T05:25:05.058758Z", 42, "Some New Thing", "x"},
		{"unknown name with figures", "2024-07-10T05:25:05.058758Z\t   42 X_plugin2 auth-step\tx", false, FormISO, "2024-07-10T05:25:05.058758Z", 42, "X_plugin2 auth-step", "x"},
		{"no argument, CRLF", "2024-07-10T05:25:05.058758Z\t   42 Quit\r\n", false, FormISO, "2024-07-10T05:25:05.058758Z", 42, "Quit", "\r\n"},
		{"5.6", "250311  8:42:00\t    1 Connect\tmonitor@127.0.0.9 on ", false, FormShort, "2025-03-11T08:42:00Z", 1, "Connect", "monitor@127.0.0.9 on "},
		{"5.6, two digits", "181010 18:18:04\t   42 Query\tSELECT 1", false, FormShort, "2018-10-10T18:18:04Z", 42, "Query", "SELECT 1"},
		{"5.1, no TAB", "051007 21:55:24    42 Query\tSELECT 1", false, FormShort, "2005-10-07T21:55:24Z", 42, "Query", "SELECT 1"},
		{"5.1, glued", "051007 21:55:2449509 Query\tSELECT 1", false, FormShort, "2005-10-07T21:55:24Z", 49509, "Query", "SELECT 1"},
		{"same second", "\t\t    1 Quit\t", true, FormSame, "", 1, "Quit", ""},
		{"same second, TABs turned to blanks", "                    1 Query     SELECT 1", true, FormSame, "", 1, "Query", "SELECT 1"},
		{"same second, a TAB left", "                96991 Query\tSELECT 1", true, FormSame, "", 96991, "Query", "SELECT 1"},
		{"same second, one blank to the TAB stop", "                    1 Create DB shop", true, FormSame, "", 1, "Create DB", "shop"},
		{"same second, blanks cut off", "                 1234 Quit\n", true, FormSame, "", 1234, "Quit", "\n"},
		{"leap day", "2024-02-29T05:25:05.058758Z\t   42 Quit\t", false, FormISO, "2024-02-29T05:25:05.058758Z", 42, "Quit", ""},
		{"MariaDB, six columns", "\t\t     7 Query\tSELECT 1", true, FormSame, "", 7, "Query", "SELECT 1"},
		{"MariaDB command", "250311 18:18:04\t     7 Bulk_execute\tINSERT", false, FormShort, "2025-03-11T18:18:04Z", 7, "Bulk_execute", "INSERT"},
		{"last century", "991231 23:59:59\t    1 Quit\t", false, FormShort, "1999-12-31T23:59:59Z", 1, "Quit", ""},
		{"largest id", "2024-07-10T05:25:05.058758Z18446744073709551615 Quit\t", false, FormISO, "2024-07-10T05:25:05.058758Z", 18446744073709551615, "Quit", ""},
	}
	for _, tt := range tests {
		h, ok := ParseHeader([]byte(tt.line), tt.short)
		if !ok {
			t.Errorf("%s: %q is no header", tt.name, tt.line)
			continue
		}
		if h.Form != tt.form || h.ID != tt.id || string(h.Command) != tt.command || tt.line[h.Text:] != tt.text {
			t.Errorf("%s: form %d, id %d, command %q, text %q", tt.name, h.Form, h.ID, h.Command, tt.line[h.Text:])
		}
		if tt.time != "" && h.Time != utc(tt.time) {
			t.Errorf("%s: time %v, want %s", tt.name, time.UnixMicro(h.Time).UTC(), tt.time)
		}
	}
}

func TestLinesThatAreNoHeader(t *testing.T) {
	for _, line := range []string{
		"",
		"SELECT 1",
		"   42 Query rows",
		"\t\t\tFROM wp_posts",
		"\t\tWHERE 1",
		"\t\t1 Quit",       // an id that short would be padded
		"\t\t    1 Apples", // not a command
		"                    5 Time,",
		"                    5 Error FROM t",
		"                    5 Apples    FROM t",
		"                 5    Query     x",
		"               5 Query     SELECT 1",
		"2024-07-10T05:25:05.058758Z\t   42 Novel x y",
		"2024-07-10T05:25:05.058758Z 42 [Note]\tx",
		"2024-07-10T05:25:05.058758Z 42 [Note] [MY-010926] [Server] x\ty",
		"2024-07-10T05:25:05.058758Z 42 a b c d e f g\tx",
		"2024-07-10T05:25:05.058758Z 42 a  b\tx",
		"2024-02-30T05:25:05.058758Z 42 Query\tx",
		"2023-02-29T05:25:05.058758Z 42 Query\tx",
		"2024-07-10T05:25:05.058758Z " + strings.Repeat("0", 30) + "42 Query\tx",
		"2024-07-10T05:25:05.058758Z" + strings.Repeat(" ", 100) + "42 Query\tx",
		"230229  1:42:00\t    1 Quit",
		"2024-07-10 05:25:05 42 Query\tx",
		"2024-13-10T05:25:05.058758Z 42 Query\tx",
		"2024-07-10T05:25:05.058758Z",
		"2024-07-10T05:25:05.058758Z some text",
		"2024-07-10T05:25:05.058758Z 42\n",
		"2024-07-10T05:25:05.058758Z 99999999999999999999 Query\tx",
		"250311 25:42:00\t    1 Quit",
		"251311 08:42:00\t    1 Quit",
	} {
		if h, ok := ParseHeader([]byte(line), true); ok {
			t.Errorf("%q is taken for a header: %+v", line, h)
		}
	}
	if _, ok := ParseHeader([]byte("\t\t    1 Quit\t"), false); ok {
		t.Error("a same-second line is taken for a header in a file that has none")
	}
}

// A line that is a header but for an impossible figure is named; it must have a
// known command.
func TestFaultyHeaders(t *testing.T) {
	for _, c := range []struct {
		line string
		why  Reason
		ok   bool
	}{
		{"2024-13-10T05:25:05.058758Z\t   42 Query\tx\n", BadTime, true},
		{"2024-02-30T05:25:05.058758Z   42 Query\tx\n", BadTime, true},
		{"2024-07-10T25:25:05.058758Z42 Quit\t\n", BadTime, true},
		{"2024-07-10T05:25:05.058758+99:99\t   42 Quit\t\n", BadTime, true},
		{"251311 08:42:00\t    1 Quit\n", BadTime, true},
		{"250311 25:42:00\t    1 Init DB\tx\n", BadTime, true},
		{"2024-07-10T05:25:05.058758Z 99999999999999999999 Query\tx\n", BadID, true},
		{"250311 08:42:00\t123456789012345678901234567890 Quit\n", BadID, true},
		{"2024-13-10T05:25:05.058758Z\t   42 Novel\tx\n", 0, false},
		{"2024-13-10T05:25:05.058758Z\t   Query\tx\n", 0, false},
		{"2024-13-10T05:25:05.058758Z", 0, false},
		{"2024-13-10 05:25:05\t   42 Query\tx\n", 0, false},
		{"123456 12:12:12", 0, false},
	} {
		if why, ok := faulty([]byte(c.line)); ok != c.ok || ok && why != c.why {
			t.Errorf("%q: %v %v, want %v %v", c.line, ok, why, c.ok, c.why)
		}
	}
}

// Go's own calendar decides.
func TestMicros(t *testing.T) {
	for d := time.Date(1890, 1, 1, 3, 4, 5, 6000, time.UTC); d.Year() < 2110; d = d.AddDate(0, 0, 1) {
		if got := Micros(d.Year(), int(d.Month()), d.Day(), 3, 4, 5, 6); got != d.UnixMicro() {
			t.Fatalf("%v: %d, want %d", d, got, d.UnixMicro())
		}
	}
}
