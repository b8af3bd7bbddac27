package overview

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/list"
)

// ShortHelp lists the keys of the footer.
func (m Model) ShortHelp() []key.Binding {
	return append(m.suspects.Opening()[:1], list.Keys().Mark)
}

// FullHelp lists the keys of the help overlay.
func (m Model) FullHelp() [][]key.Binding { return m.suspects.FullHelp() }
