package report

import (
	"strings"
	"unicode/utf8"
)

// table is laid out in columns: the first numbers of them right-justified, the
// others, which hold text, left-justified.
type table struct {
	numbers int
	rows    [][]string // all of one length; the first may be the header
}

func newTable(numbers int, header ...string) *table {
	return &table{numbers: numbers, rows: [][]string{header}}
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// table writes a table behind an indent.
func (p *page) table(indent string, t *table) {
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range t.rows {
		var b strings.Builder
		b.WriteString(indent)
		for i, cell := range row {
			if i > 0 {
				b.WriteString("  ")
			}
			if i < t.numbers {
				b.WriteString(right(cell, widths[i]))
			} else {
				b.WriteString(left(cell, widths[i]))
			}
		}
		p.line("%s", b.String())
	}
}

func left(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s)))
}

func right(s string, n int) string {
	return strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s))) + s
}
