package models

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/widget"
)

var keys = struct{ open, other key.Binding }{
	open:  key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "entries of the cell")),
	other: key.NewBinding(key.WithKeys("<", ">"), key.WithHelp("< >", "the other forest")),
}

// The matrix is moved in like a table, but its cells have columns.
var (
	left  = key.NewBinding(key.WithKeys(widget.TableKeys().Left.Keys()...), key.WithHelp("left/h", "cell to the left"))
	right = key.NewBinding(key.WithKeys(widget.TableKeys().Right.Keys()...), key.WithHelp("right/l", "cell to the right"))
)

// ShortHelp lists the keys of the footer.
func (Model) ShortHelp() []key.Binding {
	move := key.NewBinding(key.WithKeys("up", "down", "left", "right"), key.WithHelp("arrows", "choose a cell"))
	return []key.Binding{keys.open, keys.other, move, widget.TableKeys().PageDown}
}

// FullHelp lists the keys of the help overlay.
func (m Model) FullHelp() [][]key.Binding {
	t := widget.TableKeys()
	moves := func(down, right int) bool {
		to := m.move(down, right)
		return m.emptiness() == "" && (to.cursor != m.cursor || to.forest != m.forest || m.scroll != widget.Scroll{})
	}
	some := len(m.matrix(m.forest).rows) > 0
	up, down := m.scroll.Moves(len(m.lines()), m.height)
	return [][]key.Binding{
		append(widget.Enabled(some, keys.open), widget.Enabled(m.emptiness() == "", keys.other)...),
		slices.Concat(
			widget.Enabled(moves(-1, 0), t.Up), widget.Enabled(moves(1, 0), t.Down),
			widget.Enabled(moves(0, -1), left), widget.Enabled(moves(0, 1), right),
		),
		append(widget.Enabled(up, t.PageUp, t.Top), widget.Enabled(down, t.PageDown, t.Bottom)...),
	}
}
