package ui

import (
	"context"
	"slices"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/export"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

// TestNoEntries presses every key on every screen of a log that the server opened
// and wrote nothing to: there is no first of anything.
func TestNoEntries(t *testing.T) {
	pressEverything(t, "/usr/sbin/mysqld, Version: 8.0.43 (x). started with:\nTcp port: 3306  Unix socket: x\nTime                 Id Command    Argument\n", func(string) {})
}

// pressEverything presses every key on every screen of a log and gives each view to
// check.
func pressEverything(t *testing.T, log string, check func(view string)) {
	t.Helper()
	set, err := logfile.OpenBytes("general.log", []byte(log), logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	cfg := pipeline.DefaultConfig()
	s, err := pipeline.Run(context.Background(), cfg, set, func(*pipeline.Snapshot) (label.Set, error) { return label.Set{}, nil }, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{"up", "down", "pgup", "pgdown", "home", "end", "left", "right", "enter", "backspace", "esc", " ", "tab"}
	for c := '!'; c <= '~'; c++ {
		if c != 'q' {
			keys = append(keys, string(c), "esc")
		}
	}
	keys = append(keys, slices.Repeat([]string{">"}, 8)...) // through all charts
	for at := range message.Screens {
		a := newApp(t.Context(), Config{Analysis: NewAnalysis(set, cfg, export.Options{}), Params: cfg.Params, Theme: theme.Plain(), Names: []string{"general.log"}})
		feed(a, message.Snapshot{Snapshot: s})
		feed(a, message.Goto{Screen: at})
		size := screentest.Size{Width: 120, Height: 40}
		feed(a, tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
		for _, key := range keys {
			feed(a, screentest.Key(key))
			view := a.View()
			screentest.Fits(t, view, size)
			check(view)
			if key == "esc" {
				feed(a, message.Goto{Screen: at})
			}
		}
	}
}
