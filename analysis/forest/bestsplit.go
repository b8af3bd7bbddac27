package forest

import (
	"context"
	"slices"

	"sqleuth/analysis/forest/internal/numpyrand"
)

// drawn is a cell that the bootstrap of a tree has met.
type drawn struct {
	weight float64 // how often; integers in float64 add without rounding
	row    int32
	class  int32
}

// giniGrower grows the classification trees of a random forest, one after
// another, by the best split of Gini impurity.
type giniGrower struct {
	rows    *Ranked
	classes int
	most    int // features that a node tries: max(1, floor(sqrt(D)))

	ctx     context.Context // of the tree that is being grown
	tree    Tree
	walk    featureWalk
	samples []drawn
	stack   []pending

	// the node that is being split
	node     []drawn
	total    []float64 // weight by class
	weight   float64
	impurity float64
	best     giniSplit

	// one feature of it
	left   []float64 // weight by class below the boundary
	counts []float64 // weight by rank and class
	keys   []uint64  // rank and sample, for nodes too sparse to count
}

// giniSplit is the best boundary that a node has found so far.
type giniSplit struct {
	found       bool
	proxy       float64
	feature     int
	rank        int32 // greatest rank on the left
	threshold   float64
	leftWeight  float64
	left, right float64 // impurities
}

func newGiniGrower(rows *Ranked, classes int) *giniGrower {
	most := 1
	for (most+1)*(most+1) <= rows.matrix.Features {
		most++
	}
	return &giniGrower{
		rows: rows, classes: classes, most: most,
		total: make([]float64, classes), left: make([]float64, classes),
	}
}

// gini is 1 - sum(count^2)/weight^2.
func gini(counts []float64, weight float64) float64 {
	var squares float64
	for _, n := range counts {
		squares += float64(n * n)
	}
	return 1 - squares/float64(weight*weight)
}

// grow makes the tree of a bootstrap, given how often each cell was drawn. The
// tree is overwritten by the next call.
func (g *giniGrower) grow(ctx context.Context, seed uint32, counts []uint32) (*Tree, error) {
	g.ctx = ctx
	splitter := numpyrand.FirstSeed31(seed)
	g.tree.reset(seed, splitter, g.classes)
	g.walk.reset(g.rows.matrix.Features, splitter)
	g.samples = g.samples[:0]
	var weight float64
	for cell, n := range counts {
		if n > 0 {
			g.samples = append(g.samples, drawn{float64(n), int32(cell / g.classes), int32(cell % g.classes)})
			weight += float64(n)
		}
	}
	g.stack = append(g.stack[:0], pending{end: len(g.samples), parent: NoChild})
	for len(g.stack) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p := g.stack[len(g.stack)-1]
		g.stack = g.stack[:len(g.stack)-1]
		g.visit(p, weight)
	}
	return &g.tree, ctx.Err()
}

// visit adds one node to the tree and, if it can be split, its children to the
// stack; the left one on top, so that its subtree is numbered first.
func (g *giniGrower) visit(p pending, rootWeight float64) {
	g.node = g.samples[p.start:p.end]
	clear(g.total)
	g.weight = 0
	for _, s := range g.node {
		g.total[s.class] += s.weight
		g.weight += s.weight
	}
	g.impurity = p.impurity
	if p.parent == NoChild {
		g.impurity = gini(g.total, g.weight)
	}
	node := g.tree.add(p, g.impurity, g.weight)
	g.tree.Value = append(g.tree.Value, g.total...)
	if g.impurity <= epsilon {
		return
	}

	g.best = giniSplit{}
	known := g.walk.visit(p.known, g.most, g.try)
	best := g.best
	if !best.found || improvement(rootWeight, g.weight, g.impurity,
		best.leftWeight, best.left, g.weight-best.leftWeight, best.right)+epsilon < 0 {
		return
	}
	g.tree.branch(node, best.feature, best.threshold)
	middle := p.start + g.partition(best.feature, best.rank)
	g.stack = append(g.stack,
		pending{middle, p.end, node, true, known, p.depth + 1, best.right},
		pending{p.start, middle, node, false, known, p.depth + 1, best.left})
}

// improvement is the weighted loss of impurity by a split.
func improvement(rootWeight, weight, impurity, leftWeight, left, rightWeight, right float64) float64 {
	return float64(weight / rootWeight *
		(impurity - float64(rightWeight/weight*right) - float64(leftWeight/weight*left)))
}

// partition moves the samples up to a rank to the front and returns how many
// there are. Their order does not matter: all later sums are of integers.
func (g *giniGrower) partition(feature int, rank int32) int {
	from, to := 0, len(g.node)
	for from < to {
		if g.rank(g.node[from].row, feature) <= rank {
			from++
		} else {
			to--
			g.node[from], g.node[to] = g.node[to], g.node[from]
		}
	}
	return to
}

func (g *giniGrower) rank(row int32, feature int) int32 {
	return g.rows.ranks[int(row)*g.rows.matrix.Features+feature]
}

// try offers all boundaries of a feature to the node's best split, in
// ascending order, or reports that the feature is constant in the node.
func (g *giniGrower) try(feature int) (constant bool) {
	lowest, highest := g.rank(g.node[0].row, feature), g.rank(g.node[0].row, feature)
	for _, s := range g.node[1:] {
		r := g.rank(s.row, feature)
		lowest, highest = min(lowest, r), max(highest, r)
	}
	if lowest == highest || g.ctx.Err() != nil {
		// A cancelled tree is thrown away, so this may end its search.
		return true
	}
	// Counting visits every rank between the two; sorting visits every
	// sample a few times, and more slowly.
	if (int(highest-lowest)+1)*g.classes <= 16*len(g.node)+64 {
		g.scanCounted(feature, lowest, highest)
	} else {
		g.scanSorted(feature)
	}
	return false
}

func (g *giniGrower) scanCounted(feature int, lowest, highest int32) {
	size := (int(highest-lowest) + 1) * g.classes
	g.counts = slices.Grow(g.counts[:0], size)[:size]
	clear(g.counts)
	for _, s := range g.node {
		g.counts[int(g.rank(s.row, feature)-lowest)*g.classes+int(s.class)] += s.weight
	}
	clear(g.left)
	var leftWeight float64
	before := lowest
	for r := lowest; r <= highest; r++ {
		counts := g.counts[int(r-lowest)*g.classes:][:g.classes]
		var here float64
		for _, n := range counts {
			here += n
		}
		if here == 0 {
			continue
		}
		if r > lowest {
			g.consider(feature, before, r, leftWeight)
		}
		for c, n := range counts {
			g.left[c] += n
		}
		leftWeight += here
		before = r
	}
}

func (g *giniGrower) scanSorted(feature int) {
	g.keys = g.keys[:0]
	for i, s := range g.node {
		g.keys = append(g.keys, uint64(g.rank(s.row, feature))<<32|uint64(i))
	}
	slices.Sort(g.keys)
	clear(g.left)
	var leftWeight float64
	before := int32(g.keys[0] >> 32)
	for _, key := range g.keys {
		if r := int32(key >> 32); r > before {
			g.consider(feature, before, r, leftWeight)
			before = r
		}
		s := g.node[uint32(key)]
		g.left[s.class] += s.weight
		leftWeight += s.weight
	}
}

// consider compares the boundary between two neighbouring ranks with the best
// one so far. Of equals the first stays: the feature that was drawn first,
// then the lowest threshold.
func (g *giniGrower) consider(feature int, below, above int32, leftWeight float64) {
	rightWeight := g.weight - leftWeight
	var leftSquares, rightSquares float64
	for c, l := range g.left {
		r := g.total[c] - l
		leftSquares += float64(l * l)
		rightSquares += float64(r * r)
	}
	left := 1 - leftSquares/float64(leftWeight*leftWeight)
	right := 1 - rightSquares/float64(rightWeight*rightWeight)
	proxy := float64(-rightWeight*right) - float64(leftWeight*left)
	if g.best.found && proxy <= g.best.proxy {
		return
	}
	values := g.rows.distinct[feature]
	g.best = giniSplit{
		found: true, proxy: proxy, feature: feature, rank: below,
		// Halved first, as there; exact for the float32 values that occur.
		threshold:  values[below]/2 + values[above]/2,
		leftWeight: leftWeight, left: left, right: right,
	}
}
