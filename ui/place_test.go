package ui

import (
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
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
			t.Fatalf("%s: %q opens nothing", d.places.screens[at].Title(), name)
		}
		d.give(back)
		d.settles()
		if got := d.View(); got != before {
			t.Errorf("%s: backspace does not close what %q has opened:\n%s", d.places.screens[at].Title(), name, differing(before, got))
		}
		d.give(back)
		if d.places.at != message.Overview {
			t.Errorf("%s: then it leads to %s", d.places.screens[at].Title(), d.places.screens[d.places.at].Title())
		}
		d.runs.wait()
	}
}

// TestAPlaceIsNoFilter: what a screen asks for narrows a place. Function keys and
// tabs leave it, backspace leads back to it, and no case keeps it.
func TestAPlaceIsNoFilter(t *testing.T) {
	in := screentest.Load(t)
	const long = "id:1,3,5,7,9,11,13,15"
	even := func(_ *pipeline.Snapshot, i int) bool { return i%2 == 0 }
	for _, c := range []struct {
		name  string
		opens tea.Msg
		at    message.Screen
		says  string
	}{
		{"connections by a term", message.OpenConnections{Title: "connections of D7", Term: long}, message.Connections, "only connections of D7; filter: cmd:Query"},
		{"connections by a function", message.OpenConnections{Title: "connections of D1", Pick: even}, message.Connections, "only connections of D1; filter: cmd:Query"},
		{"entries by a term", message.OpenEntries{Term: "user:root"}, message.Entries, "only user:root; filter: cmd:Query"},
		{"entries of the whole log", message.OpenEntries{Title: "a cell", Pick: even, Whole: true}, message.Entries, "36 of 71 only a cell (1 filter off)"},
		{"a transcript", message.OpenConnection{Connection: 6, At: -1}, message.Entries, "1 of 71 only id:8 (1 filter off)"},
		{"an entry that is hidden", message.ShowEntry{Index: 0}, message.Entries, "1 filter, off: F lists"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, in)
			defer d.runs.wait()
			d.give(message.Goto{Screen: message.Detections})
			d.give(message.AddFilter{Term: "cmd:Query"})
			d.settles()
			filtered, kept := d.filters.says(), d.filters.kept()
			check := func(after string, at message.Screen, says string) {
				t.Helper()
				d.settles()
				if text := d.filters.says(); d.places.at != at || !strings.Contains(text, says) {
					t.Errorf("after %s it is on %s and says %q, want %s and %q", after, d.places.screens[d.places.at].Title(), text, d.places.screens[at].Title(), says)
				}
				if now := d.filters.kept(); !slices.Equal(now, kept) {
					t.Errorf("after %s the case keeps %v", after, now)
				}
			}
			press := func(name string) { d.give(screentest.Key(name)) }
			d.give(c.opens)
			check("the request", c.at, c.says)
			press(globalKeys.Jump.Keys()[message.Charts])
			check("a function key", message.Charts, filtered)
			press("backspace")
			check("backspace", c.at, c.says)
			press(globalKeys.Jump.Keys()[c.at])
			check("the function key of the same screen", c.at, filtered)
			press("backspace")
			press("tab")
			check("tab", c.at+1, filtered)
			press("backspace")
			check("backspace", c.at, c.says)
			press("backspace")
			check("backspace again", message.Detections, filtered)
			d.give(c.opens)
			press("esc")
			check("esc", c.at, filtered)
		})
	}
}

// TestFiltersInAPlace: one that is added there counts there and stays; one that is
// switched on in the list counts there from then on.
func TestFiltersInAPlace(t *testing.T) {
	d := newDesk(t, screentest.Load(t))
	defer d.runs.wait()
	typed := func(keys ...string) {
		for _, k := range keys {
			d.give(screentest.Key(k))
		}
		d.settles()
	}
	d.give(message.AddFilter{Term: "user:nobody"})
	d.give(message.OpenConnection{Connection: 22, At: -1})
	d.give(message.AddFilter{Term: "cmd:Query"})
	d.settles()
	for _, want := range []struct{ then, says string }{
		{"", "2 of 71 only id:24; filter: cmd:Query (1 filter off)"},
		{"F", "0 of 71 only id:24; filter: user:nobody; cmd:Query"},
	} {
		if want.then == "F" {
			typed("F", " ", "esc")
		}
		if text := d.filters.says(); text != want.says {
			t.Errorf("it says %q, want %q", text, want.says)
		}
	}
	typed("backspace")
	if text := d.filters.says(); text != "0 of 71 filter: user:nobody; cmd:Query" {
		t.Errorf("outside it says %q", text)
	}
}

// TestAValueThatOccursNowhere offers the nearest that does, for a filter and for a
// search.
func TestAValueThatOccursNowhere(t *testing.T) {
	in := screentest.Load(t)
	for _, c := range []struct {
		keys []string
		want string
	}{
		{[]string{"f", "u", "s", "e", "r", ":", "r", "o", "t", "enter"}, "no entry has user:rot; the nearest in the log is user:root"},
		{[]string{":", "f", "i", "l", "t", "e", "r", " ", "u", "s", "e", "r", ":", "r", "o", "t", "enter"}, "no entry has user:rot; the nearest in the log is user:root"},
		{[]string{"f3", "/", "w", "p", "_", "u", "s", "r", "e", "s", "enter"}, "could not find wp_usres: none of the entries that are shown has it in its text; the nearest in the log is wp_users"},
		{[]string{"f2", "/", "r", "o", "o", "d", "enter"}, "could not find rood: no connection that is shown has it in its id, user, host or database; the nearest in the log is root"},
	} {
		d := newDesk(t, in)
		for _, k := range c.keys {
			d.give(screentest.Key(k))
		}
		d.settles()
		if d.frame.notice.text != c.want {
			t.Errorf("after %q it says %q, want %q", c.keys, d.frame.notice.text, c.want)
		}
		d.runs.wait()
	}
}

// TestNearNames: where a filter leaves nothing, names of the log are in the place of the rows,
// and enter puts one in the place of what was typed, in the stack or for a place.
func TestNearNames(t *testing.T) {
	in := screentest.Load(t)
	for _, c := range []struct {
		typed, want, kept, here string
	}{
		{"f" + "user:wordpres", "user:wordpress  45 entries of 9 connections", "user:wordpress", ""},
		{":entries user:wordpres", "user:wordpress  45 entries of 9 connections", "", "user:wordpress"},
		{":accounts user:wordpres", "user:wordpress  45 entries of 9 connections", "", "user:wordpress"},
	} {
		d := newDesk(t, in)
		d.give(message.Goto{Screen: message.Connections})
		for _, k := range append(strings.Split(c.typed, ""), "enter") {
			d.give(screentest.Key(k))
		}
		d.settles()
		for _, size := range []tea.WindowSizeMsg{{Width: 80, Height: 24}, {Width: 40, Height: 10}, {Width: 120, Height: 40}} {
			d.give(size)
			view := d.View()
			screentest.Fits(t, view, screentest.Size{Width: size.Width, Height: size.Height})
			if size.Width >= 80 && !strings.Contains(view, c.want) || !strings.Contains(view, "Near it") {
				t.Errorf("%s: %q is not in\n%s", c.typed, c.want, view)
			}
		}
		before := d.View()
		d.give(screentest.Key("down"))
		if d.View() == before {
			t.Errorf("%s: down is silent", c.typed)
		}
		d.give(screentest.Key("enter"))
		d.settles()
		kept, here := "", ""
		for _, f := range d.filters.kept() {
			kept += f.Term
		}
		if only := d.filters.here.only; only != nil {
			here = only.title
		}
		if kept != c.kept || here != c.here || strings.Contains(d.View(), "Near it") {
			t.Errorf("%s: then the filters are %q, here %q:\n%s", c.typed, kept, here, d.View())
		}
		d.runs.wait()
	}
}

// TestMovesAreInTurn: where the cursor goes does not depend on which answer comes first, of
// filters, of sorting, of a search for a time or a text: each move begins where the one
// before has led.
func TestMovesAreInTurn(t *testing.T) {
	in := screentest.Load(t)
	typed := func(line string) []string { return append(strings.Split(line, ""), "enter") }
	for name, c := range map[string]struct {
		keys []string
		want string // in the frame
	}{
		"a transcript, searched":         {slices.Concat([]string{"f2", "o", "1"}, typed("/wp_users")), "1 of 6, /wp_users: none"},
		"a filter, a time, a text":       {typed(":entries cmd:Query,Connect /wp_ @05:36:00"), "49 of 59, /wp_: 20 of 26"},
		"a text that the time's row has": {typed(":entries /denied @05:39:34"), "41 of 71, /denied: 2 of 15"},
		"a time, the next hit, the next": {slices.Concat([]string{"f3"}, typed("/wp_users"), typed(":goto 05:36"), []string{"n", "n"}), "/wp_users: 2 of 3"},
		"a filter, a time":               {slices.Concat([]string{"f3"}, typed("fcmd:Quit"), typed(":goto 05:36")), "8 of 12"},
		"back, a time, a text":           {slices.Concat([]string{"f3", "f2"}, typed(":entries cmd:Query"), []string{"backspace", "backspace", "ctrl+n"}, typed(":goto 05:36"), typed("/root")), "/root: "},
		"sorted, a time, a text":         {slices.Concat([]string{"f2", "right", "s"}, typed(":goto 05:36"), typed("/root"), []string{"n"}), "/root: 3 of 16"},
		"marks, one after the other":     {[]string{"f3", " ", "down", "down", " ", "end", " ", "home", ".", "."}, "71 of 71, 3 marked"},
		"an entry, a text":               {typed(":entries /denied @41"), "41 of 71, /denied: 2 of 15"},
		"a filter, a gap":                {slices.Concat(typed("fcmd:Quit"), typed(":goto next-gap")), "05:40 to 05:42: 0 entries"},
		"two texts":                      {slices.Concat([]string{"f3"}, typed("/denied"), typed("/wp_users")), "/wp_users: 1 of 3"},
	} {
		t.Run(name, func(t *testing.T) {
			led := ""
			for seed := range uint64(20) {
				synctest.Test(t, func(t *testing.T) {
					d := newDesk(t, in)
					for _, k := range c.keys {
						d.give(screentest.Key(k))
					}
					d.answers(rand.New(rand.NewPCG(seed, 1)))
					if state := d.state(); led == "" {
						led = state
					} else if state != led {
						t.Errorf("with other answers first it leads to\n%s", differing(led, state))
					}
					d.runs.wait()
				})
				if t.Failed() {
					return
				}
			}
			if !strings.Contains(led, c.want) {
				t.Errorf("%q is not in\n%s", c.want, led)
			}
		})
	}
}

// TestOpeningIsInTurn: the text of --open is looked for from its time on, however little of
// the log was read when the screen came.
func TestOpeningIsInTurn(t *testing.T) {
	in := screentest.Load(t)
	for line, want := range map[string]string{
		":entries /wp_ @05:36:00":  "56 of 71, /wp_: 20 of 26",
		":entries /denied @41":     "41 of 71, /denied: 2 of 15",
		":entries cmd:Query /wp_u": "/wp_u: 1 of 3",
	} {
		for seed := range uint64(20) {
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 2))
				d := &desk{app: newApp(t.Context(), Config{Analysis: silent{}, Theme: theme.Plain(), Output: io.Discard})}
				d.give(tea.WindowSizeMsg{Width: 120, Height: 40})
				d.take(d.opening.begin(line))
				d.act()
				for _, s := range []*pipeline.Snapshot{in.Loading, in.Plain} {
					d.give(message.Snapshot{Snapshot: s})
					for range r.IntN(4) {
						d.answer(r)
					}
				}
				d.answers(r)
				if view := d.View(); !strings.Contains(view, want) {
					t.Errorf("%s, %d: %q is not in\n%s", line, seed, want, view)
				}
				d.runs.wait()
			})
		}
	}
}

// TestAccounts: a leads to the accounts of what is shown, enter to the connections of
// one, and backspace back; the tab is that of Connections.
func TestAccounts(t *testing.T) {
	in := screentest.Load(t)
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, in)
		defer d.runs.wait()
		sees := func(after string, at message.Screen, says ...string) {
			t.Helper()
			d.settles()
			for _, text := range says {
				if view := d.View(); d.places.at != at || !strings.Contains(view, text) {
					t.Errorf("after %s it is on %d, without %q:\n%s", after, d.places.at, text, view)
				}
			}
		}
		d.keys("a")
		sees("a", message.Accounts, "[Connections]", "Accounts by user", "3 users")
		d.keys("a")
		sees("a again", message.Accounts, "Accounts by host")
		d.keys("a", "a", "enter")
		sees("enter", message.Connections, "only user:root")
		d.keys("a")
		sees("a there", message.Accounts, "only user:root", "1 user,")
		d.keys("a", "enter")
		sees("enter on a host of it", message.Connections, "only user:root host:")
		d.keys("backspace", "backspace", "backspace")
		sees("backspace", message.Accounts, "3 users")
		before := len(d.history.done)
		d.keys("0", " ", "0")
		if len(d.history.done) != before {
			t.Error("a digit has labelled the connections of an account")
		}
		d.keys("tab")
		sees("tab", message.Entries, "[Entries]")
		d.keys("backspace", "f2")
		sees("f2", message.Connections, "[Connections]")
	})
}
