// Package selection turns "is row i in it" into a bitmap that screens can page
// through: the k-th row and the position of a row in constant time, an eighth
// of a byte and a little for each row of the log.
package selection

import (
	"math/bits"
	"slices"
	"sort"
)

// Bits is an immutable ascending selection of indices; it is a message.Rows.
// The zero value is empty.
type Bits struct {
	words []uint64
	// before counts the selected rows before each group of words.
	before []int
	n      int
}

// group is the words between two counts: counting that many is a few
// nanoseconds, and the counts take a sixteenth of the bitmap.
const group = 16

// Builder collects a selection.
type Builder struct{ words []uint64 }

// NewBuilder returns an empty selection of the indices 0 to n-1.
func NewBuilder(n int) *Builder { return &Builder{make([]uint64, (n+63)/64)} }

// Add selects index i, 0 <= i < n.
func (b *Builder) Add(i int) { b.words[i>>6] |= 1 << (i & 63) }

// Bits returns what was selected so far.
func (b *Builder) Bits() *Bits {
	s := &Bits{words: slices.Clone(b.words), before: make([]int, 0, len(b.words)/group+1)}
	for i, w := range s.words {
		if i%group == 0 {
			s.before = append(s.before, s.n)
		}
		s.n += bits.OnesCount64(w)
	}
	return s
}

// Len returns how many indices are selected.
func (s *Bits) Len() int { return s.n }

// At returns the k-th selected index, 0 <= k < Len.
func (s *Bits) At(k int) int {
	g := sort.SearchInts(s.before, k+1) - 1
	k -= s.before[g]
	for w := g * group; ; w++ {
		word := s.words[w]
		if ones := bits.OnesCount64(word); k >= ones {
			k -= ones
			continue
		}
		for range k {
			word &= word - 1
		}
		return w<<6 + bits.TrailingZeros64(word)
	}
}

// Find returns the position of index i, or where it is not selected the
// position of the next that is, and false.
func (s *Bits) Find(i int) (k int, ok bool) {
	switch {
	case i < 0:
		return 0, false
	case i>>6 >= len(s.words):
		return s.n, false
	}
	w := i >> 6
	k = s.before[w/group]
	for _, word := range s.words[w/group*group : w] {
		k += bits.OnesCount64(word)
	}
	k += bits.OnesCount64(s.words[w] & (1<<(i&63) - 1))
	return k, s.words[w]>>(i&63)&1 == 1
}

// Grow makes room for the indices up to n-1.
func (b *Builder) Grow(n int) {
	if more := (n+63)/64 - len(b.words); more > 0 {
		b.words = append(b.words, make([]uint64, more)...)
	}
}
