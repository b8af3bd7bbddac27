package drain

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"
)

// What is classified 16 bytes at a time must be what is classified by words, and a
// run of hexadecimal digits is never missed.
func TestBlocksAreClassifiedAsWords(t *testing.T) {
	run := regexp.MustCompile(`[0-9a-fA-F]{8}`)
	runs := 0
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 3))
		text := make([]byte, 64*(1+rng.IntN(4)))
		from := [][]byte{[]byte("0123456789abcdefABCDEF"), []byte("09afAF/:@G`g \t"), nil}[rng.IntN(3)]
		for i := range text {
			text[i] = byte(rng.IntN(256))
			if from != nil && rng.IntN(12) > 0 {
				text[i] = from[rng.IntN(len(from))]
			}
		}
		blocks := len(text) / 64
		space, digit := make([]uint64, blocks), make([]uint64, blocks)
		wantSpace, wantDigit := slices.Clone(space), slices.Clone(digit)
		var seen, want sightings
		classifyBlocks(text, space, digit, &seen)
		classifyWords(text, wantSpace, wantDigit, &want)
		if !slices.Equal(space, wantSpace) || !slices.Equal(digit, wantDigit) || seen.high != 0 != (want.high != 0) || seen.control != 0 != (want.control != 0) {
			t.Fatalf("%q: space %x, digit %x, %+v; by words %x, %x, %+v", text, space, digit, seen, wantSpace, wantDigit, want)
		}
		for i := range text {
			bit := func(mask []uint64) bool { return mask[i/64]>>(i%64)&1 != 0 }
			if bit(space) != (byteClass[text[i]]&spaceByte != 0) || bit(digit) != (byteClass[text[i]]&digitByte != 0) {
				t.Fatalf("%q: byte %d is space %v, digit %v", text, i, bit(space), bit(digit))
			}
		}
		if run.Match(text) {
			runs++
			if seen.hexRun == 0 || want.hexRun == 0 {
				t.Fatalf("%q: a run of hexadecimal digits is missed: %+v, by words %+v", text, seen, want)
			}
		}
	}
	if runs < 300 || runs > 2700 {
		t.Errorf("%d of 3000 texts have runs of hexadecimal digits: too few or too many", runs)
	}
}
