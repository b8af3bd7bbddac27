package detections

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// listing is the rows of the table in order. Nobody writes to it.
type listing struct {
	rows   []row
	at     map[int]int // positions, by id of row
	hidden int         // detections and findings without a connection that the filters leave
	active []string    // filters that are on
}

// arranged is the answer to a question for a listing.
type arranged struct {
	job     int
	listing *listing
	err     error // cancelled
}

// arrange lists stories, detections and findings anew.
func (m Model) arrange() (screen.Screen, tea.Cmd) {
	if m.snapshot == nil {
		return m, nil
	}
	var ctx context.Context
	m.job, ctx = m.job.Start()
	number, s, filtered := m.job.Number, m.snapshot, m.filtered
	column, descending := columnID(m.table.SortColumn), m.table.Descending
	return m, screen.Work(func() tea.Msg {
		l, err := list(ctx, s, filtered)
		if err == nil && column >= 0 {
			l.sort(column, descending)
		}
		return arranged{number, l, err}
	})
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
		r := row{detection: d, id: 2 * i}
		if len(d.Connections) > 0 {
			r.step = steps[&d.Connections[0]]
		}
		l.rows = append(l.rows, r)
	}
	for _, r := range findingRows(s, l.rows) {
		var near []uint32 // none, and so always shown, where not all entries are kept
		if list := r.finding.Entries; len(list) < integrity.MaxEntries {
			near = connectionsOf(s, list)
		}
		shown, err := left(ctx, filtered, near)
		if err != nil {
			return nil, err
		}
		if shown {
			l.rows = append(l.rows, r)
		} else {
			l.hidden++
		}
	}
	for k := range l.rows {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		l.rows[k].term = connectionsTerm(s, l.rows[k].speaksOf())
	}
	// Stories stay before the rest, which the rules give in order of time.
	rest := l.rows[countStories(l.rows):]
	slices.SortStableFunc(rest, func(a, b row) int { return a.time().Compare(b.time()) })
	l.index()
	return l, nil
}

func countStories(rows []row) int {
	if n := slices.IndexFunc(rows, func(r row) bool { return r.story == nil }); n >= 0 {
		return n
	}
	return len(rows)
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
		return a.time().Compare(b.time())
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

// show puts a listing into the table; cursor and marks stay on their rows.
func (m Model) show(msg arranged) (screen.Screen, tea.Cmd) {
	if msg.job != m.job.Number || msg.err != nil {
		return m, nil
	}
	m.job = m.job.Stop()
	old := m.listing
	m.listing = msg.listing
	lost := m.table.Rearrange(len(m.listing.rows), func(k int) (int, bool) {
		now, ok := m.listing.at[old.rows[k].id]
		return now, ok
	})
	m = m.layout()
	if lost {
		return m, message.MarksLost()
	}
	return m, nil
}
