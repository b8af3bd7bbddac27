package ui

import (
	"slices"

	"sqleuth/analysis/filter"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// place is where the analyst is or has been: a screen, and what it is narrowed to.
type place struct {
	at   message.Screen
	here narrowing
}

// maxPast bounds how far back backspace leads.
const maxPast = 100

// goTo leads to a place; backspace leads back.
func (a *app) goTo(p place) {
	if now := (place{a.at, a.filters.here}); p != now {
		a.past = append(a.past, now)
		if len(a.past) > maxPast {
			a.past = slices.Delete(a.past, 0, 1)
		}
	}
	a.show(p)
}

func (a *app) show(p place) {
	a.at, a.sought = p.at, message.Search{}
	a.take(a.filters.narrow(p.here))
	a.toFocused(message.Shown{})
}

// visit goes to a screen as the filters leave it.
func (a *app) visit(to message.Screen) {
	if to < message.Screens {
		a.goTo(place{at: to})
	}
}

// back closes what lies over the rows, or returns to the last place.
func (a *app) back() {
	if c, ok := a.screens[a.at].(screen.Closer); ok {
		if s, ok := c.Close(); ok {
			a.screens[a.at] = s
			return
		}
	}
	last := len(a.past) - 1
	if last < 0 {
		a.say("there is no way back from here")
		return
	}
	p := a.past[last]
	a.past = a.past[:last]
	a.show(p)
}

// canGoBack reports whether backspace would do something.
func (a *app) canGoBack() bool { return a.canClose() || len(a.past) > 0 }

// canClose reports whether something lies over the rows.
func (a *app) canClose() bool {
	c, ok := a.screens[a.at].(screen.Closer)
	if ok {
		_, ok = c.Close()
	}
	return ok
}

// escape takes one thing away: what the screen has, what it is narrowed to, or else
// the last filter.
func (a *app) escape() {
	if a.sought.Text != "" {
		a.sought = message.Search{}
		return
	}
	if s, ok := a.screens[a.at].Escape(); ok {
		a.screens[a.at] = s
		return
	}
	if h := a.filters.here; h != (narrowing{}) {
		if h.only != nil {
			a.say("no longer only " + h.only.shown())
		}
		a.visit(a.at)
		return
	}
	if text, cmd := a.filters.dropLast(); text != "" {
		a.say(text)
		a.take(cmd)
	}
}

// canEscape reports whether esc has something to take away. That is not found out by
// trying: it would end a search that is under way.
func (a *app) canEscape() bool {
	lists := a.lists(a.at)
	return a.sought.Text != "" || a.canClose() || len(lists) > 0 && lists[0].Escapes() || a.filters.here != (narrowing{}) || len(a.filters.stack) > 0
}

// openConnections narrows Connections to what a screen asks for.
func (a *app) openConnections(m message.OpenConnections) {
	l := layer{title: m.Title, pick: m.Pick, on: true}
	if m.Pick == nil {
		f, err := filter.Parse(m.Term)
		if err != nil {
			a.fail("filter", err)
			return
		}
		l.title, l.name, l.filter = f.String(), m.Title, f
	}
	a.goTo(place{message.Connections, narrowing{only: &l}})
}

// openEntries narrows Entries to what a screen asks for.
func (a *app) openEntries(m message.OpenEntries) {
	l := layer{title: m.Title, pick: m.Pick, on: true}
	if m.Pick == nil {
		f, err := filter.Parse(m.Term)
		if err != nil {
			a.fail("filter", err)
			return
		}
		l.title, l.filter = f.String(), f
	}
	a.goTo(place{message.Entries, narrowing{&l, m.Whole}})
	a.toFocused(message.CursorAt{Index: -1})
	if m.Whole && a.filters.muted() {
		a.say("filters are off here, because the figure counts the whole log; backspace leads back to them")
	}
}

// openConnection shows the transcript of a connection: all of it, whatever is
// filtered.
func (a *app) openConnection(m message.OpenConnection) {
	if a.snapshot == nil || m.Connection < 0 || m.Connection >= a.snapshot.Connections.Len() {
		return
	}
	ref := a.snapshot.Connections.Ref(m.Connection)
	f, err := filter.Parse("id:" + ref.String(a.snapshot.Connections.Several(ref.ID)))
	if err != nil {
		a.fail("open the connection", err)
		return
	}
	a.goTo(place{message.Entries, narrowing{&layer{title: f.String(), filter: f, on: true}, true}})
	a.toFocused(message.OpenedConnection(m))
}

// showIndex goes to a screen and puts its cursor on a row; where filters would
// hide an entry, they do not count there.
func (a *app) showIndex(to message.Screen, index int) {
	p := place{at: to}
	if to == message.Entries && a.filters.hides(index) {
		p.here.whole = true
	}
	a.goTo(p)
	if p.here.whole {
		a.say("filters are off here, because they hide this entry; backspace leads back to them")
	}
	a.toFocused(message.CursorAt{Index: index})
}
