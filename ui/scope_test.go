package ui

import (
	"strings"
	"testing"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// TestScope: z goes from the connection of a row to its account, its host, and all, with
// the cursor on the row; back leads to where the first was opened.
func TestScope(t *testing.T) {
	d := newDesk(t, screentest.Load(t))
	defer d.runs.wait()
	keys := func(names ...string) {
		for _, name := range names {
			d.give(screentest.Key(name))
			d.settles()
		}
	}
	row := func() int {
		r, _ := d.places.lists(d.places.at)[0].Row()
		return r
	}
	for _, at := range []struct {
		screen   message.Screen
		row      int
		narrowed []string
	}{
		{message.Entries, 56, []string{"id:24", "user:root host:127.0.0.66", "host:127.0.0.66", "", "id:24"}},
		{message.Connections, 22, []string{"user:root host:127.0.0.66", "host:127.0.0.66", "", "user:root host:127.0.0.66"}},
	} {
		d.give(message.Goto{Screen: at.screen})
		d.places.past = nil
		d.settles()
		if at.screen == message.Entries {
			d.give(message.ShowEntry{Index: at.row})
		} else {
			d.give(message.CursorAt{Index: at.row})
		}
		d.settles()
		d.places.past = nil
		for _, want := range at.narrowed {
			keys("z")
			got := ""
			if l := d.filters.here.only; l != nil {
				got = l.shown()
			}
			if got != want || row() != at.row || d.places.at != at.screen {
				t.Errorf("on screen %d z shows %q with the cursor on %d, want %q on %d\n%s", d.places.at, got, row(), want, at.row, d.View())
			}
		}
		if at.screen == message.Entries && !strings.Contains(d.View(), "connection 24: root@127.0.0.66") {
			t.Errorf("the transcript has no title:\n%s", d.View())
		}
	}
	keys("f5", "z")
	if !strings.HasPrefix(d.frame.notice.text, "z widens the view") {
		t.Errorf("where there is nothing to widen it says %q", d.frame.notice.text)
	}
	// Back and forward lead to rows as well.
	d.give(message.Goto{Screen: message.Entries})
	d.give(message.ShowEntry{Index: 3})
	d.settles()
	d.give(message.ShowEntry{Index: 40})
	d.settles()
	keys("ctrl+o")
	if row() != 3 {
		t.Errorf("back leads to row %d", row())
	}
	keys("ctrl+n")
	if row() != 40 {
		t.Errorf("forward leads to row %d", row())
	}
}
