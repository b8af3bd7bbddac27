package ui

import (
	"fmt"
	"io"
	"slices"
	"strings"
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
// frame changes, or explains why it does not.
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
	goTo, names := message.Goto{Screen: at}, screenNames()
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
		pressAll(t, fmt.Sprintf("%s, %s", names[at], s.name), prepared, keyNames(s.name == "with rows"))
		for _, d := range desks {
			d.runs.wait()
		}
	}
}

// pressAll presses keys on desks that are prepared alike.
func pressAll(t *testing.T, name string, prepared func() *desk, keys []string) {
	idle := func(d *desk, m tea.KeyMsg) string {
		if d.over.top == nil {
			return d.places.idle(m)
		}
		if why := d.over.top.Idle(m); why != "" {
			return written(m.String()) + ": " + why
		}
		return ""
	}
	d := prepared()
	for _, k := range keys {
		if d.over.typing() && len(k) == 1 && k != "a" {
			continue // as any other letter
		}
		before, heard := d.View(), len(d.heard)
		body, why := d.frame.body(), idle(d, screentest.Key(k))
		d.give(screentest.Key(k))
		working := d.leave.state != running
		d.settles()
		if after := d.View(); after == before && !working {
			t.Errorf("%s: %q is silent", name, k)
			continue
		} else if why != "" && d.frame.notice.text == why && (d.frame.body() != body || len(d.heard) > heard) {
			t.Errorf("%s: %q does something, and says %q", name, k, why)
		}
		d.frame.notice = notice{}
		if d.View() != before || working || len(d.heard) > heard {
			d = prepared()
		}
	}
}

// TestNoKeyIsSilentInOverlays: the same of what lies over a screen.
func TestNoKeyIsSilentInOverlays(t *testing.T) {
	if testing.Short() {
		t.Skip("presses thousands of keys")
	}
	t.Parallel()
	in := screentest.Load(t)
	filters := []tea.Msg{message.AddFilter{Term: "user:root"}, message.AddFilter{Term: "cmd:Query"}}
	line := func(text string) []tea.Msg { return pressing(strings.Split(text, "")...) }
	for name, prepare := range map[string][]tea.Msg{
		"help":                   pressing("?"),
		"help, searched":         pressing("?", "z", "o"),
		"help, nothing found":    pressing("?", "q", "q", "q"),
		"filters":                slices.Concat(filters, pressing("F")),
		"filters, the last":      slices.Concat(filters, pressing("F", "down")),
		"filters, all taken":     slices.Concat(filters, pressing("F", "x", "x")),
		"a filter, edited":       slices.Concat(filters, pressing("F", "enter")),
		"values":                 pressing("#"),
		"values, the last":       pressing("#", "down", "down", "down", "down"),
		"parts of a score":       pressing("p"),
		"parts, a row that ends": pressing("p", "down", "down", "down"),
		"columns":                pressing("C"),
		"columns, hidden":        pressing("C", "down", " "),
		"rejects":                pressing("r"),
		"normal":                 slices.Concat(line(":normal list"), pressing("enter")),
		"new":                    slices.Concat(line(":new"), pressing("enter")),
		"a command":              pressing(":"),
		"a command, typed":       line(":goto 05"),
		"a search":               line("/users"),
		"a filter":               line("fuser:"),
		"an export":              pressing("e"),
		"a note":                 pressing("m"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var desks []*desk
				pressAll(t, name, func() *desk {
					d := newDesk(t, in)
					for _, m := range append([]tea.Msg{message.Goto{Screen: message.Connections}}, prepare...) {
						d.give(m)
						d.settles()
					}
					d.frame.notice = notice{}
					desks = append(desks, d)
					return d
				}, keyNames(true))
				for _, d := range desks {
					d.runs.wait()
				}
			})
		})
	}
}
