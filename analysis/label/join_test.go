package label

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// analyst is a book of somebody, with a clock that may be wrong.
type analyst struct {
	name string
	book *Book
	late time.Duration
}

func newAnalyst(t testing.TB, name string, late time.Duration) *analyst {
	t.Helper()
	a := &analyst{name, NewBook(Set{}), late}
	if err := a.book.SetAnalyst(name); err != nil {
		t.Fatal(err)
	}
	return a
}

// work does something at random.
func (a *analyst) work(t testing.TB, rng *rand.Rand, now time.Time) {
	t.Helper()
	now = now.Add(a.late)
	var some []Ref
	for range 1 + rng.IntN(4) {
		some = append(some, Ref{1, uint64(rng.IntN(12))})
	}
	incident := fmt.Sprintf("%08x", rng.IntN(3))
	switch rng.IntN(9) {
	case 0, 1, 2:
		must[Step](t)(a.book.Assign(some, append(StandardClasses(), "exfil", "Exfil")[rng.IntN(6)], ByKey, now))
	case 3:
		must[Step](t)(a.book.Clear(some, ByKey, now))
	case 4:
		must[Step](t)(a.book.Annotate(some[0], []string{"", "why?", "ask Bob"}[rng.IntN(3)], now))
	case 5:
		must[Step](t)(a.book.Decide(incident, nil, Outcome(rng.IntN(3)), []string{"", "a backup"}[rng.IntN(2)], now))
	case 6: // a labels file, whose rows have no time
		must[Step](t)(a.book.Import([]Record{{Ref: some[0], Verdict: Verdict{Class: LoginAttack, Source: ByFile}, Note: Note{Text: "of a file"}}}))
	case 7:
		must[Step](t)(a.book.Declare([]Usual{{User: "etl", Host: fmt.Sprint("10.0.0.", rng.IntN(3))}}, now))
	case 8:
		a.book.Undo()
	}
}

// join is what one gets who joins others' cases to theirs, one after the other.
func join(t testing.TB, ours *analyst, theirs ...*analyst) *analyst {
	t.Helper()
	b := NewBook(ours.book.Set())
	for _, o := range theirs {
		if _, _, err := b.Join(o.book.Set(), o.name); err != nil {
			t.Fatal(err)
		}
	}
	invariants(t, b.Set())
	return &analyst{ours.name, b, 0}
}

// inAll is what a case holds without its owner: no spelling of a class, and not who brought
// what.
func inAll(s Set) (out []string) {
	for h := range s.Histories() {
		for k, g := range h.Verdicts {
			g.What.Class = strings.ToLower(g.What.Class)
			out = append(out, fmt.Sprint(h.Ref, k, g.What, g.Since))
		}
		for k, g := range h.Notes {
			out = append(out, fmt.Sprint(h.Ref, k, g.What, g.Since))
		}
	}
	for _, d := range s.Decisions() {
		for k, g := range d.Given {
			out = append(out, fmt.Sprint(d.Incident, k, g.What, g.Since))
		}
	}
	for _, u := range s.Usual() {
		out = append(out, u.User+"@"+u.Host)
	}
	return out
}

// Three analysts work at random, with clocks that differ, and hand their cases about:
// it does not matter who joins whom, in which order, or how often, and nothing is lost.
func TestJoinIsAUnionOfHistories(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 7))
		all := []*analyst{newAnalyst(t, "Ann", 0), newAnalyst(t, "Bob", time.Hour), newAnalyst(t, "Carl", -time.Minute)}
		now := noon
		for range 60 {
			now = now.Add(time.Duration(rng.IntN(3)) * time.Second) // also two things of one moment
			a := all[rng.IntN(3)]
			if rng.IntN(8) == 0 {
				a.book = join(t, a, all[rng.IntN(3)]).book
				if err := a.book.SetAnalyst(a.name); err != nil {
					t.Fatal(err)
				}
			}
			a.work(t, rng, now)
		}
		a, b, c := all[0], all[1], all[2]
		ab, ba := inAll(join(t, a, b).book.Set()), inAll(join(t, b, a).book.Set())
		if !slices.Equal(ab, ba) {
			t.Fatalf("seed %d: Ann and Bob differ:\n%q\n%q", seed, ab, ba)
		}
		if got := join(t, a, a).book.Set(); got != a.book.Set() {
			t.Fatalf("seed %d: one's own case changes something", seed)
		}
		once, twice := join(t, a, b), join(t, a, b, b)
		if !once.book.Set().Equal(twice.book.Set()) {
			t.Fatalf("seed %d: the second time changes something", seed)
		}
		everything := join(t, join(t, a, b), c).book.Set()
		left, right := inAll(everything), inAll(join(t, a, join(t, b, c)).book.Set())
		if !slices.Equal(left, right) {
			t.Fatalf("seed %d: the order matters:\n%q\n%q", seed, left, right)
		}
		for _, of := range []*analyst{a, b, c} {
			for h := range of.book.Set().Histories() {
				for _, g := range h.Verdicts {
					if !slices.ContainsFunc(everything.History(h.Ref).Verdicts, func(o Given[Verdict]) bool { return o.Since.Equal(g.Since) && o.What.Analyst == g.What.Analyst }) {
						t.Fatalf("seed %d: %v lost %+v", seed, h.Ref, g)
					}
				}
			}
		}
		// It is a step like others.
		book := NewBook(a.book.Set())
		if _, _, err := book.Join(b.book.Set(), "Bob"); err != nil {
			t.Fatal(err)
		}
		if book.Undo(); !book.Set().Equal(a.book.Set()) {
			t.Fatalf("seed %d: undone, it is not what it was", seed)
		}
		if book.Redo(); !book.Set().Equal(once.book.Set()) {
			t.Fatalf("seed %d: done again, it is not the same", seed)
		}
	}
}

// What two analysts gave without knowing of each other is a conflict, which the later
// wins; what one gave knowing the other's is none.
func TestConflicts(t *testing.T) {
	ann, bob := newAnalyst(t, "Ann", 0), newAnalyst(t, "Bob", 0)
	must[Step](t)(ann.book.Assign(refs(1, 1, 3), LoginAttack, ByKey, noon))
	must[Step](t)(bob.book.Assign(refs(1, 1, 1), Normal, ByKey, noon.Add(time.Hour)))
	must[Step](t)(bob.book.Assign(refs(1, 2, 2), LoginAttack, ByKey, noon.Add(time.Hour)))
	must[Step](t)(bob.book.Assign(refs(1, 3, 3), Normal, ByKey, noon.Add(-time.Hour)))
	must[Step](t)(ann.book.Decide("0a", nil, Accepted, "", noon))
	must[Step](t)(bob.book.Decide("0a", nil, Dismissed, "a test", noon.Add(time.Hour)))

	step, joined, err := ann.book.Join(bob.book.Set(), "Bob")
	if err != nil {
		t.Fatal(err)
	}
	if step.Connections != 3 || step.Incidents != 1 || joined.Verdicts != 3 || joined.Decisions != 1 || len(joined.Conflicts) != 3 {
		t.Fatalf("step %+v, joined %+v", step, joined)
	}
	for k, want := range []struct {
		ref    Ref
		theirs bool
	}{{Ref{1, 1}, true}, {Ref{1, 3}, false}, {Ref{}, true}} {
		if c := joined.Conflicts[k]; c.Ref != want.ref || c.TheirsHolds != want.theirs {
			t.Errorf("conflict %d: %+v", k, c)
		}
	}
	got := ann.book.Set()
	if got.Class(Ref{1, 1}) != Normal || got.Class(Ref{1, 3}) != LoginAttack {
		t.Errorf("holds %q and %q", got.Class(Ref{1, 1}), got.Class(Ref{1, 3}))
	}
	if d, ok := got.Decision("0a"); !ok || d.Outcome != Dismissed || d.Analyst != "Bob" {
		t.Errorf("decision %+v", d)
	}
	if h := got.History(Ref{1, 1}).Verdicts; len(h) != 2 || h[0].From != "Bob" || h[1].From != "" || h[1].What.Analyst != "Ann" {
		t.Errorf("history %+v", h)
	}

	// Bob takes Ann's over and thinks again; for Ann that is no conflict.
	if _, _, err := bob.book.Join(got, "Ann"); err != nil {
		t.Fatal(err)
	}
	must[Step](t)(bob.book.Assign(refs(1, 1, 1), GetUserTable, ByKey, noon.Add(2*time.Hour)))
	if _, joined, err = ann.book.Join(bob.book.Set(), "Bob"); err != nil || len(joined.Conflicts) > 0 || joined.Verdicts != 1 {
		t.Errorf("joined %+v, %v", joined, err)
	}
}

// What replaces something is behind it, whatever the clock shows; nothing is so late that
// nothing can follow.
func TestReplacingIsLater(t *testing.T) {
	ref := Ref{1, 1}
	end := time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
	b := NewBook(Set{})
	must[Step](t)(b.Import([]Record{{Ref: ref, Verdict: Verdict{Class: Attack, Source: ByFile, At: end}}}))
	must[Step](t)(b.Assign([]Ref{ref}, Normal, ByKey, noon))
	must[Step](t)(b.Clear([]Ref{ref}, ByKey, noon))
	invariants(t, b.Set())
	h := b.Set().History(ref).Verdicts
	if len(h) != 3 || h[0].What.Class != "" || h[0].What.At != noon || !h[0].Since.After(h[1].Since) || h[0].Since.Year() != 9999 {
		t.Errorf("history %+v", h)
	}
	if b.Set().Labelled() != 0 || len(slices.Collect(b.Set().All())) != 0 {
		t.Error("a label that was taken away is shown")
	}
}

func TestDecisions(t *testing.T) {
	b := newAnalyst(t, "Ann", 0).book
	for _, bad := range []string{"", "xyz", "../../a"} {
		if _, err := b.Decide(bad, nil, Accepted, "", noon); err == nil {
			t.Errorf("%q is an incident", bad)
		}
	}
	must[Step](t)(b.Decide("0a1b2c3d", nil, Accepted, " the\nransom ", noon))
	if d, ok := b.Set().Decision("0a1b2c3d"); !ok || d != (Decision{Accepted, "the ransom", noon, "Ann"}) || b.Set().Decided() != 1 {
		t.Errorf("decided %+v", d)
	}
	must[Step](t)(b.Decide("0a1b2c3d", nil, Open, "", noon.Add(time.Hour)))
	if _, ok := b.Set().Decision("0a1b2c3d"); ok || b.Set().Decided() != 0 || len(b.Set().Decisions()[0].Given) != 2 {
		t.Errorf("taken back: %+v", b.Set().Decisions())
	}
	again, err := Set{}.WithDecisions(b.Set().Decisions())
	if err != nil || !again.Equal(b.Set()) {
		t.Errorf("restored: %+v, %v", again.Decisions(), err)
	}
	b.Undo()
	b.Undo()
	if !b.Set().Equal(Set{}) {
		t.Errorf("undone: %+v", b.Set().Decisions())
	}
}

// TestDecisionsOnFormerNames: what was decided of an incident that has another name by
// now is replaced and taken back where it was decided, in one step.
func TestDecisionsOnFormerNames(t *testing.T) {
	b := newAnalyst(t, "Ann", 0).book
	now, formerly := "0c", []string{"0b", "0a"}
	holds := func(when string, want Outcome) {
		t.Helper()
		if d, ok := b.Set().DecisionOn(now, formerly); ok != (want != Open) || d.Outcome != want {
			t.Errorf("%s: %v, want %v", when, d.Text(), want)
		}
	}
	must[Step](t)(b.Decide("0a", nil, Accepted, "", noon))
	holds("under an old name", Accepted)
	must[Step](t)(b.Decide(now, formerly, Dismissed, "a backup", noon))
	holds("replaced", Dismissed)
	if n := len(b.Set().Decisions()); n != 1 {
		t.Errorf("decided under %d names", n)
	}
	must[Step](t)(b.Decide("0b", nil, Accepted, "", noon))
	holds("under two names", Accepted)
	if s := must[Step](t)(b.Decide(now, formerly, Open, "", noon)); s.Incidents != 2 {
		t.Errorf("taken back: %+v", s)
	}
	holds("taken back", Open)
	if s := must[Step](t)(b.Decide(now, formerly, Open, "", noon)); s.Incidents != 0 {
		t.Errorf("taken back again: %+v", s)
	}
	b.Undo()
	holds("undone", Accepted)
}
