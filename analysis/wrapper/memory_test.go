package wrapper

import (
	"bytes"
	"testing"
)

// Whatever a file holds, a layer keeps little of it: what it has not taken yet is no
// more than the head of a line, or a record whose stream may still be named.
func TestWhatIsKept(t *testing.T) {
	const block, blocks = 16 << 10, 6
	for name, s := range kindsOf(t) {
		for _, pattern := range []string{
			"x", `"`, `\`, "{", "[", `{"a":`, `{"log":"`, `"log":"` + "x", "\x00", "\n", "1", " ", "#", "\xd8\x00", "\x00\xd8", ",", "mysql_1 |", "<13>1 ", "[", "MESSAGE", "MESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xff", "2024-07-10T05:25:05Z stdout P ",
		} {
			data := bytes.Repeat([]byte(pattern), block/len(pattern))
			u, text, got := s.Open(), new(Text), 0
			for at := range blocks {
				u.Add(data, int64(at*len(data)), false, text)
				for k := range u.in {
					most := 2 * maxPrefix
					if _, ok := u.layers[k].(telling); ok {
						most += maxTrial
					}
					if n := len(u.in[k].Data); n > most {
						t.Fatalf("%s, %q: layer %d keeps %d bytes", name, pattern, k, n)
					}
				}
				got += len(text.Data)
				text.Reset()
			}
			if got > blocks*len(data)*3/2+block {
				t.Errorf("%s, %q: %d bytes of text from %d", name, pattern, got, blocks*len(data))
			}
		}
	}
}
