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
	Cursor    lipgloss.Style // the row under the cursor; see OnCursor
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

	bar, text lipgloss.TerminalColor // of the row under the cursor; nil where it is reversed

	Glyph Glyphs
	// Notation is how text of other people's making is shown. Widgets apply
	// it to every cell; a screen that draws text itself must call it.
	Notation visible.Notation
	// Clock is how the log's times are shown.
	Clock *Clock
}

// Options decide a theme.
type Options struct {
	Look  Look
	ASCII bool // draw with ASCII characters only
	// Profile is what colours the terminal has.
	Profile termenv.Profile
}

// New makes a theme for a terminal that is written to through out.
func New(out io.Writer, o Options) *Theme {
	r := lipgloss.NewRenderer(out)
	look, profile := o.Look, o.Profile
	if profile == termenv.ANSI {
		look = look.of16()
	}
	if look == Mono && profile != termenv.Ascii {
		// The Ascii profile would drop bold and reverse as well.
		profile = termenv.ANSI
	}
	r.SetColorProfile(profile)
	r.SetHasDarkBackground(!look.light())

	p := palettes[look]
	s := func(c lipgloss.TerminalColor) lipgloss.Style {
		st := r.NewStyle()
		if c != nil {
			st = st.Foreground(c)
		}
		return st
	}
	plain := s(nil)
	if look == HighContrast {
		plain = s(p.text) // the terminal's own may be any grey
	}
	cursor := plain.Reverse(true)
	if p.bar != nil {
		cursor = s(p.text).Background(p.bar)
	}
	t := &Theme{
		Text:   plain,
		Faint:  s(p.faint),
		Strong: plain.Bold(true),
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
		Cursor:    cursor,
		Marked:    s(p.warn).Bold(true),
		Key:       s(p.accent).Bold(true),
		KeyText:   s(p.faint),
		Prompt:    s(p.accent).Bold(true),
		Caret:     plain.Reverse(true),
		Filled:    s(p.accent),
		Empty:     s(p.faint),

		Keyword:    s(p.keyword),
		Identifier: plain,
		String:     s(p.good),
		Number:     s(p.number),
		Comment:    s(p.faint).Italic(true),
		Wildcard:   s(p.warn),
		Match:      s(p.warn).Bold(true).Underline(true),
		Injected:   s(p.bad).Underline(true),

		bar: p.bar, text: p.text,
		Glyph: unicodeGlyphs, Clock: &Clock{},
	}
	if o.ASCII {
		t.Glyph, t.Notation = asciiGlyphs, visible.ASCII
	}
	return t
}

// OnCursor returns a style as it is on the row under the cursor; false where that
// row is reversed as a whole, which another style would end.
func (t *Theme) OnCursor(style *lipgloss.Style) (lipgloss.Style, bool) {
	if t.bar == nil {
		return *style, false
	}
	s := style.Background(t.bar)
	if _, none := s.GetForeground().(lipgloss.NoColor); none {
		s = s.Foreground(t.text)
	}
	return s, true
}

// Plain is the theme of tests: no colours, no attributes, Unicode signs.
func Plain() *Theme {
	return New(io.Discard, Options{Look: Mono, Profile: termenv.Ascii})
}

// PlainASCII is Plain with ASCII signs only.
func PlainASCII() *Theme {
	return New(io.Discard, Options{Look: Mono, ASCII: true, Profile: termenv.Ascii})
}
