package label

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2025, 3, 12, 12, 0, 0, 0, time.UTC)

func refs(epoch uint32, first, last uint64) []Ref {
	var out []Ref
	for id := first; id <= last; id++ {
		out = append(out, Ref{epoch, id})
	}
	return out
}

// must takes the result of a call that has to succeed.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// invariants are what apply promises about blocks and counts.
func invariants(t testing.TB, s Set) {
	t.Helper()
	st := s.get()
	counts := make([]int, len(st.classes))
	notes := 0
	var last Ref
	for _, b := range st.blocks {
		if len(b) == 0 || len(b) > blockSize {
			t.Fatalf("a block of %d slots", len(b))
		}
		for _, e := range b {
			if e.ref.Compare(last) <= 0 {
				t.Fatalf("%v after %v", e.ref, last)
			}
			last = e.ref
			if e.empty() {
				t.Fatalf("%v: empty slot", e.ref)
			}
			if class := e.class(); class != "" {
				counts[slices.Index(st.classes, class)]++
			}
			if e.noted() {
				notes++
			}
			for c := e.verdicts; c != nil && c.before != nil; c = c.before {
				if compareGiven(c.before.Given, c.Given) >= 0 {
					t.Fatalf("%v: the history is out of order: %+v", e.ref, e.verdicts.all(nil))
				}
			}
		}
	}
	if !slices.Equal(counts, st.counts) || notes != st.notes {
		t.Fatalf("counts %v and %d notes, but it keeps %v and %d", counts, notes, st.counts, st.notes)
	}
	slots := 0
	for range st.slots() {
		slots++
	}
	if len(st.blocks) > 2+4*slots/blockSize {
		t.Fatalf("%d slots lie in %d blocks", slots, len(st.blocks))
	}
}

func TestAssignAndClear(t *testing.T) {
	b := NewBook(Set{})
	start := b.Set()
	attack := refs(1, 2557, 2982)
	step := must[Step](t)(b.Assign(attack, LoginAttack, ByAnalyst, noon))
	if want := (Step{Op: OpAssign, Class: LoginAttack, Connections: len(attack), First: attack[0]}); !reflect.DeepEqual(step, want) {
		t.Errorf("step %+v, want %+v", step, want)
	}
	labelled := b.Set()
	if got := labelled.Class(Ref{1, 2600}); got != LoginAttack {
		t.Errorf("class %q", got)
	}
	if _, ok := labelled.Verdict(Ref{2, 2600}); ok || labelled.Class(Ref{2, 2600}) != Normal {
		t.Error("the connection of another server run was labelled as well")
	}
	if start.Labelled() != 0 || labelled.Count(LoginAttack) != len(attack) {
		t.Errorf("before %d, after %d", start.Labelled(), labelled.Count(LoginAttack))
	}

	// The same digit again, later: nothing, and no step.
	if step := must[Step](t)(b.Assign(attack, LoginAttack, ByAnalyst, noon.Add(time.Hour))); step.Connections != 0 || b.Set() != labelled {
		t.Errorf("assigning twice changed %d connections", step.Connections)
	}
	// Another source is a change: a person confirms a rule.
	if step := must[Step](t)(b.Assign(attack[:1], LoginAttack, ByRule, noon)); step.Connections != 1 {
		t.Error("another source changed nothing")
	}
	// An explicit normal is a verdict of its own.
	must[Step](t)(b.Assign(attack[:2], Normal, ByAnalyst, noon))
	if v, ok := b.Set().Verdict(attack[1]); !ok || v != (Verdict{Normal, ByAnalyst, noon, ""}) {
		t.Errorf("explicit normal: %+v, %v", v, ok)
	}
	if step := must[Step](t)(b.Clear(refs(1, 2500, 2560), ByKey, noon)); step.Connections != 4 || step.First != attack[0] {
		t.Errorf("cleared %+v", step)
	}
	if step := must[Step](t)(b.Clear(refs(1, 2500, 2560), ByKey, noon)); step.Connections != 0 {
		t.Errorf("cleared twice: %+v", step)
	}
	invariants(t, b.Set())
}

func TestRejectedStepsChangeNothing(t *testing.T) {
	b := NewBook(Set{})
	start := b.Set()
	one := refs(1, 1, 1)
	for name, do := range map[string]func() (Step, error){
		"class with comma": func() (Step, error) { return b.Assign(one, "a,b", ByAnalyst, noon) },
		"no source":        func() (Step, error) { return b.Assign(one, Normal, 0, noon) },
		"unknown source":   func() (Step, error) { return b.Assign(one, Normal, 9, noon) },
		"year 10000":       func() (Step, error) { return b.Assign(one, Normal, ByAnalyst, noon.AddDate(9000, 0, 0)) },
		"no epoch":         func() (Step, error) { return b.Assign([]Ref{{0, 1}}, Normal, ByAnalyst, noon) },
		"clear, no epoch":  func() (Step, error) { return b.Clear([]Ref{{0, 1}}, ByKey, noon) },
		"note, no epoch":   func() (Step, error) { return b.Annotate(Ref{0, 1}, "x", noon) },
		"note too long":    func() (Step, error) { return b.Annotate(one[0], strings.Repeat("x", MaxNote+1), noon) },
		"empty class":      func() (Step, error) { return b.AddClass("") },
		"import, 2nd broken": func() (Step, error) {
			return b.Import([]Record{{Ref: one[0], Verdict: Verdict{"new", ByFile, noon, ""}}, {Ref: one[0], Verdict: Verdict{"\x1b[2J", ByFile, noon, ""}}})
		},
	} {
		if _, err := do(); err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.ContainsAny(err.Error(), "\x1b\n") {
			t.Errorf("%s: the error is not one clean line: %q", name, err)
		}
		if b.Set() != start {
			t.Errorf("%s: changed something", name)
		}
	}
	if _, ok := b.Undo(); ok {
		t.Error("a rejected step can be undone")
	}
}

func TestClassNames(t *testing.T) {
	b := NewBook(Set{})
	must[Step](t)(b.AddClass("exfil"))
	must[Step](t)(b.Assign(refs(1, 1, 1), "Vandalism 2", ByAnalyst, noon))
	must[Step](t)(b.Assign(refs(1, 2, 2), "EXFIL", ByAnalyst, noon))
	must[Step](t)(b.Assign(refs(1, 3, 3), "Normal", ByAnalyst, noon))
	want := append(StandardClasses(), "exfil", "Vandalism 2")
	if got := b.Set().Classes(); !slices.Equal(got, want) {
		t.Errorf("classes %q, want %q", got, want)
	}
	if got := b.Set().Class(Ref{1, 2}); got != "exfil" {
		t.Errorf("class %q, want the spelling of the list", got)
	}
	b.Undo() // Normal
	b.Undo() // EXFIL
	if step, ok := b.Undo(); !ok || step.Class != "Vandalism 2" || len(b.Set().Classes()) != len(want)-1 {
		t.Errorf("undo %+v left classes %q", step, b.Set().Classes())
	}
	for len(b.Set().Classes()) < MaxClasses {
		must[Step](t)(b.AddClass(fmt.Sprint("c", len(b.Set().Classes()))))
	}
	if _, err := b.AddClass("one more"); err == nil {
		t.Error("no limit on classes")
	}
	for _, bad := range []string{"", " a", "a ", "a,b", `a"b`, "a\nb", "a\x1b", "=1+1", "-", "@x", "'x", "a\u202eb", "a\u200bb", "a\xff", strings.Repeat("a", MaxClass+1)} {
		if CheckClass(bad) == nil {
			t.Errorf("class name %q is accepted", bad)
		}
	}
	for _, good := range append(StandardClasses(), "7", "zwei Wörter", "a=b", strings.Repeat("a", MaxClass)) {
		if err := CheckClass(good); err != nil {
			t.Error(err)
		}
	}
}

// Times are kept as a case file and a labels file keep them, so that what is
// read back is the same verdict.
func TestTimesAreWholeMicrosecondsInUTC(t *testing.T) {
	b := NewBook(Set{})
	vienna := time.FixedZone("CET", 3600)
	must[Step](t)(b.Assign(refs(1, 1, 1), Normal, ByAnalyst, noon.Add(1999*time.Nanosecond).In(vienna)))
	if v, _ := b.Set().Verdict(Ref{1, 1}); v.At != noon.Add(time.Microsecond) {
		t.Errorf("kept as %v", v.At)
	}
}

func TestNotes(t *testing.T) {
	b := NewBook(Set{})
	r := Ref{1, 7}
	must[Step](t)(b.Annotate(r, "  two\r\n\tlines \x1b[31m \xff", noon))
	if n, ok := b.Set().Note(r); !ok || n != (Note{Text: "two lines [31m \uFFFD", At: noon}) {
		t.Errorf("note %+q", n)
	}
	must[Step](t)(b.Assign([]Ref{r}, LoginAttack, ByAnalyst, noon))
	must[Step](t)(b.Clear([]Ref{r}, ByKey, noon))
	if _, ok := b.Set().Note(r); !ok {
		t.Error("clearing the label took the note away")
	}
	if step := must[Step](t)(b.Annotate(r, " \n ", noon)); step.Connections != 1 || b.Set().Noted() != 0 {
		t.Error("an empty text did not remove the note")
	}
	if step := must[Step](t)(b.Annotate(r, "", noon)); step.Connections != 0 {
		t.Error("removing no note is a step")
	}
}

// model is the plain reference that random sequences are compared with.
type model struct {
	verdicts map[Ref]Verdict
	notes    map[Ref]string
	classes  []string
}

func (m model) clone() model {
	return model{maps.Clone(m.verdicts), maps.Clone(m.notes), slices.Clone(m.classes)}
}

func (m model) compare(t testing.TB, s Set) {
	t.Helper()
	verdicts, notes := map[Ref]Verdict{}, map[Ref]string{}
	for r := range s.All() {
		if r.Verdict.Class != "" {
			verdicts[r.Ref] = r.Verdict
		}
		if r.Note.Text != "" {
			notes[r.Ref] = r.Note.Text
		}
	}
	if !maps.Equal(verdicts, m.verdicts) || !maps.Equal(notes, m.notes) || !slices.Equal(s.Classes(), m.classes) {
		t.Fatalf("%d verdicts, %d notes, classes %q; want %d, %d, %q", len(verdicts), len(notes), s.Classes(), len(m.verdicts), len(m.notes), m.classes)
	}
}

// randomStep does one step to the book and to the model.
func randomStep(t testing.TB, rng *rand.Rand, b *Book, m model, at time.Time) model {
	t.Helper()
	m = m.clone()
	var some []Ref
	for range 1 + rng.IntN(4)*rng.IntN(700) {
		some = append(some, Ref{1 + uint32(rng.IntN(3)), uint64(rng.IntN(1500))})
	}
	var err error
	switch rng.IntN(6) {
	case 0, 1:
		class := append(StandardClasses(), "exfil", "recon")[rng.IntN(5)]
		_, err = b.Assign(some, class, ByAnalyst, at)
		if !slices.Contains(m.classes, class) {
			m.classes = append(m.classes, class)
		}
		for _, r := range some {
			if m.verdicts[r].Class != class {
				m.verdicts[r] = Verdict{class, ByAnalyst, at, ""}
			}
		}
	case 2, 3:
		_, err = b.Clear(some, ByKey, noon)
		for _, r := range some {
			delete(m.verdicts, r)
		}
	case 4:
		text := fmt.Sprint("note ", rng.IntN(3))
		_, err = b.Annotate(some[0], text, at)
		m.notes[some[0]] = text
	case 5:
		name := fmt.Sprint("class", rng.IntN(5))
		_, err = b.AddClass(name)
		if !slices.Contains(m.classes, name) {
			m.classes = append(m.classes, name)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRandomStepsUndoAndRedo(t *testing.T) {
	for seed := range uint64(3) {
		rng := rand.New(rand.NewPCG(seed, 0))
		b := NewBook(Set{})
		states := []model{{map[Ref]Verdict{}, map[Ref]string{}, StandardClasses()}}
		sets := []Set{b.Set()}
		for i := range 40 {
			m := randomStep(t, rng, b, states[len(states)-1], noon.Add(time.Duration(i)*time.Second))
			invariants(t, b.Set())
			m.compare(t, b.Set())
			if !b.Set().Equal(sets[len(sets)-1]) { // a step, and not one without effect
				states, sets = append(states, m), append(sets, b.Set())
			}
			// Walk about in the history, and come back.
			back := rng.IntN(4)
			for range back {
				b.Undo()
			}
			states[max(0, len(states)-1-back)].compare(t, b.Set())
			for range back {
				b.Redo()
			}
			m.compare(t, b.Set())
		}
		for i := len(states) - 2; i >= 0; i-- {
			if _, ok := b.Undo(); !ok {
				t.Fatalf("seed %d: history ends %d steps early", seed, i+1)
			}
			states[i].compare(t, b.Set())
			invariants(t, b.Set())
		}
		if _, ok := b.Undo(); ok || !b.Set().Equal(Set{}) {
			t.Fatalf("seed %d: undoing everything is not the start", seed)
		}
		for i := 1; i < len(states); i++ {
			if _, ok := b.Redo(); !ok {
				t.Fatalf("seed %d: redo ends early", seed)
			}
			states[i].compare(t, b.Set())
		}
		if _, ok := b.Redo(); ok || !b.Set().Equal(sets[len(sets)-1]) {
			t.Fatalf("seed %d: redoing everything is not the end", seed)
		}
		for i, s := range sets { // no Set moved while the book went on
			states[i].compare(t, s)
		}
	}
}

func TestNewStepEndsRedo(t *testing.T) {
	b := NewBook(Set{})
	must[Step](t)(b.Assign(refs(1, 1, 3), LoginAttack, ByAnalyst, noon))
	b.Undo()
	must[Step](t)(b.Assign(refs(1, 4, 4), LoginAttack, ByAnalyst, noon))
	if _, ok := b.Redo(); ok {
		t.Error("redo after a new step")
	}
}

func TestHistoryIsBounded(t *testing.T) {
	const limit = 1000
	b := NewBook(Set{})
	b.limit = limit
	many := refs(1, 1, limit/4)
	for i, class := range []string{LoginAttack, Normal, LoginAttack, Normal, LoginAttack, Normal} {
		must[Step](t)(b.Assign(many, class, ByAnalyst, noon.Add(time.Duration(i)*time.Second)))
	}
	n := 0
	for _, ok := b.Undo(); ok; _, ok = b.Undo() {
		n++
	}
	if n != 4 {
		t.Errorf("%d steps of %d connections can be undone, want 4", n, len(many))
	}
	// A step above the bound can still be undone.
	b = NewBook(Set{})
	b.limit = limit
	must[Step](t)(b.Assign(refs(1, 1, 1), LoginAttack, ByAnalyst, noon))
	must[Step](t)(b.Assign(refs(2, 1, limit+1), LoginAttack, ByAnalyst, noon))
	if step, ok := b.Undo(); !ok || step.Connections != limit+1 {
		t.Errorf("undid %+v, %v", step, ok)
	}
	if _, ok := b.Undo(); ok {
		t.Error("the history is not bounded")
	}
}

// A single change copies one block and shares the rest, with the Sets before.
func TestSetsShareTheirBlocks(t *testing.T) {
	b := NewBook(Set{})
	must[Step](t)(b.Assign(refs(1, 1, 100_000), LoginAttack, ByAnalyst, noon))
	before := b.Set()
	must[Step](t)(b.Clear([]Ref{{1, 50_000}}, ByKey, noon))
	own := 0
	shared := map[*slot]bool{}
	for _, blk := range before.get().blocks {
		shared[&blk[0]] = true
	}
	for _, blk := range b.Set().get().blocks {
		if !shared[&blk[0]] {
			own++
		}
	}
	if own != 1 {
		t.Errorf("a change of one connection copied %d blocks", own)
	}
}

func BenchmarkAssignOneOf100000(b *testing.B) {
	book := NewBook(Set{})
	must[Step](b)(book.Assign(refs(1, 1, 100_000), LoginAttack, ByAnalyst, noon))
	b.ReportAllocs()
	class := []string{Normal, LoginAttack}
	for i := 0; b.Loop(); i++ {
		if _, err := book.Assign([]Ref{{1, uint64(i*7919%100_000) + 1}}, class[i/100_000%2], ByAnalyst, noon); err != nil {
			b.Fatal(err)
		}
		_ = book.Set()
	}
}

func BenchmarkAssignTenThousand(b *testing.B) {
	book := NewBook(Set{})
	must[Step](b)(book.Assign(refs(1, 1, 100_000), LoginAttack, ByAnalyst, noon))
	var some []Ref
	for i := range uint64(10_000) {
		some = append(some, Ref{1, 1 + i*10})
	}
	b.ReportAllocs()
	class := []string{Normal, LoginAttack}
	for i := 0; b.Loop(); i++ {
		if _, err := book.Assign(some, class[i%2], ByAnalyst, noon); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkClass(b *testing.B) {
	book := NewBook(Set{})
	must[Step](b)(book.Assign(refs(1, 1, 100_000), LoginAttack, ByAnalyst, noon))
	s := book.Set()
	b.ReportAllocs()
	for i := uint64(0); b.Loop(); i++ {
		s.Class(Ref{1, i * 7919 % 200_000})
	}
}
