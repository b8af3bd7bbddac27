package detections

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/widget"
)

// place is open on a finding about the log, close is limits where its panel is
// open.
var keys = struct{ open, place, connections, whole, limits, close key.Binding }{
	open:        key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "evidence")),
	place:       key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "go there")),
	connections: key.NewBinding(key.WithKeys("c"), key.WithHelp("c", "connections")),
	whole:       widget.DetailsKey(),
	limits:      key.NewBinding(key.WithKeys("w"), key.WithHelp("w", "what the log cannot show")),
	close:       key.NewBinding(key.WithKeys("w"), key.WithHelp("w", "back to the detections")),
}

// ShortHelp lists the keys of the footer.
func (m Model) ShortHelp() []key.Binding {
	t := widget.TableKeys()
	if m.limits.open {
		return []key.Binding{keys.close, t.PageDown, t.PageUp}
	}
	open := keys.open
	if r, ok := m.current(); ok && r.finding != nil {
		open = keys.place
	}
	return []key.Binding{open, keys.whole, keys.limits, keys.connections, t.Mark, t.Sort}
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
