package detections

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/widget"
)

var keys = struct{ open, connections, whole, limits key.Binding }{
	open:        key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "evidence")),
	connections: key.NewBinding(key.WithKeys("c"), key.WithHelp("c", "connections")),
	whole:       widget.DetailsKey(),
	limits:      key.NewBinding(key.WithKeys("w"), key.WithHelp("w", "what the log cannot show")),
}

// ShortHelp lists the keys of the footer.
func (m Model) ShortHelp() []key.Binding {
	t := widget.TableKeys()
	if m.limits.open {
		return []key.Binding{keys.limits, t.Up, t.Down, t.PageUp, t.PageDown}
	}
	return []key.Binding{keys.open, keys.whole, keys.limits, keys.connections, t.Mark, t.Sort}
}

// FullHelp lists the keys of the help overlay.
func (Model) FullHelp() [][]key.Binding {
	t := widget.TableKeys()
	return [][]key.Binding{
		{keys.open, keys.whole, keys.limits, keys.connections},
		{t.Sort, t.Reverse, t.Mark, t.Range},
		t.Movement(),
	}
}
