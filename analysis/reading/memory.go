package reading

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"strings"

	"sqleuth/analysis/sqltext"
)

// A log repeats itself: "Quit", the same login, the same SELECT by another key.
// What a record means depends on nothing but its bytes behind time and id, and not
// on the value of every number in them; so a parser that remembers those bytes, and
// which digits may be others, need not read them twice. Of the entries of a
// WordPress log nearly all are remembered. BenchmarkLoad in package pipeline chose
// the sizes.
const (
	// Slots is how many records a parser remembers.
	Slots = 1 << 14
	// ways is how many slots a record may have.
	ways = 4
	// maxRemembered is the longest record that is remembered, and maxLong bounds
	// what those take together that are longer than isLong.
	maxRemembered = 1 << 15
	isLong        = 1 << 9
	maxLong       = 1 << 20
)

// memory remembers records by their bytes behind the id. A record is taken in
// when it comes for the second time; it takes the place of one with the same ways.
type memory struct {
	seed  maphash.Seed   // no result depends on it
	seen  [Slots]uint64  // by hash, the record that came last without being taken in
	slots [Slots]outline // ways of them beside each other can hold a record
	turn  int            // the way that is used next where all are taken
	long  int            // bytes of the long ones
	last  int32          // the slot that was found last
}

// outline is a remembered record.
type outline struct {
	hash uint64
	tail []byte // the record that was taken in
	// varies: digits of tail may be others. Which ones is found out when a
	// record comes that differs in digits: of most that are taken in none ever does.
	varies bool
	// fixed is, byte by byte, 0 where tail has a digit that may be another one,
	// else all ones; nil where that is not known.
	fixed []byte
	// next is the slot that was found behind this one last time: programs send the
	// same statements in the same order, so that the guess is right more often than not
	// and saves the hash.
	next int32
}

func newMemory() *memory { return &memory{seed: maphash.MakeSeed()} }

// find returns the slot of tail and whether it was remembered there; varied reports
// whether it then has other digits than the record that was added. Slot -1 is that
// of a record that is not added.
func (m *memory) find(tail []byte) (slot int32, known, varied bool) {
	if len(tail) > maxRemembered {
		return -1, false, false
	}
	last := &m.slots[m.last]
	if same, varied := m.slots[last.next].matches(tail); same {
		m.last = last.next
		return last.next, true, varied
	}
	h := m.hash(tail)
	first := h & (Slots/ways - 1) * ways
	free := -1
	for k := range ways {
		s := &m.slots[first+uint64(k)]
		switch {
		case s.tail == nil:
			free = k
		case s.hash == h:
			if same, varied := s.matches(tail); same {
				slot = int32(first) + int32(k)
				last.next, m.last = slot, slot
				return slot, true, varied
			}
		}
	}
	if seen := &m.seen[h&(Slots-1)]; *seen != h {
		*seen = h
		return -1, false, false
	}
	if free < 0 {
		free = m.turn
		m.turn = (m.turn + 1) % ways
	}
	s := &m.slots[first+uint64(free)]
	if len(tail) > isLong && m.long+len(tail) > maxLong {
		return -1, false, false
	}
	if len(s.tail) > isLong {
		m.long -= len(s.tail)
		s.tail = nil // or a short record would hold on to all of it
	}
	if len(tail) > isLong {
		m.long += len(tail)
	}
	s.hash, s.tail, s.fixed, s.varies = h, append(s.tail[:0], tail...), nil, false
	return int32(first) + int32(free), false, false
}

// vary lets the free digits of the record in a slot be others from now on.
func (m *memory) vary(slot int32) {
	s := &m.slots[slot]
	eachFreeDigits(s.tail, func(int, int) bool {
		s.varies = true
		return false
	})
}

// varies reports whether the record in a slot has digits that may be others.
func (m *memory) varies(slot int32) bool { return m.slots[slot].varies }

// fix finds out which digits are free.
func (s *outline) fix() {
	s.fixed = bytes.Repeat([]byte{0xff}, len(s.tail))
	eachFreeDigits(s.tail, func(from, to int) bool {
		clear(s.fixed[from:to])
		return true
	})
}

// matches reports whether tail is the remembered record but for digits that may
// be others, and whether any is.
func (s *outline) matches(tail []byte) (same, varied bool) {
	n := len(tail)
	if n != len(s.tail) {
		return false, false
	}
	if !s.varies || n < 8 {
		return bytes.Equal(tail, s.tail), false
	}
	if s.fixed == nil {
		if !differInDigits(tail, s.tail) {
			return false, false
		}
		s.fix()
	}
	// Most words are the same to the last digit: four are compared at a time.
	was, fixed, i := s.tail[:n], s.fixed[:n], 0
	for ; i+32 <= n; i += 32 {
		a, b := (*[32]byte)(tail[i:]), (*[32]byte)(was[i:])
		w0 := binary.LittleEndian.Uint64(a[0:]) ^ binary.LittleEndian.Uint64(b[0:])
		w1 := binary.LittleEndian.Uint64(a[8:]) ^ binary.LittleEndian.Uint64(b[8:])
		w2 := binary.LittleEndian.Uint64(a[16:]) ^ binary.LittleEndian.Uint64(b[16:])
		w3 := binary.LittleEndian.Uint64(a[24:]) ^ binary.LittleEndian.Uint64(b[24:])
		if w0|w1|w2|w3 == 0 {
			continue
		}
		if !sameButFree(a[:], b[:], fixed[i:i+32]) {
			return false, false
		}
		varied = true
	}
	if rest := max(0, min(i, n-8)); i < n {
		if !bytes.Equal(tail[rest:], was[rest:]) {
			if !sameButFree(tail[rest:], was[rest:], fixed[rest:]) {
				return false, false
			}
			varied = true
		}
	}
	return true, varied
}

// differInDigits reports whether two texts of one length, at least eight bytes, have
// digits wherever they differ.
func differInDigits(a, b []byte) bool {
	for i := 0; i < len(a); i += 8 {
		at := min(i, len(a)-8)
		x, y := binary.LittleEndian.Uint64(a[at:]), binary.LittleEndian.Uint64(b[at:])
		if d := x ^ y; d != 0 && (d&lowBits+lowBits|d)&highBits&^(digits(x)&digits(y)) != 0 {
			return false
		}
	}
	return true
}

// sameButFree compares at least eight bytes of a record with a remembered one.
func sameButFree(tail, was, fixed []byte) bool {
	for i := 0; i < len(tail); i += 8 {
		at := min(i, len(tail)-8)
		word := binary.LittleEndian.Uint64(tail[at:])
		must := binary.LittleEndian.Uint64(fixed[at:])
		if (word^binary.LittleEndian.Uint64(was[at:]))&must != 0 || ^(digits(word)|must)&highBits != 0 {
			return false
		}
	}
	return true
}

const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
	lowBits  = 0x7f * eachByte
)

// digits sets the high bit of each byte of a word that is an ASCII digit.
//
// Bytes are compared eight at a time: with the high bits clear, x+(0x80-v) has
// the high bit of a byte set where that byte is at least v, and carries nothing.
func digits(word uint64) uint64 {
	x := word & lowBits
	return (x + (0x80-'0')*eachByte) &^ (x + (0x80-'9'-1)*eachByte) &^ word & highBits
}

// joins sets the high bit of each byte of a word that is a letter, an underscore
// or no ASCII: a digit right behind one is never free.
func joins(word uint64) uint64 {
	x := word & lowBits
	low := x | 0x20*eachByte
	letter := (low + (0x80-'a')*eachByte) &^ (low + (0x80-'z'-1)*eachByte)
	underscore := ^((x ^ '_'*eachByte) + lowBits)
	return (letter | underscore | word) & highBits
}

// hash hashes a record. That of a statement does not depend on the value of free
// digits, but on that of many others: one log may hold the tables of many sites,
// wp_2_posts, wp_3_posts and so on. Between head and end of a long record it takes a
// word here and there: what differs in one of them is not taken in for nothing.
func (m *memory) hash(tail []byte) uint64 {
	if n := len(tail); n < 8 || !maybeStatement(tail) {
		return maphash.Bytes(m.seed, tail)
	}
	const (
		head, end = 128, 32
		step      = 64
		k0, k1    = 0x9e3779b97f4a7c15, 0xd6e8feb86659fd93
	)
	h := uint64(len(tail)) * k1
	if len(tail) > head+end {
		for at := head + step; at < len(tail)-end; at += step {
			h = mix(h, tail[at-8:at], k0)
		}
		h = mix(h, tail[len(tail)-end:], k0)
		tail = tail[:head]
	}
	h = mix(h, tail, k1)
	return h ^ h>>32
}

// mix hashes at least eight bytes into h. The last word overlaps the one before
// where their number is not a multiple of eight.
func mix(h uint64, b []byte, k uint64) uint64 {
	for i := 0; i < len(b); i += 8 {
		at := min(i, len(b)-8)
		word := binary.LittleEndian.Uint64(b[at:])
		if free := digits(word); free != 0 {
			var before uint64 // whether a byte that joins comes before the word
			if at > 0 {
				before = joins(uint64(b[at-1])) & 0x80
			}
			free &^= joins(word)<<8 | before
			word &^= free >> 7 * 0x0f // '0' in their place
		}
		high, low := bits.Mul64(h^word, k)
		h = high ^ low
	}
	return h
}

// maybeStatement reports whether a record is one of those whose digits may vary, or
// has a command that begins like one.
func maybeStatement(tail []byte) bool {
	switch tail[0] {
	case 'Q', 'E', 'P': // Query, Execute, Prepare
		return true
	}
	return false
}

// eachFreeDigits calls free, until that returns false, with each run of digits that
// is alone: beside no byte that joins it to a name, to a number of another kind or to
// a version comment. No value of theirs changes which tokens a statement has or what
// they are.
func eachFreeDigits(text []byte, free func(from, to int) bool) {
	named, end := false, -1 // whether the run before is part of a name, and its end
	for i := 0; i < len(text); i++ {
		if !isDigit(text[i]) {
			continue
		}
		from := i
		for i < len(text) && isDigit(text[i]) {
			i++
		}
		switch {
		case from == 0:
			named = false
		case text[from-1] != '.':
			named = joining[text[from-1]]
		case from-1 != end: // behind a dot a name begins if one ends before it
			named = from > 1 && joining[text[from-2]]
		}
		end = i
		switch {
		case named, i < len(text) && joining[text[i]]:
		case from > 1 && text[from-1] == '\'' && text[from-2]|0x20 == 'b': // b'01'
		default:
			if !free(from, i) {
				return
			}
		}
	}
}

// hasFreeDigits reports whether a digest may have digits that could be others, in a
// name in quotes. The quotes of the digest need not be those of the statement: in
// double ones, or in some that do not end, digits may be free.
func hasFreeDigits(digest string) (free bool) {
	if sqltext.DigestCut(digest) {
		return true
	}
	if strings.ContainsAny(digest, "0123456789") {
		eachFreeDigits([]byte(strings.ReplaceAll(digest, "`", " ")), func(int, int) bool {
			free = true
			return false
		})
	}
	return free
}

// isName reports whether text has no digits or is a plain name, or two joined by a
// dot, all of whose digits are beside letters or the like, so that none was free
// where it was read.
func isName(text []byte) bool {
	if !bytes.ContainsAny(text, "0123456789") {
		return true
	}
	beside := false // the byte before, or the digits before it, are beside one
	for i, c := range text {
		switch {
		case isDigit(c):
			if !beside && (i+1 == len(text) || !isDigit(text[i+1]) && !joining[text[i+1]]) {
				return false
			}
		case c == '.':
			beside = false
		case joining[c] && c != '`' && c != '!' && c != '@':
			beside = true
		default:
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// joining are the bytes beside which digits are part of something else.
var joining = func() (set [256]bool) {
	for c := range set {
		set[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
	}
	for _, c := range []byte("_$@!`") {
		set[c] = true
	}
	return set
}()
