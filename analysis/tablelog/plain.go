package tablelog

import (
	"encoding/binary"
	"math/bits"
)

// stops are bytes of ASCII at which a walk stops. What is between them is passed eight
// bytes at a time.
type stops [3]uint64

// stopsAt returns stops; a byte may be named twice.
func stopsAt(a, b, c byte) stops {
	const each = 0x0101010101010101
	return stops{uint64(a) * each, uint64(b) * each, uint64(c) * each}
}

// next returns where the first stop is in b, the length of b for none.
func (s *stops) next(b []byte) int {
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

// in sets the top bit of the first of the eight bytes at the start of b that is a stop;
// bits behind it are not sure, but there are none where no byte is one.
func (s *stops) in(b []byte) uint64 {
	const each, top = 0x0101010101010101, 0x8080808080808080
	w := binary.LittleEndian.Uint64(b)
	// The subtraction borrows from a zero only.
	x, y, z := w^s[0], w^s[1], w^s[2]
	return ((x - each) | (y - each) | (z - each)) &^ w & top
}
