package widget

import (
	"strings"

	"github.com/charmbracelet/lipgloss"

	"sqleuth/ui/theme"
)

// Cell is what is shown of a row under a column: Text in a style, or Spans. Text
// may come from a log; the list makes it visible.
type Cell struct {
	Text  string
	Style *lipgloss.Style // nil: ordinary text
	Spans []Span          // instead of Text, where parts have their own style
}

// Line is the text of the cell, whichever holds it.
func (c Cell) Line() string {
	if c.Spans != nil {
		return Line(c.Spans)
	}
	return c.Text
}

// None is the cell of what there is none of: a dash.
func None(t *theme.Theme) Cell { return Cell{Text: t.Glyph.Dash, Style: &t.Faint} }

// OrNone is a cell of a text, None where that is empty or the "-" that logs have for
// nothing.
func OrNone(t *theme.Theme, text string) Cell {
	if text == "" || text == "-" {
		return None(t)
	}
	return Cell{Text: text}
}

// Span is a part of a cell.
type Span struct {
	Text  string
	Style *lipgloss.Style
}

// Line is the text of spans.
func Line(spans []Span) string {
	if len(spans) == 1 {
		return spans[0].Text
	}
	var all strings.Builder
	for _, s := range spans {
		all.WriteString(s.Text)
	}
	return all.String()
}

// Part is what a line shows of the bytes from up to to of its text.
func Part(line []Span, from, to int) (out []Span) {
	begin := 0 // of the span, in the line
	for _, s := range line {
		lo, hi := max(from-begin, 0), min(to-begin, len(s.Text))
		if begin += len(s.Text); lo < hi {
			out = append(out, Span{Text: s.Text[lo:hi], Style: s.Style})
		}
	}
	return out
}

// Mark gives parts of a line, ascending ranges of bytes of its text, another
// style.
func Mark(line []Span, parts [][]int, style *lipgloss.Style) []Span {
	if len(parts) == 0 {
		return line
	}
	out := make([]Span, 0, len(line)+2*len(parts))
	begin := 0 // of the span, in the line
	for _, s := range line {
		for at, end := begin, begin+len(s.Text); at < end; {
			for len(parts) > 0 && parts[0][1] <= at {
				parts = parts[1:]
			}
			stop, look := end, s.Style
			if len(parts) > 0 && parts[0][0] < end {
				if parts[0][0] <= at {
					stop, look = min(end, parts[0][1]), style
				} else {
					stop = parts[0][0]
				}
			}
			out = append(out, Span{Text: s.Text[at-begin : stop-begin], Style: look})
			at = stop
		}
		begin += len(s.Text)
	}
	return out
}
