// Package numpyrand reproduces, word for word, the random numbers that
// scikit-learn's forests and its train_test_split draw: NumPy's legacy
// RandomState seeded with an integer (frozen by NumPy's policy), the sampling
// without replacement built on it, and the xorshift of the tree splitters.
//
// A seed turns into a stream of words; a stream turns into bounded integers,
// doubles, permutations and samples. Streams are never shared between trees.
package numpyrand

import (
	"context"
	"math/bits"
)

// MT19937 makes 624 words of 32 bits at once. It is the inner loop of every
// bootstrap; see advance.
const (
	// BlockSize is the number of words that are made at once.
	BlockSize = 624
	// BlockPairs is the number of pairs of words in a block, the earlier one in
	// the lower half of a uint64.
	BlockPairs = BlockSize / 2
)

// MaxSeed31 bounds the seeds that scikit-learn derives for its trees: they are
// drawn from 0 <= s < MaxSeed31.
const MaxSeed31 = 1<<31 - 1

// MT19937 is the Mersenne Twister of Matsumoto and Nishimura (1998) with
// 32-bit output. The zero value is not usable: call Seed first.
type MT19937 struct {
	key  state
	out  [BlockPairs]uint64
	next int // word in out; BlockSize when it is used up
}

// New returns a generator seeded as numpy.random.RandomState(seed).
func New(seed uint32) *MT19937 {
	g := new(MT19937)
	g.Seed(seed)
	return g
}

// FirstSeed31 returns the first Seed31 of a generator with a seed. The generator, 5 KB,
// is not left to the garbage collector.
func FirstSeed31(seed uint32) uint32 {
	var g MT19937
	g.Seed(seed)
	return g.Seed31()
}

// Seed restarts the stream as numpy.random.RandomState(seed) does for an
// integer: Knuth's linear fill, not the array initialisation that Python's own
// random module uses.
func (g *MT19937) Seed(seed uint32) {
	word := seed
	for i := range BlockPairs {
		if i > 0 {
			word = fill(word, 2*i)
		}
		first := word
		word = fill(word, 2*i+1)
		g.key[i] = uint64(first) | uint64(word)<<32
	}
	g.next = BlockSize
}

// fill returns word i of a fresh state from the word before it.
func fill(before uint32, i int) uint32 {
	return 1812433253*(before^before>>30) + uint32(i)
}

// Key returns the first words of the internal state, as RandomState.get_state
// shows them right after seeding.
func (g *MT19937) Key(n int) []uint32 {
	words := make([]uint32, min(n, BlockSize))
	for i := range words {
		words[i] = word(g.key[:], i)
	}
	return words
}

// word returns word i of a block.
func word(block []uint64, i int) uint32 {
	return uint32(block[i/2] >> (i % 2 * 32))
}

// Skip advances a stream that is at a block boundary (a fresh one does) by
// one whole block without making its words.
func (g *MT19937) Skip() { advance(&g.key) }

// Block makes the next BlockPairs pairs of words of a stream that is at a
// block boundary (a fresh one does). The array is overwritten by the next call.
func (g *MT19937) Block() *[BlockPairs]uint64 {
	g.Skip()
	temper(&g.out, &g.key)
	return &g.out
}

// Word returns the next 32-bit word.
func (g *MT19937) Word() uint32 {
	if g.next == BlockSize {
		g.Block()
		g.next = 0
	}
	w := word(g.out[:], g.next)
	g.next++
	return w
}

// Mask returns the smallest 2^k-1 that is at least top: what a word is cut to
// before it is compared with top.
func Mask(top uint32) uint32 {
	return uint32(uint64(1)<<bits.Len32(top) - 1)
}

// Below returns a uniform integer in [0, m) by masked rejection, as
// RandomState.randint does for every integer type. m must be positive; m == 1
// draws nothing.
func (g *MT19937) Below(m uint32) uint32 {
	if m <= 1 {
		return 0
	}
	top := m - 1
	mask := Mask(top)
	for {
		if v := g.Word() & mask; v <= top {
			return v
		}
	}
}

// Seed31 returns the seed that scikit-learn's _set_random_states draws for an
// estimator: randint(2^31-1).
func (g *MT19937) Seed31() uint32 { return g.Below(MaxSeed31) }

// Double returns a uniform float64 in [0, 1) with 53 random bits; it uses two
// words.
func (g *MT19937) Double() float64 {
	a, b := g.Word(), g.Word()
	return Double(uint64(a) | uint64(b)<<32)
}

// Double turns a pair of words into the float64 that RandomState's
// random_sample makes of them.
func Double(pair uint64) float64 {
	a, b := uint32(pair)>>5, uint32(pair>>32)>>6
	return (float64(float64(a)*(1<<26)) + float64(b)) / (1 << 53)
}

// cancelInterval is the number of swaps between two looks at the context:
// below a millisecond even where every swap misses the cache.
const cancelInterval = 1 << 15

// Shuffle permutes p as RandomState.permutation permutes 0..len(p)-1. It
// returns the context's error, with p half shuffled, when it is cancelled.
func Shuffle[E any](ctx context.Context, g *MT19937, p []E) error {
	for i := len(p) - 1; i > 0; i-- {
		if i%cancelInterval == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		mask := Mask(uint32(i))
		j := g.Word() & mask
		for j > uint32(i) {
			j = g.Word() & mask
		}
		p[i], p[j] = p[j], p[i]
	}
	return nil
}
