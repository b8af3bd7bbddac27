package list

import (
	"regexp"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/widget"
)

// gutter is the cells in front of a row: the cursor's sign and the mark's.
const gutter = 2

// WithFacts is the Room of a list with a status and with facts, as high as the window
// allows.
func WithFacts(height int) Room {
	var r Room
	switch {
	case height >= 14:
		r.Facts = 3
	case height >= 8:
		r.Facts = 1
	}
	if height >= 4 {
		r.Status = 1
	}
	return r
}

// room shares the body out.
func (l *List[D]) room() Room {
	if l.spec.Room == nil {
		return Room{}
	}
	r := l.spec.Room(l.data, l.height)
	if r.Facts > 1 {
		r.Facts += max(0, min(moreFacts, l.height-r.Heading-r.Status-r.Facts-1-l.rows.len()))
	}
	return r
}

// moreFacts is how many lines more the facts have where the rows leave them.
const moreFacts = 2

// tableHeight is the lines of header and rows.
func (l *List[D]) tableHeight() int {
	r := l.room()
	lines := max(0, l.height-r.Heading-r.Status-r.Facts)
	if l.spec.About != nil {
		lines = l.details.TableHeight(l.rows.len(), lines)
	}
	return lines
}

// header is the lines above the rows: none where every line counts.
func (l *List[D]) header() int {
	if l.tableHeight() < 3 {
		return 0
	}
	return 1
}

// page is how many rows there is room for.
func (l *List[D]) page() int { return max(0, l.tableHeight()-l.header()) }

// View draws the body: heading, rows, and what Spec has about the row under the
// cursor. Of the lines of heading those are shown that there is room for.
func (l *List[D]) View(heading ...string) string {
	if l.width <= 0 || l.height <= 0 {
		return ""
	}
	r := l.room()
	lines := append([]string(nil), heading[:min(len(heading), r.Heading)]...)
	lines = append(lines, l.table()...)
	if r.Status > 0 {
		lines = append(lines, l.theme.Faint.Render(widget.Clip(l.theme, l.Summary(), l.width)))
	}
	if row, ok := l.Current(); ok && r.Facts > 0 {
		lines = append(lines, pack(l.theme, l.spec.Facts(l.data, row), l.width, r.Facts)...)
	}
	if l.spec.About != nil {
		details := l.details
		details.Mark(l.search.pattern)
		return details.View(lines, l.about())
	}
	return strings.Join(lines[:min(len(lines), l.height)], "\n")
}

// Found is the pattern that was searched for, to be marked wherever a row is shown;
// nil for none.
func (l *List[D]) Found() *regexp.Regexp { return l.search.pattern }

// about returns the paragraphs of the pane.
func (l *List[D]) about() []string {
	if row, ok := l.Current(); ok {
		return l.spec.About(l.data, row)
	}
	return nil
}

// Empty draws in words why there are no rows.
func (l *List[D]) Empty(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, widget.Prose(l.theme, line, l.width, l.height)...)
	}
	return l.theme.Faint.Render(strings.Join(lines[:min(len(lines), max(0, l.height))], "\n"))
}

// Status returns where the cursor is, and what is marked and found: "17 of 126,590,
// 3 marked, /users: 3 of 1,870".
func (l *List[D]) Status() string {
	if l.rows.len() == 0 {
		return "none"
	}
	n := l.rows.without(l.cursor)
	s := widget.Count(n+1) + " of " + widget.Count(l.rows.count())
	if _, aside := l.CurrentAside(); aside {
		s = l.spec.Aside.Name + " behind " + widget.Count(n) + " of " + widget.Count(l.rows.count())
	}
	if from, to, ok := l.openRange(); ok {
		s += ", marking " + widget.Count(l.rows.without(to)-l.rows.without(from))
	}
	if marking := l.Marking(); marking != "" {
		s += ", " + marking
	}
	if found := l.searchStatus(); found != "" {
		s += ", " + found
	}
	return s
}

// Marking returns how many rows are marked, and how many of them the filters hide:
// "3 marked (2 hidden)"; empty for none.
func (l *List[D]) Marking() string {
	n := l.marks.Len()
	if n == 0 {
		return ""
	}
	s := widget.Count(n) + " marked"
	if shown, more := l.countMarks(); !more && shown < n {
		s += " (" + widget.Count(n-shown) + " hidden)"
	}
	return s
}

// Summary is Status with the order of the rows and what + and - would do.
func (l *List[D]) Summary() string {
	parts := []string{l.Status()}
	switch c := l.sort.column; {
	case l.arrange.Running() && c >= 0:
		parts = append(parts, "sorting by "+l.title(c)+l.theme.Glyph.Ellipsis)
	case c >= 0 && l.sort.descending:
		parts = append(parts, "by "+l.title(c)+", largest first")
	case c >= 0:
		parts = append(parts, "by "+l.title(c))
	}
	if term := l.Focus().Term; term != "" {
		parts = append(parts, "+ keep, - hide "+term)
	}
	return strings.Join(parts, " "+l.theme.Glyph.Separator+" ")
}

// Sorted reports whether a column sorts the rows, other than at the start.
func (l *List[D]) Sorted() bool { return l.sort != l.firstOrder() }

// columnWidth is the least that a column should have.
func (l *List[D]) columnWidth(c int) int {
	col := &l.spec.Columns[c]
	width := col.Width
	switch wanted := l.arranged.width[c]; {
	case wanted > 0:
		width = wanted
	case col.Fit != nil:
		width = col.Fit(l.data, l.width)
	}
	sign := 0 // the room of the sign of the order
	if c == l.sort.column || c == l.column && col.Sort != nil {
		sign = 1
	}
	switch c {
	case l.column:
		return max(width, ansi.StringWidth(l.title(c))+len("[]")+sign)
	case l.sort.column:
		return max(width, ansi.StringWidth(l.title(c))+sign)
	}
	return width
}

// priority is 0 for what the keys of the column cursor act on, and for what the
// rows are sorted by: else nothing shows why they are in this order.
func (l *List[D]) priority(c int) int {
	if c == l.column || c == l.sort.column {
		return 0
	}
	return l.spec.Columns[c].Priority
}

// Shows reports whether there is room for the column of a title.
func (l *List[D]) Shows(title string) bool {
	c := l.spec.index(title)
	return slices.ContainsFunc(l.layout(), func(s slot) bool { return s.column == c })
}

// table draws header and rows.
func (l *List[D]) table() []string {
	height := l.tableHeight()
	if height <= 0 {
		return nil
	}
	shown := l.layout()
	lines := make([]string, 0, height)
	if l.header() > 0 {
		lines = append(lines, l.head(shown))
	}
	from, to := l.Visible()
	for k := from; k < to; k++ {
		lines = append(lines, l.row(k, shown))
	}
	for len(lines) < height {
		lines = append(lines, "")
	}
	return lines
}

func (l *List[D]) head(shown []slot) string {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", min(gutter, l.width)))
	for k, s := range shown {
		if k > 0 {
			b.WriteByte(' ')
		}
		style, title := l.theme.Column, l.title(s.column)
		if s.column == l.column {
			title = "[" + title + "]"
		}
		if s.column == l.sort.column {
			sign := l.theme.Glyph.Ascending
			if l.sort.descending {
				sign = l.theme.Glyph.Falling
			}
			style = l.theme.Sorted
			title = widget.Clip(l.theme, title, s.width-1) + sign
		}
		text := widget.Clip(l.theme, title, s.width)
		fill := strings.Repeat(" ", max(0, s.width-ansi.StringWidth(text)))
		if l.spec.Columns[s.column].Right {
			b.WriteString(fill + style.Render(text))
		} else {
			b.WriteString(style.Render(text) + fill)
		}
	}
	return ansi.Truncate(b.String(), l.width, "")
}

// row draws the row at a position.
func (l *List[D]) row(k int, shown []slot) string {
	g := &l.theme.Glyph
	row := l.rows.at(k)
	here, marked := k == l.cursor, l.marks.Has(row)
	sign, mark := " ", " "
	if here {
		sign = g.Cursor
	}
	from, to, open := l.openRange()
	switch {
	case marked:
		mark = g.Mark
	case open && from <= k && k < to:
		mark = g.Range
	}
	if here {
		mark = l.theme.Cursor.Render(mark)
	}
	p := pen{theme: l.theme, cursor: here}
	known := row < l.spec.Len(l.data)
	for n, s := range shown {
		if n > 0 {
			p.write(" ", nil)
		}
		if !known {
			p.write(strings.Repeat(" ", s.width), nil)
			continue
		}
		col := &l.spec.Columns[s.column]
		c := col.cell(l.data, row, s.width)
		if shown, ok := l.telling(c, col, k, s.width); ok {
			c = shown
		}
		l.cell(&p, c, col, s.width)
	}
	line := p.line(max(0, l.width-gutter))
	if marked && !here {
		mark = l.theme.Marked.Render(mark)
	}
	if l.width < gutter {
		return sign
	}
	return sign + mark + line
}
