package charts

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/list"
	"sqleuth/ui/timeline"
	"sqleuth/ui/widget"
)

var keys = struct{ next, previous, whole key.Binding }{
	next:     key.NewBinding(key.WithKeys(">"), key.WithHelp(">", "next chart")),
	previous: key.NewBinding(key.WithKeys("<"), key.WithHelp("<", "previous chart")),
	whole:    key.NewBinding(key.WithKeys("W"), key.WithHelp("W", "whole log, or what the filters leave")),
}

// ShortHelp lists the keys of the footer.
func (m Model) ShortHelp() []key.Binding {
	if m.time.Is() {
		return m.time.ShortHelp()
	}
	t := list.Keys()
	return append(m.list().Opening()[:1], keys.previous, keys.next, timeline.Key(), t.Right, t.Sort, t.Mark)
}

// FullHelp lists the keys of the help overlay.
func (m Model) FullHelp() [][]key.Binding {
	if m.time.Is() {
		return m.time.FullHelp()
	}
	return append([][]key.Binding{append(widget.Enabled(m.time.Some(), timeline.Key()), keys.previous, keys.next, widget.Enabled(len(m.filtered.Active) > 0, keys.whole)[0])}, m.list().FullHelp()...)
}
