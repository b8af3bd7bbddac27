package export

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestWriteJSON(t *testing.T) {
	for in, want := range map[string]string{
		"é": `"\u00e9"`, "\U0001F600": `"\ud83d\ude00"`, "\x7f": `"\u007f"`, "\u2028~<": `"\u2028~<"`, "\x1b\u202e": `"\u001b\u202e"`,
	} {
		var b bytes.Buffer
		if err := WriteJSON(&b, in); err != nil || b.String() != want+"\n" {
			t.Errorf("%q is written %s, %v, want %s", in, b.String(), err, want)
		}
	}
}

// A long text is escaped in parts, none of which splits a character.
func TestWriteJSONInParts(t *testing.T) {
	for shift := range 4 {
		want := strings.Repeat("x", asciiPart-4+shift) + "\U0001F600é€"
		var b bytes.Buffer
		var got string
		if err := WriteJSON(&b, want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b.Bytes(), &got); err != nil || got != want {
			t.Errorf("shifted by %d: %v, ends in %q", shift, err, got[max(0, len(got)-20):])
		}
	}
}
