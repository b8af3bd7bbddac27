package wrapper

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// plainLen returns how many bytes at the start of b mean themselves in a string:
// those before the first quote, backslash or line end.
func plainLen(b []byte) int { return jsonStops.Next(b) }

// escaped are the bytes that a backslash and one more byte mean.
var escaped = [256]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', '"': '"', '\\': '\\', '/': '/'}

// hexDigit are the values of hexadecimal digits, more than 15 for other bytes.
var hexDigit = func() (values [256]byte) {
	for c := range values {
		values[c] = math.MaxUint8
	}
	for value, c := range "0123456789abcdef" {
		values[c], values[unicode.ToUpper(c)] = byte(value), byte(value)
	}
	return values
}()

// unescaped returns what the escape of two bytes at the start of b means, 0 where
// there is none.
func unescaped(b []byte) byte {
	if len(b) < 2 || b[0] != '\\' {
		return 0
	}
	return escaped[b[1]]
}

// unescape reads the escape at the start of b. It returns false where b must be
// longer to know it. A backslash that escapes nothing means itself.
func unescape(b []byte, last bool) (r rune, n int, ok bool) {
	if len(b) < 2 {
		return '\\', 1, last
	}
	if c := escaped[b[1]]; c != 0 {
		return rune(c), 2, true
	}
	if b[1] == 'u' {
		return unescapeUnit(b, last)
	}
	return '\\', 1, true
}

// unescapeUnit reads "\u0041", and two of them that are one character.
func unescapeUnit(b []byte, last bool) (r rune, n int, ok bool) {
	r, valid := hex4(b)
	switch {
	case !valid:
		return '\\', 1, last || len(b) >= 6
	case !utf16.IsSurrogate(r):
		return r, 6, true
	case len(b) < 12 && !last && bytes.HasPrefix([]byte(`\u`), b[6:min(len(b), 8)]):
		return 0, 0, false
	}
	if second, valid := hex4(b[6:]); valid {
		if both := utf16.DecodeRune(r, second); both != utf8.RuneError {
			return both, 12, true
		}
	}
	return utf8.RuneError, 6, true
}

// hex4 reads "\u0041".
func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	for _, c := range b[2:6] {
		digit := hexDigit[c]
		if digit > 15 {
			return 0, false
		}
		r = r<<4 | rune(digit)
	}
	return r, true
}

// takeCoarse appends to out what the start of b, part of a string, means, all but
// line ends, NUL and what is no ASCII but escaped, and returns how much of b that is.
func takeCoarse(out *output, b []byte) (n int) {
	// Words are written whole, with what is behind their plain bytes: memory is
	// there, and what comes next takes the place.
	const most = 8 + len(`\u0000`)
	to := out.Data[len(out.Data):cap(out.Data)]
	written, special := 0, jsonStops
	for n+most <= len(b) && written+most <= len(to) {
		w := binary.LittleEndian.Uint64(b[n:])
		binary.LittleEndian.PutUint64(to[written:], w)
		found := special.In(w)
		if found == 0 {
			n, written = n+8, written+8
			continue
		}
		plain := bits.TrailingZeros64(found) / 8
		n, written = n+plain, written+plain
		if b[n] != '\\' {
			break
		}
		c, size := escaped[b[n+1]], 2
		if b[n+1] == 'u' {
			c, size = asciiUnit(b[n+2:]), 6
		}
		if c == 0 || c == '\n' {
			break
		}
		to[written] = c
		n, written = n+size, written+1
	}
	out.Data = out.Data[:len(out.Data)+written]
	return n
}

// asciiUnit reads "003c", 0 where that is no ASCII.
func asciiUnit(b []byte) byte {
	if b[0] != '0' || b[1] != '0' {
		return 0
	}
	high, low := hexDigit[b[2]], hexDigit[b[3]]
	if high > 7 || low > 15 {
		return 0
	}
	return high<<4 | low
}
