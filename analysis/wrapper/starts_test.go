package wrapper

import (
	"bytes"
	"strings"
	"testing"

	"sqleuth/analysis/wrapper/wrappertest"
)

// A container whose start was cut off, as tail -c does, loses what was cut and no more:
// each entry whose record is whole is read, and all else is counted. So it is where the end
// is missing.
func TestContainersThatWereCut(t *testing.T) {
	log := []byte(strings.Repeat(hostile, 3))
	for _, form := range wrappertest.Forms() {
		raw := form.Wrap(log)
		if !holdsValues(t, raw) || strings.Contains(form.Name, "csv") {
			continue
		}
		whole, _ := Recognise(raw, true)
		text, _ := unwrap(whole, raw, func() int { return len(raw) })
		list := starts(text.Data)
		for cut := 1; cut < len(raw)/2; cut += 31 {
			tail := raw[cut:]
			if begins(tail) {
				continue // a file that begins with an entry is plain
			}
			s, _ := Recognise(tail, true)
			got, u := unwrap(s, tail, func() int { return len(tail) })
			if sum := got.Map.Raw() + u.WrapperBytes + rejected(u); sum != int64(len(tail)) {
				t.Fatalf("%s, cut at %d: %d bytes accounted for of %d (%s)", form.Name, cut, sum, len(tail), s.Name())
			}
			if !strings.HasPrefix(form.Name, "journald-export") { // how long the bytes are that were cut is lost
				readBack(t, u.Stack(), tail, got)
			}
			// Entries whose record begins two entries behind the cut.
			for k, from := range list {
				if text.Map.At(from) > int64(cut) && k+2 < len(list) {
					if want := text.Data[list[k+2]:]; !bytes.HasSuffix(got.Data, want) {
						t.Fatalf("%s, cut at %d behind %q (%s): %s", form.Name, cut, raw[max(0, cut-50):cut], s.Name(), difference(got.Data, want))
					}
					break
				}
			}
			if strings.Contains(form.Name, "foreign") {
				continue // the last record may not have named its stream
			}
			if got, u = unwrap(whole, raw[:len(raw)-cut], func() int { return 100 }); !bytes.HasPrefix(text.Data, got.Data[:max(0, len(got.Data)-lastBytes)]) || got.Map.Raw()+u.WrapperBytes+rejected(u) != int64(len(raw)-cut) {
				t.Fatalf("%s, without the last %d bytes: %s", form.Name, cut, difference(got.Data, text.Data))
			}
		}
	}
}

// lastBytes is how much of a text that ends in the middle may be what is left of an escape.
const lastBytes = 4

// holdsValues reports whether what is around a log outermost is a container of values.
func holdsValues(t *testing.T, raw []byte) bool {
	s, ok := Recognise(raw, true)
	if !ok {
		t.Fatal("a file is not recognised")
	}
	return len(s.layers) > 0 && s.layers[0].holds()
}
