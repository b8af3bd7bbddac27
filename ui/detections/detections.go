// Package detections is the screen of what the rules have found: every hit in order
// of time, with what it rests on and what it does not prove. What speaks against the
// log itself is among the hits.
//
//	Snapshot.Detections, .Integrity, Filtered --(listing.go, in a command)--> hits, findings --> rows
//	the row under the cursor ---------------------------------------------> pane.go, integrity.go --> the row in full
//	Snapshot.Integrity.Limits --------------------------------------------> limits.go --> a panel over the rows
package detections

import (
	"context"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
)

// Model is the screen.
type Model struct {
	theme         *theme.Theme
	width, height int
	list          list.List[data]
	snapshot      *pipeline.Snapshot // nil until the first one
	filtered      message.Filtered
	unread        message.Unread
	ran           bool // the rules have run
	limits        limitsPanel
}

// New makes the screen.
func New(t *theme.Theme) Model { return Model{theme: t, list: list.New(t, &spec)} }

// Title returns the name of the tab.
func (Model) Title() string { return "Detections" }

// Update takes facts and keys.
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case message.Snapshot:
		return m.setSnapshot(msg.Snapshot)
	case message.Filtered:
		m.filtered = msg
		return m.arrange()
	case message.Progress:
		if msg.Stage == pipeline.Detect && msg.State == message.Finished {
			m.ran = true
		}
	case message.Unread:
		m.unread = msg
	case message.Search:
		m.limits = limitsPanel{} // the hit is a row
	case tea.KeyMsg:
		return m.press(msg)
	}
	cmd, _ := m.list.Update(msg)
	return m, cmd
}

func (m Model) setSnapshot(s *pipeline.Snapshot) (screen.Screen, tea.Cmd) {
	old := m.snapshot
	m.snapshot = s
	if s == nil || old != nil && same(old.Detections, s.Detections) && same(old.Integrity.Findings, s.Integrity.Findings) {
		return m, nil
	}
	return m.arrange()
}

// same compares by identity: what a snapshot holds is never written again.
func same[T any](a, b []T) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

func (m Model) press(msg tea.KeyMsg) (screen.Screen, tea.Cmd) {
	k, ok := m.list.Current()
	switch {
	case msg.Paste:
		return m, nil
	case key.Matches(msg, keys.limits):
		m.limits = limitsPanel{open: !m.limits.open}
		return m, nil
	case m.limits.open:
		return m.scrollLimits(msg), nil
	case ok && key.Matches(msg, list.Keys().Connections):
		r := m.list.Data().rows[k]
		if len(r.speaksOf()) == 0 {
			return m, message.Request(message.Notice{Text: "this finding is about the log, not about connections"})
		}
		return m, message.Request(r.openConnections())
	case ok && key.Matches(msg, list.Keys().Entries):
		return m, message.Request(m.list.Data().rows[k].evidence())
	}
	cmd, _ := m.list.Update(msg)
	return m, cmd
}

// row is a line of the list: a detection, or a finding about the log.
type row struct {
	detection *detect.Detection  // nil for a finding that no rule has
	finding   *integrity.Finding // nil for a detection about something else
	integrity *rule.Rule         // the rule that findings about the log are listed under
	about     []uint32           // connections that a finding speaks of
	term      string             // selects the connections that the row speaks of; empty for none, and for too many
	name      string             // that no other row has, and that outlasts a restart
	incident  string             // the letter of the gravest one that a connection of the detection belongs to
}

// connections are what a digit labels: a finding is about the log, and those whose
// entries are near it have done nothing.
func (r row) connections() []uint32 {
	if r.detection != nil {
		return r.detection.Connections
	}
	return nil
}

// speaksOf are the connections that c opens: those that a digit labels, and of a
// finding those that it names.
func (r row) speaksOf() []uint32 {
	if r.detection == nil {
		return r.about
	}
	return r.connections()
}

// openConnections asks for the connections of the row and no others: marking and
// labelling all that is shown must not label what only the same rule has found.
func (r row) openConnections() message.OpenConnections {
	open := message.OpenConnections{Title: "connections of " + r.title(), Term: r.term}
	if r.term == "" {
		open.Pick = ofConnections(r.speaksOf())
	}
	return open
}

func (r row) title() string {
	if r.finding != nil {
		return r.integrity.Name + " " + r.finding.Kind.String()
	}
	title := r.detection.Rule.Name + " " + r.detection.Rule.Title
	if who := r.who(); who != "" {
		title += ", " + who
	}
	return title
}

// who names whom a row speaks of, empty for nobody in particular.
func (r row) who() string {
	if r.detection == nil {
		return ""
	}
	switch d := r.detection; {
	case d.User == "" && d.Host == "":
		return ""
	case d.User == "":
		return "several users@" + d.Host
	case d.Host == "":
		return d.User + "@several hosts"
	default:
		return d.User + "@" + d.Host
	}
}

// pick selects the evidence.
func (r row) pick() func(s *pipeline.Snapshot, i int) bool {
	if d := r.detection; d != nil && len(d.Entries) > 0 {
		return picks(d.Entries)
	}
	return ofConnections(r.connections())
}

// evidence asks for what the row rests on.
func (r row) evidence() tea.Msg {
	if r.finding != nil {
		return r.open()
	}
	return message.OpenEntries{Title: r.title(), Pick: r.pick()}
}

// ofConnections selects the entries of connections, which ascend.
func ofConnections(connections []uint32) func(s *pipeline.Snapshot, i int) bool {
	return func(s *pipeline.Snapshot, i int) bool {
		_, ok := slices.BinarySearch(connections, s.Entries.Connection(i))
		return ok
	}
}

// picks selects entries, which ascend.
func picks[T int | uint32](entries []T) func(s *pipeline.Snapshot, i int) bool {
	return func(_ *pipeline.Snapshot, i int) bool {
		_, ok := slices.BinarySearch(entries, T(i))
		return ok
	}
}

// Focus offers the connections of the row under the cursor, or of all marked
// rows.
func (m Model) Focus() screen.Focus {
	if m.limits.open && m.snapshot != nil {
		return screen.Focus{Copy: message.Copy{What: strings.ToLower(limitsTitle), Text: func(context.Context) (string, error) {
			return limitsTitle + "\n" + strings.Join(m.snapshot.Integrity.Limits, "\n") + "\n", nil
		}}}
	}
	return m.list.Focus()
}

// Escape takes away what the log cannot show, or what was put on the list.
func (m Model) Escape() (screen.Screen, bool) {
	if m.limits.open {
		m.limits = limitsPanel{}
		return m, true
	}
	ok := m.list.Escape()
	return m, ok
}

// Close closes what the log cannot show, or the pane that has the whole body.
func (m Model) Close() (screen.Screen, bool) {
	if m.limits.open {
		m.limits = limitsPanel{}
		return m, true
	}
	ok := m.list.Close()
	return m, ok
}

// Lists is the list of rows.
func (m Model) Lists() []list.Any { return []list.Any{&m.list} }
