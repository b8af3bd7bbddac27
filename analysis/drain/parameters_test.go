package drain

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func TestParameters(t *testing.T) {
	for _, tt := range []struct {
		template, raw string
		want          []string
	}{
		{"a b", "a b", nil},
		{"", "", nil},
		{"<*>", "", []string{""}},
		{"<*>", "x y", []string{"x y"}},
		{"a <*> c", "a b c", []string{"b"}},
		{"a <*> c", "a b d", nil},
		{"a <*> c", " a b c", nil},
		{"a <*> c", "a b c ", nil},
		{"a <*> c", "a b c\n", []string{"b"}},
		{"a <*> c", "a \u00a0 b\tc", []string{"b"}},
		{"a <*> c", "a\x1cb c", nil},
		{"a <*> c", "a b\nb c", nil},
		{"<*> <*> x", "1 2 x", []string{"1 2"}},
		{"<*>,<*>", "1,2", []string{"1,2"}},
		{"<*><*><*>", "12", []string{"", "12"}},
		{"a <br> c", "a b c", []string{"b"}},
		{"a<b", "a<b", nil},
		{"<table> <*>", "1 2", []string{"1", "2"}},
		{"<table> <*>", "1   2", []string{"1", "2"}},
		{"a <*> b <*> b", "a 1 b 2 b", []string{"1", "2"}},
		{"a <*> b <*> b", "a 1 b b", nil},            // both spaces are needed
		{"a <*> <abc> c", "a   c", []string{"", ""}}, // white space gives way
		{"a <*> <abc> c", "a  c", nil},
		{"a <*> c", "a   c", []string{""}},
		{"<*>'s \"<*>\"", `it's "x"`, []string{"it", "x"}},
		{"<*>é<*>", "aéb", []string{"aéb"}},
		{"<*>éé<*>é", "aéébé", []string{"a", "b"}},
		{"<*>éééé<*>", "aéééébé", []string{"a", "bé"}},
	} {
		got := Parameters(tt.template, tt.raw)
		if !slices.Equal(got, tt.want) {
			t.Errorf("Parameters(%q, %q) = %q, want %q", tt.template, tt.raw, got, tt.want)
		}
		if plain := plainParameters(tt.template, tt.raw); !slices.Equal(plain, tt.want) {
			t.Errorf("plainParameters(%q, %q) = %q, want %q", tt.template, tt.raw, plain, tt.want)
		}
	}
}

func checkParameters(t *testing.T, template, raw string) {
	t.Helper()
	got, want := Parameters(template, raw), plainParameters(template, raw)
	if !slices.Equal(got, want) {
		t.Fatalf("Parameters(%q, %q)\n got %q\nwant %q", template, raw, got, want)
	}
}

// Templates and lines of so few parts that backtracking has work to do.
func TestParametersEqualPlain(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	words := []string{"a", "b", "ab", "<*>", "<*>", "a<*>", "<*>b", "<*>a<*>", "<abcdef<*>", "<é>", "é"}
	raws := []string{"a", "b", "ab", "aa", " ", " ", "  ", "\n", "\u00a0", "\u3000 ", "\x1c", "é", "<*>"}
	matched := 0
	for seed := range uint64(6000) {
		g := newLineMaker(seed).Rand
		tokens := make([]string, g.IntN(6))
		for i := range tokens {
			tokens[i] = words[g.IntN(len(words))]
		}
		template := strings.Join(tokens, " ")
		raw := template
		if g.IntN(4) > 0 { // fill the template
			for strings.Contains(raw, Wildcard) {
				fill := raws[g.IntN(len(raws)-1)]
				raw = strings.Replace(raw, Wildcard, fill+raws[g.IntN(len(raws)-1)], 1)
			}
			for strings.Contains(raw, " ") && g.IntN(2) == 0 {
				raw = strings.Replace(raw, " ", []string{"\t\t", "\n", "\u00a0 "}[g.IntN(3)], 1)
			}
		} else {
			var b strings.Builder
			for range g.IntN(12) {
				b.WriteString(raws[g.IntN(len(raws))])
			}
			raw = b.String()
		}
		checkParameters(t, template, raw)
		if Parameters(template, raw) != nil {
			matched++
		}
	}
	if matched < 1500 {
		t.Errorf("only %d lines matched: the test tests little", matched)
	}
}

func FuzzParameters(f *testing.F) {
	f.Add("a <*> c", "a b c")
	f.Add("<*> a<*> b <*>", "x a1\n b a b  ")
	f.Fuzz(func(t *testing.T, template, raw string) {
		template = strings.Join(plainSplit(template), " ")
		if !strings.Contains(template, Wildcard) || strings.Count(template, "<") > 20 || len(raw) > 200 {
			return // no parameter, or too slow for the plain way
		}
		checkParameters(t, strings.ToValidUTF8(template, "?"), strings.ToValidUTF8(raw, "?"))
	})
}

// One Extractor for many lines gives what a new one for each gives.
func TestExtractorIsReusable(t *testing.T) {
	x := NewExtractor("a <*> b <*>")
	for _, raw := range []string{"a 1 b 2", "nothing", "a 1 c 2", "a   b 2", "a 1 b 2 b 3"} {
		if got, want := x.Append(nil, []byte(raw)), Parameters("a <*> b <*>", raw); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", raw, got, want)
		}
	}
}

// A line made to take long ends within its budget; without one this test would
// not end.
func TestParametersEnd(t *testing.T) {
	template := strings.Repeat("<table> a ", 300) + "end"
	raw := bytes.Repeat([]byte(" a\u00a0"), 20000)
	if got := NewExtractor(template).Append(nil, raw); got != nil {
		t.Errorf("got %d parameters of a line without end", len(got))
	}
}

// A line's own template and its parameters give the masked line back.
func TestParametersRebuildLine(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	for seed := range uint64(300) {
		g := newLineMaker(seed)
		g.parts = []string{"a", "b", "c", "x=1", "'q'", "12345", "feedbeef", "1.2.3.4", "é"}
		lines := g.similar(60)
		for i := range lines {
			lines[i] = strings.Join(plainSplit(lines[i]), " ")
		}
		got, _, _, err := mineBoth(DefaultConfig(), lines)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range lines {
			template := got[i]
			list := Parameters(template, line)
			marked := parameterMark.ReplaceAllString(template, Wildcard)
			if n := strings.Count(marked, Wildcard); len(list) != n {
				t.Fatalf("template %q, line %q: %d parameters, want %d", template, line, len(list), n)
			}
			for _, p := range list {
				marked = strings.Replace(marked, Wildcard, strings.ReplaceAll(p, "<", "\x00"), 1)
			}
			if rebuilt := strings.ReplaceAll(marked, "\x00", "<"); rebuilt != line {
				t.Fatalf("template %q, parameters %q give %q, want %q", template, list, rebuilt, line)
			}
		}
	}
}
