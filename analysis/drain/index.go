package drain

import (
	"cmp"
	"hash/maphash"
	"math/bits"
	"slices"
)

// maxScanned is how many clusters a leaf holds before it gets an index. Up to
// there looking at them one by one is faster, and real logs stay far below; a log
// made of thousands of statements of one length that share few words does not.
const maxScanned = 64

// An index finds the clusters of a leaf by their literal tokens.
//
// A cluster that has at least k of the n tokens of a line has one of any n-k+1 of
// them. So it is enough to look at the clusters listed under the n-k+1 tokens that
// the fewest clusters have, and the words that all have in common are never
// among those.
//
// Lists are by hash, and a cluster stays in the lists of the literals that it has
// lost. Both only make lists longer than they need be: every cluster found is
// compared token by token, unless the traces of its tokens rule it out.
type index struct {
	seed  maphash.Seed // changes from run to run; no result depends on it
	lists map[uint64][]listed
	found [][]listed // by token of the present line
	query int        // number of the present line
}

// listed is a cluster in a list. In a log that was written to be slow clusters lie
// all over the memory, and to look at one costs more than all else.
type listed struct {
	cluster *cluster
	traces  traces
}

// traces are a byte of the hash of each of the first tokens: equal ones for equal
// tokens. They count only where they are of all tokens.
type traces uint64

const maxTraces = 8

func (t traces) with(place int, hash uint64) traces {
	if place < maxTraces {
		t |= traces(hash>>56) << (8 * place)
	}
	return t
}

// atMost returns how many of n tokens two lines have in common at most.
func (t traces) atMost(o traces, n int) int {
	if n > maxTraces {
		return n
	}
	differ := uint64(t ^ o)
	differ = (differ&^highBits + ^uint64(highBits) | differ) & highBits
	return n - bits.OnesCount64(differ)
}

func newIndex(clusters []*cluster) *index {
	x := &index{seed: maphash.MakeSeed(), lists: make(map[uint64][]listed)}
	for _, c := range clusters {
		x.add(c)
	}
	return x
}

func (x *index) add(c *cluster) {
	l := listed{cluster: c}
	for i := range c.template.ends {
		l.traces = l.traces.with(i, maphash.String(x.seed, c.template.token(i)))
	}
	for _, r := range c.template.runs {
		for i := r.first; i <= r.last; i++ {
			key := x.key(i, maphash.String(x.seed, c.template.token(i)))
			x.lists[key] = append(x.lists[key], l)
		}
	}
}

// key hashes a token, given its own hash, and its place.
func (x *index) key(place int, hash uint64) uint64 {
	return hash ^ uint64(place)*0x9e3779b97f4a7c15
}

// search returns the cluster that the line joins, or nil if none has at least
// least tokens of it; least must not be 0.
func (x *index) search(l scanned, least int) *cluster {
	x.query++
	x.found = x.found[:0]
	var own traces
	for i := range l.ends {
		hash := maphash.Bytes(x.seed, l.token(i))
		own = own.with(i, hash)
		x.found = append(x.found, x.lists[x.key(i, hash)])
	}
	slices.SortFunc(x.found, func(a, b []listed) int { return cmp.Compare(len(a), len(b)) })
	best := candidate{}
	n := len(l.ends)
	for _, list := range x.found[:n-least+1] {
		for _, e := range list {
			if own.atMost(e.traces, n) < max(least, best.matches) {
				continue
			}
			c := e.cluster
			if c.query == x.query || c.template.literals < best.matches {
				continue
			}
			c.query = x.query
			if cand := (candidate{c, c.template.matches(l)}); cand.matches >= least && cand.beats(best) {
				best = cand
			}
		}
	}
	return best.cluster
}
