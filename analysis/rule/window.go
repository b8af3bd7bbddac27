package rule

import "slices"

// window slides over the occurrences of one group in order of time.
type window struct {
	*Correlated
	list []occurrence
	span int64
	from int // the first occurrence in the window
	tally
	chain chain

	open       bool // a match is being built:
	start, end int  // of its occurrences
	reached    int
	maximum    int
	found      []*Match
}

func newWindow(r *Rule, list []occurrence) *window {
	c := r.Correlated
	w := &window{Correlated: c, list: list, span: c.Timespan.Microseconds()}
	w.tally = tally{seen: map[uint32]int{}, parts: map[*Match]int{}}
	if c.Type == TemporalOrdered {
		w.chain = newChain(c)
	}
	return w
}

// least returns how many hits a group must have for any match.
func (c *Correlated) least() int {
	least := 1
	switch c.Type {
	case Temporal:
		least = c.distinctRules()
	case TemporalOrdered:
		least = len(c.Rules)
	}
	for _, b := range c.Bounds {
		switch b.Op {
		case "gt":
			least = max(least, b.Value+1)
		case "gte", "eq":
			least = max(least, b.Value)
		}
	}
	return least
}

// slide lets each occurrence end a window and joins those of which the condition is
// true.
func (w *window) slide() []*Match {
	for i := range w.list {
		for w.list[i].Time-w.list[w.from].Time > w.span {
			w.count(w.from, -1)
			w.from++
		}
		w.count(i, 1)
		if w.Type == TemporalOrdered {
			w.chain.add(&w.list[i])
		}
		if figure, ok := w.holds(i); ok {
			w.extend(i, figure)
		}
	}
	w.close()
	return w.found
}

// holds returns the figure of the window that ends with occurrence i, and whether a
// match begins or goes on with it.
func (w *window) holds(i int) (figure int, ok bool) {
	switch w.Type {
	case EventCount:
		figure = w.entries + len(w.parts)
	case ValueCount:
		figure = len(w.seen)
	case Temporal:
		return w.entries + len(w.parts), len(w.seen) == w.distinctRules()
	case TemporalOrdered:
		return w.entries + len(w.parts), w.chain.complete(&w.list[i], w.span)
	}
	for _, b := range w.Bounds {
		switch b.Op {
		case "gt", "gte":
			ok = compare(b.Op, float64(figure), float64(b.Value))
		case "eq":
			ok = figure >= b.Value
		default:
			continue
		}
		if !ok {
			return figure, false
		}
	}
	return figure, true
}

func (c *Correlated) distinctRules() int {
	n := 0
	for i, r := range c.Rules {
		if slices.Index(c.Rules, r) == i {
			n++
		}
	}
	return n
}

// extend adds the window to the open match, or begins another where they have no
// occurrence in common.
func (w *window) extend(i, figure int) {
	if !w.open || w.from > w.end {
		w.close()
		w.open, w.start, w.reached, w.maximum = true, w.from, i, 0
	}
	w.end, w.maximum = i, max(w.maximum, figure)
}

// close completes the open match if the bounds hold for the fullest of its windows.
func (w *window) close() {
	if !w.open {
		return
	}
	w.open = false
	for _, b := range w.Bounds {
		if !compare(b.Op, float64(w.maximum), float64(b.Value)) {
			return
		}
	}
	list := w.list[w.start : w.end+1]
	reached := w.list[w.reached].Hit
	if w.Type == TemporalOrdered {
		list = w.chain.evidence(list, w.span)
	}
	w.found = append(w.found, newMatch(list, reached, w.maximum))
}

// newMatch makes a match of occurrences, each entry once.
func newMatch(list []occurrence, reached Hit, maximum int) *Match {
	m := &Match{Maximum: maximum, Hits: make([]Hit, 0, len(list))}
	parts := map[*Match]bool{}
	for i := range list {
		o := &list[i]
		if o.part != nil && !parts[o.part] {
			parts[o.part] = true
			m.Parts = append(m.Parts, o.part)
		}
		if n := len(m.Hits); n > 0 && m.Hits[n-1].Entry == o.Entry {
			continue
		}
		if o.Hit.compare(reached) <= 0 {
			m.Reached = len(m.Hits)
		}
		m.Hits = append(m.Hits, o.Hit)
	}
	m.Count = len(m.Hits)
	return m
}

// tally counts what is in a window.
type tally struct {
	seen    map[uint32]int // values, or rules of the temporal types, with their occurrences
	parts   map[*Match]int // matches of other correlations, with their occurrences
	entries int            // different entries and logins
}

// leading reports whether occurrence i is the first of its entry. Those of one
// entry are neighbours and of one time, so they enter and leave windows together;
// hits of matches come behind.
func (w *window) leading(i int) bool {
	return i == 0 || w.list[i-1].Entry != w.list[i].Entry
}

// count adds occurrence i to the tally, or with -1 takes it off.
func (w *window) count(i, by int) {
	o := &w.list[i]
	what := o.value
	if w.Type != ValueCount {
		what = o.ref
	}
	if w.Type == ValueCount || w.Type == Temporal {
		bump(w.seen, what, by)
	}
	switch {
	case o.part != nil:
		bump(w.parts, o.part, by)
	case w.leading(i):
		w.entries += by
	}
}

func bump[K comparable](m map[K]int, k K, by int) {
	if m[k] += by; m[k] == 0 {
		delete(m, k)
	}
}
