package entries

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/widget"
)

type keyMap struct{ detail, down, up, pageDown, pageUp, asSent, next, previous key.Binding }

var keys = keyMap{
	detail:   key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "whole statement")),
	down:     key.NewBinding(key.WithKeys("J", "shift+down"), key.WithHelp("J", "scroll statement down")),
	up:       key.NewBinding(key.WithKeys("K", "shift+up"), key.WithHelp("K", "scroll statement up")),
	pageDown: key.NewBinding(key.WithKeys("ctrl+d"), key.WithHelp("ctrl+d", "statement: page down")),
	pageUp:   key.NewBinding(key.WithKeys("ctrl+u"), key.WithHelp("ctrl+u", "statement: page up")),
	asSent:   key.NewBinding(key.WithKeys("t"), key.WithHelp("t", "statement formatted or as sent")),
	next:     key.NewBinding(key.WithKeys("c"), key.WithHelp("c", "next column for + and -")),
	previous: key.NewBinding(key.WithKeys("C"), key.WithHelp("C", "previous column for + and -")),
}

// ShortHelp lists the keys for the footer.
func (m Model) ShortHelp() []key.Binding {
	t := widget.TableKeys()
	if m.detail.open {
		return []key.Binding{keys.detail, keys.down, keys.asSent, keys.next, t.Mark, t.Range}
	}
	return []key.Binding{keys.detail, keys.next, t.Mark, t.Range}
}

// FullHelp lists all keys of the screen. Entries stay in order of the log, so
// the table's keys for sorting do nothing here.
func (m Model) FullHelp() [][]key.Binding {
	t := widget.TableKeys()
	return [][]key.Binding{
		t.Movement(),
		{keys.detail, keys.down, keys.up, keys.pageDown, keys.pageUp, keys.asSent},
		{keys.next, keys.previous, t.Mark, t.Range},
	}
}
