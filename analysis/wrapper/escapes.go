package wrapper

import "bytes"

// escapes is what rsyslog makes of control characters that it receives: "#011" for
// a TAB, its number in octal.
type escapes struct{}

func (escapes) name() string        { return "control characters as rsyslog escapes them" }
func (escapes) holds() bool         { return false }
func (escapes) open(*streams) layer { return escapesLayer{} }
func findEscapes(head []byte) []kind {
	if !bytes.Contains(head, []byte("#011")) {
		return nil
	}
	return []kind{escapes{}}
}

type escapesLayer struct{}

func (escapesLayer) resume(bool) {}

func (escapesLayer) take(in *Text, last bool, out *output) int {
	data, from := in.Data, 0
	for {
		n := bytes.IndexByte(data[from:], '#')
		if n < 0 {
			out.run(in, from, len(data))
			return len(data)
		}
		out.run(in, from, from+n)
		from += n
		c, ok := octal(data[from:])
		switch {
		case ok:
			out.as(in, from, from+4, c)
			from += 4
		case len(data)-from < 4 && !last:
			return from
		default:
			out.run(in, from, from+1)
			from++
		}
	}
}

// octal reads "#011" and the other control characters that statements hold as a
// rule. Any others stay as they are: "#000" is rather a colour.
func octal(b []byte) (c byte, ok bool) {
	switch {
	case bytes.HasPrefix(b, []byte("#011")):
		return '\t', true
	case bytes.HasPrefix(b, []byte("#012")):
		return '\n', true
	case bytes.HasPrefix(b, []byte("#015")):
		return '\r', true
	}
	return 0, false
}

// unescapeLine returns the head of a line without its escapes.
func unescapeLine(line []byte) []byte {
	s := Stack{layers: []fitted{{kind: escapes{}}}}
	return s.Decode(line[:min(len(line), maxPrefix)], true)
}
