package rule

import (
	"regexp"
	"strings"
	"testing"
)

var cased = modifiers{"cased": true}

func TestPattern(t *testing.T) {
	for _, c := range []struct {
		pattern, value string
		want           bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "a\nb", true},
		{"?", "", false},
		{"a*c", "abbc", true},
		{"a*c", "abcb", false},
		{"a*b*c", "aXbYbZc", true},
		{"*ab", "aab", true},
		{"*aab", "aaab", true},
		{"a?*c", "ac", false},
		{"a?*c", "abc", true},
		{"*?", "", false},
		{"?*?", "ab", true},
		{`a\*b`, "a*b", true},
		{`a\*b`, "axb", false},
		{`a\?b`, "axb", false},
		{`a\b`, `a\b`, true},
		{`a\`, `a\`, true},
		{`*\`, `a\`, true},
		{`a\\b`, `a\b`, true},
		{`a\\*`, `a\xyz`, true},
		{`a\\\*`, `a\*`, true},
		{`a\\\*`, `a\x`, false},
		{"\xff*", "\xffa", true},
		{"*??", "€", false},
		{"*??", "x€€", true},
	} {
		if p, err := cased.pattern(c.pattern); err != nil || p.match(c.value, "") != c.want {
			t.Errorf("%q on %q: %v, %v", c.pattern, c.value, !c.want, err)
		}
	}
}

// FuzzPattern holds patterns to regular expressions.
func FuzzPattern(f *testing.F) {
	for _, s := range [][2]string{{"a*b?c", "aXbYc"}, {`\*\\*`, `*\`}, {"*a*a*a*", "aaaa"}, {"", ""}, {"?", "é"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, written, value string) {
		written, value = strings.ToValidUTF8(written, ""), strings.ToValidUTF8(value, "")
		p, err := cased.pattern(written)
		if err != nil {
			t.Fatal(err)
		}
		var re strings.Builder
		re.WriteString(`(?s)\A`)
		for i := 0; i < len(written); i++ {
			switch c := written[i]; {
			case c == '\\' && i+1 < len(written) && strings.ContainsRune(`*?\`, rune(written[i+1])):
				i++
				re.WriteString(regexp.QuoteMeta(written[i : i+1]))
			case c == '*':
				re.WriteString(".*")
			case c == '?':
				re.WriteString(".")
			default:
				re.WriteString(regexp.QuoteMeta(written[i : i+1]))
			}
		}
		re.WriteString(`\z`)
		if got, want := p.match(value, ""), regexp.MustCompile(re.String()).MatchString(value); got != want {
			t.Errorf("%q on %q: %v, the expression %s says %v", written, value, got, re.String(), want)
		}
	})
}
