package label

import (
	"errors"
	"fmt"
	"iter"
	"slices"
)

// Set is an immutable collection of verdicts and notes with the list of
// classes. The zero Set has no labels and the StandardClasses. A Set costs one
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
	usual   []Usual // ascending, each once
}

// blockSize is the largest block. At 32 bytes a slot, a single change copies at
// most 16 KiB.
const blockSize = 512

type slot struct {
	ref Ref
	value
}

// value is what a connection has; the pointers are shared by all connections
// that one step labelled, and what they point to never changes.
type value struct {
	verdict *Verdict
	note    *Note
}

func (v value) empty() bool { return v.verdict == nil && v.note == nil }

func (v value) equal(o value) bool { return same(v.verdict, o.verdict) && same(v.note, o.note) }

func same[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

func (s slot) record() Record {
	r := Record{Ref: s.ref}
	if s.verdict != nil {
		r.Verdict = *s.verdict
	}
	if s.note != nil {
		r.Note = *s.note
	}
	return r
}

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
// epoch, a record that says nothing, and two records of one connection are
// errors that name the connection.
func NewSet(classes []string, records []Record) (Set, error) {
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
	st.counts = make([]int, len(st.classes))

	changes := make([]change, 0, len(records))
	var share interner
	for _, r := range records {
		v, err := share.value(r)
		if err == nil && v.empty() {
			err = errors.New("neither a class nor a note")
		}
		if err == nil && v.verdict != nil {
			i := indexClass(st.classes, v.verdict.Class)
			if i < 0 {
				i = len(st.classes)
				st.classes = append(st.classes, v.verdict.Class)
				st.counts = append(st.counts, 0)
			}
			v.verdict = share.spelled(v.verdict, st.classes[i])
		}
		if err != nil {
			return Set{}, fmt.Errorf("make label set: connection %s: %w", r.Ref.String(true), err)
		}
		changes = append(changes, change{ref: r.Ref, after: v})
	}
	sortChanges(changes)
	for i := 1; i < len(changes); i++ {
		if changes[i].ref == changes[i-1].ref {
			return Set{}, fmt.Errorf("make label set: connection %s stands there twice", changes[i].ref.String(true))
		}
	}
	return Set{st.apply(changes)}, nil
}

// interner keeps one copy of equal verdicts: a labels file of a million rows has
// a handful of them.
type interner map[Verdict]*Verdict

// value checks a record and gives what a slot keeps of it.
func (in *interner) value(r Record) (value, error) {
	var v value
	if r.Ref.Epoch == 0 {
		return v, errors.New("no server run (epochs count from 1)")
	}
	if r.Verdict.Class != "" {
		verdict, err := r.Verdict.check()
		if err != nil {
			return v, err
		}
		v.verdict = in.share(verdict)
	}
	if r.Note.Text != "" {
		note, err := r.Note.check()
		if err != nil {
			return v, err
		}
		if note.Text != "" {
			v.note = &note
		}
	}
	return v, nil
}

func (in *interner) share(v Verdict) *Verdict {
	if p := (*in)[v]; p != nil {
		return p
	}
	if *in == nil {
		*in = interner{}
	}
	(*in)[v] = &v
	return &v
}

// spelled gives the verdict with its class in the list's spelling.
func (in *interner) spelled(v *Verdict, class string) *Verdict {
	if v.Class == class {
		return v
	}
	c := *v
	c.Class = class
	return in.share(c)
}

// Verdict returns the verdict about a connection, if there is one.
func (s Set) Verdict(ref Ref) (Verdict, bool) {
	if v := s.lookup(ref).verdict; v != nil {
		return *v, true
	}
	return Verdict{}, false
}

// Class returns the class a connection counts as: Normal without a verdict.
func (s Set) Class(ref Ref) string {
	if v := s.lookup(ref).verdict; v != nil {
		return v.Class
	}
	return Normal
}

// Note returns the note on a connection, if there is one.
func (s Set) Note(ref Ref) (Note, bool) {
	if n := s.lookup(ref).note; n != nil {
		return *n, true
	}
	return Note{}, false
}

// All yields every connection that has a verdict or a note, by epoch and id.
func (s Set) All() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for _, b := range s.get().blocks {
			for _, e := range b {
				if !yield(e.record()) {
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

// Equal reports whether both Sets hold the same classes in the same order, the
// same verdicts and the same notes, and take the same for usual.
func (s Set) Equal(o Set) bool {
	if s == o {
		return true
	}
	a, b := s.get(), o.get()
	return slices.Equal(a.classes, b.classes) && slices.Equal(a.usual, b.usual) && len(difference(a, b)) == 0
}

// lookup gives the empty value for a connection that nothing is known about.
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

// blockOf gives the block in which ref is or would be: the last one that does
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

// withClasses gives the same labels under another class list, which must hold
// every class that a verdict uses.
func (st *state) withClasses(classes []string) *state {
	counts := make([]int, len(classes))
	for i, c := range st.classes {
		if j := slices.Index(classes, c); j >= 0 {
			counts[j] = st.counts[i]
		}
	}
	return &state{blocks: st.blocks, classes: classes, counts: counts, notes: st.notes, usual: st.usual}
}

// apply gives the state after the changes, which are ascending, one for each
// connection, and whose before is what the state holds.
func (st *state) apply(changes []change) *state {
	if len(changes) == 0 {
		return st
	}
	next := &state{classes: st.classes, counts: slices.Clone(st.counts), notes: st.notes, usual: st.usual}
	tally := func(v value, by int) {
		if v.verdict != nil {
			next.counts[slices.Index(next.classes, v.verdict.Class)] += by
		}
		if v.note != nil {
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

// mergeBlock gives a block's slots after the changes that fall into it.
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

// difference gives, ascending, the connections that a and b say different
// things about, with before from a and after from b. Blocks that the two share
// cost nothing.
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
