package widget

import "github.com/charmbracelet/bubbles/key"

// TableKeyMap is the keys of whatever has rows.
type TableKeyMap struct {
	Up, Down, PageUp, PageDown, Top, Bottom, Left, Right key.Binding
	Mark, Range, Sort, Reverse                           key.Binding
}

// TableKeys returns these keys.
func TableKeys() TableKeyMap { return tableKeys }

var tableKeys = TableKeyMap{
	Up:       key.NewBinding(key.WithKeys("up", "k"), key.WithHelp("up/k", "row up")),
	Down:     key.NewBinding(key.WithKeys("down", "j"), key.WithHelp("down/j", "row down")),
	PageUp:   key.NewBinding(key.WithKeys("pgup", "ctrl+b"), key.WithHelp("pgup", "page up")),
	PageDown: key.NewBinding(key.WithKeys("pgdown", "ctrl+f"), key.WithHelp("pgdn", "page down")),
	Top:      key.NewBinding(key.WithKeys("home", "g"), key.WithHelp("home/g", "first row")),
	Bottom:   key.NewBinding(key.WithKeys("end", "G"), key.WithHelp("end/G", "last row")),
	Left:     key.NewBinding(key.WithKeys("left", "h"), key.WithHelp("left/h", "previous column")),
	Right:    key.NewBinding(key.WithKeys("right", "l"), key.WithHelp("right/l", "next column")),
	Mark:     key.NewBinding(key.WithKeys(" "), key.WithHelp("space", "mark")),
	Range:    key.NewBinding(key.WithKeys("v"), key.WithHelp("v", "mark a range")),
	Sort:     key.NewBinding(key.WithKeys("s"), key.WithHelp("s", "sort by this column or reverse")),
	Reverse:  key.NewBinding(key.WithKeys("S"), key.WithHelp("S", "order of the start")),
}

// Moving lists the keys that move up and down, disabled where that leads nowhere.
func Moving(up, down bool) []key.Binding {
	k := &tableKeys
	return append(Enabled(up, k.Up, k.PageUp, k.Top), Enabled(down, k.Down, k.PageDown, k.Bottom)...)
}

// Enabled returns bindings, disabled where they do not work now: the help leaves
// those out.
func Enabled(work bool, bindings ...key.Binding) []key.Binding {
	for i := range bindings {
		bindings[i].SetEnabled(work)
	}
	return bindings
}
