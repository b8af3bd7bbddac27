package reading

import (
	"bytes"
	"hash/maphash"
)

// A log says the same things again and again: "Quit", the same login, the same
// SELECT by key. What a record means depends on nothing but its bytes behind
// time and id, so a parser that remembers those bytes need not read them twice.
// BenchmarkLoad in package pipeline chose the sizes: of the entries of a WordPress
// log four in five are remembered, which are a third of its bytes.
const (
	// Slots is how many records a parser remembers.
	Slots = 1 << 14
	// maxRemembered is the longest record that is remembered. Long ones seldom
	// come twice.
	maxRemembered = 512
)

// memory remembers records by their bytes behind the id. A record is taken in
// when it comes for the second time; it replaces what was in its slot.
type memory struct {
	seed  maphash.Seed
	seen  [Slots]uint64 // by slot, the record that came last without being taken in
	slots [Slots]remembered
}

type remembered struct {
	hash uint64
	tail []byte
}

func newMemory() *memory { return &memory{seed: maphash.MakeSeed()} }

// find returns the slot of tail and whether it was remembered there. Slot -1
// stands for a record that is not taken in.
func (m *memory) find(tail []byte) (slot int32, known bool) {
	if len(tail) > maxRemembered {
		return -1, false
	}
	h := maphash.Bytes(m.seed, tail)
	k := h & (Slots - 1)
	s := &m.slots[k]
	if s.hash == h && bytes.Equal(s.tail, tail) {
		return int32(k), true
	}
	if m.seen[k] != h {
		m.seen[k] = h
		return -1, false
	}
	s.hash, s.tail = h, append(s.tail[:0], tail...)
	return int32(k), false
}
