package export

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Guard makes a cell of log origin safe to open in a spreadsheet: a cell that
// one would run as a formula gets a quote in front (OWASP, "CSV Injection"),
// and control bytes, line ends and bytes that are not UTF-8 are written as
// escapes. A lone "-" is what the tables say for "none" and stays.
func Guard(cell string) string {
	if clean(cell) {
		return cell
	}
	var b strings.Builder
	if formula(cell) {
		b.WriteByte('\'')
	}
	for i := 0; i < len(cell); {
		r, n := utf8.DecodeRuneInString(cell[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, cell[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case invisible(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteString(cell[i : i+n])
		}
		i += n
	}
	return b.String()
}

// clean says whether Guard leaves a cell as it is.
func clean(cell string) bool {
	if formula(cell) || !utf8.ValidString(cell) {
		return false
	}
	for _, r := range cell {
		if invisible(r) {
			return false
		}
	}
	return true
}

// formula says whether a spreadsheet may run a cell: by its first character,
// white space before it passed over, full-width forms included.
func formula(cell string) bool {
	if cell == "-" {
		return false
	}
	for _, r := range cell {
		switch r {
		case '=', '+', '-', '@', '|', '\t', '\r', '\n', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20':
			return true
		}
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return false
}

// invisible says whether a character acts on a reader without being seen:
// controls, format characters (bidirectional, zero-width, tags), separators.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}
