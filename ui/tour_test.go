package ui

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// advice waits until the tour is at a step and gives the key that it names there.
func (s *story) advice(at int) (press key.Binding) {
	s.Helper()
	s.until(func(a *app) bool {
		if a.tour.at != at {
			return false
		}
		var here bool
		press, here = a.tour.wanted(a)
		view := a.View()
		return here && strings.Contains(view, "press "+press.Help().Key) && strings.Contains(view, a.tour.steps[at].sees)
	})
	return press
}

// TestTour: who presses what the tour names gets to its end, through the five tasks, with
// the evidence in a folder.
func TestTour(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		cfg := config(t)
		cfg.Tour = true
		s := begin(t, cfg, size[0], size[1])
		var said []string
		for at := 1; at+1 < len(newTour().steps); at++ {
			press := s.advice(at)
			s.until(func(a *app) bool {
				said = append(said, a.tour.steps[at].sees)
				if a.places.at == message.Accounts && regexp.MustCompile(`incident:\w+/`).MatchString(a.View()) {
					t.Error("the accounts are those of one stage, where few were tried")
				}
				return true
			})
			s.program.Send(screentest.Key(press.Keys()[0]))
		}
		s.sees("That was all.")
		s.sees("files written to")
		for _, task := range []string{"1 Who got in?", "2 When, and from where?", "3 What was taken?", "4 Which accounts", "5 Hand over the evidence."} {
			if !slices.ContainsFunc(said, func(text string) bool { return strings.HasPrefix(text, task) }) {
				t.Errorf("no step begins with %q: %q", task, said)
			}
		}
		if _, err := os.Stat(defaultExport + "/manifest.json"); err != nil {
			t.Error(err)
		}
		if err := os.RemoveAll(defaultExport); err != nil {
			t.Fatal(err)
		}
		s.ends()
	}
}

// TestTourInALowWindow: what to press stays, and as much of what is seen as there is room for.
func TestTourInALowWindow(t *testing.T) {
	in := screentest.Load(t)
	cfg := config(t)
	cfg.Tour = true
	a := newApp(t.Context(), cfg)
	t.Cleanup(a.runs.wait)
	feed(a, message.Snapshot{Snapshot: in.Plain})
	for _, c := range []struct {
		size screentest.Size
		want string
	}{
		{screentest.Size{Width: 40, Height: 10}, "\npress enter  1 Who got in?"},
		{screentest.Size{Width: 20, Height: tourFrom}, "\npress enter  1 Who"},
		{screentest.Size{Width: 40, Height: tourFrom - 1}, ""},
	} {
		a.Update(tea.WindowSizeMsg{Width: c.size.Width, Height: c.size.Height})
		view := a.View()
		screentest.Fits(t, view, c.size)
		if c.want == "" && strings.Contains(view, "press enter") || !strings.Contains(view, c.want) || !strings.Contains(view, "? help") {
			t.Errorf("%v: %q is not there, or the keys are not:\n%s", c.size, c.want, view)
		}
	}
}

// TestTourElsewhere: the tour takes no key away, takes a step again that has led nowhere,
// shows how to come back, and ends when that is wanted.
func TestTourElsewhere(t *testing.T) {
	cfg := config(t)
	cfg.Tour = true
	s := begin(t, cfg, 80, 24)
	s.advice(1)
	s.program.Send(screentest.Key("f4"))
	s.sees("the tour goes on at the Overview: f1")
	s.program.Send(screentest.Key("f1"))
	s.press(s.advice(1))
	s.advice(2)
	s.press(globalKeys.Back)
	s.press(s.advice(1))
	s.press(s.advice(2))
	s.advice(3)
	s.program.Send(screentest.Key("up"))
	s.advice(2)
	s.press(tourKeys.End)
	s.until(func(a *app) bool {
		return !a.tour.on && !strings.Contains(a.View(), "ends the tour") && a.places.at == message.Overview
	})
	s.ends()
}
