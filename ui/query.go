package ui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/selection"
)

// query is one search, on values that nobody changes.
type query struct {
	id       int
	snapshot *pipeline.Snapshot
	labels   label.Set
	layers   []layer
	text     filter.TextReader
}

// count returns how much the layers leave.
func (q *query) count(ctx context.Context) (left, error) {
	last, err := q.run(ctx, nil)
	if err != nil {
		return left{}, err
	}
	return left{last.rows.Entries.Len(), last.rows.Connections.Len()}, nil
}

// run finds the entries, and sends now and then what it has, nil for nobody; what cannot
// be sent at once is left for the next time.
func (q *query) run(ctx context.Context, to chan tea.Msg) (last filterFound, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &pipeline.PanicError{Value: v}
		}
	}()
	var all filter.Filter
	var picks []func(*pipeline.Snapshot, int) bool
	titles := make([]string, len(q.layers))
	for k, l := range q.layers {
		titles[k] = l.named(q.snapshot)
		if l.pick != nil {
			picks = append(picks, l.pick)
			continue
		}
		all = all.And(l.filter)
	}
	s := q.snapshot
	program, err := filter.Compile(ctx, all, s.Subject(q.labels, q.text))
	if err != nil {
		return filterFound{id: q.id}, err
	}
	collect := collector{snapshot: s, picks: picks, connections: selection.NewBuilder(s.Connections.Len())}
	if len(picks) > 0 {
		collect.entries = selection.NewBuilder(s.Len())
	}
	result := func(sel *filter.Selection) filterFound {
		collect.take(ctx, sel)
		return filterFound{id: q.id, from: to, rows: message.Filtered{
			Active: titles, Entries: collect.rows(sel), Connections: collect.connections.Bits(),
		}}
	}
	sel, err := program.Run(ctx, func(sel *filter.Selection) {
		if to == nil || len(to) > 0 {
			return // nobody listens, or the last answer was not even looked at
		}
		select {
		case to <- result(sel):
		default:
		}
	})
	return result(sel), err
}

// collector follows a growing selection and keeps what filter.Selection does
// not: the connections, and what is left of it by layers that are Go functions.
type collector struct {
	snapshot    *pipeline.Snapshot
	picks       []func(*pipeline.Snapshot, int) bool
	connections *selection.Builder
	entries     *selection.Builder // nil without picks
	next        int                // position in the selection that was not looked at yet
}

// pollEvery is after how many entries a loop looks whether it is still wanted.
const pollEvery = 1 << 12

func (c *collector) take(ctx context.Context, sel *filter.Selection) {
	for i := range sel.From(c.next) {
		if c.next%pollEvery == 0 && ctx.Err() != nil {
			return
		}
		c.next++
		if !c.picked(i) {
			continue
		}
		if c.entries != nil {
			c.entries.Add(i)
		}
		c.connections.Add(int(c.snapshot.Entries.Connection(i)))
	}
}

func (c *collector) picked(i int) bool {
	for _, pick := range c.picks {
		if !pick(c.snapshot, i) {
			return false
		}
	}
	return true
}

func (c *collector) rows(sel *filter.Selection) message.Rows {
	if c.entries != nil {
		return c.entries.Bits()
	}
	return selected{sel}
}

// selected is a filter's selection as rows.
type selected struct{ *filter.Selection }

func (s selected) At(k int) int { return s.Nth(k) }

func (s selected) Find(i int) (int, bool) { return s.Rank(i), s.Contains(i) }
