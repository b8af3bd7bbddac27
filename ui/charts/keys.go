package charts

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/list"
)

var keys = struct{ next, previous key.Binding }{
	next:     key.NewBinding(key.WithKeys(">"), key.WithHelp(">", "next chart")),
	previous: key.NewBinding(key.WithKeys("<"), key.WithHelp("<", "previous chart")),
}

// ShortHelp lists the keys of the footer.
func (m Model) ShortHelp() []key.Binding {
	t := list.Keys()
	return append(m.list().Opening()[:1], keys.previous, keys.next, t.Right, t.Sort, t.Mark)
}

// FullHelp lists the keys of the help overlay.
func (m Model) FullHelp() [][]key.Binding {
	return append([][]key.Binding{{keys.previous, keys.next}}, m.list().FullHelp()...)
}
