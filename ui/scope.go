package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/ui/message"
)

// scope is what around the row under the cursor a place is narrowed to.
type scope uint8

// The scopes, each wider than the one before, in the order in which a key goes through
// them.
const (
	unscoped scope = iota // all, or what has nothing to do with a row
	ofConnection
	ofAccount
	ofHost
)

// scopes reports whether there is a row here that has a connection.
func (p *places) scopes() bool {
	_, _, ok := p.underCursor()
	return ok
}

// underCursor is the connection of the row under the cursor, and an entry of it, where
// rows are entries or connections.
func (p *places) underCursor() (connection, entry int, ok bool) {
	if p.snapshot == nil || p.at != message.Entries && p.at != message.Connections {
		return 0, 0, false
	}
	row, ok := p.lists(p.at)[0].Row()
	if !ok {
		return 0, 0, false
	}
	if p.at == message.Connections {
		return row, int(p.snapshot.Connections.Peek(row).First), true
	}
	return int(p.snapshot.Entries.Connection(row)), row, true
}

// widen shows what is around the row under the cursor: its connection (where rows are
// entries), all of its account, of its host, all. The cursor stays on its row.
func (p *places) widen() tea.Cmd {
	c, entry, ok := p.underCursor()
	if !ok {
		return say("z widens the view on Connections and Entries, around the row under the cursor")
	}
	s, row := p.snapshot, entry
	if p.at == message.Connections {
		row = c
	}
	who := s.Connections.Who(c, entry)
	host := filter.Term("host", s.Connections.Text(who.Host))
	var term, text string
	next := (p.filters.here.scope + 1) % (ofHost + 1)
	if next == ofConnection && p.at == message.Connections {
		next = ofAccount
	}
	switch next {
	case unscoped:
		to := place{at: p.at, row: row + 1}
		to.here.whole = p.at == message.Entries && p.filters.hides(entry)
		return tea.Batch(say("all of the log; z again narrows it"), p.show(to))
	case ofConnection:
		ref := s.Connections.Ref(c)
		term, text = "id:"+ref.String(s.Connections.Several(ref.ID)), "connection "+s.Connections.Name(c)
	case ofAccount:
		term = filter.Term("user", s.Connections.Text(who.User)) + " " + host
		if server := s.ServerOfConnection(c); s.SeveralServers() {
			term += " " + filter.Term("server", s.ServerName(server))
		}
		text = "account " + s.Connections.Text(who.User) + "@" + s.Connections.Text(who.Host)
	case ofHost:
		term, text = host, "host "+s.Connections.Text(who.Host)
	}
	l, err := narrowedTo(term, "", nil)
	if err != nil {
		return failed("widen the view", err)
	}
	to := place{p.at, narrowing{only: l, whole: p.at == message.Entries, scope: next}, row + 1}
	told := say("all of " + text + "; z again widens it")
	show := p.show // back leads to where it was opened
	if p.filters.here.scope == unscoped {
		show = p.goTo
	}
	cmds := []tea.Cmd{told, show(to)}
	if next == ofConnection {
		cmds = append(cmds, p.giveFocused(message.OpenedConnection{Connection: c, At: entry}))
	}
	return tea.Batch(cmds...)
}
