package ui

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/widget"
)

// TestGoToEntry: the number that a report or a file names leads to the entry, also
// where a filter hides it.
func TestGoToEntry(t *testing.T) {
	s := begin(t, config(t), 120, 30)
	s.sees("✓ rank")
	s.program.Send(message.AddFilter{Term: "user:nobody"})
	s.sees("0 of 71")
	for _, c := range []struct{ typed, want string }{
		{"goto 42", "42 of 71"},
		{"goto entry 7", "7 of 71"},
		{"goto 0", "there is no entry 0: the log has 71 entries"},
		{"goto 1,072", "there is no entry 1,072"},
		{"goto models", "[Models]"},
		{"goto nowhere", `there is no screen "nowhere"`},
	} {
		s.press(globalKeys.Command)
		s.types(c.typed)
		s.press(widget.PromptKeys().Enter)
		s.sees(c.want)
		s.press(widget.PromptKeys().Leave)
	}
	s.ends()
}

// TestGoToTime: a time leads to the first row at or after it, on the screen in front where
// that has times; on others, to Entries. What is left out is that of the cursor.
func TestGoToTime(t *testing.T) {
	in := screentest.Load(t)
	a := newApp(t.Context(), config(t))
	defer a.runs.wait()
	a.Update(tea.WindowSizeMsg{Width: 120, Height: 30})
	feed(a, message.Snapshot{Snapshot: in.Labelled})
	for _, c := range []struct {
		at    message.Screen
		typed string
		leads message.Screen
		want  string // the time under the cursor, empty where there is none
	}{
		{message.Entries, "goto 05:39", message.Entries, "2024-07-10 05:39:34"},
		{message.Entries, "goto 07-10 05:25:06", message.Entries, "2024-07-10 05:25:06"},
		{message.Entries, "goto 2024-07-10 07:39", message.Entries, "2024-07-10 07:39:39"},
		{message.Entries, "goto previous-hour", message.Entries, "2024-07-10 05:39:38"},
		{message.Entries, "goto next-hour", message.Entries, "2024-07-10 07:39:39"},
		{message.Entries, "goto 2025", message.Entries, ""}, // an entry by its number: there is none
		{message.Connections, "goto 05:39:36", message.Connections, "2024-07-10 05:39:36"},
		{message.Detections, "goto 05:39:36", message.Detections, "2024-07-10 05:39:36"},
		{message.Models, "goto 05:25:06", message.Entries, "2024-07-10 05:25:06"},
		{message.Overview, "goto 05:39", message.Overview, "2024-07-10 05:38:00"},
		{message.Entries, "goto next-gap", message.Overview, "2024-07-10 05:30:00"},
		{message.Overview, "goto previous-gap", message.Overview, "2024-07-10 05:36:00"},
		{message.Charts, "goto 05:39", message.Charts, "2024-07-10 05:38:00"},
	} {
		feed(a, message.Goto{Screen: c.at})
		cmd, err := a.commands.do(c.typed)
		if err != nil {
			if c.want != "" {
				t.Errorf("%s: %v", c.typed, err)
			}
			continue
		}
		for _, m := range screentest.Messages(cmd) {
			feed(a, m)
		}
		if got := widget.Time(a.places.focus().At); a.places.at != c.leads || got[:len(c.want)] != c.want {
			t.Errorf("%s on screen %d leads to screen %d at %s, want %s", c.typed, c.at, a.places.at, got, c.want)
		}
	}
	// From where the timeline is, a gap is another one.
	at := a.places.focus().At
	for _, typed := range []string{"goto next-gap", "goto previous-gap"} {
		cmd, err := a.commands.do(typed)
		for _, m := range screentest.Messages(cmd) {
			feed(a, m)
		}
		now := a.places.focus().At
		if err != nil || a.places.at != message.Charts || (typed == "goto next-gap") != (now > at) {
			t.Errorf("%s leads from %s to %s, %v", typed, widget.Time(at), widget.Time(now), err)
		}
		at = now
	}
	for text, want := range map[string]string{"goto next-d": "goto next-day", "goto 2024": "goto 2024-07-10", "goto 2024-07-10 05:3": "goto 2024-07-10 05:30"} {
		if got := a.commands.complete(text); len(got) != 1 || got[0] != want {
			t.Errorf("%q is completed to %q, want %q", text, got, want)
		}
	}
}
