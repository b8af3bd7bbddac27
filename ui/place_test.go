package ui

import (
	"testing"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/widget"
)

// TestBackspaceClosesTheInnermostFirst: a pane over the rows, then the way back.
func TestBackspaceClosesTheInnermostFirst(t *testing.T) {
	in := screentest.Load(t)
	back := screentest.Key(globalKeys.Back.Keys()[0])
	open := map[message.Screen]string{
		message.Entries:    "enter",
		message.Templates:  "enter",
		message.Detections: "w",
		message.Findings:   widget.DetailsKey().Keys()[0],
	}
	for at, name := range open {
		d := newDesk(t, in)
		d.give(message.Goto{Screen: at})
		d.settles()
		before := d.View()
		d.give(screentest.Key(name))
		d.settles()
		if d.View() == before {
			t.Fatalf("%s: %q opens nothing", d.screens[at].Title(), name)
		}
		d.give(back)
		d.settles()
		if got := d.View(); got != before {
			t.Errorf("%s: backspace does not close what %q has opened:\n%s", d.screens[at].Title(), name, differing(before, got))
		}
		d.give(back)
		if d.at != message.Overview {
			t.Errorf("%s: then it leads to %s", d.screens[at].Title(), d.screens[d.at].Title())
		}
		d.runs.wait()
	}
}
