package templates

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/list"
	"sqleuth/ui/widget"
)

var keys = struct{ open key.Binding }{
	open: key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "whole text and values, then its entries")),
}

// ShortHelp lists the keys of the footer.
func (m Model) ShortHelp() []key.Binding {
	open, t := keys.open, list.Keys()
	if m.detail.open {
		open.SetHelp("enter", "its entries")
		return []key.Binding{open, t.Connections}
	}
	open.SetHelp("enter", "text and values")
	return append([]key.Binding{open}, append(m.list.Opening(), t.Sort, t.Mark)...)
}

// FullHelp lists the keys of the help overlay.
func (m Model) FullHelp() [][]key.Binding {
	if m.detail.open {
		moving := widget.Moving(m.detail.scroll.Moves(len(m.detailLines()), m.height))
		return [][]key.Binding{m.ShortHelp(), {list.Keys().Entries}, moving}
	}
	_, some := m.current()
	return append([][]key.Binding{widget.Enabled(some, keys.open)}, m.list.FullHelp()...)
}
