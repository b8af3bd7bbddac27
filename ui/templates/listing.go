package templates

import (
	"context"
	"runtime"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/selection"
)

// listing is what the filters leave of each template. Nobody writes to it. It is
// of one snapshot, because the numbers of templates change while the log is read:
// what a template is known by is its event id.
type listing struct {
	snapshot *pipeline.Snapshot
	active   []string         // filters that are on
	count    []int            // by template, entries that the filters leave
	first    []int            // by template, the first of these entries
	last     []int            // by template, the last of them
	usage    *usage           // by these entries; nil where no filter is on
	total    int              // sum of count
	byEvent  map[string]int32 // templates, by event id
}

// event returns the event id of a template.
func (l *listing) event(template int) string { return l.snapshot.Templates[template].EventID }

// template returns the template that has an event id.
func (l *listing) template(event string) (int, bool) {
	if l == nil {
		return 0, false
	}
	t, ok := l.byEvent[event]
	return int(t), ok
}

// arrange lists the templates anew.
func (m Model) arrange() (Model, tea.Cmd) {
	if m.snapshot == nil {
		return m, nil
	}
	t, s, filtered, whole := m.theme, m.snapshot, m.filtered, m.usage
	cmd := m.list.Load(false, func(ctx context.Context) (data, message.Rows, error) {
		l, shown, err := makeListing(ctx, s, filtered)
		return data{t, l, whole}, shown, err
	})
	return m, cmd
}

// checkEvery is after how many steps a loop looks whether it is still wanted, and
// lets others run: keys must not wait for it.
const checkEvery = 1 << 13

// makeListing finds the templates that the filters leave.
func makeListing(ctx context.Context, s *pipeline.Snapshot, filtered message.Filtered) (*listing, message.Rows, error) {
	n := len(s.Templates)
	l := &listing{
		snapshot: s, active: filtered.Active,
		count: make([]int, n), first: make([]int, n), last: make([]int, n), byEvent: make(map[string]int32, n),
	}
	if err := l.tally(ctx, filtered); err != nil {
		return nil, nil, err
	}
	shown := selection.NewBuilder(n)
	for t := range s.Templates {
		l.byEvent[s.Templates[t].EventID] = int32(t)
		l.total += l.count[t]
		if l.count[t] > 0 {
			shown.Add(t)
		}
	}
	return l, shown.Bits(), ctx.Err()
}

// tally finds out what the filters leave of each template: a row speaks of these
// entries and no others.
func (l *listing) tally(ctx context.Context, filtered message.Filtered) (err error) {
	s := l.snapshot
	if len(filtered.Active) == 0 {
		for t := range s.Templates {
			l.count[t], l.first[t], l.last[t] = s.Templates[t].Count, s.Templates[t].First, s.Templates[t].Last
		}
		return nil
	}
	rows := filtered.Entries
	for k := range rows.Len() {
		if k%checkEvery == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			runtime.Gosched()
		}
		i := rows.At(k)
		if i >= s.Entries.Len() {
			break // the filters know of entries that came after this snapshot
		}
		t := s.Template(i)
		if l.count[t] == 0 {
			l.first[t] = i
		}
		l.last[t] = i
		l.count[t]++
	}
	l.usage = &usage{}
	if s.Timeline == nil {
		return nil
	}
	if l.usage.activity, err = findActivity(ctx, s, filtered); err != nil {
		return err
	}
	l.usage.anomalous, err = findAnomalous(ctx, s, filtered)
	return err
}
