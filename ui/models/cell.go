package models

import (
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// classes is how many there are for a forest: normal and anomaly.
const classes = 2

// order is that of the classes in rows and columns, as in the notebook.
var order = [classes]int{model.Normal, model.Anomaly}

var className = map[int]string{model.Normal: "normal", model.Anomaly: "anomaly"}

// place is a cell of a matrix.
type place struct{ row, column int }

// matrix is a confusion matrix as it is shown: a row for each true class, or,
// where nothing is labelled as an anomaly, one row for all entries.
type matrix struct {
	rows [][classes]int
}

// everything is the true class of the row for all entries.
const everything = -1

// matrix returns the matrix of a forest, without rows where there is no forest.
func (m Model) matrix(f forest) matrix {
	measured := m.measured(f)
	switch {
	case measured == nil:
		return matrix{}
	case measured.Confusion == nil:
		flagged := m.snapshot.Isolation.Flagged
		return matrix{[][classes]int{{m.snapshot.Len() - flagged, flagged}}}
	}
	var x matrix
	for _, truth := range order {
		var row [classes]int
		for k, predicted := range order {
			row[k] = measured.Confusion.Count(truth, predicted)
		}
		x.rows = append(x.rows, row)
	}
	return x
}

// truth returns the true class of a row.
func (x matrix) truth(row int) int {
	if len(x.rows) == 1 {
		return everything
	}
	return order[row]
}

// nearest returns the cell that lies nearest to a place.
func (x matrix) nearest(p place) place {
	return place{max(0, min(p.row, len(x.rows)-1)), max(0, min(p.column, classes-1))}
}

// meaning returns what the entries of a cell are.
func (x matrix) meaning(p place) string {
	predicted := order[p.column]
	switch truth := x.truth(p.row); {
	case truth == everything && predicted == model.Anomaly:
		return "flagged"
	case truth == everything:
		return "not flagged"
	case truth == predicted && predicted == model.Anomaly:
		return "found"
	case truth == predicted:
		return "rightly left alone"
	case predicted == model.Anomaly:
		return "false alarm"
	}
	return "missed"
}

// title names the entries of a cell for the list of filters.
func (x matrix) title(f forest, p place) string {
	truth := "entries"
	if class := x.truth(p.row); class != everything {
		truth = className[class] + " entries"
	}
	if f == random {
		truth = "tested " + truth
	}
	return fmt.Sprintf("%s: %s predicted as %s (%s)", f, truth, className[order[p.column]], x.meaning(p))
}

// prepared reports that the entries of a cell can be selected.
type prepared struct {
	job  int
	open message.OpenEntries
	err  error
}

// open asks for the entries of the cell under the cursor: those that the matrix
// on the screen counts, also when the forests have learnt newer labels since.
func (m Model) open() (screen.Screen, tea.Cmd) {
	x := m.matrix(m.forest)
	if len(x.rows) == 0 {
		return m, nil
	}
	s, truth, predicted := m.snapshot, x.truth(m.cursor.row), order[m.cursor.column]
	title := x.title(m.forest, m.cursor)
	belongs := func(i int) bool {
		return truth == everything || s.Truth.Anomaly(s.Entries.Connection(i)) == (truth == model.Anomaly)
	}
	if m.forest == isolation {
		return m, message.Request(message.OpenEntries{Title: title, Whole: true, Pick: func(_ *pipeline.Snapshot, i int) bool {
			return i < s.Len() && s.Isolation.Outlier[s.EncodedRow(i)] == (predicted == model.Anomaly) && belongs(i)
		}})
	}
	var ctx context.Context
	m.opening, ctx = m.opening.Start()
	number := m.opening.Number
	return m, screen.Work(func() tea.Msg {
		tested, err := s.Random.Tested(ctx)
		return prepared{number, message.OpenEntries{Title: title, Whole: true, Pick: func(_ *pipeline.Snapshot, i int) bool {
			return i < s.Len() && tested(i) && s.Random.Predicted(s.EncodedRow(i)) == (predicted == model.Anomaly) && belongs(i)
		}}, err}
	})
}

func (m Model) openPrepared(msg prepared) (screen.Screen, tea.Cmd) {
	if msg.job != m.opening.Number {
		return m, nil
	}
	m.opening = m.opening.Stop()
	if msg.err != nil {
		return m, message.Request(message.Failed{What: "open " + msg.open.Title, Err: msg.err})
	}
	return m, message.Request(msg.open)
}

// cellLine returns what the cell under the cursor is.
func (m Model) cellLine(x matrix) string {
	text := x.meaning(m.cursor) + ": " + widget.Count(x.rows[m.cursor.row][m.cursor.column]) + " entries"
	if m.opening.Running() {
		return text + ", being looked up " + m.theme.Glyph.Ellipsis
	}
	return text + "; enter opens them"
}
