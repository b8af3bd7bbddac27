package filter

import (
	"context"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// Looking for required texts first must not change what matches.
func TestRegexpIsPackageRegexp(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	atoms := []string{"ab", "sk", "Ka", "bs\u00e4", "a+b", "(?i:kab)", "(ab|bb)", "(?:ab|.b|sk)", "(ab)?", "(ab){0,2}", "(ba){2}", ".", "b*", "[ab]", "(?i)", "ſ", `\x{fffd}`}
	texts := []string{"a", "b", "A", "B", "s", "S", "k", "K", "\u212a", "ſ", "ä", "Ä", "\xff", " "}
	hits := 0
	for range 3000 {
		source, text := "", ""
		for range 1 + rng.IntN(4) {
			source += atoms[rng.IntN(len(atoms))]
		}
		if rng.IntN(2) == 0 {
			source = "(?-i)" + source
		}
		term, err := newRegexpTerm(source)
		if err != nil {
			t.Fatal(err)
		}
		plain := regexp.MustCompile("(?i)" + source)
		for range 20 {
			text = ""
			for range rng.IntN(12) {
				text += texts[rng.IntN(len(texts))]
			}
			want := plain.MatchString(text)
			if got := term.match(&statement{ctx: context.Background(), text: []byte(text)}); got != want {
				t.Fatalf("/%s/ in %q: %v", source, text, got)
			}
			if want {
				hits++
			}
		}
	}
	if hits < 5000 {
		t.Errorf("only %d hits: this tests little", hits)
	}
}

func TestRequiredTexts(t *testing.T) {
	for source, want := range map[string]string{
		`sleep\s*\(`: "leep", `into\s+(out|dump)file`: "into", `union|select`: "union elect", `a|union`: "",
		`(benchmark\()?`: "", `x{2,}`: "", `(xy){2,}`: "xy", `.*`: "", `ä`: "",
	} {
		term, err := newRegexpTerm(source)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range term.required {
			got = append(got, string(s.needle))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("/%s/ requires %q, want %q", source, got, want)
		}
	}
}

// Long texts take another way through package regexp.
func TestRegexpInLongText(t *testing.T) {
	long := strings.Repeat("select \xff ä 'x' from t; ", longText/20)
	for _, source := range []string{"ä", "zz", "^select", "^from", `t; zz$`, "(?-i)T; ZZ$", "T; ZZ$", `\bzz\b`, `x.{5,9}t`, `\x{fffd}`} {
		for _, text := range []string{long, long + "zz", "zz", ""} {
			term, err := newRegexpTerm(source)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := term.match(&statement{ctx: context.Background(), text: []byte(text)}), regexp.MustCompile("(?i)"+source).MatchString(text); got != want {
				t.Errorf("/%s/ in %d bytes: %v", source, len(text), got)
			}
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	reader := &stoppable{ctx: ctx, text: []byte(long)}
	n := 0
	for {
		if _, _, err := reader.ReadRune(); err != nil {
			break
		}
		n++
	}
	if n > 1024 {
		t.Errorf("%d runes were read after the context was done", n)
	}
}

func BenchmarkRegexp(b *testing.B) {
	text := []byte(strings.Repeat("SELECT option_value FROM wp_options WHERE option_name = 'siteurl' LIMIT 1 ", 4))
	for _, source := range []string{`sleep\s*\(`, `union|select .* into`, `[0-9]{5}`} {
		b.Run(source, func(b *testing.B) {
			t, err := newRegexpTerm(source)
			if err != nil {
				b.Fatal(err)
			}
			s := statement{ctx: context.Background(), text: text}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				t.match(&s)
			}
		})
	}
}
