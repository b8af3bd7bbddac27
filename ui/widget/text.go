package widget

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/theme"
)

// bytesPerCell bounds the bytes that are looked at for one cell: a character of
// four bytes with two combining marks.
const bytesPerCell = 12

// Clip makes text visible and cuts it to width cells, with an ellipsis where
// something is missing. Its cost depends on width, not on text.
func Clip(t *theme.Theme, text string, width int) string {
	if width <= 0 {
		return ""
	}
	line, cut := t.Notation.Line(text, width*bytesPerCell)
	if cut {
		// More than width cells are there, or so many zero-width marks that
		// the rest does not matter.
		line += t.Glyph.Ellipsis
	}
	if len(line) <= width { // no character has more cells than bytes
		return line
	}
	return ansi.Truncate(line, width, t.Glyph.Ellipsis)
}

// Middle is Clip with the end of a text that is too long, whose middle is left out.
func Middle(t *theme.Theme, text string, width int) string {
	end := width / 2
	// Of a text that is cut, two cells more show it also where the last one is wide.
	if end < 4 || cells(Clip(t, text, width+2)) <= width {
		return Clip(t, text, width)
	}
	last, _ := t.Notation.Line(strings.ToValidUTF8(text[max(0, len(text)-end*bytesPerCell):], ""), end*bytesPerCell)
	tail := ansi.TruncateLeft(last, cells(last)-end, "")
	if cells(tail) > end { // the first character was cut in two
		tail = ansi.TruncateLeft(tail, 2, "")
	}
	return Clip(t, text, width-end) + tail
}

// Fit is Clip, filled with spaces to exactly width cells.
func Fit(t *theme.Theme, text string, width int) string {
	return Pad(Clip(t, text, width), width)
}

// FitRight is Fit with the text at the right end, as figures are.
func FitRight(t *theme.Theme, text string, width int) string {
	line := Clip(t, text, width)
	return strings.Repeat(" ", max(0, width-cells(line))) + line
}

// Shift makes text visible and returns the width cells of it that begin at
// cell from.
func Shift(t *theme.Theme, text string, from, width int) string {
	if from <= 0 {
		return Clip(t, text, width)
	}
	if width <= 0 {
		return ""
	}
	line, cut := t.Notation.Line(text, (from+width)*bytesPerCell)
	if cut || cells(line) > from+width {
		return Pad(ansi.Cut(line, from, from+width-1), width-1) + t.Glyph.Ellipsis
	}
	return ansi.Cut(line, from, from+width)
}

// Wrap makes text visible and breaks it into lines of at most width cells, at
// the text's own line breaks and where a line is full; tabs become spaces up to
// the next multiple of four. No more than lines lines are made; more reports
// whether text went on.
func Wrap(t *theme.Theme, text string, width, lines int) (out []string, more bool) {
	width = max(1, width)
	if limit := (width + 1) * bytesPerCell * max(0, lines); len(text) > limit {
		text, more = text[:limit], true
	}
	for rest := text; ; {
		line, next, found := strings.Cut(rest, "\n")
		line = t.Notation.Text(expandTabs(strings.TrimSuffix(line, "\r")))
		for first := true; first || line != ""; first = false {
			if len(out) >= lines {
				return out, true
			}
			var head string
			head, line = breakOff(t, line, width)
			out = append(out, head)
		}
		if !found {
			return out, more
		}
		rest = next
	}
}

// Prose makes a short text visible and breaks it between words into lines of at
// most width cells. No more than lines lines are made; where text went on, the
// last one ends in an ellipsis.
func Prose(t *theme.Theme, text string, width, lines int) []string {
	if width <= 0 || lines <= 0 {
		return nil
	}
	line, cut := t.Notation.Line(text, (width+1)*bytesPerCell*lines)
	out := breakWords(t, line, width)
	if len(out) > lines {
		out, cut = out[:lines], true
	}
	if last := len(out) - 1; cut {
		out[last] = ansi.Truncate(strings.TrimRight(out[last], " "), width-1, "") + t.Glyph.Ellipsis
	}
	return out
}

// breakOff cuts off a visible text what fills a line of width cells. A wide
// character that has only one cell gives way to an ellipsis.
func breakOff(t *theme.Theme, text string, width int) (line, rest string) {
	line, _ = Fitting(text, width)
	if line == "" && text != "" {
		_, size := utf8.DecodeRuneInString(text)
		return t.Glyph.Ellipsis, text[size:]
	}
	return line, text[len(line):]
}

// Fitting returns the beginning of a visible text that fits into room cells, and
// how many it takes. Only as much is measured as can fit: the text may be a
// megabyte.
func Fitting(text string, room int) (part string, width int) {
	n := 0
	for n < len(text) && n < room && text[n] < utf8.RuneSelf {
		n++
	}
	if n == len(text) || n == room && text[n] < utf8.RuneSelf {
		return text[:n], n // ASCII: a cell for each byte
	}
	limit := min(len(text), room*bytesPerCell)
	for limit < len(text) && limit > 0 && !utf8.RuneStart(text[limit]) {
		limit-- // no character is split
	}
	part = ansi.Truncate(text[:limit], room, "")
	return part, cells(part)
}

// expandTabs replaces tabs by spaces up to the next multiple of four bytes,
// which is the next multiple of four cells where indentation is.
func expandTabs(line string) string {
	if !strings.Contains(line, "\t") {
		return line
	}
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		if line[i] != '\t' {
			b.WriteByte(line[i])
			continue
		}
		b.WriteString("    "[b.Len()%4:])
	}
	return b.String()
}

// Pad fills a visible line with spaces to width cells.
func Pad(line string, width int) string {
	return line + strings.Repeat(" ", max(0, width-cells(line)))
}

// Lay makes a block exactly width cells wide and height lines high. Lines must
// be made of visible text; styles are kept.
func Lay(block string, width, height int) string {
	if width <= 0 || height <= 0 {
		return ""
	}
	lines := strings.Split(block, "\n")
	out := make([]string, height)
	for i := range out {
		if i < len(lines) {
			out[i] = Pad(ansi.Truncate(lines[i], width, ""), width)
		} else {
			out[i] = strings.Repeat(" ", width)
		}
	}
	return strings.Join(out, "\n")
}

// cells is how many cells a text takes, styles not counted.
func cells(text string) int { return ansi.StringWidth(text) }
