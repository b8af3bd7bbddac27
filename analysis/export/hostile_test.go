package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"sqleuth/analysis/reading"
	"sqleuth/analysis/schema"
)

// harmless returns why a file of rows or JSON could act on a spreadsheet or a terminal,
// or be read as something else than was written; empty for no reason.
func harmless(format schema.Format, columns []schema.Column, text []byte) string {
	switch format {
	case schema.CSV:
		for _, r := range string(text) {
			if r != '\n' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar) {
				return fmt.Sprintf("character %q", r)
			}
		}
		rows := csv.NewReader(bytes.NewReader(text)) // of as many fields as the header
		for {
			row, err := rows.Read()
			if err == io.EOF {
				return ""
			}
			if err != nil {
				return err.Error()
			}
			for k, cell := range row {
				if k < len(columns) && columns[k].Type != schema.Text && columns[k].Type != schema.Texts {
					continue
				}
				if strings.Contains(cell, "\n") {
					return fmt.Sprintf("a line end in %q", cell)
				}
				if formula(cell) {
					return fmt.Sprintf("a spreadsheet may run %q", cell)
				}
				if at := formulaSplit(cell, 0); at >= 0 {
					return fmt.Sprintf("a spreadsheet that splits at semicolons may run %q", cell[at:])
				}
			}
		}
	case schema.JSON, schema.JSONLines:
		for _, c := range text {
			if c != '\n' && (c < ' ' || c > '~') {
				return fmt.Sprintf("byte %#x", c)
			}
		}
		parts := [][]byte{text}
		if format == schema.JSONLines {
			parts = slices.Collect(bytes.Lines(text))
		}
		for _, part := range parts {
			if !json.Valid(part) {
				return fmt.Sprintf("no JSON: %.200s", part)
			}
		}
	}
	return ""
}

// hostile is what a log may hold to become a formula, a column, a row, an object or an
// order to a terminal.
var hostile = []string{
	"=cmd|'/c calc'!A1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\"=1", "a;=1", "a;-;=1", "';=1", "\uff1d1", "x\n=1,2", "a,b\"c", "\",\"", "\"\"\"",
	"\"}\n{\"entry\":1", `\u0022}`, `\`, "\\\"", "{{.}}", "[\"a\"]", "\x1b[2J\x00\u202eabc\u200b", "\u2028\u2029", "\xff\xfe", "\xed\xa0\x80", "😀", "_id", "__ts_timeline_id",
}

// Nothing that a log holds opens anything in a file of any choice, wherever it is: as a
// host, a user, a schema, a table, a value, a command, a file's name.
func TestHostileFiles(t *testing.T) {
	for _, text := range hostile {
		name := strings.NewReplacer("\n", " ", "\r", " ", "@", "_", "'", "").Replace(text)
		log := filepath.Join(t.TempDir(), "general.log")
		var out strings.Builder
		line := func(second int, command, text string) {
			fmt.Fprintf(&out, "2024-05-01T08:%02d:%02d.000000Z\t%5d %s\t%s\n", second/60, second%60, 7+second/60, command, text)
		}
		for n := range 12 {
			line(60*n, "Connect", name+"@203.0.113.9 on "+name+" using TCP/IP")
			line(60*n+1, "Connect", "Access denied for user '"+name+"'@'203.0.113.9' (using password: YES)")
		}
		line(800, "Connect", name+"@203.0.113.9 on "+name+" using TCP/IP")
		line(801, "Query", "SELECT * FROM mysql.user")
		line(802, "Query", "SELECT * FROM `"+strings.ReplaceAll(name, "`", "``")+"`")
		line(803, "Query", "SELECT '"+text+"' INTO OUTFILE '/var/www/html/x.php'")
		line(804, "Query", text)
		if err := os.WriteFile(log, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		s, reader := load(t, reading.Correct, log, "")
		for k := range s.Files {
			s.Files[k].Name = text
		}
		for files := range endFiles {
			for _, f := range plan(t.Context(), s, reader, Options{Files: files, Filter: "mysql"}) {
				if f.Format == schema.ForPeople || f.Format == schema.LogLines { // package handover; the bytes of the log
					continue
				}
				var b bytes.Buffer
				if err := f.write(&b); err != nil {
					t.Fatal(err)
				}
				if why := harmless(f.Format, f.Columns, b.Bytes()); why != "" {
					t.Errorf("%q, %s: %s", text, f.Name, why)
				}
			}
		}
	}
}

// The check finds what it is for.
func TestHarmlessBites(t *testing.T) {
	for text, format := range map[string]schema.Format{
		"a\n=1\n": schema.CSV, "a\n\"x;=1\"\n": schema.CSV, "a,b\nc\n": schema.CSV, "a\n\x1b\n": schema.CSV, "a\n\"x\ny\"\n": schema.CSV,
		"{\"a\":1}{\n": schema.JSONLines, "{\"a\":\"\x1b\"}": schema.JSON, "{\"a\":\"ü\"}": schema.JSON,
	} {
		if harmless(format, nil, []byte(text)) == "" {
			t.Errorf("%q passes", text)
		}
	}
}

// No text becomes anything else in a cell, a list or a tag, in any form of rows.
func FuzzCells(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	type row = string
	columns := []column[row]{
		logged("text", func(t row) string { return t }), number("n", func(t row) int64 { return int64(len(t)) }),
		loggedTexts("list", func(t row) []string { return []string{t, t} }), tagged(func(t row) []string { return []string{t} }),
		optional("a.b", func(t row) string { return t }), optional("a.c.d", func(t row) string { return t }), optional("e", func(t row) string { return t }),
	}
	f.Fuzz(func(t *testing.T, text string) {
		list := each(slices.Values([]row{text, "plain", text}))
		for _, of := range []struct {
			format schema.Format
			cells  func(w io.Writer) cells
		}{
			{schema.CSV, func(w io.Writer) cells { return newSheet(w, Options{}.cellText()) }},
			{schema.JSONLines, func(w io.Writer) cells { return newJSONLines(w, nil) }},
			{schema.JSONLines, func(w io.Writer) cells { return newNestedLines(w, nil) }},
		} {
			var b bytes.Buffer
			if err := writeRows(of.cells(&b), columns, list); err != nil {
				t.Fatal(err)
			}
			if why := harmless(of.format, shapes(columns), b.Bytes()); why != "" {
				t.Errorf("%q: %s in %s", text, why, b.Bytes())
			}
			lines := 3
			if of.format == schema.CSV {
				lines = 4
			}
			if n := bytes.Count(b.Bytes(), []byte("\n")); n != lines {
				t.Errorf("%q: %d lines of %d", text, n, lines)
			}
		}
	})
}
