package theme

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// Look is a set of colours, and the background that it is made for.
type Look uint8

// The looks.
const (
	Dark         Look = iota
	Light             // for a light background
	HighContrast      // for a dark background
	Mono              // no colours; bold, underlined and reversed stay
	ANSI              // the terminal's own 16 colours on a dark background
	ANSILight         // the same on a light one
	looks
)

// Auto names the look that Detect chooses.
const Auto = "auto"

var lookNames = [looks]string{"dark", "light", "high-contrast", "mono", "ansi", "ansi-light"}

// String is the look's name.
func (l Look) String() string { return lookNames[l] }

// Names are those that Named takes, Auto first.
func Names() []string { return append([]string{Auto}, lookNames[:]...) }

// Named returns the look of a name; auto is set for Auto. The error is what to write
// instead.
func Named(name string) (l Look, auto bool, err error) {
	for k, n := range lookNames {
		if n == name {
			return Look(k), false, nil
		}
	}
	if name != Auto {
		return 0, false, fmt.Errorf("there is no theme %q: give one of %s", name, strings.Join(Names(), ", "))
	}
	return 0, true, nil
}

// light reports whether the look is for a light background.
func (l Look) light() bool { return l == Light || l == ANSILight }

// of16 is the look where a terminal has 16 colours: the nearest of these to another
// might not be readable.
func (l Look) of16() Look {
	switch {
	case l == Mono:
		return Mono
	case l.light():
		return ANSILight
	}
	return ANSI
}

// palette is the colours of a look; nil is the terminal's own.
type palette struct {
	faint, accent, good, warn, bad, keyword, number lipgloss.TerminalColor
	text, bar                                       lipgloss.TerminalColor // of the row under the cursor
}

// Each colour has a contrast of at least 4.5 to 1, which WCAG 2 asks of text, with the
// ground and with the bar of the row under the cursor. Of the 16 colours only those are
// used that have it in the palettes of xterm and of the console of Linux; none of them
// is bright black.
var palettes = [looks]palette{
	Dark: {
		faint: lipgloss.Color("#a3adba"), accent: lipgloss.Color("#9fc9ff"), good: lipgloss.Color("#8fdba3"),
		warn: lipgloss.Color("#ffb570"), bad: lipgloss.Color("#ff8a80"), keyword: lipgloss.Color("#8cc4ff"), number: lipgloss.Color("#d3b6ff"),
		text: lipgloss.Color("#d7dae0"), bar: shade("#2b3440", "236"),
	},
	Light: {
		faint: lipgloss.Color("#57606a"), accent: lipgloss.Color("#0b57b0"), good: lipgloss.Color("#116329"),
		warn: lipgloss.Color("#8f3b00"), bad: lipgloss.Color("#a40e26"), keyword: lipgloss.Color("#0550ae"), number: lipgloss.Color("#6639a6"),
		text: lipgloss.Color("#1f2328"), bar: shade("#dbe4ee", "255"),
	},
	HighContrast: {
		faint: lipgloss.Color("#e6e6e6"), accent: lipgloss.Color("#b8d8ff"), good: lipgloss.Color("#a8f0bb"),
		warn: lipgloss.Color("#ffef8a"), bad: lipgloss.Color("#ffc9c4"), keyword: lipgloss.Color("#b8d8ff"), number: lipgloss.Color("#e2ccff"),
		text: lipgloss.Color("#ffffff"), bar: shade("#3a3a3a", "237"),
	},
	ANSI: {
		faint: lipgloss.Color("7"), accent: lipgloss.Color("14"), good: lipgloss.Color("10"),
		warn: lipgloss.Color("11"), bad: lipgloss.Color("9"), keyword: lipgloss.Color("14"), number: lipgloss.Color("13"),
	},
	ANSILight: {
		faint: lipgloss.Color("0"), accent: lipgloss.Color("4"), good: lipgloss.Color("4"),
		warn: lipgloss.Color("5"), bad: lipgloss.Color("1"), keyword: lipgloss.Color("4"), number: lipgloss.Color("5"),
	},
}

// shade is a colour that terminals with 256 do not choose the nearest of themselves: of a
// dark grey with some blue that is a full green.
func shade(rgb, of256 string) lipgloss.CompleteColor {
	return lipgloss.CompleteColor{TrueColor: rgb, ANSI256: of256}
}
