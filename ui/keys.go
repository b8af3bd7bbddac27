package ui

import "github.com/charmbracelet/bubbles/key"

// globalKeyMap is the keys that mean the same on every screen.
type globalKeyMap struct {
	Next, Previous, Jump, Accounts, Back, Forward, Scope, Escape key.Binding

	Search, Again, Backwards          key.Binding
	AddFilter, FilterList, Keep, Hide key.Binding
	Label, Unlabel, Accept, Note      key.Binding
	Decide                            key.Binding
	Undo, Redo                        key.Binding
	Parts, Columns                    key.Binding
	Export, Copy, Link                key.Binding
	Rejects, Cancel                   key.Binding
	Follow, Fresh                     key.Binding
	Command, Help, Suspend, Quit      key.Binding
}

var globalKeys = globalKeyMap{
	Next:     key.NewBinding(key.WithKeys("tab"), key.WithHelp("tab", "next screen")),
	Previous: key.NewBinding(key.WithKeys("shift+tab"), key.WithHelp("shift+tab", "previous screen")),
	Jump:     key.NewBinding(key.WithKeys("f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8"), key.WithHelp("f1..f8", "go to a screen")),
	Accounts: key.NewBinding(key.WithKeys("a"), key.WithHelp("a", "accounts, then by host, by pair")),
	Back:     key.NewBinding(key.WithKeys("backspace", "ctrl+h", "ctrl+o"), key.WithHelp("backspace", "back")),
	Forward:  key.NewBinding(key.WithKeys("ctrl+n"), key.WithHelp("ctrl+n", "forward, where back came from")),
	Scope:    key.NewBinding(key.WithKeys("z"), key.WithHelp("z", "wider: connection, account, host, all")),
	Escape:   key.NewBinding(key.WithKeys("esc"), key.WithHelp("esc", "take away marks, then the last filter")),

	Search:     key.NewBinding(key.WithKeys("/"), key.WithHelp("/", "search")),
	Again:      key.NewBinding(key.WithKeys("n"), key.WithHelp("n", "next match")),
	Backwards:  key.NewBinding(key.WithKeys("N"), key.WithHelp("N", "previous match")),
	AddFilter:  key.NewBinding(key.WithKeys("f"), key.WithHelp("f", "add a filter")),
	FilterList: key.NewBinding(key.WithKeys("F"), key.WithHelp("F", "list of filters")),
	Keep:       key.NewBinding(key.WithKeys("+"), key.WithHelp("+", "keep only this")),
	Hide:       key.NewBinding(key.WithKeys("-"), key.WithHelp("-", "hide this")),

	Label: key.NewBinding(key.WithKeys("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
		key.WithHelp("0..9", "label")),
	Unlabel: key.NewBinding(key.WithKeys("x"), key.WithHelp("x", "take the label away")),
	Accept:  key.NewBinding(key.WithKeys("A"), key.WithHelp("A", "label as the model predicts")),
	Note:    key.NewBinding(key.WithKeys("m"), key.WithHelp("m", "note")),
	Decide:  key.NewBinding(key.WithKeys("d"), key.WithHelp("d", "decide on the incident")),
	Undo:    key.NewBinding(key.WithKeys("u"), key.WithHelp("u", "undo")),
	Redo:    key.NewBinding(key.WithKeys("ctrl+r"), key.WithHelp("ctrl+r", "redo")),

	Parts: key.NewBinding(key.WithKeys("p"), key.WithHelp("p", "parts of the score")),

	Columns: key.NewBinding(key.WithKeys("C"), key.WithHelp("C", "choose, move and resize columns")),

	Export:  key.NewBinding(key.WithKeys("e"), key.WithHelp("e", "export")),
	Copy:    key.NewBinding(key.WithKeys("y"), key.WithHelp("y", "copy")),
	Link:    key.NewBinding(key.WithKeys("Y"), key.WithHelp("Y", "copy the command that shows this")),
	Rejects: key.NewBinding(key.WithKeys("r"), key.WithHelp("r", "what is no entry")),
	Cancel:  key.NewBinding(key.WithKeys("ctrl+x"), key.WithHelp("ctrl+x", "cancel analysis or export")),
	Follow:  key.NewBinding(key.WithKeys("T"), key.WithHelp("T", "follow the log, or let it be")),
	Fresh:   key.NewBinding(key.WithKeys("I"), key.WithHelp("I", "incident that is new or graver")),
	Command: key.NewBinding(key.WithKeys(":"), key.WithHelp(":", "command")),
	Help:    key.NewBinding(key.WithKeys("?"), key.WithHelp("?", "help")),
	Suspend: key.NewBinding(key.WithKeys("ctrl+z"), key.WithHelp("ctrl+z", "suspend, fg continues")),
	Quit:    key.NewBinding(key.WithKeys("q", "ctrl+c"), key.WithHelp("q", "quit")),
}

// topic is a heading of the help with its keys.
type topic struct {
	title string
	keys  []key.Binding
}

// topics lists every global key.
func (k globalKeyMap) topics() []topic {
	return []topic{
		{"Screens", []key.Binding{k.Next, k.Previous, k.Jump, k.Accounts, k.Back, k.Forward, k.Scope, k.Escape}},
		{"Search and filter", []key.Binding{k.Search, k.Again, k.Backwards, k.AddFilter, k.FilterList, k.Keep, k.Hide}},
		{"Labels", []key.Binding{k.Label, k.Unlabel, k.Accept, k.Note, k.Decide, k.Undo, k.Redo}},
		{"Score", []key.Binding{k.Parts}},
		{"Columns", []key.Binding{k.Columns}},
		{"Program", []key.Binding{k.Export, k.Copy, k.Link, k.Rejects, k.Cancel, k.Follow, k.Fresh, k.Command, k.Help, k.Suspend, k.Quit}},
	}
}

// overlayKeyMap is the keys of the list of filters and of the walk through rejects.
type overlayKeyMap struct {
	Up, Down, Edit, Switch, Remove, Open, Close key.Binding
}

var overlayKeys = overlayKeyMap{
	Up:     key.NewBinding(key.WithKeys("up", "k"), key.WithHelp("up/k", "line up")),
	Down:   key.NewBinding(key.WithKeys("down", "j"), key.WithHelp("down/j", "line down")),
	Edit:   key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "edit")),
	Switch: key.NewBinding(key.WithKeys(" "), key.WithHelp("space", "switch on or off")),
	Remove: key.NewBinding(key.WithKeys("x", "delete"), key.WithHelp("x", "take away")),
	Open:   key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "entry after it")),
	Close:  key.NewBinding(key.WithKeys("esc", "q", "backspace"), key.WithHelp("esc", "close")),
}

// columnKeyMap is the keys of the list of columns.
type columnKeyMap struct {
	Show, Earlier, Later, Narrower, Wider, Own, First, Done key.Binding
}

var columnKeys = columnKeyMap{
	Show:     key.NewBinding(key.WithKeys(" "), key.WithHelp("space", "show or hide")),
	Earlier:  key.NewBinding(key.WithKeys("K", "<", "shift+up"), key.WithHelp("K", "to the left")),
	Later:    key.NewBinding(key.WithKeys("J", ">", "shift+down"), key.WithHelp("J", "to the right")),
	Narrower: key.NewBinding(key.WithKeys("left", "h", "-"), key.WithHelp("left", "narrower")),
	Wider:    key.NewBinding(key.WithKeys("right", "l", "+"), key.WithHelp("right", "wider")),
	Own:      key.NewBinding(key.WithKeys("x", "delete"), key.WithHelp("x", "its own width")),
	First:    key.NewBinding(key.WithKeys("S"), key.WithHelp("S", "all as at the start")),
	Done:     key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "close")),
}

// serverKeyMap is the keys of the question about servers. None of them is one that is pressed
// often: the question comes by itself.
type serverKeyMap struct {
	Apart, Together, Name key.Binding
}

var serverKeys = serverKeyMap{
	Apart:    key.NewBinding(key.WithKeys("y"), key.WithHelp("y", "yes, keep them apart")),
	Together: key.NewBinding(key.WithKeys("n"), key.WithHelp("n", "no, one server")),
	Name:     key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "edit the name")),
}

// menuKeyMap is the keys of the help: whatever is a letter searches.
type menuKeyMap struct {
	Up, Down, PageUp, PageDown, Do, Erase, Close key.Binding
}

var menuKeys = menuKeyMap{
	Up:       key.NewBinding(key.WithKeys("up", "ctrl+p", "ctrl+k"), key.WithHelp("up", "line up")),
	Down:     key.NewBinding(key.WithKeys("down", "ctrl+n", "ctrl+j"), key.WithHelp("down", "line down")),
	PageUp:   key.NewBinding(key.WithKeys("pgup"), key.WithHelp("pgup", "page up")),
	PageDown: key.NewBinding(key.WithKeys("pgdown"), key.WithHelp("pgdn", "page down")),
	Do:       key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "do it")),
	Erase:    key.NewBinding(key.WithKeys("backspace", "ctrl+h"), key.WithHelp("backspace", "erase")),
	Close:    key.NewBinding(key.WithKeys("esc", "ctrl+c"), key.WithHelp("esc", "close")),
}
