package wrapper

import (
	"bytes"
	"runtime/debug"
	"testing"
)

// A line of nothing but marks of UTF-8 needs no stack for each: anyone who writes into a
// log chooses how many there are, and one that overflows ends the program.
func TestLineOfMarks(t *testing.T) {
	before := debug.SetMaxStack(1 << 20)
	defer debug.SetMaxStack(before)
	line := append(bytes.Repeat(markUTF8, 1<<16), '\n')
	for name, s := range kindsOf(t) {
		u, text := s.Open(), new(Text)
		u.Add(line, 0, false, text)
		u.Add(nil, int64(len(line)), true, text)
		if len(text.Data) > 2*len(line) {
			t.Errorf("%s: %d bytes of text from %d", name, len(text.Data), len(line))
		}
	}
}
