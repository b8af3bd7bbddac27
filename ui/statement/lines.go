package statement

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/sqltext"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Line is a line of a text: visible, in parts that have a style of the theme.
type Line []widget.Span

// MaxLines is how many lines of a text are laid out: nobody scrolls further, and a
// megabyte of text in a narrow pane would make some ten thousand.
const MaxLines = 10_000

// hanging is how much further a line goes in that goes on from the one above.
const hanging = 4

// wrapper breaks text into lines of a width: at blanks where there are some, and where
// there are none anywhere, with a sign that the text goes on without one.
type wrapper struct {
	theme   *theme.Theme
	width   int
	hang    int // cells in front of what goes on from the line above
	lines   []Line
	current Line
	used    int // cells
	begun   int // cells of current that are only in front of the text
}

// add puts text behind what is there.
func (w *wrapper) add(text string, kind style) {
	text = w.theme.Notation.Text(text)
	for text != "" && len(w.lines) < MaxLines {
		part, cells := widget.Fitting(text, w.width-w.used)
		w.put(part, cells, kind.of(w.theme))
		if text = text[len(part):]; text == "" {
			return
		}
		if text[0] == ' ' && w.used > w.begun {
			text = text[1:] // the line ends in its place
			w.next(nil)
			continue
		}
		if part == "" && w.used <= w.begun {
			if w.begun == 0 {
				return // not a character fits
			}
			w.current, w.used, w.begun, w.hang = nil, 0, 0, 0
			continue
		}
		w.next(w.tail())
	}
}

func (w *wrapper) put(text string, cells int, style *lipgloss.Style) {
	if text == "" {
		return
	}
	w.current = append(w.current, widget.Span{Text: text, Style: style})
	w.used += cells
}

// indent puts blanks in front of a line.
func (w *wrapper) indent(cells int) {
	w.put(strings.Repeat(" ", cells), cells, plain.of(w.theme))
	w.begun = w.used
}

// tail takes from the end of a full line what goes to the next one: what is behind
// the last blank, or else as much as the sign has to have.
func (w *wrapper) tail() Line {
	at := 0 // cells
	for k := len(w.current) - 1; k >= 0; k-- {
		s := &w.current[k]
		if blank := strings.LastIndexByte(s.Text, ' '); blank >= 0 {
			if at = ansi.StringWidth(w.current[:k].text()) + ansi.StringWidth(s.Text[:blank]); at <= w.begun {
				break
			}
			tail := append(Line{{Text: s.Text[blank+1:], Style: s.Style}}, w.current[k+1:]...)
			w.current = append(w.current[:k:k], widget.Span{Text: s.Text[:blank], Style: s.Style})
			return tail
		}
	}
	if w.width-w.begun < 4 {
		return nil // the sign would be half of the text
	}
	room := w.width - 1
	for k, s := range w.current {
		part, cells := widget.Fitting(s.Text, room)
		if room -= cells; len(part) == len(s.Text) {
			continue
		}
		tail := append(Line{{Text: s.Text[len(part):], Style: s.Style}}, w.current[k+1:]...)
		w.current = append(w.current[:k:k], widget.Span{Text: part, Style: s.Style}, widget.Span{Text: w.theme.Glyph.Unbroken, Style: &w.theme.Faint})
		return tail
	}
	w.current = append(w.current, widget.Span{Text: w.theme.Glyph.Unbroken, Style: &w.theme.Faint})
	return nil
}

// next ends the line; the text goes on below, with a tail of this one in front.
func (w *wrapper) next(tail Line) {
	w.end()
	if w.hang > 0 {
		w.indent(w.hang)
	}
	for _, s := range tail {
		w.put(s.Text, ansi.StringWidth(s.Text), s.Style)
	}
}

func (w *wrapper) end() {
	if len(w.lines) < MaxLines {
		w.lines = append(w.lines, w.current)
	}
	w.current, w.used, w.begun = nil, 0, 0
}

// text is the text of a line.
func (l Line) text() string { return widget.Line(l) }

// Formatted lays a statement out: a line for each clause, and none wider than
// width cells.
func Formatted(t *theme.Theme, sql []byte, width int) []Line {
	w := wrapper{theme: t, width: max(1, width)}
	for _, l := range sqltext.Format(sql, w.width) {
		if len(w.lines) >= MaxLines {
			break
		}
		indent := min(l.Indent, w.width/2)
		w.indent(indent)
		w.hang = min(indent+hanging, w.width/2)
		for k, p := range l.Pieces {
			if p.Space && k > 0 {
				w.add(" ", plain)
			}
			w.add(string(sql[p.Start:p.End]), styleOf(p))
		}
		w.end()
	}
	return w.lines
}

// AsSent lays a text out as it is: broken at its own line ends and where a line
// is full. Tabs become spaces up to the next multiple of four.
func AsSent(t *theme.Theme, text []byte, width int) []Line {
	w := wrapper{theme: t, width: max(1, width)}
	for rest := string(text); len(w.lines) < MaxLines; {
		one, next, more := strings.Cut(rest, "\n")
		for {
			before, after, tab := strings.Cut(one, "\t")
			w.add(before, plain)
			if !tab {
				break
			}
			w.add("    "[w.used%4:], plain)
			one = after
		}
		w.end()
		if !more {
			break
		}
		rest = next
	}
	return w.lines
}
