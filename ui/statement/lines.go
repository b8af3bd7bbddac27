package statement

import (
	"strings"

	"sqleuth/analysis/sqltext"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Line is a line of a text: visible, in parts that have a style of the theme.
type Line []widget.Span

// MaxLines is how many lines of a text are laid out: nobody scrolls further, and a
// megabyte of text in a narrow pane would make some ten thousand.
const MaxLines = 10_000

// wrapper breaks text into lines of a width.
type wrapper struct {
	theme   *theme.Theme
	width   int
	lines   []Line
	current Line
	used    int // cells
}

// add puts text behind what is there, broken wherever a line is full.
func (w *wrapper) add(text string, kind style) {
	text = w.theme.Notation.Text(text)
	for text != "" && len(w.lines) < MaxLines {
		if w.used >= w.width {
			w.end()
		}
		part, cells := widget.Fitting(text, w.width-w.used)
		if part == "" { // a wide character does not fit any more
			if w.used == 0 {
				return
			}
			w.end()
			continue
		}
		w.current = append(w.current, widget.Span{Text: part, Style: kind.of(w.theme)})
		w.used += cells
		text = text[len(part):]
	}
}

func (w *wrapper) end() {
	if len(w.lines) < MaxLines {
		w.lines = append(w.lines, w.current)
	}
	w.current, w.used = nil, 0
}

// Formatted lays a statement out: a line for each clause, and none wider than
// width cells.
func Formatted(t *theme.Theme, sql []byte, width int) []Line {
	w := wrapper{theme: t, width: max(1, width)}
	for _, l := range sqltext.Format(sql, w.width) {
		if len(w.lines) >= MaxLines {
			break
		}
		if indent := min(l.Indent, w.width/2); indent > 0 {
			w.add(strings.Repeat(" ", indent), plain)
		}
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
