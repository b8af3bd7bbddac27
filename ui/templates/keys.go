package templates

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/list"
)

var keys = struct{ open, entries, connections key.Binding }{
	open:        key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "whole text and values, then its entries")),
	entries:     key.NewBinding(key.WithKeys("o"), key.WithHelp("o", "its entries")),
	connections: key.NewBinding(key.WithKeys("c"), key.WithHelp("c", "its connections")),
}

// ShortHelp lists the keys of the footer.
func (m Model) ShortHelp() []key.Binding {
	open := keys.open
	if m.detail.open {
		open.SetHelp("enter", "its entries")
		return []key.Binding{open, keys.connections}
	}
	open.SetHelp("enter", "text and values")
	t := list.Keys()
	return []key.Binding{open, keys.entries, keys.connections, t.Sort, t.Mark}
}

// FullHelp lists the keys of the help overlay.
func (m Model) FullHelp() [][]key.Binding {
	return append([][]key.Binding{{keys.open, keys.entries, keys.connections}}, m.list.FullHelp()...)
}
