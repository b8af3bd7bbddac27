package drain

import (
	"errors"
	"testing"
	"unicode"
)

// What the masks do was printed by Python's regex module.
func TestMaskSyntax(t *testing.T) {
	for _, tt := range []struct{ pattern, line, want string }{
		{`\d+`, "a1b٣c²", "a<*>b<*>c²"},
		{`\D+`, "a1b٣c²", "<*>1<*>٣<*>"},
		{`\w+`, "é_1-\u200d ⓐ.", "<*>-<*> <*>."},
		{`\W+`, "é_1-\u00a0x", "é_1<*>x"},
		{`a\sb`, "a b a\u00a0b a\u0085b a\x1cb a\x1fb", "<*> <*> <*> a\x1cb a\x1fb"},
		{`a\Sb`, "a b a\u00a0b a\x1cb axb", "a b a\u00a0b <*> <*>"},
		{`[\d.]+`, "1.٣x", "<*>x"},
		{`[^\d.]+`, "1.٣xé", "1.٣<*>"},
		{`[\D]+`, "1xé2", "1<*>2"},
		{`[^\W_]+`, "a_é-1", "<*>_<*>-<*>"},
		{`[\S]+`, "ab\u3000c", "<*>\u3000<*>"},
		{`[\w-z]+`, "a-z_~", "<*>~"},
		{`[a-\d]+`, "5-a b", "<*> b"},
		{`[\d-\s]+`, "5- b", "<*>b"},
		{`[a\-c]+`, "b-c", "b<*>"},
		{`[-a]+`, "b-a", "b<*>"},
		{`[a-]+`, "b-a", "b<*>"},
		{`[]a]+`, "b]a", "b<*>"},
		{`[^]a]+`, "b]a", "<*>]a"},
		{`[[a]+`, "b[a", "b<*>"},
		{`[a&&b]+`, "x&a", "x<*>"},
		{`[\b]`, "a\bb", "a<*>b"},
		{`\bB\b`, "B aB éB", "<*> aB é<*>"}, // ASCII here: Python does not see a boundary in éB
		{`a{2}`, "aaaaa", "<*><*>a"},
		{`xa{,2}`, "xaaa x", "<*>a <*>"},
		{`xa{,}`, "xaaa x", "<*> <*>"},
		{`a{2,}?`, "aaaa", "<*><*>"},
		{`a{x}`, "a{x} a", "<*> a"},
		{`a{1`, "a{1 a", "<*> a"},
		{`{a`, "{a a", "<*> a"},
		{`a}`, "a} a", "<*> a"},
		{`a{1,2,3}`, "a{1,2,3}", "<*>"},
		{`\x41\u00e9\U0001F600`, "Aé😀", "<*>"},
		{`\012`, "a\nb", "a<*>b"},
		{`\141`, "ba", "b<*>"},
		{`\é\_\ \<`, "é_ <", "<*>"},
		{`a\Z`, "a a", "a <*>"},
		{`\Aa`, "a a", "<*> a"},
		{`^a|b$`, "aab", "<*>a<*>"},
		{`(?P<n>a)|(?<m>b)`, "abc", "<*><*>c"},
		{`(?i)k`, "kK\u212a", "<*><*><*>"},
		{`a(?i:b)c`, "aBc ABc", "<*> ABc"},
		{`(?s:a.b)`, "a\nb", "<*>"},
		{`a.b`, "a\nb aéb", "a\nb <*>"},
		{`a(?#note)b`, "ab", "<*>"},
		{`\p{Lu}+`, "aBÉc", "a<*>c"},
		{`\pL`, "1é", "1<*>"},
		{`a+?b|a`, "aab", "<*>"},
		{`a|ab`, "ab", "<*>b"}, // leftmost first, not leftmost longest
		{`(\d+\.){3}\d+(:\d+)?`, "to 10.0.0.1:80", "to <*>"},
		{`([\w-]+\.){2,}[\w-]+`, "at www.example-1.org now", "at <*> now"},
	} {
		m, err := NewMasks([]string{tt.pattern})
		if err != nil {
			t.Errorf("%s: %v", tt.pattern, err)
			continue
		}
		if got := string(m.Append(nil, []byte(tt.line))); got != tt.want {
			t.Errorf("%s on %q\n got %q\nwant %q", tt.pattern, tt.line, got, tt.want)
		}
	}
}

func TestMaskErrors(t *testing.T) {
	for _, tt := range []struct {
		pattern   string
		offset    int
		construct string
	}{
		{`a(?=b)`, 1, `(?=`},
		{`a(?!b)`, 1, `(?!`},
		{`(?<=a)b`, 0, `(?<=`},
		{`(?<!a)b`, 0, `(?<!`},
		{`(a)\1`, 3, `\1`},
		{`(?P<x>a)(?P=x)`, 8, `(?P=`},
		{`(?>a)`, 0, `(?>`},
		{`(a)(?(1)b)`, 3, `(?(1`},
		{`(?|a|b)`, 0, `(?|a`},
		{`a(?R)`, 1, `(?R)`},
		{`(?x)a b`, 0, `(?x)`},
		{`(?U)a+`, 0, `(?U)`},
		{`a(?i)b`, 1, `(?i)`},
		{`a++`, 1, `++`},
		{`a{2}+`, 1, `{2}+`},
		{`(?:foo){e<=1}`, 7, `{e<=1}`},
		{`[[:alpha:]]`, 1, `[:alpha:]`},
		{`a\Qb`, 1, `\Q`},
		{`\h`, 0, `\h`},
		{`\N{DIGIT ONE}`, 0, `\N`},
		{`\X`, 0, `\X`},
		{`a\`, 1, `\`},
		{`[a`, 0, `[a`},
		{`[b-a]`, 1, `b-a`},
		{`[a\`, 2, `\`},
		{`\x4`, 0, `\x4`},
		{`\xzz`, 0, `\xzz`},
		{`\u00e`, 0, `\u00e`},
		{`\U00110000`, 0, `\U00110000`},
		{`(a`, 0, `(a`},
		{`a**`, 1, `**`},
		{`a{2}{3}`, 1, `{2}{3}`},
		{`a{2000}`, 1, `{2000}`},
		{`\p{Nope}`, 0, `\p{Nope}`},
		{`x\`, 1, `\`},
		{`a*`, 0, `a*`},
		{`\b`, 0, `\b`},
		{`a|`, 0, `a|`},
		{`^$`, 0, `^$`},
		{``, 0, ``},
		{"a\xff", 0, "a\xff"},
	} {
		_, err := NewMasks([]string{decimalMask, tt.pattern})
		var me *MaskError
		if !errors.As(err, &me) {
			t.Errorf("%s: error %v, want a MaskError", tt.pattern, err)
			continue
		}
		if me.Index != 1 || me.Pattern != tt.pattern || me.Offset != tt.offset || me.Construct != tt.construct || me.Reason == "" {
			t.Errorf("%s: got %+v, want offset %d, construct %q", tt.pattern, *me, tt.offset, tt.construct)
		}
	}
}

func TestNoMasks(t *testing.T) {
	for _, patterns := range [][]string{nil, {""}} {
		m, err := NewMasks(patterns)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(m.Append(nil, []byte("123456"))); got != "123456" {
			t.Errorf("masks %q: got %q", patterns, got)
		}
	}
}

// The tables for characters that Go does not know as digits, and those that the
// reference does not know yet, are cut for one version of Unicode.
func TestUnicodeVersion(t *testing.T) {
	if unicode.Version != "15.0.0" {
		t.Errorf("Go has Unicode %s: since15Digits, since15Printable must take away what came after Unicode 14, and Masker's \\d what came after 15", unicode.Version)
	}
}

func FuzzNewMasks(f *testing.F) {
	for _, seed := range []string{hexMask, decimalMask, addressMask, `[^\W\d_]+x{,3}?`, `(?i)a(?P<b>c)|\x41`, `[]-a]`, `\`} {
		f.Add(seed, "Line 12345 of feedbeef00, 1.2.3.4")
	}
	f.Fuzz(func(t *testing.T, pattern, line string) {
		m, err := NewMasks([]string{pattern})
		if err != nil {
			var me *MaskError
			if !errors.As(err, &me) {
				t.Fatalf("%q: error %T", pattern, err)
			}
			return
		}
		m.Append(nil, []byte(line))
	})
}
