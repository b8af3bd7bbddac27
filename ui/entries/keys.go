package entries

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/detail"
	"sqleuth/ui/list"
	"sqleuth/ui/widget"
)

var transcriptKey = key.NewBinding(key.WithKeys("o"), key.WithHelp("o", "transcript of its connection"))

// ShortHelp lists the keys for the footer.
func (m Model) ShortHelp() []key.Binding {
	t := list.Keys()
	own := []key.Binding{transcriptKey, t.Connections}
	if _, whole := m.transcript(); whole {
		own = own[1:]
	}
	if len(m.signs) > 0 && m.list.Marks().Len() == 0 {
		next := t.NextMark
		next.SetHelp(next.Help().Key, "next with a sign")
		own = append([]key.Binding{next}, own...)
	}
	if m.pane.Open() {
		own = m.pane.ShortHelp()
	}
	return slices.Concat([]key.Binding{detail.OpenKey()}, own, []key.Binding{t.Right, t.Mark, t.Range})
}

// FullHelp lists the keys that work on the screen now. Entries stay in order of the
// log.
func (m Model) FullHelp() [][]key.Binding {
	row, some := m.current()
	_, whole := m.transcript()
	own := slices.Concat(widget.Enabled(some, detail.OpenKey()), widget.Enabled(some && row >= 0 && !whole, transcriptKey), m.pane.FullHelp())
	return append([][]key.Binding{own}, m.list.FullHelp()...)
}
