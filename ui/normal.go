package ui

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
)

// normal makes the digest of the entry under the cursor normal, or all that accounts or
// hosts do whose connections are under the cursor or marked; what follows is why. With
// "list" it lists what is normal.
func (l *commandLine) normal(arg string) (tea.Cmd, error) {
	what, why, _ := strings.Cut(arg, " ")
	target := l.places.focus().Target
	usual := map[string]func(message.Target, int) (label.Usual, error){"digest": usualDigest, "account": usualAccount, "host": usualHost}[what]
	switch {
	case what == "list":
		return lie(l.said()), nil
	case usual == nil:
		return nil, errors.New("write :normal digest, account or host, and why; or :normal list")
	case target.Empty():
		return nil, errors.New(noTarget)
	}
	return message.Request(message.Declare{Usual: func(ctx context.Context) ([]label.Usual, error) {
		connections, err := target.Connections(ctx)
		if err != nil {
			return nil, err
		}
		if connections = withLogin(target.Snapshot, connections); what == "digest" {
			connections = connections[:min(1, len(connections))] // there is one entry under the cursor
		}
		var list []label.Usual
		known := map[label.Usual]bool{}
		for _, c := range connections {
			u, err := usual(target, c)
			if err != nil {
				return nil, err
			}
			u.Why = why
			if !known[u] {
				known[u] = true
				list = append(list, u)
			}
		}
		return list, ctx.Err()
	}}), nil
}

// withLogin leaves out connections whose login is not in the log, as those of the event
// scheduler in an incident, unless all are such: what is normal of somebody is not normal of
// everybody who is unknown.
func withLogin(s *pipeline.Snapshot, connections []int) []int {
	known := slices.DeleteFunc(slices.Clone(connections), func(c int) bool {
		x := s.Connections.Peek(c)
		return x.User == 0 && x.Host == 0
	})
	if len(known) == 0 {
		return connections
	}
	return known
}

// usualAccount is all that the account of a connection does.
func usualAccount(t message.Target, connection int) (label.Usual, error) {
	s := t.Snapshot
	id := s.Connections.Who(connection, int(s.Connections.Peek(connection).First))
	if c, ok := t.Connection(); ok && c == connection && t.Entry > 0 {
		id = s.Connections.Who(connection, t.Entry-1)
	}
	return label.Usual{User: s.Connections.Text(id.User), Host: s.Connections.Text(id.Host)}, nil
}

// usualHost is all that comes from the host of a connection.
func usualHost(t message.Target, connection int) (label.Usual, error) {
	u, err := usualAccount(t, connection)
	u.User = ""
	return u, err
}

// usualDigest is the digest of the entry under the cursor, sent by its account.
func usualDigest(t message.Target, connection int) (label.Usual, error) {
	u, err := usualAccount(t, connection)
	if _, one := t.Connection(); !one || t.Entry == 0 {
		return u, errors.New("put the cursor on an entry, whose digest is meant")
	}
	if u.Digest = loaded.DigestHash(t.Snapshot.Digest(t.Entry - 1)); u.Digest == "" {
		return u, errors.New("this entry is no statement, and has no digest")
	}
	return u, err
}

// said lists what was declared normal; x reverts it.
func (l *commandLine) said() *listing {
	list := func() []label.Usual { return l.labels.set.Usual() }
	return &listing{
		theme: l.theme, title: "Declared normal, which counts for nothing", none: "nothing was declared normal; :normal digest, account or host does", keys: []key.Binding{overlayKeys.Remove},
		len:    func() int { return len(list()) },
		line:   func(k int) string { return list()[k].Said() },
		remove: func(k int) tea.Cmd { return message.Request(message.Revoke{Usual: list()[k]}) },
	}
}
