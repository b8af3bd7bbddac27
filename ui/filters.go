package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// narrowing is what a place shows of a screen beside the filters: the entries that
// enter has opened. It is no filter: going elsewhere leaves it, and no case keeps
// it. The zero narrowing shows what the filters leave.
type narrowing struct {
	only *layer // nil for all
	// whole is that filters of before do not count, as for a transcript or a
	// figure of the whole log.
	whole bool
	scope scope
}

// filtering is the stack of filters and the search for what it selects.
type filtering struct {
	ctx      context.Context
	group    *sync.WaitGroup // of goroutines that must end before the files are closed
	analysis Analysis
	snapshot *pipeline.Snapshot
	labels   label.Set
	history  *history

	stack []layer
	// changes are those of the stack that history knows, each as it was before and
	// after.
	changes []*[2][]layer
	here    narrowing
	id      int // of the present search; answers of older ones are dropped
	stop    context.CancelFunc
	// behind is that the rows which screens have are those of other filters.
	behind bool
	// stale is that the log has changed since the present search began, ticking
	// that a filterDue is on its way.
	stale, ticking bool
	covers         *pipeline.Snapshot // that the present search looks through
	took           time.Duration      // of the last search
	err            error              // of the last search
	shown          message.Filtered
	// completer completes the filter prompt; it is made in the background.
	completer *filter.Completer
	ahead     lookingAhead
	left      countingLeft
	paths     *paths // for files of hosts
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
	// filterDue reports that a stale search may be made again.
	filterDue struct{ id int }
	// completerMade carries a completer for the values of the log.
	completerMade struct{ *filter.Completer }
)

// Update takes requests for filters, and hears what a search depends on.
func (f *filtering) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case message.Snapshot:
		f.snapshot = m.Snapshot
		cmd := f.refilter()
		if f.left.known != nil && m.Loaded {
			cmd = tea.Batch(cmd, f.countLeft())
		}
		return cmd, false
	case labelsChanged:
		f.labels = m.set // filters may ask for them
		var cmds []tea.Cmd
		if dependsOn(f.active(), "label:") {
			cmds = append(cmds, f.search())
		}
		if f.left.known != nil {
			cmds = append(cmds, f.countLeft())
		}
		return tea.Batch(cmds...), false
	case caseOpened:
		return f.restore(m.kept.Filters), false
	case message.AddFilter:
		cmd, err := f.add(m.Term)
		if err != nil {
			cmd = failed("filter", err)
		}
		return cmd, true
	case message.KeepOrHide:
		return f.keepOrHide(m), true
	case filterFound:
		return f.found(m), true
	case filterDue:
		return f.searchDue(m), true
	case seenAhead:
		f.ahead.take(m)
		return nil, true
	case leftAlone:
		return f.countedLeft(m), true
	case completerMade:
		f.completer = m.Completer
		return nil, true
	}
	return nil, false
}

// active returns the layers that count: filters that are on, and what the place
// is narrowed to.
func (f *filtering) active() []layer {
	var on []layer
	for _, l := range f.stack {
		if l.on && !l.muted {
			on = append(on, l)
		}
	}
	if f.here.only != nil {
		on = append(on, *f.here.only)
	}
	return on
}

// narrow makes n what the place shows.
func (f *filtering) narrow(n narrowing) tea.Cmd {
	if n == f.here {
		return nil
	}
	f.here = n
	stack := slices.Clone(f.stack)
	for i := range stack {
		stack[i].muted = n.whole
	}
	f.stack = stack
	cmd := f.search()
	f.behind = f.stop != nil
	return cmd
}

// kept is the stack as the case file keeps it: what was typed.
func (f *filtering) kept() []casefile.Filter {
	var out []casefile.Filter
	for _, l := range f.stack {
		out = append(out, casefile.Filter{Term: l.text(), On: l.on})
	}
	return out
}

// restore puts the filters of the case below those of this session, all switched
// as they were.
func (f *filtering) restore(kept []casefile.Filter) tea.Cmd {
	var stack []layer
	var cmds []tea.Cmd
	for _, k := range kept {
		parsed, err := filter.Parse(k.Term)
		if err != nil {
			cmds = append(cmds, failed(fmt.Sprintf("use the kept filter %q", k.Term), err))
			continue
		}
		if !parsed.IsZero() {
			stack = append(stack, layer{title: parsed.String(), typed: k.Term, filter: parsed, on: k.On, muted: f.here.whole})
		}
	}
	if len(stack) > 0 {
		for _, c := range f.changes { // undone, they leave what the case has kept
			c[0], c[1] = slices.Concat(stack, c[0]), slices.Concat(stack, c[1])
		}
		cmds = append(cmds, f.set(append(stack, f.stack...)))
	}
	return tea.Batch(cmds...)
}

// add puts a term on the stack; one that is there is switched on.
func (f *filtering) add(term string) (tea.Cmd, error) {
	parsed, err := filter.Parse(term)
	if err != nil || parsed.IsZero() {
		return nil, err
	}
	return f.push(parsed, strings.TrimSpace(term)), nil
}

func (f *filtering) push(parsed filter.Filter, typed string) tea.Cmd {
	l := layer{title: parsed.String(), typed: typed, filter: parsed, on: true}
	stack := slices.Clone(f.stack)
	if i := slices.IndexFunc(stack, func(have layer) bool { return have.title == l.title }); i >= 0 {
		stack[i].on, stack[i].muted = true, false
		return f.change("filter "+l.named(f.snapshot)+" on", stack)
	}
	return f.change("filter "+l.named(f.snapshot), append(stack, l))
}

// replace puts what was typed in the place of a filter; nothing takes it away.
func (f *filtering) replace(k int, typed string) (tea.Cmd, error) {
	parsed, err := filter.Parse(typed)
	if err != nil {
		return nil, err
	}
	was, stack := f.stack[k], slices.Clone(f.stack)
	if parsed.IsZero() {
		return f.change("filter taken away: "+was.named(f.snapshot), slices.Delete(stack, k, k+1)), nil
	}
	l := layer{title: parsed.String(), typed: strings.TrimSpace(typed), filter: parsed, on: true}
	if l.text() == was.text() {
		return nil, nil
	}
	stack[k] = l
	return f.change("filter "+was.named(f.snapshot)+" is now "+l.named(f.snapshot), stack), nil
}

func (f *filtering) keepOrHide(m message.KeepOrHide) tea.Cmd {
	if m.Term == "" {
		return say("there is nothing to keep or hide under the cursor")
	}
	parsed, err := filter.Parse(m.Term)
	if err != nil {
		return failed("filter", err)
	}
	if m.Hide {
		parsed = parsed.Not()
	}
	return f.push(parsed, "")
}

// change replaces the stack by what an analyst has made of it; what names that.
func (f *filtering) change(what string, stack []layer) tea.Cmd {
	c := &[2][]layer{f.stack, stack}
	f.changes = append(f.changes, c)
	f.history.note(func(w way) tea.Cmd {
		to, text := c[0], "undone: "
		if w == redoing {
			to, text = c[1], "done again: "
		}
		return tea.Batch(say(text+what), f.set(f.heeded(to)))
	})
	return f.set(stack)
}

// heeded is a stack of before in the place of now: a filter that comes back counts,
// whatever the place does not regard.
func (f *filtering) heeded(stack []layer) []layer {
	stack = slices.Clone(stack)
	for i := range stack {
		k := slices.IndexFunc(f.stack, func(l layer) bool { return l.title == stack[i].title && l.on == stack[i].on })
		stack[i].muted = k >= 0 && f.stack[k].muted
	}
	return stack
}

// set replaces the stack and searches anew.
func (f *filtering) set(stack []layer) tea.Cmd {
	f.stack = stack
	cmd := f.search()
	f.behind = f.stop != nil
	return tea.Batch(cmd, f.countNext(), tell(filtersChanged{f.kept()}))
}

// refilter searches again because the log has changed, if that can matter;
// while it grows, no more often than leaves most of the time to reading it.
func (f *filtering) refilter() tea.Cmd {
	layers := f.active()
	if len(layers) == 0 || f.covers == nil {
		return f.search()
	}
	if f.covers.Len() == f.snapshot.Len() && !dependsOn(layers, "iforest", "rforest", "detection:") {
		return nil
	}
	f.stale = true
	if f.stop != nil || f.ticking {
		return nil
	}
	return f.tick()
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

func (f *filtering) tick() tea.Cmd {
	f.ticking = true
	id := f.id
	return screen.Work(tea.Tick(max(settle, 4*f.took), func(time.Time) tea.Msg { return filterDue{id} }))
}

// search looks for what the active layers select, in the background, and
// publishes it as it is found.
func (f *filtering) search() tea.Cmd {
	if f.stop != nil {
		f.stop()
		f.stop = nil
	}
	f.id++
	f.stale, f.err = false, nil
	s := f.snapshot
	f.covers = s
	if s == nil {
		return nil
	}
	layers := f.active()
	if len(layers) == 0 {
		f.shown = message.Filtered{Entries: message.All(s.Len()), Connections: message.All(s.Connections.Len())}
		return tell(f.shown)
	}
	ctx, cancel := context.WithCancel(f.ctx)
	f.stop = cancel
	q := query{id: f.id, snapshot: s, labels: f.labels, layers: layers, text: f.analysis.Statements(&s.Log)}
	to := make(chan tea.Msg, 1)
	f.group.Go(func() {
		defer close(to)
		began := time.Now()
		last, err := q.run(ctx, to)
		last.took, last.done, last.err, last.from = time.Since(began), true, err, nil
		select {
		case to <- last:
		case <-ctx.Done():
		}
	})
	return screen.Work(listen(to))
}

// suggest looks for values in the log that are spelt like that of the only filter, which
// selects nothing of it.
func (f *filtering) suggest() tea.Cmd {
	on := f.active()
	if len(on) != 1 || f.err != nil || !f.covers.Loaded || f.shown.Entries.Len() > 0 {
		return nil
	}
	term, s, labels, id := on[0].title, f.covers, f.labels, f.id
	q := query{snapshot: s, labels: labels, text: f.analysis.Statements(&s.Log)}
	return screen.Work(func() tea.Msg {
		terms := filter.NewCompleter(s.Subject(labels, nil)).Near(term, mostNear)
		if len(terms) == 0 {
			return nil
		}
		found := nearFound{search: id, term: term}
		for _, near := range terms {
			parsed, err := filter.Parse(near)
			if err != nil {
				return nil
			}
			q.layers = []layer{{title: near, filter: parsed, on: true}}
			n, err := q.count(f.ctx)
			if err != nil {
				return nil
			}
			found.names = append(found.names, nearName{near, n})
		}
		return found
	})
}

// nearestFound carries the name that is spelt most like what was searched for in
// vain, for a notice.
type nearestFound struct{ notice, name string }

// nearest finds the name in the log that is spelt most like a text.
func (f *filtering) nearest(text, notice string) tea.Cmd {
	s, labels := f.snapshot, f.labels
	if s == nil {
		return nil
	}
	return screen.Work(func() tea.Msg {
		if name, ok := filter.NewCompleter(s.Subject(labels, nil)).NearestName(text); ok {
			return nearestFound{notice, name}
		}
		return nil
	})
}

// found shows what a search has found.
func (f *filtering) found(m filterFound) tea.Cmd {
	if m.id != f.id {
		return nil
	}
	if !m.done {
		f.shown = m.rows
		return tea.Batch(tell(m.rows), screen.Work(listen(m.from)))
	}
	f.stop()
	f.stop, f.behind, f.took, f.err = nil, false, m.took, m.err
	var cmds []tea.Cmd
	if m.err != nil {
		cmds = append(cmds, failed("filter", m.err))
		if m.rows.Entries == nil {
			m.rows = message.Filtered{Entries: message.All(0), Connections: message.All(0)}
			for _, l := range f.active() {
				m.rows.Active = append(m.rows.Active, l.named(f.snapshot))
			}
		}
	}
	f.shown = m.rows
	cmds = append(cmds, tell(m.rows), f.suggest())
	if f.stale && !f.ticking {
		cmds = append(cmds, f.tick())
	}
	return tea.Batch(cmds...)
}

// allFound reports whether all rows are found that the filters leave of the whole log.
func (f *filtering) allFound() bool {
	return f.snapshot != nil && f.snapshot.Loaded && f.stop == nil && !f.stale
}

func (f *filtering) searchDue(m filterDue) tea.Cmd {
	f.ticking = false
	if m.id != f.id || !f.stale {
		return nil
	}
	return f.search()
}

// collect makes the values ready that the filter prompt offers.
func (f *filtering) collect() tea.Cmd {
	s, labels := f.snapshot, f.labels
	if s == nil {
		return nil
	}
	return screen.Work(func() tea.Msg { return completerMade{filter.NewCompleter(s.Subject(labels, nil))} })
}

// edited looks ahead at what is typed: the folder of a file is read.
func (f *filtering) edited(text string) tea.Cmd {
	if at, ok := hostFile(text); ok {
		return f.paths.want(text[at:])
	}
	return nil
}

// complete offers what the log holds, once that was collected, and files.
func (f *filtering) complete(text string) (out []string) {
	if at, ok := hostFile(text); ok {
		for _, path := range f.paths.complete(text[at:]) {
			out = append(out, strings.TrimSuffix(text[:at], "host:@")+filter.HostFile(path))
		}
		return out
	}
	if f.completer == nil {
		return nil
	}
	return f.completer.Complete(text)
}

// hides reports whether the filters that are on hide an entry. It asks what is
// shown now where that is what they leave, and else returns true to be safe.
func (f *filtering) hides(entry int) bool {
	if !slices.ContainsFunc(f.stack, func(l layer) bool { return l.on }) {
		return false
	}
	if f.here != (narrowing{}) || f.shown.Entries == nil {
		return true
	}
	_, ok := f.shown.Entries.Find(entry)
	return !ok
}

// muted reports whether there is a filter that the place does not regard.
func (f *filtering) muted() bool {
	return slices.ContainsFunc(f.stack, func(l layer) bool { return l.on && l.muted })
}

// any reports whether there is a filter, on or off.
func (f *filtering) any() bool { return len(f.stack) > 0 }

// dropLast takes the last filter away.
func (f *filtering) dropLast() tea.Cmd {
	last := len(f.stack) - 1
	text := "filter taken away: "
	if l := f.stack[last]; !l.on {
		text = "filter taken away, which was off: "
	}
	text += f.stack[last].named(f.snapshot)
	return tea.Batch(say(text+"; u brings it back"), f.change(text, slices.Clone(f.stack[:last])))
}

// says returns what the place is narrowed to and the filters, and what they leave.
func (f *filtering) says() string {
	var on []string
	off := 0
	for _, l := range f.stack {
		if l.on && !l.muted {
			on = append(on, l.named(f.snapshot))
		} else {
			off++
		}
	}
	var parts []string
	if f.here.only != nil {
		parts = append(parts, "only "+f.here.only.named(f.snapshot))
	}
	if len(on) > 0 {
		parts = append(parts, "filter: "+strings.Join(on, "; "))
	}
	switch {
	case off > 0 && len(parts) == 0:
		parts = append(parts, widget.Number(off, "filter", "filters")+", off: F lists")
	case off > 0:
		parts[len(parts)-1] += " (" + widget.Number(off, "filter", "filters") + " off)"
	}
	text := strings.Join(parts, "; ")
	if len(f.active()) == 0 {
		return text
	}
	switch shown := f.shown; {
	case f.stop != nil && (shown.Entries == nil || len(shown.Active) == 0):
		text += ", searching"
	case shown.Entries != nil && f.snapshot != nil:
		text = widget.Count(shown.Entries.Len()) + " of " + widget.Count(f.snapshot.Len()) + " " + text
		if f.stop != nil {
			text += ", searching"
		}
	}
	return text
}
