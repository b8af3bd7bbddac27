// Package templates is the screen of every template that Drain has made of the
// log: how often, when, by how many connections and in which classes it occurs,
// and what stands in its wildcards.
//
//	Snapshot, Filtered --(listing.go, in a command)--> which templates, in which order --> table
//	Snapshot           --(usage.go, in a command)----> connections, classes, spark lines --> cells
//	one template       --(values.go, in a command)---> values of each wildcard --> detail pane
package templates

import (
	"context"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Model is the screen.
type Model struct {
	theme         *theme.Theme
	log           screen.Log
	width, height int

	snapshot *pipeline.Snapshot // nil until the first one
	filtered message.Filtered
	unread   message.Unread
	table    widget.Table // a row for each of listing.order
	moved    bool         // somebody has put the cursor where it is
	listing  *listing     // nil until the first one
	listings screen.Job
	usage    usage
	usages   screen.Job
	asked    question // that usages answers, or has answered
	want     string   // event id that the cursor shall go to once it is listed
	search   screen.Job
	detail   detail
}

// New makes the screen.
func New(t *theme.Theme, log screen.Log) Model {
	m := Model{theme: t, log: log, table: widget.NewTable(t, columns[:]...)}
	m.table.SortColumn, m.table.Descending = int(columnCount), true
	return m
}

// Title returns the name of the tab.
func (Model) Title() string { return "Templates" }

// Update takes facts and keys.
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case message.Snapshot:
		m.table.Columns = widget.Zoned(columns[:], msg.Zone())
		return m.setSnapshot(msg.Snapshot)
	case message.Filtered:
		m.filtered = msg
		m, cmd := m.arrange(false)
		return m, cmd
	case message.Unread:
		m.unread = msg
	case message.CursorAt:
		return m.goTo(msg.Index)
	case message.Search:
		return m.find(msg)
	case arranged:
		return m.showListing(msg)
	case measured:
		return m.takeUsage(msg)
	case valuesRead:
		m.detail = m.detail.take(msg)
		return m, nil
	case found:
		return m.foundAt(msg)
	case tea.KeyMsg:
		return m.press(msg)
	}
	return m, nil
}

func (m Model) setSnapshot(s *pipeline.Snapshot) (screen.Screen, tea.Cmd) {
	if s == nil {
		return m, nil
	}
	m.snapshot = s
	m, measure := m.measure()
	m, arrange := m.arrange(false)
	return m, tea.Batch(measure, arrange)
}

// goTo puts the cursor on a template, now or when it is listed.
func (m Model) goTo(template int) (screen.Screen, tea.Cmd) {
	if m.snapshot == nil || template < 0 || template >= len(m.snapshot.Templates) {
		return m, nil
	}
	m.detail, m.moved = m.detail.close(), true
	m.want = m.snapshot.Templates[template].EventID
	if k, ok := m.listing.find(m.want); ok {
		m.table.SetCursor(k)
		m.want = ""
		return m, nil
	}
	m, cmd := m.arrange(false)
	return m, cmd
}

func (m Model) press(msg tea.KeyMsg) (screen.Screen, tea.Cmd) {
	t, ok := m.current()
	switch {
	case msg.Paste:
		return m, nil
	case !ok:
	case key.Matches(msg, keys.connections):
		return m, message.Request(message.OpenConnections{Term: m.term(t)})
	case key.Matches(msg, keys.entries), m.detail.open && key.Matches(msg, keys.open):
		return m, message.Request(message.OpenEntries{Term: m.term(t)})
	case m.detail.open:
		m.detail.scroll.Update(msg, len(m.detailLines()), m.height)
		return m, nil
	case key.Matches(msg, keys.open):
		var cmd tea.Cmd
		m.moved = true
		m.detail, cmd = m.detail.show(m.listing.snapshot, t, m.log)
		return m, cmd
	}
	switch m.table.Update(msg) {
	case widget.Sorted:
		m, cmd := m.arrange(true)
		return m, cmd
	case widget.Moved, widget.Marked:
		m.moved = true
	}
	return m, nil
}

// current returns the template under the cursor, an index into the templates of
// the listing's snapshot; with the detail pane open, the one it shows.
func (m Model) current() (template int, ok bool) {
	k, ok := m.table.Cursor()
	if !ok || m.listing == nil {
		return 0, false
	}
	if m.detail.open {
		return m.listing.template(m.detail.event)
	}
	return int(m.listing.order[k]), true
}

func (m Model) term(template int) string {
	return filter.Term("template", m.listing.snapshot.Templates[template].EventID)
}

// maxTerms is how many marked templates + and - speak of: a filter of more
// could not be read any more.
const maxTerms = 32

// Focus offers the template under the cursor, or all marked ones.
func (m Model) Focus() screen.Focus {
	t, ok := m.current()
	if !ok {
		return screen.Focus{}
	}
	text := m.listing.snapshot.Templates[t].Text
	f := screen.Focus{
		Term: m.term(t),
		Copy: message.Copy{
			What: "template " + m.listing.snapshot.Templates[t].EventID,
			Text: func(context.Context) (string, error) { return text, nil },
		},
	}
	marks := m.table.Marks()
	if m.detail.open || marks.Len() == 0 || marks.Len() > maxTerms {
		return f
	}
	var terms []string
	for k := range marks.Rows() {
		terms = append(terms, m.term(int(m.listing.order[k])))
	}
	f.Term = strings.Join(terms, " or ")
	return f
}

// Escape closes the detail pane, or takes the marks away.
func (m Model) Escape() (screen.Screen, bool) {
	if m.detail.open {
		m.detail = m.detail.close()
		return m, true
	}
	ok := m.table.Escape()
	return m, ok
}
