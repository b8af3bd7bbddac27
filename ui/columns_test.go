package ui

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// columnsOf are the titles of the columns that a screen's list shows.
func columnsOf(a *app, at message.Screen) (titles []string) {
	for _, c := range a.places.lists(at)[0].Columns() {
		if c.Shown > 0 {
			titles = append(titles, c.Title)
		}
	}
	return titles
}

// TestColumns are chosen, moved and resized under the eyes, kept by the case, and
// those of the configuration before.
func TestColumns(t *testing.T) {
	in := screentest.Load(t)
	dir := filepath.Join(t.TempDir(), "cases")
	start := func(columns map[string][]string, firm map[string]bool) *app {
		cfg := config(t)
		cfg.CaseDir, cfg.Columns, cfg.FirmColumns = dir, columns, firm
		a := newApp(t.Context(), cfg)
		t.Cleanup(a.runs.wait)
		a.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
		feed(a, openCase(cfg, in.Labelled))
		feed(a, message.Snapshot{Snapshot: in.Labelled})
		feed(a, message.Goto{Screen: message.Connections})
		return a
	}
	configured := map[string][]string{"connections": {"host:20", "id", "login"}}
	a := start(configured, nil)
	if got := columnsOf(a, message.Connections); !slices.Equal(got, []string{"host", "id", "login"}) {
		t.Errorf("configured: %q", got)
	}

	press := func(bindings ...string) {
		for _, k := range bindings {
			feed(a, screentest.Key(k))
		}
	}
	press("C")
	view := a.View()
	screentest.Fits(t, view, screentest.Size{Width: 120, Height: 40})
	if !strings.Contains(view, "[x] host") || !strings.Contains(view, "20 cells, as you said") || !strings.Contains(view, "127.0.0.66") {
		t.Errorf("the list of columns and the rows above it:\n%s", view)
	}
	press("J", "J", " ", "right", "up", " ")
	if got := columnsOf(a, message.Connections); !slices.Equal(got, []string{"id"}) {
		t.Errorf("host moved behind login, both hidden: %q", got)
	}
	press("up", " ")
	if got := columnsOf(a, message.Connections); !slices.Equal(got, []string{"id"}) || !strings.Contains(a.View(), "one column stays") {
		t.Errorf("none is left: %q", got)
	}
	press("down", " ", "left", "left", "left", "esc")
	if got := a.places.lists(message.Connections)[0].Columns(); got[1].Title != "login" || got[1].Shown != 5 {
		t.Errorf("three cells narrower: %+v", got[1])
	}
	if err := a.keep.flush(); err != nil {
		t.Fatal(err)
	}

	if got := columnsOf(start(configured, nil), message.Connections); !slices.Equal(got, []string{"id", "login"}) {
		t.Errorf("kept by the case: %q", got)
	}
	a = start(configured, map[string]bool{"connections": true})
	if got := columnsOf(a, message.Connections); !slices.Equal(got, []string{"host", "id", "login"}) {
		t.Errorf("given by a flag: %q", got)
	}
	press("C", "S")
	if got := columnsOf(a, message.Connections); !slices.Equal(got, []string{"host", "id", "login"}) {
		t.Errorf("as at the start: %q", got)
	}
	if err := a.keep.flush(); err != nil {
		t.Fatal(err)
	}
	if got := columnsOf(start(nil, nil), message.Connections); len(got) < 6 {
		t.Errorf("the case has forgotten them: %q", got)
	}
}

// TestEveryListHasColumns that can be named, each once.
func TestEveryListHasColumns(t *testing.T) {
	lists, columns := NamedColumns()
	if len(lists) < 8 {
		t.Errorf("lists %q", lists)
	}
	for _, name := range lists {
		if err := CheckColumns(name, columns[name]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
