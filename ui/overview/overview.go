// Package overview is the screen that shows what happened, as far as it can be known:
// the incidents, each a row unlike the next, then the suspects that belong to none, in
// the order in which an analyst should read them; how far the analysis is and the log
// can be trusted, and the log over time with incidents, detections and flagged
// entries.
package overview

import (
	"context"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/integrity"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/stages"
	"sqleuth/ui/theme"
	"sqleuth/ui/timeline"
)

// Model is the screen.
type Model struct {
	theme         *theme.Theme
	width, height int
	snapshot      *pipeline.Snapshot // nil before the first
	listed        *pipeline.Snapshot // that rows are of, see show
	labels        label.Set
	stages        [pipeline.Stages]message.Progress
	filtered      message.Filtered
	unread        message.Unread
	suspects      list.List[data]   // incidents and suspects
	groups        []alike           // of the snapshot's ranking
	whole         stages.Whole      // the lines on the row under the cursor
	opened        stages.Model      // an incident that lies over them
	ranked        label.Set         // that the order of the suspects knows
	tallies       []integrity.Tally // of snapshot.Integrity
	time          timeline.Model    // below them, or over them when it is entered
}

// New makes the screen; an opened incident reads its statements from a log, which may be
// nil.
func New(t *theme.Theme, log screen.Log) Model {
	m := Model{theme: t, suspects: list.New(t, &spec), opened: stages.New(t, log), time: timeline.New(t, true)}
	for st := range m.stages {
		m.stages[st].Stage = pipeline.Stage(st)
	}
	return m
}

// Title returns the name of the tab.
func (Model) Title() string { return "Overview" }

// Update takes facts and keys.
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case message.Snapshot:
		return m.show(msg.Snapshot)
	case message.Labels:
		m.labels = msg.Set
		m.opened.SetLabels(msg.Set)
		return m, tea.Batch(m.list(), m.time.Update(msg)) // what was dismissed is behind the other incidents
	case message.Progress:
		m.stages[msg.Stage] = msg
	case message.Unread:
		m.unread = msg
	case message.Filtered:
		return m.filter(msg)
	case message.ShowIncident:
		return m, m.suspects.GoTo(func(d data) (int, bool) { return spec.Identity.Row(d, incidentMark+msg.ID) })
	case message.AtTime:
		if m.opened.Is() && !m.time.Is() {
			return m, m.opened.Update(msg)
		}
		return m, m.time.Update(msg)
	case tea.KeyMsg, message.Search: // for what is in front
		switch k, ok := msg.(tea.KeyMsg); {
		case m.time.Is():
			return m, m.time.Update(msg)
		case ok && !k.Paste && key.Matches(k, timeline.Key()):
			at := m.Focus().At
			return m, m.time.Enter(at, at != 0)
		case m.opened.Is():
			return m, m.opened.Update(msg)
		}
		if k, ok := msg.(tea.KeyMsg); ok && m.whole.Update(m.theme, k, m.said(), m.width, m.height) {
			return m, nil
		}
		if cmd, ok := m.openIncident(msg); ok {
			return m, cmd
		}
		cmd, _ := m.suspects.Update(msg)
		return m, cmd
	}
	cmd, _ := m.suspects.Update(msg)
	m.layout() // what the filters leave may have come
	return m, tea.Batch(cmd, m.opened.Update(msg), m.time.Update(msg))
}

// openIncident opens the incident under the cursor, or its entries, where a key asks for
// it.
func (m *Model) openIncident(msg tea.Msg) (tea.Cmd, bool) {
	k, ok := msg.(tea.KeyMsg)
	row, on := m.suspects.Current()
	if !ok || !on || k.Paste {
		return nil, false
	}
	d := m.suspects.Data()
	if d.incident(row) == nil {
		return nil, false
	}
	switch {
	case key.Matches(k, list.Keys().Open):
		return m.opened.Open(d.snapshot, row), true
	case key.Matches(k, list.Keys().Entries) && !m.suspects.Taken():
		return message.Request(message.OpenEntries{Title: "statements of " + about(d, row), Term: term(d, row)}), true
	}
	return nil, false
}

// show takes a newer snapshot. Its rows are shown when incidents and ranking are of the same
// labels: what was declared normal leaves the incidents first, and its connections would be
// suspects until they are ranked anew.
func (m Model) show(s *pipeline.Snapshot) (screen.Screen, tea.Cmd) {
	old := m.listed
	m.snapshot = s
	m.tallies = s.Integrity.Tallies() // the findings are some hundred at most
	var rank tea.Cmd
	switch {
	case old == nil || s.Ranking == nil || s.Ranking != old.Ranking:
		m.listed = s
		if s.Truth != nil {
			m.ranked = s.Truth.Labels
		}
		m.groups = group(s)
		rank = m.list()
	case sameIncidents(old, s):
		m.listed = s
		m.suspects.SetData(m.data())
	}
	m.layout()
	again := m.opened.SetSnapshot(s)
	return m, tea.Batch(rank, m.time.SetSnapshot(s), again)
}

// filter leaves the suspects that have an entry which the filters leave.
func (m Model) filter(f message.Filtered) (screen.Screen, tea.Cmd) {
	if f.Connections == nil {
		f.Connections = message.All(0)
	}
	if f.Entries == nil {
		f.Entries = message.All(0)
	}
	m.filtered = f
	count := m.time.SetFiltered(f)
	if m.listed == nil {
		return m, count
	}
	list := m.list()
	m.layout()
	return m, tea.Batch(list, count)
}

// list lists what the filters leave.
func (m *Model) list() tea.Cmd {
	d, f := m.data(), m.filtered
	if len(f.Active) == 0 {
		return m.suspects.Show(d, message.All(d.len()), false)
	}
	return m.suspects.Load(false, func(ctx context.Context) (data, message.Rows, error) {
		shown, err := d.left(ctx, f)
		return d, shown, err
	})
}

// sameIncidents compares by identity: incidents are never written again.
func sameIncidents(a, b *pipeline.Snapshot) bool {
	return len(a.Incidents) == len(b.Incidents) && (len(a.Incidents) == 0 || &a.Incidents[0] == &b.Incidents[0])
}

// Focus offers the connections of the row under the cursor, or of all marked ones.
func (m Model) Focus() screen.Focus {
	switch {
	case m.time.Is():
		return m.time.Focus()
	case m.opened.Is():
		return m.opened.Focus()
	}
	f := m.suspects.Focus()
	if row, ok := m.suspects.Current(); ok {
		if x := m.suspects.Data().incident(row); x != nil {
			f.Incident = message.Incident{ID: x.ID, Formerly: x.Formerly, Name: about(m.suspects.Data(), row)}
		}
	}
	return f
}

// Escape takes away what was put on the list, then an incident that lies over it.
func (m Model) Escape() (screen.Screen, bool) {
	if m.time.Escape() {
		return m, true
	}
	if m.opened.Is() {
		if !m.opened.Escape() {
			m.opened.Close()
		}
		return m, true
	}
	ok := m.whole.Close() || m.suspects.Escape()
	return m, ok
}

// Close leaves the timeline, or closes what lies over the list: an incident, the lines on
// a row.
func (m Model) Close() (screen.Screen, bool) {
	ok := m.time.Close() || m.opened.Uncover() || m.opened.Close() || m.whole.Close()
	return m, ok
}

// Lists is the list in front: stages, or incidents and suspects; none is while the
// timeline is.
func (m Model) Lists() []list.Any {
	switch {
	case m.time.Is():
		return nil
	case m.opened.Is():
		return []list.Any{m.opened.List()}
	}
	return []list.Any{&m.suspects}
}
