// Package wrappertest puts around a log what platforms put around it, for tests.
package wrappertest

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// Form is a wrapper.
type Form struct {
	Name  string
	Named string // what the name of the stack that takes it off begins with
	lead  string // a regular expression for what an entry's offset leads to before its text
	Wrap  func(log []byte) []byte
}

// Leads returns a function that reports whether the bytes at an offset of a wrapped
// log are where an entry begins in it: the prefix of its line, or the quote or the
// field's name before it, and then head, the first bytes of its text in ASCII.
func (f Form) Leads() func(raw []byte, head string) bool {
	lead := regexp.MustCompile("^(?:" + f.lead + ")")
	decode := decoders[f.Name[strings.LastIndexByte(f.Name, '+')+1:]]
	return func(raw []byte, head string) bool {
		raw = raw[:min(len(raw), maxLead)]
		if decode != nil {
			raw = decode(raw)
		}
		found := lead.FindIndex(raw)
		return found != nil && bytes.HasPrefix(raw[found[1]:], []byte(head))
	}
}

// maxLead holds every lead with the first bytes of an entry, in any encoding.
const maxLead = 400

// Leads of several forms.
const (
	quote = `"`
	when  = `2024-07-10T[\d:]{8}\.\d{9}Z`
	short = `Jul 10 [\d:]{8}`
)

// decoders make ASCII of the bytes at an offset, for the forms that hold other bytes.
var decoders = map[string]func(raw []byte) []byte{
	"journald-json-bytes": func(raw []byte) []byte {
		if raw[0] != '[' {
			return raw
		}
		text := []byte{'['}
		for _, n := range strings.Split(string(raw[1:]), ",") {
			c, _ := strconv.Atoi(n)
			text = append(text, byte(c))
		}
		return text
	},
	"utf16-le":          units(binary.LittleEndian),
	"utf16-le-unmarked": units(binary.LittleEndian),
	"utf16-be":          units(binary.BigEndian),
}

func units(order binary.ByteOrder) func([]byte) []byte {
	return func(raw []byte) (text []byte) {
		for ; len(raw) > 1; raw = raw[2:] {
			text = utf8.AppendRune(text, rune(order.Uint16(raw)))
		}
		return text
	}
}

// Forms returns all wrappers, and some in each other. All are made for logs in
// UTF-8 that end in a line end.
func Forms() []Form {
	stamp := func(i int) time.Time {
		return time.Date(2024, 7, 10, 5, 25, 5, i%1_000_000*1000+123, time.UTC).Add(time.Duration(i) * time.Millisecond)
	}
	nano := func(i int) string { return stamp(i).Format(time.RFC3339Nano) }
	forms := []Form{
		{"compose", "docker compose prefix", `mysql_1  \| `, prefix(func(int) string { return "mysql_1  | " })},
		{"compose-colour", "docker compose prefix", `\x1b\[36mmysql-1  \|\x1b\[0m `, prefix(func(int) string { return "\x1b[36mmysql-1  |\x1b[0m " })},
		{"compose-colour-v2", "docker compose prefix", `\x1b\[36mmysql-1  \| \x1b\[0m`, prefix(func(int) string { return "\x1b[36mmysql-1  | \x1b[0m" })},
		{"compose-foreign", "docker compose prefix (stream mysql_1)", `mysql_1  \| `, foreign},
		{"kubectl-timestamps", "time before each line", when + ` `, prefix(func(i int) string { return nano(i) + " " })},
		{"kubectl-prefix", "kubectl prefix", `\[pod/db-0/mysql\] `, prefix(func(int) string { return "[pod/db-0/mysql] " })},
		{"cri", "CRI prefix", when + ` stdout [PF] `, cri(nano)},
		{"syslog-3164", "syslog prefix (RFC 3164)", short + ` db1 mysqld\[123\]: `, prefix(func(i int) string { return stamp(i).Format(time.Stamp) + " db1 mysqld[123]: " })},
		{"syslog-3164-pri", "syslog prefix (RFC 3164)", `<13>` + short + ` db1 mysqld: `, prefix(func(i int) string { return "<13>" + stamp(i).Format(time.Stamp) + " db1 mysqld: " })},
		{"syslog-5424", "syslog prefix (RFC 5424)", `<13>1 ` + when + ` db1 mysqld 123 - - `, prefix(func(i int) string { return "<13>1 " + nano(i) + " db1 mysqld 123 - - " })},
		{"syslog-5424-data", "syslog prefix (RFC 5424)", `<13>1 ` + when + ` db1 mysqld 123 - \[x@1 a="\]\\""\]\[y b="c"\] `, prefix(func(i int) string { return "<13>1 " + nano(i) + ` db1 mysqld 123 - [x@1 a="]\""][y b="c"] ` })},
		{"syslog-escapes", "syslog prefix (RFC 3164)", short + ` db1 mysqld\[123\]: `, escaped},
		{"journald-iso", "journald prefix", `2024-07-10T[\d:]{8}\+0000 db1 mysqld\[123\]: `, prefix(func(i int) string { return stamp(i).Format("2006-01-02T15:04:05-0700") + " db1 mysqld[123]: " })},
		{"journald-precise", "syslog prefix (RFC 3164)", short + `\.\d{6} db1 mysqld\[123\]: `, prefix(func(i int) string { return stamp(i).Format("Jan _2 15:04:05.000000") + " db1 mysqld[123]: " })},
		{"journald-full", "journald prefix", `Wed 2024-07-10 [\d:]{8} UTC db1 mysqld\[123\]: `, prefix(func(i int) string { return stamp(i).Format("Mon 2006-01-02 15:04:05 MST") + " db1 mysqld[123]: " })},
		{"journald-unix", "journald prefix", `\d{10}\.\d{6} db1 mysqld\[123\]: `, prefix(func(i int) string { return fmt.Sprintf("%d.%06d db1 mysqld[123]: ", stamp(i).Unix(), i) })},
		{"journald-monotonic", "journald prefix", `\[ *\d+\.\d{6}\] db1 mysqld\[123\]: `, prefix(func(i int) string { return fmt.Sprintf("[%5d.%06d] db1 mysqld[123]: ", i, i) })},
		{"journald-export", "journald export", `MESSAGE(=|\n[^\n]{8})`, export(9)},
		{"journald-export-bytes", "journald export", `(?s)MESSAGE\n.{8}`, export(1)},
		{"journald-json-bytes", "journald JSON (MESSAGE)", `["\[]`, objects(`{"MESSAGE":%[1]s,"_HOSTNAME":"db1","list":[1,300]}`, func(line string, i int) string {
			if i%9 != 8 {
				return quoted(line, i)
			}
			return strings.Join(strings.Fields(fmt.Sprint([]byte(line))), ",")
		})},
		{"journald-json-seq", "journald JSON (MESSAGE)", quote, objects("\x1e"+`{"MESSAGE":%[1]s,"i":%[2]d}`, quoted)},
		{"fluentd", "Fluentd prefix (stream mysql.general), docker json-file (log)", quote, objects("2024-07-10T05:25:05+00:00\tmysql.general\t"+`{"log":%[1]s,"i":%[2]d}`, quoted)},
		{"loki", "Loki streams (data.result[].values[][1])", quote, pretty(document(`{"status":"success","data":{"resultType":"streams","result":[{"stream":{"app":"mysql"},"values":[`, `["1720589105058758%03[2]d",%[1]s]`, `]}]}}`))},
		{"journald-json", "journald JSON (MESSAGE)", quote, objects(`{"MESSAGE":%[1]s,"__REALTIME_TIMESTAMP":"17205891%08[2]d","_HOSTNAME":"db1"}`, quoted)},
		{"grep-file", "grep prefix with file (stream logs/general.log)", `logs/general\.log:`, prefix(func(int) string { return "logs/general.log:" })},
		{"grep-file-line", "grep prefix with file and line", `general\.log:\d+:`, prefix(func(i int) string { return fmt.Sprintf("general.log:%d:", i+1) })},
		{"grep-line", "grep prefix with line", `\d+:`, prefix(func(i int) string { return fmt.Sprintf("%d:", i+1) })},
		{"grep-context", "grep prefix with file and line", `general\.log:\d+:`, grepContext},
		{"logcli", "logcli prefix (stream {app=\"mysql\", pod=\"a}b\"})", `2024-07-10T[\d:]{8}Z \{app="mysql", pod="a\}b"\}   `, prefix(func(i int) string {
			return stamp(i).Format(time.RFC3339) + ` {app="mysql", pod="a}b"}   `
		})},
		{"grafana", "Grafana prefix", `\d{13}\t` + when + `\t`, prefix(func(i int) string { return fmt.Sprintf("%d\t%s\t", stamp(i).UnixMilli(), nano(i)) })},
		{"stern", "stern prefix (stream db-0 mysql)", `db-0 mysql `, prefix(func(int) string { return "db-0 mysql " })},
		{"numbered", "line numbers", ` *\d+\t`, prefix(func(i int) string { return fmt.Sprintf("%6d\t", i+1) })},
		{"journald-verbose", "journald verbose", `    MESSAGE=`, verbose},
		{"quoted", "quote marks", `> `, prefix(func(int) string { return "> " })},
		{"indented", "indentation", `    `, prefix(func(int) string { return "    " })},
		{"ossec", "OSSEC prefix", `MySQL log: `, prefix(func(int) string { return "MySQL log: " })},
		{"wazuh", "Wazuh archive prefix", `2024 Jul 10 [\d:]{8} \(db1\) any->/var/log/mysql/general\.log `, prefix(func(i int) string {
			return stamp(i).Format("2006 Jan _2 15:04:05") + " (db1) any->/var/log/mysql/general.log "
		})},
		{"aws-tail", "aws logs tail prefix", `2024-07-10T[\d:]{8}\.\d{6}\+00:00 db-1\.general `, prefix(func(i int) string { return stamp(i).Format("2006-01-02T15:04:05.000000-07:00") + " db-1.general " })},
		{"docker-json", "docker json-file (log)", quote, dockerJSON(nano)},
		{"cloudwatch-json", "CloudWatch events (events[].message)", quote, pretty(cloudwatch)},
		{"cloudwatch-foreign", "CloudWatch events (events[].message) (stream db-1)", quote, pretty(otherStreams)},
		{"cloudwatch-json-line", "CloudWatch events (events[].message)", quote, cloudwatch},
		{"insights-json", "CloudWatch Logs Insights results (results[][].@message)", quote, pretty(document(`{"results":[`,
			`[{"field":"@timestamp","value":"2024-07-10 05:25:05.058"},{"field":"@message","value":%[1]s},{"field":"@ptr","value":"CmE%[2]d"}]`, `],"status":"Complete"}`))},
		{"cloudsql-array", "Cloud SQL log entries ([].textPayload)", quote, pretty(document(`[`, `{"insertId":"%[2]d","resource":{"type":"cloudsql_database"},"textPayload":%[1]s}`, `]`))},
		{"cloudsql-lines", "Cloud SQL log entries (textPayload)", quote, objects(`{"insertId":"%[2]d","textPayload":%[1]s,"timestamp":"2024-07-10T05:25:05.058758Z"}`, quoted)},
		{"filebeat", "Filebeat or ECS documents (message)", quote, objects(`{"@timestamp":"2024-07-10T05:25:05.058Z","log":{"file":{"path":"/x/message"},"offset":%[2]d},"message":%[1]s}`, quoted)},
		{"ecs-original", "Filebeat or ECS documents (event.original)", quote, objects(`{"@timestamp":"2024-07-10T05:25:05.058Z","event":{"list":["a","b%[2]d"],"original":%[1]s},"message":"x"}`, quoted)},
		{"elastic", "Elasticsearch export (hits.hits[]._source.message)", quote, pretty(document(`{"hits":{"hits":[`,
			`{"_id":"%[2]d","_index":"filebeat","_source":{"message":%[1]s,"tags":["mysql"]}}`, `],"total":3},"took":1}`))},
		{"json-other", "JSON (a[].b.c)", quote, document(`{"a":[`, `{"b":{"c":%[1]s,"d":"e%[2]d"},"message":"f"}`, `]}`)},
		{"insights-csv", "CloudWatch Logs Insights CSV", `[,"]`, insights},
		{"page", "web page", ``, func(log []byte) []byte {
			return []byte("<!DOCTYPE html>\n<html><head><title>general.log</title></head>\n<body><pre style=\"word-wrap: break-word;\">" + html.EscapeString(string(log)) + "</pre></body></html>\n")
		}},
		{"utf8-mark", "UTF-8 byte order mark", ``, func(log []byte) []byte { return append([]byte("\xef\xbb\xbf"), log...) }},
		{"utf16-le", "UTF-16 (little endian)", ``, UTF16(false, true)},
		{"utf16-be", "UTF-16 (big endian)", ``, UTF16(true, true)},
		{"utf16-le-unmarked", "UTF-16 (little endian)", ``, UTF16(false, false)},
	}
	byName := map[string]Form{}
	for _, f := range forms {
		byName[f.Name] = f
	}
	nest := func(named, lead string, names ...string) {
		forms = append(forms, Form{strings.Join(names, "+"), named, lead, func(log []byte) []byte {
			for _, name := range names {
				log = byName[name].Wrap(log)
			}
			return log
		}})
	}
	nest("UTF-16 (little endian), docker compose prefix", `\x1b\[36mmysql-1  \|\x1b\[0m `, "compose-colour", "utf16-le")
	nest("UTF-8 byte order mark, syslog prefix", short+` db1 mysqld\[123\]: `, "syslog-3164", "utf8-mark")
	nest("docker compose prefix (stream mysql_1), time before each line", `mysql_1  \| `+when+` `, "kubectl-timestamps", "compose-foreign")
	nest("kubectl prefix (stream pod/db-0/mysql), time before each line", `\[pod/db-0/mysql\] `+when+` `, "kubectl-timestamps", "kubectl-prefix")
	nest("stern prefix (stream db-0 mysql), time before each line", `db-0 mysql `+when+` `, "kubectl-timestamps", "stern")
	nest("grep prefix with file and line (stream general.log), docker json-file (log)", quote, "docker-json", "grep-file-line")
	nest("docker json-file (log), syslog prefix", quote+short+` db1 mysqld\[123\]: `, "syslog-3164", "docker-json")
	nest("docker json-file (log), Filebeat or ECS documents (message)", `\\"`, "filebeat", "docker-json")
	nest("CloudWatch Logs Insights CSV (stream db-1), Filebeat or ECS documents (message)", quote+quote, "filebeat", "insights-csv")
	nest("UTF-16 (big endian), docker json-file (log)", quote, "docker-json", "utf16-be")
	return forms
}

// bare returns the lines of a log without their line ends.
func bare(log []byte) []string { return strings.Split(strings.TrimSuffix(string(log), "\n"), "\n") }

func prefix(of func(i int) string) func([]byte) []byte {
	return func(log []byte) []byte {
		var b bytes.Buffer
		b.Grow(len(log) * 3 / 2)
		for i, line := range bare(log) {
			b.WriteString(of(i))
			b.WriteString(line)
			b.WriteByte('\n')
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

// verbose writes records as journalctl -o verbose does.
func verbose(log []byte) []byte {
	var b bytes.Buffer
	for i, line := range bare(log) {
		fmt.Fprintf(&b, "Wed 2024-07-10 05:25:05.058758 UTC [s=0a;i=%d;b=0b;m=1;t=2;x=3]\n    PRIORITY=6\n    MESSAGE=%s\n    _PID=123\n", i, line)
	}
	return b.Bytes()
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

// quoted returns a line as a JSON string.
func quoted(line string, _ int) string {
	b, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// objects writes a JSON document for each line: %[1]s is the line's value, %[2]d its
// number.
func objects(format string, value func(line string, i int) string) func([]byte) []byte {
	return func(log []byte) []byte {
		var b bytes.Buffer
		b.Grow(2 * len(log))
		for i, line := range bare(log) {
			fmt.Fprintf(&b, format, value(line, i), i)
			b.WriteByte('\n')
		}
		return b.Bytes()
	}
}

// document writes one JSON document that holds each line in a list.
func document(head, format, tail string) func([]byte) []byte {
	list := objects(format, quoted)
	return func(log []byte) []byte {
		items := bytes.TrimSuffix(list(log), []byte{'\n'})
		return slices.Concat([]byte(head), bytes.ReplaceAll(items, []byte{'\n'}, []byte{','}), []byte(tail), []byte{'\n'})
	}
}

var cloudwatch = document(`{"events":[`, `{"eventId":"%[2]d","logStreamName":"db-1","message":%[1]s,"timestamp":17205891%05[2]d}`, `],"searchedLogStreams":[]}`)

// otherStreams has events of other streams between those of the log.
func otherStreams(log []byte) []byte {
	event := `{"eventId":"%[2]d","message":%[1]s,"logStreamName":"db-1"}`
	list := objects(`{"message":"GET /index.php HTTP/1.1","logStreamName":"web%[2]d"},`+event+`,{"logStreamName":"redis","message":"\t\t   12 Query\tSELECT 1"}`, quoted)
	items := bytes.TrimSuffix(list(log), []byte{'\n'})
	return slices.Concat([]byte(`{"events":[`), bytes.ReplaceAll(items, []byte{'\n'}, []byte{','}), []byte("]}\n"))
}

// pretty indents documents.
func pretty(compact func([]byte) []byte) func([]byte) []byte {
	return func(log []byte) []byte {
		var b bytes.Buffer
		b.Grow(3 * len(log))
		if err := json.Indent(&b, compact(log), "", "    "); err != nil {
			panic(err)
		}
		return b.Bytes()
	}
}

// maxDocker is where docker breaks lines, shorter than it is there.
const maxDocker = 300

func dockerJSON(nano func(int) string) func([]byte) []byte {
	return func(log []byte) []byte {
		var b bytes.Buffer
		for i, line := range bare(log) {
			line += "\n"
			for len(line) > 0 {
				n := min(len(line), maxDocker)
				for n < len(line) && line[n]&0xc0 == 0x80 {
					n++
				}
				fmt.Fprintf(&b, `{"log":%s,"stream":"stdout","time":"%s"}`+"\n", quoted(line[:n], i), nano(i))
				line = line[n:]
			}
		}
		return b.Bytes()
	}
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
		b := make([]byte, 0, 2*len(log)+2)
		if mark {
			b = order.AppendUint16(b, 0xfeff)
		}
		var pair []uint16
		for _, r := range string(log) {
			pair = utf16.AppendRune(pair[:0], r)
			for _, u := range pair {
				b = order.AppendUint16(b, u)
			}
		}
		return b
	}
}
