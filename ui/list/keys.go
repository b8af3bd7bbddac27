package list

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/widget"
)

// KeyMap is the keys of a list.
type KeyMap struct {
	widget.TableKeyMap // Left and Right move the column cursor here

	ScrollLeft, ScrollRight key.Binding
	NextMark, PreviousMark  key.Binding
	Details                 key.Binding
}

// Keys returns the keys of every list.
func Keys() KeyMap { return keys }

var keys = func() KeyMap {
	k := KeyMap{
		TableKeyMap:  widget.TableKeys(),
		ScrollLeft:   key.NewBinding(key.WithKeys("shift+left", "H"), key.WithHelp("H", "scroll text left")),
		ScrollRight:  key.NewBinding(key.WithKeys("shift+right", "L"), key.WithHelp("L", "scroll text right")),
		NextMark:     key.NewBinding(key.WithKeys("."), key.WithHelp(".", "next mark")),
		PreviousMark: key.NewBinding(key.WithKeys(","), key.WithHelp(",", "previous mark")),
		Details:      widget.DetailsKey(),
	}
	k.Left = key.NewBinding(key.WithKeys("left", "h"), key.WithHelp("left/h", "column to the left"))
	k.Right = key.NewBinding(key.WithKeys("right", "l"), key.WithHelp("right/l", "column to the right"))
	k.Sort = key.NewBinding(key.WithKeys("s"), key.WithHelp("s", "sort by this column, again reverses"))
	k.Reverse = key.NewBinding(key.WithKeys("S"), key.WithHelp("S", "order of the start"))
	return k
}()

// FullHelp lists the keys that a list has, for a screen's help; those that sort
// only where a column can be sorted by.
func (l *List[D]) FullHelp() [][]key.Binding {
	acts := []key.Binding{keys.Mark, keys.Range, keys.NextMark, keys.PreviousMark}
	columns := []key.Binding{keys.Left, keys.Right, keys.ScrollLeft, keys.ScrollRight}
	for c := range l.spec.Columns {
		if l.spec.Columns[c].Sort != nil {
			columns = append(columns, keys.Sort, keys.Reverse)
			break
		}
	}
	return [][]key.Binding{columns, acts, {keys.Up, keys.Down, keys.PageUp, keys.PageDown, keys.Top, keys.Bottom}}
}
