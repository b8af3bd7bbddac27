package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// TestTheLanguageIsTaught: every example works, and every field has one.
func TestTheLanguageIsTaught(t *testing.T) {
	var all strings.Builder
	for _, topic := range filterLanguage {
		for _, item := range topic.items {
			if _, err := filter.Parse(item.key); err != nil {
				t.Errorf("%q: %v", item.key, err)
			}
			all.WriteString(item.key + " " + item.what + "\n")
		}
	}
	_, err := filter.Parse("nosuchfield:x")
	if err == nil {
		t.Fatal("there is such a field")
	}
	_, names, _ := strings.Cut(err.Error(), "the fields are ")
	names, _, _ = strings.Cut(names, ";")
	fields := strings.Split(names, ", ")
	if len(fields) < 10 {
		t.Fatalf("fields %q", fields)
	}
	for _, want := range append(fields, "label:-", ">=", "/", "*", "or", "and", "not", "-host:", "A..B", "@2", "(brackets)") {
		if !strings.Contains(all.String(), want) {
			t.Errorf("nothing says %q", want)
		}
	}
}

// TestHelpIsNotCut: whatever the window, each text of the help stands in it whole,
// and in a window of usual size there is no more than two pages of it.
func TestHelpIsNotCut(t *testing.T) {
	for _, th := range []*theme.Theme{theme.Plain(), theme.PlainASCII()} {
		cfg := config(t)
		cfg.Theme = th
		a := newApp(t.Context(), cfg)
		defer a.runs.wait()
		a.mode = helping
		for _, size := range []screentest.Size{{Width: 80, Height: 24}, {Width: 100, Height: 30}, {Width: 120, Height: 40}, {Width: 200, Height: 60}, {Width: 40, Height: 12}} {
			a.at = message.Overview
			a.Update(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
			screentest.Fits(t, a.View(), size)
			if !strings.Contains(a.View(), "read the connection") {
				t.Errorf("%v: the help is not laid out for the window:\n%s", size, a.View())
			}
			for at := range message.Screens {
				a.at = at
				lines := a.helpLines()
				screentest.Fits(t, strings.Join(lines, "\n"), screentest.Size{Width: size.Width, Height: len(lines)})
				if text := strings.Join(lines, "\n"); strings.Contains(text, th.Glyph.Ellipsis+" ") || strings.Contains(text, th.Glyph.Ellipsis+"\n") {
					t.Errorf("%v: something is cut in\n%s", size, text)
				}
				if page := a.frame().body; size.Width >= 120 && len(lines) > 2*page || size.Width >= 200 && len(lines) > page {
					t.Errorf("%v: %d lines of help for %d", size, len(lines), page)
				}
			}
		}
	}
}

// TestThePromptTeaches: before anything is written, the screen says what can be.
func TestThePromptTeaches(t *testing.T) {
	for _, size := range []screentest.Size{{Width: 80, Height: 24}, {Width: 120, Height: 40}, {Width: 40, Height: 10}, {Width: 20, Height: 6}} {
		a := newApp(t.Context(), config(t))
		defer a.runs.wait()
		a.Update(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
		a.ask(filterWriting, message.Target{})
		view := a.View()
		screentest.Fits(t, view, size)
		for _, topic := range filterLanguage {
			for _, item := range topic.items {
				if size.Width >= 80 && !strings.Contains(view, item.key+" ") {
					t.Errorf("%v: nothing says %q in\n%s", size, item.key, view)
				}
			}
		}
		a.prompt.line.Update(screentest.Key("u"))
		if strings.Contains(a.View(), "label:-") {
			t.Errorf("%v: it stays in the way", size)
		}
		a.Update(screentest.Key(widget.PromptKeys().Leave.Keys()[0]))
	}
}
