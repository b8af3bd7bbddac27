package tablelog

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"sqleuth/analysis/genlog"
)

// unitParts are what dumps are made of, and what may break them.
var unitParts = []string{
	"{", "}", "[", "]", ",", ":", "\n", "\n{", "\n  {", " ", "\t", `"`, `\"`, `\`, "\\\n", `"argument"`, `"event_time"`, `"2024-07-10 05:25:05"`, "null", "7", "(", ")", "'", "''", `\'`, "`", ";",
	"INSERT INTO `general_log` VALUES ", "('2024-07-10 05:25:05','a[a] @ b []',7,1,'Query','x')", jsonPart,
	"\n*************************** 1. row ***************************\nevent_time: 2024-07-10 05:25:05\n", "*", "\n*", "argument: SELECT *\n", "\n1 row in set (0.00 sec)\n", "mysql> x",
}

// jsonPart is a whole row.
const jsonPart = `{"event_time":"2024-07-10 05:25:05","thread_id":7,"argument":"x"}`

func madeUp(rng *rand.Rand) []byte {
	var b strings.Builder
	for range 1 + rng.IntN(30) {
		part := unitParts[rng.IntN(len(unitParts))]
		b.WriteString(part)
	}
	b.WriteString(strings.Repeat("x", rng.IntN(2)*rng.IntN(2*rowLineLook)))
	return []byte(b.String())
}

// The last row that is recognised by its own line begins where a walk over all units has
// a row.
func TestLastRowBeginsAUnit(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 60000 {
		data := madeUp(rng)
		for _, l := range []Layout{{Form: JSON}, {Form: Vertical}} {
			at := l.lastRow(data)
			if at == 0 {
				continue
			}
			found++
			begins := false
			for pos := 0; pos < len(data) && !begins; {
				n, _ := l.next(data[pos:], true, nil)
				pos += n
				begins = pos == at
			}
			if !begins {
				t.Fatalf("%v: no unit of %q begins at %d", l.Form, data, at)
			}
		}
	}
	if found < 10000 {
		t.Errorf("only %d of the texts have a last row", found)
	}
}

// A unit is read the same whether the walk that found its end has noted its texts.
func TestTextsAreNotedWhereTheyAre(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	json, ok := jsonLayout([]byte(jsonPart), true)
	if !ok {
		t.Fatal("no layout")
	}
	inserts := bare
	inserts.Form = Inserts
	noted := 0
	for range 60000 {
		data := madeUp(rng)
		for _, l := range []Layout{json, inserts} {
			for pos := 0; pos < len(data); {
				var s, plain Scanner
				c := genlog.Chunk{Data: data, Last: true}
				e := l.extent(data[pos:], &c, &s.texts)
				var got, want Row
				noted += s.texts.n
				why, frame, ok := s.readExtent(l, data[pos:], e, &got)
				why2, frame2, ok2 := plain.readExtent(l, data[pos:], e, &want)
				if why != why2 || frame != frame2 || ok != ok2 || ok && !frame && string(got.Argument) != string(want.Argument) || got.Within != want.Within || got.Time != want.Time {
					t.Fatalf("%v: %q is read as %+v (%v %v %v) with notes, as %+v (%v %v %v) without", l.Form, data[pos:pos+e.n], got, why, frame, ok, want, why2, frame2, ok2)
				}
				pos += e.n
			}
		}
	}
	if noted < 10000 {
		t.Errorf("only %d texts were noted", noted)
	}
}

// What is found at a glance in rows of \G is what a full look finds.
func TestVerticalGlances(t *testing.T) {
	fieldNameOfLine := func(b []byte) (name []byte, from int) {
		line, _, _ := bytes.Cut(b, []byte{'\n'})
		if colon := bytes.Index(line, []byte(": ")); colon >= 0 {
			return bytes.TrimSpace(line[:colon]), colon + 2
		}
		if !bytes.HasSuffix(bytes.TrimRight(line, "\r"), []byte{':'}) {
			return nil, 0
		}
		colon := bytes.LastIndexByte(line, ':')
		return bytes.TrimSpace(line[:colon]), colon + 1
	}
	rng := rand.New(rand.NewPCG(5, 6))
	parts := []string{"a", " ", ":", ": ", "\n", "\r\n", "*", "\n*", "   user_host: ", "2 rows in set", " (0.01 sec)", "\nmysql> ", "\nMariaDB [x]> ", "\t", "\v", "x:y: z", strings.Repeat("n", nameLook-2)}
	tails, names := 0, 0
	for range 60000 {
		var text strings.Builder
		for range rng.IntN(12) {
			text.WriteString(parts[rng.IntN(len(parts))])
		}
		b := []byte(text.String())
		name, from := fieldName(b)
		if want, at := fieldNameOfLine(b); string(name) != string(want) || (name == nil) != (want == nil) || from != at {
			t.Fatalf("the name of %q is %q, its text at %d; want %q and %d", b, name, from, want, at)
		}
		if name != nil {
			names++
		}
		if got, want := starLine(b), bytes.Index(b, []byte("\n*")); got != want {
			t.Fatalf("in %q a line with a star is at %d, want %d", b, got, want)
		}
		if verticalTail().Match(b) {
			if tails++; !maybeTail(b) {
				t.Fatalf("the client's last words in %q are passed over", b)
			}
		}
	}
	if tails < 300 || names < 10000 {
		t.Errorf("only %d tails and %d names", tails, names)
	}
}
