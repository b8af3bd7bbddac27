package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// nearNames is the part that shows, where a filter leaves no row because its value occurs
// nowhere in the log, which values are spelt like it, and puts one in its place.
type nearNames struct {
	theme   *theme.Theme
	places  *places
	filters *filtering
	found   nearFound
	cursor  int // of the names
}

// nearFound is what was found near a term that selects nothing.
type nearFound struct {
	search int    // of the filters, that it is about
	term   string // canonical
	names  []nearName
}

// nearName is a term that selects something.
type nearName struct {
	term string
	left
}

// mostNear is how many names are offered.
const mostNear = 3

// Update takes what was found.
func (n *nearNames) Update(msg tea.Msg) (tea.Cmd, bool) {
	m, ok := msg.(nearFound)
	if !ok {
		return nil, false
	}
	if m.search != n.filters.id {
		return nil, true // of other filters
	}
	n.found, n.cursor = m, 0
	return say("no entry has " + m.term + "; the nearest in the log is " + m.names[0].term), true
}

// shown reports whether names are in the place of the rows.
func (n *nearNames) shown() bool {
	lists := n.places.lists(n.places.at)
	return len(n.found.names) > 0 && n.found.search == n.filters.id && len(lists) > 0 && lists[0].Len() == 0 && !n.places.canClose()
}

// press takes the keys that choose a name.
func (n *nearNames) press(m tea.KeyMsg) (cmd tea.Cmd, taken bool) {
	if !n.shown() {
		return nil, false
	}
	k := &overlayKeys
	switch {
	case key.Matches(m, k.Up, k.Down):
		if why := idleAmong(m, n.cursor, len(n.found.names)); why != "" {
			return say(written(m.String()) + ": " + why), true
		}
		if n.cursor--; key.Matches(m, k.Down) {
			n.cursor += 2
		}
		return nil, true
	case key.Matches(m, k.Edit):
		return n.take(n.found.names[n.cursor].term), true
	}
	return nil, false
}

// take puts a term in the place of what selects nothing.
func (n *nearNames) take(term string) tea.Cmd {
	if only := n.filters.here.only; only != nil {
		l, err := narrowedTo(term, "", nil)
		if err != nil {
			return failed("filter", err)
		}
		return n.places.goTo(place{at: n.places.at, here: narrowing{only: l, whole: n.filters.here.whole}})
	}
	for k, l := range n.filters.stack {
		if l.on && !l.muted {
			cmd, err := n.filters.replace(k, term)
			if err != nil {
				return failed("filter", err)
			}
			return cmd
		}
	}
	return nil
}

// keys are those that the footer offers beside the others.
func (n *nearNames) keys() []key.Binding {
	take := overlayKeys.Edit
	take.SetHelp(take.Help().Key, n.found.names[n.cursor].term)
	return append([]key.Binding{take}, widget.Enabled(len(n.found.names) > 1, overlayKeys.Up, overlayKeys.Down)...)
}

// View draws the names in a body.
func (n *nearNames) View(width, height int) string {
	t, s := n.theme, n.filters.snapshot
	lines := widget.Paragraph(t, "Nothing is left: "+n.found.term+" occurs nowhere in this log.", width)
	lines = append(lines, "", t.Title.Render(widget.Clip(t, "Near it", width)))
	term := 0
	for _, name := range n.found.names {
		term = max(term, len(name.term))
	}
	term = min(term, max(1, width/2))
	for k, name := range n.found.names {
		line := " " + widget.Fit(t, name.term, term) + "  " + name.words(max(0, width-term-4))
		if k == n.cursor {
			lines = append(lines, t.Glyph.Cursor+t.Cursor.Render(widget.Clip(t, line, width-1)))
		} else {
			lines = append(lines, " "+widget.Clip(t, line, width-1))
		}
	}
	c := s.Coverage
	lines = append(lines, "")
	lines = append(lines, widget.Paragraph(t, "enter takes one in its place; F edits the filter, esc takes it away.", width)...)
	lines = append(lines, "")
	lines = append(lines, widget.Paragraph(t, "Nothing was lost: "+widget.Number(s.Len(), "entry", "entries")+" of "+
		widget.Number(s.Connections.Len(), "connection", "connections")+" are read, "+widget.Bytes(c.RejectBytes)+" are not understood.", width)...)
	return strings.Join(lines[:min(len(lines), height)], "\n")
}
