// Package findings is the screen of what the analyst takes away: every
// connection that is labelled, noted or detected, with its class, who gave it and
// when, the reasons and the note.
//
//	Snapshot, Labels --(gather.go, in a command)--> findings
//	findings, Filtered --(listing.go, in a command)--> which of them, in which order --> table
package findings

import (
	"context"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/finding"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Model is the screen.
type Model struct {
	theme         *theme.Theme
	width, height int
	snapshot      *pipeline.Snapshot // nil until the first one
	labels        label.Set          // right now; those of findings may be older
	filtered      message.Filtered
	unread        message.Unread
	ran           bool // the rules have run
	asked         question
	gathering     screen.Job
	findings      []finding.Finding
	snapshotOf    *pipeline.Snapshot // that findings are of
	table         widget.Table
	listing       *listing // nil until the first one
	listings      screen.Job
	search        screen.Job
	moved         bool // somebody has put the cursor where it is
	toTop         bool // the cursor shall go to the first row once the rows are sorted
	details       widget.Details
}

// New makes the screen.
func New(t *theme.Theme) Model {
	return Model{theme: t, table: widget.NewTable(t, columns[:]...), details: widget.NewDetails(t)}
}

// Title returns the name of the tab.
func (Model) Title() string { return "Findings" }

// Update takes facts and keys.
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case message.Snapshot:
		m.snapshot = msg.Snapshot
		m.table.Columns = widget.Zoned(columns[:], msg.Zone())
		m.table.Columns[columnAt] = columns[columnAt] // when we labelled, not when the server wrote
		return m.gather()
	case message.Labels:
		m.labels = msg.Set
		return m.gather()
	case message.Progress:
		if msg.Stage == pipeline.Detect && msg.State == message.Finished {
			m.ran = true
			return m.gather()
		}
	case message.Filtered:
		m.filtered = msg
		return m.arrange()
	case message.Unread:
		m.unread = msg
	case message.Search:
		return m.find(msg)
	case gathered:
		return m.take(msg)
	case arranged:
		return m.show(msg)
	case found:
		return m.foundAt(msg)
	case tea.KeyMsg:
		return m.press(msg)
	}
	return m, nil
}

func (m Model) press(msg tea.KeyMsg) (screen.Screen, tea.Cmd) {
	f, ok := m.current()
	switch {
	case msg.Paste:
		return m, nil
	case ok && key.Matches(msg, keys.open):
		return m, message.Request(message.OpenConnection{Connection: int(f.Connection), At: -1})
	case m.details.Update(msg, m.paragraphs()):
		return m, nil
	}
	switch m.table.Update(msg) {
	case widget.Sorted:
		m.toTop = true
		return m.arrange()
	case widget.Moved, widget.Marked:
		m.moved, m.toTop = true, false
	}
	return m, nil
}

// current returns the finding under the cursor.
func (m Model) current() (*finding.Finding, bool) {
	k, ok := m.table.Cursor()
	if !ok || m.listing == nil {
		return nil, false
	}
	return m.listing.finding(k), true
}

// Focus offers the connection under the cursor, or all marked ones.
func (m Model) Focus() screen.Focus {
	f, ok := m.current()
	if !ok {
		return screen.Focus{}
	}
	return screen.Focus{
		Target: m.target(f),
		Term:   filter.Term("id", f.Name),
		Copy: message.Copy{What: "finding " + f.Name, Text: func(context.Context) (string, error) {
			return strings.Join(m.about(f), "\n") + "\n", nil
		}},
	}
}

func (m Model) target(current *finding.Finding) message.Target {
	marks, l := m.table.Marks(), m.listing
	if m.details.Whole() || marks.Len() == 0 {
		return message.One(l.snapshot, int(current.Connection))
	}
	return message.Marked(l.snapshot, marks.Len(), func(add func(connection int)) {
		for k := range marks.Rows() {
			add(int(l.finding(k).Connection))
		}
	})
}

// Escape gives the table its place back, or takes the marks away.
func (m Model) Escape() (screen.Screen, bool) {
	ok := m.details.Escape() || m.table.Escape()
	return m, ok
}

// Close gives the table back the place of its pane.
func (m Model) Close() (screen.Screen, bool) {
	ok := m.details.Escape()
	return m, ok
}
