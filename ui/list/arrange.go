package list

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// rows is what is shown, in order. Nobody writes to it.
type rows struct {
	set    message.Rows // ascending; nil for none
	order  []uint32     // the same by position; nil where they are shown ascending
	asides asides       // between them
}

// len returns how many positions there are, those of asides among them.
func (r rows) len() int {
	switch {
	case r.order != nil:
		return len(r.order)
	case r.set != nil:
		return r.set.Len() + r.asides.n
	}
	return 0
}

// count returns how many rows there are.
func (r rows) count() int { return r.len() - r.asides.n }

// at returns the row at a position, ^k for aside k.
func (r rows) at(k int) int {
	if r.order != nil {
		return int(r.order[k])
	}
	j := r.asides.before(k)
	if j < r.asides.n && r.asides.position(j) == k {
		return ^j
	}
	return r.set.At(k - j)
}

// find returns the position of a row or an aside in rows that are shown ascending;
// where it is not shown, that of the next row that is, and false.
func (r rows) find(row int) (k int, ok bool) {
	if row < 0 {
		return r.asides.position(^row), true
	}
	k, ok = r.set.Find(row)
	return r.asides.behind(k), ok
}

// without returns how many rows there are before a position.
func (r rows) without(position int) int { return position - r.asides.before(position) }

// has reports whether a row is shown.
func (r rows) has(row int) bool {
	if r.set == nil {
		return false
	}
	_, ok := r.set.Find(row)
	return ok
}

// grownFrom reports whether every row of before has kept its position.
func (r rows) grownFrom(before rows) bool {
	a, all := before.set.(message.All)
	b, still := r.set.(message.All)
	n := before.asides.n
	return all && still && a <= b && before.order == nil && r.order == nil && n <= r.asides.n &&
		(n == r.asides.n || r.asides.next(n) >= int(a))
}

// Source makes data and the ascending rows of it that are shown, in the
// background. The error is that of ctx.
type Source[D any] func(ctx context.Context) (D, message.Rows, error)

// source is where the rows come from.
type source[D any] struct {
	make Source[D] // nil: there was none yet
	now  bool      // it answers at once
}

// Show shows rows that are known. anew is set where those being arranged are of no
// use any more, because the filters are others.
func (l *List[D]) Show(d D, shown message.Rows, anew bool) tea.Cmd {
	l.source = source[D]{func(context.Context) (D, message.Rows, error) { return d, shown, nil }, true}
	return l.arrangeRows(anew)
}

// Load shows rows that have to be found out first.
func (l *List[D]) Load(anew bool, from Source[D]) tea.Cmd {
	l.source = source[D]{from, false}
	return l.arrangeRows(anew)
}

// GoTo puts the cursor on the row that want finds, now or as soon as it is among
// the rows.
func (l *List[D]) GoTo(want func(d D) (row int, ok bool)) tea.Cmd {
	l.giveUp()
	l.want, l.asked, l.toTop, l.moved, l.atEnd = want, true, false, true, false
	l.change++
	l.details.Escape()
	return l.arrangeRows(false)
}

// Waiting reports whether the row of the last GoTo is not shown yet, though all
// rows are arranged.
func (l *List[D]) Waiting() bool { return l.asked && !l.arrange.Running() }

// Forget leaves the cursor where it is.
func (l *List[D]) Forget() { l.want, l.asked = nil, false }

// First puts the cursor on the first of the rows that are shown next.
func (l *List[D]) First() {
	l.giveUp()
	l.Forget()
	l.toTop, l.moved, l.atEnd = true, true, false
	l.change++
}

// by returns the sort of the rows, nil for ascending ones.
func (l *List[D]) by() Sort[D] {
	if l.sort.column >= 0 {
		return l.spec.Columns[l.sort.column].Sort
	}
	return l.spec.Order
}

// arranged is the answer: rows in order, and cursor and marks among them.
type arranged[D any] struct {
	number int
	data   D
	rows   rows
	place  place[D]
	at     int  // position of the cursor
	anchor int  // where the open range begins, -1 for none
	found  bool // the row where it belongs is in the data
	onRow  bool // and shown
	marks  Marks
	lost   []string
	err    error // cancelled
}

// arrangeRows puts the rows in order: at once where that costs nothing, else in
// the background. What is under way is finished first, because a log that is
// being read changes faster than a long list is sorted, unless it is to begin
// anew.
func (l *List[D]) arrangeRows(anew bool) tea.Cmd {
	if l.source.make == nil {
		return nil
	}
	by, descending, make, spec := l.by(), l.sort.descending, l.source.make, l.spec
	number := 0
	arrange := func(ctx context.Context, p place[D]) arranged[D] {
		a := arranged[D]{number: number}
		a.data, a.rows.set, a.err = make(ctx)
		switch {
		case a.err != nil:
		case by != nil:
			a.rows.order, a.err = sorted(ctx, by, a.data, spec.Len(a.data), a.rows.set, descending)
			if spec.Parent != nil && a.err == nil {
				a.rows.order, a.err = nested(ctx, a.rows.order, func(row int) int { return spec.Parent(a.data, row) })
			}
		default:
			a.rows.asides = spec.Aside.among(a.data, a.rows.set)
		}
		return p.in(ctx, spec, a)
	}
	if l.source.now && (spec.Few || by == nil && spec.Identity == nil) {
		l.arrange = l.arrange.Stop()
		p := l.place()
		p.atOnce = !spec.Few
		return l.show(arrange(context.Background(), p))
	}
	if l.arrange.Running() && !anew {
		l.arrange.Again = true
		return nil
	}
	var ctx context.Context
	l.arrange, ctx = l.arrange.Start()
	number = l.arrange.Number
	p := l.place()
	return screen.Work(func() tea.Msg { return arrange(ctx, p) })
}

// place is where cursor and marks are, in the words of the data before.
type place[D any] struct {
	change int
	data   D
	rows   rows
	cursor int     // position, for a cursor that is on no row
	anchor int     // position where the open range begins, -1 for none
	want   want[D] // nil: the cursor stays at its position
	marks  Marks
	lost   []string
	atOnce bool // Update waits
	toEnd  bool // the cursor stays on the last row, whichever that is
}

// place returns where cursor and marks are now.
func (l *List[D]) place() place[D] {
	if l.want == nil && !l.toTop && (l.moved || !l.spec.Top) {
		if row, ok := l.Current(); ok {
			l.want = l.stays(row)
		} else if k, ok := l.CurrentAside(); ok {
			l.want = func(D) (int, bool) { return ^k, true }
		}
	}
	p := place[D]{change: l.change, data: l.data, rows: l.rows, cursor: l.cursor, anchor: l.anchor, want: l.want, marks: l.marks, lost: l.lost}
	if l.toTop || l.spec.Top && !l.moved {
		p.cursor, p.want = 0, nil
	}
	// The order of the log is the only one in which what is new is last.
	p.toEnd = l.grows && l.atEnd && l.by() == nil && l.spec.Time != nil && p.anchor < 0
	return p
}

// stays finds a row of the present data in later data. What a filter selects
// comes bit by bit, so the row may be among it only later.
func (l *List[D]) stays(row int) want[D] {
	old, spec := l.data, l.spec
	if spec.Identity == nil {
		return func(D) (int, bool) { return row, true }
	}
	return func(now D) (int, bool) {
		if spec.Stay != nil && spec.Stay(old, now, row) {
			return 0, false
		}
		if spec.Back != nil {
			if back, ok := spec.Back(old, now); ok {
				return back, true
			}
		}
		return spec.Identity.follow(old, now, row)
	}
}

// in finds the place of cursor and marks among rows that are arranged.
func (p place[D]) in(ctx context.Context, spec *Spec[D], a arranged[D]) arranged[D] {
	a.place, a.at, a.anchor, a.marks, a.lost = p, p.cursor, -1, p.marks, p.lost
	if a.err != nil {
		return a
	}
	switch {
	case p.toEnd:
		a.at, a.found, a.onRow = max(0, a.rows.len()-1), true, true
	case p.want != nil:
		if row, ok := p.want(a.data); ok {
			a.found = true
			if row < 0 && ^row >= a.rows.asides.n { // the rows are filtered
				row = spec.Aside.Next(p.data, ^row)
			}
			a.at, a.onRow, a.err = a.rows.position(ctx, row, p.cursor)
		}
	}
	if anchor := a.at + p.anchor - p.cursor; p.anchor >= 0 && p.sameRange(ctx, spec, a, anchor) {
		a.anchor = anchor
	}
	if spec.Identity != nil {
		a.marks, a.lost = p.marked(spec.Identity, a.data)
	}
	return a
}

// marked finds the marked rows in other data, and the names of those that it does not
// have: a mark stays until its row is there again.
func (p place[D]) marked(id *Identity[D], now D) (found Marks, lost []string) {
	e := Marks{}.edit()
	look := func(name string) {
		if row, ok := id.Row(now, name); ok {
			e.add(row)
		} else {
			lost = append(lost, name)
		}
	}
	for row := range p.marks.Rows() {
		look(id.Name(p.data, row))
	}
	for _, name := range p.lost {
		look(name)
	}
	if e.marks.equal(p.marks) {
		return p.marks, lost // the same chunks: nobody has to look what has changed
	}
	return e.marks, lost
}

// sameRange reports whether the open range, with its end at a position, still has
// the same rows: else keys would act on some that were not shown as taken.
func (p place[D]) sameRange(ctx context.Context, spec *Spec[D], a arranged[D], anchor int) bool {
	if spec.Identity == nil && a.rows.grownFrom(p.rows) {
		return a.at == p.cursor
	}
	from, before, n := min(a.at, anchor), min(p.cursor, p.anchor), max(p.cursor, p.anchor)+1
	if n -= before; from < 0 || from+n > a.rows.len() || p.atOnce && n > checkEvery {
		return false
	}
	for k := range n {
		if k%checkEvery == 0 && ctx.Err() != nil {
			return false
		}
		row, ok := p.rows.at(before+k), true
		if spec.Identity != nil {
			row, ok = spec.Identity.follow(p.data, a.data, row)
		}
		if !ok || a.rows.at(from+k) != row {
			return false
		}
	}
	return true
}

// position finds a row. Where it is not shown, that is the next row that is, or
// in sorted rows the position before.
func (r rows) position(ctx context.Context, row, before int) (k int, ok bool, err error) {
	if r.set == nil {
		return before, false, nil
	}
	if r.order == nil {
		k, ok = r.find(row)
		return k, ok, nil
	}
	if _, ok = r.set.Find(row); !ok {
		return before, false, nil
	}
	for k, at := range r.order {
		if k%checkEvery == 0 && ctx.Err() != nil {
			return before, false, ctx.Err()
		}
		if int(at) == row {
			return k, true, nil
		}
	}
	return before, false, nil
}

// arrive shows arranged rows, unless cursor or marks have changed meanwhile: then
// they are looked for again.
func (l *List[D]) arrive(a arranged[D]) tea.Cmd {
	if a.number != l.arrange.Number || a.err != nil {
		return nil
	}
	again := l.arrange.Again
	if a.place.change != l.change {
		var ctx context.Context
		l.arrange, ctx = l.arrange.Start()
		l.arrange.Again = again
		a.number = l.arrange.Number
		p, spec := l.place(), l.spec
		return screen.Work(func() tea.Msg { return p.in(ctx, spec, a) })
	}
	l.arrange = l.arrange.Stop()
	cmd := l.show(a)
	if again {
		cmd = tea.Batch(cmd, l.arrangeRows(false))
	}
	return cmd
}

// show replaces the rows.
func (l *List[D]) show(a arranged[D]) tea.Cmd {
	grown := l.spec.Identity == nil && a.rows.grownFrom(l.rows)
	var lost tea.Cmd
	if l.spec.Identity != nil && l.adding.Running() {
		// Rows have got other numbers, and the range is of the old ones.
		l.adding.Job = l.adding.Stop()
		lost = message.Request(message.Notice{Text: "the rows have changed: the range was not marked"})
	}
	l.data, l.rows, l.marks, l.lost, l.anchor = a.data, a.rows, a.marks, a.lost, a.anchor
	if a.onRow || !a.found && !l.asked {
		l.Forget()
	}
	l.toTop = false
	l.put(a.at)
	return tea.Batch(lost, l.searchRows(grown), l.seekAgain(), l.resume())
}
