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
		{"no colour", map[string]string{"NO_COLOR": "1", "LANG": "de_DE.UTF-8"}, "auto", Options{Look: Mono, Profile: termenv.ANSI}, false},
		{"no colour, but a look is named", map[string]string{"NO_COLOR": "1", "TERM": "xterm-256color"}, "dark", Options{Profile: termenv.ANSI}, false},
		{"C locale", map[string]string{"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, "dark", Options{ASCII: true, Profile: termenv.ANSI}, false},
		{"dumb", map[string]string{"TERM": "dumb"}, "dark", Options{Look: Mono, Profile: termenv.Ascii}, false},
		{"light by argument", nil, "light", Options{Look: Light, Profile: termenv.ANSI}, false},
		{"light by the terminal's own word", map[string]string{"COLORFGBG": "0;default;15"}, "auto", Options{Look: Light, Profile: termenv.ANSI}, false},
		{"dark in spite of it", map[string]string{"COLORFGBG": "0;default;15"}, "dark", Options{Look: Dark, Profile: termenv.ANSI}, false},
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
	th := New(&bytes.Buffer{}, Options{Look: Mono, Profile: termenv.TrueColor})
	v := reflect.ValueOf(th).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Type != reflect.TypeFor[lipgloss.Style]() {
			continue
		}
		style := v.Field(i).Interface().(lipgloss.Style)
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

// consoles are the 16 colours of two terminals.
var consoles = map[string][16]string{
	"xterm": {
		"#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
		"#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
	},
	"linux": {
		"#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa",
		"#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff",
	},
}

// TestContrast holds every style of every look, as terminals of all kinds show it,
// against the ground and against the bar of the row under the cursor: 4.5 to 1 is
// what WCAG 2 asks of text.
func TestContrast(t *testing.T) {
	const least = 4.5
	for look := range looks {
		for _, profile := range []termenv.Profile{termenv.TrueColor, termenv.ANSI256, termenv.ANSI} {
			for console, colours := range consoles {
				shown := func(c lipgloss.TerminalColor, own string) termenv.RGBColor {
					name := ""
					switch c := c.(type) {
					case lipgloss.Color:
						name = string(c)
					case lipgloss.CompleteColor:
						name = map[termenv.Profile]string{termenv.TrueColor: c.TrueColor, termenv.ANSI256: c.ANSI256}[profile]
					default:
						return termenv.RGBColor(own)
					}
					switch c := profile.Color(name).(type) {
					case termenv.ANSIColor:
						return termenv.RGBColor(colours[c])
					case termenv.RGBColor:
						return c
					default:
						return termenv.RGBColor(termenv.ConvertToRGB(c).Hex())
					}
				}
				ground := groundOf(look)
				own := "#ffffff" // the terminal's text
				if look.light() {
					own = "#000000"
				}
				check := func(name string, style lipgloss.Style) {
					text, behind := shown(style.GetForeground(), own), shown(style.GetBackground(), ground)
					if ratio := contrast(text, behind); ratio < least {
						t.Errorf("%v, %s, %v: %s has a contrast of %.1f: %s on %s", look, profile.Name(), console, name, ratio, text, behind)
					}
				}
				th := New(&bytes.Buffer{}, Options{Look: look, Profile: profile})
				v := reflect.ValueOf(th).Elem()
				for i := range v.NumField() {
					f := v.Type().Field(i)
					if f.Type != reflect.TypeFor[lipgloss.Style]() {
						continue
					}
					style := v.Field(i).Interface().(lipgloss.Style)
					check(f.Name, style)
					if bar, ok := th.OnCursor(&style); ok {
						check(f.Name+" on the cursor's row", bar)
					}
				}
			}
		}
	}
}

// TestLooksHaveColours, all but one, under the names that they are chosen by.
func TestLooksHaveColours(t *testing.T) {
	for look := range looks {
		th := New(&bytes.Buffer{}, Options{Look: look, Profile: termenv.TrueColor})
		if got := colour.MatchString(th.Warn.Render("x")); got != (look != Mono) {
			t.Errorf("%v has colours: %v", look, got)
		}
		if name, auto, err := Named(look.String()); name != look || auto || err != nil {
			t.Errorf("%v is named %v, %v, %v", look, name, auto, err)
		}
	}
}

func contrast(a, b termenv.RGBColor) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
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

// groundOf is the background that a look is made for.
func groundOf(l Look) string {
	switch l {
	case Dark:
		return "#101418"
	case Light, ANSILight:
		return "#ffffff"
	}
	return "#000000"
}
