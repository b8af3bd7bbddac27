// Package overview is the screen that says what happened, as far as can be told: the
// incidents, each a row unlike the next, then the suspects that belong to none, in the
// order in which an analyst should read them; how far the analysis is and the log can
// be trusted, and the log over time with incidents, detections and flagged entries.
package overview

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/integrity"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
)

// Model is the screen.
type Model struct {
	theme         *theme.Theme
	width, height int
	snapshot      *pipeline.Snapshot // nil before the first
	labels        label.Set
	stages        [pipeline.Stages]message.Progress
	filtered      message.Filtered
	unread        message.Unread
	suspects      list.List[data]   // incidents and suspects
	ranked        label.Set         // that the order of the suspects knows
	tallies       []integrity.Tally // of snapshot.Integrity
	course        course
	counting      screen.Job
	asked         []string // filters that the present count is under
}

// New makes the screen.
func New(t *theme.Theme) Model {
	m := Model{theme: t, suspects: list.New(t, &spec)}
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
		m.suspects.SetData(m.data())
	case message.Progress:
		m.stages[msg.Stage] = msg
	case message.Unread:
		m.unread = msg
	case message.Filtered:
		return m.filter(msg)
	case counted:
		return m.takeCourse(msg)
	}
	cmd, _ := m.suspects.Update(msg)
	m.layout() // what the filters leave may have come
	return m, cmd
}

// show takes a newer snapshot.
func (m Model) show(s *pipeline.Snapshot) (screen.Screen, tea.Cmd) {
	old := m.snapshot
	m.snapshot = s
	m.tallies = s.Integrity.Tallies() // the findings are some hundred at most
	var rank, count tea.Cmd
	if old == nil || !sameSuspects(old, s) {
		if s.Truth != nil {
			m.ranked = s.Truth.Labels
		}
		rank = m.list()
	} else {
		m.suspects.SetData(m.data())
	}
	m.layout()
	if s.Timeline != nil && (old == nil || s.Timeline != old.Timeline || s.Isolation != old.Isolation || len(s.Detections) != len(old.Detections)) {
		m, count = m.count()
	}
	return m, tea.Batch(rank, count)
}

// filter leaves the suspects that have an entry which the filters leave.
func (m Model) filter(f message.Filtered) (screen.Screen, tea.Cmd) {
	if f.Connections == nil {
		f.Connections = message.All(0)
	}
	if f.Entries == nil {
		f.Entries = message.All(0)
	}
	before := m.filtered
	m.filtered = f
	if m.snapshot == nil {
		return m, nil
	}
	list := m.list()
	m.layout()
	var count tea.Cmd
	if len(before.Active) > 0 || len(f.Active) > 0 { // the course of the whole log comes with its snapshot
		m, count = m.count()
	}
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

// sameSuspects compares by identity: a ranking is never written again.
func sameSuspects(a, b *pipeline.Snapshot) bool {
	return len(a.Incidents) == len(b.Incidents) && a.Ranking == b.Ranking
}

// Focus offers the connections of the row under the cursor, or of all marked ones.
func (m Model) Focus() screen.Focus { return m.suspects.Focus() }

// Escape takes away what was put on the list.
func (m Model) Escape() (screen.Screen, bool) {
	ok := m.suspects.Escape()
	return m, ok
}

// Lists is the list of incidents and suspects.
func (m Model) Lists() []list.Any { return []list.Any{&m.suspects} }
