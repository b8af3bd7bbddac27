package ui

import (
	"regexp"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// utcTimes are times of the test incident in UTC.
var utcTimes = regexp.MustCompile(`0[57]:(25|39)(:\d\d)?( UTC)?`)

// TestZone: every screen shows times in the zone that was set, names it, and takes
// typed times in it; filters stay in UTC.
func TestZone(t *testing.T) {
	in := screentest.Load(t)
	a := newApp(t.Context(), config(t))
	defer a.runs.wait()
	a.Update(tea.WindowSizeMsg{Width: 160, Height: 40})
	feed(a, message.Snapshot{Snapshot: in.Labelled})
	do := func(command string) string {
		cmd, err := a.commands.do(command)
		if err != nil {
			return err.Error()
		}
		for _, m := range screentest.Messages(cmd) {
			feed(a, m)
		}
		return a.View()
	}
	if view := do("set tz Europe/Nowhere"); !strings.Contains(view, "no such zone") {
		t.Errorf("no such zone:\n%s", view)
	}
	if view := do("set tz Asia/Kolkata"); !strings.Contains(view, "2024-07-10 10:55:05 to 13:09:47 Kolkata") || !strings.Contains(view, "times are shown in Kolkata") {
		t.Errorf("05:25:05 to 07:39:47 UTC is\n%s", view)
	}
	for at, want := range map[message.Screen]string{
		message.Overview:    "07-10 11:09",
		message.Connections: "start (Kolkata)",
		message.Entries:     "time (Kolkata)",
		message.Detections:  "time (Kolkata)",
		message.Findings:    "first entry (Kolka",
		message.Accounts:    "07-10 11:09",
		message.Templates:   "2024-07-10 10:55:05",
	} {
		feed(a, message.Goto{Screen: at})
		view := a.View()
		if !strings.Contains(view, want) {
			t.Errorf("screen %d has no %q:\n%s", at, want, view)
		}
		for _, found := range utcTimes.FindAllString(strings.Join(strings.Fields(view), " "), -1) {
			if !strings.HasSuffix(found, "UTC") {
				t.Errorf("screen %d shows %s, which is in UTC:\n%s", at, found, view)
			}
		}
	}
	feed(a, message.Goto{Screen: message.Detections})
	sentences := 0
	for range 12 {
		a.Update(screentest.Key("down"))
		for _, found := range utcTimes.FindAllString(strings.Join(strings.Fields(a.View()), " "), -1) {
			if sentences++; !strings.HasSuffix(found, "UTC") {
				t.Errorf("a sentence has %s, which is in UTC:\n%s", found, a.View())
			}
		}
	}
	if sentences == 0 {
		t.Error("no sentence has a time")
	}
	feed(a, message.Goto{Screen: message.Entries})
	if view := do("goto 11:09:36"); !strings.Contains(view, "entry 54, ") && a.places.focus().Term == "" {
		t.Errorf("11:09:36 leads to\n%s", view)
	}
	if row, ok := a.places.focus().Target.Connection(); !ok || in.Labelled.Connections.Name(row) != "23" {
		t.Errorf("11:09:36 is in connection %d", row)
	}
	if view := do("filter time:2024-07-10T05:39"); !strings.Contains(view, "time:2024-07-10T05:39 (UTC)") {
		t.Errorf("a filter in UTC:\n%s", view)
	}
	if view := do("set tz UTC"); !strings.Contains(view, "05:25:05 to 07:39:47 UTC") {
		t.Errorf("back in UTC:\n%s", view)
	}
}
