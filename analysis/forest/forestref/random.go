package forestref

import (
	"context"

	"sqleuth/analysis/forest"
	"sqleuth/analysis/forest/internal/numpyrand"
)

// randomFixture holds a random forest trained on all entries of a set.
type randomFixture struct {
	Trees         int          `json:"n_estimators"`
	Seed          uint32       `json:"random_state"`
	Classes       []int        `json:"classes_"`
	Importances   []float64    `json:"feature_importances_"`
	UniqueRows    [][]int32    `json:"unique_rows"`
	Probabilities [][]float64  `json:"unique_rows_predict_proba"`
	Predictions   []int        `json:"unique_rows_predict"`
	All           []treeDigest `json:"all_trees"`
	Bootstrap     [][]uint32   `json:"first_20_bootstrap_indices"`
	First         []randomTree `json:"first_5_trees"`
	ByEntry       []float64    `json:"predict_proba_of_class_-1_all_rows"` // absent for large sets
}

type randomTree struct {
	treeFixture
	Value [][]float64 `json:"value"`
}

func (c *comparison) compareRandom(ctx context.Context, s *set) error {
	var want randomFixture
	if err := c.open(s.name, "rforest", &want); err != nil {
		return err
	}
	got, err := forest.TrainRandom(ctx, s.matrix, len(classLabels), s.cells, forest.RandomConfig{
		Trees: want.Trees, Seed: want.Seed, Workers: c.workers, Keep: want.Trees,
	}, nil)
	if err != nil {
		return err
	}
	// Trees first, whole ones before digests: the first difference then shows most
	// of its cause.
	if err := c.compareFirstRandom(ctx, s, want, got); err != nil {
		return err
	}
	c.compareDigests(want.All, pointers(got.Trees))
	equalAll(c, "classes_", want.Classes, labels(got.Classes))
	equalAll(c, "feature_importances_", want.Importances, got.Importances())
	equalAll(c, "unique_rows", flatten(want.UniqueRows), flatten(s.uniqueRows()))
	var probabilities []float64
	predictions := make([]int, s.matrix.Rows())
	for row := range predictions {
		probabilities = append(probabilities, got.Probabilities(row)...)
		predictions[row] = classLabels[got.Predict(row)]
	}
	equalAll(c, "unique_rows_predict_proba", flatten(want.Probabilities), probabilities)
	equalAll(c, "unique_rows_predict", want.Predictions, predictions)
	if want.ByEntry != nil {
		byEntry := make([]float64, len(s.rows))
		for i, row := range s.rows {
			byEntry[i] = got.Probabilities(int(row))[0]
		}
		equalAll(c, "predict_proba of class -1 by entry", want.ByEntry, byEntry)
	}
	return nil
}

// compareFirstRandom compares the trees that the fixture has in full.
func (c *comparison) compareFirstRandom(ctx context.Context, s *set, want randomFixture, got *forest.Random) error {
	defer func() { c.tree = -1 }()
	equal(c, "number of full trees with a bootstrap", len(want.First), len(want.Bootstrap))
	for t := range min(len(want.First), len(want.Bootstrap), len(got.Trees)) {
		c.tree = t
		tree := &got.Trees[t]
		samples, err := forest.NodeSamples(ctx, s.matrix, s.cells, tree)
		if err != nil {
			return err
		}
		draw := numpyrand.New(tree.Seed)
		equalAll(c, "bootstrap", want.Bootstrap[t], repeat(len(want.Bootstrap[t]),
			func() uint32 { return draw.Below(uint32(len(s.cells))) }))
		c.compareTree(want.First[t].treeFixture, tree, samples)
		equalAll(c, "value", flatten(want.First[t].Value), tree.Value)
	}
	return nil
}

func labels(classes []int) []int {
	out := make([]int, len(classes))
	for i, class := range classes {
		out[i] = classLabels[class]
	}
	return out
}

func pointers(trees []forest.Tree) []*forest.Tree {
	out := make([]*forest.Tree, len(trees))
	for t := range trees {
		out[t] = &trees[t]
	}
	return out
}
