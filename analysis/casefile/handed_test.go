package casefile

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/label"
)

var testLog = Log{{Name: "general.log", Bytes: 5, SHA256: hex.EncodeToString(testKey[:])}}

// worked is a case with something of everything.
func worked(t testing.TB, name string, hour time.Duration) Case {
	t.Helper()
	b := label.NewBook(label.Set{})
	at := noon.Add(hour * time.Hour)
	step := func(_ label.Step, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := b.SetAnalyst(name); err != nil {
		t.Fatal(err)
	}
	step(b.Import([]label.Record{{Ref: ref(1), Verdict: label.Verdict{Class: label.Attack, Source: label.ByFile}, Note: label.Note{Text: "of a file"}}}))
	step(b.Assign([]label.Ref{ref(1), ref(2), {Epoch: 2, ID: 1}}, label.LoginAttack, label.ByRange, at))
	step(b.Assign([]label.Ref{ref(1)}, "exfil", label.ByKey, at)) // of the same moment
	step(b.Clear([]label.Ref{ref(2)}, label.ByKey, at.Add(time.Minute)))
	step(b.Annotate(ref(3), "<b>\u202e", at))
	step(b.Annotate(ref(3), "", at))
	step(b.Annotate(ref(4), "of "+name, at))
	step(b.Declare([]label.Usual{{User: "etl", Host: "10.0.0.5"}}, at))
	step(b.Decide("0a1b2c3d", nil, label.Accepted, "of "+name, at))
	step(b.Decide("0a1b2c3d", nil, label.Dismissed, "a restore", at.Add(time.Second)))
	return Case{b.Set(), []Filter{{"host:10.0.0.5", true}, {"user:" + name, false}},
		[]Marks{{List: "entries", Reading: "default", Ranges: [][2]int{{0, 3}, {int(hour) + 7, int(hour) + 9}}}, {List: "templates", Reading: "default", Names: []string{name}}},
		[]Columns{{List: "entries", Columns: []string{"time"}}}}
}

func hand(t testing.TB, h Handed) []byte {
	t.Helper()
	data, err := h.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A case file keeps histories and decisions, and a case that is handed over reads back.
func TestHandedReadsBack(t *testing.T) {
	c := worked(t, "Ann", 0)
	data, err := Encode(testKey, c)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := Decode(testKey, data)
	if err != nil || !kept.Labels.Equal(c.Labels) {
		t.Fatalf("%v\n%s", err, data)
	}
	h, err := DecodeHanded(hand(t, Handed{c, testLog, "Ann"}), testLog)
	if err != nil || h.From != "Ann" || !slices.Equal(h.Log, testLog) || !h.Case.Labels.Equal(c.Labels) || !slices.Equal(h.Case.Filters, c.Filters) ||
		!slices.EqualFunc(h.Case.Marks, c.Marks, Marks.Equal) || h.Case.Columns != nil {
		t.Fatalf("%+v, %v", h, err)
	}
	// The case file of anybody does as well.
	if h, err = DecodeHanded(data, testLog); err != nil || h.Giver() != Unnamed || !h.Case.Labels.Equal(c.Labels) {
		t.Errorf("a case file: %+v, %v", h, err)
	}
}

func TestHandedOfAnotherLog(t *testing.T) {
	data := hand(t, Handed{worked(t, "Ann", 0), testLog, "Ann"})
	other := Log{{Name: "other.log", Bytes: 17, SHA256: strings.Repeat("ab", 32)}}
	_, err := DecodeHanded(data, other)
	if err == nil || !strings.Contains(err.Error(), "another log") || strings.Contains(err.Error(), "\n") {
		t.Fatal(err)
	}
	for _, want := range []string{"general.log", "other.log", "17 bytes", testKey.String(), strings.Repeat("ab", 32)} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %s", err, want)
		}
	}
	if _, err := (Handed{Log: Log{{Name: "-"}}}).Encode(); err == nil {
		t.Error("a log without a digest has a case")
	}
}

// Two analysts exchange their cases: both then hold the same, but for the order of
// filters, columns, and who brought what; the file names them.
func TestJoinCases(t *testing.T) {
	ann, bob := Handed{worked(t, "Ann", 0), testLog, "Ann"}, Handed{worked(t, "Bob", 1), testLog, "Bob"}
	mine, brought, err := Join(ann.Case, bob)
	if err != nil {
		t.Fatal(err)
	}
	// Of connection 1 both hold that it is exfil, and of the incident the same.
	if brought.Filters != 1 || brought.Marks != 2 || brought.Notes != 3 || brought.Decisions != 2 || len(brought.Conflicts) != 0 {
		t.Errorf("brought %+v", brought)
	}
	if f := mine.Filters[len(mine.Filters)-1]; f != (Filter{"user:Bob", false}) {
		t.Errorf("filter %+v", f)
	}
	yours, _, err := Join(bob.Case, ann)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(slices.Collect(mine.Labels.All()), slices.Collect(yours.Labels.All())) || !slices.EqualFunc(mine.Marks, yours.Marks, Marks.Equal) {
		t.Error("the two sides differ")
	}
	for _, again := range []Handed{bob, {yours, testLog, "Bob"}, {mine, testLog, "Ann"}} {
		same, brought, err := Join(mine, again)
		if err != nil || !brought.Empty() {
			t.Errorf("again: %+v, %v", brought, err)
		}
		if !bytes.Equal(hand(t, Handed{same, testLog, ""}), hand(t, Handed{mine, testLog, ""})) {
			t.Error("again: the bytes differ")
		}
	}
	if data := hand(t, Handed{mine, testLog, ""}); !bytes.Contains(data, []byte(`"from":"Bob"`)) {
		t.Errorf("nobody brought anything:\n%s", data)
	}
}

// Histories that were joined survive saves beside another program.
func TestJoinedCaseIsSaved(t *testing.T) {
	dir := t.TempDir()
	p := open(t, dir)
	other := open(t, dir)
	other.label(t, label.Normal, noon, ref(77))
	other.save(t)
	ours, _, err := Join(Case{Labels: p.book.Set()}, Handed{worked(t, "Ann", 0), testLog, "Ann"})
	if err != nil {
		t.Fatal(err)
	}
	saved, err := p.file.Save(context.Background(), p.seen, ours)
	if err != nil {
		t.Fatal(err)
	}
	q := open(t, dir)
	if !q.seen.Labels.Equal(saved.Case.Labels) || q.seen.Labels.Class(ref(1)) != "exfil" || q.seen.Labels.Labelled() != 3 || q.seen.Labels.Decided() != 1 {
		t.Errorf("%+v", slices.Collect(q.seen.Labels.All()))
	}
}

// Marks of both sides, by rows that are numbered.
func TestJoinMarks(t *testing.T) {
	for range 200 {
		marked := map[int]bool{}
		random := func() Marks {
			var m Marks
			for at := rand.IntN(3); at < 20; at++ {
				end := at + 1 + rand.IntN(4)
				m.Ranges = append(m.Ranges, [2]int{at, end})
				for r := at; r < end; r++ {
					marked[r] = true
				}
				at = end + rand.IntN(5)
			}
			return m
		}
		a, b := random(), random()
		joined, added := JoinMarks([]Marks{a}, []Marks{b})
		if u := joined[0]; !u.valid() || u.Len() != len(marked) || added != u.Len()-a.Len() {
			t.Fatalf("%v and %v: %v, %d added", a.Ranges, b.Ranges, u.Ranges, added)
		}
	}
}

func TestHandedIsBounded(t *testing.T) {
	var filters []Filter
	for k := range maxFilters + 1 {
		filters = append(filters, Filter{Term: fmt.Sprint("id:", k)})
	}
	var names []string
	for k := range maxMarked + 1 {
		names = append(names, fmt.Sprintf("%08d", k))
	}
	for name, c := range map[string]Case{
		"filters": {Filters: filters},
		"a term":  {Filters: []Filter{{Term: strings.Repeat("a", maxFilter+1)}}},
		"marks":   {Marks: []Marks{{List: "templates", Names: names}}},
	} {
		if _, err := DecodeHanded(hand(t, Handed{c, testLog, ""}), testLog); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := readHanded(endless{}, testLog, 1<<20); err == nil || !strings.Contains(err.Error(), "MiB") {
		t.Errorf("endless: %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// FuzzHanded: whatever bytes somebody hands over, they are refused, or join into a case
// that reads back, the second time without effect.
func FuzzHanded(f *testing.F) {
	f.Add(hand(f, Handed{worked(f, "Ann", 0), testLog, "Ann"}))
	f.Add(hand(f, Handed{worked(f, "Bob\u00e9", 1), testLog, ""}))
	for _, version := range []string{"1", "2", "3", "4", "5"} {
		data, err := os.ReadFile("testdata/version" + version + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	ours := worked(f, "Carl", 2)
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := DecodeHanded(data, testLog)
		if err != nil {
			return
		}
		joined, _, err := Join(ours, h)
		if err != nil {
			return
		}
		kept, err := Encode(testKey, joined)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode(testKey, kept)
		if err != nil || !again.Labels.Equal(joined.Labels) || !reflect.DeepEqual(again.Filters, joined.Filters) {
			t.Fatalf("does not read back: %v\n%s", err, kept)
		}
		if twice, brought, err := Join(again, h); err != nil || !brought.Empty() || !twice.Labels.Equal(again.Labels) {
			t.Fatalf("the second time: %+v, %v", brought, err)
		}
	})
}
