package numpyrand

import "testing"

// The words made four at a time must be those made in pairs, over many blocks and
// from states with every bit set and none.
func TestBlocksAreThoseOfPairs(t *testing.T) {
	states := []state{{}, {}}
	for i := range states[1] {
		states[1][i] = ^uint64(0)
	}
	for seed := range uint32(20) {
		states = append(states, New(seed*0x9e3779b9).key)
	}
	for n, k := range states {
		got, want := k, k
		for block := range 20 {
			advance(&got)
			advancePairs(&want)
			var words, pairs [BlockPairs]uint64
			temper(&words, &got)
			temperPairs(&pairs, &want)
			for i := range words {
				if got[i] != want[i] || words[i] != pairs[i] {
					t.Fatalf("state %d, block %d, pair %d: key %x, word %x; in pairs %x, %x", n, block, i, got[i], words[i], want[i], pairs[i])
				}
			}
		}
	}
}

func BenchmarkBlock(b *testing.B) {
	g := New(1)
	b.Run("this machine", func(b *testing.B) {
		b.SetBytes(4 * BlockSize)
		for b.Loop() {
			g.Block()
		}
	})
	b.Run("pairs", func(b *testing.B) {
		b.SetBytes(4 * BlockSize)
		for b.Loop() {
			advancePairs(&g.key)
			temperPairs(&g.out, &g.key)
		}
	})
}
