package stops

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// Stops are found where a look at each byte finds them, whatever is around them.
func TestStops(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const alphabet = "ab!\"#[\\]\x00\x01\t\n\x0b&'(\x7f\x80\x8a\xa2\xdc\xff"
	for range 20000 {
		b := make([]byte, rng.IntN(40))
		for i := range b {
			b[i] = alphabet[rng.IntN(len(alphabet))]
			if rng.IntN(4) > 0 {
				b[i] = "az"[rng.IntN(2)]
			}
		}
		for _, stop := range []string{"\"\\\n", "'\\\\", "\t\\\\", "\"\n,"} {
			s := At(stop[0], stop[1], stop[2])
			want := bytes.IndexAny(b, stop)
			if want < 0 {
				want = len(b)
			}
			if got := s.Next(b); got != want {
				t.Fatalf("in %q the first of %q is at %d, want %d", b, stop, got, want)
			}
		}
	}
}
