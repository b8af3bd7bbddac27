package list

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"sqleuth/ui/message"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// alike is a spec of one column of long texts.
func alike() *Spec[names] {
	s := spec()
	s.Columns = []Column[names]{{
		Title: "text", Flex: true, Alike: true,
		Cell: func(d names, row int) widget.Cell { return widget.Cell{Text: d[row]} },
	}}
	s.Start = "text"
	return s
}

// body is the rows of a list as they are drawn.
func body(l *List[names]) (out []string) {
	for line := range strings.SplitSeq(l.View(), "\n") {
		out = append(out, strings.TrimRight(strings.TrimLeft(line, "▌ "), " "))
	}
	return out[1:]
}

// TestAlikeRows: what is the same in the row above is left out where the rest would not
// be seen.
func TestAlikeRows(t *testing.T) {
	const begin = "SELECT id, name, price FROM products WHERE active = 1 AND name LIKE "
	d := names{begin + "'lamp'", begin + "'x' UNION SELECT 1, version()", begin + "'x' UNION SELECT 1, version()", "SELECT 1", begin + "'é' OR 1"}
	l := listOf(alike(), d)
	l.SetSize(44, 8)
	beginning := []string{"SELECT id, name, price FROM products WHER…", "SELECT id, name, price FROM products WHER…", "SELECT id, name, price FROM products WHER…", "SELECT 1", "SELECT id, name, price FROM products WHER…"}
	telling := slices.Clone(beginning)
	telling[1] = "SELECT …name LIKE 'x' UNION SELECT 1, ver…"
	is := func(when string, want []string) {
		t.Helper()
		if got := body(l)[:len(d)]; !slices.Equal(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", when, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	is("at first", telling)
	press(l, keys.ScrollLeft)
	is("scrolled left", beginning)
	press(l, keys.ScrollLeft)
	is("scrolled left twice", beginning)
	press(l, keys.ScrollRight)
	is("scrolled back", telling)
	press(l, keys.ScrollRight)
	if got := body(l)[1]; got != "d, name, price FROM products WHERE active…" {
		t.Errorf("scrolled right: %q", got)
	}
}

// TestFoundIsShown: a search shows what it has found in a row, wherever that is.
func TestFoundIsShown(t *testing.T) {
	s := alike()
	s.Columns[0].Alike = false
	l := listOf(s, names{strings.Repeat("x ", 60) + "needle " + strings.Repeat("y ", 60), "needle " + strings.Repeat("z ", 60)})
	l.SetSize(44, 8)
	deliver(l, l.searchFor(message.Search{Text: "needle"}))
	for i, want := range []string{"x …x x x x x x needle y y y y y y y y y y…", "needle z z z z z z z z z z z z z z z z z …"} {
		if got := body(l)[i]; got != want {
			t.Errorf("row %d: %q, want %q", i, got, want)
		}
	}
}

// TestElision: whatever texts hold, no character is cut, no word where it need not be, and
// the telling byte is on the screen.
func TestElision(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	words := []string{"a", "SELECT", "é", "日本", " ", "  ", "x y", strings.Repeat("w", 40)}
	elided := 0
	for range 20000 {
		var b strings.Builder
		for range random.IntN(30) {
			b.WriteString(words[random.IntN(len(words))])
		}
		text, width := b.String(), shortest+random.IntN(60)
		if len(text) <= width {
			continue
		}
		at := random.IntN(len(text))
		for !utf8.RuneStart(text[at]) {
			at--
		}
		lead, from := elision(text, at, width)
		if from <= lead {
			continue
		}
		elided++
		cut := text[from-1] != ' ' && strings.Contains(text[from:at], " ")
		if from > at || !utf8.RuneStart(text[from]) || !utf8.RuneStart(text[lead]) || lead+1+cells(text[from:at]) >= width || cut {
			t.Fatalf("%q, byte %d in %d cells: %d bytes, then from %d on", text, at, width, lead, from)
		}
	}
	if elided < 1000 {
		t.Errorf("%d texts were elided", elided)
	}
}

// BenchmarkAlike is a screen of texts that are compared with those above them, beside one
// of texts that are not.
func BenchmarkAlike(b *testing.B) {
	d := make(names, 100)
	for i := range d {
		d[i] = strings.Repeat("SELECT id FROM products WHERE ", 20) + string(rune('a'+i%26))
	}
	for name, on := range map[string]bool{"alike": true, "plain": false} {
		b.Run(name, func(b *testing.B) {
			s := alike()
			s.Columns[0].Alike = on
			l := New(theme.Plain(), s)
			l.SetSize(120, 40)
			deliver(&l, l.Show(d, message.All(len(d)), true))
			for b.Loop() {
				l.View()
			}
		})
	}
}
