package widget

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

const hostile = "\x1b[2J\u202eevil\xff\u200b日本語e\u0301\u0301\u0301\tend"

// TestMiddle keeps both ends of a long text in as many cells as there are.
func TestMiddle(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"wp_users", 8, "wp_users"},
		{"INFORMATION_SCHEMA.TABLES", 20, "INFORMATI…EMA.TABLES"},
		{"wp_term_relationships", 7, "wp_ter…"}, // too narrow for two ends
		{"\x1b[31mwp_term_relationships\x1b[0m", 20, "␛[31mwp_t…nships␛[0m"},
		{strings.Repeat("é", 40), 10, "éééé…ééééé"},
		{"abcdefgh" + strings.Repeat("漢", 20), 11, "abcde…漢漢"},
	} {
		got := Middle(theme.Plain(), c.text, c.width)
		if got != c.want || ansi.StringWidth(got) > c.width {
			t.Errorf("%q in %d cells: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestTextFitsItsCells(t *testing.T) {
	for name, th := range map[string]*theme.Theme{"unicode": theme.Plain(), "ascii": theme.PlainASCII()} {
		for _, text := range []string{"", "short", hostile, strings.Repeat("日", 50), strings.Repeat("e\u0301", 50), strings.Repeat("\u0301", 99)} {
			for width := range 30 {
				for f, got := range map[string]string{"Fit": Fit(th, text, width), "FitRight": FitRight(th, text, width)} {
					if w := ansi.StringWidth(got); w != width {
						t.Errorf("%s %s(%q, %d) is %d cells: %q", name, f, text, width, w, got)
					}
					screentest.Harmless(t, got)
				}
			}
		}
	}
}

func TestClipLooksAtWhatItShows(t *testing.T) {
	huge := strings.Repeat("SELECT ", 1<<20)
	if n := testing.AllocsPerRun(10, func() { Clip(theme.Plain(), huge, 20) }); n > 20 {
		t.Errorf("%v allocations for 20 cells", n)
	}
	if got := Clip(theme.Plain(), huge, 20); got != "SELECT SELECT SELEC…" {
		t.Errorf("%q", got)
	}
}

func TestWrap(t *testing.T) {
	th := theme.Plain()
	for _, tt := range []struct {
		text         string
		width, lines int
		want         []string
		more         bool
	}{
		{"", 10, 5, []string{""}, false},
		{"abc", 10, 5, []string{"abc"}, false},
		{"abcdef", 3, 5, []string{"abc", "def"}, false},
		{"a\n\tb\r\nc", 10, 5, []string{"a", "    b", "c"}, false},
		{"a\nb\nc", 10, 2, []string{"a", "b"}, true},
		{"日本", 3, 5, []string{"日", "本"}, false},
		{"日", 1, 5, []string{"…"}, false},
		{"\x1b[m", 10, 5, []string{"␛[m"}, false},
		{"a\n", 10, 5, []string{"a", ""}, false},
	} {
		got, more := Wrap(th, tt.text, tt.width, tt.lines)
		if !slices.Equal(got, tt.want) || more != tt.more {
			t.Errorf("Wrap(%q, %d, %d) = %q, %v, want %q, %v", tt.text, tt.width, tt.lines, got, more, tt.want, tt.more)
		}
	}
	if lines, more := Wrap(th, strings.Repeat("x", 1<<26), 10, 3); len(lines) != 3 || !more {
		t.Errorf("%d lines, more %v", len(lines), more)
	}
}

func TestNumbers(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{Count(0), "0"}, {Count(999), "999"}, {Count(1000), "1,000"}, {Count(126590), "126,590"}, {Count(-1234567), "-1,234,567"},
		{Bytes(0), "0 B"}, {Bytes(1000), "1000 B"}, {Bytes(1024), "1.00 KiB"}, {Bytes(34_800_000), "33.2 MiB"}, {Bytes(1 << 62), "4096 PiB"},
		{Share(0, 0), "-"}, {Share(1, 3), "33.33 %"}, {Share(3, 3), "100 %"}, {Share(999_999, 1_000_000), ">99.99 %"}, {Share(1, 1_000_000), "<0.01 %"}, {Share(0, 5), "0 %"},
		{Elapsed(0), "0s"}, {Elapsed(1250_000), "1.25s"}, {Elapsed(-249_000_000), "-4m09s"}, {Elapsed(51 * 3_600_000_000), "2d03h"}, {Elapsed(125 * 60_000_000), "2h05m"},
		{Time(1720589105058758), "2024-07-10 05:25:05"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestCharts(t *testing.T) {
	u, a := theme.Plain(), theme.PlainASCII()
	for _, tt := range []struct{ got, want string }{
		{Bar(u, 0, 10, 4), "    "}, {Bar(u, 10, 10, 4), "████"}, {Bar(u, 1, 1000, 4), "▏   "}, {Bar(u, 5.0, 8, 4), "██▌ "}, {Bar(u, 99, 10, 2), "██"}, {Bar(u, 1, 0, 2), "  "},
		{Bar(a, 5, 10, 4), "##  "}, {Bar(a, 1, 1000, 4), "#   "},
		{Gauge(u, 0, 0, 4), "░░░░"}, {Gauge(u, 5, 10, 4), "██░░"}, {Gauge(u, 99, 10, 4), "████"}, {Gauge(a, 5, 10, 4), "##.."}, {Gauge(u, 1, 2, -1), ""},
		{Spark(u, nil, 4), ""}, {Spark(u, []int{0, 1, 100}, 4), " ▁█"}, {Spark(u, []int{1, 1, 2, 2}, 2), "▄█"}, {Spark(u, []int{0, 0}, 4), "  "},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func ExampleSpark() {
	fmt.Println(Spark(theme.Plain(), []int{1, 2, 4, 8, 16, 8, 4, 2, 1}, 9))
	// Output: ▁▁▂▄█▄▂▁▁
}

func TestProse(t *testing.T) {
	for _, c := range []struct {
		text         string
		width, lines int
		want         []string
	}{
		{"one two three", 20, 3, []string{"one two three"}},
		{"one two three", 8, 3, []string{"one two", "three"}},
		{"one two three four", 8, 2, []string{"one two", "three…"}},
		{"one two three four five", 8, 1, []string{"one two…"}},
		{"\x1b[31mred", 20, 1, []string{"␛[31mred"}},
		{"text", 0, 3, nil},
		{"text", 3, 0, nil},
		{"", 3, 2, []string{""}},
	} {
		got := Prose(theme.Plain(), c.text, c.width, c.lines)
		if !slices.Equal(got, c.want) {
			t.Errorf("Prose(%q, %d, %d) = %q, want %q", c.text, c.width, c.lines, got, c.want)
		}
	}
	long := strings.Repeat("wide 字 \u0301", 1000)
	for width := 1; width < 50; width++ {
		for _, line := range Prose(theme.Plain(), long, width, 3) {
			if cells(line) > width && width > 1 {
				t.Errorf("%q is wider than %d", line, width)
			}
		}
	}
}
