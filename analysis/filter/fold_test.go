package filter

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestSubstringIsSearchInFoldedText(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	// Few letters, so that beginnings of the needle abound.
	const alphabet = "aAbBk \u212aKäÄſs\xff\xc3"
	random := func(n int) string {
		var b strings.Builder
		for range rng.IntN(n + 1) {
			i := rng.IntN(len(alphabet))
			b.WriteString(alphabet[i:min(len(alphabet), i+1+rng.IntN(3))])
		}
		return b.String()
	}
	var scratch []byte
	hits := 0
	for range 20000 {
		needle, text := random(3), random(30)
		if needle == "" {
			continue
		}
		want := strings.Contains(plainFold(text), plainFold(needle))
		if got := newSubstring(needle).in([]byte(text), &scratch); got != want {
			t.Fatalf("%q in %q: %v", needle, text, got)
		}
		if want {
			hits++
		}
	}
	if hits < 1000 {
		t.Errorf("only %d hits: this tests little", hits)
	}
}

// Texts that repeat the needle's beginning make search give up; the answer
// stays right.
func TestSubstringGivesUpOnRepetition(t *testing.T) {
	needle := strings.Repeat("z", 200) + "e"
	s := newSubstring(needle)
	text := []byte(strings.Repeat(strings.Repeat("Z", 199)+"E", 500))
	if _, known := s.search(text); known {
		t.Error("search did not give up")
	}
	var scratch []byte
	if s.in(text, &scratch) {
		t.Error("found what is not there")
	}
	if !s.in(append(text, strings.ToUpper(needle)...), &scratch) {
		t.Error("did not find what is there")
	}
}

func BenchmarkSubstring(b *testing.B) {
	text := []byte(strings.Repeat("SELECT option_value FROM wp_options WHERE option_name = 'siteurl' LIMIT 1 ", 4))
	var scratch []byte
	for _, needle := range []string{"union", "eeee", "wp_users", "äther"} {
		b.Run(needle, func(b *testing.B) {
			s := newSubstring(needle)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				s.in(text, &scratch)
			}
		})
	}
}
