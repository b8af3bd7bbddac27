package ui

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/selection"
)

// layer is one filter of the stack. Exactly one of filter and pick says what it
// selects.
type layer struct {
	title  string // of a filter its canonical text
	name   string // that a screen gave a filter whose text is too long to be read
	filter filter.Filter
	pick   func(s *pipeline.Snapshot, i int) bool
	on     bool
}

// filtering is the stack of filters and the search for what it selects.
type filtering struct {
	stack []layer
	id    int // of the present search; answers of older ones are dropped
	stop  context.CancelFunc
	// stale is that the log has changed since the present search began, ticking
	// that a filterDue is on its way.
	stale, ticking bool
	covers         *pipeline.Snapshot // that the present search looks through
	took           time.Duration      // of the last search
	err            error              // of the last search
	shown          message.Filtered
	// completer completes the filter prompt; it is made in the background.
	completer *filter.Completer
}

type (
	// filterFound is what search id has found so far, or in the end.
	filterFound struct {
		id   int
		rows message.Filtered
		done bool
		took time.Duration
		err  error
		from <-chan tea.Msg
	}
	// filterDue says that a stale search may be made again.
	filterDue struct{ id int }
	// completerMade carries a completer for the values of the log.
	completerMade struct{ *filter.Completer }
)

// active returns the layers that are on.
func (f *filtering) active() []layer {
	var on []layer
	for _, l := range f.stack {
		if l.on {
			on = append(on, l)
		}
	}
	return on
}

// kept is the stack as the case file keeps it: what was typed.
func (f *filtering) kept() []casefile.Filter {
	var out []casefile.Filter
	for _, l := range f.stack {
		if l.pick == nil {
			out = append(out, casefile.Filter{Term: l.filter.String(), On: l.on})
		}
	}
	return out
}

// restoreFilters puts the filters of the case below those of this session, all
// switched as they were.
func (a *app) restoreFilters(kept []casefile.Filter) tea.Cmd {
	var stack []layer
	for _, k := range kept {
		f, err := filter.Parse(k.Term)
		if err != nil {
			a.fail(fmt.Sprintf("use the kept filter %q", k.Term), err)
			continue
		}
		if !f.IsZero() {
			stack = append(stack, layer{title: f.String(), filter: f, on: k.On})
		}
	}
	if len(stack) == 0 {
		return nil
	}
	return a.setFilters(append(stack, a.filters.stack...))
}

// addFilter puts a term on the stack; one that is there is switched on.
func (a *app) addFilter(term string) (tea.Cmd, error) {
	f, err := filter.Parse(term)
	if err != nil {
		return nil, err
	}
	if f.IsZero() {
		return nil, nil
	}
	return a.addLayer(layer{title: f.String(), filter: f, on: true}), nil
}

func (a *app) addLayer(l layer) tea.Cmd {
	stack := append([]layer(nil), a.filters.stack...)
	for i := range stack {
		if l.pick == nil && stack[i].pick == nil && stack[i].title == l.title {
			stack[i].on = true
			return a.setFilters(stack)
		}
	}
	return a.setFilters(append(stack, l))
}

func (a *app) keepOrHide(m message.KeepOrHide) tea.Cmd {
	if m.Term == "" {
		a.say("there is nothing to keep or hide under the cursor")
		return nil
	}
	f, err := filter.Parse(m.Term)
	if err != nil {
		a.fail("filter", err)
		return nil
	}
	if m.Hide {
		f = f.Not()
	}
	return a.addLayer(layer{title: f.String(), filter: f, on: true})
}

// setFilters replaces the stack and searches anew.
func (a *app) setFilters(stack []layer) tea.Cmd {
	a.filters.stack = stack
	return tea.Batch(a.search(), a.save())
}

// refilter searches again because the log has changed, if that can matter;
// while it grows, no more often than leaves most of the time to reading it.
func (a *app) refilter() tea.Cmd {
	f := &a.filters
	layers := f.active()
	if len(layers) == 0 || f.covers == nil {
		return a.search()
	}
	if f.covers.Len() == a.snapshot.Len() && !dependsOn(layers, "iforest", "rforest", "detection:") {
		return nil
	}
	f.stale = true
	if f.stop != nil || f.ticking {
		return nil
	}
	return a.tickFilter()
}

// refilterLabels searches again because labels have changed.
func (a *app) refilterLabels() tea.Cmd {
	if dependsOn(a.filters.active(), "label:") {
		return a.search()
	}
	return nil
}

// dependsOn reports whether a layer may ask for one of the fields; asking once
// too often costs a search, no more.
func dependsOn(layers []layer, fields ...string) bool {
	for _, l := range layers {
		for _, field := range fields {
			if l.pick != nil || strings.Contains(l.title, field) {
				return true
			}
		}
	}
	return false
}

func (a *app) tickFilter() tea.Cmd {
	f := &a.filters
	f.ticking = true
	id := f.id
	return tea.Tick(max(settle, 4*f.took), func(time.Time) tea.Msg { return filterDue{id} })
}

// search looks for what the active filters select, in the background, and
// publishes it as it is found.
func (a *app) search() tea.Cmd {
	f := &a.filters
	if f.stop != nil {
		f.stop()
		f.stop = nil
	}
	f.id++
	f.stale, f.err = false, nil
	s := a.snapshot
	f.covers = s
	if s == nil {
		return nil
	}
	layers := f.active()
	if len(layers) == 0 {
		f.shown = message.Filtered{Entries: message.All(s.Len()), Connections: message.All(s.Connections.Len())}
		return a.broadcast(f.shown)
	}
	ctx, cancel := context.WithCancel(a.ctx)
	f.stop = cancel
	q := query{id: f.id, snapshot: s, labels: a.labels.set, layers: layers, text: a.cfg.Analysis.Statements(&s.Log)}
	to := make(chan tea.Msg, 1)
	a.runs.group.Go(func() {
		defer close(to)
		began := time.Now()
		last, err := q.run(ctx, to)
		last.took, last.done, last.err, last.from = time.Since(began), true, err, nil
		select {
		case to <- last:
		case <-ctx.Done():
		}
	})
	return listen(to)
}

// query is one search, on values that nobody changes.
type query struct {
	id       int
	snapshot *pipeline.Snapshot
	labels   label.Set
	layers   []layer
	text     filter.TextReader
}

// run finds the entries, and tells now and then what it has; what cannot be
// told at once is left for the next time.
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
		titles[k] = l.shown()
		if l.pick != nil {
			picks = append(picks, l.pick)
			continue
		}
		all = all.And(l.filter)
	}
	s := q.snapshot
	program, err := filter.Compile(ctx, all, filterLog(s, q.labels, q.text))
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
		if len(to) > 0 {
			return // the last answer was not even looked at
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

// handleFound shows what a search has found.
func (a *app) handleFound(m filterFound) tea.Cmd {
	f := &a.filters
	if m.id != f.id {
		return nil
	}
	if !m.done {
		f.shown = m.rows
		return tea.Batch(a.broadcast(m.rows), listen(m.from))
	}
	f.stop()
	f.stop, f.took, f.err = nil, m.took, m.err
	if m.err != nil {
		a.fail("filter", m.err)
		if m.rows.Entries == nil {
			m.rows = message.Filtered{Entries: message.All(0), Connections: message.All(0)}
			for _, l := range f.active() {
				m.rows.Active = append(m.rows.Active, l.shown())
			}
		}
	}
	f.shown = m.rows
	cmds := []tea.Cmd{a.broadcast(m.rows)}
	if f.stale && !f.ticking {
		cmds = append(cmds, a.tickFilter())
	}
	return tea.Batch(cmds...)
}

func (a *app) handleFilterDue(m filterDue) tea.Cmd {
	a.filters.ticking = false
	if m.id != a.filters.id || !a.filters.stale {
		return nil
	}
	return a.search()
}

// makeCompleter collects the values that the filter prompt offers.
func (a *app) makeCompleter() tea.Cmd {
	s, labels := a.snapshot, a.labels.set
	if s == nil {
		return nil
	}
	return func() tea.Msg { return completerMade{filter.NewCompleter(filterLog(s, labels, nil))} }
}

// filterLog is a snapshot as filters see it.
func filterLog(s *pipeline.Snapshot, labels label.Set, text filter.TextReader) *filter.Subject {
	l := &filter.Subject{Log: &s.Log, Labels: labels, Text: text}
	if s.Isolation != nil {
		l.Isolation = func(row int) float64 { return s.Isolation.Score(int(s.Encoding.Of[row])) }
	}
	if s.Random != nil && s.Random.Forest != nil {
		l.Random = func(row int) float64 { return s.Random.Score(int(s.Encoding.Of[row])) }
	}
	for _, d := range s.Detections {
		found := filter.Detection{Rule: d.Rule.ID, Connections: d.Connections, Entries: make([]uint32, len(d.Entries))}
		for i, e := range d.Entries {
			found.Entries[i] = uint32(e)
		}
		l.Detections = append(l.Detections, found)
	}
	return l
}
