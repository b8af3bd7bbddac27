// Package models is the screen of both forests: what they predict against what
// is labelled, as matrices whose cells open their entries, reports, importances,
// scores and precision-recall curves.
//
//	Snapshot.Isolation, .Random --(figures.go, in a command)--> curves --> a panel for each forest
//	Labels, Snapshot.Truth      --(stale.go, in a command)----> whether newer labels are not learnt yet
//	a cell                      --(cell.go, in a command)-----> OpenEntries
package models

import (
	"context"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/analysis/model"
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
	labels        label.Set
	stages        [pipeline.Stages]message.Progress
	filtered      bool // a filter is on
	unread        message.Unread

	forest forest // the one that the cursor is in
	cursor place
	scroll widget.Scroll

	curves  [numForests]curve
	above   string // the score above which entries are flagged
	drawing screen.Job
	drawn   drawn // what the curves are of, or will be
	stale   bool  // labels are newer than what the forests know
	judging screen.Job
	opening screen.Job
}

// forest is one of the two.
type forest int

const (
	isolation forest = iota
	random
	numForests
)

var forestText = [numForests]string{isolation: "isolation forest", random: "random forest"}

func (f forest) String() string { return forestText[f] }

// New makes the screen.
func New(t *theme.Theme) Model { return Model{theme: t} }

// Title returns the name of the tab.
func (Model) Title() string { return "Models" }

// Update takes facts and keys.
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case message.Snapshot:
		if msg.Snapshot == nil {
			return m, nil
		}
		m.snapshot = msg.Snapshot
		m.cursor = m.matrix(m.forest).nearest(m.cursor)
		m, draw := m.draw()
		m, compare := m.compare()
		return m, tea.Batch(draw, compare)
	case message.Labels:
		m.labels = msg.Set
		m, cmd := m.compare()
		return m, cmd
	case message.Filtered:
		m.filtered = len(msg.Active) > 0
	case message.Unread:
		m.unread = msg
	case message.Progress:
		m.stages[msg.Stage] = msg
	case curvesDrawn:
		if msg.job == m.drawing.Number {
			m.curves, m.above = msg.curves, msg.threshold
		}
	case compared:
		if msg.job == m.judging.Number && msg.err == nil {
			m.stale = msg.stale
		}
	case prepared:
		return m.openPrepared(msg)
	case tea.KeyMsg:
		return m.press(msg)
	}
	return m, nil
}

func (m Model) press(msg tea.KeyMsg) (screen.Screen, tea.Cmd) {
	k := widget.TableKeys()
	m.opening = m.opening.Stop()
	switch {
	case msg.Paste:
	case key.Matches(msg, keys.open):
		return m.open()
	case key.Matches(msg, keys.other):
		m.forest = (m.forest + 1) % numForests
		m.cursor, m.scroll = m.matrix(m.forest).nearest(m.cursor), widget.Scroll{}
	case key.Matches(msg, k.Up):
		m = m.move(-1, 0)
	case key.Matches(msg, k.Down):
		m = m.move(1, 0)
	case key.Matches(msg, k.Left):
		m = m.move(0, -1)
	case key.Matches(msg, k.Right):
		m = m.move(0, 1)
	default:
		m.scroll.Update(msg, len(m.lines()), m.height)
	}
	return m, nil
}

// move moves the cursor by a cell; over the edge of a matrix lies the other
// forest's. The cell is in the first lines, which are shown again.
func (m Model) move(down, right int) Model {
	m.scroll = widget.Scroll{}
	to := place{m.cursor.row + down, m.cursor.column + right}
	switch {
	case to.column >= classes && m.forest < numForests-1:
		m.forest++
		to.column = 0
	case to.column < 0 && m.forest > 0:
		m.forest--
		to.column = classes - 1
	}
	m.cursor = m.matrix(m.forest).nearest(to)
	return m
}

// Focus offers the figures of the forest that the cursor is in to y.
func (m Model) Focus() screen.Focus {
	if m.snapshot == nil || m.snapshot.Isolation == nil {
		return screen.Focus{}
	}
	f, measured := m.forest, m.measured(m.forest)
	if measured == nil || measured.Report == nil {
		return screen.Focus{}
	}
	return screen.Focus{Copy: message.Copy{
		What: "the report of the " + f.String(),
		Text: func(context.Context) (string, error) { return measured.Report.String(), nil },
	}}
}

// measured returns how a forest compares with the labels, nil where there is no
// such forest.
func (m Model) measured(f forest) *model.Measured {
	switch s := m.snapshot; {
	case s == nil:
	case f == isolation && s.Isolation != nil:
		return &s.Isolation.Measured
	case f == random && s.Random != nil && s.Random.Forest != nil:
		return &s.Random.Measured
	}
	return nil
}

// Escape has nothing to take away.
func (m Model) Escape() (screen.Screen, bool) { return m, false }
