package drain

import (
	"slices"
	"unicode/utf8"
)

// The notebook's masks: long hexadecimal numbers, long decimal numbers, and
// addresses. The dots of the last one are bare, so that it also takes dates,
// times and lists of short numbers, with the spaces between them.
const (
	hexMask     = `([\da-fA-F]{8,})`
	decimalMask = `(\d{5,})`
	addressMask = `(\d{1,3}.\d{1,3}.\d{1,3}.\d{1,3})`
)

// DefaultMasks returns the notebook's three masks, in their order.
func DefaultMasks() []string { return []string{hexMask, decimalMask, addressMask} }

// A Masker replaces the parts of a line that regular expressions match by <*>.
// It holds no state: goroutines may share it.
type Masker struct {
	masks []maskFunc
	// isDefault: the masks are DefaultMasks, which scanner finds in one pass.
	isDefault bool
}

// A maskFunc appends src to dst with every match of one mask replaced by <*>.
type maskFunc func(dst, src []byte) []byte

// NewMasks compiles masks. They are written for Python's regex module and taken
// in RE2 syntax: \d, \w and \s are the Unicode classes, in sets and negated too;
// \b and \B stay ASCII; $ is the end of the text only, not also before a last
// newline. What RE2 cannot do or would read differently is refused with a
// [*MaskError], as is a mask that matches the empty text. One empty pattern, or
// none, gives a Masker that replaces nothing.
//
// Patterns equal to those of [DefaultMasks] are matched by code written for them,
// with the same result.
func NewMasks(patterns []string) (*Masker, error) {
	m := &Masker{isDefault: slices.Equal(patterns, DefaultMasks())}
	if len(patterns) == 1 && patterns[0] == "" {
		return m, nil
	}
	for i, pattern := range patterns {
		switch pattern {
		case hexMask:
			m.masks = append(m.masks, maskHex)
		case decimalMask:
			m.masks = append(m.masks, maskDecimal)
		case addressMask:
			m.masks = append(m.masks, maskAddresses)
		default:
			mask, err := regexpMask(i, pattern)
			if err != nil {
				return nil, err
			}
			m.masks = append(m.masks, mask)
		}
	}
	return m, nil
}

// Append appends line to dst, masked, and returns dst. Each mask is applied to
// what the one before has left. A byte that is not UTF-8 counts as one
// character. dst and line must not overlap.
func (m *Masker) Append(dst, line []byte) []byte {
	if len(m.masks) == 0 {
		return append(dst, line...)
	}
	start := len(dst)
	dst = m.masks[0](dst, line)
	for _, mask := range m.masks[1:] {
		end := len(dst)
		dst = mask(dst, dst[start:end:end])
		dst = dst[:start+copy(dst[start:], dst[end:])]
	}
	return dst
}

// regexpMask makes a maskFunc of any pattern.
func regexpMask(index int, pattern string) (maskFunc, error) {
	re, err := compileMask(index, pattern)
	if err != nil {
		return nil, err
	}
	return func(dst, src []byte) []byte {
		from := 0
		for _, match := range re.FindAllIndex(src, -1) {
			dst = append(dst, src[from:match[0]]...)
			dst = append(dst, Wildcard...)
			from = match[1]
		}
		return append(dst, src[from:]...)
	}, nil
}

const (
	minHexRun     = 8 // hexMask
	minDecimalRun = 5 // decimalMask
)

func maskHex(dst, src []byte) []byte { return maskRuns(dst, src, hexByte, isHexDigit, minHexRun) }

func maskDecimal(dst, src []byte) []byte {
	return maskRuns(dst, src, digitByte, isDigit, minDecimalRun)
}

// maskRuns replaces runs of at least least members of a class, which is given
// for ASCII by a bit of byteClass and for all characters by isMember.
func maskRuns(dst, src []byte, class uint8, isMember func(rune) bool, least int) []byte {
	from := 0 // src before it is in dst
	for i := 0; i < len(src); {
		start, count := i, 0
		for i < len(src) {
			size := 1
			if c := src[i]; c < utf8.RuneSelf {
				if byteClass[c]&class == 0 {
					break
				}
			} else {
				var r rune
				if r, size = utf8.DecodeRune(src[i:]); !isMember(r) {
					break
				}
			}
			i += size
			count++
		}
		if count >= least {
			dst = append(dst, src[from:start]...)
			dst = append(dst, Wildcard...)
			from = i
		}
		if i < len(src) { // what ended the run; its other bytes are members of nothing
			i++
		}
	}
	return append(dst, src[from:]...)
}

// Characters in the shortest and in the longest match of addressMask: four
// numbers of one to three digits and three separators.
const (
	minAddress = 4*1 + 3
	maxAddress = 4*3 + 3
)

func maskAddresses(dst, src []byte) []byte {
	from := 0
	for i := 0; i < len(src); {
		r, size := rune(src[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(src[i:])
		}
		if !isDigit(r) {
			i += size
			continue
		}
		// Which of the next characters are digits, and where each begins.
		var digits uint32
		var offset [maxAddress + 1]int
		n, at := 0, i
		for n < maxAddress && at < len(src) {
			r, size := utf8.DecodeRune(src[at:])
			if r == '\n' { // the dot stops here
				break
			}
			if isDigit(r) {
				digits |= 1 << n
			}
			at += size
			n++
			offset[n] = at
		}
		length := addressLen(digits)
		if length == 0 {
			i += size
			continue
		}
		dst = append(dst, src[from:i]...)
		dst = append(dst, Wildcard...)
		from = offset[length]
		i = from
	}
	return append(dst, src[from:]...)
}

// addressLen returns how many characters addressMask matches at the beginning
// of a text, 0 for no match. Bit i of digits is set where character i is a digit;
// from the first newline or the end of the text on all bits are 0. That is
// enough: a separator can be any character but a newline, and a digit must
// follow it.
//
// The order of the attempts is that of a backtracking matcher: every number
// takes as many digits as it can and gives them back one by one, the last number
// first.
func addressLen(digits uint32) int {
	// In no match are two neighbours both something else than digits. Over the
	// length of the shortest one, this refuses nearly everything.
	const pairs = 1<<(minAddress-1) - 1
	if digits&1 == 0 || (digits|digits>>1)&pairs != pairs {
		return 0
	}
	for a := run3(digits); a > 0; a-- {
		rest := digits >> (a + 1)
		for b := run3(rest); b > 0; b-- {
			rest := rest >> (b + 1)
			for c := run3(rest); c > 0; c-- {
				if d := run3(rest >> (c + 1)); d > 0 {
					return a + b + c + d + 3
				}
			}
		}
	}
	return 0
}

// run3 returns how many of the low bits are set before the first that is not,
// at most 3.
func run3(bits uint32) int {
	switch {
	case bits&1 == 0:
		return 0
	case bits&2 == 0:
		return 1
	case bits&4 == 0:
		return 2
	}
	return 3
}
