package detections

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// listing is the rows of the table in order. Nobody writes to it.
type listing struct {
	rows   []row
	at     map[int]int // positions, by id of row
	hidden int         // detections without a connection that the filters leave
	active []string    // filters that are on
}

// job is background work of which only the latest counts.
type job struct {
	number int // of the latest; answers to earlier ones are dropped
	cancel context.CancelFunc
}

// start cancels what is under way and numbers a new job.
func (j job) start() (job, context.Context) {
	if j.cancel != nil {
		j.cancel()
	}
	ctx, cancel := context.WithCancel(context.Background())
	return job{j.number + 1, cancel}, ctx
}

// done ends a job whose answer has arrived.
func (j job) done() job {
	j.cancel()
	return job{number: j.number}
}

// arranged is the answer to a question for a listing.
type arranged struct {
	job     int
	listing *listing
	err     error // cancelled
}

// arrange lists stories and detections anew.
func (m Model) arrange() (screen.Screen, tea.Cmd) {
	if m.snapshot == nil {
		return m, nil
	}
	var ctx context.Context
	m.job, ctx = m.job.start()
	number, s, filtered := m.job.number, m.snapshot, m.filtered
	column, descending := columnID(m.table.SortColumn), m.table.Descending
	return m, func() tea.Msg {
		l, err := list(ctx, s, filtered)
		if err == nil && column >= 0 {
			l.sort(column, descending)
		}
		return arranged{number, l, err}
	}
}

func list(ctx context.Context, s *pipeline.Snapshot, filtered message.Filtered) (*listing, error) {
	l := &listing{active: filtered.Active}
	stories := detect.Stories(s.Detections)
	steps := map[*uint32]string{} // by where a detection keeps its connections, which a step shares
	for k := range stories {
		for n, d := range stories[k].Steps {
			if len(d.Connections) > 0 {
				steps[&d.Connections[0]] = fmt.Sprintf("%d.%d", k+1, n+1)
			}
		}
		if shown, err := left(ctx, filtered, stories[k].Connections); err != nil {
			return nil, err
		} else if shown {
			l.rows = append(l.rows, row{story: &stories[k], id: -1 - k, step: fmt.Sprint(k + 1)})
		}
	}
	for i := range s.Detections {
		d := &s.Detections[i]
		shown, err := left(ctx, filtered, d.Connections)
		if err != nil {
			return nil, err
		}
		if !shown {
			l.hidden++
			continue
		}
		r := row{detection: d, id: i}
		if len(d.Connections) > 0 {
			r.step = steps[&d.Connections[0]]
		}
		l.rows = append(l.rows, r)
	}
	l.index()
	return l, nil
}

// left reports whether the filters leave any of some connections.
func left(ctx context.Context, f message.Filtered, connections []uint32) (bool, error) {
	if len(f.Active) == 0 || len(connections) == 0 {
		return true, nil
	}
	for n, c := range connections {
		if n%(1<<12) == 0 && ctx.Err() != nil {
			return false, ctx.Err()
		}
		if _, ok := f.Connections.Find(int(c)); ok {
			return true, nil
		}
	}
	return false, nil
}

func (l *listing) index() {
	l.at = make(map[int]int, len(l.rows))
	for k, r := range l.rows {
		l.at[r.id] = k
	}
}

func (l *listing) sort(column columnID, descending bool) {
	slices.SortStableFunc(l.rows, func(a, b row) int {
		if descending {
			a, b = b, a
		}
		return column.compare(a, b)
	})
	l.index()
}

func (id columnID) compare(a, b row) int {
	switch id {
	case columnTime:
		return cmp.Compare(a.time(), b.time())
	case columnSeverity:
		return cmp.Compare(a.severity(), b.severity())
	case columnRule:
		return cmp.Or(cmp.Compare(len(a.rule()), len(b.rule())), strings.Compare(a.rule(), b.rule()))
	case columnWho:
		return strings.Compare(a.who(), b.who())
	case columnConnections:
		return cmp.Compare(len(a.connections()), len(b.connections()))
	}
	return strings.Compare(a.summary(), b.summary())
}

// maxKept is how many marks are carried over to a new order; looking for them
// costs time in proportion.
const maxKept = 1 << 11

// show puts a listing into the table; cursor and marks stay on their rows.
func (m Model) show(msg arranged) Model {
	if msg.job != m.job.number || msg.err != nil {
		return m
	}
	m.job = m.job.done()
	r, ok := m.current()
	var marks widget.Marks
	if marked := m.table.Marks(); marked.Len() <= maxKept {
		marked.Each(func(from, to int) bool {
			for _, r := range m.listing.rows[from:to] {
				if k, found := msg.listing.at[r.id]; found {
					marks = marks.Add(k, k+1)
				}
			}
			return true
		})
	}
	m.listing = msg.listing
	m.table.SetMarks(widget.Marks{})
	m.table.SetLen(len(m.listing.rows))
	m.table.SetMarks(marks)
	if k, found := m.listing.at[r.id]; ok && found {
		m.table.SetCursor(k)
	}
	return m.layout()
}
