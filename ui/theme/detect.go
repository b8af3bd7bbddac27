package theme

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// Detect decides the options for a terminal from the environment: NO_COLOR,
// CLICOLOR and TERM, a locale that is not UTF-8, and COLORFGBG for the
// background. It asks the terminal nothing, because in multiplexers the answer
// comes late, as typed text, or not at all; a wrong guess is what the look
// argument ("auto", "dark" or "light") is for.
func Detect(out io.Writer, getenv func(string) string, look string) (Options, error) {
	o := Options{
		NoColour: getenv("NO_COLOR") != "",
		ASCII:    !utf8Locale(getenv),
		Profile:  lipgloss.NewRenderer(out).ColorProfile(),
	}
	if getenv("TERM") == "dumb" {
		o.Profile, o.NoColour = termenv.Ascii, true
	} else if o.Profile == termenv.Ascii {
		// NO_COLOR makes termenv say so; the terminal can still do bold.
		o.Profile = termenv.ANSI
	}
	switch look {
	case "auto", "":
		if f := strings.Split(getenv("COLORFGBG"), ";"); len(f) > 1 {
			switch f[len(f)-1] {
			case "7", "15":
				o.Look = Light
			}
		}
	case "dark":
	case "light":
		o.Look = Light
	default:
		return o, fmt.Errorf("theme %q: there are auto, dark and light", look)
	}
	return o, nil
}

// utf8Locale follows the order in which a C library looks at the variables. No
// locale at all means a bare environment, for which most terminals are UTF-8.
func utf8Locale(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(getenv(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return true
}
