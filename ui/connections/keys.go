package connections

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/list"
)

var keys = struct{ open key.Binding }{
	open: key.NewBinding(key.WithKeys("enter", "o"), key.WithHelp("enter/o", "open transcript")),
}

// ShortHelp lists the keys for the footer.
func (m Model) ShortHelp() []key.Binding {
	t := list.Keys()
	return []key.Binding{keys.open, t.Right, t.Sort, t.Mark, t.Range}
}

// FullHelp lists all keys of the screen.
func (m Model) FullHelp() [][]key.Binding {
	return append([][]key.Binding{{keys.open}}, m.list.FullHelp()...)
}
