package genlog

import (
	"bytes"
	"strings"
	"testing"
)

// Entries that have something around them, behind some that have not, are no text of the
// last that has not: each is counted.
func TestEntriesWithSomethingAround(t *testing.T) {
	const entry = "2024-07-10T05:25:05.058759Z\t    1 Query\tSELECT 1"
	wide := func(text string) string {
		b := []byte("\xff\xfe")
		for _, c := range []byte(text) {
			b = append(b, c, 0)
		}
		return string(b)
	}
	escaped := strings.ReplaceAll(entry, "\t", `\t`)
	for name, line := range map[string]string{
		"compose":        "mysql_1  | " + entry,
		"colour":         "\x1b[36mmysql_1  |\x1b[0m " + entry,
		"kubectl":        "2024-07-10T05:25:05.058758123Z " + entry,
		"CRI":            "2024-07-10T05:25:05.058758123Z stdout F " + entry,
		"syslog":         "Jul 10 05:25:05 db1 mysqld[123]: " + entry,
		"syslog escaped": "Jul 10 05:25:05 db1 mysqld[123]: " + strings.ReplaceAll(entry, "\t", "#011"),
		"structured":     `<13>1 2024-07-10T05:25:05.058758Z db1 mysqld 123 - [x@1 a="b"] ` + entry,
		"grep":           "general.log:12:" + entry,
		"quoted":         "> " + entry,
		"old form":       "mysql_1  | 240710  5:25:05\t    1 Query\tSELECT 1",
		"docker":         `{"log":"` + escaped + `\n","stream":"stdout"}`,
		"CloudWatch":     `{"events":[{"eventId":"1","message":"` + escaped + `"},`,
		"indented":       `            "message": "` + escaped + `",`,
		"Loki":           `["1720589105058758000","` + escaped + `"],`,
		"CSV":            `2024-07-10 05:25:05.058,"` + entry + `",db-1`,
		"UTF-16":         wide(entry),
	} {
		first := entry + " UNION\n SELECT 2 -- a: b:c:d\n"
		log := first + line + "\n" + line + "\nmore\n" + entry + "\n"
		list, _, cov := scan(Chunk{Data: []byte(log), First: true, Last: true})
		if len(list) != 2 || list[0].argument != "SELECT 1 UNION\n SELECT 2 -- a: b:c:d" || cov.Rejects != 2 || cov.First[0].Reason != Wrapped {
			t.Errorf("%s: %v, rejects %v", name, list, cov.First)
		}
		if cov.Bytes() != int64(len(log)) {
			t.Errorf("%s: %d bytes accounted for, want %d", name, cov.Bytes(), len(log))
		}
		// In a quote they are text, and hide nothing of the statement.
		open := "2024-07-10T05:25:05.058759Z\t    1 Query\tSELECT 1, '\n" + line + "\n' UNION SELECT password\n" + entry + "\n"
		if list, _, cov = scan(Chunk{Data: []byte(open), First: true, Last: true}); len(list) != 2 || !strings.HasSuffix(list[0].argument, "password") || cov.Rejects != 0 {
			t.Errorf("%s in a quote: %v, rejects %v", name, list, cov.First)
		}
	}
}

// A statement that runs loses no line to what looks like an entry in it.
func TestStatementsKeepTheirLines(t *testing.T) {
	const head = "2024-07-10T05:25:05.058759Z\t    1 Query\t"
	for _, line := range []string{
		"/* " + head + "*/ UNION SELECT password",
		"-- " + head, "# " + head, "'" + head + "' UNION SELECT password", `"` + head + `"`, "`" + head + "`",
		`{"d" "` + head + `"}`, `, "` + head + `"`, `AS "a", "` + head + `"`, "12:00:00" + head[10:], "a:b:c", "::::",
	} {
		log := head + "SELECT 1\n" + line + "\nFROM t\n"
		list, _, cov := scan(Chunk{Data: []byte(log), First: true, Last: true})
		if want := "SELECT 1\n" + line + "\nFROM t"; len(list) != 1 || list[0].argument != want || cov.Rejects != 0 {
			t.Errorf("%q: %v, rejects %v", line, list, cov.First)
		}
	}
}

// A line of nothing but marks is as long as it is.
func TestLineOfMarks(t *testing.T) {
	log := bytes.Repeat(markUTF8, 1<<16)
	log = append(log, "2024-07-10T05:25:05.058759Z\t    1 Quit\t\n"...)
	if _, _, cov := scan(Chunk{Data: log, First: true, Last: true}); cov.Bytes() != int64(len(log)) {
		t.Errorf("%d bytes accounted for, want %d", cov.Bytes(), len(log))
	}
}
