package drain

import (
	"bytes"
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// A scanner masks a line and cuts it into tokens: what Masker.Append and
// Python's split would give, but, for nearly all lines and the default masks, in
// one pass that looks at eight bytes at a time and copies only what a mask or
// irregular white space changes.
//
// The pass writes down which bytes are white space and which are digits, a bit
// each. Masks and token ends are then found with bit operations.
type scanner struct {
	masker *Masker

	space, digit []uint64 // bit i%64 of element i/64: class of byte i of the line; see classify
	masked       []byte
	text         []byte
	ends         []int32
	cuts         []span
	tail         [64]byte // the last bytes of the line, and blanks
}

// blanks is a block of spaces.
var blanks = [64]byte([]byte(strings.Repeat(" ", 64)))

// span is a part of a line, in bytes.
type span struct{ start, end int }

// scan returns the masked line as its tokens joined by single spaces, and the
// end of each token in that text. Both are valid until the next call, and only as
// long as line is not changed.
func (s *scanner) scan(line []byte) (text []byte, ends []int32) {
	c := s.classify(line)
	s.cuts = s.cuts[:0]
	switch {
	case len(s.masker.masks) == 0:
	case s.masker.isDefault && !c.special:
		if s.maskable(c) {
			s.findCuts(line, c)
		}
	default:
		s.masked = s.masker.Append(s.masked[:0], line)
		line = s.masked
		c = s.classify(line)
	}
	if c.special {
		return s.splitRunes(line)
	}
	return s.split(line, c)
}

// classes is what classify knows about a line as a whole.
type classes struct {
	blocks  int  // of 64 bytes
	control bool // holds bytes below the space, which may be white space
	hexRun  bool // may hold 8 hexadecimal digits in a row
	special bool // has characters that single bytes do not identify; see hasSpecial
}

// classify fills s.space and s.digit for line. Behind the line everything is
// white space up to the end of the last block, with at least one such byte, and
// another block without digits follows.
func (s *scanner) classify(line []byte) classes {
	whole := len(line) / 64
	blocks := whole + 1
	if len(s.space) <= blocks {
		s.space = make([]uint64, 2*blocks+2)
		s.digit = make([]uint64, 2*blocks+2)
	}
	s.digit[blocks] = 0
	s.tail = blanks
	copy(s.tail[:], line[64*whole:])
	var seen sightings
	classifyBlocks(line[:64*whole], s.space, s.digit, &seen)
	classifyBlocks(s.tail[:], s.space[whole:], s.digit[whole:], &seen)
	return classes{
		blocks:  blocks,
		control: seen.control != 0,
		hexRun:  seen.hexRun != 0,
		special: seen.high != 0 && hasSpecial(line),
	}
}

// hasSpecial reports whether a line holds white space or digits beyond ASCII, or
// other such characters between digits, where a dot of addressMask may take one
// character of several bytes.
func hasSpecial(line []byte) bool {
	for i := 0; i < len(line); i++ {
		if line[i] < utf8.RuneSelf {
			continue
		}
		start := i
		for ; i < len(line) && line[i] >= utf8.RuneSelf; i++ {
			if !specialLead[line[i]] {
				continue
			}
			if r, _ := utf8.DecodeRune(line[i:]); isDigit(r) || isPythonSpace(r) {
				return true
			}
		}
		if start > 0 && i < len(line) && byteClass[line[start-1]]&byteClass[line[i]]&digitByte != 0 {
			return true
		}
	}
	return false
}

// specialLead marks the first bytes, in UTF-8, of all white space and digits beyond
// ASCII. Most letters begin with others.
var specialLead = [256]bool{
	0xc2: true, 0xd9: true, 0xdb: true, 0xdf: true, 0xe0: true, 0xe1: true,
	0xe2: true, 0xe3: true, 0xea: true, 0xef: true, 0xf0: true,
}

// decimalRuns returns where in a block runs of at least minDecimalRun digits go on
// for that long; the first such place of a run is its begin.
func (s *scanner) decimalRuns(block int) uint64 {
	digits, next := s.digit[block], s.digit[block+1]
	if digits == 0 {
		return 0
	}
	run := digits
	for k := 1; k < minDecimalRun; k++ {
		run &= digits>>k | next<<(64-k)
	}
	return run
}

// addressStarts returns where in a block a match of addressMask may begin: at a
// digit behind which, over the 7 characters of the shortest match, no two
// neighbours are both something else.
func (s *scanner) addressStarts(block int) uint64 {
	digits, next := s.digit[block], s.digit[block+1]
	if digits == 0 {
		return 0
	}
	pair, nextPair := digits|digits>>1|next<<63, next|next>>1
	starts := digits & pair
	for k := 1; k < minAddress-1; k++ {
		starts &= pair>>k | nextPair<<(64-k)
	}
	return starts
}

// maskable reports whether a default mask could match. No is certain.
func (s *scanner) maskable(c classes) bool {
	if c.hexRun {
		return true
	}
	for b := range c.blocks {
		if s.decimalRuns(b)|s.addressStarts(b) != 0 {
			return true
		}
	}
	return false
}

// findCuts collects in s.cuts, in order, what the default masks replace, and
// takes its white space away.
//
// Each mask works on the result of the one before, yet all can be found in the
// line itself: <*> holds no digit, and no match reaches over it, because an
// address never has two neighbours that are not digits. A part that is cut out is
// longer than two characters; without its digits it is the same kind of wall.
func (s *scanner) findCuts(line []byte, c classes) {
	if c.hexRun {
		s.findHex(line)
	}
	s.findDecimals(line, c)
	s.findAddresses(line, c)
	if len(s.cuts) > 1 {
		slices.SortFunc(s.cuts, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	}
}

func (s *scanner) findHex(line []byte) {
	// A run of 8 covers one of every 8 positions.
	for i := minHexRun - 1; i < len(line); {
		if byteClass[line[i]]&hexByte == 0 {
			i += minHexRun
			continue
		}
		start, end := i, i+1
		for start > 0 && byteClass[line[start-1]]&hexByte != 0 {
			start--
		}
		for end < len(line) && byteClass[line[end]]&hexByte != 0 {
			end++
		}
		if end-start >= minHexRun {
			s.cut(start, end)
		}
		i = end + minHexRun // line[end] belongs to no run
	}
}

func (s *scanner) findDecimals(line []byte, c classes) {
	for b := range c.blocks {
		for {
			runs := s.decimalRuns(b)
			if runs == 0 {
				break
			}
			start := 64*b + bits.TrailingZeros64(runs)
			end := start + minDecimalRun
			for end < len(line) && byteClass[line[end]]&digitByte != 0 {
				end++
			}
			s.cut(start, end) // so that the next look finds the next run
		}
	}
}

func (s *scanner) findAddresses(line []byte, c classes) {
	end := 0
	for b := range c.blocks {
		for starts := s.addressStarts(b); starts != 0; starts &= starts - 1 {
			i := 64*b + bits.TrailingZeros64(starts)
			if i < end {
				continue
			}
			window := uint32(s.digit[b]>>(i%64)|s.digit[b+1]<<(64-i%64)) & (1<<maxAddress - 1)
			if c.control { // the dot stops at a newline
				if k := bytes.IndexByte(line[i:min(i+maxAddress, len(line))], '\n'); k >= 0 {
					window &= 1<<k - 1
				}
			}
			if n := addressLen(window); n > 0 {
				end = i + n
				s.cuts = append(s.cuts, span{i, end})
				for k := i; k < end; k++ {
					s.space[k/64] &^= 1 << (k % 64)
				}
			}
		}
	}
}

// cut notes a part to be replaced and takes its digits away from later masks.
func (s *scanner) cut(start, end int) {
	s.cuts = append(s.cuts, span{start, end})
	for i := start; i < end; i++ {
		s.digit[i/64] &^= 1 << (i % 64)
	}
}

// applyCuts returns the line with s.cuts replaced by <*>.
func (s *scanner) applyCuts(line []byte) []byte {
	s.masked = s.masked[:0]
	from := 0
	for _, c := range s.cuts {
		s.masked = append(s.masked, line[from:c.start]...)
		s.masked = append(s.masked, Wildcard...)
		from = c.end
	}
	s.masked = append(s.masked, line[from:]...)
	return s.masked
}

// split applies s.cuts to a line without special characters and cuts it into
// tokens. Where the tokens are one space apart already, as in most SQL, the line
// or its masked form is the text as it is.
func (s *scanner) split(line []byte, c classes) ([]byte, []int32) {
	if most := len(line)/2 + 1; len(s.ends) < most {
		s.ends = make([]int32, 2*most)
	}
	ends, n := s.ends, 0
	spaces := len(line) - 64*c.blocks // less those behind the line
	before := uint64(1)               // white space before the block
	for b, space := range s.space[:c.blocks] {
		spaces += bits.OnesCount64(space)
		for end := space &^ (space<<1 | before); end != 0; end &= end - 1 {
			ends[n] = int32(64*b + bits.TrailingZeros64(end))
			n++
		}
		before = space >> 63
	}
	ends = ends[:n]
	regular := spaces == n-1 && !c.control
	switch {
	case len(s.cuts) == 0 && regular:
		return line, ends
	case len(s.cuts) == 0:
		return s.rejoin(line, ends)
	}
	masked := s.applyCuts(line)
	if !regular {
		s.cuts = s.cuts[:0]
		return s.split(masked, s.classify(masked))
	}
	shift, k := 0, 0
	for i, end := range ends {
		for k < len(s.cuts) && s.cuts[k].end <= int(end) {
			shift += len(Wildcard) - (s.cuts[k].end - s.cuts[k].start)
			k++
		}
		ends[i] += int32(shift)
	}
	return masked, ends
}

// rejoin copies tokens from where they end in the line, one space apart.
func (s *scanner) rejoin(line []byte, ends []int32) ([]byte, []int32) {
	s.text = s.text[:0]
	from := 0
	for i, end := range ends {
		for byteClass[line[from]]&spaceByte != 0 {
			from++
		}
		s.text = appendToken(s.text, line[from:end])
		ends[i] = int32(len(s.text))
		from = int(end)
	}
	return s.text, ends
}

// splitRunes cuts any line into tokens.
func (s *scanner) splitRunes(line []byte) ([]byte, []int32) {
	s.text, s.ends = s.text[:0], s.ends[:0]
	start := -1 // of a token
	for i := 0; i < len(line); {
		r, size := rune(line[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(line[i:])
		}
		switch {
		case !isPythonSpace(r):
			if start < 0 {
				start = i
			}
		case start >= 0:
			s.text = appendToken(s.text, line[start:i])
			s.ends = append(s.ends, int32(len(s.text)))
			start = -1
		}
		i += size
	}
	if start >= 0 {
		s.text = appendToken(s.text, line[start:])
		s.ends = append(s.ends, int32(len(s.text)))
	}
	ends := s.ends
	s.ends = s.ends[:cap(s.ends)] // split looks at the length
	return s.text, ends
}

// appendToken appends a token to a text of tokens joined by spaces.
func appendToken(text, token []byte) []byte {
	if len(text) > 0 {
		text = append(text, ' ')
	}
	return append(text, token...)
}
