package list

import (
	"sqleuth/ui/widget"
)

// Column is one column of a list: its header, its cells, what it is sorted by and
// the filter term of a cell, in one value. A Spec lists them from left to right.
type Column[D any] struct {
	Title string
	// Name, where set, gives the title instead.
	Name func(d D) string
	// Zoned columns show times of the log; the title has the zone of Spec.Zone.
	Zoned bool

	Width int // in cells
	// Fit, where set, gives the width instead; window is that of the list.
	Fit func(d D, window int) int
	// Flex lets the column take what is left of the line; its width is then the
	// least that it should have. Long text is scrolled inside it.
	Flex bool
	// Most is how wide a flexible column may become as long as others can use the room;
	// 0 is without end.
	Most int
	// Alike is for a flexible column of long texts many of which begin in the same way: one
	// that begins as the one above it is shown from where it differs.
	Alike bool
	// Priority decides what goes first where the window is narrow: the column with
	// the highest number, of equals the rightmost. 0 stays.
	Priority int
	Right    bool // figures are aligned at the right
	// Hidden, where set, reports whether the column makes no sense now.
	Hidden func(d D) bool

	Cell func(d D, row int) widget.Cell
	// Bar, where set, gives the cell instead: what is drawn as long as there is
	// room, and is never scrolled.
	Bar func(d D, row, width int) widget.Cell

	// Aside is what is drawn of an aside; nil for nothing.
	Aside func(d D, k int) widget.Cell

	// Sort is what the rows are sorted by; nil where the column has no order.
	Sort Sort[D]
	// LargestFirst is for columns in which what matters is large: the first
	// s sorts them descending.
	LargestFirst bool

	// Term is the filter term that selects what a cell shows; nil is Spec.Term.
	Term func(d D, row int) string
}

// Wide is from how many cells on a list has room for words beside its text.
const Wide = 100

// Share is the width of a column whose text names what the others do: half of a narrow
// list, a third of a wide one.
func Share(window int) int {
	if window < Wide {
		return window / 2
	}
	return window / 3
}

// cell is what is drawn of a row or an aside in a column of some width.
func (col *Column[D]) cell(d D, row, width int) widget.Cell {
	switch {
	case row < 0 && col.Aside == nil:
		return widget.Cell{}
	case row < 0:
		return col.Aside(d, ^row)
	}
	if col.Bar != nil {
		return col.Bar(d, row, width)
	}
	return col.Cell(d, row)
}

// scrolls reports whether long text is scrolled in the column.
func (col *Column[D]) scrolls() bool { return col.Flex && col.Bar == nil }

// title is the text of a header.
func (l *List[D]) title(c int) string {
	col := &l.spec.Columns[c]
	title := col.Title
	if col.Name != nil {
		title = col.Name(l.data)
	}
	if col.Zoned {
		zone := "UTC"
		if l.spec.Zone != nil && l.spec.Len(l.data) > 0 { // else there may be no log
			zone = l.spec.Zone(l.data)
		}
		title += " (" + zone + ")"
	}
	return title
}

// hidden reports whether a column makes no sense now, or the analyst hides it.
func (l *List[D]) hidden(c int) bool {
	col := &l.spec.Columns[c]
	return l.arranged.hidden[c] || col.Hidden != nil && col.Hidden(l.data)
}

// Column returns the column of a title.
func (s *Spec[D]) Column(title string) *Column[D] { return &s.Columns[s.index(title)] }

// index returns the column of a title.
func (s *Spec[D]) index(title string) int {
	for c := range s.Columns {
		if s.Columns[c].Title == title {
			return c
		}
	}
	panic("list: no column " + title)
}
