package drain

// classifyBlocks is classifyWords with SSE2, which every amd64 processor has, but
// that a run of hexadecimal digits is seen for certain. space and digit have an
// element for each block.
//
//go:noescape
func classifyBlocks(text []byte, space, digit []uint64, seen *sightings)
