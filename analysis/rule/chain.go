package rule

import (
	"math"
	"slices"
)

// chain finds hits of rules in their order, each of another entry: A-B-C in
// A-C-B-C, and none in A-C-B.
type chain struct {
	rules  []uint32 // by position, the place of the rule in the correlation
	latest []int64  // by position, the latest start of a chain that has come so far
	next   []int64  // the same with the hits of the present entry
	entry  int      // the present one
	began  int64    // the start of the chain that the present hit completes
}

const (
	never   = math.MinInt64 // no chain has come so far
	notEver = math.MaxInt64 // no chain goes on from here
)

func newChain(c *Correlated) chain {
	n := len(c.Rules)
	ch := chain{latest: make([]int64, n), next: make([]int64, n), entry: -1}
	for i, r := range c.Rules {
		ch.rules = append(ch.rules, uint32(slices.Index(c.Rules, r)))
		ch.latest[i], ch.next[i] = never, never
	}
	return ch
}

// add takes the next hit. What it adds counts for later entries only.
func (c *chain) add(o *occurrence) {
	if o.Entry != c.entry {
		copy(c.latest, c.next)
		c.entry = o.Entry
	}
	c.began = never
	for k, ref := range c.rules {
		if ref != o.ref {
			continue
		}
		start := c.start(k, o.Time)
		c.next[k] = max(c.next[k], start)
		if k == len(c.rules)-1 {
			c.began = start
		}
	}
}

// start is the latest start of a chain that has a hit at a time in position k.
func (c *chain) start(k int, at int64) int64 {
	if k == 0 {
		return at
	}
	return c.latest[k-1]
}

// complete reports whether the hit that was added last ends a chain within a span.
func (c *chain) complete(o *occurrence, span int64) bool {
	return c.began != never && o.Time-c.began <= span
}

// evidence returns the occurrences that are on a chain within a span: those for
// which the latest start before and the earliest end behind lie no further apart.
func (c *chain) evidence(list []occurrence, span int64) []occurrence {
	n := len(c.rules)
	starts := make([]int64, len(list)*n)
	forward := chain{rules: c.rules, latest: slices.Repeat([]int64{never}, n), next: slices.Repeat([]int64{never}, n), entry: -1}
	for i := range list {
		forward.add(&list[i])
		for k := range n {
			starts[i*n+k] = forward.start(k, list[i].Time)
		}
	}
	var out []occurrence
	earliest, next, entry := slices.Repeat([]int64{notEver}, n), slices.Repeat([]int64{notEver}, n), -1
	for i := len(list) - 1; i >= 0; i-- {
		o := &list[i]
		if o.Entry != entry {
			copy(earliest, next)
			entry = o.Entry
		}
		on := false
		for k, ref := range c.rules {
			if ref != o.ref {
				continue
			}
			end := o.Time
			if k < n-1 {
				end = earliest[k+1]
			}
			next[k] = min(next[k], end)
			start := starts[i*n+k]
			on = on || start != never && end != notEver && end-start <= span
		}
		if on {
			out = append(out, *o)
		}
	}
	slices.Reverse(out)
	return out
}
