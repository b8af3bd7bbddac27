// Package visible is the one choke point between text that somebody else wrote
// and a terminal: bytes of any origin go in, one line of printable characters
// comes out, in which everything that a terminal would act on, reorder, join
// or swallow is written out.
//
// Everything in a log is written by the clients of the server, attackers included,
// and so are file names and the messages of errors that quote them. Nothing is
// removed: what cannot be shown as itself is shown as a sign for it.
//
//	ESC, LF, TAB ... (C0, DEL)        ␛ ␊ ␉ ...     ASCII, Cell: \x1b \n \t
//	the signs ␛ ␊ ␉ themselves        \u241b        Cell: ␛
//	U+009B ... (C1)                   \u009b
//	bidirectional, zero-width, tags   \u202e \U000e0041
//	bytes that are not UTF-8          \xff
//	the third combining mark and on   \u0301        Cell: as it is
//
// A backslash of the text is distinguished from one of ours by its number, so that
// ordinary ones stay as they are: backslashes in front of what would read as an
// escape of the notation are doubled, and so are those in front of an escape.
//
//	C:\dir \d+                       C:\dir \d+
//	\x1b, four characters             \\x1b
//	a backslash, then ESC             \\\x1b         Unicode: \␛
//
// An even number of backslashes before such characters is half as many of the
// text's; of an odd one, the last begins an escape. Tests read the text back.
package visible

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Notation is the set of characters that the terminal can be trusted with.
type Notation uint8

const (
	// Unicode keeps printable characters of every script and shows control
	// bytes as control pictures, one cell each.
	Unicode Notation = iota
	// ASCII writes out everything beyond printable ASCII.
	ASCII
	// Cell is for cells of files: it keeps every character that can be seen, so
	// that no text of any language is changed.
	Cell
	// jsonString writes out bytes that are not UTF-8 and nothing else.
	jsonString
)

// JSON returns text as a JSON string can hold it: bytes that are not UTF-8 are
// written out. What a terminal would act on is for the encoder to escape.
func JSON(text string) string { return jsonString.Text(text) }

// MaxMarks is how many combining marks one base character may have. Two
// occur in real orthographies; towers of them overwrite neighbouring lines.
const MaxMarks = 2

// Line returns text as one line, looking at no more than its first limit bytes
// (statements of many megabytes are normal in a log, and a screen shows a few
// cells of them). cut reports that text was longer; a character that the limit
// would split is left out whole.
func (n Notation) Line(text string, limit int) (line string, cut bool) {
	end := max(0, limit)
	if cut = len(text) > end; cut {
		end = wholeRunes(text, end)
	} else {
		end = len(text)
	}
	if n.clean(text, end) {
		return text[:end], cut
	}
	return n.line(text, end), cut
}

// Text returns the whole of text as one line: for names, labels and messages,
// whose length their origin bounds.
func (n Notation) Text(text string) string {
	line, _ := n.Line(text, len(text))
	return line
}

// wholeRunes returns where to cut text: at limit or, where that would split a
// valid character, before it.
func wholeRunes(text string, limit int) int {
	for back := 0; back < utf8.UTFMax && limit-back >= 0; back++ {
		at := limit - back
		if !utf8.RuneStart(text[at]) {
			continue
		}
		if _, size := utf8.DecodeRuneInString(text[at:]); back > 0 && size > back {
			return at
		}
		break
	}
	return limit
}

// clean reports whether text up to end is printable ASCII in which no backslash
// needs a second one, which nearly all of a log is.
func (n Notation) clean(text string, end int) bool {
	for i := 0; i < end; i++ {
		c := text[i]
		if c < 0x20 || c > 0x7e {
			return false
		}
		if c == '\\' {
			rest := strings.TrimLeft(text[i:], `\`)
			if n.escapes(rest) {
				return false
			}
			i = len(text) - len(rest) - 1
		}
	}
	return true
}

// escapes reports whether text, behind a backslash, would read as an escape of
// the notation.
func (n Notation) escapes(text string) bool {
	if text == "" {
		return false
	}
	digits := 0
	switch text[0] {
	case 'n', 'r', 't':
		return n == ASCII || n == Cell
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	}
	if digits == 0 || n == jsonString && digits != 2 || len(text) <= digits {
		return false
	}
	for i := 1; i <= digits; i++ {
		if c := text[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// line writes text up to end. What is behind that counts for the backslashes
// before it, so that a line that is cut is the beginning of the whole one.
func (n Notation) line(text string, end int) string {
	var b strings.Builder
	b.Grow(end + end/4)
	marks := MaxMarks // nothing to combine with at the start of a line
	for i := 0; i < end; {
		c := text[i]
		if c == '\\' {
			i += n.backslashes(&b, text[i:], end-i)
			marks = 0
			continue
		}
		if c >= 0x20 && c < 0x7f {
			b.WriteByte(c)
			marks = 0
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch shown := n.shows(r, size); {
		case shown && mark(r) && n != Cell && n != jsonString && marks >= MaxMarks, !shown:
			n.escape(&b, c, r, size)
			marks = MaxMarks
		default:
			b.WriteString(text[i : i+size])
			if marks++; !mark(r) {
				marks = 0
			}
		}
		i += size
	}
	return b.String()
}

// backslashes writes the backslashes that text begins with, limit at most, and
// returns how many there are.
func (n Notation) backslashes(b *strings.Builder, text string, limit int) int {
	rest := strings.TrimLeft(text, `\`)
	count := min(len(text)-len(rest), limit)
	b.WriteString(text[:count])
	if n.escapes(rest) || n.escaped(rest) {
		b.WriteString(text[:count])
	}
	return count
}

// escaped reports whether the first character of text is written as a backslash
// and more.
func (n Notation) escaped(text string) bool {
	if text == "" {
		return false
	}
	r, size := utf8.DecodeRuneInString(text)
	return !n.shows(r, size) && !(n == Unicode && control(text[0]))
}

func control(c byte) bool { return c < 0x20 || c == 0x7f }

func mark(r rune) bool { return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) }

// shows reports whether a character, decoded from size bytes, is written as
// itself.
func (n Notation) shows(r rune, size int) bool {
	switch {
	case r == utf8.RuneError && size == 1:
		return false
	case n == jsonString, r >= 0x20 && r < 0x7f:
		return true
	case n == ASCII:
		return false
	case n == Cell:
		return !unseen(r)
	}
	return safe(r)
}

// unseen reports whether a character acts on a reader without being seen:
// controls, format characters (bidirectional, zero-width, tags), separators.
func unseen(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
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
	case r >= 0x2400 && r <= 0x243f: // control pictures, which represent control bytes here
		return false
	case r == 0x2800: // braille pattern without dots: a letter that looks like a space
		return false
	case r >= 0x1160 && r <= 0x11ff, r >= 0xd7b0 && r <= 0xd7ff: // Hangul parts that join what precedes
		return false
	case r >= 0x1f1e6 && r <= 0x1f1ff, r >= 0x1f3fb && r <= 0x1f3ff: // flags and skin tones join in some terminals only
		return false
	}
	return true
}

// escape writes a sign for the character r, decoded from size bytes of which c is
// the first.
func (n Notation) escape(b *strings.Builder, c byte, r rune, size int) {
	switch {
	case r == utf8.RuneError && size == 1:
		b.WriteString(`\x`)
		writeHex(b, uint32(c), 2)
	case control(c) && n == Unicode:
		b.WriteRune(picture(c))
	case control(c):
		writeControl(b, c)
	case r > 0xffff:
		b.WriteString(`\U`)
		writeHex(b, uint32(r), 8)
	default:
		b.WriteString(`\u`)
		writeHex(b, uint32(r), 4)
	}
}

// picture is the sign of a C0 byte or DEL.
func picture(c byte) rune {
	if c == 0x7f {
		return '␡'
	}
	return 0x2400 + rune(c)
}

func writeControl(b *strings.Builder, c byte) {
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

func writeHex(b *strings.Builder, v uint32, digits int) {
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		b.WriteByte("0123456789abcdef"[v>>shift&0xf])
	}
}
