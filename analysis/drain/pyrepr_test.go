package drain

import "testing"

// The wanted texts were printed by Python 3.11.
func TestAppendPyRepr(t *testing.T) {
	for _, tt := range []struct {
		list []string
		want string
	}{
		{nil, `[]`},
		{[]string{""}, `['']`},
		{[]string{"a", "b"}, `['a', 'b']`},
		{[]string{`it's`}, `["it's"]`},
		{[]string{`say "x"`}, `['say "x"']`},
		{[]string{`it's "x"`}, `['it\'s "x"']`},
		{[]string{`a\b`}, `['a\\b']`},
		{[]string{"\t\n\r\x00\x1b\x7f"}, `['\t\n\r\x00\x1b\x7f']`},
		{[]string{"é\u00a0\u00ad\u0085"}, `['é\xa0\xad\x85']`},
		{[]string{"\u200b\u2028\u3000\u20ac\ufeff\ufffd"}, `['\u200b\u2028\u3000€\ufeff` + "\ufffd" + `']`},
		{[]string{"😀\U000e0001\U0001fae8\U0010ffff"}, `['😀\U000e0001\U0001fae8\U0010ffff']`},
		{[]string{"\u0378\u0cf3\ue000"}, `['\u0378\u0cf3\ue000']`},
		{[]string{"a\xffb"}, `['a\udcffb']`},
	} {
		if got := string(AppendPyRepr(nil, tt.list)); got != tt.want {
			t.Errorf("AppendPyRepr(%q)\n got %s\nwant %s", tt.list, got, tt.want)
		}
	}
}
