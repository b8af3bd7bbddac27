package drain

import "testing"

// The wanted texts were printed by Python 3.11.
func TestAppendPyString(t *testing.T) {
	for _, tt := range []struct {
		text, want string
	}{
		{"", `''`},
		{"a", `'a'`},
		{`it's`, `"it's"`},
		{`say "x"`, `'say "x"'`},
		{`it's "x"`, `'it\'s "x"'`},
		{`a\b`, `'a\\b'`},
		{"\t\n\r\x00\x1b\x7f", `'\t\n\r\x00\x1b\x7f'`},
		{"é\u00a0\u00ad\u0085", `'é\xa0\xad\x85'`},
		{"\u200b\u2028\u3000\u20ac\ufeff\ufffd", `'\u200b\u2028\u3000€\ufeff` + "\ufffd" + `'`},
		{"😀\U000e0001\U0001fae8\U0010ffff", `'😀\U000e0001\U0001fae8\U0010ffff'`},
		{"\u0378\u0cf3\ue000", `'\u0378\u0cf3\ue000'`},
		{"a\xffb", `'a\udcffb'`},
	} {
		if got := string(appendPyString(nil, []byte(tt.text))); got != tt.want {
			t.Errorf("%q\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}
