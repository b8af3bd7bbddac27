package detections

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/list"
	"sqleuth/ui/widget"
)

// The key of the limits closes them where their panel is open.
var keys = struct{ limits, close, place key.Binding }{
	limits: key.NewBinding(key.WithKeys("w"), key.WithHelp("w", "what the log cannot show")),
	close:  key.NewBinding(key.WithKeys("w"), key.WithHelp("w", "back to the detections")),
	place:  key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "go there")),
}

// ShortHelp lists the keys of the footer.
func (m Model) ShortHelp() []key.Binding {
	t := list.Keys()
	if m.limits.open {
		return []key.Binding{keys.close, t.PageDown, t.PageUp}
	}
	open := m.list.Opening()
	if k, ok := m.list.Current(); ok && m.list.Data().rows[k].finding != nil {
		open = []key.Binding{keys.place}
	}
	return append(open, t.Details, keys.limits, t.Connections, t.Mark, t.Sort)
}

// FullHelp lists the keys of the help overlay.
func (m Model) FullHelp() [][]key.Binding {
	t := list.Keys()
	if m.limits.open {
		return [][]key.Binding{{keys.close}, widget.Moving(m.limits.scroll.Moves(len(m.limitLines()), m.limitRoom()))}
	}
	k, some := m.list.Current()
	own := append(widget.Enabled(some, t.Entries), widget.Enabled(some && len(m.list.Data().rows[k].speaksOf()) > 0, t.Connections)...)
	return append([][]key.Binding{append(own, keys.limits)}, m.list.FullHelp()...)
}
