package pipeline

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
	"sqleuth/testdata"
)

// tableForm writes rows of mysql.general_log as one program does.
type tableForm struct {
	name, header, between, footer string
	row                           func(values []string) string
	most                          int // rows, of a form that is large; 0 for all
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

func tableForms(widths []int) []tableForm {
	line, head := "", ""
	for i, w := range widths {
		line += "+" + strings.Repeat("-", w+2)
		head += fmt.Sprintf("| %-*s ", w, generalLog[i])
	}
	line += "+\n"
	return []tableForm{
		{name: "JSON lines", between: "\n", row: func(v []string) string {
			return fmt.Sprintf(`{"event_time":"%s","user_host":"%s","thread_id":%s,"server_id":%s,"command_type":"%s","argument":"%s"}`, v[0], jsonEscapes.Replace(v[1]), v[2], v[3], v[4], jsonEscapes.Replace(v[5]))
		}},
		{name: "INSERT", header: "INSERT INTO `general_log` VALUES ", between: ",", footer: ";\n", row: func(v []string) string {
			return fmt.Sprintf("('%s','%s',%s,%s,'%s','%s')", v[0], literals.Replace(v[1]), v[2], v[3], v[4], literals.Replace(v[5]))
		}},
		{name: `\G`, row: func(v []string) string {
			text := "*************************** 1. row ***************************\n"
			for i, name := range generalLog {
				text += fmt.Sprintf("%12s: %s\n", name, v[i])
			}
			return text
		}},
		{name: "drawn", most: 1000, header: line + head + "|\n" + line, footer: line, row: func(v []string) string {
			text := ""
			for i, w := range widths {
				text += fmt.Sprintf("| %-*s ", w, v[i])
			}
			return text + "|\n"
		}},
		{name: "TSV without ids", header: "event_time\tuser_host\tserver_id\tcommand_type\targument\n", between: "\n", row: func(v []string) string {
			return strings.Join([]string{v[0], v[1], v[3], v[4], strings.NewReplacer("\x00", `\0`, "\t", `\t`, "\n", `\n`, `\`, `\\`).Replace(v[5])}, "\t")
		}},
	}
}

// incidentRows returns the built-in incident as rows of the table, what the plain
// log gives, and the widths of the columns.
func incidentRows(t testing.TB) (rows [][]string, s *Snapshot, widths []int) {
	t.Helper()
	set, err := logfile.OpenBytes("incident", testdata.Incident, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	if s, err = Run(context.Background(), quick(), set, nil, quiet); err != nil {
		t.Fatal(err)
	}
	widths = make([]int, len(generalLog))
	if err := NewText(set).Replay(context.Background(), &s.Log, func(i int, r *reading.Record) error {
		c := s.Connections.At(int(s.Entries.Connection(i)))
		user, text := s.Connections.Text(c.User), string(r.Text)
		if text == "-" {
			text = ""
		}
		v := []string{time.UnixMicro(s.Entries.Time(i)).UTC().Format("2006-01-02 15:04:05.000000"), user + "[" + user + "] @ " + s.Connections.Text(c.Host) + " []", fmt.Sprint(r.ID), "1", string(r.Command), text}
		for k := range v {
			widths[k] = max(widths[k], len([]rune(v[k])), len(generalLog[k]))
		}
		rows = append(rows, v)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return rows, s, widths
}

// quick is the default but for a forest of a few trees.
func quick() Config {
	cfg := DefaultConfig()
	cfg.Params.Trees, cfg.Zone = 3, time.UTC
	return cfg
}

// The built-in incident, written in each form of the table, gives what the log
// itself gives: entries, templates, connections, outcomes and detections, each
// entry at its place, every byte accounted for. A dump without ids has other
// connections, and a part of one has less of them: these are compared by commands,
// actions and tables.
func TestIncidentInEveryForm(t *testing.T) {
	rows, want, widths := incidentRows(t)
	for _, form := range tableForms(widths) {
		t.Run(form.name, func(t *testing.T) {
			dump := bytes.NewBufferString(form.header)
			var offsets []int64
			rows := rows
			if form.most > 0 {
				rows = rows[:form.most]
			}
			for i, v := range rows {
				if i > 0 {
					dump.WriteString(form.between)
				}
				offsets = append(offsets, int64(dump.Len()))
				dump.WriteString(form.row(v))
			}
			dump.WriteString(form.footer)
			set, err := logfile.OpenBytes("dump", dump.Bytes(), logfile.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer set.Close()
			s, err := Run(context.Background(), quick(), set, nil, quiet)
			if err != nil {
				t.Fatal(err)
			}
			if s.Len() != len(rows) || s.Coverage.Rejects != 0 || s.Coverage.Bytes() != int64(dump.Len()) {
				t.Fatalf("%d entries, want %d; %d rejects; %d of %d bytes", s.Len(), len(rows), s.Coverage.Rejects, s.Coverage.Bytes(), dump.Len())
			}
			ids := s.Files[0].Table.HasID() && form.most == 0
			for i := range s.Len() {
				got, exp := describe(s, i, ids), describe(want, i, ids)
				if got != exp || s.Entries.Offset(i) != offsets[i] {
					t.Fatalf("entry %d at %d is\n%s\nwant at %d\n%s", i+1, s.Entries.Offset(i), got, offsets[i], exp)
				}
			}
			if got, exp := detected(s), detected(want); ids && got != exp {
				t.Errorf("detections\n%s\nwant\n%s", got, exp)
			}
		})
	}
}

func describe(s *Snapshot, i int, connections bool) string {
	text := fmt.Sprintf("%d %s %s %s", s.Entries.Time(i), s.Command(i), s.Action(i), s.Table(i))
	if !connections {
		return text
	}
	text += " " + s.Templates[s.Template(i)].Text
	at := int(s.Entries.Connection(i))
	c := s.Connections.At(at)
	return text + fmt.Sprintf(" of %s %s@%s %s %v", s.Connections.Name(at), s.Connections.Text(c.User), s.Connections.Text(c.Host), s.Connections.Text(c.Database), c.Outcome)
}

// detected lists what rules have found, but for those about the log's own writing,
// of which a table holds less.
func detected(s *Snapshot) string {
	var b strings.Builder
	for _, d := range s.Detections {
		if d.Rule.ID != "D24" {
			fmt.Fprintf(&b, "%s %s@%s %d connections %d\n", d.Rule.ID, d.User, d.Host, len(d.Connections), d.Count)
		}
	}
	return b.String()
}
