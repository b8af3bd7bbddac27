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
	Details, Tally          key.Binding

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
	Tally:        key.NewBinding(key.WithKeys("#"), key.WithHelp("#", "count the values of this column")),
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
	_, some := l.Current()
	return widget.Enabled(some, out...)
}

// FullHelp lists the keys of the list, for a screen's help; those are disabled that
// would do nothing now.
func (l *List[D]) FullHelp() [][]key.Binding {
	opening := l.Opening()
	row, onRow := l.Current()
	_, aside := l.CurrentAside()
	some := onRow || aside
	if l.spec.About != nil {
		opening = append(opening, widget.Enabled(onRow, keys.Details)...)
	}
	table, col := some && !l.details.Whole(), &l.spec.Columns[l.column]
	shown := l.layout()
	scrolls := slices.ContainsFunc(shown, func(s slot) bool { return l.spec.Columns[s.column].scrolls() })
	columns := slices.Concat(
		widget.Enabled(table && len(shown) > 1, keys.Left, keys.Right),
		widget.Enabled(table && scrolls && (l.left > 0 || l.elided()), keys.ScrollLeft),
		widget.Enabled(table && scrolls, keys.ScrollRight),
		widget.Enabled(table && col.Sort != nil, keys.Sort),
		widget.Enabled(table && (col.Term != nil || l.spec.Term != nil), keys.Tally),
		widget.Enabled(table && l.Sorted(), keys.Reverse),
	)
	elsewhere := l.showsMarks() && !(l.marks.Len() == 1 && l.marks.Has(row))
	next, previous := keys.NextMark, keys.PreviousMark
	if l.spec.Signed != nil && l.marks.Len() == 0 {
		elsewhere = some
		next.SetHelp(next.Help().Key, "next row with a sign")
		previous.SetHelp(previous.Help().Key, "previous row with a sign")
	}
	marks := slices.Concat(
		widget.Enabled(table && onRow, keys.Mark),
		widget.Enabled(table, keys.Range),
		widget.Enabled(table && elsewhere, next, previous),
	)
	up, down := l.cursor > 0, l.cursor < l.rows.len()-1
	if l.details.Whole() {
		up, down = l.details.Scrolls(l.about())
	}
	return [][]key.Binding{opening, columns, marks, widget.Moving(some && up, some && down)}
}
