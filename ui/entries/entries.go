package entries

import (
	"context"
	"fmt"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
)

// Model is the Entries screen.
type Model struct {
	theme         *theme.Theme
	log           screen.Log
	list          list.List[data] // of entries, by index
	width, height int

	snapshot *pipeline.Snapshot // nil until the first one
	labels   label.Set
	filtered message.Filtered // nil rows until the first one
	unread   message.Unread
	opened   int // connection whose transcript was asked for, -1 for none

	heads   *heads
	reading bool
	detail  detail
}

var spec = list.Spec[data]{
	Columns: columns,
	Start:   "statement",
	Many:    true,
	Unit:    [2]string{"entry", "entries"},
	Kept:    "entries",
	Room:    room,
	Missing: "none of the entries that are shown has it in its text",
	Scan:    scan,
	Len: func(d data) int {
		if d.snapshot == nil {
			return 0
		}
		return d.snapshot.Len()
	},
	Zone: func(d data) string {
		if d.snapshot == nil {
			return "UTC"
		}
		return d.snapshot.Zone()
	},
	Term: func(d data, i int) string {
		return filter.Term("template", d.snapshot.Templates[d.snapshot.Template(i)].EventID)
	},
	OpenConnections: connectionTerm,
	Target:          func(d data, i int) message.Target { return message.One(d.snapshot, d.connection(i)) },
	Connections:     func(d data, i int, add func(int)) { add(d.connection(i)) },
	Snapshot:        func(d data) *pipeline.Snapshot { return d.snapshot },
	Copy:            copied,
	Aside:           &messages,
}

// copied is what y copies of an entry: it as it is in the log.
func copied(d data, i int) message.Copy {
	if d.log == nil {
		return message.Copy{}
	}
	what := fmt.Sprintf("entry %d", i+1)
	return message.Copy{What: what, Text: func(context.Context) (string, error) {
		r, err := d.log.Record(&d.snapshot.Log, i)
		if err != nil {
			return "", fmt.Errorf("copy %s: %w", what, err)
		}
		return string(r.Raw), nil
	}}
}

// New makes the screen, which reads statements from a log.
func New(t *theme.Theme, log screen.Log) Model {
	m := Model{
		theme: t, log: log, list: list.New(t, &spec), opened: -1,
		heads: newHeads(), detail: detail{content: nothing},
	}
	m.list.SetData(m.data())
	return m.layOut()
}

// data is what cells are made of now.
func (m Model) data() data {
	_, transcript := m.transcript()
	width, _ := m.listSize()
	d := data{
		theme: m.theme, log: m.log, snapshot: m.snapshot, labels: m.labels, heads: m.heads, rows: m.filtered.Entries,
		transcript: transcript, marked: -1, width: width,
	}
	for i := range m.list.Marks().Rows() {
		d.marked = i
		break
	}
	return d
}

// Title is the name on the tab; it names the connection of a transcript.
func (m Model) Title() string {
	if c, ok := m.transcript(); ok {
		return "Entries of " + m.snapshot.Connections.Name(c)
	}
	return "Entries"
}

// transcript returns the connection that the rows are the transcript of: the one
// that was opened, as long as the filter that came with it is on.
func (m Model) transcript() (int, bool) {
	s := m.snapshot
	if m.opened < 0 || s == nil || m.opened >= s.Connections.Len() {
		return 0, false
	}
	f, err := filter.Parse(filter.Term("id", s.Connections.Name(m.opened)))
	if err != nil || !slices.Contains(m.filtered.Active, f.String()) {
		return 0, false
	}
	return m.opened, true
}

// SetSize gives the body's size.
func (m Model) SetSize(width, height int) screen.Screen {
	m.width, m.height = width, height
	return m.layOut().relay()
}

// Update takes facts and keys.
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case message.Snapshot:
		m = m.setSnapshot(msg.Snapshot)
	case message.Labels:
		m.labels = msg.Set
	case message.Filtered:
		m, cmd = m.setFiltered(msg)
	case message.Unread:
		m.unread = msg
	case message.OpenedConnection:
		m, cmd = m.open(msg)
	case message.CursorAt:
		if msg.Index < 0 {
			m.list.First()
		} else {
			cmd = m.goTo(msg.Index)
		}
	case headsRead:
		m.reading = false
		for i, h := range msg.heads {
			m.heads.put(i, h)
		}
	case contentRead:
		m = m.arrive(msg)
	case tea.KeyMsg:
		m, cmd = m.press(msg)
	default:
		cmd, _ = m.list.Update(msg)
	}
	m.list.SetData(m.data())
	m, read := m.readHeads()
	m, detail := m.readDetail()
	return m, tea.Batch(cmd, read, detail)
}

func (m Model) setSnapshot(s *pipeline.Snapshot) Model {
	if old := m.snapshot; old != nil && !old.Loaded && old.Len() > 0 {
		m.heads.forget(old.Len() - 1) // which may be its beginning
	}
	m.snapshot = s
	return m
}

// setFiltered replaces the rows.
func (m Model) setFiltered(f message.Filtered) (Model, tea.Cmd) {
	if f.Entries == nil {
		f.Entries = message.All(0)
	}
	m.filtered = f
	cmd := m.list.Show(m.data(), f.Entries, true)
	return m, cmd
}

// goTo puts the cursor on an entry, or as long as that is not among the rows, on
// the next one.
func (m *Model) goTo(entry int) tea.Cmd {
	return m.list.GoTo(func(data) (int, bool) { return entry, true })
}

// open makes a transcript of what the filter that follows leaves.
func (m Model) open(msg message.OpenedConnection) (Model, tea.Cmd) {
	m.opened = msg.Connection
	at := msg.At
	if s := m.snapshot; at < 0 && s != nil && msg.Connection < s.Connections.Len() {
		at = int(s.Connections.Peek(msg.Connection).First)
	}
	cmd := m.goTo(max(0, at))
	return m, cmd
}

func (m Model) press(msg tea.KeyMsg) (Model, tea.Cmd) {
	d := &m.detail
	i, ok := m.current()
	switch {
	case msg.Paste:
		return m, nil
	case key.Matches(msg, keys.detail):
		if d.open {
			return m.closeDetail(), nil
		}
		if ok {
			return m.openDetail(), nil
		}
		return m, nil
	case ok && i < 0 && key.Matches(msg, keys.transcript, list.Keys().Connections):
		return m, message.Request(message.Notice{Text: "a message of the server belongs to no connection"})
	case ok && key.Matches(msg, keys.transcript):
		return m, message.Request(message.OpenConnection{Connection: int(m.snapshot.Entries.Connection(i)), At: i})
	case d.open && key.Matches(msg, keys.down):
		return m.scroll(1), nil
	case d.open && key.Matches(msg, keys.up):
		return m.scroll(-1), nil
	case d.open && key.Matches(msg, keys.pageDown):
		return m.scroll(max(1, m.paneHeight()-1)), nil
	case d.open && key.Matches(msg, keys.pageUp):
		return m.scroll(-max(1, m.paneHeight()-1)), nil
	case d.open && key.Matches(msg, keys.asSent):
		d.asSent, d.top = !d.asSent, 0
		return m.relay(), nil
	}
	cmd, _ := m.list.Update(msg)
	return m, cmd
}

// current returns the entry under the cursor, or ^k for message k.
func (m Model) current() (row int, ok bool) {
	if k, ok := m.list.CurrentAside(); ok {
		return ^k, true
	}
	return m.list.Current()
}

// Focus is what digits, +, - and y act on.
func (m Model) Focus() screen.Focus { return m.list.Focus() }

// Escape stops a search, closes the pane, or takes away what was put on the list.
func (m Model) Escape() (screen.Screen, bool) {
	ok := true
	switch {
	case m.list.StopSearch():
	case m.detail.open:
		m = m.closeDetail()
	default:
		ok = m.list.Escape()
	}
	m.list.SetData(m.data()) // elapsed times count from the first mark
	return m, ok
}

// Close closes the pane of the entry.
func (m Model) Close() (screen.Screen, bool) {
	if !m.detail.open {
		return m, false
	}
	return m.closeDetail(), true
}

// Lists is the list of rows.
func (m Model) Lists() []list.Any { return []list.Any{&m.list} }
