package ui

import (
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/exp/golden"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// TestFrame draws header and footer around a finished analysis, with a filter.
func TestFrame(t *testing.T) {
	in := screentest.Load(t)
	for name, size := range map[string]screentest.Size{"80x24": {Width: 80, Height: 24}, "120x40": {Width: 120, Height: 40}, "40x10": {Width: 40, Height: 10}} {
		t.Run(name, func(t *testing.T) {
			a := newApp(t.Context(), config(t))
			defer a.runs.wait()
			a.Update(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
			feed(a, message.Snapshot{Snapshot: in.Labelled})
			for st := range pipeline.Stages {
				feed(a, message.Progress{Stage: st, State: message.Finished})
			}
			feed(a, message.AddFilter{Term: "host:127.0.0.66"})
			if a.filters.stop != nil {
				t.Fatal("the search did not end")
			}
			screentest.Fits(t, a.View(), size)
			golden.RequireEqual(t, []byte(a.View()))
		})
	}
}

// TestALongNoticeIsReadToItsEnd at the cost of the body's last lines.
func TestALongNoticeIsReadToItsEnd(t *testing.T) {
	a := newApp(t.Context(), config(t))
	defer a.runs.wait()
	for _, size := range []screentest.Size{{Width: 80, Height: 24}, {Width: 60, Height: 10}, {Width: 20, Height: 6}} {
		a.Update(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
		a.fail("filter", errors.New("something long is wrong with it, and what can be done about it stands at the end, the last word"))
		view := a.View()
		screentest.Fits(t, view, size)
		if got := strings.Contains(view, "last word"); got != (size.Width > 40) {
			t.Errorf("%v: the end of the notice is there: %v\n%s", size, got, view)
		}
	}
}
