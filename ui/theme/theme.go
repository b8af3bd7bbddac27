// Package theme holds every style and every drawing character of the screens.
//
// A Theme is decided once, before the program starts (asking the terminal for
// its colours later would mix its answer into what is typed), and handed to
// every screen and widget. Meaning is never carried by colour alone: the cursor
// row has a sign, marks have a sign, a class has its name.
package theme

import (
	"io"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"sqleuth/analysis/visible"
)

// Theme is every style. It is read only; the zero value draws nothing styled
// and without signs, so make one with New or Plain.
type Theme struct {
	Text   lipgloss.Style // ordinary text
	Faint  lipgloss.Style // less important: units, hints, empty cells
	Strong lipgloss.Style // figures and names that matter
	Title  lipgloss.Style // heading of a block
	Link   lipgloss.Style // a cell that enter opens

	Good lipgloss.Style // done, normal, correct
	Warn lipgloss.Style // look here: flagged by a model, rejects
	Bad  lipgloss.Style // anomaly, failure, missed

	Header    lipgloss.Style // the line about the log
	Tab       lipgloss.Style // a screen's name
	ActiveTab lipgloss.Style // the name of the screen that is shown
	Column    lipgloss.Style // a table's heading
	Sorted    lipgloss.Style // the heading of the column it is sorted by
	Cursor    lipgloss.Style // the row under the cursor
	Marked    lipgloss.Style // a marked row
	Key       lipgloss.Style // a key in the footer and the help
	KeyText   lipgloss.Style // what that key does
	Prompt    lipgloss.Style // the sign in front of typed text
	Caret     lipgloss.Style // the character under the text cursor
	Filled    lipgloss.Style // the done part of a gauge, a bar
	Empty     lipgloss.Style // the rest of it

	Keyword    lipgloss.Style // SQL: SELECT, FROM
	Identifier lipgloss.Style // SQL: names
	String     lipgloss.Style // SQL: quoted text
	Number     lipgloss.Style // SQL: numbers
	Comment    lipgloss.Style // SQL: comments
	Wildcard   lipgloss.Style // <*> of a template
	Match      lipgloss.Style // what a search found
	Injected   lipgloss.Style // what was put into a statement, which has brackets too

	Glyph Glyphs
	// Notation is how text of other people's making is shown. Widgets apply
	// it to every cell; a screen that draws text itself must call it.
	Notation visible.Notation
}

// Look is the background that a theme is made for.
type Look uint8

// The looks.
const (
	Dark Look = iota
	Light
)

// Options decide a theme.
type Options struct {
	Look     Look
	NoColour bool // attributes such as bold and reverse stay
	ASCII    bool // draw with ASCII characters only
	// Profile is what colours the terminal has.
	Profile termenv.Profile
}

// New makes a theme for a terminal that is written to through out.
func New(out io.Writer, o Options) *Theme {
	r := lipgloss.NewRenderer(out)
	profile := o.Profile
	if o.NoColour && profile != termenv.Ascii {
		// The Ascii profile would drop bold and reverse as well.
		profile = termenv.ANSI
	}
	r.SetColorProfile(profile)
	r.SetHasDarkBackground(o.Look == Dark)

	p := palettes[o.Look]
	if o.NoColour {
		p = palette{}
	}
	s := func(c lipgloss.TerminalColor) lipgloss.Style {
		st := r.NewStyle()
		if c != nil {
			st = st.Foreground(c)
		}
		return st
	}
	t := &Theme{
		Text:   s(nil),
		Faint:  s(p.faint),
		Strong: s(nil).Bold(true),
		Title:  s(p.accent).Bold(true),
		Link:   s(p.accent).Underline(true),

		Good: s(p.good),
		Warn: s(p.warn),
		Bad:  s(p.bad).Bold(true),

		Header:    s(p.faint),
		Tab:       s(p.faint),
		ActiveTab: s(p.accent).Bold(true).Reverse(true),
		Column:    s(p.faint).Underline(true),
		Sorted:    s(p.accent).Underline(true).Bold(true),
		Cursor:    s(nil).Reverse(true),
		Marked:    s(p.warn).Bold(true),
		Key:       s(p.accent).Bold(true),
		KeyText:   s(p.faint),
		Prompt:    s(p.accent).Bold(true),
		Caret:     s(nil).Reverse(true),
		Filled:    s(p.accent),
		Empty:     s(p.faint),

		Keyword:    s(p.keyword),
		Identifier: s(nil),
		String:     s(p.good),
		Number:     s(p.number),
		Comment:    s(p.faint).Italic(true),
		Wildcard:   s(p.warn),
		Match:      s(p.warn).Bold(true).Underline(true),
		Injected:   s(p.bad).Underline(true),

		Glyph: unicodeGlyphs,
	}
	if o.ASCII {
		t.Glyph, t.Notation = asciiGlyphs, visible.ASCII
	}
	return t
}

// Plain is the theme of tests: no colours, no attributes, Unicode signs.
func Plain() *Theme {
	return New(io.Discard, Options{NoColour: true, Profile: termenv.Ascii})
}

// PlainASCII is Plain with ASCII signs only.
func PlainASCII() *Theme {
	return New(io.Discard, Options{NoColour: true, ASCII: true, Profile: termenv.Ascii})
}

// palette is the colours of a look; nil is the terminal's own.
type palette struct {
	faint, accent, good, warn, bad, keyword, number lipgloss.TerminalColor
}

// The 256-colour numbers degrade to the nearest of 16 by themselves; each pair
// has a contrast of at least 4.5 to 1 on black and on white respectively.
var palettes = [...]palette{
	Dark: {
		faint: lipgloss.Color("246"), accent: lipgloss.Color("81"), good: lipgloss.Color("114"),
		warn: lipgloss.Color("221"), bad: lipgloss.Color("210"), keyword: lipgloss.Color("111"), number: lipgloss.Color("180"),
	},
	Light: {
		faint: lipgloss.Color("241"), accent: lipgloss.Color("25"), good: lipgloss.Color("22"),
		warn: lipgloss.Color("94"), bad: lipgloss.Color("124"), keyword: lipgloss.Color("19"), number: lipgloss.Color("90"),
	},
}
