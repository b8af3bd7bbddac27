// Package visible is the one choke point between text that somebody else wrote
// and a terminal: bytes of any origin go in, one line of printable characters
// comes out, in which everything that a terminal would act on, reorder, join
// or swallow is written out.
//
// Everything in a log is written by whoever talks to the server, attackers
// included, and so are file names and the messages of errors that quote them.
// Nothing is removed: what cannot be shown as itself is shown as a sign for it.
//
//	ESC, LF, TAB ... (C0, DEL)        ␛ ␊ ␉ ...     ASCII: \x1b \n \t
//	U+009B ... (C1)                   \u009b
//	bidirectional, zero-width, tags   \u202e \U000e0041
//	bytes that are not UTF-8          \xff
//	the third combining mark and on   \u0301
package visible

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Notation says which characters the terminal can be trusted with.
type Notation uint8

const (
	// Unicode keeps printable characters of every script and shows control
	// bytes as control pictures, one cell each.
	Unicode Notation = iota
	// ASCII writes out everything beyond printable ASCII.
	ASCII
)

// MaxMarks is how many combining marks may stand on one base character. Two
// occur in real orthographies; towers of them overwrite neighbouring lines.
const MaxMarks = 2

// Line returns text as one line, looking at no more than its first limit bytes
// (statements of many megabytes are normal in a log, and a screen shows a few
// cells of them). cut reports that text was longer; a character that the limit
// would split is left out whole.
func (n Notation) Line(text string, limit int) (line string, cut bool) {
	if limit < 0 {
		limit = 0
	}
	if len(text) > limit {
		cut = true
		text = wholeRunes(text, limit)
	}
	if clean(text) {
		return text, cut
	}
	return n.line(text), cut
}

// Text returns the whole of text as one line: for names, labels and messages,
// whose length their origin bounds.
func (n Notation) Text(text string) string {
	line, _ := n.Line(text, len(text))
	return line
}

// wholeRunes cuts text at limit or, where that would split a valid character,
// before it.
func wholeRunes(text string, limit int) string {
	for back := 0; back < utf8.UTFMax && limit-back >= 0; back++ {
		at := limit - back
		if !utf8.RuneStart(text[at]) {
			continue
		}
		if _, size := utf8.DecodeRuneInString(text[at:]); back > 0 && size > back {
			return text[:at]
		}
		break
	}
	return text[:limit]
}

// clean reports whether text is printable ASCII, which nearly all of a log is.
func clean(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < 0x20 || c > 0x7e {
			return false
		}
	}
	return true
}

func (n Notation) line(text string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/4)
	marks := MaxMarks // nothing to stand on at the start of a line
	for i := 0; i < len(text); {
		c := text[i]
		if c >= 0x20 && c < 0x7f {
			b.WriteByte(c)
			marks = 0
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x`)
			writeHex(&b, uint32(c), 2)
			marks = MaxMarks
		case c < 0x20 || c == 0x7f:
			n.control(&b, c)
			marks = MaxMarks
		case n == ASCII || !safe(r):
			escape(&b, r)
			marks = MaxMarks
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r):
			if marks >= MaxMarks {
				escape(&b, r)
				marks = MaxMarks
				break
			}
			marks++
			b.WriteRune(r)
		default:
			b.WriteRune(r)
			marks = 0
		}
		i += size
	}
	return b.String()
}

// safe reports whether a character beyond ASCII may reach a terminal: it is
// printable, has a width that terminals agree on, and does not act on its
// neighbours.
func safe(r rune) bool {
	switch {
	case !unicode.IsPrint(r): // controls, formats, separators, private use, unassigned
		return false
	case unicode.Is(unicode.Variation_Selector, r),
		unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r): // fillers that draw nothing
		return false
	case r == 0x2800: // braille pattern without dots: a letter that looks like a space
		return false
	case r >= 0x1160 && r <= 0x11ff, r >= 0xd7b0 && r <= 0xd7ff: // Hangul parts that join what stands before
		return false
	case r >= 0x1f1e6 && r <= 0x1f1ff, r >= 0x1f3fb && r <= 0x1f3ff: // flags and skin tones join in some terminals only
		return false
	}
	return true
}

// control writes a C0 byte or DEL.
func (n Notation) control(b *strings.Builder, c byte) {
	if n == Unicode {
		if c == 0x7f {
			b.WriteRune('␡')
			return
		}
		b.WriteRune(0x2400 + rune(c))
		return
	}
	switch c {
	case '\n':
		b.WriteString(`\n`)
	case '\r':
		b.WriteString(`\r`)
	case '\t':
		b.WriteString(`\t`)
	default:
		b.WriteString(`\x`)
		writeHex(b, uint32(c), 2)
	}
}

func escape(b *strings.Builder, r rune) {
	if r > 0xffff {
		b.WriteString(`\U`)
		writeHex(b, uint32(r), 8)
		return
	}
	b.WriteString(`\u`)
	writeHex(b, uint32(r), 4)
}

func writeHex(b *strings.Builder, v uint32, digits int) {
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		b.WriteByte("0123456789abcdef"[v>>shift&0xf])
	}
}
