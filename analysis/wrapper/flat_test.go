package wrapper

import (
	"bytes"
	"testing"

	"sqleuth/analysis/wrapper/wrappertest"
)

// takeAll takes the outermost wrapper of a stack off a text, with another around the
// log within or not, into memory that is there or comes bit by bit.
func takeAll(s *Stack, raw []byte, unit uint8, within, roomy bool) (*Text, *Account) {
	l, in, out, a := s.layers[0].open(nil), &Text{Data: raw}, new(Text), new(Account)
	if roomy {
		out.Data = make([]byte, 0, len(raw))
	}
	if d, ok := l.(*documentLayer); ok {
		d.coarse = !within
	}
	in.Map.Add(len(raw), 0, unit)
	l.take(in, true, &output{Text: out, account: a})
	return out, a
}

// A stretch of the log as it is gives what any other text gives: here one whose bytes
// come from two each.
func TestFlatTextIsNoOther(t *testing.T) {
	tried := 0
	for _, form := range wrappertest.Forms() {
		raw := form.Wrap([]byte(hostile))
		s, _ := Recognise(raw, true)
		if s.Plain() || !s.layers[0].holds() {
			continue
		}
		tried++
		for k := range 4 {
			within, roomy := k&1 == 1, k&2 == 2
			flat, a := takeAll(s, raw, 1, within, roomy)
			other, b := takeAll(s, raw, 2, within, false)
			if !bytes.Equal(flat.Data, other.Data) || len(a.Rejects) != len(b.Rejects) {
				t.Fatalf("%s: %s", form.Name, difference(flat.Data, other.Data))
			}
			for i := range flat.Data {
				if at, want := flat.Map.At(i), other.Map.At(i)/2; at != want {
					t.Fatalf("%s: byte %d leads to %d, want %d", form.Name, i, at, want)
				}
				if n, want := flat.Map.Bytes(i, i+1), other.Map.Bytes(i, i+1)/2; n != want {
					t.Fatalf("%s: byte %d stands for %d bytes, want %d", form.Name, i, n, want)
				}
			}
		}
	}
	if tried < 10 {
		t.Errorf("%d containers: the test sees too few", tried)
	}
}
