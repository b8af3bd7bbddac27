package widget

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/theme"
)

// Column is one column of a Table.
type Column struct {
	Title string
	Width int // cells
	// Flex lets the column take what is left of the line; Width is then the
	// least that it should have. The left and right keys scroll inside it.
	Flex bool
	// Priority says what goes first when the window is narrow: the column with
	// the highest number, of equals the rightmost. 0 stays.
	Priority int
	Right    bool // figures stand at the right
	Sortable bool
	// LargestFirst says how the column is sorted first, where what stands out is
	// large.
	LargestFirst bool
}

// Cell is what stands in a row under a column: Text in a style, or Spans. Text
// may come from a log; the table makes it visible.
type Cell struct {
	Text  string
	Style *lipgloss.Style // nil: ordinary text
	Spans []Span          // instead of Text, where parts have their own style
}

// Span is a part of a cell.
type Span struct {
	Text  string
	Style *lipgloss.Style
}

// Table is a virtual table: it knows how many rows there are and asks for those
// that are on the screen. Its cost does not depend on the number of rows. Cursor
// and marks are positions: whoever puts the rows in another order says so by
// Rearrange, or by SetCursor and SetMarks.
type Table struct {
	Columns []Column
	// SortColumn is the column by which the rows are sorted, -1 for their
	// natural order; Descending says in which direction.
	SortColumn int
	Descending bool

	theme         *theme.Theme
	width, height int
	rows          int
	cursor, top   int
	left          int // cells by which flexible columns are scrolled
	marks         Marks
	anchor        int // where the range being marked begins, -1 for none
}

// gutter is the cells in front of a row: the cursor's sign and the mark's.
const gutter = 2

// NewTable makes an empty table in natural order.
func NewTable(t *theme.Theme, columns ...Column) Table {
	return Table{Columns: columns, SortColumn: -1, theme: t, anchor: -1}
}

// Event says what a key did to a table.
type Event uint8

// The events.
const (
	Ignored Event = iota // the key is not the table's
	Moved                // the cursor moved, or the text was scrolled
	Marked               // marks changed
	Sorted               // SortColumn or Descending changed: the rows must be put in that order
)

// Update handles a key. Keys: TableKeys.
func (t *Table) Update(msg tea.KeyMsg) Event {
	k := &tableKeys
	page := max(1, t.page()-1)
	switch {
	case msg.Paste: // pasted text is never a command
		return Ignored
	case key.Matches(msg, k.Up):
		t.SetCursor(t.cursor - 1)
	case key.Matches(msg, k.Down):
		t.SetCursor(t.cursor + 1)
	case key.Matches(msg, k.PageUp):
		t.SetCursor(t.cursor - page)
	case key.Matches(msg, k.PageDown):
		t.SetCursor(t.cursor + page)
	case key.Matches(msg, k.Top):
		t.SetCursor(0)
	case key.Matches(msg, k.Bottom):
		t.SetCursor(t.rows - 1)
	case key.Matches(msg, k.Left):
		t.left = max(0, t.left-scrollStep)
	case key.Matches(msg, k.Right):
		t.left += scrollStep
	case key.Matches(msg, k.Mark):
		if t.rows == 0 {
			return Ignored
		}
		t.anchor = -1
		t.marks = t.marks.Toggle(t.cursor)
		t.SetCursor(t.cursor + 1)
		return Marked
	case key.Matches(msg, k.Range):
		if t.rows == 0 {
			return Ignored
		}
		if t.anchor < 0 {
			t.anchor = t.cursor
			return Marked
		}
		t.marks = t.marks.Add(min(t.anchor, t.cursor), max(t.anchor, t.cursor)+1)
		t.anchor = -1
		return Marked
	case key.Matches(msg, k.Sort):
		return t.sortNext()
	case key.Matches(msg, k.Reverse):
		if t.SortColumn < 0 {
			return t.sortNext()
		}
		t.Descending = !t.Descending
		return Sorted
	default:
		return Ignored
	}
	return Moved
}

// scrollStep is how many cells the left and right keys scroll.
const scrollStep = 8

// sortNext takes the next sortable column, and behind the last one the natural
// order again.
func (t *Table) sortNext() Event {
	for c := t.SortColumn + 1; c < len(t.Columns); c++ {
		if t.Columns[c].Sortable {
			t.SortColumn, t.Descending = c, t.Columns[c].LargestFirst
			return Sorted
		}
	}
	if t.SortColumn < 0 {
		return Ignored
	}
	t.SortColumn, t.Descending = -1, false
	return Sorted
}

// SetSize gives the cells that View may use.
func (t *Table) SetSize(width, height int) {
	t.width, t.height = width, height
	t.follow()
}

// SetLen says how many rows there are.
func (t *Table) SetLen(n int) {
	t.rows = n
	if t.anchor >= n {
		t.anchor = -1
	}
	t.marks = t.marks.Remove(n, int(^uint(0)>>1))
	t.SetCursor(t.cursor)
}

// MaxKept is how many marks are looked for where rows change their places;
// looking for them costs time in proportion.
const MaxKept = 1 << 11

// Rearrange says that there are now n rows, and others in their places: to gives
// the position that a row has now, false where it is gone. Cursor and marks stay
// on their rows, the cursor of a row that is gone in its place. More than MaxKept
// marks are taken away; lost says so.
func (t *Table) Rearrange(n int, to func(row int) (now int, ok bool)) (lost bool) {
	var marked []int
	if lost = t.marks.Len() > MaxKept; !lost {
		for row := range t.marks.Rows() {
			if now, ok := to(row); ok {
				marked = append(marked, now)
			}
		}
	}
	cursor := t.cursor
	if t.rows > 0 {
		if now, ok := to(cursor); ok {
			cursor = now
		}
	}
	t.SetMarks(Marks{})
	t.SetLen(n)
	t.SetMarks(MarksOf(marked))
	t.SetCursor(cursor)
	return lost
}

// Len returns how many rows there are.
func (t *Table) Len() int { return t.rows }

// SetCursor puts the cursor on row i, or the nearest that there is.
func (t *Table) SetCursor(i int) {
	t.cursor = max(0, min(i, t.rows-1))
	t.follow()
}

// Cursor returns the row under the cursor, false where there are no rows.
func (t *Table) Cursor() (int, bool) { return t.cursor, t.cursor < t.rows }

// Visible returns the rows that are on the screen, to not included.
func (t *Table) Visible() (from, to int) { return t.top, min(t.rows, t.top+t.page()) }

// Marks returns the marked rows; a range that is being marked is not among
// them.
func (t *Table) Marks() Marks { return t.marks }

// SetMarks replaces the marked rows.
func (t *Table) SetMarks(m Marks) { t.marks, t.anchor = m, -1 }

// Escape ends the range being marked, or else takes the marks away; false where
// there is neither.
func (t *Table) Escape() bool {
	switch {
	case t.anchor >= 0:
		t.anchor = -1
	case t.marks.Len() > 0:
		t.marks = Marks{}
	default:
		return false
	}
	return true
}

// Status says where the cursor stands: "17 of 126,590, 3 marked".
func (t *Table) Status() string {
	if t.rows == 0 {
		return "none"
	}
	s := Count(t.cursor+1) + " of " + Count(t.rows)
	if t.anchor >= 0 {
		s += ", marking " + Count(max(t.anchor, t.cursor)-min(t.anchor, t.cursor)+1)
	}
	if n := t.marks.Len(); n > 0 {
		s += ", " + Count(n) + " marked"
	}
	return s
}

// heading is the lines above the rows: none where every line counts.
func (t *Table) heading() int {
	if t.height < 3 {
		return 0
	}
	return 1
}

func (t *Table) page() int { return max(0, t.height-t.heading()) }

// follow moves the window so that it shows the cursor and no more empty lines
// than it must.
func (t *Table) follow() {
	page := max(1, t.page())
	t.top = min(t.top, t.cursor)
	t.top = max(t.top, t.cursor-page+1)
	t.top = max(0, min(t.top, t.rows-page))
}

// View draws the table. Rows is asked once, for the rows from to to-1 that are
// on the screen, and gives a Cell for each of Columns, shown or not; a short
// answer leaves lines empty.
func (t *Table) View(rows func(from, to int) [][]Cell) string {
	if t.width <= 0 || t.height <= 0 {
		return ""
	}
	shown := t.layout()
	lines := make([]string, 0, t.height)
	if t.heading() > 0 {
		lines = append(lines, t.head(shown))
	}
	from, to := t.Visible()
	var drawn [][]Cell
	if from < to {
		drawn = rows(from, to)
	}
	for i := range to - from {
		var row []Cell
		if i < len(drawn) {
			row = drawn[i]
		}
		lines = append(lines, t.row(from+i, shown, row))
	}
	for len(lines) < t.height {
		lines = append(lines, "")
	}
	return strings.Join(lines, "\n")
}

// slot is a column that is shown, with its width on this window.
type slot struct{ column, width int }

// layout chooses the columns that fit and gives each its width.
func (t *Table) layout() []slot {
	room := t.width - gutter
	shown := make([]slot, 0, len(t.Columns))
	need := -1 // one space between columns
	for c, col := range t.Columns {
		if c == t.SortColumn {
			col.Width = max(col.Width, cells(col.Title)+1) // the sign of the order
		}
		shown = append(shown, slot{c, col.Width})
		need += col.Width + 1
	}
	for need > room {
		drop := -1
		for k, s := range shown {
			// What the rows are sorted by stays: else nothing says why they stand so.
			if p := t.Columns[s.column].Priority; p > 0 && s.column != t.SortColumn && (drop < 0 || p >= t.Columns[shown[drop].column].Priority) {
				drop = k
			}
		}
		if drop < 0 {
			break
		}
		need -= shown[drop].width + 1
		shown = append(shown[:drop], shown[drop+1:]...)
	}
	var flexible []int
	for k, s := range shown {
		if t.Columns[s.column].Flex {
			flexible = append(flexible, k)
		}
	}
	for n, k := range flexible {
		// Negative where even the columns that stay are too wide.
		share := (room - need) / (len(flexible) - n)
		width := max(1, shown[k].width+share)
		need += width - shown[k].width
		shown[k].width = width
	}
	return shown
}

func (t *Table) head(shown []slot) string {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", min(gutter, t.width)))
	for k, s := range shown {
		if k > 0 {
			b.WriteByte(' ')
		}
		col, style, title := t.Columns[s.column], t.theme.Column, t.Columns[s.column].Title
		if s.column == t.SortColumn {
			sign := t.theme.Glyph.Ascending
			if t.Descending {
				sign = t.theme.Glyph.Falling
			}
			style = t.theme.Sorted
			title = Clip(t.theme, title, s.width-1) + sign
		}
		text := Clip(t.theme, title, s.width)
		fill := strings.Repeat(" ", max(0, s.width-cells(text)))
		if col.Right {
			b.WriteString(fill + style.Render(text))
		} else {
			b.WriteString(style.Render(text) + fill)
		}
	}
	return ansi.Truncate(b.String(), t.width, "")
}

func (t *Table) row(i int, shown []slot, row []Cell) string {
	g := &t.theme.Glyph
	here, marked := i == t.cursor, t.marks.Has(i)
	sign, mark := " ", " "
	if here {
		sign = g.Cursor
	}
	switch {
	case marked:
		mark = g.Mark
	case t.anchor >= 0 && i >= min(t.anchor, t.cursor) && i <= max(t.anchor, t.cursor):
		mark = g.Range
	}
	var b strings.Builder
	for k, s := range shown {
		if k > 0 {
			b.WriteByte(' ')
		}
		if s.column < len(row) {
			// On the row under the cursor the reversed line says enough; styles
			// inside it would end it.
			b.WriteString(t.cell(row[s.column], t.Columns[s.column], s.width, here))
		} else {
			b.WriteString(strings.Repeat(" ", s.width))
		}
	}
	line := ansi.Truncate(b.String(), max(0, t.width-gutter), "")
	switch {
	case here:
		line = t.theme.Cursor.Render(Pad(line, t.width-gutter))
	case marked:
		mark = t.theme.Marked.Render(mark)
	}
	if t.width < gutter {
		return sign
	}
	return sign + mark + line
}

// cell draws one cell in exactly width cells.
func (t *Table) cell(c Cell, col Column, width int, plain bool) string {
	from := 0
	if col.Flex {
		from = t.left
	}
	if c.Spans != nil {
		return t.spans(c.Spans, from, width, plain)
	}
	text := Shift(t.theme, c.Text, from, width)
	fill := strings.Repeat(" ", max(0, width-cells(text)))
	if !plain && c.Style != nil {
		text = c.Style.Render(text)
	}
	if col.Right {
		return fill + text
	}
	return text + fill
}

func (t *Table) spans(spans []Span, from, width int, plain bool) string {
	var b strings.Builder
	limit := (from + width) * bytesPerCell
	wide, more := 0, false
	for _, s := range spans {
		if wide > from+width || limit <= 0 {
			more = true
			break
		}
		text, cut := t.theme.Notation.Line(s.Text, limit)
		more = more || cut
		limit -= len(s.Text)
		wide += cells(text)
		if !plain && s.Style != nil {
			text = s.Style.Render(text)
		}
		b.WriteString(text)
	}
	line := b.String()
	if from > 0 {
		line = ansi.TruncateLeft(line, from, "")
		wide -= from
	}
	if wide > width || more {
		return Pad(ansi.Truncate(line, max(0, width-1), ""), width-1) + t.theme.Glyph.Ellipsis
	}
	return Pad(line, width)
}
