package notebook

import (
	"bytes"
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

const replacement = "\uFFFD"

// AppendDecoded appends b as Python's UTF-8 decoder with errors="replace"
// reads it: each maximal broken sequence (Unicode 15, section 3.9, "U+FFFD
// Substitution of Maximal Subparts") becomes one U+FFFD, which is not what a
// range loop over a Go string gives.
func AppendDecoded(dst, b []byte) []byte {
	if utf8.Valid(b) {
		return append(dst, b...)
	}
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			dst = append(dst, b[0])
			b = b[1:]
			continue
		}
		if r, n := utf8.DecodeRune(b); r != utf8.RuneError || n > 1 {
			dst = append(dst, b[:n]...)
			b = b[n:]
			continue
		}
		dst = append(dst, replacement...)
		b = b[brokenLen(b):]
	}
	return dst
}

// brokenLen returns the length of the maximal broken sequence at the start of
// b: a lead byte with those continuation bytes that could still have become a
// character.
func brokenLen(b []byte) int {
	lo, hi, need := byte(0x80), byte(0xBF), 0
	switch c := b[0]; {
	case c >= 0xC2 && c <= 0xDF:
		need = 1
	case c == 0xE0:
		need, lo = 2, 0xA0
	case c == 0xED:
		need, hi = 2, 0x9F
	case c >= 0xE1 && c <= 0xEF:
		need = 2
	case c == 0xF0:
		need, lo = 3, 0x90
	case c == 0xF4:
		need, hi = 3, 0x8F
	case c >= 0xF1 && c <= 0xF3:
		need = 3
	}
	n := 1
	for n <= need && n < len(b) && b[n] >= lo && b[n] <= hi {
		lo, hi = 0x80, 0xBF
		n++
	}
	return n
}

// asciiSpace marks the ASCII characters that Python's str.split and str.strip
// take for white space.
var asciiSpace = [256]bool{
	'\t': true, '\n': true, '\v': true, '\f': true, '\r': true, ' ': true,
	0x1c: true, 0x1d: true, 0x1e: true, 0x1f: true,
}

// appendWords appends the white-space-separated words of text, which is valid
// UTF-8, joined by one space, as " ".join(text.split()) does. Where dst already
// holds words after base, text continues them: its first word is glued to the
// last one unless gap is set or text begins with white space.
func appendWords(dst []byte, base int, text []byte, gap bool) []byte {
	for i := 0; i < len(text); {
		// Words that are one space apart already are copied together.
		start, size := i, 0
		i += singleSpaced(text[i:])
		for i < len(text) {
			c := text[i]
			if c < utf8.RuneSelf {
				if asciiSpace[c] {
					size = 1
					break
				}
				i++
				continue
			}
			r, n := utf8.DecodeRune(text[i:])
			if unicode.IsSpace(r) {
				size = n
				break
			}
			i += n
		}
		if i > start {
			if gap && len(dst) > base {
				dst = append(dst, ' ')
			}
			dst = append(dst, text[start:i]...)
		}
		gap = true
		i += size
	}
	return dst
}

const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
)

// singleSpaced returns the length of a beginning of b that is ASCII without
// control characters, in which every space is between two other characters.
// It need not be the longest one. Eight bytes are looked at together: with the
// high bit clear, x+(0x80-v) has it set where x >= v.
func singleSpaced(b []byte) int {
	n := 0
	before := uint64(0x80) // a space before b, for the first byte
	for ; n+8 <= len(b); n += 8 {
		x := binary.LittleEndian.Uint64(b[n:])
		if x&highBits != 0 {
			break
		}
		least := x + (0x80-' ')*eachByte
		space := least &^ (x + (0x80-' '-1)*eachByte) & highBits
		if least&highBits != highBits || space&(space<<8|before) != 0 {
			break
		}
		before = space >> 56
	}
	if n > 0 && b[n-1] == ' ' {
		n--
	}
	return n
}

// dropped are the beginnings of lines that the notebook leaves out wherever they
// occur.
var dropped = [][]byte{[]byte("/usr/sbin/mysqld"), []byte("Tcp port:"), []byte("Time    ")}

// isDropped reports whether the notebook leaves a line out.
func isDropped(line []byte) bool {
	if len(line) == 0 || (line[0] != '/' && line[0] != 'T') {
		return false
	}
	for _, p := range dropped {
		if bytes.HasPrefix(line, p) {
			return true
		}
	}
	return false
}

// lineEnd returns the length of the first line of b with its newline: "\n",
// "\r\n" or a lone "\r" (universal newlines).
func lineEnd(b []byte, anyCR bool) int {
	nl := bytes.IndexByte(b, '\n')
	if anyCR {
		limit := b
		if nl >= 0 {
			limit = b[:nl]
		}
		if cr := bytes.IndexByte(limit, '\r'); cr >= 0 {
			if cr+1 < len(b) && b[cr+1] == '\n' {
				return cr + 2
			}
			return cr + 1
		}
	}
	if nl < 0 {
		return len(b)
	}
	return nl + 1
}
