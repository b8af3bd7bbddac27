// Package wrappertest puts around a log what platforms put around it, for tests.
package wrappertest

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"
)

// Form is a wrapper.
type Form struct {
	Name  string
	Named string // what the name of the stack that takes it off begins with
	Wrap  func(log []byte) []byte
}

// Forms returns all wrappers, and some in each other. All are made for logs in
// UTF-8 that end in a line end.
func Forms() []Form {
	stamp := func(i int) time.Time {
		return time.Date(2024, 7, 10, 5, 25, 5, i%1_000_000*1000+123, time.UTC).Add(time.Duration(i) * time.Millisecond)
	}
	nano := func(i int) string { return stamp(i).Format(time.RFC3339Nano) }
	forms := []Form{
		{"compose", "docker compose prefix", prefix(func(int) string { return "mysql_1  | " })},
		{"compose-colour", "docker compose prefix", prefix(func(int) string { return "\x1b[36mmysql-1  |\x1b[0m " })},
		{"compose-colour-v2", "docker compose prefix", prefix(func(int) string { return "\x1b[36mmysql-1  | \x1b[0m" })},
		{"compose-foreign", "docker compose prefix (stream mysql_1)", foreign},
		{"kubectl-timestamps", "time before each line", prefix(func(i int) string { return nano(i) + " " })},
		{"kubectl-prefix", "kubectl prefix", prefix(func(int) string { return "[pod/db-0/mysql] " })},
		{"cri", "CRI prefix", cri(nano)},
		{"syslog-3164", "syslog prefix (RFC 3164)", prefix(func(i int) string { return stamp(i).Format(time.Stamp) + " db1 mysqld[123]: " })},
		{"syslog-3164-pri", "syslog prefix (RFC 3164)", prefix(func(i int) string { return "<13>" + stamp(i).Format(time.Stamp) + " db1 mysqld: " })},
		{"syslog-5424", "syslog prefix (RFC 5424)", prefix(func(i int) string { return "<13>1 " + nano(i) + " db1 mysqld 123 - - " })},
		{"syslog-5424-data", "syslog prefix (RFC 5424)", prefix(func(i int) string { return "<13>1 " + nano(i) + ` db1 mysqld 123 - [x@1 a="]\""][y b="c"] ` })},
		{"syslog-escapes", "syslog prefix (RFC 3164)", escaped},
		{"journald-iso", "journald prefix", prefix(func(i int) string { return stamp(i).Format("2006-01-02T15:04:05-0700") + " db1 mysqld[123]: " })},
		{"journald-precise", "syslog prefix (RFC 3164)", prefix(func(i int) string { return stamp(i).Format("Jan _2 15:04:05.000000") + " db1 mysqld[123]: " })},
		{"journald-full", "journald prefix", prefix(func(i int) string { return stamp(i).Format("Mon 2006-01-02 15:04:05 MST") + " db1 mysqld[123]: " })},
		{"journald-unix", "journald prefix", prefix(func(i int) string { return fmt.Sprintf("%d.%06d db1 mysqld[123]: ", stamp(i).Unix(), i) })},
		{"journald-monotonic", "journald prefix", prefix(func(i int) string { return fmt.Sprintf("[%5d.%06d] db1 mysqld[123]: ", i, i) })},
		{"journald-export", "journald export", export(9)},
		{"journald-export-bytes", "journald export", export(1)},
		{"journald-json-bytes", "journald JSON (MESSAGE)", objects(func(line string, i int) any {
			var message any = line
			if i%9 == 8 {
				list := []int{}
				for _, c := range []byte(line) {
					list = append(list, int(c))
				}
				message = list
			}
			return map[string]any{"MESSAGE": message, "_HOSTNAME": "db1", "list": []int{1, 300}}
		})},
		{"journald-json", "journald JSON (MESSAGE)", objects(func(line string, i int) any {
			return map[string]any{"MESSAGE": line, "__REALTIME_TIMESTAMP": fmt.Sprint(stamp(i).UnixMicro()), "_HOSTNAME": "db1"}
		})},
		{"grep-file", "grep prefix with file (stream logs/general.log)", prefix(func(int) string { return "logs/general.log:" })},
		{"grep-file-line", "grep prefix with file and line", prefix(func(i int) string { return fmt.Sprintf("general.log:%d:", i+1) })},
		{"grep-line", "grep prefix with line", prefix(func(i int) string { return fmt.Sprintf("%d:", i+1) })},
		{"grep-context", "grep prefix with file and line", grepContext},
		{"quoted", "quote marks", prefix(func(int) string { return "> " })},
		{"indented", "indentation", prefix(func(int) string { return "    " })},
		{"ossec", "OSSEC prefix", prefix(func(int) string { return "MySQL log: " })},
		{"wazuh", "Wazuh archive prefix", prefix(func(i int) string {
			return stamp(i).Format("2006 Jan _2 15:04:05") + " (db1) any->/var/log/mysql/general.log "
		})},
		{"aws-tail", "aws logs tail prefix", prefix(func(i int) string { return stamp(i).Format("2006-01-02T15:04:05.000000-07:00") + " db-1.general " })},
		{"docker-json", "docker json-file (log)", dockerJSON(nano)},
		{"cloudwatch-json", "CloudWatch events (events[].message)", pretty(cloudwatch)},
		{"cloudwatch-json-line", "CloudWatch events (events[].message)", compact(cloudwatch)},
		{"insights-json", "CloudWatch Logs Insights results (results[][].@message)", pretty(insightsResults)},
		{"cloudsql-array", "Cloud SQL log entries ([].textPayload)", pretty(cloudsql)},
		{"cloudsql-lines", "Cloud SQL log entries (textPayload)", objects(func(line string, i int) any {
			return map[string]any{"insertId": fmt.Sprint(i), "textPayload": line, "timestamp": nano(i)}
		})},
		{"filebeat", "Filebeat or ECS documents (message)", objects(func(line string, i int) any {
			return map[string]any{"@timestamp": nano(i), "message": line, "log": map[string]any{"offset": i, "file": map[string]any{"path": "/x/message"}}}
		})},
		{"ecs-original", "Filebeat or ECS documents (event.original)", objects(func(line string, i int) any {
			return map[string]any{"@timestamp": nano(i), "event": map[string]any{"original": line, "list": []string{"a", "b"}}, "message": "x"}
		})},
		{"elastic", "Elasticsearch export (hits.hits[]._source.message)", pretty(elastic)},
		{"json-other", "JSON (a[].b.c)", compact(func(lines []string) any {
			var list []any
			for _, line := range lines {
				list = append(list, map[string]any{"b": map[string]any{"c": line, "d": "e"}, "message": "f"})
			}
			return map[string]any{"a": list}
		})},
		{"insights-csv", "CloudWatch Logs Insights CSV", insights},
		{"utf8-mark", "UTF-8 byte order mark", func(log []byte) []byte { return append([]byte("\xef\xbb\xbf"), log...) }},
		{"utf16-le", "UTF-16 (little endian)", UTF16(false, true)},
		{"utf16-be", "UTF-16 (big endian)", UTF16(true, true)},
		{"utf16-le-unmarked", "UTF-16 (little endian)", UTF16(false, false)},
	}
	byName := map[string]Form{}
	for _, f := range forms {
		byName[f.Name] = f
	}
	nest := func(named string, names ...string) {
		forms = append(forms, Form{strings.Join(names, "+"), named, func(log []byte) []byte {
			for _, name := range names {
				log = byName[name].Wrap(log)
			}
			return log
		}})
	}
	nest("UTF-16 (little endian), docker compose prefix", "compose-colour", "utf16-le")
	nest("UTF-8 byte order mark, syslog prefix", "syslog-3164", "utf8-mark")
	nest("docker compose prefix (stream mysql_1), time before each line", "kubectl-timestamps", "compose-foreign")
	nest("grep prefix with file and line (stream general.log), docker json-file (log)", "docker-json", "grep-file-line")
	nest("docker json-file (log), syslog prefix", "syslog-3164", "docker-json")
	nest("docker json-file (log), Filebeat or ECS documents (message)", "filebeat", "docker-json")
	nest("CloudWatch Logs Insights CSV, Filebeat or ECS documents (message)", "filebeat", "insights-csv")
	nest("UTF-16 (big endian), docker json-file (log)", "docker-json", "utf16-be")
	return forms
}

// lines returns the lines of a log with their line ends.
func lines(log []byte) []string {
	return strings.SplitAfter(strings.TrimSuffix(string(log), "\n"), "\n")
}

// bare returns the lines of a log without their line ends.
func bare(log []byte) []string { return strings.Split(strings.TrimSuffix(string(log), "\n"), "\n") }

func prefix(of func(i int) string) func([]byte) []byte {
	return func(log []byte) []byte {
		var b bytes.Buffer
		for i, line := range bare(log) {
			b.WriteString(of(i) + line + "\n")
		}
		return b.Bytes()
	}
}

// foreign has lines of other services between those of the log, some of which look
// like anything but the start of an entry.
func foreign(log []byte) []byte {
	var b bytes.Buffer
	for i, line := range bare(log) {
		if i%3 == 0 {
			b.WriteString("web_1    | GET /index.php?id=1 HTTP/1.1\n")
		}
		b.WriteString("mysql_1  | " + line + "\n")
		if i%7 == 0 {
			b.WriteString("redis    | \t\t   12 Query\tSELECT 1\nredis    |\n")
		}
	}
	return b.Bytes()
}

// maxCRI is where a container runtime breaks lines, shorter than it is there.
const maxCRI = 200

func cri(nano func(int) string) func([]byte) []byte {
	return func(log []byte) []byte {
		var b bytes.Buffer
		for i, line := range bare(log) {
			for len(line) > maxCRI {
				b.WriteString(nano(i) + " stdout P " + line[:maxCRI] + "\n")
				line = line[maxCRI:]
			}
			b.WriteString(nano(i) + " stdout F " + line + "\n")
		}
		return b.Bytes()
	}
}

func escaped(log []byte) []byte {
	log = bytes.ReplaceAll(log, []byte("\t"), []byte("#011"))
	return prefix(func(i int) string { return "Jul 10 05:25:05 db1 mysqld[123]: " })(log)
}

// export writes every nth message in the form that may hold anything.
func export(nth int) func(log []byte) []byte {
	return func(log []byte) []byte {
		var b bytes.Buffer
		for i, line := range bare(log) {
			fmt.Fprintf(&b, "__CURSOR=s=%d\n__REALTIME_TIMESTAMP=1720589105058758\n_HOSTNAME=db1\n", i)
			if i%nth == nth-1 {
				b.WriteString("MESSAGE\n")
				_ = binary.Write(&b, binary.LittleEndian, uint64(len(line)))
				b.WriteString(line + "\nBLOB\n")
				_ = binary.Write(&b, binary.LittleEndian, uint64(10))
				b.WriteString("MESSAGE=x\n\n")
			} else {
				b.WriteString("MESSAGE=" + line + "\n")
			}
			b.WriteString("_PID=123\n\n")
		}
		return b.Bytes()
	}
}

// grepContext marks the lines that are not the first of an entry as ones around a
// hit.
func grepContext(log []byte) []byte {
	var b bytes.Buffer
	for i, line := range bare(log) {
		mark := ':'
		if len(line) == 0 || line[0] < '0' || line[0] > '9' {
			mark = '-'
		}
		if i%5 == 4 && mark == ':' {
			b.WriteString("--\n")
		}
		fmt.Fprintf(&b, "general.log%c%d%c%s\n", mark, i+1, mark, line)
	}
	return b.Bytes()
}

// encode writes JSON as most programs do.
func encode(b *bytes.Buffer, v any, indent string) {
	e := json.NewEncoder(b)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
}

func objects(of func(line string, i int) any) func([]byte) []byte {
	return func(log []byte) []byte {
		var b bytes.Buffer
		for i, line := range bare(log) {
			encode(&b, of(line, i), "")
		}
		return b.Bytes()
	}
}

// maxDocker is where docker breaks lines, shorter than it is there.
const maxDocker = 300

func dockerJSON(nano func(int) string) func([]byte) []byte {
	return func(log []byte) []byte {
		var b bytes.Buffer
		for i, line := range lines(append(bytes.TrimSuffix(log, []byte("\n")), '\n')) {
			if !strings.HasSuffix(line, "\n") {
				line += "\n"
			}
			for len(line) > 0 {
				n := min(len(line), maxDocker)
				for n < len(line) && line[n]&0xc0 == 0x80 {
					n++
				}
				encode(&b, map[string]string{"log": line[:n], "stream": "stdout", "time": nano(i)}, "")
				line = line[n:]
			}
		}
		return b.Bytes()
	}
}

func pretty(of func([]string) any) func([]byte) []byte {
	return func(log []byte) []byte {
		var b bytes.Buffer
		encode(&b, of(bare(log)), "    ")
		return b.Bytes()
	}
}

func compact(of func([]string) any) func([]byte) []byte {
	return func(log []byte) []byte {
		var b bytes.Buffer
		encode(&b, of(bare(log)), "")
		return b.Bytes()
	}
}

func cloudwatch(lines []string) any {
	var events []any
	for i, line := range lines {
		events = append(events, map[string]any{"logStreamName": "db-1", "timestamp": 1720589105058 + i, "message": line, "eventId": fmt.Sprint(i)})
	}
	return map[string]any{"events": events, "searchedLogStreams": []string{}}
}

func insightsResults(lines []string) any {
	type field struct {
		Field string `json:"field"`
		Value string `json:"value"`
	}
	var rows [][]field
	for _, line := range lines {
		rows = append(rows, []field{{"@timestamp", "2024-07-10 05:25:05.058"}, {"@message", line}, {"@ptr", "CmE"}})
	}
	return map[string]any{"results": rows, "status": "Complete"}
}

func cloudsql(lines []string) any {
	var list []any
	for i, line := range lines {
		list = append(list, map[string]any{"insertId": fmt.Sprint(i), "resource": map[string]any{"type": "cloudsql_database"}, "textPayload": line})
	}
	return list
}

func elastic(lines []string) any {
	var hits []any
	for i, line := range lines {
		hits = append(hits, map[string]any{"_index": "filebeat", "_id": fmt.Sprint(i), "_source": map[string]any{"message": line, "tags": []string{"mysql"}}})
	}
	return map[string]any{"took": 1, "hits": map[string]any{"total": len(lines), "hits": hits}}
}

func insights(log []byte) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"@timestamp", "@message", "@logStream"})
	for _, line := range bare(log) {
		_ = w.Write([]string{"2024-07-10 05:25:05.058", line, "db-1"})
	}
	w.Flush()
	return b.Bytes()
}

// UTF16 encodes a log, in either byte order, with a byte order mark or without.
func UTF16(big, mark bool) func([]byte) []byte {
	return func(log []byte) []byte {
		var order binary.AppendByteOrder = binary.LittleEndian
		if big {
			order = binary.BigEndian
		}
		var b []byte
		if mark {
			b = order.AppendUint16(b, 0xfeff)
		}
		for _, u := range utf16.Encode([]rune(string(log))) {
			b = order.AppendUint16(b, u)
		}
		return b
	}
}
