package overview

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/list"
	"sqleuth/ui/timeline"
	"sqleuth/ui/widget"
)

// ShortHelp lists the keys of the footer.
func (m Model) ShortHelp() []key.Binding {
	switch {
	case m.time.Is():
		return m.time.ShortHelp()
	case m.opened.Is():
		return append(m.opened.List().Opening(), widget.DetailsKey(), list.Keys().Mark)
	}
	return append(append(m.suspects.Opening()[:1], m.enterTime()...), widget.DetailsKey())
}

// FullHelp lists the keys of the help overlay.
func (m Model) FullHelp() [][]key.Binding {
	switch {
	case m.time.Is():
		return m.time.FullHelp()
	case m.opened.Is():
		return append(m.opened.FullHelp(), m.enterTime())
	}
	keys := append(m.whole.Keys(m.theme, m.said(), m.width, m.height), m.enterTime()...)
	if m.whole.Is() {
		return [][]key.Binding{m.suspects.Opening(), keys}
	}
	return append(m.suspects.FullHelp(), keys)
}

// enterTime is the key that enters the timeline.
func (m *Model) enterTime() []key.Binding { return widget.Enabled(m.time.Some(), timeline.Key()) }
