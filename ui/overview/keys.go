package overview

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/widget"
)

var keys = struct{ Open key.Binding }{
	Open: key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "read the connection")),
}

// ShortHelp lists the keys of the footer.
func (Model) ShortHelp() []key.Binding {
	return []key.Binding{keys.Open, widget.TableKeys().Mark}
}

// FullHelp lists the keys of the help overlay.
func (Model) FullHelp() [][]key.Binding {
	t := widget.TableKeys()
	return [][]key.Binding{{keys.Open, t.Mark, t.Range}, t.Movement()}
}
