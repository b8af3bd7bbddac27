// Package overview is the screen that says what is in the log, how far its
// analysis is, and what looks wrong: the stages, how far the log can be trusted,
// the log over time with its detections and flagged entries, and the connections
// in the order in which an analyst should read them.
package overview

import (
	"context"
	"fmt"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/finding"
	"sqleuth/analysis/integrity"
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
	snapshot      *pipeline.Snapshot // nil before the first
	labels        label.Set
	stages        [pipeline.Stages]message.Progress
	filtered      message.Filtered
	unread        message.Unread
	suspects      widget.Table      // a row for each of shown
	shown         []int             // of snapshot.Suspects, those that the filters leave
	ranked        label.Set         // that the order of the suspects knows
	want          int               // connection where the cursor belongs once it is shown, until a key moves it; -1 for none
	tallies       []integrity.Tally // of snapshot.Integrity
	course        course
	counting      screen.Job
	asked         []string // filters that the present count is under
	search        screen.Job
}

// New makes the screen.
func New(t *theme.Theme) Model {
	m := Model{theme: t, suspects: widget.NewTable(t, columns[:]...), want: -1}
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
		m.fitColumns()
	case message.Progress:
		m.stages[msg.Stage] = msg
	case message.Unread:
		m.unread = msg
	case message.Filtered:
		return m.filter(msg)
	case counted:
		return m.takeCourse(msg)
	case message.Search:
		return m.find(msg)
	case found:
		return m.foundAt(msg)
	case tea.KeyMsg:
		if key.Matches(msg, keys.Open) {
			return m, m.open()
		}
		if m.suspects.Update(msg) != widget.Ignored {
			m.want = -1
		}
	}
	return m, nil
}

// show takes a newer snapshot.
func (m Model) show(s *pipeline.Snapshot) (screen.Screen, tea.Cmd) {
	old := m.snapshot
	if old == nil || !sameSuspects(old, s) {
		m.rank(s)
	}
	m.snapshot = s
	m.tallies = s.Integrity.Tallies() // the findings are some hundred at most
	m.fitColumns()
	m.layout()
	if s.Timeline == nil || old != nil && s.Timeline == old.Timeline && s.Isolation == old.Isolation && len(s.Detections) == len(old.Detections) {
		return m, nil
	}
	return m.count()
}

// filter leaves the suspects that have an entry which the filters leave.
func (m Model) filter(f message.Filtered) (screen.Screen, tea.Cmd) {
	if f.Connections == nil {
		f.Connections = message.All(0)
	}
	if f.Entries == nil {
		f.Entries = message.All(0)
	}
	if c, ok := m.current(); ok && m.want < 0 {
		m.want = c // what a filter selects comes bit by bit
	}
	before := m.filtered
	m.filtered = f
	if m.snapshot == nil {
		return m, nil
	}
	m.rearrange(m.snapshot, m.want)
	m.layout()
	if len(before.Active) == 0 && len(f.Active) == 0 {
		return m, nil // the course of the whole log comes with its snapshot
	}
	return m.count()
}

// rank puts the suspects of s in place of those of the present snapshot. Marks
// stay on their connections. So does the cursor, unless somebody has judged its
// connection since the last ranking: then it stays in its place, where the next
// one to be read stands, and does not go with that one to the end of the list.
func (m *Model) rank(s *pipeline.Snapshot) {
	current, ok := m.current()
	switch {
	case m.want >= 0:
		current = m.want
	case !ok || m.judgedSince(s, current):
		current = -1
	}
	m.rearrange(s, current)
	if s.Truth != nil {
		m.ranked = s.Truth.Labels
	}
}

// judgedSince reports whether s knows another label of a connection than the
// present order does. Snapshots between two rankings know it already.
func (m *Model) judgedSince(s *pipeline.Snapshot, connection int) bool {
	if s.Truth == nil {
		return false
	}
	ref := m.snapshot.Connections.Ref(connection)
	before, _ := m.ranked.Verdict(ref)
	now, _ := s.Truth.Labels.Verdict(ref)
	return before.Class != now.Class
}

// rearrange lists the suspects of s that the filters leave, with the cursor on a
// connection, or where that is not among them (-1: no matter which) in its place.
// There are no more than finding.MaxSuspects, so this may look at all of them.
func (m *Model) rearrange(s *pipeline.Snapshot, cursor int) {
	marked := map[uint32]bool{}
	for k := range m.suspects.Marks().Rows() {
		marked[m.suspect(k).Connection] = true
	}
	m.shown = nil
	for i := range s.Suspects {
		if len(m.filtered.Active) > 0 {
			if _, left := m.filtered.Connections.Find(int(s.Suspects[i].Connection)); !left {
				continue
			}
		}
		m.shown = append(m.shown, i)
	}
	m.suspects.SetLen(len(m.shown))
	var marks []int
	for k, i := range m.shown {
		c := s.Suspects[i].Connection
		if marked[c] {
			marks = append(marks, k)
		}
		if int(c) == cursor {
			m.suspects.SetCursor(k)
			m.want = -1
		}
	}
	m.suspects.SetMarks(widget.MarksOf(marks))
}

// suspect returns the one in a row of the table.
func (m *Model) suspect(row int) *finding.Suspect { return &m.snapshot.Suspects[m.shown[row]] }

// sameSuspects compares by identity: a ranking is never written again.
func sameSuspects(a, b *pipeline.Snapshot) bool {
	return len(a.Suspects) == len(b.Suspects) && (len(a.Suspects) == 0 || &a.Suspects[0] == &b.Suspects[0])
}

// current returns the index of the connection under the cursor.
func (m Model) current() (connection int, ok bool) {
	i, ok := m.suspects.Cursor()
	if !ok || m.snapshot == nil {
		return 0, false
	}
	return int(m.suspect(i).Connection), true
}

func (m Model) open() tea.Cmd {
	c, ok := m.current()
	if !ok {
		return nil
	}
	return message.Request(message.OpenConnection{Connection: c, At: -1})
}

// Focus offers the connection under the cursor, or all marked ones.
func (m Model) Focus() screen.Focus {
	c, ok := m.current()
	if !ok {
		return screen.Focus{}
	}
	s := m.snapshot
	i, _ := m.suspects.Cursor()
	suspect := m.suspect(i)
	return screen.Focus{
		Target: m.target(c),
		Term:   filter.Term("id", s.Connections.Name(c)),
		Copy: message.Copy{What: "connection " + s.Connections.Name(c), Text: func(context.Context) (string, error) {
			text := fmt.Sprintf("connection %s, score %.2f", s.Connections.Name(c), suspect.Score)
			for _, r := range suspect.Reasons {
				text += "\n- " + r
			}
			return text + "\n", nil
		}},
	}
}

func (m Model) target(current int) message.Target {
	marks, s := m.suspects.Marks(), m.snapshot
	if marks.Len() == 0 {
		return message.One(s, current)
	}
	return message.Marked(s, marks.Len(), func(add func(connection int)) {
		for k := range marks.Rows() {
			add(int(m.suspect(k).Connection))
		}
	})
}

// Escape takes the marks away.
func (m Model) Escape() (screen.Screen, bool) {
	ok := m.suspects.Escape()
	return m, ok
}
