package ui

import (
	"fmt"
	"io"
	"slices"
	"testing"
	"testing/synctest"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

// keyNames is each key that has a meaning somewhere, and with others some that have none.
func keyNames(others bool) (names []string) {
	for _, b := range allKeys() {
		names = append(names, b.Keys()...)
	}
	if !others {
		slices.Sort(names)
		return slices.Compact(names)
	}
	for r := '!'; r <= '~'; r++ {
		names = append(names, string(r))
	}
	names = append(names, "f9", "ctrl+g", "insert", "alt+x")
	slices.Sort(names)
	return slices.Compact(names)
}

// TestNoKeyIsSilent: whatever key is pressed, on whatever screen in whatever state, the
// frame changes, or says why it does not.
func TestNoKeyIsSilent(t *testing.T) {
	if testing.Short() {
		t.Skip("presses thousands of keys, of screens that other tests use too")
	}
	t.Parallel()
	in := screentest.Load(t)
	for at := range message.Screens {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { noKeyIsSilent(t, in, at) })
		})
	}
}

// noKeyIsSilent presses all keys on a screen in many states.
func noKeyIsSilent(t *testing.T, in screentest.Incident, at message.Screen) {
	type state struct {
		name    string
		log     bool
		prepare []tea.Msg
	}
	goTo := message.Goto{Screen: at}
	for _, s := range []state{
		{"before the log", false, nil},
		{"with rows", true, nil},
		{"at the end", true, pressing("end", "right", "right")},
		{"sorted", true, pressing("right", "s", "L")},
		{"with marks", true, pressing(" ", " ", "home")},
		{"with a range", true, pressing("v")},
		{"behind a search", true, pressing("/", "a", "enter")},
		{"with a pane", true, pressing("i")},
		{"deeper", true, pressing("enter")},
		{"without rows", true, []tea.Msg{message.AddFilter{Term: "user:nobody"}}},
	} {
		var desks []*desk
		prepared := func() *desk {
			d := &desk{app: newApp(t.Context(), Config{Analysis: silent{}, Theme: theme.Plain(), Output: io.Discard})}
			if s.log {
				d = newDesk(t, in)
			} else {
				d.give(tea.WindowSizeMsg{Width: 120, Height: 40})
			}
			d.settles()
			for _, m := range append([]tea.Msg{goTo}, s.prepare...) {
				d.give(m)
				d.settles()
			}
			d.frame.notice = notice{}
			desks = append(desks, d)
			return d
		}
		d := prepared()
		for _, k := range keyNames(s.name == "with rows") {
			before, heard := d.View(), len(d.heard)
			body, why := d.places.focused().View(), d.places.idle(screentest.Key(k))
			d.give(screentest.Key(k))
			working := d.leave.state != running
			d.settles()
			if after := d.View(); after == before && !working {
				t.Errorf("%s, %s: %q is silent", d.places.screens[at].Title(), s.name, k)
				continue
			} else if why != "" && d.frame.notice.text == why && (d.places.focused().View() != body || len(d.heard) > heard) {
				t.Errorf("%s, %s: %q does something, and says %q", d.places.screens[at].Title(), s.name, k, why)
			}
			d.frame.notice = notice{}
			if d.View() != before || working || len(d.heard) > heard {
				d = prepared()
			}
		}
		for _, d := range desks {
			d.runs.wait()
		}
	}
}
