package list

import (
	"slices"

	"sqleuth/ui/message"
)

// arrangement is which columns there are, from left to right, and how wide. Nobody
// writes to it.
type arrangement struct {
	order  []int  // columns of the Spec; those that the analyst hides come too
	own    bool   // the order is not that of the Spec
	hidden []bool // by column: the analyst hides it
	width  []int  // by column: cells that the analyst wants, 0 for its own width
}

// arrangementOf is how the analyst arranged n columns; those that are not named are
// hidden, and nil is the arrangement of the Spec. index finds a column by its title.
func arrangementOf(columns []message.Column, n int, index func(title string) int) arrangement {
	a := arrangement{hidden: make([]bool, n), width: make([]int, n)}
	for _, c := range columns {
		if at := index(c.Title); at >= 0 && !slices.Contains(a.order, at) {
			a.order = append(a.order, at)
			a.hidden[at], a.width[at] = c.Hidden, c.Width
		}
	}
	named := len(a.order) > 0
	shown := -1
	for _, at := range a.order {
		a.own = a.own || !a.hidden[at] && at < shown
		if !a.hidden[at] {
			shown = max(shown, at)
		}
	}
	for at := range n {
		if !slices.Contains(a.order, at) {
			a.order = append(a.order, at)
			a.hidden[at] = named
		}
	}
	return a
}

// arrangeColumns takes how the analyst wants the columns.
func (l *List[D]) arrangeColumns(m message.Columns) {
	if l.spec.Kept == "" || m.List != l.spec.Kept {
		return
	}
	l.arranged = arrangementOf(m.Columns, len(l.spec.Columns), func(title string) int {
		return slices.IndexFunc(l.spec.Columns, func(c Column[D]) bool { return c.Title == title })
	})
	if l.hidden(l.column) {
		l.choose(1)
	}
}

// ColumnState is a column as it is on the screen.
type ColumnState struct {
	message.Column
	Name  string // as in its header
	Shown int    // its cells now; 0 where it is hidden, or there is no room
}

// Columns returns the columns from left to right, without those that make no sense
// now; none where they cannot be arranged, or there is no row to see it by.
func (l *List[D]) Columns() []ColumnState {
	if l.spec.Kept == "" || l.spec.Fixed || l.rows.len() == 0 {
		return nil
	}
	cells := make([]int, len(l.spec.Columns))
	for _, s := range l.layout() {
		cells[s.column] = s.width
	}
	var out []ColumnState
	for _, c := range l.arranged.order {
		if of := l.spec.Columns[c].Hidden; of == nil || !of(l.data) {
			out = append(out, ColumnState{
				Column: message.Column{Title: l.spec.Columns[c].Title, Hidden: l.arranged.hidden[c], Width: l.arranged.width[c]},
				Name:   l.title(c),
				Shown:  cells[c],
			})
		}
	}
	return out
}

// Titles returns the titles of all columns; none where they cannot be arranged.
func (l *List[D]) Titles() (titles []string) {
	if l.spec.Kept == "" || l.spec.Fixed {
		return nil
	}
	for k := range l.spec.Columns {
		titles = append(titles, l.spec.Columns[k].Title)
	}
	return titles
}

// slot is a column that is shown, with its width on this window.
type slot struct{ column, width int }

// layout chooses the columns that fit and gives each its width.
func (l *List[D]) layout() []slot {
	room := l.width - gutter
	shown := make([]slot, 0, len(l.spec.Columns))
	need := -1 // one space between columns
	for _, c := range l.arranged.order {
		if l.hidden(c) {
			continue
		}
		s := slot{c, l.columnWidth(c)}
		shown = append(shown, s)
		need += s.width + 1
	}
	for need > room {
		drop := l.leastNeeded(shown)
		if drop < 0 {
			break
		}
		need -= shown[drop].width + 1
		shown = slices.Delete(shown, drop, drop+1)
	}
	l.share(shown, room-need)
	return shown
}

// leastNeeded returns which of the columns goes first where they are too wide, -1
// for none. Of columns that the analyst has put into an order of their own, that is
// the last.
func (l *List[D]) leastNeeded(shown []slot) int {
	drop, most := -1, 0
	for k, s := range shown {
		p := l.priority(s.column)
		if p > 0 && l.arranged.own {
			p = k
		}
		if p > 0 && p >= most {
			drop, most = k, p
		}
	}
	return drop
}

// share gives the flexible columns what is left of the line, or takes what is
// missing where even the columns that stay are too wide. A column gets no more than
// its Most as long as others can use more.
func (l *List[D]) share(shown []slot, left int) {
	var flexible []int
	for k, s := range shown {
		if l.spec.Columns[s.column].Flex && l.arranged.width[s.column] == 0 {
			flexible = append(flexible, k)
		}
	}
	for rest := slices.Clone(flexible); left > 0; {
		full := slices.IndexFunc(rest, func(k int) bool {
			most := l.spec.Columns[shown[k].column].Most
			return most > 0 && most-shown[k].width <= left/len(rest)
		})
		if full < 0 && len(rest) > 0 {
			flexible = rest
		}
		if full < 0 {
			break
		}
		s := &shown[rest[full]]
		more := max(0, l.spec.Columns[s.column].Most-s.width)
		s.width += more
		left -= more
		rest = slices.Delete(rest, full, full+1)
	}
	for n, k := range flexible {
		width := max(1, shown[k].width+left/(len(flexible)-n))
		left -= width - shown[k].width
		shown[k].width = width
	}
}
