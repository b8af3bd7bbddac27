package ui

import (
	"context"
	"fmt"
	"strings"
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

// FuzzScreens draws every screen over a log in which an attacker chose names,
// statements, commands and whatever is between entries: nothing of that may
// act on a terminal or break the frame.
func FuzzScreens(f *testing.F) {
	for _, s := range []string{"", "wp_users", "\x1b]0;owned\a\x1b[31m", "\u202e\u200b\u009b31m\U000e0041", "\xff\xfe\x80", "日本e\u0301\u0301\u0301", "'\n2025-03-11T10:00:00.000000Z\t 9 Connect\ta@b on c",
		"/*!50000 a", "`a``b`", strings.Repeat("long ", 100), "\x00\x00\r\t\v", "a@b@c on d"} {
		f.Add(s, s, s, s)
		f.Add("root", "SELECT * FROM wp_users WHERE a = '"+s+"'", "Query", s)
	}
	f.Fuzz(func(t *testing.T, name, statement, command, between string) {
		for _, text := range []*string{&name, &statement, &command, &between} {
			*text = (*text)[:min(len(*text), 1<<10)] // longer ones only take longer
		}
		var log strings.Builder
		for i, e := range [][2]string{
			{"Connect", name + "@10.0.0.9 on " + name + " using TCP/IP"}, {"Query", statement}, {command, statement}, {"Init DB", name}, {"Query", "SELECT " + statement + " FROM " + name},
			{"Query", "SET GLOBAL general_log = 'OFF' -- " + statement}, {"Connect", "Access denied for user '" + name + "'@'10.0.0.9' (using password: YES)"}, {"Quit", between},
		} {
			fmt.Fprintf(&log, "2025-03-11T10:00:%02d.000000Z\t%5d %s\t%s\n", i, 7+i/6, e[0], e[1])
			if i == 3 {
				log.WriteString(between + "\n")
			}
		}
		set, err := logfile.OpenBytes(name, []byte(log.String()), logfile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer set.Close()
		cfg := pipeline.DefaultConfig()
		cfg.Params.Trees = 2
		guilty := func(s *pipeline.Snapshot) (label.Set, error) {
			return label.NewSet(nil, []label.Record{{Ref: s.Connections.Ref(0), Verdict: label.Verdict{Class: label.LoginAttack, Source: label.ByAnalyst}}})
		}
		s, err := pipeline.Run(context.Background(), cfg, set, guilty, func(pipeline.Event) {})
		if err != nil {
			t.Fatal(err)
		}
		a := newApp(t.Context(), Config{Analysis: NewAnalysis(set, cfg, export.Options{}), Params: cfg.Params, Theme: theme.Plain(), Names: []string{name}})
		feed(a, message.Snapshot{Snapshot: s})
		feed(a, message.Filtered{Active: []string{statement}, Entries: message.All(s.Len()), Connections: message.All(s.Connections.Len())})
		for at := range message.Screens {
			feed(a, message.Goto{Screen: at})
			for _, size := range []screentest.Size{{Width: 120, Height: 40}, {Width: 80, Height: 24}, {Width: 30, Height: 9}} {
				feed(a, tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
				for _, key := range []string{"", "down", "enter", "backspace", "G"} {
					if key != "" {
						feed(a, screentest.Key(key))
					}
					screentest.Fits(t, a.View(), size)
				}
				feed(a, message.Goto{Screen: at})
			}
			a.hear(message.Notice{Text: statement})
			screentest.Fits(t, a.View(), screentest.Size{Width: 30, Height: 9})
			if t.Failed() {
				t.Fatalf("screen %s", a.places.screens[at].Title())
			}
		}
	})
}
