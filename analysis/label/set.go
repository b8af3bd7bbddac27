package label

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// Set is an immutable collection of verdicts and notes, decisions on incidents, and what
// all of these replaced, with the list of classes. The zero Set has no labels and the StandardClasses. A Set costs one
// word to hand on, may be read from any goroutine, and two Sets that are ==
// are the same state (the converse needs Equal).
type Set struct{ state *state }

// state keeps the connections in order, cut into blocks that successive states
// share: changing one label of 100,000 copies one block and the list of blocks,
// and walking in order needs no sorting.
type state struct {
	blocks  [][]slot // each non-empty, ascending within and across blocks
	classes []string
	counts  []int // verdicts per class, parallel to classes
	notes   int
	usual   []Usual   // ascending, each once
	decided []decided // ascending, each incident once
}

// blockSize is the largest block. At 32 bytes a slot, a single change copies at
// most 16 KiB.
const blockSize = 512

type slot struct {
	ref Ref
	value
}

// value is what a connection has, and had; connections with the same share the
// pointers.
type value struct {
	verdicts *chain[Verdict]
	notes    *chain[Note]
}

func (v value) empty() bool { return v.verdicts == nil && v.notes == nil }

func (v value) equal(o value) bool { return v.verdicts.equal(o.verdicts) && v.notes.equal(o.notes) }

// class is that of the verdict that holds, empty for none.
func (v value) class() string { return v.verdicts.holds().Class }

func (v value) noted() bool { return v.notes.holds().Text != "" }

// change is one connection's part of a step.
type change struct {
	ref           Ref
	before, after value
}

func (s Set) get() *state {
	if s.state != nil {
		return s.state
	}
	classes := StandardClasses()
	return &state{classes: classes, counts: make([]int, len(classes))}
}

// NewSet makes a Set of a class list and records in any order. The list must
// begin with Normal; where it lacks standard classes or classes that records
// use, they are appended. An invalid class, source, note or time, a Ref without
// epoch, an empty record, and two records of one connection are errors that name
// the connection.
func NewSet(classes []string, records []Record) (Set, error) {
	return Restore(classes, func(yield func(History) bool) {
		for _, r := range records {
			h := History{Ref: r.Ref}
			if r.Verdict.Class != "" {
				h.Verdicts = []Given[Verdict]{{What: r.Verdict, Since: inOrder(r.Verdict.At)}}
			}
			if r.Note.Text != "" {
				h.Notes = []Given[Note]{{What: r.Note, Since: inOrder(r.Note.At)}}
			}
			if !yield(h) {
				return
			}
		}
	})
}

// Restore makes a Set of a class list and histories in any order, as Histories yields
// them. Its errors are those of NewSet.
func Restore(classes []string, histories iter.Seq[History]) (Set, error) {
	if len(classes) > 0 && classes[0] != Normal {
		return Set{}, fmt.Errorf("make label set: the first class is %s, want %q", quote(classes[0]), Normal)
	}
	st := &state{}
	for _, c := range slices.Concat(classes, StandardClasses()) {
		if i := indexClass(st.classes, c); i >= 0 {
			continue
		}
		if err := CheckClass(c); err != nil {
			return Set{}, fmt.Errorf("make label set: %w", err)
		}
		st.classes = append(st.classes, c)
	}

	var changes []change
	var share sharing
	for h := range histories {
		v, err := share.value(h)
		if err == nil && v.empty() {
			err = errors.New("neither a class nor a note")
		}
		if err != nil {
			return Set{}, fmt.Errorf("make label set: connection %s: %w", h.Ref.String(true), err)
		}
		if class := v.class(); class != "" && indexClass(st.classes, class) < 0 {
			st.classes = append(st.classes, class)
		}
		v.verdicts = share.spelled(v.verdicts, st.classes)
		changes = append(changes, change{ref: h.Ref, after: v})
	}
	st.counts = make([]int, len(st.classes))
	sortChanges(changes)
	for i := 1; i < len(changes); i++ {
		if changes[i].ref == changes[i-1].ref {
			return Set{}, fmt.Errorf("make label set: connection %s stands there twice", changes[i].ref.String(true))
		}
	}
	return Set{st.apply(changes)}, nil
}

// sharing keeps one copy of what many connections have.
type sharing struct {
	verdicts interner[Verdict]
	notes    interner[Note]
	listed   History // a buffer
}

// value checks a history and gives what a slot keeps of it.
func (in *sharing) value(h History) (value, error) {
	var v value
	if h.Ref.Epoch == 0 {
		return v, errNoRun
	}
	var err error
	if in.listed.Verdicts, err = checked(in.listed.Verdicts[:0], h.Verdicts, Verdict.check); err != nil {
		return v, err
	}
	if in.listed.Notes, err = checked(in.listed.Notes[:0], h.Notes, Note.check); err != nil {
		return v, err
	}
	return value{in.verdicts.history(in.listed.Verdicts), in.notes.history(in.listed.Notes)}, nil
}

// spelled returns a history with its classes in the list's spelling.
func (in *sharing) spelled(c *chain[Verdict], classes []string) *chain[Verdict] {
	for p := c; p != nil; p = p.before {
		if class := p.What.Class; class != "" && !slices.Contains(classes, class) {
			return in.verdicts.edited(c, func(g Given[Verdict]) Given[Verdict] {
				if i := indexClass(classes, g.What.Class); i >= 0 {
					g.What.Class = classes[i]
				}
				return g
			})
		}
	}
	return c
}

// Verdict returns the verdict about a connection, if there is one.
func (s Set) Verdict(ref Ref) (Verdict, bool) {
	v := s.lookup(ref).verdicts.holds()
	if v.Class == "" {
		return Verdict{}, false
	}
	return v, true
}

// Class returns the class a connection counts as: Normal without a verdict.
func (s Set) Class(ref Ref) string {
	return cmp.Or(s.lookup(ref).class(), Normal)
}

// Given returns the class of the verdict on a connection, empty where there is none: to
// call a connection normal is more than to let it count as that.
func (s Set) Given(ref Ref) string { return s.lookup(ref).verdicts.holds().Class }

// Note returns the note on a connection, if there is one.
func (s Set) Note(ref Ref) (Note, bool) {
	n := s.lookup(ref).notes.holds()
	if n.Text == "" {
		return Note{}, false
	}
	return n, true
}

// All yields every connection that has a verdict or a note, by epoch and id.
func (s Set) All() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for e := range s.get().slots() {
			r := Record{Ref: e.ref}
			if e.class() != "" {
				r.Verdict = e.verdicts.What
			}
			if e.noted() {
				r.Note = e.notes.What
			}
			if (r.Verdict != Verdict{} || r.Note != Note{}) && !yield(r) {
				return
			}
		}
	}
}

// slots yields all of them, ascending.
func (st *state) slots() iter.Seq[slot] {
	return func(yield func(slot) bool) {
		for _, b := range st.blocks {
			for _, e := range b {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// Classes returns the classes in the order of their digit keys.
func (s Set) Classes() []string { return slices.Clone(s.get().classes) }

// Count returns how many connections have a verdict of that class. For Normal
// these are the explicit verdicts only: a Set does not know the connections
// that nobody labelled.
func (s Set) Count(class string) int {
	st := s.get()
	if i := slices.Index(st.classes, class); i >= 0 {
		return st.counts[i]
	}
	return 0
}

// Labelled returns how many connections have a verdict, of whatever class.
func (s Set) Labelled() int {
	n := 0
	for _, c := range s.get().counts {
		n += c
	}
	return n
}

// Noted returns how many connections have a note.
func (s Set) Noted() int { return s.get().notes }

// Equal reports whether both Sets hold the same classes in the same order, the same
// verdicts, notes and decisions with the same histories, and take the same for usual.
func (s Set) Equal(o Set) bool {
	if s == o {
		return true
	}
	a, b := s.get(), o.get()
	return slices.Equal(a.classes, b.classes) && slices.Equal(a.usual, b.usual) && slices.EqualFunc(a.decided, b.decided, decided.equal) && len(difference(a, b)) == 0
}

// lookup returns the value of a connection, empty where nothing is known about it.
func (s Set) lookup(ref Ref) value {
	if s.state == nil {
		return value{}
	}
	return s.state.lookup(ref)
}

func (st *state) lookup(ref Ref) value {
	if len(st.blocks) == 0 {
		return value{}
	}
	b := st.blocks[blockOf(st.blocks, ref)]
	if i, ok := slices.BinarySearchFunc(b, ref, compareSlot); ok {
		return b[i].value
	}
	return value{}
}

func compareSlot(s slot, ref Ref) int { return s.ref.Compare(ref) }

// blockOf returns the block in which ref is or would be: the last one that does
// not begin after it, or the first.
func blockOf(blocks [][]slot, ref Ref) int {
	i, found := slices.BinarySearchFunc(blocks, ref, func(b []slot, ref Ref) int { return b[0].ref.Compare(ref) })
	if !found && i > 0 {
		i--
	}
	return i
}

// sortChanges brings changes into the order that apply needs.
func sortChanges(changes []change) {
	compare := func(a, b change) int { return a.ref.Compare(b.ref) }
	if !slices.IsSortedFunc(changes, compare) {
		slices.SortStableFunc(changes, compare)
	}
}

// withClasses returns the same labels under another class list, which must hold
// every class that a verdict uses.
func (st *state) withClasses(classes []string) *state {
	counts := make([]int, len(classes))
	for i, c := range st.classes {
		if j := slices.Index(classes, c); j >= 0 {
			counts[j] = st.counts[i]
		}
	}
	return &state{blocks: st.blocks, classes: classes, counts: counts, notes: st.notes, usual: st.usual, decided: st.decided}
}

// apply returns the state after the changes, which are ascending, one for each
// connection, and whose before is what the state holds.
func (st *state) apply(changes []change) *state {
	if len(changes) == 0 {
		return st
	}
	next := &state{classes: st.classes, counts: slices.Clone(st.counts), notes: st.notes, usual: st.usual, decided: st.decided}
	tally := func(v value, by int) {
		if class := v.class(); class != "" {
			next.counts[slices.Index(next.classes, class)] += by
		}
		if v.noted() {
			next.notes += by
		}
	}
	for _, c := range changes {
		tally(c.before, -1)
		tally(c.after, +1)
	}

	next.blocks = make([][]slot, 0, len(st.blocks)+len(changes)/blockSize+1)
	rest := st.blocks
	for len(changes) > 0 {
		var old []slot
		if len(rest) > 0 {
			i := blockOf(rest, changes[0].ref)
			next.blocks = append(next.blocks, rest[:i]...)
			old, rest = rest[i], rest[i+1:]
		}
		mine := len(changes)
		if len(rest) > 0 {
			mine, _ = slices.BinarySearchFunc(changes, rest[0][0].ref, func(c change, ref Ref) int { return c.ref.Compare(ref) })
		}
		next.push(mergeBlock(old, changes[:mine]))
		changes = changes[mine:]
	}
	next.blocks = append(next.blocks, rest...)
	return next
}

// mergeBlock returns a block's slots after the changes that fall into it.
func mergeBlock(old []slot, changes []change) []slot {
	out := make([]slot, 0, len(old)+len(changes))
	for _, c := range changes {
		i, found := slices.BinarySearchFunc(old, c.ref, compareSlot)
		out = append(out, old[:i]...)
		old = old[i:]
		if found {
			old = old[1:]
		}
		if !c.after.empty() {
			out = append(out, slot{c.ref, c.after})
		}
	}
	return append(out, old...)
}

// push appends slots to a state under construction, in blocks of at most
// blockSize. What is left of a block after many removals joins its predecessor,
// so that the blocks do not stay as many as they were when it was full.
func (st *state) push(slots []slot) {
	if n := len(st.blocks); n > 0 && len(st.blocks[n-1])+len(slots) <= blockSize/2 {
		// The predecessor may be shared with another state: never grow in place.
		st.blocks[n-1] = slices.Concat(st.blocks[n-1], slots)
		return
	}
	for pieces := (len(slots) + blockSize - 1) / blockSize; pieces > 0; pieces-- {
		n := (len(slots) + pieces - 1) / pieces
		st.blocks = append(st.blocks, slots[:n:n])
		slots = slots[n:]
	}
}

// difference returns, ascending, the connections in which a and b differ, with
// before from a and after from b. Blocks that the two share cost nothing.
func difference(a, b *state) []change {
	var out []change
	emit := func(ref Ref, before, after value) {
		if !before.equal(after) {
			out = append(out, change{ref, before, after})
		}
	}
	x, y := cursor{blocks: a.blocks}, cursor{blocks: b.blocks}
	for !x.done() && !y.done() {
		if x.at == 0 && y.at == 0 && &x.blocks[0][0] == &y.blocks[0][0] && len(x.blocks[0]) == len(y.blocks[0]) {
			x.blocks, y.blocks = x.blocks[1:], y.blocks[1:]
			continue
		}
		p, q := x.slot(), y.slot()
		switch c := p.ref.Compare(q.ref); {
		case c < 0:
			emit(p.ref, p.value, value{})
			x.step()
		case c > 0:
			emit(q.ref, value{}, q.value)
			y.step()
		default:
			emit(p.ref, p.value, q.value)
			x.step()
			y.step()
		}
	}
	for ; !x.done(); x.step() {
		emit(x.slot().ref, x.slot().value, value{})
	}
	for ; !y.done(); y.step() {
		emit(y.slot().ref, value{}, y.slot().value)
	}
	return out
}

// cursor walks the slots of a list of blocks.
type cursor struct {
	blocks [][]slot
	at     int
}

func (c *cursor) done() bool  { return len(c.blocks) == 0 }
func (c *cursor) slot() *slot { return &c.blocks[0][c.at] }

func (c *cursor) step() {
	if c.at++; c.at == len(c.blocks[0]) {
		c.blocks, c.at = c.blocks[1:], 0
	}
}
