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
	suspects      widget.Table      // a row for each of snapshot.Suspects
	tallies       []integrity.Tally // of snapshot.Integrity
	flags         flags
	asked         int // number of the latest question for flags
}

// New makes the screen.
func New(t *theme.Theme) Model {
	m := Model{theme: t, suspects: widget.NewTable(t, columns[:]...)}
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
	case flagged:
		if msg.asked == m.asked {
			m.flags = msg.flags
		}
	case message.Search:
		return m.find(msg)
	case tea.KeyMsg:
		if key.Matches(msg, keys.Open) {
			return m, m.open()
		}
		m.suspects.Update(msg)
	}
	return m, nil
}

// show takes a newer snapshot; cursor and marks stay on their connections.
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
	m.asked++
	return m, findFlags(m.asked, s)
}

// rank puts the suspects of s in place of those of the present snapshot. There
// are no more than finding.MaxSuspects, so this may look at all of them.
func (m *Model) rank(s *pipeline.Snapshot) {
	marked := map[uint32]bool{}
	m.suspects.Marks().Each(func(from, to int) bool {
		for i := from; i < to; i++ {
			marked[m.snapshot.Suspects[i].Connection] = true
		}
		return true
	})
	current, ok := m.current()
	m.suspects.SetLen(len(s.Suspects))
	var marks widget.Marks
	for i, suspect := range s.Suspects {
		if marked[suspect.Connection] {
			marks = marks.Add(i, i+1)
		}
		if ok && int(suspect.Connection) == current {
			m.suspects.SetCursor(i)
		}
	}
	m.suspects.SetMarks(marks)
}

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
	return int(m.snapshot.Suspects[i].Connection), true
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
	suspect := s.Suspects[i]
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
		marks.Each(func(from, to int) bool {
			for i := from; i < to; i++ {
				add(int(s.Suspects[i].Connection))
			}
			return true
		})
	})
}

// Escape takes the marks away.
func (m Model) Escape() (screen.Screen, bool) {
	ok := m.suspects.Escape()
	return m, ok
}
