package theme

import (
	"bytes"
	"math"
	"reflect"
	"regexp"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
)

func TestDetect(t *testing.T) {
	for _, tt := range []struct {
		name string
		env  map[string]string
		look string
		want Options
		err  bool
	}{
		{"bare environment", nil, "auto", Options{Profile: termenv.ANSI}, false},
		{"no colour", map[string]string{"NO_COLOR": "1", "LANG": "de_DE.UTF-8"}, "", Options{NoColour: true, Profile: termenv.ANSI}, false},
		{"C locale", map[string]string{"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, "dark", Options{ASCII: true, Profile: termenv.ANSI}, false},
		{"dumb", map[string]string{"TERM": "dumb"}, "dark", Options{NoColour: true, Profile: termenv.Ascii}, false},
		{"light by argument", nil, "light", Options{Look: Light, Profile: termenv.ANSI}, false},
		{"light by the terminal's own word", map[string]string{"COLORFGBG": "0;default;15"}, "auto", Options{Look: Light, Profile: termenv.ANSI}, false},
		{"unknown", nil, "pink", Options{}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Detect(&bytes.Buffer{}, func(k string) string { return tt.env[k] }, tt.look)
			if (err != nil) != tt.err {
				t.Fatalf("error %v", err)
			}
			if err == nil && got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

// colour finds a sequence that sets a colour.
var colour = regexp.MustCompile(`\x1b\[(\d+;)*([34][0-8]|9[0-7]|10[0-7])[;m]`)

func TestNoColourKeepsAttributes(t *testing.T) {
	th := New(&bytes.Buffer{}, Options{NoColour: true, Profile: termenv.TrueColor})
	v := reflect.ValueOf(th).Elem()
	for i := range v.NumField() {
		style, ok := v.Field(i).Interface().(lipgloss.Style)
		if !ok {
			continue
		}
		if seq := style.Render("x"); colour.MatchString(seq) {
			t.Errorf("%s has a colour: %q", v.Type().Field(i).Name, seq)
		}
	}
	if got := th.Cursor.Render("x"); got == "x" {
		t.Error("the cursor row has no attribute")
	}
}

func TestGlyphsAreOneCell(t *testing.T) {
	for name, g := range map[string]Glyphs{"unicode": unicodeGlyphs, "ascii": asciiGlyphs} {
		v := reflect.ValueOf(g)
		for i := range v.NumField() {
			var texts []string
			switch f := v.Field(i).Interface().(type) {
			case string:
				texts = []string{f}
			case []string:
				texts = f
			}
			for _, s := range texts {
				if ansi.StringWidth(s) != 1 {
					t.Errorf("%s %s: %q is not one cell", name, v.Type().Field(i).Name, s)
				}
				if name == "ascii" && len(s) != 1 {
					t.Errorf("%s: %q is not ASCII", v.Type().Field(i).Name, s)
				}
			}
		}
	}
}

// TestContrast holds every colour against the background of its look: 4.5 to 1
// is what WCAG 2 asks of text.
func TestContrast(t *testing.T) {
	for look, background := range map[Look]float64{Dark: 0, Light: 1} {
		p := palettes[look]
		for name, c := range map[string]lipgloss.TerminalColor{
			"faint": p.faint, "accent": p.accent, "good": p.good, "warn": p.warn, "bad": p.bad, "keyword": p.keyword, "number": p.number,
		} {
			l := luminance(termenv.ANSI256.Color(string(c.(lipgloss.Color))))
			ratio := (math.Max(l, background) + 0.05) / (math.Min(l, background) + 0.05)
			if ratio < 4.5 {
				t.Errorf("look %d: %s (%s) has a contrast of %.1f", look, name, c, ratio)
			}
		}
	}
}

// luminance is the relative luminance of WCAG 2.
func luminance(c termenv.Color) float64 {
	rgb := termenv.ConvertToRGB(c)
	linear := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(rgb.R) + 0.7152*linear(rgb.G) + 0.0722*linear(rgb.B)
}
