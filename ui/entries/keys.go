package entries

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/list"
	"sqleuth/ui/widget"
)

var keys = struct{ detail, transcript, down, up, pageDown, pageUp, asSent key.Binding }{
	detail:     key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "whole statement")),
	transcript: key.NewBinding(key.WithKeys("o"), key.WithHelp("o", "transcript of its connection")),
	down:       key.NewBinding(key.WithKeys("J", "shift+down"), key.WithHelp("J", "scroll statement down")),
	up:         key.NewBinding(key.WithKeys("K", "shift+up"), key.WithHelp("K", "scroll statement up")),
	pageDown:   key.NewBinding(key.WithKeys("ctrl+d"), key.WithHelp("ctrl+d", "statement: page down")),
	pageUp:     key.NewBinding(key.WithKeys("ctrl+u"), key.WithHelp("ctrl+u", "statement: page up")),
	asSent:     key.NewBinding(key.WithKeys("t"), key.WithHelp("t", "statement formatted or as sent")),
}

// ShortHelp lists the keys for the footer.
func (m Model) ShortHelp() []key.Binding {
	t := list.Keys()
	if m.detail.open {
		return []key.Binding{keys.detail, keys.down, keys.asSent, t.Right, t.Mark, t.Range}
	}
	return []key.Binding{keys.detail, keys.transcript, t.Connections, t.Right, t.Mark, t.Range}
}

// FullHelp lists the keys that work on the screen now. Entries stay in order of the
// log.
func (m Model) FullHelp() [][]key.Binding {
	row, some := m.current()
	own := slices.Concat(widget.Enabled(some, keys.detail), widget.Enabled(some && row >= 0, keys.transcript))
	if m.detail.open {
		up, down := m.scrolls()
		own = slices.Concat(own, widget.Enabled(down, keys.down, keys.pageDown), widget.Enabled(up, keys.up, keys.pageUp),
			widget.Enabled(m.readsOtherwise(), keys.asSent))
	}
	return append([][]key.Binding{own}, m.list.FullHelp()...)
}
