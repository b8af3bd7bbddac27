package drain

import (
	"cmp"
	"hash/maphash"
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
// compared token by token.
type index struct {
	seed  maphash.Seed // changes from run to run; no result depends on it
	lists map[uint64][]*cluster
	found [][]*cluster // by token of the present line
	query int          // number of the present line
}

func newIndex(clusters []*cluster) *index {
	x := &index{seed: maphash.MakeSeed(), lists: make(map[uint64][]*cluster)}
	for _, c := range clusters {
		x.add(c)
	}
	return x
}

func (x *index) add(c *cluster) {
	for _, r := range c.template.runs {
		for i := r.first; i <= r.last; i++ {
			key := x.key(i, maphash.String(x.seed, c.template.token(i)))
			x.lists[key] = append(x.lists[key], c)
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
	for i := range l.ends {
		x.found = append(x.found, x.lists[x.key(i, maphash.Bytes(x.seed, l.token(i)))])
	}
	slices.SortFunc(x.found, func(a, b []*cluster) int { return cmp.Compare(len(a), len(b)) })
	best := candidate{}
	for _, list := range x.found[:len(x.found)-least+1] {
		for _, c := range list {
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
