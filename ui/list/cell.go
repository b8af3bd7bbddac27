package list

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// pen writes a line of cells. On a row under the cursor that is reversed as a
// whole, only what a search has found keeps its own style: others would end the
// reversed stretch.
type pen struct {
	theme   *theme.Theme
	cursor  bool // on the row under the cursor
	done    strings.Builder
	pending strings.Builder // in the style of the cursor
	cells   int
}

// write appends visible text; nil is the ordinary style.
func (p *pen) write(text string, style *lipgloss.Style) {
	p.cells += cells(text)
	if text == "" {
		return
	}
	if p.cursor && style != nil {
		if bar, ok := p.theme.OnCursor(style); ok {
			p.flush()
			p.done.WriteString(bar.Render(text))
			return
		}
	}
	switch {
	case p.cursor && style != &p.theme.Match:
		p.pending.WriteString(text)
	case style == nil:
		p.done.WriteString(text)
	default:
		p.flush()
		p.done.WriteString(style.Render(text))
	}
}

func (p *pen) flush() {
	if p.pending.Len() > 0 {
		p.done.WriteString(p.theme.Cursor.Render(p.pending.String()))
		p.pending.Reset()
	}
}

// line ends the line, in at most width cells, and under the cursor in as many.
func (p *pen) line(width int) string {
	if p.cursor {
		p.write(strings.Repeat(" ", max(0, width-p.cells)), nil)
		p.flush()
	}
	if p.cells <= width {
		return p.done.String()
	}
	return ansi.Truncate(p.done.String(), width, "")
}

// cells is how many cells a visible text takes. Most are ASCII, a cell for each
// byte.
func cells(text string) int {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return ansi.StringWidth(text)
		}
	}
	return len(text)
}

// bytesPerCell bounds the bytes that are looked at for one cell: a character of
// four bytes with two combining marks.
const bytesPerCell = 12

// cell draws a cell in exactly width cells.
func (l *List[D]) cell(p *pen, c widget.Cell, col *Column[D], width int) {
	from := 0
	if col.scrolls() {
		from = max(0, l.left)
	}
	if c.Spans != nil {
		l.spans(p, c.Spans, from, width)
		return
	}
	text := widget.Shift(l.theme, c.Text, from, width)
	fill := strings.Repeat(" ", max(0, width-cells(text)))
	if col.Right {
		p.write(fill, nil)
	}
	for _, s := range l.highlight([]widget.Span{{Text: text, Style: c.Style}}) {
		p.write(s.Text, s.Style)
	}
	if !col.Right {
		p.write(fill, nil)
	}
}

// spans draws the width cells of spans that begin at cell from, an ellipsis
// where more follows.
func (l *List[D]) spans(p *pen, spans []widget.Span, from, width int) {
	var segments []widget.Span
	limit, wide, more := (from+width)*bytesPerCell, 0, false
	for _, s := range spans {
		if wide > from+width || limit <= 0 {
			more = true
			break
		}
		text, cut := l.theme.Notation.Line(s.Text, limit)
		more = more || cut
		limit -= len(s.Text)
		wide += cells(text)
		segments = append(segments, widget.Span{Text: text, Style: s.Style})
	}
	more = more || wide > from+width
	room, skip := width, from
	if more {
		room--
	}
	for _, s := range l.highlight(segments) {
		n := cells(s.Text)
		if skip >= n {
			skip -= n
			continue
		}
		if skip > 0 {
			s.Text, skip = ansi.TruncateLeft(s.Text, skip, ""), 0
			n = cells(s.Text)
		}
		full := n > room
		if full {
			s.Text = ansi.Truncate(s.Text, room, "")
			n = cells(s.Text)
		}
		p.write(s.Text, s.Style)
		if room -= n; full {
			break
		}
	}
	p.write(strings.Repeat(" ", max(0, room)), nil)
	if more {
		p.write(l.theme.Glyph.Ellipsis, nil)
	}
}

// highlight gives what the search has found in a line its style.
func (l *List[D]) highlight(line []widget.Span) []widget.Span {
	if l.search.pattern == nil {
		return line
	}
	return widget.Mark(line, l.matches(widget.Line(line)), &l.theme.Match)
}
