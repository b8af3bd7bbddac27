package label

import "slices"

// Merge joins two states that both grew out of base, connection by connection,
// verdict and note each on its own:
//
//   - what only one side changed is taken from that side, removals too, also of what
//     is usual;
//   - where both sides changed it differently, what was given beats what was
//     taken away, and of two that were given the later At wins, ours on a tie.
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
	classes := o.classes
	add := func(class string) string {
		if i := indexClass(classes, class); i >= 0 {
			return classes[i]
		}
		classes = append(classes[:len(classes):len(classes)], class)
		return class
	}
	for _, c := range t.classes {
		// A class that base has and ours lacks was taken away here.
		if indexClass(b.classes, c) < 0 {
			add(c)
		}
	}

	var share interner
	var changes []change
	for _, d := range difference(b, t) {
		mine := o.lookup(d.ref)
		verdict, clash := pick(d.before.verdict, mine.verdict, d.after.verdict, func(a, b *Verdict) bool { return b.At.After(a.At) })
		note, noteClash := pick(d.before.note, mine.note, d.after.note, func(a, b *Note) bool { return b.At.After(a.At) })
		if clash || noteClash {
			conflicts = append(conflicts, d.ref)
		}
		if verdict != nil {
			verdict = share.spelled(verdict, add(verdict.Class))
		}
		if after := (value{verdict, note}); !mine.equal(after) {
			changes = append(changes, change{d.ref, mine, after})
		}
	}
	if usual := mergeUsual(b.usual, o.usual, t.usual); !slices.Equal(usual, o.usual) {
		o = o.withUsual(usual)
		if len(classes) == len(o.classes) && len(changes) == 0 {
			return Set{o}, conflicts
		}
	}
	if len(classes) > len(o.classes) {
		o = o.withClasses(classes)
	} else if len(changes) == 0 {
		return ours, conflicts
	}
	return Set{o.apply(changes)}, conflicts
}

// pick decides about one verdict or note; later(a, b) says that b was given
// after a.
func pick[T comparable](base, ours, theirs *T, later func(a, b *T) bool) (chosen *T, conflict bool) {
	switch {
	case same(ours, theirs), same(base, theirs):
		return ours, false
	case same(base, ours):
		return theirs, false
	case ours == nil:
		return theirs, true
	case theirs == nil || !later(ours, theirs):
		return ours, true
	}
	return theirs, true
}
