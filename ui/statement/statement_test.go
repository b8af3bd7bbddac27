package statement

import (
	"fmt"
	"sqleuth/analysis/sqltext"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestHeadsForgetTheOldest(t *testing.T) {
	h := NewHeads(nil)
	for i := range 3 * maxYoung {
		h.put(i, head{text: fmt.Sprint(i)})
		if !h.touch(0) && i < maxYoung {
			t.Fatalf("0 is forgotten after %d", i)
		}
	}
	if n := len(h.young) + len(h.old); n > 2*maxYoung {
		t.Errorf("%d are kept", n)
	}
	if !h.touch(0) {
		t.Error("0, which was used all the time, is forgotten")
	}
	if h.touch(1) {
		t.Error("1 is still there")
	}
}

// TestLinesHoldTheStatement puts lines together again and compares them with the
// text, white space aside.
func TestLinesHoldTheStatement(t *testing.T) {
	for _, sql := range []string{
		"SELECT a, b FROM t WHERE x = 'it''s a long text that is wider than a line' AND y IN (SELECT 1)",
		"SELECT '日本語日本語日本語日本語日本語'",
		"", " ", "(((", "SELECT 'open",
	} {
		for _, width := range []int{1, 2, 7, 40, 1000} {
			for name, lines := range map[string][]Line{
				"formatted": Formatted(theme.Plain(), []byte(sql), width), "as sent": AsSent(theme.Plain(), []byte(sql), width),
			} {
				var all strings.Builder
				for _, l := range lines {
					wide := 0
					for _, r := range l {
						all.WriteString(strings.TrimSuffix(r.Text, theme.Plain().Glyph.Unbroken))
						wide += ansi.StringWidth(r.Text)
					}
					if wide > width {
						t.Errorf("%s, %d cells: a line has %d", name, width, wide)
					}
				}
				if width == 1 && strings.ContainsRune(sql, '日') {
					continue // no wide character fits
				}
				if got, want := squeezed(all.String()), squeezed(sql); got != want {
					t.Errorf("%s, %d cells:\n got %q\nwant %q", name, width, got, want)
				}
			}
		}
	}
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func TestSpansHoldTheHead(t *testing.T) {
	th := theme.Plain()
	text := "SELECT a,\n\t'b c' FROM `t` -- end"
	list := pieces([]byte(text))
	if got := widget.Line(spans(th, text, list)); squeezed(got) != squeezed(text) {
		t.Errorf("%q", got)
	}
}

func TestStylesOfTokens(t *testing.T) {
	sql := "SELECT `a`, 'b', 1 FROM t /* c */"
	want := map[string]style{"SELECT": keyword, "`a`": identifier, "'b'": quoted, "1": number, "FROM": keyword, "t": identifier, "/* c */": comment, ",": plain}
	for _, l := range sqltext.Format([]byte(sql), 0) {
		for _, p := range l.Pieces {
			if text := sql[p.Start:p.End]; styleOf(p) != want[text] {
				t.Errorf("%s: style %d, want %d", text, styleOf(p), want[text])
			}
		}
	}
}

// TestLinesBreakAtBlanks, and where there is none, with a sign.
func TestLinesBreakAtBlanks(t *testing.T) {
	for _, c := range []struct {
		sql       string
		width     int
		formatted string
		sent      string
	}{
		{
			"SELECT 'one two three four five six' FROM t", 20,
			"SELECT|    'one two three|        four five|        six'|FROM t",
			"SELECT 'one two|three four five six'|FROM t",
		},
		{
			"SELECT 'aaaaaaaaaabbbbbbbbbbcccccccccc'", 16,
			"SELECT|    'aaaaaaaaaa→|        bbbbbbb→|        bbbcccc→|        cccccc'",
			"SELECT|'aaaaaaaaaabbbb→|bbbbbbccccccccc→|c'",
		},
		{"SELECT 1", 80, "SELECT 1", "SELECT 1"},
		{"SELECT  'a         b'", 10, "SELECT|    'a    |        |     b'", "SELECT  'a|        b'"},
	} {
		for name, got := range map[string]struct {
			lines []Line
			want  string
		}{
			"formatted": {Formatted(theme.Plain(), []byte(c.sql), c.width), c.formatted},
			"as sent":   {AsSent(theme.Plain(), []byte(c.sql), c.width), c.sent},
		} {
			var lines []string
			for _, l := range got.lines {
				lines = append(lines, l.text())
			}
			if text := strings.Join(lines, "|"); text != got.want {
				t.Errorf("%s, %s, %d cells:\n got %q\nwant %q", c.sql, name, c.width, text, got.want)
			}
		}
	}
}
