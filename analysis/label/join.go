package label

import (
	"cmp"
	"fmt"
	"slices"
)

// Joined is what a Join brought.
type Joined struct {
	// Verdicts, Notes, Decisions and Usual count what was not known here.
	Verdicts, Notes, Decisions, Usual int
	Classes                           []string // that joined the list
	Conflicts                         []Conflict
}

// Empty reports whether nothing was new.
func (j Joined) Empty() bool {
	return j.Verdicts+j.Notes+j.Decisions+j.Usual+len(j.Classes)+len(j.Conflicts) == 0
}

// Conflict is a connection to which two analysts gave different classes, or an incident
// of which they decided differently, neither of whom knew of the other. The later
// holds; the other is part of the history.
type Conflict struct {
	Ref          Ref             // of a connection
	Ours, Theirs Given[Verdict]  // what held on either side
	Incident     string          // empty for a connection
	OurDecision  Given[Decision] // of an incident
	Their        Given[Decision]
	// TheirsHolds is that theirs is the later.
	TheirsHolds bool
}

// Text returns who differed, and what holds: "connection 17@1: normal (key, Bob) replaces
// login_attack (key, Ann)".
func (c Conflict) Text() string {
	what, ours, theirs := "connection "+c.Ref.String(true), byWhom(c.Ours.What.Class, c.Ours.What.By()), byWhom(c.Theirs.What.Class, c.Theirs.What.By())
	if c.Incident != "" {
		what = "incident " + c.Incident
		ours, theirs = byWhom(c.OurDecision.What.Text(), c.OurDecision.What.Analyst), byWhom(c.Their.What.Text(), c.Their.What.Analyst)
	}
	if c.TheirsHolds {
		return what + ": " + theirs + " replaces " + ours
	}
	return what + ": " + ours + " stays, " + theirs + " is older"
}

// byWhom is what somebody gave, and who.
func byWhom(what, by string) string {
	return cmp.Or(what, "no label") + " (" + cmp.Or(by, Nobody) + ")"
}

// Join takes over all that somebody else's case of the same log holds, histories
// included, in one step: both histories become one, in which the later holds. So it does
// not matter who joins whom, in which order, or how often. From is who hands the case
// over, and is kept with what was not known here.
//
// What is usual on either side is so afterwards. Classes keep the order of ours.
func (b *Book) Join(theirs Set, from string) (Step, Joined, error) {
	var joined Joined
	if err := CheckAnalyst(from); err != nil {
		return Step{}, joined, fmt.Errorf("join cases: %w", err)
	}
	ours, other := b.current, theirs.get()
	classes := ours.classes
	for _, c := range other.classes {
		var err error
		if classes, _, err = admitClass(classes, c); err != nil {
			return Step{}, joined, fmt.Errorf("join cases: %w", err)
		}
	}
	joined.Classes = slices.Clone(classes[len(ours.classes):])

	s := step{op: OpJoin}
	var share sharing
	verdictsFrom, notesFrom := bringing(&share.verdicts, from), bringing(&share.notes, from)
	for e := range other.slots() {
		mine := ours.lookup(e.ref)
		verdicts := verdictsFrom(share.spelled(e.verdicts, classes))
		after := value{share.verdicts.join(mine.verdicts, verdicts), share.notes.join(mine.notes, notesFrom(e.notes))}
		if mine.equal(after) {
			continue
		}
		joined.Verdicts += added(mine.verdicts, after.verdicts)
		joined.Notes += added(mine.notes, after.notes)
		if concurrent(mine.verdicts, verdicts) && mine.class() != verdicts.What.Class {
			joined.Conflicts = append(joined.Conflicts, Conflict{Ref: e.ref, Ours: mine.verdicts.Given, Theirs: verdicts.Given,
				TheirsHolds: compareGiven(verdicts.Given, mine.verdicts.Given) > 0})
		}
		s.changes = append(s.changes, change{e.ref, mine, after})
	}
	var decisions interner[Decision]
	decisionsFrom := bringing(&decisions, from)
	for _, d := range other.decided {
		mine, their := ours.decision(d.incident), decisionsFrom(d.chain)
		after := decisions.join(mine, their)
		if mine.equal(after) {
			continue
		}
		joined.Decisions += added(mine, after)
		if concurrent(mine, their) && mine.What.Outcome != their.What.Outcome {
			joined.Conflicts = append(joined.Conflicts, Conflict{Incident: d.incident, OurDecision: mine.Given, Their: their.Given,
				TheirsHolds: compareGiven(their.Given, mine.Given) > 0})
		}
		s.decided = append(s.decided, verdictOn{d.incident, mine, after})
	}
	for _, u := range other.usual {
		if _, found := slices.BinarySearchFunc(ours.usual, u, compareUsual); !found {
			u.From = from
			s.usual = append(s.usual, u)
		}
	}
	joined.Usual = len(s.usual)
	if n := len(ours.usual) + joined.Usual; n > MaxUsual {
		return Step{}, Joined{}, fmt.Errorf("join cases: %d things would be normal, the limit is %d", n, MaxUsual)
	}
	return b.commit(s, classes), joined, nil
}

// bringing returns a function that returns a history with from as the origin of all
// of it.
func bringing[T given[T]](in *interner[T], from string) func(*chain[T]) *chain[T] {
	known := map[*chain[T]]*chain[T]{}
	return func(c *chain[T]) *chain[T] {
		if b, ok := known[c]; ok {
			return b
		}
		b := in.edited(c, func(g Given[T]) Given[T] { g.From = from; return g })
		known[c] = b
		return b
	}
}

// added counts what a history has that it had not.
func added[T given[T]](before, after *chain[T]) (n int) {
	for ; after != nil; after = after.before {
		if !before.has(after.Given) {
			n++
		}
	}
	return n
}

// concurrent reports whether neither side has known what holds on the other.
func concurrent[T given[T]](ours, theirs *chain[T]) bool {
	return ours != nil && theirs != nil && !ours.has(theirs.Given) && !theirs.has(ours.Given)
}
