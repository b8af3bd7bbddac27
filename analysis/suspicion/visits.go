package suspicion

import (
	"cmp"
	"slices"
)

// visit is a connection that is suspicious by itself.
type visit struct {
	time  int64
	conn  uint32
	score float32
}

func compareVisits(x, y visit) int {
	return cmp.Or(cmp.Compare(x.time, y.time), cmp.Compare(x.conn, y.conn))
}

// visits are those of an account. Somebody can make a hundred thousand within an hour to hide one,
// so the most suspicious of a span is looked up in a tree.
type visits struct {
	list []visit // in order of time
	// tree holds for node k from 1 on which of the list is the most suspicious below it: its
	// children are 2k and 2k+1, and from len(list) on the list itself follows.
	tree []uint32
}

// sort puts the list in order and builds the tree.
func (v *visits) sort() {
	slices.SortFunc(v.list, compareVisits)
	v.tree = make([]uint32, len(v.list))
	for k := len(v.list) - 1; k > 0; k-- {
		v.tree[k] = v.better(v.at(2*k), v.at(2*k+1))
	}
}

// at returns the most suspicious below a node.
func (v *visits) at(node int) uint32 {
	if n := len(v.list); node >= n {
		return uint32(node - n)
	}
	return v.tree[node]
}

// better returns the more suspicious of two, the first of equal ones.
func (v *visits) better(i, j uint32) uint32 {
	if x, y := v.list[i].score, v.list[j].score; y > x || y == x && j < i {
		return j
	}
	return i
}

// most returns the most suspicious visit from one time to another, both included, but for
// one of them; false for none.
func (v *visits) most(from, to int64, but visit) (most visit, ok bool) {
	of := func(x visit) int {
		k, _ := slices.BinarySearchFunc(v.list, x, compareVisits)
		return k
	}
	lo, hi := of(visit{time: from}), of(visit{time: to + 1})
	own := of(but)
	next := own
	if own < len(v.list) && v.list[own].conn == but.conn {
		next++
	}
	var best uint32
	take := func(node int) {
		if i := v.at(node); !ok {
			best, ok = i, true
		} else {
			best = v.better(best, i)
		}
	}
	n := len(v.list)
	for _, span := range [2][2]int{{lo, min(own, hi)}, {max(lo, next), hi}} {
		for l, r := span[0]+n, span[1]+n; l < r; l, r = l/2, r/2 {
			if l%2 == 1 {
				take(l)
				l++
			}
			if r%2 == 1 {
				r--
				take(r)
			}
		}
	}
	if !ok {
		return most, false
	}
	return v.list[best], true
}
