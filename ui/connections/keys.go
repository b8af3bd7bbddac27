package connections

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/widget"
)

type keyMap struct{ open, next, previous, order key.Binding }

// The left and right keys choose a column here: no column of this table is
// scrolled.
var keys = keyMap{
	open:     key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "open transcript")),
	next:     key.NewBinding(key.WithKeys("right", "l", "c"), key.WithHelp("right/l", "next column")),
	previous: key.NewBinding(key.WithKeys("left", "h", "C"), key.WithHelp("left/h", "previous column")),
	order:    key.NewBinding(key.WithKeys("o"), key.WithHelp("o", "sort by this column")),
}

// ShortHelp lists the keys for the footer.
func (m Model) ShortHelp() []key.Binding {
	t := widget.TableKeys()
	return []key.Binding{keys.open, keys.next, keys.order, t.Mark, t.Range}
}

// FullHelp lists all keys of the screen.
func (m Model) FullHelp() [][]key.Binding {
	t := widget.TableKeys()
	return [][]key.Binding{
		{t.Up, t.Down, t.PageUp, t.PageDown, t.Top, t.Bottom},
		{keys.open, keys.next, keys.previous, keys.order, t.Sort, t.Reverse},
		{t.Mark, t.Range},
	}
}
