package forestref

import (
	"context"
	"fmt"

	"sqleuth/analysis/forest"
)

// isolationFixture holds an isolation forest trained on all entries of a set.
type isolationFixture struct {
	Seed          uint32          `json:"random_state"`
	Contamination float64         `json:"contamination"`
	Trees         int             `json:"n_estimators"`
	Samples       int             `json:"max_samples_"`
	Offset        float64         `json:"offset_"`
	Flagged       int             `json:"n_flagged"`
	Scores        []float64       `json:"unique_rows_score_samples"`
	Predictions   []int           `json:"unique_rows_predict"`
	PathLengths   []float64       `json:"unique_rows_depth_sum"`
	Paths         []pathFixture   `json:"unique_rows_first_5_trees"`
	Seeds         []uint32        `json:"seeds_of_trees"`
	All           []treeDigest    `json:"all_trees"`
	Drawn         [][]int32       `json:"estimators_samples_first_5"`
	First         []isolationTree `json:"first_5_trees"`
	ByEntry       []float64       `json:"score_samples_all_rows"` // absent for large sets
	LabelByEntry  []int           `json:"predict_all_rows"`       // absent for large sets
}

type isolationTree struct {
	treeFixture
	Value []float64 `json:"value"`
}

// pathFixture holds, for every row, its way through one tree.
type pathFixture struct {
	Nodes   []int `json:"path_nodes"`
	Samples []int `json:"leaf_n_node_samples"`
}

// defaultSamples is scikit-learn's max_samples="auto".
const defaultSamples = 256

func (c *comparison) compareIsolation(ctx context.Context, s *set, seed uint32) error {
	var want isolationFixture
	if err := c.open(s.name, fmt.Sprintf("iforest.r%d", seed), &want); err != nil {
		return err
	}
	equal(c, "random_state", want.Seed, seed)
	got, err := forest.TrainIsolation(ctx, s.matrix, len(s.rows),
		func(position int) int32 { return s.rows[position] }, s.multiplicity,
		forest.IsolationConfig{
			Trees: want.Trees, Samples: defaultSamples, Contamination: want.Contamination, Seed: seed, Workers: c.workers,
		}, nil)
	if err != nil {
		return err
	}
	equal(c, "max_samples_", want.Samples, got.Samples)
	trees := make([]*forest.Tree, len(got.Trees))
	seeds := make([]uint32, len(got.Trees))
	for t := range got.Trees {
		trees[t], seeds[t] = &got.Trees[t].Tree, got.Trees[t].DrawSeed
	}
	equalAll(c, "seeds_of_trees", want.Seeds, seeds)
	c.compareFirstIsolation(s, want, got)
	c.compareDigests(want.All, trees)
	near(c, "offset_", []float64{want.Offset}, []float64{got.Offset})
	near(c, "score_samples", want.Scores, got.Scores())
	near(c, "sum of path lengths", want.PathLengths, got.PathLengths())

	predictions := make([]int, s.matrix.Rows())
	flagged := 0
	for row := range predictions {
		predictions[row] = got.Predict(row)
		if predictions[row] < 0 {
			flagged += s.multiplicity[row]
		}
	}
	equalAll(c, "predict", want.Predictions, predictions)
	equal(c, "n_flagged", want.Flagged, flagged)
	if want.ByEntry != nil {
		scores, labels := make([]float64, len(s.rows)), make([]int, len(s.rows))
		for i, row := range s.rows {
			scores[i], labels[i] = got.Scores()[row], predictions[row]
		}
		near(c, "score_samples by entry", want.ByEntry, scores)
		equalAll(c, "predict by entry", want.LabelByEntry, labels)
	}
	return nil
}

// compareFirstIsolation compares the trees that the fixture has in full.
func (c *comparison) compareFirstIsolation(s *set, want isolationFixture, got *forest.Isolation) {
	defer func() { c.tree = -1 }()
	equal(c, "number of full trees with a sample", len(want.First), len(want.Drawn))
	equal(c, "number of full trees with paths", len(want.First), len(want.Paths))
	for t := range min(len(want.First), len(want.Drawn), len(want.Paths), len(got.Trees)) {
		c.tree = t
		tree := &got.Trees[t]
		equalAll(c, "estimators_samples", want.Drawn[t], tree.Drawn)
		samples := make([]int, tree.Nodes())
		for node, weight := range tree.Weight {
			samples[node] = int(weight)
		}
		c.compareTree(want.First[t].treeFixture, &tree.Tree, samples)
		equalAll(c, "value", want.First[t].Value, tree.Value)

		nodes, inLeaf := make([]int, s.matrix.Rows()), make([]int, s.matrix.Rows())
		for row := range nodes {
			nodes[row], inLeaf[row] = tree.Path(s.matrix, row)
		}
		equalAll(c, "path_nodes", want.Paths[t].Nodes, nodes)
		equalAll(c, "leaf_n_node_samples", want.Paths[t].Samples, inLeaf)
	}
}
