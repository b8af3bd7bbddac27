//go:build !amd64

package numpyrand

// advance makes the next 624 words of a state.
func advance(k *state) { advancePairs(k) }

// temper turns the words of a state into those of the stream.
func temper(out *[BlockPairs]uint64, k *state) { temperPairs(out, k) }
