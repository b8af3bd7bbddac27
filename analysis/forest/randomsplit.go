package forest

import "sqleuth/analysis/forest/internal/numpyrand"

// isolationGrower grows isolation trees, one after another: a random feature
// and a random threshold per node. Scikit-learn grows them as regression trees
// on random targets, which matter only where they make a node pure, but then
// visibly.
type isolationGrower struct {
	matrix   Matrix
	maxDepth int

	tree    Tree
	walk    featureWalk
	samples []isolated
	stack   []pending

	// the node that is being split
	node  []isolated
	split struct {
		found     bool
		feature   int
		threshold float64
	}
}

// isolated is an entry that a tree's sample holds.
type isolated struct {
	row    int32
	target float64
}

// grow makes one tree of samples in ascending order of their positions. The
// tree is overwritten by the next call.
func (g *isolationGrower) grow(seed uint32, samples []isolated) *Tree {
	splitter := numpyrand.FirstSeed31(seed)
	g.tree.reset(seed, splitter, 1)
	g.walk.reset(g.matrix.Features, splitter)
	g.samples = append(g.samples[:0], samples...)
	g.stack = append(g.stack[:0], pending{end: len(samples), parent: NoChild})
	for len(g.stack) > 0 {
		p := g.stack[len(g.stack)-1]
		g.stack = g.stack[:len(g.stack)-1]
		g.visit(p)
	}
	return &g.tree
}

// variance is the mean of squares less the square of the mean.
func variance(sum, squares, n float64) float64 {
	return squares/n - float64(sum/n*(sum/n))
}

// visit adds one node to the tree and, if it can be split, its children to the
// stack; the left one on top, so that its subtree is numbered first.
func (g *isolationGrower) visit(p pending) {
	g.node = g.samples[p.start:p.end]
	n := float64(len(g.node))
	var sum, squares float64
	for _, s := range g.node {
		sum += s.target
		squares += float64(s.target * s.target)
	}
	impurity := p.impurity
	if p.parent == NoChild {
		impurity = variance(sum, squares, n)
	}
	node := g.tree.add(p, impurity, n)
	g.tree.Value = append(g.tree.Value, sum/n)
	if p.depth >= g.maxDepth || len(g.node) < 2 || impurity <= epsilon {
		return
	}

	g.split.found = false
	known := g.walk.visit(p.known, 1, g.try)
	if !g.split.found {
		return
	}
	at := g.partition()
	leftSum, leftSquares := g.leftTargets(at, sum)
	leftN, rightN := float64(at), float64(len(g.node)-at)
	left := variance(leftSum, leftSquares, leftN)
	right := variance(sum-leftSum, squares-leftSquares, rightN)
	if improvement(float64(len(g.samples)), n, impurity, leftN, left, rightN, right)+epsilon < 0 {
		return
	}
	g.tree.branch(node, g.split.feature, g.split.threshold)
	middle := p.start + at
	g.stack = append(g.stack,
		pending{middle, p.end, node, true, known, p.depth + 1, right},
		pending{p.start, middle, node, false, known, p.depth + 1, left})
}

// try draws a threshold between the extremes of a feature in the node, or
// reports that it is constant there.
func (g *isolationGrower) try(feature int) (constant bool) {
	lowest := g.matrix.value(g.node[0].row, feature)
	highest := lowest
	for _, s := range g.node[1:] {
		v := g.matrix.value(s.row, feature)
		lowest, highest = min(lowest, v), max(highest, v)
	}
	if lowest == highest {
		return true
	}
	threshold := g.walk.rng.Uniform(lowest, highest)
	if threshold == highest {
		threshold = lowest
	}
	g.split.found, g.split.feature, g.split.threshold = true, feature, threshold
	return false
}

// partition moves the samples up to the threshold to the front and returns how
// many there are. The sums of targets in the subtrees depend on the order that
// this leaves, so it has to move them as scikit-learn does.
func (g *isolationGrower) partition() int {
	from, to := 0, len(g.node)
	for from < to {
		if g.matrix.value(g.node[from].row, g.split.feature) <= g.split.threshold {
			from++
		} else {
			to--
			g.node[from], g.node[to] = g.node[to], g.node[from]
		}
	}
	return to
}

// leftTargets returns the sum and the sum of squares of the targets of the
// first at samples. The sum is taken from the shorter side, as scikit-learn
// does, and therefore rounds differently from a plain one.
func (g *isolationGrower) leftTargets(at int, total float64) (sum, squares float64) {
	if at <= len(g.node)-at {
		for _, s := range g.node[:at] {
			sum += s.target
		}
	} else {
		sum = total
		for i := len(g.node) - 1; i >= at; i-- {
			sum -= g.node[i].target
		}
	}
	for _, s := range g.node[:at] {
		squares += float64(s.target * s.target)
	}
	return sum, squares
}
