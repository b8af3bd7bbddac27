package numpyrand

// advance is advancePairs with SSE2, which every amd64 processor has.
//
//go:noescape
func advance(k *state)

// temper is temperPairs with SSE2.
//
//go:noescape
func temper(out *[BlockPairs]uint64, k *state)
