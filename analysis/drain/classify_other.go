//go:build !amd64

package drain

func classifyBlocks(text []byte, space, digit []uint64, seen *sightings) {
	classifyWords(text, space, digit, seen)
}
