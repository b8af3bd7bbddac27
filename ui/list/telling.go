package list

import (
	"strings"
	"unicode/utf8"

	"sqleuth/ui/widget"
)

// Where a text is longer than its column, its beginning is shown, unless that would be no
// use: of a row that a search has found what it found is shown, and a row that begins as
// the one above it is shown from where it differs. In front stays the first word, such as
// a statement's verb. Scrolling shows the text as it is.

// beginning is the value of List.left at which all texts are shown from their beginning;
// at 0 from their telling part.
const beginning = -1

// leadShare and contextShare are the parts of a column's width, as divisors, that the
// first word and what is before the telling part may take.
const leadShare, contextShare = 4, 3

// shortest is the narrowest column in which a text is cut in its middle, in cells.
const shortest = 20

// telling returns what is shown of a cell of the row at position k instead of its
// beginning; false where that is shown.
func (l *List[D]) telling(c widget.Cell, col *Column[D], k, width int) (shown widget.Cell, ok bool) {
	if !col.scrolls() || l.left != 0 || width < shortest {
		return shown, false
	}
	text := c.Line()
	if len(text) <= width {
		return shown, false
	}
	at, end := 0, 0
	if found := l.matches(text); len(found) > 0 {
		at, end = found[0][0], l.cells(text[:found[0][1]])
	} else if col.Alike {
		at = differs(text, l.textAt(col, k-1, width))
		end = l.cells(text[:at]) + width/contextShare
	}
	lead, from := elision(text, at, width)
	if end < width || from <= lead {
		return shown, false
	}
	spans := c.Spans
	if spans == nil {
		spans = []widget.Span{{Text: c.Text, Style: c.Style}}
	}
	front := append(widget.Part(spans, 0, lead), widget.Span{Text: l.theme.Glyph.Ellipsis, Style: &l.theme.Faint})
	return widget.Cell{Spans: append(front, widget.Part(spans, from, len(text))...)}, true
}

// elided reports whether a row of the screen is not shown from its beginning.
func (l *List[D]) elided() bool {
	columns := l.layout()
	for k, to := l.Visible(); k < to; k++ {
		row := l.rows.at(k)
		for _, s := range columns {
			col := &l.spec.Columns[s.column]
			if row >= l.spec.Len(l.data) || !col.scrolls() {
				continue
			}
			if _, ok := l.telling(col.cell(l.data, row, s.width), col, k, s.width); ok {
				return true
			}
		}
	}
	return false
}

// textAt is the text in a column of the row at a position, empty where there is none.
func (l *List[D]) textAt(col *Column[D], k, width int) string {
	if k < 0 || k >= l.rows.len() {
		return ""
	}
	row := l.rows.at(k)
	if row < 0 || row >= l.spec.Len(l.data) {
		return ""
	}
	return col.cell(l.data, row, width).Line()
}

// cells is how many cells a text takes when it is visible.
func (l *List[D]) cells(text string) int {
	line, _ := l.theme.Notation.Line(text, len(text))
	return cells(line)
}

// differs returns the byte from which a text is another than the one above it, 0 where it
// is the same.
func differs(text, above string) (at int) {
	for at < min(len(text), len(above)) && text[at] == above[at] {
		at++
	}
	if at == len(text) {
		return 0
	}
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

// elision returns how many bytes of a text are shown in front of the ellipsis and from
// which on behind it, so that the byte at is within width cells.
func elision(text string, at, width int) (lead, from int) {
	lead = 1 + strings.IndexByte(text[:min(len(text), width/leadShare)], ' ')
	// As much is left out as is needed, and no part of a word.
	if from = min(at-width/contextShare, len(text)-(width-lead-1)); from <= lead {
		return lead, lead
	}
	if blank := strings.IndexByte(text[from:at], ' '); blank >= 0 {
		from += blank + 1
	}
	for from > lead && !utf8.RuneStart(text[from]) {
		from--
	}
	return lead, from
}
