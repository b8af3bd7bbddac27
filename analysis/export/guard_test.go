package export

import (
	"strings"
	"testing"
	"unicode"
)

func TestGuard(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"ordinary", `SELECT * FROM t WHERE p = 'C:\dir' AND q = 'a\'b'`, `SELECT * FROM t WHERE p = 'C:\dir' AND q = 'a\'b'`},
		{"formula", `=1+1`, `'=1+1`},
		{"comment", `-- x`, `'-- x`},
		{"none", `-`, `-`},
		{"behind white space", "\u00a0@x", "'\u00a0@x"},
		{"behind a quotation mark", `"=1+1"`, `'"=1+1"`},
		{"full width", "\uff1d1", "'\uff1d1"},
		{"a quote of the text", `'=1`, `''=1`},
		{"a quote before no formula", `'x'`, `'x'`},
		{"controls", "a\x1b\n\u202e\xff", `a\x1b\n\u202e\xff`},
		{"escapes spelt out", `a\x1b\n`, `a\\x1b\\n`},
		{"tab", "x\t=1", `x\t=1`},
		{"semicolon", `x;=1+1`, `x\x3b=1+1`},
		{"semicolon, white space, mark", `x; "@y`, `x\x3b "@y`},
		{"stacked statement with a comment", `1;-- -`, `1\x3b-- -`},
		{"backslash before a semicolon", `x\;=1`, `x\\\x3b=1`},
		{"a semicolon that begins no formula", `a; b;c;`, `a; b;c;`},
		{"none before a formula", `a;-;+b`, `a\x3b-\x3b+b`},
		{"a list with none in it", `users; -; posts; -`, `users; -; posts; -`},
		{"an escaped semicolon spelt out", `x\x3b=1`, `x\\x3b=1`},
		{"a line end behind a semicolon", "SELECT 1;\nSELECT 2", `SELECT 1;\nSELECT 2`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Guard(tt.in); got != tt.want {
				t.Errorf("Guard(%q) = %s, want %s", tt.in, got, tt.want)
			}
		})
	}
}

// FuzzGuard splits a guarded cell where a spreadsheet of any country may, and
// checks that different cells stay different.
func FuzzGuard(f *testing.F) {
	for _, s := range []string{"", "=1", `x;=1`, `x;"-y`, "x\t+1", `'=`, `;-;-`, `\;=`, `\x3b=`} {
		f.Add(s, s+" ")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		guarded := Guard(a)
		for _, part := range strings.FieldsFunc(guarded, func(r rune) bool { return r == ';' || r == '\t' || r == '\n' || r == '\r' }) {
			part = strings.TrimLeftFunc(part, func(r rune) bool { return r == '"' || unicode.IsSpace(r) })
			if part = strings.TrimSpace(part); part != "" && part != "-" && strings.ContainsRune("=+-@|\uFF1D\uFF0B\uFF0D\uFF20", []rune(part)[0]) {
				t.Errorf("%q is guarded as %q, of which a spreadsheet may run %q", a, guarded, part)
			}
		}
		if a != b && guarded == Guard(b) {
			t.Errorf("%q and %q are both %q", a, b, guarded)
		}
	})
}
