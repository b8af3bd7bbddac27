// Package tabletest writes the rows of mysql.general_log, for tests, as programs and
// other servers write them.
package tabletest

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Form writes rows as one program does.
type Form struct {
	Name                    string
	Header, Between, Footer string
	Row                     func(values []string) string
	Most                    int           // rows, of a form that is large; 0 for all
	Commands                []string      // of the rows that it can hold; nil for all
	Unit                    time.Duration // of its times; 0 for microseconds
	Anonymous               bool          // it holds no ids, or no logins that keep connections of one id apart
	Damaged                 bool          // it is not as a program writes it
}

// Whole reports whether the form holds all that the table does, of any number of rows.
func (f *Form) Whole() bool {
	return f.Most == 0 && f.Commands == nil && f.Unit == 0 && !f.Anonymous && !f.Damaged
}

// Dump writes a dump of rows: event_time, user_host, thread_id, server_id,
// command_type and argument.
func (f *Form) Dump(rows [][]string) []byte {
	dump, _ := f.DumpAt(rows)
	return dump
}

// DumpAt writes a dump of rows, and returns where in it each row begins.
func (f *Form) DumpAt(rows [][]string) (dump []byte, offsets []int64) {
	dump = []byte(f.Header)
	for i, v := range rows {
		if i > 0 {
			dump = append(dump, f.Between...)
		}
		offsets = append(offsets, int64(len(dump)))
		dump = append(dump, f.Row(v)...)
	}
	return append(dump, f.Footer...), offsets
}

// Row returns the values of an entry's row; the time is in UTC.
func Row(when time.Time, user, host string, id uint64, command, argument string) []string {
	return []string{when.UTC().Format("2006-01-02 15:04:05.000000"), user + "[" + user + "] @ " + host + " []", fmt.Sprint(id), "1", command, argument}
}

// Widths returns how wide the columns of rows are.
func Widths(rows [][]string) []int {
	widths := make([]int, len(generalLog))
	for _, v := range rows {
		for k := range v {
			widths[k] = max(widths[k], utf8.RuneCountInString(v[k]), len(generalLog[k]))
		}
	}
	return widths
}

var generalLog = []string{"event_time", "user_host", "thread_id", "server_id", "command_type", "argument"}

// literals escapes texts as mysqldump does.
var literals = strings.NewReplacer("\x00", `\0`, "\n", `\n`, "\r", `\r`, `\`, `\\`, `'`, `\'`, `"`, `\"`, "\x1a", `\Z`)

// jsonEscapes leaves bytes as they are that are not UTF-8.
var jsonEscapes = func() *strings.Replacer {
	pairs := []string{`\`, `\\`, `"`, `\"`, "\n", `\n`}
	for c := range ' ' {
		if c != '\n' {
			pairs = append(pairs, string(c), fmt.Sprintf(`\u%04x`, c))
		}
	}
	return strings.NewReplacer(pairs...)
}()

// Forms returns the forms in which a row may be several lines; widths are those of the
// columns where a table is drawn.
func Forms(widths []int) []Form {
	line, head := "", ""
	for i, w := range widths {
		line += "+" + strings.Repeat("-", w+2)
		head += fmt.Sprintf("| %-*s ", w, generalLog[i])
	}
	line += "+\n"
	return []Form{
		{Name: "JSON lines", Between: "\n", Row: func(v []string) string {
			return fmt.Sprintf(`{"event_time":"%s","user_host":"%s","thread_id":%s,"server_id":%s,"command_type":"%s","argument":"%s"}`, v[0], jsonEscapes.Replace(v[1]), v[2], v[3], v[4], jsonEscapes.Replace(v[5]))
		}},
		{Name: "INSERT", Header: "INSERT INTO `general_log` VALUES ", Between: ",", Footer: ";\n", Row: func(v []string) string {
			return fmt.Sprintf("('%s','%s',%s,%s,'%s','%s')", v[0], literals.Replace(v[1]), v[2], v[3], v[4], literals.Replace(v[5]))
		}},
		{Name: `\G`, Row: func(v []string) string {
			text := "*************************** 1. row ***************************\n"
			for i, name := range generalLog {
				text += fmt.Sprintf("%12s: %s\n", name, v[i])
			}
			return text
		}},
		{Name: "drawn", Most: 1000, Header: line + head + "|\n" + line, Footer: line, Row: func(v []string) string {
			text := ""
			for i, w := range widths {
				text += fmt.Sprintf("| %-*s ", w, v[i])
			}
			return text + "|\n"
		}},
		{Name: "TSV without ids", Anonymous: true, Header: "event_time\tuser_host\tserver_id\tcommand_type\targument\n", Between: "\n", Row: func(v []string) string {
			return strings.Join([]string{v[0], v[1], v[3], v[4], strings.NewReplacer("\x00", `\0`, "\t", `\t`, "\n", `\n`, `\`, `\\`).Replace(v[5])}, "\t")
		}},
	}
}

// Lines are the forms of which every row is a line.
var Lines = []Form{
	{Name: "CSV", Header: "event_time,user_host,thread_id,server_id,command_type,argument\n", Row: func(v []string) string {
		return fmt.Sprintf("%s,%s,%s,%s,%s,\"%s\"\n", v[0], v[1], v[2], v[3], v[4], strings.ReplaceAll(v[5], `"`, `""`))
	}},
	{Name: "CSV, lost quotes", Damaged: true, Header: "event_time,user_host,thread_id,server_id,command_type,argument\n", Row: func(v []string) string {
		text := strings.ReplaceAll(v[5], `"`, `""`)
		if k := len(text) * 3 / 4; len(v[2]) > 1 {
			text = text[:k] + `"` + text[k:]
		}
		return fmt.Sprintf("%s,%s,%s,%s,%s,\"%s\"\n", v[0], v[1], v[2], v[3], v[4], text)
	}},
	{Name: "CSV engine", Row: func(v []string) string {
		return fmt.Sprintf("\"%s\",\"%s\",%s,%s,\"%s\",\"%s\"\n", v[0], v[1], v[2], v[3], v[4], literals.Replace(v[5]))
	}},
	{Name: "TSV, CR LF", Header: "event_time\tuser_host\tthread_id\tserver_id\tcommand_type\targument\r\n", Row: func(v []string) string {
		return strings.Join(v[:5], "\t") + "\t" + strings.NewReplacer("\t", "\\t", `\`, `\\`, "\r\n", "\\\r\n").Replace(v[5]) + "\r\n"
	}},
	{Name: "server_audit", Commands: []string{"Connect", "Query", "Quit"}, Unit: time.Second, Row: func(v []string) string {
		user, host := account(v[1])
		operation := map[string]string{"Connect": "CONNECT,,,0", "Quit": "DISCONNECT,,,0"}[v[4]]
		if operation == "" {
			operation = "QUERY,shop,'" + literals.Replace(v[5]) + "',0"
		}
		return fmt.Sprintf("%s,db1,%s,%s,%s,1,%s\n", strings.ReplaceAll(v[0][:19], "-", ""), user, host, v[2], operation)
	}},
	{Name: "TiDB", Commands: []string{"Query"}, Unit: time.Millisecond, Anonymous: true, Row: func(v []string) string {
		user, host := account(v[1])
		return fmt.Sprintf("[%s +00:00] [INFO] [session.go:3264] [GENERAL_LOG] [conn=%s] [user=%s@%s] [sql=\"%s\"]\n", strings.ReplaceAll(v[0][:23], "-", "/"), v[2], user, host, jsonEscapes.Replace(v[5]))
	}},
}

// account cuts a user_host.
func account(userHost string) (user, host string) {
	user, host, _ = strings.Cut(userHost, " @ ")
	user, _, _ = strings.Cut(user, "[")
	host, _, _ = strings.Cut(host, " ")
	return user, host
}
