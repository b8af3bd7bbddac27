package ui

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/exp/golden"
	"github.com/muesli/termenv"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

// TestFrame draws every screen with header and footer, of a finished analysis with
// a filter and a mark.
func TestFrame(t *testing.T) {
	in := screentest.Load(t)
	for _, size := range []screentest.Size{{Width: 40, Height: 10}, {Width: 80, Height: 24}, {Width: 120, Height: 40}, {Width: 200, Height: 60}} {
		a := newApp(t.Context(), config(t))
		defer a.runs.wait()
		a.places.screens = makeScreens(theme.Plain(), in.Log) // whose statements can be read
		a.Update(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
		feed(a, message.Snapshot{Snapshot: in.Labelled})
		for st := range pipeline.Stages {
			feed(a, message.Progress{Stage: st, State: message.Finished})
		}
		feed(a, message.AddFilter{Term: "host:127.0.0.66"})
		if a.filters.stop != nil {
			t.Fatal("the search did not end")
		}
		for at := range message.Screens {
			t.Run(fmt.Sprintf("%dx%d/%s", size.Width, size.Height, a.places.screens[at].Title()), func(t *testing.T) {
				feed(a, message.Goto{Screen: at})
				feed(a, screentest.Key(list.Keys().Mark.Keys()[0]))
				screentest.Fits(t, a.View(), size)
				golden.RequireEqual(t, []byte(a.View()))
			})
		}
	}
}

// TestThemeFrame draws one screen in each theme, colours and all.
func TestThemeFrame(t *testing.T) {
	in := screentest.Load(t)
	for _, name := range theme.Names()[1:] {
		t.Run(name, func(t *testing.T) {
			look, _, err := theme.Named(name)
			if err != nil {
				t.Fatal(err)
			}
			cfg := config(t)
			cfg.Theme = theme.New(io.Discard, theme.Options{Look: look, Profile: termenv.TrueColor})
			a := newApp(t.Context(), cfg)
			defer a.runs.wait()
			a.places.screens = makeScreens(cfg.Theme, in.Log)
			a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
			feed(a, message.Snapshot{Snapshot: in.Labelled})
			feed(a, message.ShowEntry{Index: 56})
			screentest.Fits(t, a.View(), screentest.Size{Width: 80, Height: 24})
			golden.RequireEqual(t, []byte(a.View()))
		})
	}
}

// finished is the program in a window, with the incident labelled and every stage done.
func finished(t *testing.T, in screentest.Incident, size screentest.Size) *app {
	a := newApp(t.Context(), config(t))
	t.Cleanup(a.runs.wait)
	a.places.screens = makeScreens(theme.Plain(), in.Log)
	a.Update(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
	feed(a, message.Snapshot{Snapshot: in.Labelled})
	for st := range pipeline.Stages {
		feed(a, message.Progress{Stage: st, State: message.Finished})
	}
	return a
}

// TestOpenedFrame draws what enter opens on an incident of the Overview, the cursor on a
// stage.
func TestOpenedFrame(t *testing.T) {
	in := screentest.Load(t)
	for _, size := range []screentest.Size{{Width: 40, Height: 10}, {Width: 80, Height: 24}, {Width: 120, Height: 40}, {Width: 200, Height: 60}} {
		t.Run(fmt.Sprintf("%dx%d", size.Width, size.Height), func(t *testing.T) {
			a := finished(t, in, size)
			feed(a, screentest.Key(list.Keys().Open.Keys()[0]))
			feed(a, screentest.Key(list.Keys().Down.Keys()[0]))
			screentest.Fits(t, a.View(), size)
			golden.RequireEqual(t, []byte(a.View()))
			feed(a, screentest.Key(globalKeys.Back.Keys()[0]))
			if a.places.at != message.Overview || strings.Contains(a.View(), "Incident A, ") {
				t.Errorf("backspace leads to\n%s", a.View())
			}
		})
	}
}

// TestTimelineFrame draws the timeline with a span taken, in bins that had to be counted,
// through a filter. A function key leads to the rows under it.
func TestTimelineFrame(t *testing.T) {
	in := screentest.Load(t)
	for _, size := range []screentest.Size{{Width: 40, Height: 10}, {Width: 80, Height: 24}, {Width: 120, Height: 40}, {Width: 200, Height: 60}} {
		t.Run(fmt.Sprintf("%dx%d", size.Width, size.Height), func(t *testing.T) {
			a := finished(t, in, size)
			feed(a, message.AddFilter{Term: "not user:root"})
			for _, name := range []string{"t", "g", ">", ">", "v", "right", "right"} {
				feed(a, screentest.Key(name))
			}
			screentest.Fits(t, a.View(), size)
			golden.RequireEqual(t, []byte(a.View()))
			// Another size asks for other bins.
			feed(a, tea.WindowSizeMsg{Width: 133, Height: 33})
			if strings.Contains(a.View(), "counting") {
				t.Errorf("nobody counts for another size:\n%s", a.View())
			}
			feed(a, screentest.Key(globalKeys.Jump.Keys()[0]))
			if strings.Contains(a.View(), "Timeline in") {
				t.Errorf("f1 leads to\n%s", a.View())
			}
			feed(a, screentest.Key(list.Keys().Open.Keys()[0]))
			feed(a, screentest.Key(globalKeys.Jump.Keys()[0]))
			if strings.Contains(a.View(), "Incident A, ") {
				t.Errorf("f1 leads to\n%s", a.View())
			}
		})
	}
}

// TestALongNoticeIsReadToItsEnd at the cost of the body's last lines.
func TestALongNoticeIsReadToItsEnd(t *testing.T) {
	a := newApp(t.Context(), config(t))
	defer a.runs.wait()
	for _, size := range []screentest.Size{{Width: 80, Height: 24}, {Width: 60, Height: 10}, {Width: 20, Height: 6}} {
		a.Update(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
		a.hear(message.Failed{What: "filter", Err: errors.New("something long is wrong with it, and what can be done about it stands at the end, the last word")})
		view := a.View()
		screentest.Fits(t, view, size)
		if got := strings.Contains(view, "last word"); got != (size.Width > 40) {
			t.Errorf("%v: the end of the notice is there: %v\n%s", size, got, view)
		}
	}
}
