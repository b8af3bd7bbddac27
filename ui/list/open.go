package list

import (
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// open asks for what the row under the cursor leads to.
func (l *List[D]) open() tea.Cmd {
	row, ok := l.Current()
	if !ok {
		return nil
	}
	return message.Request(l.spec.Open(l.data, row))
}

// openEntries asks for the entries of the rows that keys act on.
func (l *List[D]) openEntries() tea.Cmd {
	if _, _, taken := l.taken(); !taken && l.spec.Open != nil {
		return l.open()
	}
	term, cmd := l.terms(l.spec.OpenEntries)
	if term == "" {
		return cmd
	}
	return message.Request(message.OpenEntries{Term: term})
}

// OpenConnections asks for the connections of the rows that keys act on.
func (l *List[D]) OpenConnections() tea.Cmd {
	term, cmd := l.terms(l.spec.OpenConnections)
	if term == "" {
		return cmd
	}
	return message.Request(message.OpenConnections{Term: term})
}

// terms joins the terms of the rows that keys act on. A filter of too many rows
// could not be read: then there is a command with a notice.
func (l *List[D]) terms(of func(d D, row int) string) (string, tea.Cmd) {
	row, ok := l.Current()
	if !ok {
		return "", nil
	}
	if _, _, taken := l.taken(); !taken {
		return of(l.data, row), nil
	}
	term := l.joined(func(row int) string { return of(l.data, row) })
	if term == "" {
		return "", message.Request(message.Notice{Text: "no more than " + widget.Count(maxTerms) + " marked rows are opened at a time"})
	}
	return term, nil
}
