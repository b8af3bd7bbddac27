package detections

import (
	"context"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/selection"
	"sqleuth/ui/theme"
)

// data is what rows are made of: a row is an index into rows, which are in order
// of time.
type data struct {
	theme    *theme.Theme
	snapshot *pipeline.Snapshot // nil until the first one
	rows     []row
	at       map[string]int // rows, by name
	hidden   int            // detections and findings that the filters hide
	active   []string       // filters that are on
	aside    int            // detections that filters of the site set aside
}

// arrange lists detections and findings anew.
func (m Model) arrange() (screen.Screen, tea.Cmd) {
	if m.snapshot == nil {
		return m, nil
	}
	d, filtered := data{theme: m.theme, snapshot: m.snapshot, active: m.filtered.Active}, m.filtered
	cmd := m.list.Load(true, func(ctx context.Context) (data, message.Rows, error) {
		d := d
		d.collect()
		shown, err := d.choose(ctx, filtered)
		return d, shown, err
	})
	return m, cmd
}

// collect makes the rows.
func (d *data) collect() {
	s := d.snapshot
	for i := range s.Detections {
		r := row{detection: &s.Detections[i]}
		if r.detection.Site != nil {
			d.aside++
		}
		if k := s.IncidentOfDetection(i); k >= 0 {
			r.incident = incident.Letter(k)
		}
		d.rows = append(d.rows, r)
	}
	d.rows = append(d.rows, findingRows(s, d.rows)...)
	slices.SortStableFunc(d.rows, func(a, b row) int { return a.time().Compare(b.time()) })
	d.at = make(map[string]int, len(d.rows))
	alike := map[string]int{}
	for k, r := range d.rows {
		name := fmt.Sprintf("%s at %d", r.title(), r.time().Micros)
		if alike[name]++; alike[name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, alike[name])
		}
		d.rows[k].name = name
		d.at[d.rows[k].name] = k
		d.rows[k].term = connectionsTerm(s, r.speaksOf())
	}
}

// choose returns the rows of which the filters leave a connection.
func (d *data) choose(ctx context.Context, filtered message.Filtered) (message.Rows, error) {
	shown := selection.NewBuilder(len(d.rows))
	for k, r := range d.rows {
		near := r.connections()
		if r.detection == nil {
			// None, and so always shown, where not all entries are kept.
			if list := r.finding.Entries; len(list) < integrity.MaxEntries {
				near = connectionsOf(d.snapshot, list)
			}
		}
		ok, err := left(ctx, filtered, near)
		switch {
		case err != nil:
			return nil, err
		case ok:
			shown.Add(k)
		default:
			d.hidden++
		}
	}
	return shown.Bits(), nil
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
