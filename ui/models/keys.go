package models

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/widget"
)

var keys = struct{ open, other key.Binding }{
	open:  key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "entries of the cell")),
	other: key.NewBinding(key.WithKeys("w"), key.WithHelp("w", "the other forest")),
}

// The matrix is moved in like a table, but its cells have columns.
var (
	left  = key.NewBinding(key.WithKeys(widget.TableKeys().Left.Keys()...), key.WithHelp("left/h", "cell to the left"))
	right = key.NewBinding(key.WithKeys(widget.TableKeys().Right.Keys()...), key.WithHelp("right/l", "cell to the right"))
)

// ShortHelp lists the keys of the footer.
func (Model) ShortHelp() []key.Binding {
	move := key.NewBinding(key.WithKeys("up", "down", "left", "right"), key.WithHelp("arrows", "choose a cell"))
	return []key.Binding{keys.open, move, keys.other, widget.TableKeys().PageDown}
}

// FullHelp lists the keys of the help overlay.
func (Model) FullHelp() [][]key.Binding {
	t := widget.TableKeys()
	return [][]key.Binding{
		{keys.open, keys.other},
		{t.Up, t.Down, left, right},
		{t.PageUp, t.PageDown, t.Top, t.Bottom},
	}
}
