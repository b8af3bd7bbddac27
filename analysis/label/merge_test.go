package label

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func setOf(t testing.TB, records ...Record) Set {
	t.Helper()
	return must[Set](t)(NewSet(nil, records))
}

func TestMergeOneConnection(t *testing.T) {
	ref := Ref{1, 17}
	verdict := func(class string, minute int) Record {
		return Record{Ref: ref, Verdict: Verdict{class, ByAnalyst, noon.Add(time.Duration(minute) * time.Minute), ""}}
	}
	note := func(text string, minute int) Record {
		return Record{Ref: ref, Note: Note{Text: text, At: noon.Add(time.Duration(minute) * time.Minute)}}
	}
	both := func(a, b Record) Record { a.Note = b.Note; return a }
	none := Record{Ref: ref}
	for _, c := range []struct {
		name                     string
		base, ours, theirs, want Record
		conflict                 bool
	}{
		{"nothing", none, none, none, none, false},
		{"ours new", none, verdict("login_attack", 1), none, verdict("login_attack", 1), false},
		{"theirs new", none, none, verdict("login_attack", 1), verdict("login_attack", 1), false},
		{"both new and equal", none, verdict("login_attack", 1), verdict("login_attack", 1), verdict("login_attack", 1), false},
		{"both new, theirs later", none, verdict("login_attack", 1), verdict("normal", 2), verdict("normal", 2), true},
		{"both new, ours later", none, verdict("login_attack", 3), verdict("normal", 2), verdict("login_attack", 3), true},
		{"both new, a tie", none, verdict("login_attack", 2), verdict("normal", 2), verdict("login_attack", 2), true},
		{"ours removed", verdict("normal", 1), none, verdict("normal", 1), none, false},
		{"theirs removed", verdict("normal", 1), verdict("normal", 1), none, none, false},
		{"both removed", verdict("normal", 1), none, none, none, false},
		{"ours removed, theirs changed", verdict("normal", 1), none, verdict("login_attack", 2), verdict("login_attack", 2), true},
		{"ours changed, theirs removed", verdict("normal", 1), verdict("login_attack", 2), none, verdict("login_attack", 2), true},
		{"ours undone to an older one", verdict("normal", 5), verdict("login_attack", 1), verdict("normal", 5), verdict("login_attack", 1), false},
		{"verdict here, note there", none, verdict("normal", 1), note("x", 1), both(verdict("normal", 1), note("x", 1)), false},
		{"notes both, theirs later", note("a", 1), note("b", 2), note("c", 3), note("c", 3), true},
		{"note removed, verdict given", both(verdict("normal", 1), note("a", 1)), verdict("normal", 1), both(verdict("login_attack", 2), note("a", 1)), verdict("login_attack", 2), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			make := func(r Record) Set {
				other := Record{Ref: Ref{2, 1}, Note: Note{Text: "stays"}}
				if r == none {
					return setOf(t, other)
				}
				return setOf(t, r, other)
			}
			base, ours, theirs := make(c.base), make(c.ours), make(c.theirs)
			got, conflicts := Merge(base, ours, theirs)
			if want := slices.Collect(make(c.want).All()); !slices.Equal(slices.Collect(got.All()), want) {
				t.Errorf("got %+v, want %+v", slices.Collect(got.All()), want)
			}
			for _, side := range []Set{ours, theirs} {
				for _, g := range side.History(ref).Verdicts {
					if c.conflict && !slices.Contains(got.History(ref).Verdicts, g) {
						t.Errorf("lost %+v", g)
					}
				}
			}
			if (len(conflicts) > 0) != c.conflict {
				t.Errorf("conflicts %v", conflicts)
			}
			if got.Equal(ours) && got != ours {
				t.Error("nothing came from theirs, but the result is another Set")
			}
			invariants(t, got)
		})
	}
}

func TestMergeClasses(t *testing.T) {
	list := func(names ...string) Set { return must[Set](t)(NewSet(append(StandardClasses(), names...), nil)) }
	for _, c := range []struct {
		name                     string
		base, ours, theirs, want Set
	}{
		{"both add", list(), list("exfil"), list("recon"), list("exfil", "recon")},
		{"the same in another case", list(), list("exfil"), list("Exfil"), list("exfil")},
		{"ours took it away", list("exfil"), list(), list("exfil"), list()},
		{"theirs took it away, ours keeps its keys", list("exfil", "recon"), list("exfil", "recon"), list("recon"), list("exfil", "recon")},
	} {
		got, _ := Merge(c.base, c.ours, c.theirs)
		if !got.Equal(c.want) {
			t.Errorf("%s: %q, want %q", c.name, got.Classes(), c.want.Classes())
		}
	}

	// A class that ours took away comes back where theirs uses it.
	r := Record{Ref: Ref{1, 1}, Verdict: Verdict{"exfil", ByAnalyst, noon, ""}}
	got, _ := Merge(list("exfil"), list(), must[Set](t)(NewSet(list("exfil").Classes(), []Record{r})))
	if got.Class(r.Ref) != "exfil" || got.Count("exfil") != 1 {
		t.Errorf("classes %q", got.Classes())
	}
	// A verdict takes the spelling of ours.
	r.Verdict.Class = "EXFIL"
	got, _ = Merge(Set{}, list("exfil"), setOf(t, r))
	if got.Class(r.Ref) != "exfil" {
		t.Errorf("class %q", got.Class(r.Ref))
	}
	invariants(t, got)
}

// Two books work on the same case and exchange their states at random moments:
// in the end both hold the same, and no verdict that one gave and nobody touched
// elsewhere is lost.
func TestTwoBooksConverge(t *testing.T) {
	for seed := range uint64(8) {
		rng := rand.New(rand.NewPCG(seed, 1))
		type program struct {
			book *Book
			seen Set
		}
		var disk Set
		programs := []*program{{book: NewBook(Set{})}, {book: NewBook(Set{})}}
		save := func(p *program) {
			sent := p.book.Set()
			disk, _ = Merge(p.seen, sent, disk)
			p.book.Absorb(sent, disk)
			p.seen = disk
			invariants(t, disk)
		}
		at := noon
		given := map[Ref]string{} // the last class given to each, by whomever
		for range 80 {
			p := programs[rng.IntN(2)]
			if rng.IntN(3) == 0 {
				save(p)
				continue
			}
			at = at.Add(time.Second)
			ref := Ref{1, uint64(rng.IntN(900))}
			class := StandardClasses()[rng.IntN(3)]
			if step := must[Step](t)(p.book.Assign([]Ref{ref}, class, ByAnalyst, at)); step.Connections > 0 {
				given[ref] = class
			}
		}
		for range 2 {
			save(programs[0])
			save(programs[1])
		}
		a, b := programs[0].book.Set(), programs[1].book.Set()
		if !a.Equal(b) || !a.Equal(disk) {
			t.Fatalf("seed %d: the books differ", seed)
		}
		for ref, class := range given {
			if a.Class(ref) != class {
				t.Fatalf("seed %d: %v is %q, was last called %q", seed, ref, a.Class(ref), class)
			}
		}
	}
}

func TestUndoLeavesWhatOthersDid(t *testing.T) {
	b := NewBook(Set{})
	two := refs(1, 1, 2)
	must[Step](t)(b.Assign(two, LoginAttack, ByAnalyst, noon))
	sent := b.Set()
	other := NewBook(sent)
	must[Step](t)(other.Assign(two[:1], GetUserTable, ByAnalyst, noon.Add(time.Hour)))
	must[Step](t)(other.Assign(refs(1, 3, 3), "exfil", ByAnalyst, noon.Add(time.Hour)))
	b.Absorb(sent, other.Set())
	if !b.Set().Equal(other.Set()) {
		t.Fatal("did not absorb")
	}
	step, ok := b.Undo()
	if !ok || step.Connections != 1 || step.First != two[1] {
		t.Errorf("undid %+v", step)
	}
	if got := b.Set(); got.Class(two[0]) != GetUserTable || got.Class(Ref{1, 3}) != "exfil" {
		t.Error("undo took back what another program did")
	}
	if step, ok := b.Redo(); !ok || step.Connections != 1 || !b.Set().Equal(other.Set()) {
		t.Errorf("redid %+v", step)
	}
}

// Redo must survive that another program brought the class that it would add,
// in another spelling.
func TestRedoAfterForeignSpelling(t *testing.T) {
	b := NewBook(Set{})
	must[Step](t)(b.AddClass("Exfil"))
	must[Step](t)(b.Assign(refs(1, 1, 1), "Exfil", ByAnalyst, noon))
	b.Undo()
	b.Undo()
	b.Absorb(b.Set(), setOf(t, Record{Ref: Ref{1, 9}, Verdict: Verdict{"exfil", ByAnalyst, noon, ""}}))
	for _, ok := b.Redo(); ok; _, ok = b.Redo() {
		invariants(t, b.Set())
	}
	if got := b.Set().Classes(); !slices.Equal(got, append(StandardClasses(), "exfil")) {
		t.Errorf("classes %q", got)
	}
}

func TestNewSetErrors(t *testing.T) {
	good := Record{Ref: Ref{1, 1}, Verdict: Verdict{Normal, ByFile, time.Time{}, ""}}
	bad := good
	bad.Ref.Epoch = 0
	noSource := good
	noSource.Verdict.Source = 0
	for name, records := range map[string][]Record{
		"twice":     {good, good},
		"no epoch":  {bad},
		"no source": {noSource},
		"nothing":   {{Ref: Ref{1, 1}}},
	} {
		if _, err := NewSet(nil, records); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := NewSet([]string{LoginAttack}, nil); err == nil {
		t.Error("a list that does not begin with normal: no error")
	}
	if _, err := NewSet([]string{Normal, "a,b"}, nil); err == nil {
		t.Error("a bad class name: no error")
	}
}
