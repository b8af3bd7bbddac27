package label

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	nightly  = Usual{User: "etl", Host: "10.0.0.5", Digest: strings.Repeat("ab", 32)}
	account  = Usual{User: "etl", Host: "10.0.0.5"}
	wholeHub = Usual{Host: "10.0.0.9"}
)

// said returns what a set takes for usual, without analyst and time.
func said(s Set) (list []Usual) {
	for _, u := range s.Usual() {
		u.Analyst, u.At = "", time.Time{}
		list = append(list, u)
	}
	return list
}

func TestUsualCanBeUndone(t *testing.T) {
	b := NewBook(Set{})
	if err := b.SetAnalyst("Ann Bo"); err != nil {
		t.Fatal(err)
	}
	step := must[Step](t)(b.Declare([]Usual{nightly}, noon))
	if u := step.Usual; step.Op != OpUsual || len(u) != 1 || !u[0].Same(nightly) || u[0].Analyst != "Ann Bo" || !u[0].At.Equal(noon) {
		t.Errorf("step %+v", step)
	}
	one := b.Set()
	if again := must[Step](t)(b.Declare([]Usual{nightly}, noon.Add(time.Hour))); len(again.Usual) > 0 || b.Set() != one {
		t.Errorf("said twice: %+v", again)
	}
	must[Step](t)(b.Declare([]Usual{wholeHub}, noon))
	must[Step](t)(b.Assign(refs(1, 1, 3), Attack, ByKey, noon))
	if got := said(b.Set()); !slices.Equal(got, []Usual{nightly, wholeHub}) {
		t.Errorf("%+v", got)
	}
	all := b.Set()
	if step := b.Revoke(nightly); step.Op != OpUnusual || len(step.Usual) != 1 || !step.Usual[0].Same(nightly) || !slices.Equal(said(b.Set()), []Usual{wholeHub}) {
		t.Errorf("revoked %+v: %+v", step, said(b.Set()))
	}
	b.Undo()
	if !b.Set().Equal(all) {
		t.Error("undone is not what was before")
	}
	b.Undo()
	b.Undo()
	if b.Set().Equal(all) || !b.Set().Equal(one) {
		t.Errorf("undone: %+v", said(b.Set()))
	}
	b.Redo()
	b.Redo()
	if !b.Set().Equal(all) || !slices.Equal(said(one), []Usual{nightly}) {
		t.Errorf("done again: %+v, a set of before: %+v", said(b.Set()), said(one))
	}
}

// TestSeveralAreUsual in one step, each once, and what is so already is no part of it.
func TestSeveralAreUsual(t *testing.T) {
	b := NewBook(Set{})
	must[Step](t)(b.Declare([]Usual{account}, noon))
	step := must[Step](t)(b.Declare([]Usual{wholeHub, nightly, account, wholeHub}, noon))
	if len(step.Usual) != 2 || !step.Usual[0].Same(nightly) || !step.Usual[1].Same(wholeHub) || len(b.Set().Usual()) != 3 {
		t.Errorf("step %+v: %+v", step, said(b.Set()))
	}
	b.Undo()
	if got := said(b.Set()); !slices.Equal(got, []Usual{account}) {
		t.Errorf("undone: %+v", got)
	}
	many := make([]Usual, MaxUsual)
	for k := range many {
		many[k] = Usual{Host: fmt.Sprint("10.0.0.", k)}
	}
	if step, err := b.Declare(many, noon); err == nil {
		t.Errorf("one too many: %+v", step)
	}
}

func TestUsualThatCannotBe(t *testing.T) {
	for _, u := range []Usual{{}, {User: "etl"}, {Host: "h", Digest: "ab"}, {User: strings.Repeat("x", 2000), Host: "h"}} {
		if step, err := NewBook(Set{}).Declare([]Usual{nightly, u}, noon); err == nil {
			t.Errorf("%+v: %+v", u, step)
		}
	}
	for _, name := range []string{" Ann", "A\nB", "\xff", strings.Repeat("x", 65)} {
		if NewBook(Set{}).SetAnalyst(name) == nil {
			t.Errorf("the analyst may be called %q", name)
		}
	}
}

// What two programs declare is joined, and what one reverts is gone.
func TestMergeUsual(t *testing.T) {
	declare := func(s Set, list ...Usual) *Book {
		b := NewBook(s)
		must[Step](t)(b.Declare(list, noon))
		return b
	}
	base := declare(Set{}, nightly).Set()
	ours, theirs := declare(base, account), declare(base, wholeHub)
	theirs.Revoke(nightly)
	merged, _ := Merge(base, ours.Set(), theirs.Set())
	if got := said(merged); !slices.Equal(got, []Usual{account, wholeHub}) {
		t.Errorf("merged %+v", got)
	}
	if again, _ := Merge(theirs.Set(), merged, theirs.Set()); again != merged {
		t.Error("nothing new, and another set")
	}
	ours.Absorb(base, theirs.Set())
	ours.Undo()
	if got := said(ours.Set()); !slices.Equal(got, []Usual{wholeHub}) {
		t.Errorf("undone after theirs was taken over: %+v", got)
	}
}

// By whom a label was given is in a labels file and is read back.
func TestAnalystIsKept(t *testing.T) {
	b := NewBook(Set{})
	must[Step](t)(b.Assign(refs(1, 1, 1), Attack, ByIncident, noon))
	if err := b.SetAnalyst("Ann"); err != nil {
		t.Fatal(err)
	}
	must[Step](t)(b.Assign(refs(1, 2, 2), Attack, ByRange, noon))
	if step := must[Step](t)(b.Assign(refs(1, 1, 2), Attack, ByRange, noon)); step.Connections != 1 {
		t.Errorf("%d connections have another source, want 1", step.Connections)
	}
	f, err := Read(strings.NewReader(file(t, b.Set(), func(uint64) bool { return false })))
	if err != nil {
		t.Fatal(err)
	}
	records, _ := f.Resolve(func(uint64) []uint32 { return []uint32{1} })
	again, err := NewSet(nil, records)
	if err != nil || !slices.Equal(slices.Collect(again.All()), slices.Collect(b.Set().All())) {
		t.Errorf("read back: %+v, %v", slices.Collect(again.All()), err)
	}
	if v, _ := again.Verdict(Ref{1, 2}); v.By() != "range, Ann" {
		t.Errorf("by %q", v.By())
	}
}
