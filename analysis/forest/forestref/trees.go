package forestref

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"

	"sqleuth/analysis/forest"
)

// treeFixture holds one tree with all its arrays.
type treeFixture struct {
	RandomState   uint32    `json:"random_state"`
	Splitter      uint32    `json:"splitter_rand_r_seed"`
	NodeCount     int       `json:"node_count"`
	MaxDepth      int       `json:"max_depth"`
	ChildrenLeft  []int32   `json:"children_left"`
	ChildrenRight []int32   `json:"children_right"`
	Feature       []int32   `json:"feature"`
	Threshold     []float64 `json:"threshold"`
	NodeSamples   []int     `json:"n_node_samples"`
	WeightedNode  []float64 `json:"weighted_n_node_samples"`
	Impurity      []float64 `json:"impurity"`
}

// treeDigest holds what identifies one tree of all.
type treeDigest struct {
	RandomState uint32 `json:"random_state"`
	NodeCount   int    `json:"node_count"`
	MaxDepth    int    `json:"max_depth"`
	SHA256      string `json:"sha256_feature_i64_then_threshold_f64_le"`
}

// compareTree compares all arrays of one tree but its values, whose shape
// depends on the kind of forest.
func (c *comparison) compareTree(want treeFixture, got *forest.Tree, nodeSamples []int) {
	equal(c, "random_state", want.RandomState, got.Seed)
	equal(c, "splitter_rand_r_seed", want.Splitter, got.Splitter)
	equal(c, "node_count", want.NodeCount, got.Nodes())
	equal(c, "max_depth", want.MaxDepth, got.Depth)
	equalAll(c, "feature", want.Feature, got.Feature)
	equalAll(c, "threshold", want.Threshold, got.Threshold)
	equalAll(c, "children_left", want.ChildrenLeft, got.Left)
	equalAll(c, "children_right", want.ChildrenRight, got.Right)
	equalAll(c, "impurity", want.Impurity, got.Impurity)
	equalAll(c, "weighted_n_node_samples", want.WeightedNode, got.Weight)
	equalAll(c, "n_node_samples", want.NodeSamples, nodeSamples)
}

// compareDigests compares all trees of a forest.
func (c *comparison) compareDigests(want []treeDigest, got []*forest.Tree) {
	defer func() { c.tree = -1 }()
	equal(c, "number of trees", len(want), len(got))
	for t := range min(len(want), len(got)) {
		c.tree = t
		equal(c, "random_state", want[t].RandomState, got[t].Seed)
		equal(c, "node_count", want[t].NodeCount, got[t].Nodes())
		equal(c, "max_depth", want[t].MaxDepth, got[t].Depth)
		equal(c, "sha256 of feature and threshold", want[t].SHA256, digestTree(got[t]))
	}
}

func digestTree(t *forest.Tree) string {
	b := make([]byte, 0, 16*t.Nodes())
	for _, f := range t.Feature {
		b = binary.LittleEndian.AppendUint64(b, uint64(int64(f)))
	}
	for _, v := range t.Threshold {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return digest(b)
}

// digestInts is the digest of an int64 array, little endian.
func digestInts[T ~int | ~int32 | ~uint32](values []T) string {
	b := make([]byte, 0, 8*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, uint64(int64(v)))
	}
	return digest(b)
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
