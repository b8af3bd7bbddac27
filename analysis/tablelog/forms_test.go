package tablelog

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// sqlLiteral escapes as mysqldump does (mysql_real_escape_string).
var sqlLiteral = strings.NewReplacer("\x00", `\0`, "\n", `\n`, "\r", `\r`, `\`, `\\`, `'`, `\'`, `"`, `\"`, "\x1a", `\Z`)

// object writes an entry as JSON, which has no bytes that are not UTF-8.
func object(e entry, indent string, names ...string) string {
	values := []any{e.when(), e.UserHost, json.Number(e.id()), 1, e.Command, e.Argument}
	var b strings.Builder
	b.WriteString("{" + indent)
	for i, name := range names {
		v, err := json.Marshal(values[i])
		if err != nil {
			panic(err)
		}
		if i > 0 {
			b.WriteString("," + indent)
		}
		fmt.Fprintf(&b, "%q: %s", name, v)
	}
	return b.String() + strings.TrimRight(indent, " ") + "}"
}

func jsonKept(e entry) entry {
	e.UserHost, e.Argument = string([]rune(e.UserHost)), string([]rune(e.Argument))
	return e
}

var tableNames = strings.Split(names, "\t")

// cellWidths are those of the drawn table in tests.
var cellWidths = []int{26, 300, 20, 9, 12, 1200}

// cells counts the cells that the client takes text for.
func cells(s string) (n int) {
	for len(s) > 0 {
		r, k := utf8.DecodeRuneInString(s)
		if s = s[k:]; wide(r) {
			n++
		}
		n++
	}
	return n
}

func drawnRow(left bool, values ...string) string {
	var b strings.Builder
	for i, v := range values {
		pad := strings.Repeat(" ", cellWidths[i]-cells(v))
		if left || i != 2 && i != 3 {
			fmt.Fprintf(&b, "| %s%s ", v, pad)
		} else {
			fmt.Fprintf(&b, "| %s%s ", pad, v)
		}
	}
	return b.String() + "|\n"
}

func drawnLine() string {
	var b strings.Builder
	for _, w := range cellWidths {
		b.WriteString("+" + strings.Repeat("-", w+2))
	}
	return b.String() + "+\n"
}

// drawnText is what is left of a text that the client fills with blanks.
func drawnText(s string) string {
	return strings.TrimRight(s, " ")
}

const insertHead = "INSERT INTO `mysql`.`general_log` (`event_time`, `user_host`, `thread_id`, `server_id`, `command_type`, `argument`) VALUES "

// forms are the dialects of the forms that are no rows of delimited fields.
var forms = []dialect{
	{name: "JSON, array", header: "[", between: ",", footer: "]\n", row: func(e entry) string { return object(e, "", tableNames...) }, kept: jsonKept},
	{name: "JSON, a line each", between: "\n", footer: "\n", row: func(e entry) string { return object(e, "", tableNames...) }, kept: jsonKept},
	{name: "JSON, indented", header: "{\n\"SELECT * FROM \\\"mysql\\\".{general_log}\": [\n\t", between: ",\n\t", footer: "\n]}\n",
		row: func(e entry) string {
			return object(e, "\n    ", "EVENT_TIME", "USER_HOST", "THREAD_ID", "SERVER_ID", "COMMAND_TYPE", "ARGUMENT")
		}, kept: jsonKept},
	{name: "JSON, phpMyAdmin", header: "[\n{\"type\":\"header\",\"version\":\"5.2.1\",\"comment\":\"Export to JSON plugin\"},\n{\"type\":\"database\",\"name\":\"mysql\"},\n{\"type\":\"table\",\"name\":\"general_log\",\"database\":\"mysql\",\"data\":\n[\n",
		between: ",\n", footer: "\n]\n}\n]\n", row: func(e entry) string { return object(e, "", tableNames...) }, kept: jsonKept},
	{name: "JSON, other names", between: "\n", row: func(e entry) string {
		return object(e, "", "timestamp", "user", "connection_id", "server", "Command", "query")
	}, kept: jsonKept},
	{name: "mysqldump", header: "-- MySQL dump 10.13  Distrib 8.0.43, for Linux (x86_64)\n--\n-- Host: localhost; it's\n/*!40101 SET NAMES utf8mb4 */;\n\nCREATE TABLE IF NOT EXISTS `general_log` (\n  `event_time` timestamp(6) NOT NULL COMMENT 'a;b'\n);\n/*!40000 ALTER TABLE `general_log` DISABLE KEYS */;\nINSERT INTO `general_log` VALUES ",
		between: ",", footer: ";\n/*!40000 ALTER TABLE `general_log` ENABLE KEYS */;\n\n-- Dump completed on 2024-07-10  5:25:05\n", row: func(e entry) string {
			return fmt.Sprintf("('%s','%s',%d,1,'%s','%s')", e.when(), sqlLiteral.Replace(e.UserHost), e.ID, e.Command, sqlLiteral.Replace(e.Argument))
		}},
	{name: "mysqldump --skip-extended-insert --complete-insert --hex-blob", header: insertHead, between: ";\n" + insertHead, footer: ";\n", row: func(e entry) string {
		text := "''"
		if e.Argument != "" {
			text = fmt.Sprintf("0x%X", e.Argument)
		}
		return fmt.Sprintf("('%s','%s',%d,1,'%s',_binary %s)", e.when(), sqlLiteral.Replace(e.UserHost), e.ID, e.Command, text)
	}},
	{name: `mysql \G`, plain: true, footer: "12 rows in set (0.01 sec)\n\n", row: func(e entry) string {
		return fmt.Sprintf("*************************** 1. row ***************************\n  event_time: %s\n   user_host: %s\n   thread_id: %d\n   server_id: 1\ncommand_type: %s\n    argument: %s\n", e.when(), e.UserHost, e.ID, e.Command, e.Argument)
	}, kept: func(e entry) entry {
		e.UserHost, e.Argument = strings.TrimSuffix(e.UserHost, "\r"), strings.TrimSuffix(e.Argument, "\r")
		return e
	}},
	{name: "mysql --table", header: "mysql> SELECT * FROM mysql.general_log;\n" + drawnLine() + drawnRow(true, tableNames...) + drawnLine(), footer: drawnLine() + "12 rows in set (0.01 sec)\n\nmysql> exit\n", row: func(e entry) string {
		return drawnRow(false, e.when(), e.UserHost, e.id(), "1", e.Command, e.Argument)
	}, kept: func(e entry) entry {
		e.UserHost, e.Argument = strings.TrimSpace(e.UserHost), drawnText(e.Argument)
		return e
	}},
}

// What a form's rows become that are cut, broken, or have strangers between them.
func TestFormDamage(t *testing.T) {
	row := func(e string) string { return "(" + e + ",7,1,'Query'," }
	const who = "'2024-07-10 05:25:05.058758','u[u] @ h []'"
	tests := []struct {
		name, dump string
		form       Form
		rows       string // id, command and argument of each
		rejects    int
	}{
		{"INSERT, cut in a text", "INSERT INTO general_log VALUES " + row(who) + "'a')," + row(who) + "'b", Inserts, "7 Query a;7 Query b;", 0},
		{"INSERT, cut before the text", "INSERT INTO general_log VALUES " + row(who) + "'a')," + row(who), Inserts, "7 Query a;", 1},
		{"INSERT, other tables", "SET a=1;\nINSERT INTO `x` VALUES (1,'INSERT INTO general_log VALUES (1)');\nINSERT INTO general_log VALUES " + row(who) + "'a');\nINSERT INTO `y` VALUES (1,';');", Inserts, "7 Query a;", 0},
		{"INSERT, a warning in front", "mysqldump: [Warning] Can't be safe.\n-- MySQL dump 10.13\nINSERT INTO `general_log` VALUES\n" + row(who) + " NULL )\n,\n" + row(who) + "x'6162');", Inserts, "7 Query ;7 Query ab;", 1},
		{"INSERT, another number of columns", "INSERT INTO general_log VALUES " + row(who) + "'a')," + row(who) + "'b','c');", Inserts, "7 Query a;", 1},
		{"JSON, a lost quote costs its line", `{"event_time":"2024-07-10 05:25:05","thread_id":7,"command_type":"Query","argument":"a"}` + "\n" + `{"event_time":"2024-07-10 05:25:05","thread_id":8,"command_type":"Query","argument":"b}` + "\n" + `{"event_time":"2024-07-10 05:25:05","thread_id":9,"command_type":"Query","argument":"c"}`, JSON, "7 Query a;9 Query c;", 1},
		{"JSON, cut in a text", `[{"event_time":"2024-07-10 05:25:05","thread_id":7,"command_type":"Query","argument":"a"},{"event_time":"2024-07-10 05:25:05","thread_id":8,"command_type":"Query","argument":"\u00e9\n\ud83d\ude00`, JSON, "7 Query a;8 Query é\n😀;", 0},
		{"JSON, null and no id", `[{"thread_id":7,"event_time":1720589105.058758,"command_type":"Quit","argument":null},{"event_time":"2024-07-10 05:25:05","command_type":"Query","argument":"a"}]`, JSON, "7 Quit ;", 1},
		{"drawn, widths lost", "| event_time | user_host | thread_id | server_id | command_type | argument |\n| 2024-07-10 05:25:05 | u[u] @ h [] | 7 | 1 | Query | a | b |\n| 2024-07-10 05:25:06 | u[u] @ h [] | 8 | 1 | Query | c\nd |\n2 rows in set (0.00 sec)\n", Drawn, "7 Query a | b;8 Query c\nd;", 0},
		{"drawn, a statement that looks like a row",
			"+---------------------+-------------+---+-------+------------------------------------------------------------+\n| event_time          | user_host   |id | type  | argument                                                   |\n+---------------------+-------------+---+-------+------------------------------------------------------------+\n" +
				"| 2024-07-10 05:25:05 | u[u] @ h [] | 7 | Query | a |\n| 2024-07-10 05:25:05 | u[u] @ h [] | 9 | Query | |\n+- |\n| 2024-07-10 05:25:05 | u[u] @ h [] | 8 | Query | b                                                          |\n", Drawn,
			"7 Query a |\n| 2024-07-10 05:25:05 | u[u] @ h [] | 9 | Query | |\n+-;8 Query b;", 0},
		{"drawn, a stranger between rows", "+-----+\nno table\n| event_time | thread_id | command_type | argument |\n| 2024-07-10 05:25:05 | 7 | Query | a |\n", Drawn, "7 Query a;", 1},
		{`\G, a stranger in front`, "hello\n" + `*************************** 1. row ***************************` + "\nevent_time: 2024-07-10 05:25:05\nthread_id: 7\ncommand_type: Query\nargument: a\ncommand_type: b\n1 row in set\n", Vertical, "7 Query a\ncommand_type: b;", 1},
	}
	for _, tt := range tests {
		l, verdict := Recognise([]byte(tt.dump), true)
		if verdict != Table || l.Form != tt.form {
			if l, _ = tt.form.layout([]byte(tt.dump), true); l.Columns == 0 && tt.form != JSON {
				t.Errorf("%s: verdict %d, form %v", tt.name, verdict, l.Form)
				continue
			}
		}
		got := scanAll([]byte(tt.dump), l)
		rows := ""
		for _, e := range got.entries {
			rows += fmt.Sprintf("%d %s %s;", e.ID, e.Command, e.Argument)
		}
		if rows != tt.rows || len(got.rejects) != tt.rejects || got.bytes != int64(len(tt.dump)) {
			t.Errorf("%s: %+v\nrows %q\nwant %q\nrejects %q, want %d; %d of %d bytes", tt.name, l, rows, tt.rows, got.rejects, tt.rejects, got.bytes, len(tt.dump))
		}
		for seed := range uint64(20) {
			if cut := scanCut([]byte(tt.dump), l, rand.New(rand.NewPCG(seed, 2)), 60); !reflect.DeepEqual(cut, got) {
				t.Errorf("%s: read in pieces\n%+v\nwant\n%+v", tt.name, cut, got)
			}
		}
	}
}
