package theme

import (
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// Detect decides the options for a terminal: of the look that was named, and of the
// environment NO_COLOR, CLICOLOR and TERM, a locale that is not UTF-8, and
// COLORFGBG for the background where the look is Auto. It asks the terminal nothing,
// because in multiplexers the answer comes late, as typed text, or not at all; a
// wrong guess is what naming the look is for. Named reports what is wrong with a
// name.
func Detect(out io.Writer, getenv func(string) string, name string) (Options, error) {
	look, auto, err := Named(name)
	if err != nil {
		return Options{}, err
	}
	dumb := getenv("TERM") == "dumb"
	switch {
	case !auto:
	case getenv("NO_COLOR") != "":
		look = Mono
	case onLight(getenv("COLORFGBG")):
		look = Light
	}
	o := Options{
		Look: look, ASCII: !utf8Locale(getenv),
		// NO_COLOR makes termenv find no colours, also where a look was named.
		Profile: lipgloss.NewRenderer(out, termenv.WithEnvironment(coloured(getenv))).ColorProfile(),
	}
	if dumb {
		o.Look, o.Profile = Mono, termenv.Ascii
	} else if o.Profile == termenv.Ascii {
		o.Profile = termenv.ANSI // what is drawn on can at least do bold
	}
	return o, nil
}

// onLight reports whether a terminal has a light background by its own word.
func onLight(colours string) bool {
	f := strings.Split(colours, ";")
	return len(f) > 1 && (f[len(f)-1] == "7" || f[len(f)-1] == "15")
}

// coloured is an environment without NO_COLOR.
type coloured func(string) string

// Environ is not asked for what Getenv has.
func (c coloured) Environ() []string { return os.Environ() }

// Getenv returns a variable.
func (c coloured) Getenv(name string) string {
	if name == "NO_COLOR" {
		return ""
	}
	return c(name)
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
