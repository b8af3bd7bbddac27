package entries

import (
	"context"
	"fmt"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/ui/detail"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/statement"
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
	signs    signs
	signsOf  []detect.Detection // that they are asked for

	heads *statement.Heads
	pane  detail.Pane
}

var spec = list.Spec[data]{
	Columns: columns,
	Start:   "statement",
	Many:    true,
	Unit:    [2]string{"entry", "entries"},
	Kept:    "entries",
	Room:    room,
	Missing: "none of the entries that are shown has it in its text",
	Scan: func(ctx context.Context, d data, what message.Search, shown message.Rows, lo, hi int) ([]int, error) {
		return statement.Scan(ctx, d.log, d.snapshot, what, shown, lo, hi)
	},
	Len: func(d data) int {
		if d.snapshot == nil {
			return 0
		}
		return d.snapshot.Len()
	},
	Time: func(d data, i int) store.Moment { return d.snapshot.Moment(i) },
	Zone: func(d data) string {
		if d.snapshot == nil {
			return "UTC"
		}
		return d.theme.Clock.Zone(d.snapshot.Zone())
	},
	Term: func(d data, i int) string {
		return filter.Term("template", d.snapshot.Templates[d.snapshot.Template(i)].EventID)
	},
	OpenConnections: connectionTerm,
	Target: func(d data, i int) message.Target {
		target := message.One(d.snapshot, d.connection(i))
		target.Entry = i + 1
		return target
	},
	Connections: func(d data, i int, add func(int)) { add(d.connection(i)) },
	Signed:      func(d data, i int) bool { return d.signs.of(i) > rule.Context },
	Snapshot:    func(d data) *pipeline.Snapshot { return d.snapshot },
	Copy:        copied,
	Aside:       &messages,
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
		heads: statement.NewHeads(log), pane: detail.New(t, log),
	}
	m.list.SetData(m.data())
	return m
}

// data is what cells are made of now.
func (m Model) data() data {
	_, transcript := m.transcript()
	width, _ := m.pane.ListSize()
	d := data{
		theme: m.theme, log: m.log, snapshot: m.snapshot, labels: m.labels, heads: m.heads, rows: m.filtered.Entries,
		transcript: transcript, marked: -1, width: width, signs: m.signs,
	}
	d.whole = d.snapshot != nil && wholeSeconds(d.snapshot)
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

// SetSize sets the size of the body.
func (m Model) SetSize(width, height int) screen.Screen {
	m.width, m.height = width, height
	m.pane.SetSize(width, height)
	m.list.SetSize(m.pane.ListSize())
	return m
}

// Update takes facts and keys.
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	m.heads.Update(msg)
	m.pane.Update(msg)
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case message.Snapshot:
		m.snapshot = msg.Snapshot
		cmd = m.sign(msg.Snapshot)
	case signed:
		if sameDetections(msg.of, m.signsOf) {
			m.signs = msg.signs
		}
	case message.Labels:
		m.labels = msg.Set
	case message.Filtered:
		if msg.Entries == nil {
			msg.Entries = message.All(0)
		}
		m.filtered = msg
		cmd = m.list.Show(m.data(), msg.Entries, true)
	case message.Unread:
		m.unread = msg
	case message.OpenedConnection:
		cmd = m.open(msg)
	case message.CursorAt:
		if msg.Index < 0 {
			m.list.First()
		} else {
			cmd = m.goTo(msg.Index)
		}
	case tea.KeyMsg:
		cmd = m.press(msg)
	default:
		cmd, _ = m.list.Update(msg)
	}
	m.list.SetSize(m.pane.ListSize())
	m.list.SetData(m.data())
	from, to := m.list.Visible()
	cmd = tea.Batch(cmd, m.heads.Read(from, to, m.list.Len(), m.list.At), m.pane.Follow(m.current()))
	return m, cmd
}

// goTo puts the cursor on an entry, or as long as that is not among the rows, on
// the next one.
func (m *Model) goTo(entry int) tea.Cmd {
	return m.list.GoTo(func(data) (int, bool) { return entry, true })
}

func (m *Model) press(msg tea.KeyMsg) tea.Cmd {
	i, ok := m.current()
	switch {
	case msg.Paste, m.pane.Press(msg):
		return nil
	case ok && i < 0 && key.Matches(msg, transcriptKey, list.Keys().Connections):
		return message.Request(message.Notice{Text: "a message of the server belongs to no connection"})
	case ok && key.Matches(msg, transcriptKey):
		return message.Request(message.OpenConnection{Connection: int(m.snapshot.Entries.Connection(i)), At: i})
	}
	cmd, _ := m.list.Update(msg)
	return cmd
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
	ok := m.list.StopSearch() || m.pane.Close() || m.list.Escape()
	m.list.SetSize(m.pane.ListSize())
	m.list.SetData(m.data()) // elapsed times count from the first mark
	return m, ok
}

// Close closes the pane of the row.
func (m Model) Close() (screen.Screen, bool) {
	ok := m.pane.Close()
	m.list.SetSize(m.pane.ListSize())
	return m, ok
}

// Lists is the list of rows.
func (m Model) Lists() []list.Any { return []list.Any{&m.list} }
