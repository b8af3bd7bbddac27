package list

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// toggle marks the row under the cursor, or takes its mark away.
func (l *List[D]) toggle() tea.Cmd {
	if _, aside := l.CurrentAside(); aside {
		return message.Request(message.Notice{Text: "a " + l.spec.Aside.Name + " is not marked: " + l.spec.Unit[1] + " are"})
	}
	row, ok := l.Current()
	if !ok {
		return nil
	}
	l.anchor = -1
	l.marks = l.marks.Toggle(row)
	l.move(l.cursor + 1)
	return nil
}

// adding is the marking of a long range, in the background.
type adding struct {
	screen.Job
	from, to int // positions
}

// added is the answer.
type added[D any] struct {
	number int
	rows   rows
	from   int
	to     int
	before Marks
	marks  Marks
	err    error
}

// markRange opens a range, or marks the open one.
func (l *List[D]) markRange() tea.Cmd {
	switch {
	case l.rows.len() == 0 || l.adding.Running():
		return nil
	case l.anchor < 0:
		l.anchor = l.cursor
		l.moved = true
		l.change++
		return nil
	}
	from, to := min(l.anchor, l.cursor), max(l.anchor, l.cursor)+1
	l.anchor = -1
	l.change++
	if _, all := l.rows.set.(message.All); all && l.rows.order == nil {
		l.marks = l.marks.Add(l.rows.without(from), l.rows.without(to))
		return nil
	}
	if to-from <= checkEvery {
		l.marks, _ = l.rows.mark(context.Background(), l.marks, from, to)
		return nil
	}
	return l.addMarks(added[D]{rows: l.rows, from: from, to: to})
}

func (l *List[D]) addMarks(a added[D]) tea.Cmd {
	j, ctx := l.adding.Start()
	l.adding = adding{j, a.from, a.to}
	a.number, a.before = j.Number, l.marks
	return screen.Work(func() tea.Msg {
		a.marks, a.err = a.rows.mark(ctx, a.before, a.from, a.to)
		return a
	})
}

// mark adds the rows at the positions from from to to-1 to marks.
func (r rows) mark(ctx context.Context, m Marks, from, to int) (Marks, error) {
	e := m.edit()
	for k := from; k < to; k++ {
		if k%checkEvery == 0 && ctx.Err() != nil {
			return m, ctx.Err()
		}
		if row := r.at(k); row >= 0 {
			e.add(row)
		}
	}
	return e.marks, nil
}

// addedMarks takes the answer, unless marks have changed meanwhile: then the
// range is added to those.
func (l *List[D]) addedMarks(a added[D]) tea.Cmd {
	if a.number != l.adding.Number || a.err != nil {
		return nil
	}
	if !a.before.Same(l.marks) {
		return l.addMarks(a)
	}
	l.adding.Job = l.adding.Stop()
	l.marks = a.marks
	l.change++
	return nil
}

// openRange returns the range that is shown as taken but not marked yet, to not
// included.
func (l *List[D]) openRange() (from, to int, ok bool) {
	switch {
	case l.anchor >= 0:
		return min(l.anchor, l.cursor), max(l.anchor, l.cursor) + 1, true
	case l.adding.Running():
		return l.adding.from, l.adding.to, true
	}
	return 0, 0, false
}

// Taken reports whether keys act on marks or an open range rather than on the row
// under the cursor.
func (l *List[D]) Taken() bool {
	_, _, ok := l.taken()
	return ok
}

// taken returns the rows that keys act on where some are marked or a range is
// open: those of them that are shown, by each, which may take long. What the
// filters hide keeps its mark and is left alone.
func (l *List[D]) taken() (text string, each func(ctx context.Context, yield func(row int)) error, ok bool) {
	from, to, open := l.openRange()
	if !open && l.marks.Len() == 0 || l.details.Whole() {
		return "", nil, false
	}
	shown, marks, known := l.rows, l.marks, l.spec.Len(l.data)
	n, hidden := l.countMarks()
	if !open && n == 0 && !hidden {
		return "", nil, false
	}
	each = func(ctx context.Context, yield func(row int)) error {
		done := 0
		for row := range marks.Rows() {
			if done++; done%checkEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if row < known && shown.has(row) {
				yield(row)
			}
		}
		for k := from; k < to; k++ {
			if k%checkEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if row := shown.at(k); row >= 0 && row < known && !marks.Has(row) {
				yield(row)
			}
		}
		return ctx.Err()
	}
	switch unit := l.spec.Unit; {
	case open:
		text = "the range of " + widget.Number(shown.without(to)-shown.without(from), unit[0], unit[1])
		if l.marks.Len() > 0 {
			text += " and what is marked"
		}
	case hidden:
		text = "the marked " + unit[1] + " that are shown"
	default:
		text = widget.Number(n, "marked "+unit[0], "marked "+unit[1])
	}
	if l.spec.Many {
		text = "the connections of " + text
	}
	return text, each, true
}

// maxCounted is how many marks are counted among filtered rows in Update.
const maxCounted = 1 << 9

// countMarks returns how many marked rows are shown; more where they are too many
// to be counted at once, and some may be hidden.
func (l *List[D]) countMarks() (n int, more bool) {
	if all, ok := l.rows.set.(message.All); ok && int(all) >= l.spec.Len(l.data) {
		return l.marks.Len(), false
	}
	if l.marks.Len() > maxCounted {
		return 0, true
	}
	for row := range l.marks.Rows() {
		if l.rows.has(row) {
			n++
		}
	}
	return n, false
}

// showsMarks reports whether a marked row may be shown.
func (l *List[D]) showsMarks() bool {
	n, more := l.countMarks()
	return n > 0 || more
}

// maxTerms is how many rows a term or a copy is made of: nobody could read more.
const maxTerms = 32

// Focus is what digits, +, - and y act on: the open range and what is marked,
// or else the row under the cursor.
func (l *List[D]) Focus() screen.Focus {
	d, spec := l.data, l.spec
	var f screen.Focus
	if row, ok := l.Current(); ok {
		f.Term = l.term(row)
		if spec.Time != nil {
			if m := spec.Time(d, row); m.Dated() {
				f.At = m.Micros
			}
		}
		if spec.Target != nil {
			f.Target = spec.Target(d, row)
		}
		if spec.Copy != nil {
			f.Copy = spec.Copy(d, row)
		}
	} else if k, ok := l.CurrentAside(); ok {
		f.Copy = spec.Aside.Copy(d, k)
	} else {
		return f
	}
	text, each, ok := l.taken()
	if !ok {
		return f
	}
	marked := strings.TrimPrefix(text, "the connections of ")
	if spec.Connections != nil {
		f.Target = message.Taken(spec.Snapshot(d), text, func(ctx context.Context, add func(connection int)) error {
			return each(ctx, func(row int) { spec.Connections(d, row, add) })
		})
		f.Target.Brief = marked
	}
	if spec.Copy != nil {
		f.Copy = message.Copy{What: marked, Text: l.copied(each)}
	}
	if terms := l.joined(l.term); terms != "" {
		f.Term = terms
	}
	return f
}

// maxCopied is how many rows y copies: terminals take no more than some 100 KiB.
const maxCopied = 1000

// copied returns the texts of some rows, one below the other.
func (l *List[D]) copied(each func(ctx context.Context, yield func(row int)) error) func(ctx context.Context) (string, error) {
	d, spec := l.data, l.spec
	return func(ctx context.Context) (string, error) {
		var texts []string
		var failed error
		n := 0
		err := each(ctx, func(row int) {
			if n++; n > maxCopied || failed != nil {
				return
			}
			text, err := spec.Copy(d, row).Text(ctx)
			failed = err
			texts = append(texts, strings.TrimSuffix(text, "\n"))
		})
		if n > maxCopied {
			failed = errors.New("no more than " + widget.Count(maxCopied) + " rows are copied; e exports")
		}
		return strings.Join(texts, "\n") + "\n", errors.Join(err, failed)
	}
}

// term returns the filter term of a row's cell under the column cursor.
func (l *List[D]) term(row int) string {
	if col := &l.spec.Columns[l.column]; col.Term != nil {
		if term := col.Term(l.data, row); term != "" {
			return term
		}
	}
	if l.spec.Term == nil {
		return ""
	}
	return l.spec.Term(l.data, row)
}

// joined joins the terms of the rows that are taken, each once; empty where they
// are too many.
func (l *List[D]) joined(term func(row int) string) string {
	from, to, open := l.openRange()
	if l.marks.Len() > maxTerms || open && to-from > maxTerms {
		return ""
	}
	var terms []string
	add := func(row int) {
		if term := term(row); term != "" && !slices.Contains(terms, term) {
			terms = append(terms, term)
		}
	}
	for row := range l.marks.Rows() {
		if row < l.spec.Len(l.data) && l.rows.has(row) {
			add(row)
		}
	}
	for k := from; k < to; k++ {
		if row := l.rows.at(k); row >= 0 && row < l.spec.Len(l.data) {
			add(row)
		}
	}
	return strings.Join(terms, " or ")
}
