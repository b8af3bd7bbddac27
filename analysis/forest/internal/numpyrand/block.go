package numpyrand

// state is the 624 words of a generator. Four more repeat the first ones of a block
// while it is being made: its last words depend on them, as if they followed.
type state = [BlockPairs + 2]uint64

// Words are made in pairs, which is half the work; that shifts carry bits from one
// half of a uint64 into the other has to be masked away. On amd64 four are made at
// once instead (block_amd64.s), a third of the time again. BenchmarkBlock measures
// both.

// both repeats a word in the two halves of a pair.
const both = 1<<32 + 1

const (
	upper = 1 << 31 * both
	lower = (1<<31 - 1) * both
	twist = 0x9908b0df

	shiftIn7  = 0x9d2c5680 * both
	shiftIn15 = 0xefc60000 * both
	keep21    = (1<<21 - 1) * both
	keep14    = (1<<14 - 1) * both
)

// straddle joins the later word of a pair with the earlier one of the next.
func straddle(pair, next uint64) uint64 { return pair>>32 | next<<32 }

// recur makes two new words of the state: the upper bits of the words in a,
// the lower bits of those in b, twisted, over the far ones in c.
func recur(a, b, c uint64) uint64 {
	y := a&upper | b&lower
	return c ^ y>>1&lower ^ y&both*twist
}

// advancePairs makes the next 624 words of a state.
func advancePairs(k *state) {
	const (
		// farPairs is the distance, rounded up to pairs, to the third word that a new
		// one depends on: 397 words.
		farPairs = 199
		turn     = BlockPairs - farPairs // the far words from here on are new ones
		last     = BlockPairs - 1
	)
	a, far := k[0], k[farPairs-1]
	for i := range turn {
		b, c := k[i+1], k[i+farPairs]
		k[i] = recur(a, straddle(a, b), straddle(far, c))
		a, far = b, c
	}
	for i := turn; i < last; i++ {
		b, c := k[i+1], k[i-turn]
		k[i] = recur(a, straddle(a, b), straddle(far, c))
		a, far = b, c
	}
	k[last] = recur(a, straddle(a, k[0]), straddle(far, k[last-turn]))
}

// temperPairs turns the words of a state into those of the stream.
func temperPairs(out *[BlockPairs]uint64, k *state) {
	for i, y := range k[:BlockPairs] {
		y ^= y >> 11 & keep21
		y ^= y << 7 & shiftIn7
		y ^= y << 15 & shiftIn15
		out[i] = y ^ y>>18&keep14
	}
}
