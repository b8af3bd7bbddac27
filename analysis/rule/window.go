package rule

import "slices"

// window slides over the occurrences of one group after the other, each in order of
// time.
type window struct {
	*Correlated
	refs      []uint32 // by rule, the first place of it in the correlation
	different int      // rules
	list      []occurrence
	from      int // the first occurrence in the window
	tally
	chain chain

	open       bool // a match is being built:
	start, end int  // of its occurrences
	reached    int
	maximum    int
	found      []*Match
}

// tally counts what is in a window.
type tally struct {
	seen    map[uint32]int // values, or rules of the temporal types, with their occurrences
	parts   map[*Match]int // matches of other correlations, with their occurrences
	entries int            // different entries and logins
}

func newWindow(c *Correlated) *window {
	w := &window{Correlated: c, tally: tally{seen: map[uint32]int{}, parts: map[*Match]int{}}}
	for i, r := range c.Rules {
		ref := slices.Index(c.Rules, r)
		if w.refs = append(w.refs, uint32(ref)); ref == i {
			w.different++
		}
	}
	return w
}

// slide lets each occurrence of a group end a window and joins those of which the
// condition is true.
func (w *window) slide(list []occurrence) []*Match {
	w.list, w.from, w.entries, w.found = list, 0, 0, nil
	clear(w.seen)
	clear(w.parts)
	if w.Type == TemporalOrdered {
		w.chain = newChain(w.refs)
	}
	for i := range list {
		for list[i].Time-list[w.from].Time > w.Timespan.Microseconds() {
			w.count(w.from, -1)
			w.from++
		}
		w.count(i, 1)
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
	figure = w.entries + len(w.parts)
	switch w.Type {
	case ValueCount:
		figure = len(w.seen)
	case Temporal:
		return figure, len(w.seen) == w.different
	case TemporalOrdered:
		start := w.chain.add(&w.list[i], 1)[len(w.refs)-1]
		return figure, start != never && w.list[i].Time-start <= w.Timespan.Microseconds()
	}
	for _, b := range w.Bounds {
		if b.Op == "gt" && figure <= b.Value || (b.Op == "gte" || b.Op == "eq") && figure < b.Value {
			return figure, false
		}
	}
	return figure, true
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
		list = onChains(list, w.refs, w.Timespan.Microseconds())
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
