package label

import "slices"

// Merge joins two states that both grew out of base, connection by connection,
// verdict and note each on its own:
//
//   - what only one side changed is taken from that side, removals too, also of what
//     is usual;
//   - where both sides changed it differently, both histories become one, in which the
//     later holds.
//
// The connections of the second kind are returned as conflicts, ascending.
// Classes keep the order of ours, so that no digit key changes its meaning, and
// theirs that are new follow.
//
// The result is ours itself (==) where theirs adds nothing. The cost grows with
// what theirs changed, and with the size of theirs only where it shares no
// history with base in this process.
func Merge(base, ours, theirs Set) (merged Set, conflicts []Ref) {
	b, o, t := base.get(), ours.get(), theirs.get()
	if base == theirs {
		return ours, nil
	}
	was, classes := o, o.classes
	add := func(class string) {
		if indexClass(classes, class) < 0 {
			classes = append(classes[:len(classes):len(classes)], class)
		}
	}
	for _, c := range t.classes {
		// A class that base has and ours lacks was taken away here.
		if indexClass(b.classes, c) < 0 {
			add(c)
		}
	}

	var share sharing
	var changes []change
	for _, d := range difference(b, t) {
		mine := o.lookup(d.ref)
		verdicts, clash := pick(&share.verdicts, d.before.verdicts, mine.verdicts, d.after.verdicts)
		notes, noteClash := pick(&share.notes, d.before.notes, mine.notes, d.after.notes)
		if clash || noteClash {
			conflicts = append(conflicts, d.ref)
		}
		if class := verdicts.holds().Class; class != "" {
			add(class)
		}
		if after := (value{share.spelled(verdicts, classes), notes}); !mine.equal(after) {
			changes = append(changes, change{d.ref, mine, after})
		}
	}
	if usual := mergeUsual(b.usual, o.usual, t.usual); !slices.Equal(usual, o.usual) {
		o = o.withUsual(usual)
	}
	o = mergeDecided(b, o, t)
	if len(classes) > len(o.classes) {
		o = o.withClasses(classes)
	}
	if o = o.apply(changes); o == was {
		return ours, conflicts
	}
	return Set{o}, conflicts
}

// pick decides between two histories that grew out of base.
func pick[T given[T]](share *interner[T], base, ours, theirs *chain[T]) (picked *chain[T], conflict bool) {
	switch {
	case ours.equal(theirs), base.equal(theirs):
		return ours, false
	case base.equal(ours):
		return theirs, false
	}
	return share.join(ours, theirs), true
}
