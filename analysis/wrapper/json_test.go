package wrapper

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// A string that ends in the block is passed at once, one that does not, step by step:
// blocks of a byte take no such way, and must come to the same.
func TestWaysThroughDocuments(t *testing.T) {
	entry := `2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT 1`
	wanted := `{"log":"` + entry + `"}`
	long := strings.Repeat("k", maxKey)
	for name, log := range map[string]string{
		"blanks of any number": wanted + "\n {\n" + blanks(1) + `"a"` + blanks(7) + `:` + blanks(8) + `1,` + blanks(9) + "\n" + blanks(17) + `"log"` + "\n:\n" + blanks(3) + `"` + entry + `"` + blanks(16) + "}" + blanks(8),
		"escapes in keys":      wanted + "\n" + `{"l\u006fg":"x","lo\"g":"x","log\\":"x","log":"` + entry + `"}`,
		"values like keys":     wanted + "\n" + `{"a":"log","b":["log","log"],"log":"` + entry + `","log":1,"c":{"log":"x"}}`,
		"long keys":            wanted + "\n" + `{"` + long + `":"x","` + long + `log":"x","log":"` + entry + `"}`,
		"a long key is wanted": `{"` + long + `more":"` + entry + `"}` + "\n" + `{"` + long + `":"` + entry + `","` + long[1:] + `":"x"}`,
		"a line breaks off":    wanted + "\n" + `{"a` + "\n" + wanted + "\n" + `{"a":"b` + "\n" + `{"log":"` + entry + "\n" + wanted,
		"a stray quote":        wanted + "\n" + `"log":"x"` + "\n,\"log\"\n" + wanted,
		"bytes near the marks": wanted + "\n" + `{"a":"!#[]` + "\x09\x0b\x21\x23\xa2\xdc\x8a\xff" + `","log":"` + "!#[]\x09\x0b\xa2\xdc\x8a" + `"}`,
	} {
		s, _ := Recognise([]byte(log), true)
		if s.Plain() {
			t.Fatalf("%s: nothing is around it", name)
		}
		want, by := unwrap(s, []byte(log), func() int { return 1 })
		for _, size := range []int{2, 3, 7, 8, 9, 64, 1 << 20} {
			got, u := unwrap(s, []byte(log), func() int { return size })
			if !bytes.Equal(got.Data, want.Data) {
				t.Errorf("%s, blocks of %d: %s", name, size, difference(got.Data, want.Data))
			}
			if err := sameAccount(u, by); err != "" {
				t.Errorf("%s, blocks of %d: %s", name, size, err)
			}
		}
	}
}

func blanks(n int) string { return strings.Repeat(" ", n) }

// Go's own reader of JSON comes to the same on documents that are right.
func TestValuesAsGoReadsThem(t *testing.T) {
	log := wantedBy(t, strings.Repeat(hostile, 20))
	s, _ := Recognise(log, true)
	got, _ := unwrap(s, log, whole)
	var want []byte
	for d := json.NewDecoder(bytes.NewReader(log)); d.More(); {
		var v struct{ Log string }
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		want = append(append(want, v.Log...), '\n')
	}
	if !bytes.Equal(got.Data, want) {
		t.Error(difference(got.Data, want))
	}
}

// wantedBy puts each line of a log into a document that holds much else.
func wantedBy(t *testing.T, log string) (b []byte) {
	for i, line := range strings.Split(log, "\n") {
		doc, err := json.MarshalIndent(map[string]any{"a": strings.Repeat(`"\`+line, i%3), "log": line, "z": []any{i, line, map[string]any{"log": line}}}, "", blanks(i%20))
		if err != nil {
			t.Fatal(err)
		}
		b = append(append(b, doc...), '\n')
	}
	return b
}
