package label

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Book is the one owner of labels that changes them, in steps that can be taken
// back. It belongs to a single goroutine; everything else reads the Sets it
// hands out.
//
// A step remembers the connections that it changed, with what they had before
// and after; a step that would change nothing is none. The oldest steps are
// forgotten once all together changed more than a million connections.
type Book struct {
	current    *state
	done       []step // oldest first
	undone     []step // most recently undone last
	remembered int    // changes in done
	limit      int    // of remembered
	analyst    string // who gives verdicts, empty for nobody named
}

// maxRemembered bounds the history: 48 bytes for each change. The newest step is
// kept whatever its size.
const maxRemembered = 1 << 20

// Op is a kind of step.
type Op uint8

// The kinds of steps.
const (
	OpAssign   Op = iota + 1 // connections were given a class
	OpClear                  // connections lost their verdict
	OpAnnotate               // a note was written, changed or removed
	OpAddClass               // a class joined the list
	OpImport                 // the records of a labels file were taken over
	OpAccept                 // predictions were accepted
	OpUsual                  // something was declared normal
	OpUnusual                // that was taken back
	OpDecide                 // something was decided of an incident
	OpJoin                   // somebody else's case was taken over
)

// Step describes what was done, undone or redone, for a status line.
type Step struct {
	Op          Op
	Class       string  // of OpAssign and OpAddClass
	Usual       []Usual // of OpUsual and OpUnusual; must not be written to
	Incidents   int     // of how many the decision changed
	Connections int     // how many connections changed
	First       Ref     // the lowest of them; zero where there is none
}

type step struct {
	op      Op
	class   string
	changes []change
	added   []string // classes that the step put on the list
	usual   []Usual  // that the step put among what is usual, or took away
	decided []verdictOn
}

func (s step) describe(changes []change) Step {
	d := Step{Op: s.op, Class: s.class, Usual: s.usual, Connections: len(changes), Incidents: len(s.decided)}
	if len(changes) > 0 {
		d.First = changes[0].ref
	}
	return d
}

// NewBook begins with a state that no undo goes behind.
func NewBook(start Set) *Book { return &Book{current: start.get(), limit: maxRemembered} }

// SetAnalyst names who gives the verdicts of Assign and Declare from now on.
func (b *Book) SetAnalyst(name string) error {
	if err := CheckAnalyst(name); err != nil {
		return err
	}
	b.analyst = name
	return nil
}

// Set returns the present state. It stays as it is, whatever the Book does next.
func (b *Book) Set() Set { return Set{b.current} }

// Assign gives the connections a class, in one step. A class that is not on the
// list joins it. A connection that already has this class from this source and analyst
// keeps its verdict with its time, so pressing a digit twice changes nothing.
func (b *Book) Assign(refs []Ref, class string, source Source, at time.Time) (Step, error) {
	classes, class, err := admitClass(b.current.classes, class)
	if err != nil {
		return Step{}, fmt.Errorf("label connections: %w", err)
	}
	verdict, err := Verdict{Class: class, Source: source, At: at, Analyst: b.analyst}.check()
	if err != nil {
		return Step{}, fmt.Errorf("label connections: %w", err)
	}
	var share sharing
	changes, err := b.changes(refs, func(_ Ref, v value) value {
		if now := v.verdicts.holds(); now.Class != class || now.Source != source || now.Analyst != b.analyst {
			v.verdicts = share.verdicts.push(v.verdicts, verdict)
		}
		return v
	})
	if err != nil {
		return Step{}, fmt.Errorf("label connections: %w", err)
	}
	return b.commit(step{op: OpAssign, class: class, changes: changes}, classes), nil
}

// Clear takes the verdicts of the connections away, in one step. Notes stay.
func (b *Book) Clear(refs []Ref, source Source, at time.Time) (Step, error) {
	verdict, err := Verdict{Source: source, At: at, Analyst: b.analyst}.check()
	if err != nil {
		return Step{}, fmt.Errorf("clear labels: %w", err)
	}
	var share sharing
	changes, err := b.changes(refs, func(_ Ref, v value) value {
		if v.class() != "" {
			v.verdicts = share.verdicts.push(v.verdicts, verdict)
		}
		return v
	})
	if err != nil {
		return Step{}, fmt.Errorf("clear labels: %w", err)
	}
	return b.commit(step{op: OpClear, changes: changes}, b.current.classes), nil
}

// Annotate replaces the note on a connection; empty text removes it. White
// space and control characters become single spaces. More than MaxNote bytes
// are an error.
func (b *Book) Annotate(ref Ref, text string, at time.Time) (Step, error) {
	note, err := Note{Text: text, At: at, Analyst: b.analyst}.check()
	if err != nil {
		return Step{}, fmt.Errorf("note on connection %s: %w", ref.String(true), err)
	}
	changes, err := b.changes([]Ref{ref}, func(_ Ref, v value) value {
		if v.notes.holds().Text != note.Text {
			var share sharing
			v.notes = share.notes.push(v.notes, note)
		}
		return v
	})
	if err != nil {
		return Step{}, fmt.Errorf("write note: %w", err)
	}
	return b.commit(step{op: OpAnnotate, changes: changes}, b.current.classes), nil
}

// AddClass puts a class at the end of the list. A class that is there already,
// in whatever case, is no step.
func (b *Book) AddClass(name string) (Step, error) {
	classes, name, err := admitClass(b.current.classes, name)
	if err != nil {
		return Step{}, fmt.Errorf("add class: %w", err)
	}
	return b.commit(step{op: OpAddClass, class: name}, classes), nil
}

// Import takes over verdicts and notes of records, as File.Resolve gives them,
// in one step; what a record leaves out stays. The last record of a
// connection counts. On an error nothing changes.
func (b *Book) Import(records []Record) (Step, error) { return b.take(OpImport, records) }

// Accept gives each connection the class that a model predicts of it, in one step.
// classes has one for each of refs.
func (b *Book) Accept(refs []Ref, classes []string, at time.Time) (Step, error) {
	records := make([]Record, 0, len(refs))
	for k, ref := range refs {
		if v := b.current.lookup(ref).verdicts.holds(); v.Class == classes[k] && v.Source == ByModel && v.Analyst == b.analyst {
			continue // keeps its time
		}
		records = append(records, Record{Ref: ref, Verdict: Verdict{Class: classes[k], Source: ByModel, At: at, Analyst: b.analyst}})
	}
	return b.take(OpAccept, records)
}

func (b *Book) take(op Op, records []Record) (Step, error) {
	classes := b.current.classes
	given := make(map[Ref]Record, len(records))
	refs := make([]Ref, 0, len(records))
	for _, r := range records {
		g, err := given[r.Ref], error(nil)
		if r.Ref.Epoch == 0 {
			err = errNoRun
		}
		if err == nil && r.Verdict.Class != "" {
			if g.Verdict, err = r.Verdict.check(); err == nil {
				classes, g.Verdict.Class, err = admitClass(classes, r.Verdict.Class)
			}
		}
		if err == nil && r.Note.Text != "" {
			var note Note
			if note, err = r.Note.check(); note.Text != "" {
				g.Note = note
			}
		}
		if err != nil {
			return Step{}, fmt.Errorf("import labels: connection %s: %w", r.Ref.String(true), err)
		}
		given[r.Ref] = g
		refs = append(refs, r.Ref)
	}
	var share sharing
	changes, err := b.changes(refs, func(ref Ref, v value) value {
		g := given[ref]
		if g.Verdict.Class != "" && v.verdicts.holds() != g.Verdict {
			v.verdicts = share.verdicts.push(v.verdicts, g.Verdict)
		}
		if g.Note.Text != "" && v.notes.holds() != g.Note {
			v.notes = share.notes.push(v.notes, g.Note)
		}
		return v
	})
	if err != nil {
		return Step{}, fmt.Errorf("import labels: %w", err)
	}
	return b.commit(step{op: op, changes: changes}, classes), nil
}

// Undo takes the last step back. Of a connection that Absorb has changed since,
// it leaves what is there. ok is false where there is no step.
func (b *Book) Undo() (undone Step, ok bool) {
	if len(b.done) == 0 {
		return Step{}, false
	}
	s := b.done[len(b.done)-1]
	b.done = b.done[:len(b.done)-1]
	b.remembered -= len(s.changes)
	b.undone = append(b.undone, s)

	back := make([]change, 0, len(s.changes))
	for _, c := range s.changes {
		if b.current.lookup(c.ref).equal(c.after) {
			back = append(back, change{c.ref, c.after, c.before})
		}
	}
	b.current = b.current.apply(back).edit(s, true)
	b.removeClasses(s.added)
	return s.describe(back), true
}

// Redo does again what the last Undo took back. ok is false where nothing was
// undone since the last new step.
func (b *Book) Redo() (redone Step, ok bool) {
	if len(b.undone) == 0 {
		return Step{}, false
	}
	s := b.undone[len(b.undone)-1]
	b.undone = b.undone[:len(b.undone)-1]
	b.done = append(b.done, s)
	b.remembered += len(s.changes)

	b.addClasses(s.added)
	again := make([]change, 0, len(s.changes))
	for _, c := range s.changes {
		if b.current.lookup(c.ref).equal(c.before) {
			again = append(again, c)
		}
	}
	b.current = b.current.apply(again).edit(s, false)
	return s.describe(again), true
}

// Absorb takes over what another program wrote to the same case: theirs grew
// out of base, and so did the Book. It is Merge with the Book as ours, and not a
// step: undo never takes back what others did. Classes that are new here end what
// Redo could do.
func (b *Book) Absorb(base, theirs Set) (conflicts []Ref) {
	merged, conflicts := Merge(base, b.Set(), theirs)
	if len(merged.state.classes) > len(b.current.classes) {
		// A class that redo would add may have come from there, spelled otherwise.
		b.undone = nil
	}
	b.current = merged.state
	return conflicts
}

// changes returns what edit makes of the connections, ascending, each once,
// without those that it leaves alone.
func (b *Book) changes(refs []Ref, edit func(Ref, value) value) ([]change, error) {
	changes := make([]change, 0, len(refs))
	for _, ref := range ordered(refs) {
		if ref.Epoch == 0 {
			return nil, fmt.Errorf("connection %s: %w", ref.String(true), errNoRun)
		}
		before := b.current.lookup(ref)
		if after := edit(ref, before); !before.equal(after) {
			changes = append(changes, change{ref, before, after})
		}
	}
	return changes, nil
}

// errNoRun is about a connection without an epoch.
var errNoRun = errors.New("no server run (epochs count from 1)")

// ordered returns the refs ascending and each once, and leaves refs as they are.
func ordered(refs []Ref) []Ref {
	refs = slices.Clone(refs)
	if !slices.IsSortedFunc(refs, Ref.Compare) {
		slices.SortFunc(refs, Ref.Compare)
	}
	return slices.Compact(refs)
}

// commit carries out a step that is new, unless it changes nothing. Classes is
// the list after it.
func (b *Book) commit(s step, classes []string) Step {
	s.added = classes[len(b.current.classes):]
	if len(s.changes) == 0 && len(s.added) == 0 && len(s.usual) == 0 && len(s.decided) == 0 {
		return s.describe(nil)
	}
	b.addClasses(s.added)
	b.current = b.current.apply(s.changes).edit(s, false)
	b.undone = nil
	b.done = append(b.done, s)
	b.remembered += len(s.changes)

	forget := 0
	for b.remembered > b.limit && forget < len(b.done)-1 {
		b.remembered -= len(b.done[forget].changes)
		forget++
	}
	b.done = slices.Delete(b.done, 0, forget)
	return s.describe(s.changes)
}

// addClasses puts the names that are not there yet at the end of the list.
func (b *Book) addClasses(names []string) {
	classes := b.current.classes
	for _, name := range names {
		if indexClass(classes, name) < 0 {
			classes = append(slices.Clip(classes), name)
		}
	}
	if len(classes) > len(b.current.classes) {
		b.current = b.current.withClasses(classes)
	}
}

// removeClasses takes names off the list again, but those that a verdict uses:
// Absorb may have brought one since.
func (b *Book) removeClasses(names []string) {
	kept := slices.DeleteFunc(slices.Clone(b.current.classes), func(c string) bool {
		return slices.Contains(names, c) && b.current.counts[slices.Index(b.current.classes, c)] == 0
	})
	if len(kept) < len(b.current.classes) {
		b.current = b.current.withClasses(kept)
	}
}
