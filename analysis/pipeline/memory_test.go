package pipeline

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/tablelog"
	"sqleuth/analysis/tablelog/tabletest"
)

// loadPlain reads a log, or a dump of a layout, on one goroutine, with a parser that
// remembers or not.
func loadPlain(t testing.TB, cfg Config, table *tablelog.Layout, text string, remembers bool) (rec *recorder, known, varied int) {
	t.Helper()
	cfg.Workers = 1
	rec, err := newRecorder(cfg)
	if err != nil {
		t.Fatal(err)
	}
	p := newParser(0, cfg.Reading)
	if !remembers {
		p.parser = reading.NewParser(cfg.Reading)
		p.parser.Facts = true
	}
	cut := newCutter(cfg.Reading, make(chan []byte), func(c chunk) error {
		var b batch
		p.parse(c, &b)
		for _, r := range b.records {
			if r.flags&knownFlag != 0 {
				known++
			}
			if r.flags&variedFlag != 0 {
				varied++
			}
		}
		rec.record(&b)
		return nil
	})
	if table != nil {
		cut.asked, cut.table, cut.splitter = true, table, tablelog.NewSplitter(*table, cut.limit)
	}
	const block = 1 << 12
	for at := 0; at < len(text); at += block {
		if err := cut.add(0, int64(at), []byte(text[at:min(at+block, len(text))])); err != nil {
			t.Fatal(err)
		}
	}
	if err := cut.end(); err != nil {
		t.Fatal(err)
	}
	return rec, known, varied
}

const (
	knownFlag  = known
	variedFlag = varied
)

// statements that come again with other numbers: in literals, in names, in
// numbers that are more than digits, in comments, in lists, in quotes.
var statements = []string{
	"SELECT * FROM wp_posts WHERE ID = 15 LIMIT 1", "SELECT * FROM wp_2_posts WHERE ID = 15 LIMIT 10", "select * from wp_users where id=7",
	"SELECT a FROM t WHERE b IN (1, 22, 333) LIMIT 5", "INSERT INTO `t1` (`a`) VALUES (1, 'x7'), (2, 'y 8')", "SELECT SLEEP(5)", "SELECT 1 UNION SELECT 22",
	"UPDATE `wp_options` SET `option_value` = 'a:2:{i:0;s:3:\"abc\";i:1;i:17;}' WHERE `option_name` = 'cron 5'", "UPDATE `` SET a = 5", "SET sql_log_off = 1",
	"SELECT 0x41, x'42', b'01', 0b01, 1.5, 1e5, 1e-5, .5 FROM t2", "/*!50000 SELECT */ 5 FROM t", "SELECT @1, @a1, $1, `5` FROM `15`.`16`", "SELECT 5 FROM 5",
	"SELECT\n\t\t5,\n  66 FROM t3 -- 77\n WHERE a = 8", "SELECT '5 FROM 6 ' , 7", "SELECT 127.0.0.1, 1 2 3 4, 1234567 FROM t", "DELETE FROM `a` WHERE b = 'x\\' 5", "SELECT 5 'open 6",
	"SHOW TABLES LIKE '15' `a`", "SELECT 12:34:56, 2025-03-11 10:11:12 FROM t", "SELECT é5, 5é, \xff5, 5\xff, ٣, ² FROM t", "CALL p(5)", "SELECT 1FROM t5", "SELECT 1.FROM t",
	"SELECT * FROM a WHERE b = 5 -- '6", "SELECT a FROM t1.5, t.6", "SELECT t1.5.7 FROM \"0. 8\"", "UPDATE\"0. 8", "jjjjjj.5.7 FROM \"0. 8", "SELECT 5 FROM `a 6", "SELECT 1 FROM `a``5`", "SELECT '10.0.0.1' FROM v1.2.3",
	"SELECT 1 FROM `a`.`b.5`", "SELECT 1 FROM `a 5`", "SELECT 5 FROM a. 5", "SELECT 5 FROM a JOIN b1 JOIN `c 5`", "SELECT 5 FROM a, b7 WHERE c IN (SELECT 8 FROM d9)", "/*!99000 SELECT */ 5", "SELECT 3 /* 4", "SELECT INTO OUTFILE '/tmp/5'", "LOAD DATA INFILE '5' INTO TABLE t", "KILL 15", "SELECT 5 FROM t WHERE a = 99999",
	// What may be the rest of the name of a login that a line break has cut.
	"DROP TABLE t WHERE a = 5 --  using TCP/IP", "SELECT 5 -- u5@10.0.0.5 on d5", "SELECT 5, 'u5'@'10.0.0.5'", "SELECT 5 '", "SELECT 5 */",
}

// plainLine writes an entry as the server does.
func plainLine(i, id int, command, text string) string {
	return fmt.Sprintf("2025-03-11T10:%02d:%02d.%06dZ%5d %s\t%s\n", i/60%60, i%60, i, id, command, text)
}

// redrawnLog is a log of those statements and of what else servers log, in which
// each digit behind the command is drawn anew now and then. Entries are written by
// line.
func redrawnLog(rng *rand.Rand, n int, line func(i, id int, command, text string) string) string {
	var log strings.Builder
	commands := []string{"Query", "Query", "Query", "Query", "Execute", "Prepare", "Connect", "Init DB", "Quit", "Field List"}
	few := statements[rng.IntN(len(statements)):]
	for i := range n {
		command := commands[rng.IntN(len(commands))]
		text := few[rng.IntN(len(few))]
		if rng.IntN(2) == 0 {
			text += " AND z = 31" // digits that are free, whatever the others are
		}
		switch command {
		case "Connect":
			text = []string{"u1@10.0.0.1 on d5 using TCP/IP", "u1@10.0.0.1 on d5", "Access denied for user 'u1", "u5"}[min(3, rng.IntN(20))%4]
		case "Quit":
			text = ""
		}
		anew := []float64{0, 0.02, 0.3}[rng.IntN(3)]
		digits := []byte(text)
		for k, c := range digits {
			if c >= '0' && c <= '9' && rng.Float64() < anew {
				digits[k] = byte('0' + rng.IntN(10))
			}
		}
		log.WriteString(line(i, rng.IntN(20), command, string(digits)))
	}
	return log.String()
}

// What is remembered must not be seen: a parser that remembers finds what one does
// that reads every record.
func TestRememberingIsNotSeen(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		known, varied := 0, 0
		for seed := range uint64(40) {
			rng := rand.New(rand.NewPCG(seed, 5))
			cfg := drawnConfig(rng)
			cfg.Reading = r
			k, v := sameRemembered(t, cfg, nil, redrawnLog(rng, 1500, plainLine))
			known, varied = known+k, varied+v
		}
		if known < 20000 || varied < 2000 {
			t.Errorf("%v reading: %d records known, %d of them with other digits: the test sees too few", r, known, varied)
		}
	}
}

// drawnConfig is the default but for what decides on templates.
func drawnConfig(rng *rand.Rand) Config {
	cfg := DefaultConfig()
	cfg.Drain.Similarity = []float64{0.5, 0.5, 0.9, 0}[rng.IntN(4)]
	cfg.Drain.Depth = 3 + rng.IntN(3)
	switch rng.IntN(6) {
	case 0:
		cfg.Drain.Masks = []string{""}
	case 1:
		cfg.Drain.Masks = []string{"[0-4]+"}
	}
	return cfg
}

// rowForm is a form of the log's table with its layout.
type rowForm struct {
	tabletest.Form
	layout tablelog.Layout
}

func rowForms(t testing.TB) (list []rowForm) {
	t.Helper()
	for _, form := range append(tabletest.Forms([]int{26, 25, 9, 9, 12, 200}), tabletest.Lines...) {
		layout, verdict := tablelog.Recognise(form.Dump([][]string{rowOf(0, 7, "Query", "SELECT 1")}), true)
		if verdict != tablelog.Table {
			t.Fatalf("%s is not recognised", form.Name)
		}
		list = append(list, rowForm{form, layout})
	}
	return list
}

func rowOf(i, id int, command, text string) []string {
	return []string{fmt.Sprintf("2025-03-11 10:%02d:%02d.%06d", i/60%60, i%60, i), "root[root] @ localhost []", fmt.Sprint(id), "1", command, text}
}

// line is plainLine for a row, with what is between it and the one before.
func (f *rowForm) line(i, id int, command, text string) string {
	row := f.Row(rowOf(i, id, command, text))
	if i > 0 {
		row = f.Between + row
	}
	return row
}

// So it is for rows, whose statements are decoded before they are remembered.
func TestRememberingRowsIsNotSeen(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	for _, form := range rowForms(t) {
		known, varied := 0, 0
		for seed := range uint64(6) {
			rng := rand.New(rand.NewPCG(seed, 8))
			k, v := sameRemembered(t, drawnConfig(rng), &form.layout, form.Header+redrawnLog(rng, 1000, form.line)+form.Footer)
			known, varied = known+k, varied+v
		}
		if known < 1000 || varied < 100 {
			t.Errorf("%s: %d rows known, %d of them with other digits: the test sees too few", form.Name, known, varied)
		}
	}
}

func sameRemembered(t *testing.T, cfg Config, table *tablelog.Layout, log string) (known, varied int) {
	t.Helper()
	plain, _, _ := loadPlain(t, cfg, table, log, false)
	fast, known, varied := loadPlain(t, cfg, table, log, true)
	a, b := plain.log(), fast.log()
	for i := range a.Entries.Len() {
		if x, y := a.Entries.At(i), b.Entries.At(i); x != y {
			t.Fatalf("%v reading, %+v: entry %d is %+v, want %+v\nrows %+v\n     %+v\nlog from there:\n%.200s", cfg.Reading, cfg.Drain, i, y, x, b.Rows[y.Row], a.Rows[x.Row], log[x.Offset:])
		}
	}
	for _, part := range []struct {
		name      string
		got, want any
	}{
		{"entries", b.Entries.Len(), a.Entries.Len()}, {"rows", b.Rows, a.Rows}, {"commands", b.Commands, a.Commands}, {"actions", b.Actions, a.Actions}, {"tables", b.Tables, a.Tables}, {"facts", b.Facts, a.Facts}, {"digests", b.Digests, a.Digests},
		{"templates", b.Templates, a.Templates}, {"other tables", b.OtherTables, a.OtherTables}, {"open ends", b.OpenEnds, a.OpenEnds}, {"outcomes", b.Outcomes, a.Outcomes}, {"connections", b.Connections, a.Connections}, {"coverage", b.Coverage, a.Coverage},
	} {
		if !reflect.DeepEqual(part.got, part.want) {
			t.Fatalf("%v reading: other %s:\n got %v\nwant %v", cfg.Reading, part.name, part.got, part.want)
		}
	}
	return known, varied
}

// FuzzRemembering is TestRememberingIsNotSeen for any statement, in a log or in rows:
// it comes again with digits drawn anew between others of its kind.
func FuzzRemembering(f *testing.F) {
	for i, s := range statements {
		f.Add(s, uint64(i), false)
		f.Add(s, uint64(2), true)
	}
	rows := rowForms(f)
	f.Fuzz(func(t *testing.T, statement string, seed uint64, notebook bool) {
		rng := rand.New(rand.NewPCG(seed, 6))
		cfg := DefaultConfig()
		cfg.Drain = drain.DefaultConfig()
		if notebook {
			cfg.Reading = reading.Notebook
		}
		line, table, header, footer := plainLine, (*tablelog.Layout)(nil), "", ""
		if k := seed % uint64(1+len(rows)); k > 0 && !notebook {
			form := &rows[k-1]
			line, table, header, footer = form.line, &form.layout, form.Header, form.Footer
		}
		var log strings.Builder
		for i := range 30 {
			digits := []byte(statement)
			anew := float64(i%3) / 3
			for k, c := range digits {
				if c >= '0' && c <= '9' && rng.Float64() < anew {
					digits[k] = byte('0' + rng.IntN(10))
				}
			}
			log.WriteString(line(i, 7, "Query", string(digits)))
		}
		sameRemembered(t, cfg, table, header+log.String()+footer)
	})
}
