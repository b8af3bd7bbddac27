package filter

import "math/bits"

// A bitset is a set of small numbers: rows or connections.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) add(i int) { b[i>>6] |= 1 << (i & 63) }

func (b bitset) contains(i uint32) bool { return b[i>>6]>>(i&63)&1 != 0 }

// complement keeps the numbers below n that are not in b.
func (b bitset) complement(n int) bitset {
	c := make(bitset, len(b))
	for k, w := range b {
		c[k] = ^w
	}
	if n&63 != 0 {
		c[len(c)-1] &= 1<<(n&63) - 1
	}
	return c
}

func (b bitset) intersection(o bitset) bitset {
	c := make(bitset, len(b))
	for k := range b {
		c[k] = b[k] & o[k]
	}
	return c
}

func (b bitset) union(o bitset) bitset {
	c := make(bitset, len(b))
	for k := range b {
		c[k] = b[k] | o[k]
	}
	return c
}

func (b bitset) len() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// test returns a word with the bits j of mask for which block[j] is in b.
func (b bitset) test(block []uint32, mask uint64) (w uint64) {
	if bits.OnesCount64(mask) < 24 {
		for m := mask; m != 0; m &= m - 1 {
			j := bits.TrailingZeros64(m)
			v := block[j]
			w |= b[v>>6] >> (v & 63) & 1 << j
		}
		return w
	}
	for j, v := range block {
		w |= b[v>>6] >> (v & 63) & 1 << j
	}
	return w & mask
}
