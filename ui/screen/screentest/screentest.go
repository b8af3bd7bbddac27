// Package screentest is the test kit of screens: a small incident as snapshots,
// keys by binding, and checks of what a screen draws.
package screentest

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// Size is a window's body.
type Size struct{ Width, Height int }

// Sizes are the bodies that every screen is drawn in: of a window of 80x24, two
// large ones, and one that is too small for comfort.
var Sizes = []Size{{80, 24}, {120, 40}, {200, 60}, {40, 10}}

// Golden draws the screen at every one of Sizes, checks that it fits, and
// compares with testdata/<test name>/<size>.golden. The flag -update writes
// them.
func Golden(t *testing.T, s screen.Screen) {
	t.Helper()
	for _, size := range Sizes {
		t.Run(fmt.Sprintf("%dx%d", size.Width, size.Height), func(t *testing.T) {
			view := s.SetSize(size.Width, size.Height).View()
			Fits(t, view, size)
			golden.RequireEqual(t, []byte(trimRight(view)))
		})
	}
}

// Fits fails where a view is larger than its size, or holds a byte that a
// terminal would act on other than the styles of our own.
func Fits(t testing.TB, view string, size Size) {
	t.Helper()
	lines := strings.Split(view, "\n")
	if len(lines) > size.Height {
		t.Errorf("%d lines in a body of %d:\n%s", len(lines), size.Height, view)
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w > size.Width {
			t.Errorf("line %d is %d cells wide in a body of %d: %q", i+1, w, size.Width, line)
		}
	}
	Harmless(t, view)
}

// FitsEverywhere draws the screen in bodies of many sizes, from a single cell on,
// and fails where it does not fit, or with ascii where it is not plain ASCII.
func FitsEverywhere(t testing.TB, s screen.Screen, ascii bool) {
	t.Helper()
	for width := 1; width < 210; width += 8 {
		for height := 1; height < 60; height += 3 {
			view := s.SetSize(width, height).View()
			Fits(t, view, Size{width, height})
			if ascii && strings.IndexFunc(view, func(r rune) bool { return r > 0x7e }) >= 0 {
				t.Fatalf("not ASCII at %dx%d:\n%s", width, height, view)
			}
		}
	}
}

// Harmless fails where a view holds anything but printable characters, line
// ends and colour sequences.
func Harmless(t testing.TB, view string) {
	t.Helper()
	if !utf8.ValidString(view) {
		t.Errorf("view is not UTF-8: %q", view)
	}
	for i, line := range strings.Split(withoutStyles(view), "\n") {
		for _, r := range line {
			if !unicode.IsPrint(r) {
				t.Errorf("line %d has %U in it: %q", i+1, r, line)
				break
			}
		}
	}
}

// withoutStyles takes away the sequences that set colours and attributes, and
// nothing else.
func withoutStyles(view string) string {
	var b strings.Builder
	for {
		head, rest, found := strings.Cut(view, "\x1b[")
		b.WriteString(head)
		if !found {
			return b.String()
		}
		n := strings.IndexFunc(rest, func(r rune) bool { return r != ';' && (r < '0' || r > '9') })
		if n < 0 || rest[n] != 'm' {
			b.WriteString("\x1b[")
			n = -1
		}
		view = rest[n+1:]
	}
}

// Press sends a screen the first key of a binding and runs the command that it
// answers with; messages of that command that are not requests come back.
func Press(t testing.TB, s screen.Screen, b key.Binding) (screen.Screen, []tea.Msg) {
	t.Helper()
	if len(b.Keys()) == 0 {
		t.Fatalf("binding %q has no key", b.Help().Desc)
	}
	s, cmd := s.Update(Key(b.Keys()[0]))
	return s, Messages(cmd)
}

// Send gives a screen messages in order, as the root would, together with the
// messages of their own that its commands answer with; what is left over (the
// requests) comes back.
func Send(s screen.Screen, msgs ...tea.Msg) (screen.Screen, []tea.Msg) {
	var out []tea.Msg
	for _, m := range msgs {
		var cmd tea.Cmd
		s, cmd = s.Update(m)
		for _, answer := range Messages(cmd) {
			if isRequest(answer) {
				out = append(out, answer)
				continue
			}
			var more []tea.Msg
			s, more = Send(s, answer)
			out = append(out, more...)
		}
	}
	return s, out
}

// Facts returns what the root sends a screen for a snapshot whose filters are off.
func Facts(s *pipeline.Snapshot, labels label.Set) []tea.Msg {
	return []tea.Msg{message.Snapshot{Snapshot: s}, message.Labels{Set: labels}, Unfiltered(s)}
}

// Unfiltered reports that no filter is on.
func Unfiltered(s *pipeline.Snapshot) message.Filtered {
	return message.Filtered{Entries: message.All(s.Len()), Connections: message.All(s.Connections.Len())}
}

// Messages runs a command, the commands of a batch one after the other, and what
// they leave to the background, and returns their messages.
func Messages(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	switch m := cmd().(type) {
	case nil:
		return nil
	case screen.Working:
		return Messages(m.Do)
	case tea.BatchMsg:
		var out []tea.Msg
		for _, c := range m {
			out = append(out, Messages(c)...)
		}
		return out
	default:
		return []tea.Msg{m}
	}
}

// isRequest reports whether a message is for the root: those of package message
// are, a screen's own are not.
func isRequest(m tea.Msg) bool { return strings.HasPrefix(fmt.Sprintf("%T", m), "message.") }

// Key makes the message of a key from the name that bindings use: "enter",
// "ctrl+r", "G".
func Key(name string) tea.KeyMsg {
	if plain, alt := strings.CutPrefix(name, "alt+"); alt {
		m := Key(plain)
		m.Alt = true
		return m
	}
	if name == " " {
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune(name)}
	}
	for t := tea.KeyType(-128); t < 128; t++ {
		if t != tea.KeyRunes && (tea.KeyMsg{Type: t}).String() == name {
			return tea.KeyMsg{Type: t}
		}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

func trimRight(view string) string {
	lines := strings.Split(view, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n") + "\n"
}
