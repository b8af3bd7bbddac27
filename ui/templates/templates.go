// Package templates is the screen of every template that Drain has made of the
// log: how often, when, by how many connections and in which classes it occurs,
// and what is in its wildcards.
//
//	Snapshot, Filtered --(listing.go, in a command)--> which templates, in which order --> table
//	Snapshot           --(usage.go, in a command)----> connections, classes, spark lines --> cells
//	one template       --(values.go, in a command)---> values of each wildcard --> detail pane
package templates

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
)

// Model is the screen.
type Model struct {
	theme         *theme.Theme
	log           screen.Log
	width, height int

	snapshot *pipeline.Snapshot // nil until the first one
	filtered message.Filtered
	unread   message.Unread
	list     list.List[data]
	usage    usage
	usages   screen.Job
	asked    question // that usages answers, or has answered
	wanted   string   // event id that was asked for and is not shown yet
	detail   detail
}

// New makes the screen.
func New(t *theme.Theme, log screen.Log) Model {
	return Model{theme: t, log: log, list: list.New(t, &spec)}
}

// Title returns the name of the tab.
func (Model) Title() string { return "Templates" }

// Update takes facts and keys.
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case message.Snapshot:
		return m.setSnapshot(msg.Snapshot)
	case message.Filtered:
		m.filtered = msg
		return m.arrange()
	case message.Unread:
		m.unread = msg
	case message.CursorAt:
		return m.goTo(msg.Index)
	case message.Search:
		m.detail = m.detail.close()
	case measured:
		return m.takeUsage(msg)
	case valuesRead:
		m.detail = m.detail.take(msg)
		return m, nil
	case tea.KeyMsg:
		return m.press(msg)
	}
	cmd, _ := m.list.Update(msg)
	return m, tea.Batch(cmd, m.explain())
}

func (m Model) setSnapshot(s *pipeline.Snapshot) (screen.Screen, tea.Cmd) {
	if s == nil {
		return m, nil
	}
	m.snapshot = s
	m, measure := m.measure()
	m, arrange := m.arrange()
	return m, tea.Batch(measure, arrange)
}

// goTo puts the cursor on a template, now or when it is listed.
func (m Model) goTo(template int) (screen.Screen, tea.Cmd) {
	if m.snapshot == nil || template < 0 || template >= len(m.snapshot.Templates) {
		return m, nil
	}
	m.detail = m.detail.close()
	m.wanted = m.snapshot.Templates[template].EventID
	event := m.wanted
	cmd := m.list.GoTo(func(d data) (int, bool) { return d.listing.template(event) })
	return m, tea.Batch(cmd, m.explain())
}

// explain reports why a template that was asked for is not shown.
func (m *Model) explain() tea.Cmd {
	if m.wanted == "" || !m.list.Waiting() || len(m.filtered.Active) == 0 {
		return nil
	}
	text := "the filters hide every entry of template " + m.wanted
	m.wanted = ""
	m.list.Forget()
	return message.Request(message.Notice{Text: text})
}

func (m Model) press(msg tea.KeyMsg) (screen.Screen, tea.Cmd) {
	t, ok := m.current()
	switch {
	case msg.Paste:
		return m, nil
	case !ok:
	case m.detail.open && key.Matches(msg, keys.open, list.Keys().Entries):
		return m, message.Request(message.OpenEntries{Term: m.Focus().Term})
	case m.detail.open && key.Matches(msg, list.Keys().Connections):
		return m, message.Request(message.OpenConnections{Term: m.Focus().Term})
	case m.detail.open:
		m.detail.scroll.Update(msg, len(m.detailLines()), m.height)
		return m, nil
	case key.Matches(msg, keys.open):
		var cmd tea.Cmd
		m.detail, cmd = m.detail.show(m.list.Data().snapshot, t, m.log)
		return m, cmd
	}
	cmd, _ := m.list.Update(msg)
	return m, cmd
}

// current returns the template under the cursor, an index into the templates of
// the listing's snapshot; with the detail pane open, the one it shows.
func (m Model) current() (template int, ok bool) {
	if m.detail.open {
		return m.list.Data().listing.template(m.detail.event)
	}
	return m.list.Current()
}

// Focus offers the template of the detail pane, the marked ones, or the one under
// the cursor.
func (m Model) Focus() screen.Focus {
	t, ok := m.current()
	switch d := m.list.Data(); {
	case !ok:
		return screen.Focus{}
	case m.detail.open:
		return screen.Focus{Term: spec.Term(d, t), Copy: spec.Copy(d, t)}
	}
	return m.list.Focus()
}

// Escape closes the detail pane, or takes away what was put on the list.
func (m Model) Escape() (screen.Screen, bool) {
	if m.detail.open {
		m.detail = m.detail.close()
		return m, true
	}
	ok := m.list.Escape()
	return m, ok
}

// Close closes the detail pane, or the pane of the list that has the whole body.
func (m Model) Close() (screen.Screen, bool) {
	if m.detail.open {
		m.detail = m.detail.close()
		return m, true
	}
	ok := m.list.Close()
	return m, ok
}

// Lists is the list of rows.
func (m Model) Lists() []list.Any { return []list.Any{&m.list} }
