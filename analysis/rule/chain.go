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
	now    []int64  // the same of the present hit alone
	entry  int      // the present one
}

// never is the start of no chain.
const never = math.MinInt64

func newChain(rules []uint32) chain {
	none := slices.Repeat([]int64{never}, len(rules))
	return chain{rules: rules, latest: slices.Clone(none), next: slices.Clone(none), now: none, entry: -1}
}

// add takes the next hit, at its time or, with direction -1, that of a clock that goes
// back. It returns by position the latest start of a chain that has the hit there.
// What it adds counts for later entries only.
func (c *chain) add(o *occurrence, direction int64) []int64 {
	if o.Entry != c.entry {
		copy(c.latest, c.next)
		c.entry = o.Entry
	}
	for k, ref := range c.rules {
		switch {
		case ref != o.ref:
			c.now[k] = never
		case k == 0:
			c.now[k] = o.Time * direction
		default:
			c.now[k] = c.latest[k-1]
		}
		c.next[k] = max(c.next[k], c.now[k])
	}
	return c.now
}

// onChains returns the occurrences that are on a chain within a span: those for which
// the latest start before and the earliest end behind lie no further apart. The ends
// are the starts of the chains that go from the last rule and hit to the first.
func onChains(list []occurrence, rules []uint32, span int64) (on []occurrence) {
	n := len(rules)
	var starts []int64
	forward := newChain(rules)
	for i := range list {
		starts = append(starts, forward.add(&list[i], 1)...)
	}
	back := slices.Clone(rules)
	slices.Reverse(back)
	backward := newChain(back)
	for i := len(list) - 1; i >= 0; i-- {
		ends := backward.add(&list[i], -1)
		for k, start := range starts[i*n:][:n] {
			if end := ends[n-1-k]; start != never && end != never && -end-start <= span {
				on = append(on, list[i])
				break
			}
		}
	}
	slices.Reverse(on)
	return on
}
