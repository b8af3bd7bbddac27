package entries

import (
	"context"
	"fmt"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Model is the Entries screen.
type Model struct {
	theme         *theme.Theme
	log           screen.Log
	table         widget.Table
	width, height int

	snapshot *pipeline.Snapshot // nil until the first one
	labels   label.Set
	filtered message.Filtered
	unread   message.Unread
	rows     message.Rows // those of filtered; nil until the first one
	column   columnID     // the one that + and - speak of
	want     int          // entry where the cursor belongs until a key moves it, -1 for none
	opened   int          // connection whose transcript was asked for, -1 for none

	heads   *heads
	reading bool
	detail  detail
	search  search
	matches matches
}

// New makes the screen, which reads statements from a log.
func New(t *theme.Theme, log screen.Log) Model {
	m := Model{
		theme: t, log: log, table: widget.NewTable(t), column: columnStatement, want: -1, opened: -1,
		heads: newHeads(), detail: detail{content: content{entry: -1}},
	}
	return m.layOut()
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
	if err != nil {
		return 0, false
	}
	for _, active := range m.filtered.Active {
		if active == f.String() {
			return m.opened, true
		}
	}
	return 0, false
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
		m = m.open(msg)
	case message.CursorAt:
		m.want = msg.Index
		m = m.follow()
	case message.Search:
		m, cmd = m.find(msg)
	case searched:
		m, cmd = m.searchedOn(msg)
	case headsRead:
		m.reading = false
		for i, h := range msg.heads {
			m.heads.put(i, h)
		}
	case matched:
		m = m.mark(msg)
	case contentRead:
		m = m.arrive(msg)
	case tea.KeyMsg:
		m = m.press(msg)
	}
	m, read := m.readHeads()
	m, match := m.readMatches()
	m, detail := m.readDetail()
	return m, tea.Batch(cmd, read, match, detail)
}

func (m Model) setSnapshot(s *pipeline.Snapshot) Model {
	if old := m.snapshot; old != nil && !old.Loaded && old.Len() > 0 {
		m.heads.forget(old.Len() - 1)
		m.matches = matches{} // which may be those of its beginning
	}
	m.snapshot = s
	return m.layOut()
}

// open makes a transcript of what the filter that follows leaves.
func (m Model) open(msg message.OpenedConnection) Model {
	m.opened, m.want = msg.Connection, msg.At
	if s := m.snapshot; m.want < 0 && s != nil && msg.Connection < s.Connections.Len() {
		m.want = int(s.Connections.Peek(msg.Connection).First)
	}
	m.table.SetMarks(widget.Marks{})
	return m.follow()
}

func (m Model) press(msg tea.KeyMsg) Model {
	d := &m.detail
	switch {
	case msg.Paste:
	case key.Matches(msg, keys.detail):
		if d.open {
			return m.closeDetail()
		}
		if _, ok := m.current(); ok {
			return m.openDetail()
		}
	case d.open && key.Matches(msg, keys.down):
		return m.scroll(1)
	case d.open && key.Matches(msg, keys.up):
		return m.scroll(-1)
	case d.open && key.Matches(msg, keys.pageDown):
		return m.scroll(max(1, m.paneHeight()-1))
	case d.open && key.Matches(msg, keys.pageUp):
		return m.scroll(-max(1, m.paneHeight()-1))
	case d.open && key.Matches(msg, keys.asSent):
		d.asSent, d.top = !d.asSent, 0
		return m.relay()
	case key.Matches(msg, keys.next):
		return m.choose(1)
	case key.Matches(msg, keys.previous):
		return m.choose(-1)
	default:
		if event := m.table.Update(msg); event != widget.Ignored {
			m.want = -1
			if event == widget.Marked {
				return m.layOut() // elapsed times count from the first mark
			}
		}
	}
	return m
}

// current returns the entry under the cursor.
func (m Model) current() (int, bool) {
	k, ok := m.table.Cursor()
	if !ok || m.rows == nil || m.snapshot == nil || k >= m.rows.Len() {
		return 0, false
	}
	i := m.rows.At(k)
	return i, i < m.snapshot.Len()
}

// Focus says what digits, +, - and y speak of.
func (m Model) Focus() screen.Focus {
	i, ok := m.current()
	if !ok {
		return screen.Focus{}
	}
	log, s := m.log, m.snapshot
	f := screen.Focus{Target: m.target(i), Term: m.term(m.column, i)}
	if log != nil {
		what := fmt.Sprintf("entry %d", i+1)
		f.Copy = message.Copy{What: what, Text: func(context.Context) (string, error) {
			r, err := log.Record(&s.Log, i)
			if err != nil {
				return "", fmt.Errorf("copy %s: %w", what, err)
			}
			return string(r.Raw), nil
		}}
	}
	return f
}

// Escape stops a search, closes the pane, ends a range that is being marked,
// takes the marks away, or what a search has found in the rows.
func (m Model) Escape() (screen.Screen, bool) {
	switch {
	case m.search.Running():
		return m.stopSearch(), true
	case m.detail.open:
		return m.closeDetail(), true
	case m.table.Escape():
		return m.layOut(), true
	case m.search.pattern != nil:
		m.search.pattern = nil
		return m, true
	}
	return m, false
}

// Close closes the pane of the entry.
func (m Model) Close() (screen.Screen, bool) {
	if !m.detail.open {
		return m, false
	}
	return m.closeDetail(), true
}
