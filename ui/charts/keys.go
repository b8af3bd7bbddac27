package charts

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/widget"
)

// The left and right keys change the chart here: no table of it is scrolled.
var keys = struct{ open, next, previous key.Binding }{
	open:     key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "its entries")),
	next:     key.NewBinding(key.WithKeys("right", "l"), key.WithHelp("right/l", "next chart")),
	previous: key.NewBinding(key.WithKeys("left", "h"), key.WithHelp("left/h", "previous chart")),
}

// ShortHelp lists the keys of the footer.
func (Model) ShortHelp() []key.Binding {
	t := widget.TableKeys()
	return []key.Binding{keys.open, keys.previous, keys.next, t.Sort, t.Reverse, t.Mark}
}

// FullHelp lists the keys of the help overlay.
func (Model) FullHelp() [][]key.Binding {
	t := widget.TableKeys()
	return [][]key.Binding{
		{keys.open, keys.previous, keys.next},
		{t.Sort, t.Reverse, t.Mark, t.Range},
		{t.Up, t.Down, t.PageUp, t.PageDown, t.Top, t.Bottom},
	}
}
