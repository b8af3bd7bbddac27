package label

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/quick"
	"time"
)

func TestParseRef(t *testing.T) {
	for text, want := range map[string]Ref{
		"0": {0, 0}, "2523": {0, 2523}, "2523@2": {2, 2523}, "18446744073709551615@4294967295": {1<<32 - 1, 1<<64 - 1},
	} {
		got, err := ParseRef(text)
		if err != nil || got != want || got.String(true) != text {
			t.Errorf("%q: %+v %q, %v", text, got, got.String(true), err)
		}
	}
	if got := (Ref{2, 2523}).String(false); got != "2523" {
		t.Errorf("short form %q", got)
	}
	for _, text := range []string{"", "-1", "+1", " 1", "1.0", "1e3", "0x1", "1_0", "1@", "@1", "1@0", "1@-1", "1@2@3", "18446744073709551616", "1@4294967296", "\x1b]0;x\a"} {
		if got, err := ParseRef(text); err == nil {
			t.Errorf("%q is accepted as %+v", text, got)
		}
	}
}

func TestRead(t *testing.T) {
	at := noon.Add(123456 * time.Microsecond)
	row := func(line int, epoch uint32, id uint64, class string) Row {
		return Row{Line: line, Ref: Ref{epoch, id}, Class: class, Source: ByFile}
	}
	for _, c := range []struct {
		name, text string
		want       File
	}{
		{"plain", "id,class\n17,login_attack\n18@2,normal\n", File{Rows: []Row{row(2, 0, 17, LoginAttack), row(3, 2, 18, Normal)}}},
		{"no last newline", "id,class\n17,normal", File{Rows: []Row{row(2, 0, 17, Normal)}}},
		{"header only", "id,class\n", File{}},
		{"BOM, CRLF, any case and order", "\xEF\xBB\xBFClass , stage,ID\r\nLOGIN_ATTACK,recon, 17 \r\n\r\n", File{Rows: []Row{row(2, 0, 17, LoginAttack)}}},
		{"quoted", "\"id\",\"class\"\n\"17\",\"exfil\"\n18,Exfil\n", File{Rows: []Row{row(2, 0, 17, "exfil"), row(3, 0, 18, "exfil")}}},
		{"empty rows", "id,class\n\n,\n17,normal\n", File{Rows: []Row{row(4, 0, 17, Normal)}}},
		{"foreign source is no source", "id,class,source,at\n17,normal,127.0.0.66,yesterday\n", File{Rows: []Row{row(2, 0, 17, Normal)}}},
		{"our own", "id,class,source,at,note\n17,normal,analyst,2025-03-12T13:00:00.123456+01:00,\"a, \"\"b\"\"\nc\"\n",
			File{Rows: []Row{{2, Ref{0, 17}, Normal, ByAnalyst, at, `a, "b" c`, "", ""}}}},
		{"of an analyst", "id,class,analyst,source,at\n17,attack,Ann Bo,incident,2025-03-12T12:00:00.123456Z\n", File{Rows: []Row{{2, Ref{0, 17}, Attack, ByIncident, at, "", "Ann Bo", ""}}}},
		{"an analyst of another tool", "id,class,analyst\n17,normal,Ann\n", File{Rows: []Row{row(2, 0, 17, Normal)}}},
		{"a time that is none", "id,class,source,at\n17,normal,rule,12.3.2025\n", File{Rows: []Row{{2, Ref{0, 17}, Normal, ByRule, time.Time{}, "", "", ""}}, Undated: 1}},
		{"the author of a note", "id,class,note,note_analyst\n17,,why?,Ann\n18,normal,,Ann\n", File{Rows: []Row{{2, Ref{0, 17}, "", ByFile, time.Time{}, "why?", "", "Ann"}, row(3, 0, 18, Normal)}}},
		{"note only", "id,class,note\n17,,why?\n", File{Rows: []Row{{2, Ref{0, 17}, "", ByFile, time.Time{}, "why?", "", ""}}}},
		{"empty cells too many", "id,class\n17,normal,,\n", File{Rows: []Row{row(2, 0, 17, Normal)}}},
		{"rows after a long cell", "id,class,note\n17,normal,\"a\nb\"\n18,normal,\n", File{Rows: []Row{{2, Ref{0, 17}, Normal, ByFile, time.Time{}, "a b", "", ""}, row(4, 0, 18, Normal)}}},
	} {
		got, err := Read(strings.NewReader(c.text))
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, %v; want %+v", c.name, got, err, c.want)
		}
	}
}

func TestReadErrors(t *testing.T) {
	var manyClasses strings.Builder
	manyClasses.WriteString("id,class\n")
	for i := range MaxClasses {
		manyClasses.WriteString("1,c" + strings.Repeat("x", i%60) + string(rune('a'+i/60)) + "\n")
	}
	for _, c := range []struct{ name, text, says string }{
		{"empty", "", "line 1"},
		{"no header", "2557,login_attack\n", "line 1: no header"},
		{"a log", "2025-03-11T05:53:05.006361Z\t    3 Connect\tx@\"y\n", "line 1: no header"},
		{"compressed", "\x1f\x8b\b\x00\"\x1b\n", "line 1: no header"},
		{"no class column", "id,stage\n", "line 1: no header"},
		{"semicolons", "id;class\n1;normal\n", "commas"},
		{"twice", "id,class,ID\n", "twice"},
		{"UTF-16", "\xFF\xFEi\x00d\x00", "UTF-16"},
		{"bad id", "id,class\n1,normal\n\n2.0,normal\n", "line 4"},
		{"no id", "id,class\n,normal\n", "line 2"},
		{"short row", "id,class\n1\n", "line 2"},
		{"bad class", "id,class\n1,\x1b[31m\n", "line 2"},
		{"comma in a note", "id,class,note\n1,normal,a,b\n", "line 2: 4 cells"},
		{"quotation mark", "id,class\n1,nor\"mal\n", "line 2"},
		{"open quotation mark", "id,class\n1,\"normal\n", "line"},
		{"long note", "id,class,note\n1,normal," + strings.Repeat("n", MaxNote+1) + "\n", "line 2"},
		{"too many classes", manyClasses.String(), "more than"},
	} {
		got, err := Read(strings.NewReader(c.text))
		if err == nil {
			t.Errorf("%s: accepted as %+v", c.name, got)
			continue
		}
		if !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %q does not say %q", c.name, err, c.says)
		}
		if strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' || r == 0x7f }) || len(err.Error()) > 300 {
			t.Errorf("%s: not one clean line: %q", c.name, err)
		}
	}
}

// A list of connections of which only some are labelled labels those.
func TestReadIsBounded(t *testing.T) {
	const text = "id,class\n1,normal\n2,\n3,normal\n4,normal\n"
	if f, err := read(strings.NewReader(text), 3); err != nil || len(f.Rows) != 3 || f.Unclassed != 1 {
		t.Errorf("%d rows of 3, %v", len(f.Rows), err)
	}
	if _, err := read(strings.NewReader(text), 2); err == nil || err.Error() != "line 5: more than 2 rows with a class or a note" {
		t.Errorf("3 rows of 2: %v", err)
	}
	for size, want := range map[int64]error{int64(len(text)) + 1: nil, int64(len(text)) - 1: errLong, 4: errLong} {
		if _, err := read(&bounded{strings.NewReader(text), size}, 3); !errors.Is(err, want) {
			t.Errorf("%d bytes where %d are taken: %v, want %v", len(text), size, err, want)
		}
	}
}

func TestRowsWithoutAClass(t *testing.T) {
	f, err := Read(strings.NewReader("id,class,entries\n1,,3\n2,login_attack,4\n3, ,5\n"))
	if err != nil {
		t.Fatal(err)
	}
	records, res := f.Resolve(func(id uint64) []uint32 { return []uint32{1} })
	if len(records) != 1 || records[0].Ref != (Ref{1, 2}) || res.Unclassed != 2 {
		t.Errorf("%+v, %+v", records, res)
	}
	if got := res.Notices(); len(got) != 1 || got[0] != "2 rows have no class and no effect" {
		t.Errorf("notices %q", got)
	}
}

func TestResolve(t *testing.T) {
	// The log: 17 and 18 in both server runs, 19 in the second, 20 in the first.
	epochs := func(id uint64) []uint32 {
		return map[uint64][]uint32{17: {1, 2}, 18: {1, 2}, 19: {2}, 20: {1}}[id]
	}
	type classes map[Ref]string
	for _, c := range []struct {
		name, rows string
		want       classes
		res        Resolution
	}{
		{"one connection", "19,a1\n20,b1", classes{{2, 19}: "a1", {1, 20}: "b1"}, Resolution{}},
		{"bare id of two", "17,a1", classes{{1, 17}: "a1", {2, 17}: "a1"}, Resolution{Ambiguous: 1, FirstAmbiguous: []uint64{17}}},
		{"exact", "17@2,a1", classes{{2, 17}: "a1"}, Resolution{}},
		{"exact overrules bare, before", "17@2,a1\n17,b1", classes{{1, 17}: "b1", {2, 17}: "a1"}, Resolution{Ambiguous: 1, FirstAmbiguous: []uint64{17}}},
		{"exact overrules bare, after", "17,b1\n17@2,a1", classes{{1, 17}: "b1", {2, 17}: "a1"}, Resolution{Ambiguous: 1, FirstAmbiguous: []uint64{17}}},
		{"unknown", "99,a1\n20@2,a1\n99,b1", classes{}, Resolution{Unknown: 2, FirstUnknown: []Ref{{0, 99}, {2, 20}}}},
		{"repeated", "20,a1\n20,a1\n17,a1\n17,a1", classes{{1, 20}: "a1", {1, 17}: "a1", {2, 17}: "a1"}, Resolution{Repeated: 2, Ambiguous: 1, FirstAmbiguous: []uint64{17}}},
		{"contradiction, the later holds", "20,a1\n20,b1\n18@1,a1\n18@1,b1", classes{{1, 20}: "b1", {1, 18}: "b1"}, Resolution{Conflicts: 2, FirstConflicts: []Ref{{0, 20}, {1, 18}}}},
	} {
		f := must[File](t)(Read(strings.NewReader("id,class\n" + c.rows)))
		records, res := f.Resolve(epochs)
		got := classes{}
		for _, r := range records {
			got[r.Ref] = r.Verdict.Class
		}
		if !reflect.DeepEqual(got, c.want) || !reflect.DeepEqual(res, c.res) {
			t.Errorf("%s: %v %+v, want %v %+v", c.name, got, res, c.want, c.res)
		}
		if !slices.IsSortedFunc(records, func(a, b Record) int { return a.Ref.Compare(b.Ref) }) {
			t.Errorf("%s: unsorted", c.name)
		}
	}
}

func TestNotices(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("id,class\n5,normal\n5,normal\n6,normal\n6,login_attack\n")
	for _, id := range []string{"91", "92@2", "93", "94", "95", "96", "97"} {
		rows.WriteString(id + ",normal\n")
	}
	_, res := must[File](t)(Read(strings.NewReader(rows.String()))).Resolve(func(id uint64) []uint32 {
		if id == 6 {
			return []uint32{1, 2}
		}
		return []uint32{1}[:min(1, max(0, 90-int(id)))]
	})
	want := []string{
		"7 ids are not in this log: 91, 92@2, 93, 94, 95, ...",
		"1 bare id names several connections, all labelled: 6",
		"1 row repeats an earlier one",
		"1 row contradicts an earlier one, the later holds: 6",
	}
	if got := res.Notices(); !slices.Equal(got, want) {
		t.Errorf("notices %q", got)
	}
}

func TestRowsAreDeterministicAndGuardFree(t *testing.T) {
	b := NewBook(Set{})
	must[Step](t)(b.Assign([]Ref{{2, 17}, {1, 20}}, LoginAttack, ByAnalyst, noon))
	must[Step](t)(b.Import([]Record{{Ref: Ref{1, 17}, Verdict: Verdict{Normal, ByFile, time.Time{}, ""}}}))
	must[Step](t)(b.Annotate(Ref{1, 20}, `=cmd|' /C calc'!A0, "x"`, noon))
	if err := b.SetAnalyst("Ann"); err != nil {
		t.Fatal(err)
	}
	must[Step](t)(b.Annotate(Ref{1, 18}, "look again", noon))
	out := file(t, b.Set(), func(id uint64) bool { return id == 17 })
	want := `id,class,source,at,note,analyst,note_analyst
17@1,normal,file,,,,
18,,,,look again,,Ann
20,login_attack,analyst,2025-03-12T12:00:00.000000Z,"=cmd|' /C calc'!A0, ""x""",,
17@2,login_attack,analyst,2025-03-12T12:00:00.000000Z,,,
`
	if out != want {
		t.Errorf("got\n%swant\n%s", out, want)
	}
}

// file returns the labels file of a set; see [Rows].
func file(t testing.TB, s Set, several func(id uint64) bool) string {
	t.Helper()
	var out strings.Builder
	w := csv.NewWriter(&out)
	rows := slices.Collect(Rows(s, several))
	if err := w.WriteAll(append([][]string{Columns()}, rows...)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// roundTrip writes a Set, reads it back against a log that holds exactly its
// connections, and gives what comes out.
func roundTrip(t testing.TB, s Set) Set {
	t.Helper()
	epochs := map[uint64][]uint32{}
	for r := range s.All() {
		epochs[r.Ref.ID] = append(epochs[r.Ref.ID], r.Ref.Epoch)
	}
	f, err := Read(strings.NewReader(file(t, s, func(id uint64) bool { return len(epochs[id]) > 1 })))
	if err != nil {
		t.Fatal(err)
	}
	records, res := f.Resolve(func(id uint64) []uint32 { return epochs[id] })
	if n := res.Notices(); len(n) > 0 || f.Undated > 0 {
		t.Fatalf("reading back: %q, %d undated", n, f.Undated)
	}
	return must[Set](t)(NewSet(s.Classes(), records))
}

// withoutNoteTimes is what a labels file keeps of a Set.
func withoutNoteTimes(t testing.TB, s Set) Set {
	var records []Record
	for r := range s.All() {
		r.Note.At = time.Time{}
		records = append(records, r)
	}
	return must[Set](t)(NewSet(s.Classes(), records))
}

func TestRoundTripOfAnySet(t *testing.T) {
	check := func(ids []uint16, micros []int64, notes []string) bool {
		b := NewBook(Set{})
		for i, id := range ids {
			ref := Ref{uint32(id%3) + 1, uint64(id / 3 % 50)}
			if i < len(micros) {
				at := time.UnixMicro(micros[i] % (1 << 57)) // within the years 1 to 9999
				if y := at.UTC().Year(); y < 1 || y > 9999 {
					at = noon
				}
				must[Step](t)(b.Assign([]Ref{ref}, append(StandardClasses(), "zwei Wörter")[id%4], Source(id%4)+ByAnalyst, at))
			}
			if i < len(notes) {
				must[Step](t)(b.Annotate(ref, notes[i], noon))
			}
		}
		return roundTrip(t, b.Set()).Equal(withoutNoteTimes(t, b.Set()))
	}
	if err := quick.Check(check, nil); err != nil {
		t.Error(err)
	}
}

// The built-in incident's own labels, read, resolved and written.
func TestCaptureLabels(t *testing.T) {
	path := filepath.Join("..", "..", "testdata", "wordpress-bruteforce", "labels.csv")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f := must[File](t)(Read(bytes.NewReader(data)))
	records, res := f.Resolve(func(uint64) []uint32 { return []uint32{2} })
	if n := res.Notices(); len(n) > 0 {
		t.Errorf("notices %q", n)
	}
	s := setOf(t, records...)
	lines := bytes.Count(bytes.TrimSpace(data), []byte("\n")) // without the header
	if s.Labelled() != lines {
		t.Errorf("%d labelled of %d rows", s.Labelled(), lines)
	}
	for _, class := range []string{LoginAttack, GetUserTable} {
		if got, want := s.Count(class), bytes.Count(data, []byte(","+class+",")); got != want {
			t.Errorf("%s: %d, want %d", class, got, want)
		}
	}
	if !roundTrip(t, s).Equal(s) {
		t.Error("does not read back")
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"id,class\n17,login_attack\n", "\xEF\xBB\xBFID,Class,note\r\n17@2,exfil,\"a\r\nb\"\r\n", "id,class,source,at\n1,normal,rule,2025-03-12T13:00:00Z\n",
		"id;class\n", "id,class\n1,\"", "id,class,stage,source\n17@2,login_attack,recon,127.0.0.66\n", "id,class,note\n1,,n\n1,A,\n1@1,a,m\n",
		"id,class,source,at\n1,x,model,9999-12-31T23:59:59-23:59\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read(bytes.NewReader(data))
		if err != nil {
			if strings.ContainsAny(err.Error(), "\x1b\r\n") {
				t.Fatalf("the error is not one clean line: %q", err)
			}
			return
		}
		records, _ := file.Resolve(func(id uint64) []uint32 { return []uint32{1, 2}[:1+id%2] })
		b := NewBook(Set{})
		if _, err := b.Import(records); err != nil {
			t.Fatalf("what Read accepts cannot be imported: %v", err)
		}
		invariants(t, b.Set())
		if !roundTrip(t, b.Set()).Equal(b.Set()) {
			t.Fatal("does not read back")
		}
	})
}
