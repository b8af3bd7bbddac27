package ui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// places is the part that has the screens: which one is shown, what it is narrowed
// to, and where backspace leads.
type places struct {
	screens  [message.Screens]screen.Screen
	at       message.Screen
	past     []place // the last one first to go
	future   []place // that back has led away from, the last one first to go
	snapshot *pipeline.Snapshot
	filters  *filtering
	search   *searching
	marks    *markings
	history  *history
	theme    *theme.Theme
}

// place is where the analyst is or has been: a screen, what it is narrowed to, and the
// row under the cursor.
type place struct {
	at   message.Screen
	here narrowing
	row  int // plus one; 0 where the cursor stays
}

// is reports whether two places show the same rows.
func (p place) is(o place) bool { return p.at == o.at && p.here == o.here }

// maxPast bounds how far back backspace leads.
const maxPast = 100

// Update takes requests that lead to a place.
func (p *places) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case message.Snapshot:
		p.snapshot = m.Snapshot
		return nil, false
	case message.Replaced:
		p.past, p.future = nil, nil
		return p.unmarkAll(), false
	case tea.MouseMsg:
		return p.scroll(m), true
	case message.Goto:
		return p.visit(m.Screen), true
	case timeAsked:
		if now := p.now(); now.row > 0 && !p.filters.behind { // else it has only been gone to
			p.leave(now)
		}
		p.search.only(m.to)
		return nil, true
	case gapAsked:
		p.search.only(m.to)
		return nil, true
	case textAsked:
		p.search.last = message.Search{Text: m.what.Text}
		return p.search.begin(m.what, p.hasRows()), true
	case message.Tally:
		return p.tally(m, p.theme), true
	case message.OpenConnection:
		return p.openConnection(m), true
	case message.OpenEntries:
		return p.openEntries(m), true
	case message.OpenConnections:
		return p.openConnections(m), true
	case message.ShowEntry:
		return p.showIndex(message.Entries, m.Index), true
	case message.OpenIncident:
		return tea.Batch(p.visit(message.Overview), p.giveFocused(message.ShowIncident(m))), true
	case message.ShowTemplate:
		return p.showIndex(message.Templates, m.Index), true
	}
	return nil, false
}

// SetSize sets the size of the body in cells.
func (p *places) SetSize(width, height int) {
	for i := range p.screens {
		p.screens[i] = p.screens[i].SetSize(width, height)
	}
}

// focused is the screen that is shown.
func (p *places) focused() screen.Screen { return p.screens[p.at] }

// focus is what is under the cursor.
func (p *places) focus() screen.Focus { return p.focused().Focus() }

// lister is a screen with rows: its lists, the one that is shown first.
type lister interface{ Lists() []list.Any }

// lists are those of a screen.
func (p *places) lists(at message.Screen) []list.Any {
	if s, ok := p.screens[at].(lister); ok {
		return s.Lists()
	}
	return nil
}

// hasRows reports whether the screen that is shown is one with rows.
func (p *places) hasRows() bool { return len(p.lists(p.at)) > 0 }

// give gives a message to a screen.
func (p *places) give(at message.Screen, msg tea.Msg) tea.Cmd {
	s, cmd := p.screens[at].Update(msg)
	p.screens[at] = s
	return tea.Batch(cmd, p.marks.heed(p.lists(at)))
}

// giveFocused gives a message to the screen that is shown.
func (p *places) giveFocused(msg tea.Msg) tea.Cmd { return p.give(p.at, msg) }

// giveAll gives a message to every screen.
func (p *places) giveAll(msg tea.Msg) tea.Cmd {
	cmds := make([]tea.Cmd, message.Screens)
	for at := range message.Screens {
		cmds[at] = p.give(at, msg)
	}
	return tea.Batch(cmds...)
}

// replace puts the screen that is shown in place of itself, after something was
// taken away from it.
func (p *places) replace(s screen.Screen) tea.Cmd {
	p.screens[p.at] = s
	return p.marks.heed(p.lists(p.at))
}

// scroll moves the cursor by the wheel.
func (p *places) scroll(m tea.MouseMsg) tea.Cmd {
	switch m.Button {
	case tea.MouseButtonWheelUp:
		return p.giveFocused(tea.KeyMsg{Type: tea.KeyUp})
	case tea.MouseButtonWheelDown:
		return p.giveFocused(tea.KeyMsg{Type: tea.KeyDown})
	}
	return nil
}

// now is where the analyst is.
func (p *places) now() place {
	at := place{at: p.at, here: p.filters.here}
	if !numbered[p.at] {
		return at
	}
	if row, ok := p.lists(p.at)[0].Row(); ok {
		at.row = row + 1
	}
	return at
}

// numbered are the screens whose rows keep their numbers, and which CursorAt moves.
var numbered = [message.Screens]bool{message.Connections: true, message.Entries: true, message.Templates: true}

// goTo leads to a place; back leads back.
func (p *places) goTo(to place) tea.Cmd {
	if now := p.now(); !now.is(to) || to.row > 0 && to.row != now.row {
		p.leave(now)
	}
	return p.show(to)
}

// leave remembers a place that is jumped from.
func (p *places) leave(now place) {
	p.past = append(p.past, now)
	if len(p.past) > maxPast {
		p.past = slices.Delete(p.past, 0, 1)
	}
	p.future = nil
}

func (p *places) show(to place) tea.Cmd {
	p.at = to.at
	p.search.stop()
	cmds := []tea.Cmd{p.filters.narrow(to.here), p.giveFocused(message.Shown{})}
	if to.row > 0 {
		cmds = append(cmds, p.giveFocused(message.CursorAt{Index: to.row - 1}))
	}
	return tea.Batch(cmds...)
}

// accounts goes to the accounts of the connections that are shown, or of the incident
// that is open, or to the next of their tables.
func (p *places) accounts() tea.Cmd {
	switch p.at {
	case message.Accounts:
		return p.giveFocused(message.NextAccounts{})
	case message.Connections:
		return p.goTo(place{at: message.Accounts, here: p.filters.here})
	case message.Overview:
		if term := p.focus().Term; p.canClose() && term != "" { // of the incident, or its stage
			l, err := narrowedTo(term, "", nil)
			if err != nil {
				return failed("show the accounts", err)
			}
			return p.goTo(place{at: message.Accounts, here: narrowing{only: l}})
		}
	}
	return p.visit(message.Accounts)
}

// visit goes to a screen as the filters leave it, to its rows: what lay over them is
// closed. What backspace leads back to stays as it was.
func (p *places) visit(to message.Screen) tea.Cmd {
	if to >= message.Screens {
		return nil
	}
	if c, ok := p.screens[to].(screen.Closer); ok {
		for s, closed := c.Close(); closed; s, closed = c.Close() {
			p.screens[to] = s
			c, _ = s.(screen.Closer)
		}
	}
	return p.goTo(place{at: to})
}

// jump visits a screen, or returns a notice if it is this one.
func (p *places) jump(to message.Screen) tea.Cmd {
	if p.now().is(place{at: to}) && !p.canClose() {
		return say("this is " + p.focused().Title() + " already")
	}
	return p.visit(to)
}

// goToTime puts the cursor on a time: of the timeline where the screen has one, of its
// rows where they have times, or else of Entries.
func (p *places) goToTime(to message.AtTime) tea.Cmd {
	lists := p.lists(p.at)
	over := p.at == message.Overview || p.at == message.Charts
	var visit tea.Cmd
	if !over && (len(lists) == 0 || !lists[0].Timed()) {
		visit = p.visit(message.Entries)
	}
	return tea.Batch(visit, tell(timeAsked{to}))
}

// goToGap puts the cursor of the timeline on a gap.
func (p *places) goToGap(to message.NextGap) tea.Cmd {
	var visit tea.Cmd
	if p.at != message.Overview && p.at != message.Charts {
		visit = p.visit(message.Overview)
	}
	return tea.Batch(visit, tell(gapAsked{to}))
}

// back closes what lies over the rows, or returns to the last place.
func (p *places) back() tea.Cmd {
	if s, ok := p.closed(); ok {
		return p.replace(s)
	}
	return p.leap(&p.past, &p.future, "there is no way back from here")
}

// forward returns to the place that back has led away from.
func (p *places) forward() tea.Cmd {
	return p.leap(&p.future, &p.past, "there is no way forward: "+globalKeys.Back.Help().Key+" has not led here")
}

// leap goes to the last of some places, from which others lead back.
func (p *places) leap(from, back *[]place, none string) tea.Cmd {
	last := len(*from) - 1
	if last < 0 {
		return say(none)
	}
	to := (*from)[last]
	*from, *back = (*from)[:last], append(*back, p.now())
	return p.show(to)
}

// canGoBack reports whether backspace would do something.
func (p *places) canGoBack() bool { return p.canClose() || len(p.past) > 0 }

// closed is the screen without what lies over its rows; false where nothing does.
func (p *places) closed() (s screen.Screen, ok bool) {
	c, ok := p.focused().(screen.Closer)
	if !ok {
		return nil, false
	}
	return c.Close()
}

// canClose reports whether something lies over the rows.
func (p *places) canClose() bool {
	_, ok := p.closed()
	return ok
}

// escape takes one thing away: what the screen has, what it is narrowed to, or else
// the last filter.
func (p *places) escape() tea.Cmd {
	if p.search.stop() {
		return nil
	}
	before := p.held()
	if s, ok := p.focused().Escape(); ok {
		cmd := p.replace(s)
		if before.Len() > 0 && p.held().Len() == 0 {
			cmd = tea.Batch(cmd, p.unmarked(before))
		}
		return cmd
	}
	if h := p.filters.here; h != (narrowing{}) {
		cmd := p.visit(p.at)
		if h.only != nil {
			cmd = tea.Batch(say("no longer only "+h.only.named(p.snapshot)), cmd)
		}
		return cmd
	}
	if !p.filters.any() {
		return say("there is nothing to take away: no mark, no filter")
	}
	return p.filters.dropLast()
}

// held is the marks of the list that is in front.
func (p *places) held() list.Held {
	if lists := p.lists(p.at); len(lists) > 0 && lists[0].Name() != "" {
		return lists[0].Held()
	}
	return list.Held{}
}

// unmarked records marks that were taken away, so that undo puts them back.
func (p *places) unmarked(was list.Held) tea.Cmd {
	at, gone := p.at, was
	gone.Gone = true
	what := "marks taken away: " + widget.Number(was.Len(), "row", "rows")
	p.history.note(func(w way) tea.Cmd {
		if w == redoing {
			return tea.Batch(say("done again: "+what), p.give(at, gone))
		}
		return tea.Batch(say("undone: "+what), p.give(at, was))
	})
	return say(what + "; u brings them back")
}

// unmarkAll takes the marks of all lists away, for good.
func (p *places) unmarkAll() tea.Cmd {
	var cmds []tea.Cmd
	for at := range p.screens {
		for _, l := range p.lists(message.Screen(at)) {
			gone := l.Held()
			gone.Gone = true
			cmds = append(cmds, p.give(message.Screen(at), gone))
		}
	}
	return tea.Batch(cmds...)
}

// canEscape reports whether esc has something to take away. That is not found out by
// trying: it would end a search that is under way.
func (p *places) canEscape() bool {
	lists := p.lists(p.at)
	return p.search.waits() || p.canClose() || len(lists) > 0 && lists[0].Escapes() || p.filters.here != (narrowing{}) || len(p.filters.stack) > 0
}

// narrowedTo is what a request narrows a screen to.
func narrowedTo(term, title string, pick func(*pipeline.Snapshot, int) bool) (*layer, error) {
	l := layer{title: title, pick: pick, on: true}
	if pick == nil {
		f, err := filter.Parse(term)
		if err != nil {
			return nil, err
		}
		l.title, l.name, l.filter = f.String(), title, f
	}
	return &l, nil
}

// openConnections narrows Connections to what a screen asks for.
func (p *places) openConnections(m message.OpenConnections) tea.Cmd {
	l, err := narrowedTo(m.Term, m.Title, m.Pick)
	if err != nil {
		return failed("filter", err)
	}
	if here := p.filters.here.only; p.at == message.Accounts && here != nil && here.pick == nil && l.pick == nil {
		l.filter = here.filter.And(l.filter) // its rows count no others
		l.title = l.filter.String()
	}
	return p.goTo(place{at: message.Connections, here: narrowing{only: l}})
}

// narrowFurther narrows the screen that is shown to what a term selects of it.
func (p *places) narrowFurther(term string) tea.Cmd {
	l, err := narrowedTo(term, "", nil)
	if err != nil {
		return failed("filter", err)
	}
	here := p.filters.here
	if only := here.only; only != nil {
		if only.pick != nil {
			return say("what " + only.named(p.snapshot) + " leaves cannot be narrowed further; + makes a filter")
		}
		l.filter = only.filter.And(l.filter)
		l.title = l.filter.String()
	}
	return p.goTo(place{at: p.at, here: narrowing{only: l, whole: here.whole}})
}

// openEntries narrows Entries to what a screen asks for.
func (p *places) openEntries(m message.OpenEntries) tea.Cmd {
	l, err := narrowedTo(m.Term, m.Title, m.Pick)
	if err != nil {
		return failed("filter", err)
	}
	cmds := []tea.Cmd{p.goTo(place{at: message.Entries, here: narrowing{only: l, whole: m.Whole}}), p.giveFocused(message.CursorAt{Index: -1})}
	if m.Whole && p.filters.muted() {
		cmds = append(cmds, say("filters are off here, because the figure counts the whole log; backspace leads back to them"))
	}
	return tea.Batch(cmds...)
}

// openConnection shows the transcript of a connection: all of it, whatever is
// filtered.
func (p *places) openConnection(m message.OpenConnection) tea.Cmd {
	if p.snapshot == nil || m.Connection < 0 || m.Connection >= p.snapshot.Connections.Len() {
		return nil
	}
	ref := p.snapshot.Connections.Ref(m.Connection)
	l, err := narrowedTo("id:"+ref.String(p.snapshot.Connections.Several(ref.ID)), "", nil)
	if err != nil {
		return failed("open the connection", err)
	}
	if here := p.filters.here; p.at == message.Entries && here.scope == ofConnection && here.only.title == l.title {
		return say("this is all of connection " + p.snapshot.Connections.Name(m.Connection) + " already")
	}
	return tea.Batch(p.goTo(place{at: message.Entries, here: narrowing{only: l, whole: true, scope: ofConnection}}), p.giveFocused(message.OpenedConnection(m)))
}

// showIndex goes to a screen and puts its cursor on a row; where filters would
// hide an entry, they do not count there.
func (p *places) showIndex(at message.Screen, index int) tea.Cmd {
	to := place{at: at, row: index + 1}
	if at == message.Entries && p.filters.hides(index) {
		to.here.whole = true
	}
	cmd := p.goTo(to)
	if to.here.whole {
		cmd = tea.Batch(cmd, say("filters are off here, because they hide this entry; backspace leads back to them"))
	}
	return cmd
}
