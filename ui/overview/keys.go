package overview

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/list"
)

// ShortHelp lists the keys of the footer.
func (m Model) ShortHelp() []key.Binding {
	if m.opened.Is() {
		return append(m.opened.List().Opening(), list.Keys().Mark)
	}
	return append(m.suspects.Opening()[:1], list.Keys().Mark)
}

// FullHelp lists the keys of the help overlay.
func (m Model) FullHelp() [][]key.Binding {
	if m.opened.Is() {
		return m.opened.List().FullHelp()
	}
	return m.suspects.FullHelp()
}
