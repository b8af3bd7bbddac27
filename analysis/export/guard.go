package export

import (
	"strings"
	"unicode"

	"sqleuth/analysis/visible"
)

// Guard makes a cell of log origin safe to open in a spreadsheet, and can be
// undone.
//
// A cell that a spreadsheet would run as a formula gets a quote in front (OWASP,
// "CSV Injection"), and so does one that already has quotes in front of such a
// text. Where the separator of the user's country is a semicolon, a spreadsheet
// splits our rows there and knows nothing of our quotation marks: a semicolon
// before what it would run is written \x3b, which leaves nothing to split at, and
// puts no quote into a statement that did not have one. Tabs, the third separator,
// are escaped wherever they are, as [visible.Cell] does with all that is not seen.
//
// A lone "-" is what the tables have for "none" and stays.
func Guard(cell string) string {
	text := visible.Cell.Text(cell)
	if strings.IndexByte(cell, ';') >= 0 {
		text = withoutSplits(cell)
	}
	if formula(strings.TrimLeft(cell, "'")) {
		return "'" + text
	}
	return text
}

// withoutSplits is a cell with each semicolon escaped at which a formula begins.
func withoutSplits(cell string) string {
	var b strings.Builder
	for from := 0; ; {
		at := formulaSplit(cell, from)
		if at < 0 {
			b.WriteString(visible.Cell.Text(cell[from:]))
			return b.String()
		}
		before := cell[from:at]
		b.WriteString(visible.Cell.Text(before))
		// Backslashes before an escape are doubled.
		b.WriteString(before[len(strings.TrimRight(before, `\`)):])
		b.WriteString(`\x3b`)
		from = at + 1
	}
}

// formulaSplit returns where, from a position on, a semicolon is before what a
// spreadsheet would run, or -1.
func formulaSplit(cell string, from int) int {
	for {
		n := strings.IndexByte(cell[from:], ';')
		if n < 0 {
			return -1
		}
		at := from + n
		if beginsFormula(cell[at+1:]) {
			return at
		}
		from = at + 1
	}
}

// beginsFormula reports whether a spreadsheet that has split at the semicolon
// before text may run what it begins with. Line ends and tabs, which are written as
// escapes, are white space here.
func beginsFormula(text string) bool {
	for range maxNone {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		rest, none := strings.CutPrefix(text, "-")
		if !none {
			return formula(text)
		}
		rest = strings.TrimLeft(rest, " ")
		switch {
		case rest == "":
			return false
		case rest[0] != ';':
			return true
		}
		// The lone "-" stays alone only if the semicolon behind it stays.
		text = rest[1:]
	}
	return true
}

// maxNone is how many cells "-" in a row are looked through: each semicolon looks
// through those behind it.
const maxNone = 64

// formula reports whether a spreadsheet may run a cell: by its first character,
// white space and quotation marks before it passed over, full-width forms
// included.
func formula(cell string) bool {
	if cell == "-" {
		return false
	}
	for _, r := range cell {
		switch r {
		case '=', '+', '-', '@', '|', '\t', '\r', '\n', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20':
			return true
		}
		if r != '"' && !unicode.IsSpace(r) {
			return false
		}
	}
	return false
}
