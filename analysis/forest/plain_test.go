package forest

import (
	"math"
	"slices"
	"testing"

	"sqleuth/analysis/forest/internal/numpyrand"
)

// This file grows the same forests in the plainest way: on single entries, by
// sorting them, without ranks, cells, multiplicities or shared buffers. It is
// what the fast forests are compared with.

type plainData struct {
	rows    [][]int32 // one per entry
	class   []int
	classes int
}

func (d plainData) value(i, f int) float64 { return float64(float32(d.rows[i][f])) }

type plainNode struct {
	left, right, feature int
	threshold, impurity  float64
	samples              int
	weight               float64
	value                []float64
}

// plainTree is the part that both kinds of tree share.
type plainTree struct {
	data     plainData
	rng      numpyrand.Xorshift
	order    []int
	constant []int
	nodes    []plainNode
	most     int
	total    float64
	// stop and split are what the kinds differ in.
	stop  func(entries []int, depth int, impurity float64) bool
	stats func(entries []int) (impurity, weight float64, value []float64)
	split func(t *plainTree, entries []int, feature int, best *plainSplit)
}

type plainSplit struct {
	found                 bool
	feature               int
	threshold, proxy      float64
	leftImpurity, leftW   float64
	rightImpurity, rightW float64
	afterPartition        func(left, entries []int) (l, r, lw, rw float64)
}

func newPlainTree(d plainData, splitter uint32, most int) *plainTree {
	t := &plainTree{data: d, rng: numpyrand.Xorshift(splitter), most: most}
	for f := range d.rows[0] {
		t.order = append(t.order, f)
	}
	t.constant = make([]int, len(t.order))
	return t
}

func (t *plainTree) grow(entries []int, depth, known int, impurity float64, isRoot bool) int {
	own, weight, value := t.stats(entries)
	if isRoot {
		impurity = own
	}
	id := len(t.nodes)
	t.nodes = append(t.nodes, plainNode{
		left: NoChild, right: NoChild, feature: Leaf, threshold: Leaf,
		impurity: impurity, samples: len(entries), weight: weight, value: value,
	})
	if t.stop(entries, depth, impurity) {
		return id
	}
	var best plainSplit
	known = t.search(entries, known, &best)
	if !best.found {
		return id
	}
	// Exactly the partition of a splitter: it decides the order of sums.
	at, end := 0, len(entries)
	for at < end {
		if t.data.value(entries[at], best.feature) <= best.threshold {
			at++
		} else {
			end--
			entries[at], entries[end] = entries[end], entries[at]
		}
	}
	if best.afterPartition != nil {
		best.leftImpurity, best.rightImpurity, best.leftW, best.rightW = best.afterPartition(entries[:at], entries)
	}
	gain := impurity - float64(best.rightW/weight*best.rightImpurity) - float64(best.leftW/weight*best.leftImpurity)
	if float64(weight/t.total*gain)+0x1p-52 < 0 {
		return id
	}
	t.nodes[id].feature, t.nodes[id].threshold = best.feature, best.threshold
	l := t.grow(entries[:at], depth+1, known, best.leftImpurity, false)
	r := t.grow(entries[at:], depth+1, known, best.rightImpurity, false)
	t.nodes[id].left, t.nodes[id].right = l, r
	return id
}

func (t *plainTree) search(entries []int, known int, best *plainSplit) int {
	fi, visited, found, drawn, total := len(t.order), 0, 0, 0, known
	for fi > total && (visited < t.most || visited <= found+drawn) {
		visited++
		j := t.rng.Int(drawn, fi-found)
		if j < known {
			t.order[drawn], t.order[j] = t.order[j], t.order[drawn]
			drawn++
			continue
		}
		j += found
		f := t.order[j]
		lowest, highest := math.Inf(1), math.Inf(-1)
		for _, e := range entries {
			lowest, highest = min(lowest, t.data.value(e, f)), max(highest, t.data.value(e, f))
		}
		if float32(highest) <= float32(lowest)+float32(1e-7) {
			t.order[j], t.order[total] = t.order[total], t.order[j]
			found++
			total++
			continue
		}
		fi--
		t.order[fi], t.order[j] = t.order[j], t.order[fi]
		t.split(t, entries, f, best)
	}
	for i := range known {
		t.order[i] = t.constant[i]
	}
	for i := known; i < known+found; i++ {
		t.constant[i] = t.order[i]
	}
	return total
}

// plainRandomTree grows one tree of a random forest.
func plainRandomTree(d plainData, seed uint32) []plainNode {
	n := len(d.rows)
	weight := make([]float64, n)
	rng := numpyrand.New(seed)
	for range n {
		weight[rng.Below(uint32(n))]++
	}
	var entries []int
	for i, w := range weight {
		if w > 0 {
			entries = append(entries, i)
		}
	}
	t := newPlainTree(d, numpyrand.New(seed).Seed31(), max(1, int(math.Sqrt(float64(len(d.rows[0]))))))
	t.total = float64(n)
	count := func(entries []int) ([]float64, float64) {
		counts, total := make([]float64, d.classes), 0.0
		for _, e := range entries {
			counts[d.class[e]] += weight[e]
			total += weight[e]
		}
		return counts, total
	}
	impurity := func(entries []int) (float64, float64) {
		counts, total := count(entries)
		var squares float64
		for _, c := range counts {
			squares += float64(c * c)
		}
		return 1 - squares/(total*total), total
	}
	t.stats = func(entries []int) (float64, float64, []float64) {
		counts, _ := count(entries)
		g, w := impurity(entries)
		return g, w, counts
	}
	t.stop = func(_ []int, _ int, impurity float64) bool { return impurity <= 0x1p-52 }
	t.split = func(t *plainTree, entries []int, f int, best *plainSplit) {
		sorted := slices.Clone(entries)
		slices.SortStableFunc(sorted, func(a, b int) int { return int(d.value(a, f) - d.value(b, f)) })
		for i := 1; i < len(sorted); i++ {
			a, b := d.value(sorted[i-1], f), d.value(sorted[i], f)
			if a == b {
				continue
			}
			l, lw := impurity(sorted[:i])
			r, rw := impurity(sorted[i:])
			proxy := float64(-rw*r) - float64(lw*l)
			if !best.found || proxy > best.proxy {
				*best = plainSplit{found: true, feature: f, threshold: a/2 + b/2, proxy: proxy,
					leftImpurity: l, leftW: lw, rightImpurity: r, rightW: rw}
			}
		}
	}
	t.grow(entries, 0, 0, 0, true)
	return t.nodes
}

// plainIsolationTree grows one tree of an isolation forest; target has one
// element per entry.
func plainIsolationTree(d plainData, drawn []int32, target []float64, drawSeed uint32) []plainNode {
	var entries []int
	for _, p := range drawn {
		entries = append(entries, int(p))
	}
	slices.Sort(entries)
	treeSeed := numpyrand.New(drawSeed).Seed31()
	t := newPlainTree(d, numpyrand.New(treeSeed).Seed31(), 1)
	t.total = float64(len(entries))
	maxDepth := int(math.Ceil(math.Log2(float64(max(len(entries), 2)))))
	sums := func(entries []int) (sum, squares float64) {
		for _, e := range entries {
			sum += target[e]
			squares += float64(target[e] * target[e])
		}
		return sum, squares
	}
	t.stats = func(entries []int) (float64, float64, []float64) {
		sum, squares := sums(entries)
		m := float64(len(entries))
		return squares/m - float64((sum/m)*(sum/m)), m, []float64{sum / m}
	}
	t.stop = func(entries []int, depth int, impurity float64) bool {
		return depth >= maxDepth || len(entries) < 2 || impurity <= 0x1p-52
	}
	t.split = func(t *plainTree, entries []int, f int, best *plainSplit) {
		values := make([]float64, len(entries))
		for i, e := range entries {
			values[i] = d.value(e, f)
		}
		lo, hi := slices.Min(values), slices.Max(values)
		threshold := t.rng.Uniform(lo, hi)
		if threshold == hi {
			threshold = lo
		}
		*best = plainSplit{found: true, feature: f, threshold: threshold}
		total, totalSquares := sums(entries) // in the order before the partition
		best.afterPartition = func(left, entries []int) (float64, float64, float64, float64) {
			sum, squares := sums(left)
			if len(left) > len(entries)-len(left) {
				sum = total
				for i := len(entries) - 1; i >= len(left); i-- {
					sum -= target[entries[i]]
				}
			}
			lw, rw := float64(len(left)), float64(len(entries)-len(left))
			rest, restSquares := total-sum, totalSquares-squares
			return squares/lw - float64((sum/lw)*(sum/lw)), restSquares/rw - float64((rest/rw)*(rest/rw)), lw, rw
		}
	}
	t.grow(entries, 0, 0, 0, true)
	return t.nodes
}

func plainLeaf(nodes []plainNode, d plainData, i int) (leaf, depth int) {
	for nodes[leaf].left != NoChild {
		if d.value(i, nodes[leaf].feature) <= nodes[leaf].threshold {
			leaf = nodes[leaf].left
		} else {
			leaf = nodes[leaf].right
		}
		depth++
	}
	return leaf, depth
}

// expectTree compares a tree with a plain one, array by array.
func expectTree(t *testing.T, got *Tree, samples []int, want []plainNode) {
	t.Helper()
	if got.Nodes() != len(want) {
		t.Fatalf("%d nodes, want %d", got.Nodes(), len(want))
	}
	for i, w := range want {
		g := plainNode{
			int(got.Left[i]), int(got.Right[i]), int(got.Feature[i]), got.Threshold[i], got.Impurity[i],
			samples[i], got.Weight[i], got.Value[i*got.Outputs : (i+1)*got.Outputs],
		}
		if !slices.Equal(g.value, w.value) || g.left != w.left || g.right != w.right || g.feature != w.feature ||
			g.threshold != w.threshold || g.impurity != w.impurity || g.samples != w.samples || g.weight != w.weight {
			t.Fatalf("node %d:\ngot  %+v\nwant %+v", i, g, w)
		}
	}
}
