package inflate

import (
	"bufio"
	"math/bits"
)

// An entry of a table is found by the next bits of the stream. Its lowest six bits are
// how many of them it takes. For a literal the byte is in bits 16 to 23. For a length
// or distance the base is in bits 16 to 30, and bits 8 to 11 are the length of the
// code, behind which are the extra bits. A link leads to a second table for longer
// codes: where that begins is in bits 16 to 30, and the lowest six bits are those that
// find an entry in it.
const (
	isLiteral = 1 << 31
	isSpecial = 1 << 15 // one of the two below, or the end of the block
	isLink    = 1 << 14
	isInvalid = 1 << 13
)

const (
	litLenBits   = 11 // of the first table
	distanceBits = 8
	lengthsBits  = 7 // of the codes for lengths of codes, which have no more

	maxCode         = 15
	maxLength       = 258
	maxDistanceBits = maxCode + 13
)

// The second tables of all links have the size of the longest codes. Two codes at
// least share one.
type (
	litLenTable   [1<<litLenBits + 288/2<<(maxCode-litLenBits)]uint32
	distanceTable [1<<distanceBits + 32/2<<(maxCode-distanceBits)]uint32
)

func (t *litLenTable) follow(e uint32, bits uint64) uint32 {
	if e&isLink != 0 {
		e = t[e>>16+uint32(bits>>litLenBits)&(1<<(e&63)-1)]
	}
	return e
}

func (t *distanceTable) follow(e uint32, bits uint64) uint32 {
	if e&isLink != 0 {
		e = t[e>>16+uint32(bits>>distanceBits)&(1<<(e&63)-1)]
	}
	return e
}

// value is the length or distance of an entry that was found by bits.
func value(e uint32, bits uint64) int {
	return int(e>>16) + int(bits&(1<<(e&63)-1)>>(e>>8&63))
}

// Entries of the symbols without the length of their code.
var litLens, distances, codeLengths = func() (l [288]uint32, d [32]uint32, c [19]uint32) {
	for i := range l {
		switch {
		case i < 256:
			l[i] = isLiteral | uint32(i)<<16
		case i == 256:
			l[i] = isSpecial
		default:
			l[i] = isSpecial | isInvalid
		}
	}
	// RFC 1951, section 3.2.5.
	base := uint32(3)
	for i := range 28 {
		extra := uint32(max(0, i/4-1))
		l[257+i] = base<<16 | extra
		base += 1 << extra
	}
	l[285] = maxLength << 16
	base = 1
	for i := range 30 {
		extra := uint32(max(0, i/2-1))
		d[i] = base<<16 | extra
		base += 1 << extra
	}
	d[30], d[31] = isSpecial|isInvalid, isSpecial|isInvalid
	for i := range c {
		c[i] = uint32(i) << 16
	}
	return l, d, c
}()

// build makes the table of canonical codes with these lengths, 0 for none, whose
// symbols have these entries. It returns false where they are no prefix code, or not
// all of one, but for a single code of one bit and none at all, as zlib does.
func build(table []uint32, first int, lengths []uint8, entries []uint32) bool {
	var count, next [maxCode + 1]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	code, longest, total := 0, 0, 0
	for n := 1; n <= maxCode; n++ {
		code = (code + count[n-1]) << 1
		next[n] = code
		if count[n] > 0 {
			longest = n
			total += count[n] << (maxCode - n)
		}
	}
	clear(table[:1<<first])
	if total != 1<<maxCode {
		if total > 1<<maxCode || longest > 1 {
			return false
		}
		for i := range table[:1<<first] {
			table[i] = isSpecial | isInvalid
		}
	}
	behind := 1 << first // of the tables so far
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		e := entries[symbol] + uint32(n)
		if e&isLiteral == 0 {
			e += uint32(n) << 8
		}
		n := int(n)
		at := int(bits.Reverse16(uint16(next[n])) >> (16 - n)) // the first bit is the lowest
		next[n]++
		if n <= first {
			for ; at < 1<<first; at += 1 << n {
				table[at] = e
			}
			continue
		}
		link := &table[at&(1<<first-1)]
		if *link == 0 {
			*link = isSpecial | isLink | uint32(behind)<<16 | uint32(longest-first)
			behind += 1 << (longest - first)
		}
		second := table[*link>>16:][:1<<(longest-first)]
		for at >>= first; at < len(second); at += 1 << (n - first) {
			second[at] = e
		}
	}
	return true
}

// fixedCodes makes the tables of a block with fixed codes.
func (r *Reader) fixedCodes() {
	if r.isFixed {
		return
	}
	var lengths [288]uint8
	for i := range lengths {
		switch {
		case i < 144, i >= 280:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		default:
			lengths[i] = 7
		}
	}
	build(r.litLen[:], litLenBits, lengths[:], litLens[:])
	for i := range 32 {
		lengths[i] = 5
	}
	build(r.distance[:], distanceBits, lengths[:32], distances[:])
	r.isFixed = true
}

// order is the one in which the lengths of the codes for lengths come.
var order = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamicCodes reads the codes of a block and makes its tables.
func (r *Reader) dynamicCodes(b *bitReader) error {
	litLen, distance, n := int(b.take(5))+257, int(b.take(5))+1, int(b.take(4))+4
	if litLen > 286 || distance > 30 {
		return ErrCorrupt
	}
	var lengths [286 + 30]uint8
	for _, symbol := range order[:n] {
		lengths[symbol] = uint8(b.take(3))
	}
	var table [1 << lengthsBits]uint32
	if !build(table[:], lengthsBits, lengths[:len(order)], codeLengths[:]) {
		return ErrCorrupt
	}
	clear(lengths[:len(order)])
	for i := 0; i < litLen+distance; {
		e := b.code(&table)
		if b.err != nil {
			return b.err
		}
		if e&isInvalid != 0 {
			return ErrCorrupt
		}
		symbol, times := uint8(e>>16), 1
		switch symbol {
		case 16:
			if i == 0 {
				return ErrCorrupt
			}
			symbol, times = lengths[i-1], int(b.take(2))+3
		case 17:
			symbol, times = 0, int(b.take(3))+3
		case 18:
			symbol, times = 0, int(b.take(7))+11
		}
		if i+times > litLen+distance {
			return ErrCorrupt
		}
		for range times {
			lengths[i] = symbol
			i++
		}
	}
	r.isFixed = false
	if !build(r.litLen[:], litLenBits, lengths[:litLen], litLens[:]) || !build(r.distance[:], distanceBits, lengths[litLen:litLen+distance], distances[:]) {
		return ErrCorrupt
	}
	return nil
}

// bitReader reads the head of a block bit by bit.
type bitReader struct {
	in   *bufio.Reader
	hold uint32 // the next bits, the first one the lowest
	n    uint   // how many
	err  error
}

// bits returns a reader at the first bit that is not used up.
func (r *Reader) bits() bitReader {
	b := bitReader{in: r.in}
	b.more()
	b.hold >>= r.bit
	b.n -= uint(r.bit)
	return b
}

func (b *bitReader) more() {
	c, err := b.in.ReadByte()
	if err != nil {
		b.err = unexpected(err)
	}
	b.hold |= uint32(c) << b.n
	b.n += 8
}

// take reads n bits, at most 16; what they are where there are not as many does not
// matter.
func (b *bitReader) take(n uint) uint32 {
	for b.n < n {
		b.more()
	}
	bits := b.hold & (1<<n - 1)
	b.hold >>= n
	b.n -= n
	return bits
}

// code reads one code for a length.
func (b *bitReader) code(table *[1 << lengthsBits]uint32) uint32 {
	for {
		e := table[b.hold&(1<<lengthsBits-1)]
		if n := uint(e & 63); n <= b.n && e&isInvalid == 0 || b.n >= lengthsBits {
			b.take(n)
			return e
		}
		b.more()
	}
}
