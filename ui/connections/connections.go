package connections

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Model is the Connections screen.
type Model struct {
	theme *theme.Theme
	list  list.List[data] // of connections, by index

	snapshot  *pipeline.Snapshot // nil until the first one
	labels    label.Set
	filtered  message.Filtered
	unread    message.Unread
	summaries summaries
}

var spec = list.Spec[data]{
	Columns: columns,
	Start:   "host",
	Unit:    [2]string{"connection", "connections"},
	Kept:    "connections",
	Room:    room,
	Facts:   facts,
	Time:    func(d data, c int) store.Moment { return start(d.snapshot, c) },
	Missing: "no connection that is shown has it in its id, user, host or database",
	Match:   match,
	Len: func(d data) int {
		if d.snapshot == nil {
			return 0
		}
		return d.snapshot.Connections.Len()
	},
	Zone: func(d data) string {
		if d.snapshot == nil {
			return "UTC"
		}
		return d.theme.Clock.Zone(d.snapshot.Zone())
	},
	Term:        func(d data, c int) string { return filter.Term("id", d.snapshot.Connections.Name(c)) },
	Open:        func(_ data, c int) tea.Msg { return message.OpenConnection{Connection: c, At: -1} },
	Opens:       "transcript",
	OpenEntries: func(d data, c int) string { return filter.Term("id", d.snapshot.Connections.Name(c)) },
	Target:      func(d data, c int) message.Target { return message.One(d.snapshot, c) },
	Connections: func(_ data, c int, add func(int)) { add(c) },
	Snapshot:    func(d data) *pipeline.Snapshot { return d.snapshot },
	Copy: func(d data, c int) message.Copy {
		return message.Copy{
			What: "connection " + d.snapshot.Connections.Name(c),
			Text: func(context.Context) (string, error) { return copied(d.snapshot, c), nil },
		}
	},
}

// New makes the screen.
func New(t *theme.Theme) Model {
	m := Model{theme: t, list: list.New(t, &spec), summaries: newSummaries()}
	m.list.SetData(m.data())
	return m
}

// Title is the name on the tab.
func (m Model) Title() string { return "Connections" }

// data is what cells are made of now.
func (m Model) data() data { return data{m.theme, m.snapshot, m.labels, m.summaries} }

// Update takes facts and keys.
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case message.Snapshot:
		m, cmd = m.setSnapshot(msg.Snapshot)
	case message.Labels:
		m.labels = msg.Set
	case message.Filtered:
		m, cmd = m.setFiltered(msg)
	case message.Unread:
		m.unread = msg
	case message.CursorAt:
		cmd = m.list.GoTo(func(data) (int, bool) { return msg.Index, true })
	case summarised:
		m.summaries = m.summaries.add(msg)
	case tea.KeyMsg:
		switch {
		case key.Matches(msg, keyMap.Disagree):
			return m, message.Request(message.Disagreeing)
		case key.Matches(msg, keyMap.Unsure):
			cmd = m.list.SortBy(unsure, true)
		default:
			cmd, _ = m.list.Update(msg)
		}
	default:
		cmd, _ = m.list.Update(msg)
	}
	m.list.SetData(m.data())
	m, fetch := m.fetch()
	return m, tea.Batch(cmd, fetch)
}

func (m Model) setSnapshot(s *pipeline.Snapshot) (Model, tea.Cmd) {
	old := m.snapshot
	m.snapshot = s
	if s == nil {
		return m, nil
	}
	var changed bool
	if m.summaries, changed = m.summaries.renew(old, s); changed {
		return m.show(false)
	}
	return m, nil
}

func (m Model) setFiltered(f message.Filtered) (Model, tea.Cmd) {
	if f.Connections == nil {
		f.Connections = message.All(0)
	}
	anew := !slices.Equal(f.Active, m.filtered.Active)
	m.filtered = f
	return m.show(anew)
}

// show shows the connections that the filters leave.
func (m Model) show(anew bool) (Model, tea.Cmd) {
	if m.filtered.Connections == nil {
		return m, nil
	}
	cmd := m.list.Show(m.data(), m.filtered.Connections, anew)
	return m, cmd
}

// Focus is what digits, +, - and y act on.
func (m Model) Focus() screen.Focus { return m.list.Focus() }

// Escape takes away what was put on the list.
func (m Model) Escape() (screen.Screen, bool) {
	ok := m.list.Escape()
	return m, ok
}

// match looks for a pattern in names, users, hosts and databases; of a text that
// many connections share it remembers the answer.
func match(d data, re *regexp.Regexp) func(c int) bool {
	conns, known := d.snapshot.Connections, map[uint32]bool{}
	has := func(n uint32) bool {
		holds, ok := known[n]
		if !ok {
			text := conns.Text(n)
			holds = text != "-" && re.MatchString(text)
			known[n] = holds
		}
		return holds
	}
	return func(c int) bool {
		k := conns.Peek(c)
		return has(k.User) || has(k.Host) || has(k.Database) || re.MatchString(conns.Name(c))
	}
}

// account writes user and host as MySQL does.
func account(s *pipeline.Snapshot, c int) string { return user(s, c) + "@" + host(s, c) }

// copied is what y copies of a connection: what a ticket needs to name it.
func copied(s *pipeline.Snapshot, c int) string {
	k := s.Connections.Peek(c)
	return strings.Join([]string{
		"connection " + s.Connections.Name(c),
		start(s, c).Format(time.DateTime) + " to " + s.Moment(int(k.Last)).Format(time.DateTime) + " " + s.Zone(),
		account(s, c), "database " + s.Connections.Text(k.Database), "login " + k.Outcome.String(),
		widget.Count(k.Entries) + " entries",
	}, ", ")
}

// Lists is the list of rows.
func (m Model) Lists() []list.Any { return []list.Any{&m.list} }
