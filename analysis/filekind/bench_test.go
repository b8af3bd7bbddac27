package filekind

import (
	"strings"
	"testing"
)

// BenchmarkOf names a file that is none of the kinds, which asks for all of them.
func BenchmarkOf(b *testing.B) {
	head := []byte(strings.Repeat("the quick brown fox, 12:34:56 jumps over 42 lazy dogs and says nothing\n", HeadSize/70))
	b.SetBytes(int64(len(head)))
	for b.Loop() {
		Of(head)
	}
}
