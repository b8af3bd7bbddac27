package loaded

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// What Before returns is the count of line ends of the file up to there, and little is
// left to read, however the log came.
func TestLinesBefore(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var files [2][]byte
	for k := range files {
		files[k] = bytes.Repeat([]byte("SELECT 1\n\n-- x"), 400_000+k)
	}
	var l Lines
	base := int64(0)
	bases := []int64{}
	for k, text := range files {
		bases = append(bases, base)
		for at := 0; at < len(text); {
			n := min(1+rng.IntN(1<<18), len(text)-at)
			l.Add(k, base+int64(at), text[at:at+n])
			at += n
		}
		base += int64(len(text))
	}
	for range 1000 {
		k := rng.IntN(2)
		at := rng.IntN(len(files[k]))
		from, ends, ok := l.Before(bases[k] + int64(at))
		if !ok || from > bases[k]+int64(at) || bases[k]+int64(at)-from > 2*lineGap {
			t.Fatalf("byte %d of file %d: counted up to %d, %v", at, k, from, ok)
		}
		if want := int64(bytes.Count(files[k][:from-bases[k]], []byte{'\n'})); ends != want {
			t.Fatalf("%d line ends before byte %d of file %d, want %d", ends, from, k, want)
		}
	}
}
