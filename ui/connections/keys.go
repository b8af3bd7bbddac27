package connections

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/list"
	"sqleuth/ui/widget"
)

// ShortHelp lists the keys for the footer.
func (m Model) ShortHelp() []key.Binding {
	t := list.Keys()
	return append(m.list.Opening()[:1], t.Right, t.Sort, t.Mark, t.Range)
}

// FullHelp lists all keys of the screen.
func (m Model) FullHelp() [][]key.Binding {
	own := append([]key.Binding{keyMap.Disagree}, widget.Enabled(m.list.Len() > 0, keyMap.Unsure)...)
	return append(m.list.FullHelp(), own)
}
