// Package accounts is the view of Connections that lists who tried to log in: by user
// with its hosts, by host with its users, or by both, the oddest first, with the words
// why.
//
//	Snapshot, Filtered --(listing.go, in a command)--> table --> rows, of which some are open
//
// Nothing is counted before the screen was shown for the first time.
package accounts

import (
	"maps"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/account"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
)

// Model is the screen.
type Model struct {
	theme *theme.Theme
	by    account.By
	views [account.Tables]view

	snapshot *pipeline.Snapshot // nil until the first one
	filtered message.Filtered
	unread   message.Unread
	shown    bool // it was, so that its rows are worth counting
}

// view is one of the tables.
type view struct {
	list    list.List[data]
	open    map[string]bool // names of the rows whose own are shown; never written to
	listing *listing        // nil until it was asked for
}

// New makes the screen.
func New(t *theme.Theme) Model {
	m := Model{theme: t}
	for by := range m.views {
		m.views[by].list = list.New(t, &specs[by])
		m.views[by].list.SetData(data{theme: t})
	}
	return m
}

// Title is what the screen is called; its tab is that of Connections.
func (Model) Title() string { return "Accounts" }

// Update takes facts and keys.
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case message.Snapshot:
		if msg.Snapshot == nil {
			return m, nil
		}
		m.snapshot = msg.Snapshot
		return m.renew(false)
	case message.Filtered:
		m.filtered = msg
		return m.renew(true)
	case message.Unread:
		m.unread = msg
		return m, nil
	case message.Shown:
		m.shown = true
		return m.fill()
	case message.NextAccounts:
		m.by = (m.by + 1) % account.Tables
		return m.fill()
	case message.Marks:
		return m.restore(msg)
	case tea.KeyMsg:
		return m.press(msg)
	case message.Search:
		cmd, _ := m.views[m.by].list.Update(msg)
		return m, cmd
	}
	// An answer: each list knows its own by the number.
	var cmds []tea.Cmd
	for by := range m.views {
		cmd, _ := m.views[by].list.Update(msg)
		cmds = append(cmds, cmd)
	}
	return m, tea.Batch(cmds...)
}

// restore gives the marks of a case to their list.
func (m Model) restore(msg message.Marks) (screen.Screen, tea.Cmd) {
	for by := range m.views {
		if specs[by].Kept == msg.List {
			cmd, _ := m.views[by].list.Update(msg)
			return m, cmd
		}
	}
	return m, nil
}

// renew counts anew what was counted: connections or filters are others.
func (m Model) renew(anew bool) (screen.Screen, tea.Cmd) {
	for by := range m.views {
		m.views[by].listing = nil
	}
	if !m.shown {
		return m, nil
	}
	return m.load(anew)
}

// fill counts the table that is shown where it was not.
func (m Model) fill() (screen.Screen, tea.Cmd) {
	if m.views[m.by].listing != nil {
		return m, nil
	}
	return m.load(true)
}

// load lists the rows of the table that is shown.
func (m Model) load(anew bool) (screen.Screen, tea.Cmd) {
	if m.snapshot == nil || m.filtered.Connections == nil {
		return m, nil
	}
	v := &m.views[m.by]
	if v.listing == nil {
		v.listing = newListing(m.snapshot, m.filtered, m.by)
	}
	cmd := v.list.Load(anew, v.listing.source(m.theme, v.open))
	return m, cmd
}

func (m Model) press(msg tea.KeyMsg) (screen.Screen, tea.Cmd) {
	v, keys := &m.views[m.by], list.Keys()
	row, ok := v.list.Current()
	if !ok || msg.Paste {
		return m, nil
	}
	d := v.list.Data()
	r := &d.table.Rows[row]
	first := v.list.Column() == nameTitle
	switch {
	case key.Matches(msg, keys.Open):
		return m, v.list.OpenConnections()
	case key.Matches(msg, keys.Right) && r.Under > 1 && !d.open[name(r)]:
		return m.turn(name(r), true)
	case key.Matches(msg, keys.Left) && first && d.open[name(r)]:
		return m.turn(name(r), false)
	case key.Matches(msg, keys.Left) && first && r.Parent >= 0:
		parent := name(&d.table.Rows[r.Parent])
		n, cmd := m.turn(parent, false)
		closed := n.(Model)
		back := closed.views[m.by].list.GoTo(func(d data) (int, bool) { return d.row(parent) })
		return closed, tea.Batch(cmd, back)
	}
	cmd, _ := v.list.Update(msg)
	return m, cmd
}

// turn opens or closes a row.
func (m Model) turn(row string, open bool) (screen.Screen, tea.Cmd) {
	v := &m.views[m.by]
	v.open = maps.Clone(v.open)
	if v.open == nil {
		v.open = map[string]bool{}
	}
	if open {
		v.open[row] = true
	} else {
		delete(v.open, row)
	}
	return m.load(true)
}

// Focus is what +, - and y act on: rows are no connections, so that digits label none.
func (m Model) Focus() screen.Focus { return m.views[m.by].list.Focus() }

// Escape takes away what was put on the list.
func (m Model) Escape() (screen.Screen, bool) {
	ok := m.views[m.by].list.Escape()
	return m, ok
}

// Lists is the three lists, the one that is shown first.
func (m Model) Lists() []list.Any {
	out := []list.Any{&m.views[m.by].list}
	for by := range m.views {
		if account.By(by) != m.by {
			out = append(out, &m.views[by].list)
		}
	}
	return out
}
