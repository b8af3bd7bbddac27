package list

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/widget"
)

// KeyMap is the keys of a list.
type KeyMap struct {
	widget.TableKeyMap

	ScrollLeft, ScrollRight key.Binding
	NextMark, PreviousMark  key.Binding
	Details                 key.Binding

	Open, Entries, Connections key.Binding
}

// Keys returns the keys of every list.
func Keys() KeyMap { return keys }

var keys = KeyMap{
	TableKeyMap:  widget.TableKeys(),
	ScrollLeft:   key.NewBinding(key.WithKeys("shift+left", "H"), key.WithHelp("H", "scroll text left")),
	ScrollRight:  key.NewBinding(key.WithKeys("shift+right", "L"), key.WithHelp("L", "scroll text right")),
	NextMark:     key.NewBinding(key.WithKeys("."), key.WithHelp(".", "next mark")),
	PreviousMark: key.NewBinding(key.WithKeys(","), key.WithHelp(",", "previous mark")),
	Details:      widget.DetailsKey(),
	Open:         key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "open")),
	Entries:      key.NewBinding(key.WithKeys("o"), key.WithHelp("o", "entries of the row")),
	Connections:  key.NewBinding(key.WithKeys("c"), key.WithHelp("c", "connections of the row")),
}

// Opening lists the keys that lead from a row to another screen.
func (l *List[D]) Opening() []key.Binding {
	var out []key.Binding
	if l.spec.Open != nil {
		open := keys.Open
		open.SetHelp(open.Help().Key, l.spec.Opens)
		out = append(out, open)
	}
	if l.spec.OpenEntries != nil {
		out = append(out, keys.Entries)
	}
	if l.spec.OpenConnections != nil {
		out = append(out, keys.Connections)
	}
	return out
}

// FullHelp lists the keys of the list, for a screen's help; those that sort or
// scroll only where there is a column for it.
func (l *List[D]) FullHelp() [][]key.Binding {
	opening := l.Opening()
	if l.spec.About != nil {
		opening = append(opening, keys.Details)
	}
	columns := []key.Binding{keys.Left, keys.Right}
	if slices.ContainsFunc(l.spec.Columns, func(c Column[D]) bool { return c.scrolls() }) {
		columns = append(columns, keys.ScrollLeft, keys.ScrollRight)
	}
	if slices.ContainsFunc(l.spec.Columns, func(c Column[D]) bool { return c.Sort != nil }) {
		columns = append(columns, keys.Sort, keys.Reverse)
	}
	return [][]key.Binding{
		opening, columns,
		{keys.Mark, keys.Range, keys.NextMark, keys.PreviousMark},
		{keys.Up, keys.Down, keys.PageUp, keys.PageDown, keys.Top, keys.Bottom},
	}
}
