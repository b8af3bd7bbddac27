package forest

import "slices"

// Leaf marks a leaf in Tree.Feature and Tree.Threshold, and NoChild in
// Tree.Left and Tree.Right, as scikit-learn does.
const (
	Leaf    = -2
	NoChild = -1
)

// Tree is one grown tree. The arrays have one element per node; nodes are
// numbered in the order in which they were visited, so the root is 0 and the
// left child of node i is i+1.
type Tree struct {
	Seed      uint32 // random_state of the tree
	Splitter  uint32 // state in which the splitter's generator starts
	Depth     int    // greatest depth of a leaf; the root has depth 0
	Outputs   int    // values per node
	Left      []int32
	Right     []int32
	Feature   []int32
	Threshold []float64 // a row goes left if its value is at most this
	Impurity  []float64 // Gini, or variance of the target in an isolation tree
	Weight    []float64 // weighted number of samples
	// Value holds Outputs values per node: the weight of each class, or the
	// mean target in an isolation tree.
	Value []float64
}

// Nodes returns the number of nodes.
func (t *Tree) Nodes() int { return len(t.Feature) }

// leaf returns the node in which a row ends, and that node's depth.
func (t *Tree) leaf(m Matrix, row int32) (node int32, depth int) {
	for t.Left[node] != NoChild {
		if m.value(row, int(t.Feature[node])) <= t.Threshold[node] {
			node = t.Left[node]
		} else {
			node = t.Right[node]
		}
		depth++
	}
	return node, depth
}

// reset empties the tree and keeps its memory for the next one.
func (t *Tree) reset(seed, splitter uint32, outputs int) {
	*t = Tree{
		Seed: seed, Splitter: splitter, Outputs: outputs,
		Left: t.Left[:0], Right: t.Right[:0], Feature: t.Feature[:0], Threshold: t.Threshold[:0],
		Impurity: t.Impurity[:0], Weight: t.Weight[:0], Value: t.Value[:0],
	}
}

func (t *Tree) clone() Tree {
	c := *t
	c.Left, c.Right, c.Feature = slices.Clone(t.Left), slices.Clone(t.Right), slices.Clone(t.Feature)
	c.Threshold, c.Impurity = slices.Clone(t.Threshold), slices.Clone(t.Impurity)
	c.Weight, c.Value = slices.Clone(t.Weight), slices.Clone(t.Value)
	return c
}

// pending is a node that waits on the stack to be visited.
type pending struct {
	start, end int   // its samples
	parent     int32 // NoChild for the root
	right      bool  // which child of its parent it is
	known      int   // how many features are known to be constant in it
	depth      int
	impurity   float64
}

// add appends a node as a leaf and hooks it to its parent. The caller turns it
// into an inner node by branch, and appends its values itself.
func (t *Tree) add(p pending, impurity, weight float64) (node int32) {
	node = int32(len(t.Feature))
	t.Left = append(t.Left, NoChild)
	t.Right = append(t.Right, NoChild)
	t.Feature = append(t.Feature, Leaf)
	t.Threshold = append(t.Threshold, Leaf)
	t.Impurity = append(t.Impurity, impurity)
	t.Weight = append(t.Weight, weight)
	t.Depth = max(t.Depth, p.depth)
	switch {
	case p.parent == NoChild:
	case p.right:
		t.Right[p.parent] = node
	default:
		t.Left[p.parent] = node
	}
	return node
}

func (t *Tree) branch(node int32, feature int, threshold float64) {
	t.Feature[node] = int32(feature)
	t.Threshold[node] = threshold
}
