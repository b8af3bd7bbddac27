package label

import (
	"fmt"
	"iter"
	"slices"
	"time"
)

// Given is a verdict, a note or a decision, with its place among all that were given
// about the same thing.
type Given[T any] struct {
	What T
	// Since orders what was given: the time at which it was, or just after what it
	// replaced where that bears no earlier time (a labels file names none, clocks
	// differ).
	Since time.Time
	// From is who handed over the case that brought it here, empty for what was given
	// here.
	From string
}

// History is all that was given about a connection, the newest first: that holds. A
// verdict without a class took one away, and a note without text a note.
type History struct {
	Ref      Ref
	Verdicts []Given[Verdict]
	Notes    []Given[Note]
}

// given is what histories are made of. Its time is zero where none is known; compare
// is a total order, which decides between two of one moment.
type given[T any] interface {
	comparable
	at() time.Time
	compare(T) int
}

// chain is a history: what holds, and before it what it replaced, strictly descending.
// A chain never changes, and what is before is shared by all connections that have the
// same past.
type chain[T given[T]] struct {
	Given[T]
	before *chain[T]
}

// equal reports whether both histories are the same.
func (c *chain[T]) equal(o *chain[T]) bool {
	for ; c != o; c, o = c.before, o.before {
		if c == nil || o == nil || c.Given != o.Given {
			return false
		}
	}
	return true
}

// holds returns what holds, the zero value where nothing was ever given.
func (c *chain[T]) holds() (what T) {
	if c != nil {
		what = c.What
	}
	return what
}

// all returns the history, the newest first, behind out.
func (c *chain[T]) all(out []Given[T]) []Given[T] {
	for ; c != nil; c = c.before {
		out = append(out, c.Given)
	}
	return out
}

// has reports whether something is part of the history, by whatever way it came.
func (c *chain[T]) has(g Given[T]) bool {
	for ; c != nil; c = c.before {
		if compareGiven(c.Given, g) == 0 {
			return true
		}
	}
	return false
}

// compareGiven orders by what was given when; who brought it is no part of it.
func compareGiven[T given[T]](a, b Given[T]) int {
	if c := a.Since.Compare(b.Since); c != 0 {
		return c
	}
	return a.What.compare(b.What)
}

// latest bounds Since, so that there is always room behind it for what comes next: a
// year that RFC 3339 can write.
var latest = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// inOrder is the Since of what has the time at and replaces nothing.
func inOrder(at time.Time) time.Time {
	if at.After(latest) {
		return latest
	}
	return at
}

// after returns what replaces a history, with its place behind all of it.
func (c *chain[T]) after(what T) Given[T] {
	g := Given[T]{What: what, Since: inOrder(what.at())}
	if c != nil && !g.Since.After(c.Since) {
		g.Since = c.Since.Add(time.Microsecond)
	}
	return g
}

// interner keeps one copy of equal histories: a labels file of a million rows has a
// handful of them.
type interner[T given[T]] struct {
	known  map[chain[T]]*chain[T]
	last   *chain[T] // that was asked for
	joined map[[2]*chain[T]]*chain[T]
}

// add returns a history with something more on top, which must belong there.
func (in *interner[T]) add(before *chain[T], g Given[T]) *chain[T] {
	c := chain[T]{g, before}
	if in.last != nil && *in.last == c {
		return in.last
	}
	if in.known == nil {
		in.known = map[chain[T]]*chain[T]{}
	}
	if in.last = in.known[c]; in.last == nil {
		kept := c // only this one is for the heap
		in.last = &kept
		in.known[c] = in.last
	}
	return in.last
}

// push returns a history with what was given now on top.
func (in *interner[T]) push(before *chain[T], what T) *chain[T] {
	return in.add(before, before.after(what))
}

// history makes one of all that was given, in any order, and sorts the list. Of what is
// there twice the first stays.
func (in *interner[T]) history(list []Given[T]) *chain[T] {
	slices.SortStableFunc(list, compareGiven)
	list = slices.CompactFunc(list, func(a, b Given[T]) bool { return compareGiven(a, b) == 0 })
	var c *chain[T]
	for _, g := range list {
		c = in.add(c, g)
	}
	return c
}

// join returns all that both histories hold. It is ours itself where theirs adds
// nothing.
func (in *interner[T]) join(ours, theirs *chain[T]) *chain[T] {
	pair := [2]*chain[T]{ours, theirs}
	joined, known := in.joined[pair]
	if known {
		return joined
	}
	if joined = in.history(theirs.all(ours.all(nil))); joined.equal(ours) {
		joined = ours
	}
	if in.joined == nil {
		in.joined = map[[2]*chain[T]]*chain[T]{}
	}
	in.joined[pair] = joined
	return joined
}

// edited returns a history with every part of it edited, itself where that changes
// nothing.
func (in *interner[T]) edited(c *chain[T], edit func(Given[T]) Given[T]) *chain[T] {
	list := c.all(nil)
	for k, g := range list {
		list[k] = edit(g)
	}
	if edited := in.history(list); !edited.equal(c) {
		return edited
	}
	return c
}

// Histories yields all that was ever given about each connection, by epoch and id. The
// slices are those of the next one once it is asked for.
func (s Set) Histories() iter.Seq[History] {
	return func(yield func(History) bool) {
		var h History
		for e := range s.get().slots() {
			h = History{e.ref, e.verdicts.all(h.Verdicts[:0]), e.notes.all(h.Notes[:0])}
			if !yield(h) {
				return
			}
		}
	}
}

// History returns all that was ever given about a connection.
func (s Set) History(ref Ref) History {
	v := s.lookup(ref)
	return History{ref, v.verdicts.all(nil), v.notes.all(nil)}
}

// checked puts parts of a history behind out as they are kept. Where one has no place of
// its own, it is its time.
func checked[T given[T]](out, list []Given[T], check func(T) (T, error)) ([]Given[T], error) {
	for _, g := range list {
		var err error
		if g.What, err = check(g.What); err != nil {
			return out, err
		}
		if g.Since.IsZero() {
			g.Since = inOrder(g.What.at())
		}
		if g.Since, err = checkTime(g.Since); err != nil {
			return out, err
		}
		if end := latest.AddDate(0, 6, 0); g.Since.After(end) {
			return out, fmt.Errorf("the place %s in the history leaves no room for what follows", g.Since.Format(timeFormat))
		}
		if err := CheckAnalyst(g.From); err != nil {
			return out, err
		}
		out = append(out, g)
	}
	return out, nil
}
