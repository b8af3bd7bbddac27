package filter

import "testing"

func TestGlobMatchesWholeTexts(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"ab", "ab", true}, {"ab", "abc", false}, {"AB", "ab", true}, {`""`, "", true}, {`""`, "a", false},
		{"*", "", true}, {"*", "x y", true},
		{"a*", "a", true}, {"a*", "ba", false}, {"*a", "ba", true}, {"*a", "ab", false},
		{"a*a", "a", false}, {"a*a", "aa", true}, {"ab*ba", "aba", false}, // beginning and end do not share text
		{"*ab*", "xaby", true}, {"*ab*b*", "xab", false}, {"*ab*b*", "xabb", true}, {"a*b*c", "abbcbc", true}, {"a*b*c", "acb", false},
		{`a"*"b`, "a*b", true}, {`a"*"b`, "axb", false}, {`"*"*`, "*x", true},
		{"Ä*", "äx", true}, {"k", "\u212a", false}, {`"\xc3"*`, "ä", false}, {`"\xc3"*`, "\xc3x", true},
	} {
		f := mustParse(t, "user:"+c.pattern)
		if got := f.root.(valueTerm).value.fold().match(string(appendFold(nil, c.text))); got != c.want {
			t.Errorf("%s matches %q: %v", c.pattern, c.text, got)
		}
	}
}
