package drain

import (
	"unicode"
	"unicode/utf8"
)

// The reference is Python 3.11 with the regex module 2022.10.31. Three notions
// of white space and two of digits meet in it:
//
//	str.split       isPythonSpace   White_Space and U+001C to U+001F
//	regex \s        isRegexSpace    White_Space
//	regex \d        unicode.Nd      (Unicode 15, as in this Go's tables)
//	str.isdigit     hasPythonDigit  Nd and superscripts, circled digits, ... (Unicode 14)
//	str.isprintable in pyrepr.go    (Unicode 14)

// byteClass holds the classes of an ASCII character; other bytes have none.
var byteClass = [256]uint8{
	'\t': spaceByte, '\n': spaceByte, '\v': spaceByte, '\f': spaceByte, '\r': spaceByte,
	0x1c: spaceByte, 0x1d: spaceByte, 0x1e: spaceByte, 0x1f: spaceByte, ' ': spaceByte,
	'0': digitByte | hexByte, '1': digitByte | hexByte, '2': digitByte | hexByte, '3': digitByte | hexByte,
	'4': digitByte | hexByte, '5': digitByte | hexByte, '6': digitByte | hexByte, '7': digitByte | hexByte,
	'8': digitByte | hexByte, '9': digitByte | hexByte,
	'a': hexByte, 'b': hexByte, 'c': hexByte, 'd': hexByte, 'e': hexByte, 'f': hexByte,
	'A': hexByte, 'B': hexByte, 'C': hexByte, 'D': hexByte, 'E': hexByte, 'F': hexByte,
}

const (
	spaceByte uint8 = 1 << iota // str.split cuts here
	digitByte                   // \d
	hexByte                     // [\da-fA-F]
)

// isPythonSpace reports whether str.split cuts at r.
func isPythonSpace(r rune) bool {
	if r < utf8.RuneSelf {
		return byteClass[r]&spaceByte != 0
	}
	return unicode.IsSpace(r)
}

// isRegexSpace reports whether \s of the regex module matches r.
func isRegexSpace(r rune) bool { return unicode.IsSpace(r) }

// isDigit reports whether \d of the regex module matches r.
func isDigit(r rune) bool {
	if r < utf8.RuneSelf {
		return byteClass[r]&digitByte != 0
	}
	return unicode.Is(unicode.Nd, r)
}

// isHexDigit reports whether [\da-fA-F] of the regex module matches r.
func isHexDigit(r rune) bool {
	if r < utf8.RuneSelf {
		return byteClass[r]&hexByte != 0
	}
	return unicode.Is(unicode.Nd, r)
}

// hasPythonDigit reports whether str.isdigit holds for a character of the token,
// which sends the token to the wildcard's branch of the tree.
func hasPythonDigit(token []byte) bool {
	for i := 0; i < len(token); {
		if c := token[i]; c < utf8.RuneSelf {
			if byteClass[c]&digitByte != 0 {
				return true
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(token[i:])
		if unicode.Is(numericDigits, r) || unicode.Is(unicode.Nd, r) && !unicode.Is(since15Digits, r) {
			return true
		}
		i += size
	}
	return false
}

// numericDigits are the characters with Numeric_Type=Digit: those for which
// str.isdigit holds although they are not in Nd. Go has no table of them.
var numericDigits = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0xb2, Hi: 0xb3, Stride: 1}, {Lo: 0xb9, Hi: 0xb9, Stride: 1},
		{Lo: 0x1369, Hi: 0x1371, Stride: 1}, {Lo: 0x19da, Hi: 0x19da, Stride: 1},
		{Lo: 0x2070, Hi: 0x2070, Stride: 1}, {Lo: 0x2074, Hi: 0x2079, Stride: 1},
		{Lo: 0x2080, Hi: 0x2089, Stride: 1}, {Lo: 0x2460, Hi: 0x2468, Stride: 1},
		{Lo: 0x2474, Hi: 0x247c, Stride: 1}, {Lo: 0x2488, Hi: 0x2490, Stride: 1},
		{Lo: 0x24ea, Hi: 0x24ea, Stride: 1}, {Lo: 0x24f5, Hi: 0x24fd, Stride: 1},
		{Lo: 0x24ff, Hi: 0x24ff, Stride: 1}, {Lo: 0x2776, Hi: 0x277e, Stride: 1},
		{Lo: 0x2780, Hi: 0x2788, Stride: 1}, {Lo: 0x278a, Hi: 0x2792, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x10a40, Hi: 0x10a43, Stride: 1}, {Lo: 0x10e60, Hi: 0x10e68, Stride: 1},
		{Lo: 0x11052, Hi: 0x1105a, Stride: 1}, {Lo: 0x1f100, Hi: 0x1f10a, Stride: 1},
	},
	LatinOffset: 2,
}

// since15Digits are the members of Nd that Unicode 15 added.
var since15Digits = &unicode.RangeTable{
	R32: []unicode.Range32{
		{Lo: 0x11f50, Hi: 0x11f59, Stride: 1}, {Lo: 0x1e4f0, Hi: 0x1e4f9, Stride: 1},
	},
}
