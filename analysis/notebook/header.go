package notebook

import (
	"unicode"
	"unicode/utf8"
)

// shape is timestamp_re, \d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}.\d{6}Z, a
// character each: d is a digit, any other matches itself, and . is any
// character but a newline.
const shape = "dddd-dd-ddTdd:dd:dd.ddddddZ"

// startsEntry reports whether line, raw bytes that begin at a line start, matches
// timestamp_re, and how many bytes the match takes.
func startsEntry(line []byte) (n int, ok bool) {
	if len(line) < len(shape) {
		return 0, false
	}
	// A digit may be one of any script, but the first character decides
	// nearly always.
	if c := line[0]; c < utf8.RuneSelf && (c < '0' || c > '9') {
		return 0, false
	}
	for i := range len(shape) {
		c := line[i]
		if c >= utf8.RuneSelf {
			return startsEntryText(line)
		}
		switch want := shape[i]; want {
		case 'd':
			if c < '0' || c > '9' {
				return 0, false
			}
		case '.':
			if c == '\n' || c == '\r' {
				return 0, false
			}
		default:
			if c != want {
				return 0, false
			}
		}
	}
	return len(shape), true
}

// startsEntryText is startsEntry where characters have several bytes.
func startsEntryText(line []byte) (n int, ok bool) {
	for i := range len(shape) {
		if n >= len(line) {
			return 0, false
		}
		r, size := utf8.DecodeRune(line[n:])
		if r == utf8.RuneError && size <= 1 {
			size = brokenLen(line[n:])
		}
		switch want := shape[i]; want {
		case 'd':
			if !unicode.Is(unicode.Nd, r) {
				return 0, false
			}
		case '.':
			if r == '\n' || r == '\r' {
				return 0, false
			}
		default:
			if r != rune(want) {
				return 0, false
			}
		}
		n += size
	}
	return n, true
}

// Fields are what logline_re finds in a flushed entry, and what follows from
// them. The slices point into the text that was split.
type Fields struct {
	Timestamp []byte // up to and with the Z
	ID        []byte // digits of any script
	Command   []byte // "Init DB" already written "InitDB"
	Action    string // "-" for none
	Table     []byte // "-" for none; may be empty after UPDATE ``
	Argument  []byte // may be empty
}

var initDB = []byte("InitDB")

// Split applies logline_re and the expressions for action and table to text,
// words joined by one space.
func Split(text []byte) (f Fields, ok bool) {
	n, ok := startsEntry(text)
	if !ok {
		return f, false
	}
	f.Timestamp = text[:n]
	rest := text[n:]
	for len(rest) > 0 && rest[0] == ' ' {
		rest = rest[1:]
	}
	d := digitsLen(rest)
	if d == 0 || d >= len(rest) || rest[d] != ' ' {
		return f, false
	}
	f.ID, rest = rest[:d], rest[d+1:]
	if len(rest) == 0 || rest[0] == ' ' {
		return f, false
	}
	w := 0
	if len(rest) >= 7 && string(rest[:7]) == "Init DB" {
		f.Command, w = initDB, 7
	} else {
		for w < len(rest) && rest[w] != ' ' {
			w++
		}
		f.Command = rest[:w]
	}
	f.Argument = rest[w:]
	if len(f.Argument) > 0 && f.Argument[0] == ' ' {
		f.Argument = f.Argument[1:]
	}
	f.Action, f.Table = "-", none
	if string(f.Command) == "Query" {
		f.Action, f.Table = ActionTable(f.Argument)
	}
	return f, true
}

var none = []byte("-")

// digitsLen returns the length of the digits (of any script) at the start of b.
func digitsLen(b []byte) int {
	n := 0
	for n < len(b) {
		if c := b[n]; c < utf8.RuneSelf {
			if c < '0' || c > '9' {
				return n
			}
			n++
			continue
		}
		r, size := utf8.DecodeRune(b[n:])
		if !unicode.Is(unicode.Nd, r) {
			return n
		}
		n += size
	}
	return n
}

// digitValue returns the value of a decimal digit of any script. Unicode gives
// the ten digits of a script in a row, and rows that touch follow each other in
// tens, so the distance from the start of the run gives the value.
func digitValue(r rune) uint64 {
	first := r
	for unicode.Is(unicode.Nd, first-1) {
		first--
	}
	return uint64(r-first) % 10
}

// Number returns the value of digits of any script; too large a number is
// clipped at the largest uint64.
func Number(digits []byte) uint64 {
	n := uint64(0)
	for len(digits) > 0 {
		r, size := utf8.DecodeRune(digits)
		v := digitValue(r)
		if n > (^uint64(0)-v)/10 {
			return ^uint64(0)
		}
		n = n*10 + v
		digits = digits[size:]
	}
	return n
}

// AppendLine appends the line of the preprocessed file: timestamp, id, command,
// action, table and argument ("-" when empty), joined by one space with empty
// fields left out, and a newline.
func (f *Fields) AppendLine(dst []byte) []byte {
	dst = append(dst, f.Timestamp...)
	dst = append(append(dst, ' '), f.ID...)
	dst = append(append(dst, ' '), f.Command...)
	dst = append(append(dst, ' '), f.Action...)
	if len(f.Table) > 0 {
		dst = append(append(dst, ' '), f.Table...)
	}
	dst = append(append(dst, ' '), f.Content()...)
	return append(dst, '\n')
}

// Content returns the argument as the data frame holds it: "-" for an empty one.
func (f *Fields) Content() []byte {
	if len(f.Argument) == 0 {
		return none
	}
	return f.Argument
}
