// Package stops finds the bytes at which a walk through text stops, eight bytes at a
// time: bytes of ASCII in, where the first of them is out.
package stops

import (
	"encoding/binary"
	"math/bits"
)

// EveryByte times a byte is a word of eight of them.
const EveryByte = 0x0101010101010101

// Stops are up to three bytes of ASCII, as words.
type Stops [3]uint64

// At returns stops; a byte may be named twice.
func At(a, b, c byte) Stops {
	return Stops{uint64(a) * EveryByte, uint64(b) * EveryByte, uint64(c) * EveryByte}
}

// Next returns where the first stop is in b, the length of b for none.
func (s *Stops) Next(b []byte) int {
	rest := b
	for len(rest) >= 16 {
		near, far := s.in(rest), s.in(rest[8:])
		if near|far != 0 {
			n := len(b) - len(rest)
			if near == 0 {
				near, n = far, n+8
			}
			return n + bits.TrailingZeros64(near)/8
		}
		rest = rest[16:]
	}
	if len(rest) >= 8 {
		if found := s.in(rest); found != 0 {
			return len(b) - len(rest) + bits.TrailingZeros64(found)/8
		}
		rest = rest[8:]
	}
	for i, c := range rest {
		if c == byte(s[0]) || c == byte(s[1]) || c == byte(s[2]) {
			return len(b) - len(rest) + i
		}
	}
	return len(b)
}

// in is In for the eight bytes at the start of b.
func (s *Stops) in(b []byte) uint64 { return s.In(binary.LittleEndian.Uint64(b)) }

// In sets the top bit of the first byte of a word that is a stop; bits behind it are not
// sure, but there are none where no byte is one.
func (s *Stops) In(w uint64) uint64 {
	// The subtraction borrows from a zero only.
	x, y, z := w^s[0], w^s[1], w^s[2]
	return ((x - EveryByte) | (y - EveryByte) | (z - EveryByte)) &^ w & (0x80 * EveryByte)
}
