package tablelog

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"sqleuth/analysis/genlog"
)

var (
	rfcLayout     = layoutOf(',', true, false)
	escapedLayout = layoutOf(',', true, true)
	batchLayout   = layoutOf('\t', false, true)
)

func layoutOf(delimiter byte, quoted, backslash bool) Layout {
	l := bare
	l.Delimiter, l.Quoted, l.Backslash = delimiter, quoted, backslash
	return l
}

// The marked dumps show what becomes of rows that are not as they should be.
func TestDamage(t *testing.T) {
	csv := func(id int, text string) string {
		return fmt.Sprintf("\"2024-07-10 05:25:05.058758\",\"u[u] @ h []\",%d,1,\"Query\",%s\n", id, text)
	}
	tsv := func(id int, text string) string {
		return fmt.Sprintf("2024-07-10 05:25:05.058758\tu[u] @ h []\t%d\t1\tQuery\t%s\n", id, text)
	}
	tests := []struct {
		name    string
		layout  Layout
		dump    string
		rows    string
		rejects int
	}{
		{"lines that look like rows", rfcLayout, csv(1, "\"a\n2024-07-10 05:25:05,u[u] @ h [],9,1,Query,x\n\"") + csv(2, `"b"`), "1 a\n2024-07-10 05:25:05,u[u] @ h [],9,1,Query,x\n;2 b;", 0},
		{"a lost quote costs its own row", rfcLayout, csv(1, `"a`) + csv(2, `"b"`) + csv(3, "\"c\nc\""), "2 b;3 c\nc;", 1},
		{"a lost quote and lines behind it", rfcLayout, csv(1, "\"a\nb\nc") + csv(2, `"b"`), "2 b;", 3},
		{"a quote too many", rfcLayout, csv(1, `"a""`) + csv(2, `"b"`), "2 b;", 1},
		{"text behind a quote", rfcLayout, csv(1, `"a"x`) + csv(2, `"b"`), "2 b;", 1},
		{"CR behind a quote", rfcLayout, csv(1, "\"a\"\rx") + csv(2, `"b"`), "2 b;", 1},
		{"a quote in a bare field", rfcLayout, csv(1, `a"b`) + csv(2, `"b"`), "2 b;", 1},
		{"the last row cut", rfcLayout, csv(1, `"a"`) + strings.TrimSuffix(csv(2, "\"b\nb"), "\n"), "1 a;2 b\nb;", 0},
		{"the last row cut behind a line", rfcLayout, csv(1, `"a"`) + csv(2, "\"b"), "1 a;2 b\n;", 0},
		{"the last row cut in its middle", rfcLayout, csv(1, `"a"`) + csv(2, "")[:40], "1 a;", 1},
		{"the last row cut before its argument", batchLayout, tsv(1, "a") + strings.TrimSuffix(tsv(2, ""), "\t\n"), "1 a;", 1},
		{"no line end", batchLayout, tsv(1, "a") + strings.TrimSuffix(tsv(2, "b"), "\n"), "1 a;2 b;", 0},
		{"too few columns", batchLayout, "a\tb\n" + tsv(2, "b"), "2 b;", 1},
		{"too many columns", batchLayout, tsv(1, "a\tb") + tsv(2, "b") + strings.Repeat("\t", 100) + "\n", "2 b;", 2},
		{"no time", batchLayout, strings.Replace(tsv(1, "a"), "-07-", "-13-", 1) + tsv(2, "b"), "2 b;", 1},
		{"no id", batchLayout, strings.Replace(tsv(1, "a"), "\t1\t1", "\tx\t1", 1) + tsv(2, "b"), "2 b;", 1},
		{"no command", batchLayout, strings.Replace(tsv(1, "a"), "Query", "", 1) + tsv(2, "b"), "2 b;", 1},
		{"an id too large", batchLayout, strings.Replace(tsv(1, "a"), "\t1\t1", "\t18446744073709551616\t1", 1) + tsv(2, "b"), "2 b;", 1},
		{"a second header", batchLayout, tsv(1, "a") + names + "\n" + tsv(2, "b"), "1 a;2 b;", 0},
		{"an empty line", batchLayout, tsv(1, "a") + "\n" + tsv(2, "b"), "1 a;2 b;", 1},
		{"backslashes before the line end", batchLayout, tsv(1, `a\\`) + tsv(2, "b\\\nb") + tsv(3, `c\\\\`), `1 a\;` + "2 b\nb;" + `3 c\\;`, 0},
		{"a lost quote, escapes", escapedLayout, csv(1, `"a`) + csv(2, `"b"`), "2 b;", 1},
		{"escapes", escapedLayout, csv(1, `"\"\n\0\\\t\Z\b\r\'"`) + csv(2, `\N`) + csv(3, `"\N"`), "1 \"\n\x00\\\t\x1a\b\r';2 ;3 N;", 0},
		{"no escapes", rfcLayout, csv(1, `"\n\\"`) + csv(2, `\N`), `1 \n\\;2 \N;`, 0},
	}
	for _, tt := range tests {
		got := scanAll([]byte(tt.dump), tt.layout)
		rows := ""
		for _, e := range got.entries {
			rows += fmt.Sprintf("%d %s;", e.ID, e.Argument)
		}
		if rows != tt.rows || len(got.rejects) != tt.rejects {
			t.Errorf("%s:\nrows %q\nwant %q\nrejects %q, want %d", tt.name, rows, tt.rows, got.rejects, tt.rejects)
		}
		if got.bytes != int64(len(tt.dump)) {
			t.Errorf("%s: %d bytes accounted for, want %d", tt.name, got.bytes, len(tt.dump))
		}
		for seed := range uint64(20) {
			if cut := scanCut([]byte(tt.dump), tt.layout, rand.New(rand.NewPCG(seed, 2)), 60); !reflect.DeepEqual(cut, got) {
				t.Errorf("%s: read in pieces\n%+v\nwant\n%+v", tt.name, cut, got)
			}
		}
	}
}

// Quotes that are wrong in many ways are still walked in time that grows with
// the dump and not with its square.
func TestBrokenQuotesAreLinear(t *testing.T) {
	for _, line := range []string{"\"\n", "\"a\n", "a\"\n", "\"\"\n", ",\"\"\"\n", "\",\"\n", "\"\"\"\"\n", "x\n"} {
		dump := []byte("\"" + strings.Repeat(line, 200_000))
		steps := 0
		data := dump
		for len(data) > 0 {
			q := quotes{delimiter: ','}
			n, _ := q.walk(data)
			if n == 0 {
				if n = q.line; n == 0 {
					n = len(data)
				}
			}
			steps += max(n, q.pos)
			data = data[n:]
			if steps > 20*len(dump) {
				t.Errorf("%q: more than %d bytes walked of %d", line, steps, len(dump))
				break
			}
		}
	}
}

// The forms that have units are walked in time that grows with the dump, whatever
// is in it: with the square of its length this would take hours.
func TestHostileFormsAreLinear(t *testing.T) {
	line := "+" + strings.Repeat("-", 30) + "+" + strings.Repeat("-", 1<<20) + "+\n"
	for name, tt := range map[string]struct {
		l    Layout
		unit string
	}{
		"drawn, wide":           {Layout{Form: Drawn, Columns: 2, at: [columns]int8{0, -1, -1, -1, 1, -1}, widths: widthsOf([]byte(line))}, "| é" + strings.Repeat(" ", 27) + " | a |\n"},
		"drawn, narrow":         {Layout{Form: Drawn, Columns: 2, at: [columns]int8{0, -1, -1, -1, 1, -1}, widths: widthsOf([]byte("+----+--------------------+\n"))}, "| éa | a |\n"},
		"JSON, objects in each": {Layout{Form: JSON}, `{"a":`},
		"JSON, lost quotes":     {Layout{Form: JSON}, "{\"a\n"},
		"INSERT, comments":      {Layout{Form: Inserts, Columns: 6, at: bare.at}, "-- '\n"},
		"INSERT, words":         {Layout{Form: Inserts, Columns: 6, at: bare.at}, "insert into general_log;"},
		"INSERT, parentheses":   {Layout{Form: Inserts, Columns: 6, at: bare.at}, "(("},
		"rows of stars":         {Layout{Form: Vertical, Columns: 6, at: bare.at}, "*************************** 1. row ***************************\n"},
		"stars and words":       {Layout{Form: Vertical, Columns: 6, at: bare.at}, "*************************** 1. row ***************************\n a: b\n"},
	} {
		dump := []byte(strings.Repeat(tt.unit, (1<<20)/len(tt.unit)))
		if got := scanAll(dump, tt.l); got.bytes != int64(len(dump)) {
			t.Errorf("%s: %d of %d bytes", name, got.bytes, len(dump))
		}
		NewSplitter(tt.l, genlog.MaxRecord).LastStart(dump, false)
	}
}

func FuzzScan(f *testing.F) {
	for _, d := range dialects {
		f.Add([]byte(d.write(randomEntries(rand.New(rand.NewPCG(5, 6)), 5))), uint64(1))
	}
	f.Add([]byte(strings.Repeat("\"\n", 20)), uint64(2))
	f.Add([]byte(auditLog), uint64(4))
	f.Add([]byte(tidbLog), uint64(5))
	f.Add([]byte("+---+--+---+---+---+-----+\n| 1 | a | 2 | 3 | q | a |\n| b |\n"), uint64(6))
	f.Add(readTestdata(f, "general_log.csv")[:2000], uint64(3))
	layouts := []Layout{rfcLayout, escapedLayout, batchLayout, {Delimiter: ';', Quoted: true, Backslash: true, CRLF: true, Encoding: Base64, Columns: 4, at: [columns]int8{3, -1, 0, 1, 2, -1}},
		{Form: JSON, at: [columns]int8{}}, {Form: Inserts, Columns: 6, at: bare.at}, {Form: Vertical, Columns: 6, at: bare.at}, {Form: Drawn, Columns: 6, at: bare.at},
		{Form: Drawn, Columns: 6, at: bare.at, widths: widthsOf([]byte("+---+--+---+---+---+-----+"))}, {Form: ServerAudit, at: bare.at}, {Form: TiDB, at: bare.at}}
	f.Fuzz(func(t *testing.T, dump []byte, seed uint64) {
		if what, line, ok := Nearly(dump); ok && (what == "" || line < 1 || line > 1+strings.Count(string(dump), "\n")) {
			t.Fatalf("%q at line %d", what, line)
		}
		try := layouts
		if l, verdict := Recognise(dump, true); verdict == Table {
			try = append(layouts[:len(layouts):len(layouts)], l)
		}
		for _, l := range try {
			got := scanAll(dump, l)
			if got.bytes != int64(len(dump)) {
				t.Fatalf("%+v: %d bytes accounted for, the dump has %d", l, got.bytes, len(dump))
			}
			if cut := scanCut(dump, l, rand.New(rand.NewPCG(seed, 7)), 40); !reflect.DeepEqual(cut, got) {
				t.Fatalf("%+v: read in pieces\n%+v\nwant\n%+v", l, cut, got)
			}
			var s Scanner
			for i, at := range got.offsets {
				if r, ok := s.Row(l, dump[at:]); !ok || r.ID != got.entries[i].ID || string(r.Argument) != got.entries[i].Argument {
					t.Fatalf("%+v: row at %d is read in another way alone", l, at)
				}
			}
		}
	})
}

func benchmarkScan(b *testing.B, name string, most int) {
	for _, d := range dialects {
		if d.name != name {
			continue
		}
		dump := []byte(d.write(randomEntries(rand.New(rand.NewPCG(8, 9)), 20_000)))
		l, _ := Recognise(dump, true)
		b.SetBytes(int64(len(dump)))
		b.ReportAllocs()
		var s Scanner
		nothing := Handler{Row: func(*Row) {}, Header: func(int) {}, Reject: func(int64, int, Fault) {}}
		for b.Loop() {
			if most == 0 {
				s.Scan(genlog.Chunk{Data: dump, First: true, Last: true}, l, nothing)
			} else if NewSplitter(l, genlog.MaxRecord).LastStart(dump, false) == 0 {
				b.Fatal("no row ends")
			}
		}
	}
}

func BenchmarkScanBatch(b *testing.B)  { benchmarkScan(b, "mysql --batch", 0) }
func BenchmarkScanRFC(b *testing.B)    { benchmarkScan(b, "RFC 4180 with a header", 0) }
func BenchmarkScanEngine(b *testing.B) { benchmarkScan(b, "general_log.CSV", 0) }

// BenchmarkSplitRFC is the walk that cannot be shared out.
func BenchmarkSplitRFC(b *testing.B) { benchmarkScan(b, "RFC 4180 with a header", 1) }
