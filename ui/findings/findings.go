// Package findings is the screen of what the analyst takes away: every
// connection that is labelled, noted or detected, with its class, who gave it and
// when, the reasons and the note.
//
//	Snapshot, Labels --(gather.go, in a command)--> findings
//	findings, Filtered --(listing.go, in a command)--> rows
package findings

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/finding"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
)

// Model is the screen.
type Model struct {
	theme     *theme.Theme
	width     int
	list      list.List[data]
	snapshot  *pipeline.Snapshot // nil until the first one
	labels    label.Set          // right now; those of findings may be older
	filtered  message.Filtered
	unread    message.Unread
	ran       bool // the rules have run
	asked     question
	gathering screen.Job
	found     []finding.Finding
	foundIn   *pipeline.Snapshot // nil until they are gathered
}

// New makes the screen.
func New(t *theme.Theme) Model { return Model{theme: t, list: list.New(t, &spec)} }

// Title returns the name of the tab.
func (Model) Title() string { return "Findings" }

// Update takes facts and keys.
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case message.Snapshot:
		m.snapshot = msg.Snapshot
		return m.gather()
	case message.Labels:
		m.labels = msg.Set
		m.relabel()
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
	case gathered:
		return m.take(msg)
	}
	cmd, _ := m.list.Update(msg)
	m.relabel()
	return m, cmd
}

// relabel draws the findings with the labels of now.
func (m *Model) relabel() {
	d := m.list.Data()
	d.labels = m.labels
	m.list.SetData(d)
}

// Focus offers the connection under the cursor, or all marked ones.
func (m Model) Focus() screen.Focus { return m.list.Focus() }

// Escape takes away what was put on the list.
func (m Model) Escape() (screen.Screen, bool) {
	ok := m.list.Escape()
	return m, ok
}

// Close gives the table back the place of its pane.
func (m Model) Close() (screen.Screen, bool) {
	ok := m.list.Close()
	return m, ok
}

// ShortHelp lists the keys of the footer.
func (m Model) ShortHelp() []key.Binding {
	t := list.Keys()
	return append(m.list.Opening()[:1], t.Details, t.Mark, t.Sort, t.Entries, t.Connections)
}

// FullHelp lists the keys of the help overlay.
func (m Model) FullHelp() [][]key.Binding { return m.list.FullHelp() }

// Lists is the list of rows.
func (m Model) Lists() []list.Any { return []list.Any{&m.list} }
