package forest

import "sqleuth/analysis/forest/internal/numpyrand"

// epsilon is the impurity below which a node is pure, and the loss of
// impurity that rounding may feign.
const epsilon = 1.0 / (1 << 52)

// featureWalk chooses the features that a node tries: a Fisher-Yates walk over
// an array that lives as long as the tree. Features that are constant in a
// node are remembered at the front for its descendants, so that they are not
// looked at again; resetting the arrays between nodes would change every later
// draw.
type featureWalk struct {
	rng      numpyrand.Xorshift
	order    []int
	constant []int
}

func (w *featureWalk) reset(features int, splitter uint32) {
	w.rng = numpyrand.Xorshift(splitter)
	w.order = w.order[:0]
	for f := range features {
		w.order = append(w.order, f)
	}
	if len(w.constant) < features {
		w.constant = make([]int, features)
	}
}

// visit draws features for one node and offers them to try, which reports that
// a feature is constant in the node, or else evaluates it. It stops after most
// features, but goes on while only constant ones were seen. known is the
// number of features that an ancestor found constant; the number known to the
// children is returned.
func (w *featureWalk) visit(known, most int, try func(feature int) (constant bool)) (total int) {
	var visited, found, drawn int
	total = known
	left := len(w.order)
	order := w.order
	for left > total && (visited < most || visited <= found+drawn) {
		visited++
		j := w.rng.Int(drawn, left-found)
		if j < known {
			order[drawn], order[j] = order[j], order[drawn]
			drawn++
			continue
		}
		j += found
		if try(order[j]) {
			order[j], order[total] = order[total], order[j]
			found++
			total++
			continue
		}
		left--
		order[left], order[j] = order[j], order[left]
	}
	copy(order[:known], w.constant)
	copy(w.constant[known:known+found], order[known:])
	return total
}
