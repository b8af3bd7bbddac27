package connections

import (
	"context"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Model is the Connections screen.
type Model struct {
	theme         *theme.Theme
	table         widget.Table
	width, height int

	snapshot *pipeline.Snapshot // nil until the first one
	labels   label.Set
	filtered message.Filtered
	unread   message.Unread
	shown    rows
	column   columnID // the one that + and - speak of
	want     int      // connection where the cursor belongs until a key moves it, -1 for none
	toTop    bool     // the cursor shall go to the first row once the rows are sorted

	sorting   screen.Job
	summaries summaries
	search    screen.Job
}

// New makes the screen.
func New(t *theme.Theme) Model {
	m := Model{theme: t, table: widget.NewTable(t), column: columnHost, want: -1, summaries: newSummaries()}
	m.table.Columns = m.columns()
	return m
}

// Title is the name on the tab.
func (m Model) Title() string { return "Connections" }

// SetSize gives the body's size.
func (m Model) SetSize(width, height int) screen.Screen {
	m.width, m.height = width, height
	m.table.SetSize(width, m.tableHeight())
	return m
}

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
		m, cmd = m.goTo(msg.Index)
	case message.Search:
		m, cmd = m.find(msg)
	case arranged:
		m, cmd = m.arrive(msg)
	case summarised:
		m.summaries = m.summaries.add(msg)
	case found:
		m, cmd = m.foundAt(msg)
	case tea.KeyMsg:
		m, cmd = m.press(msg)
	}
	m, fetch := m.fetch()
	return m, tea.Batch(cmd, fetch)
}

func (m Model) setSnapshot(s *pipeline.Snapshot) (Model, tea.Cmd) {
	old := m.snapshot
	m.snapshot = s
	if s == nil {
		return m, nil
	}
	m.summaries = m.summaries.renew(old, s)
	m.table.Columns = m.columns()
	if c := m.table.SortColumn; old != nil && c >= 0 && columnID(c).changed(old, s) {
		return m.arrange()
	}
	return m, nil
}

func (m Model) setFiltered(f message.Filtered) (Model, tea.Cmd) {
	if f.Connections == nil {
		f.Connections = message.All(0)
	}
	if c, ok := m.current(); ok && m.want < 0 && !m.toTop {
		// What a filter selects comes bit by bit: the connection may be among
		// it only later.
		m.want = c
	}
	if !slices.Equal(f.Active, m.filtered.Active) {
		m.sorting = m.sorting.Stop()
	}
	m.filtered = f
	return m.arrange()
}

// goTo puts the cursor on a connection, now or once it is among the rows.
func (m Model) goTo(connection int) (Model, tea.Cmd) {
	m.want, m.toTop = connection, false
	return m.arrange()
}

func (m Model) press(msg tea.KeyMsg) (Model, tea.Cmd) {
	switch {
	case msg.Paste:
		return m, nil
	case key.Matches(msg, keys.open):
		if c, ok := m.current(); ok {
			return m, message.Request(message.OpenConnection{Connection: c, At: -1})
		}
		return m, nil
	case key.Matches(msg, keys.next):
		return m.choose((m.column + 1) % columnCount), nil
	case key.Matches(msg, keys.previous):
		return m.choose((m.column + columnCount - 1) % columnCount), nil
	case key.Matches(msg, keys.order):
		if m.table.SortColumn == int(m.column) {
			m.table.Descending = !m.table.Descending
		} else {
			m.table.SortColumn, m.table.Descending = int(m.column), m.column.largestFirst()
		}
		return m.resort()
	}
	switch m.table.Update(msg) {
	case widget.Sorted:
		return m.resort()
	case widget.Moved, widget.Marked:
		m.want, m.toTop = -1, false
	}
	return m, nil
}

func (m Model) choose(c columnID) Model {
	m.column = c
	m.table.Columns = m.columns()
	return m
}

// resort puts the rows in the order that the table asks for now. Whoever sorts
// wants to see what comes first.
func (m Model) resort() (Model, tea.Cmd) {
	m.want, m.toTop = -1, true
	m.table.Columns = m.columns()
	m.sorting = m.sorting.Stop()
	return m.arrange()
}

// current returns the connection under the cursor.
func (m Model) current() (int, bool) {
	k, ok := m.table.Cursor()
	if !ok {
		return 0, false
	}
	c := m.shown.at(k)
	return c, m.snapshot != nil && c < m.snapshot.Connections.Len()
}

// Focus says what digits, +, - and y speak of.
func (m Model) Focus() screen.Focus {
	c, ok := m.current()
	if !ok {
		return screen.Focus{}
	}
	s := m.snapshot
	return screen.Focus{
		Target: m.target(c),
		Term:   m.term(m.column, c),
		Copy: message.Copy{
			What: "connection " + s.Connections.Name(c),
			Text: func(context.Context) (string, error) { return copied(s, c), nil },
		},
	}
}

// Escape ends a range that is being marked, or takes the marks away.
func (m Model) Escape() (screen.Screen, bool) {
	ok := m.table.Escape()
	return m, ok
}
