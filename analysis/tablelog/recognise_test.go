package tablelog

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// A log in a server's own form, or any other text, is no table, and that is
// known when its first line is.
func TestNoTable(t *testing.T) {
	for _, path := range []string{"wordpress-bruteforce/sample.log", "mysql56/general.log", "mariadb/general.log"} {
		log, err := os.ReadFile("../../testdata/" + path)
		if err != nil {
			t.Fatal(err)
		}
		line := firstLine(log)
		if _, verdict := Recognise(line, false); verdict != NoTable {
			t.Errorf("%s: verdict %d after the first line", path, verdict)
		}
		if _, verdict := Recognise(log, true); verdict != NoTable {
			t.Errorf("%s: verdict %d", path, verdict)
		}
	}
	for _, text := range []string{
		"", "\n", "id,class\n1,normal\n", "2024-07-10T05:25:05.058758Z\t   42 Query\tSELECT ' ] @ '\n",
		"2024-07-10 05:25:05.058758\tSELECT 1\n", "event_time,user_host\n2024-07-10 05:25:05,root[root] @ h []\n",
		"event_time,thread_id,command_type,argument\nno,row,at,all\n", strings.Repeat("x", 1<<20), strings.Repeat("\x00", 5000),
	} {
		if l, verdict := Recognise([]byte(text), true); verdict != NoTable {
			t.Errorf("%.60q: verdict %d, %+v", text, verdict, l)
		}
	}
}

// What the head is recognised as does not depend on how much of the file was there.
func TestHeadDecides(t *testing.T) {
	for _, d := range dialects {
		rng := rand.New(rand.NewPCG(3, 4))
		dump := []byte(d.write(randomEntries(rng, 6000)))
		if len(dump) < HeadSize {
			t.Fatalf("%s: %d bytes are too few", d.name, len(dump))
		}
		want, _ := Recognise(dump, true)
		for _, n := range []int{0, 1, 30, 200, 5000, HeadSize - 1} {
			if _, verdict := Recognise(dump[:n], false); verdict != MoreHead {
				t.Errorf("%s: verdict %d after %d bytes", d.name, verdict, n)
			}
		}
		for _, n := range []int{HeadSize, HeadSize + 1, len(dump) - 1} {
			if l, verdict := Recognise(dump[:n], false); verdict != Table || l != want {
				t.Errorf("%s: verdict %d, %+v after %d bytes, want %+v", d.name, verdict, l, n, want)
			}
		}
	}
}

// What follows the head does not count, also where it is there already.
func TestHeadOnly(t *testing.T) {
	row := "2024-07-10 05:25:05.058758\troot[root] @ localhost []\t7\t1\tQuery\t"
	head := strings.Repeat(row+"53454C4543542031\n", 1+HeadSize/len(row))
	for _, whole := range []bool{false, true} {
		if l, verdict := Recognise([]byte(head+row+"SELECT 1\n"), whole); verdict != Table || l.Encoding != Hex {
			t.Errorf("verdict %d, %+v", verdict, l)
		}
	}
}

// Backslashes that nobody writes as escapes are text.
func TestOddEscapes(t *testing.T) {
	row := `"2024-07-10 05:25:05.058758","root[root] @ localhost []",7,1,"Query","SELECT '` + "%s'\"\n"
	for text, escapes := range map[string]bool{`\d+\.\w`: false, `a\nb\\`: true, `a\"b`: true, `a""b`: false, `plain`: true} {
		if l, verdict := Recognise([]byte(strings.Replace(row, "%s", text, 1)), true); verdict != Table || l.Backslash != escapes {
			t.Errorf("%s: verdict %d, %+v", text, verdict, l)
		}
	}
}

func TestHeader(t *testing.T) {
	for header, want := range map[string]Layout{
		"event_time,user_host,thread_id,server_id,command_type,argument":                                         {Columns: 6, at: [columns]int8{0, 1, 2, 4, 5, -1}},
		"`general_log`.`argument`,Thread_ID,COMMAND_TYPE,Event_Time":                                             {Columns: 4, at: [columns]int8{3, -1, 1, 2, 0, -1}},
		"\"CONVERT_TZ(event_time, '+00:00', 'SYSTEM')\",command_type,thread_id,\"CONVERT(argument USING utf8)\"": {Columns: 4, at: [columns]int8{0, -1, 2, 1, 3, -1}},
		"event_time,command_type,thread_id,HEX(argument),server_id":                                              {Columns: 5, Encoding: Hex, at: [columns]int8{0, -1, 2, 1, 3, -1}},
		"event_time,command_type,thread_id,to_base64(argument)":                                                  {Columns: 4, Encoding: Base64, at: [columns]int8{0, -1, 2, 1, 3, -1}},
	} {
		want.Delimiter, want.Quoted = ',', true
		if l, verdict := Recognise([]byte(header+"\n"), true); verdict != Table || l != want {
			t.Errorf("%s: verdict %d, %+v, want %+v", header, verdict, l, want)
		}
	}
}

// Hexadecimal arguments need no header to be recognised, but a database that is
// called like a number is none.
func TestHexByContent(t *testing.T) {
	row := "2024-07-10 05:25:05.058758\troot[root] @ localhost []\t7\t1\t"
	for _, tt := range []struct {
		dump string
		want Encoding
	}{
		{row + "Query\t53454C4543542031\n", Hex},
		{row + "Query\t0x53454C4543542031\n" + row + "Quit\t0x\n" + row + "Quit\t\n", Hex},
		{row + "Init DB\tcafe\n", Text},
		{row + "Query\t53454C4543542031\n" + row + "Query\tSELECT 1\n", Text},
		{row + "Quit\t\n", Text},
	} {
		if l, verdict := Recognise([]byte(tt.dump), true); verdict != Table || l.Encoding != tt.want {
			t.Errorf("%q: verdict %d, %+v", tt.dump, verdict, l)
		}
	}
	dump := row + "Query\t53454C4543542031\n" + row + "Query\tnot hexadecimal\n"
	l := bare
	l.Delimiter, l.Backslash, l.Encoding = '\t', true, Hex
	got := scanAll([]byte(dump), l).entries
	if got[0].Argument != "SELECT 1" || got[1].Argument != "not hexadecimal" {
		t.Errorf("%+v", got)
	}
}
