package widget

import (
	"slices"
	"strings"
	"testing"

	"sqleuth/ui/theme"
)

func TestParagraph(t *testing.T) {
	const span = "2024-07-10 05:39:34 to 2024-07-10 05:39:36 UTC"
	for _, tt := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"one two three", 13, []string{"one two three"}},
		{"one two three", 8, []string{"one two", "three"}},
		{"well-known names", 8, []string{"well-kno", "wn names"}},
		{"a well-known name", 11, []string{"a", "well-known", "name"}},
		{"two  blanks   end ", 6, []string{"two", "blanks", "end"}},
		{"a    b", 3, []string{"a", "b"}},
		{"abcdefgh ij", 3, []string{"abc", "def", "gh", "ij"}},
		{span, 50, []string{span}},
		{span, 40, []string{"2024-07-10 05:39:34 to", "2024-07-10 05:39:36 UTC"}},
		{span, 19, []string{"2024-07-10 05:39:34", "to", "2024-07-10 05:39:36", "UTC"}},
		{span, 12, []string{"2024-07-10", "05:39:34 to", "2024-07-10", "05:39:36 UTC"}},
		{"from (2024-07-10 05:39:34) on", 25, []string{"from", "(2024-07-10 05:39:34) on"}},
		{"日本 語", 4, []string{"日本", "語"}},
		{"日本", 1, []string{"…", "…"}},
		{"a\nb\x1b[m", 10, []string{"a␊b␛[m"}},
	} {
		if got := Paragraph(theme.Plain(), tt.text, tt.width); !slices.Equal(got, tt.want) {
			t.Errorf("Paragraph(%q, %d) = %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}

// FuzzParagraph: no line is too wide, and no character but blanks is lost.
func FuzzParagraph(f *testing.F) {
	f.Add("one two-three 2024-07-10 05:39:34 "+hostile, 7)
	f.Add(strings.Repeat("日 ", 40)+strings.Repeat("x", 99)+strings.Repeat(" ", 50), 2)
	f.Add("2024-07-10 05:39:3", 30)
	f.Add(" 1:2:", 1)
	f.Fuzz(func(t *testing.T, text string, width int) {
		th := theme.Plain()
		width = 2 + (width%100+100)%100
		var got string
		for _, line := range Paragraph(th, text, width) {
			if cells(line) > width {
				t.Errorf("%q is wider than %d", line, width)
			}
			got += line
		}
		blank := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if want := blank(th.Notation.Text(text)); blank(got) != want {
			t.Errorf("%q, want %q", blank(got), want)
		}
	})
}

// BenchmarkParagraph breaks what an attacker may put into one paragraph.
func BenchmarkParagraph(b *testing.B) {
	for name, text := range map[string]string{"words": strings.Repeat("a few words ", 1000), "word": strings.Repeat("x", 12_000), "wide": strings.Repeat("日", 4_000)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Paragraph(theme.Plain(), text, 80)
			}
		})
	}
}
