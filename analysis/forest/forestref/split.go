package forestref

import (
	"context"
	"slices"

	"sqleuth/analysis/forest"
	"sqleuth/analysis/metrics"
)

// The notebook's split, which the fixtures were made with.
const (
	testShare = 0.2
	splitSeed = 42
)

// splitFixture holds train_test_split of a set and a random forest trained on
// the training part only.
type splitFixture struct {
	Entries     int     `json:"n"`
	Train       int     `json:"n_train"`
	Test        int     `json:"n_test"`
	TestFirst   []int32 `json:"test_indices"`
	TrainFirst  []int32 `json:"train_indices_first_50"`
	TestSHA256  string  `json:"test_sha256_i64_le"`
	TrainSHA256 string  `json:"train_sha256_i64_le"`
	Forest      struct {
		Classes       []int        `json:"classes_"`
		Importances   []float64    `json:"feature_importances_"`
		All           []treeDigest `json:"all_trees"`
		Probabilities []float64    `json:"predict_proba_of_class_-1_first_200_test_rows"`
		PredictSHA256 string       `json:"test_predict_sha256_i64_le"`
		Confusion     [][]int      `json:"test_confusion_matrix_labels_1_-1"`
	} `json:"rforest_fit_on_train"`
}

func (c *comparison) compareSplit(ctx context.Context, s *set) error {
	var want splitFixture
	if err := c.open(s.name, "split", &want); err != nil {
		return err
	}
	order := make([]int32, len(s.cells))
	for i := range order {
		order[i] = int32(i)
	}
	nTest, err := forest.Split(ctx, order, testShare, splitSeed)
	if err != nil {
		return err
	}
	test, train := order[:nTest], order[nTest:]
	equal(c, "n", want.Entries, len(order))
	equal(c, "n_test", want.Test, len(test))
	equal(c, "n_train", want.Train, len(train))
	equalAll(c, "test_indices", want.TestFirst, test[:min(len(test), len(want.TestFirst))])
	equalAll(c, "train_indices", want.TrainFirst, train[:min(len(train), len(want.TrainFirst))])
	equal(c, "sha256 of test_indices", want.TestSHA256, digestInts(test))
	equal(c, "sha256 of train_indices", want.TrainSHA256, digestInts(train))

	// The cells are shuffled on their own, as callers do it.
	cells := slices.Clone(s.cells)
	if nTest, err = forest.Split(ctx, cells, testShare, splitSeed); err != nil {
		return err
	}
	got, err := forest.TrainRandom(ctx, s.matrix, len(classLabels), cells[nTest:], forest.RandomConfig{
		Trees: len(want.Forest.All), Seed: splitSeed, Workers: c.workers, Keep: len(want.Forest.All),
	}, nil)
	if err != nil {
		return err
	}
	c.compareDigests(want.Forest.All, pointers(got.Trees))
	equalAll(c, "classes_", want.Forest.Classes, labels(got.Classes))
	equalAll(c, "feature_importances_", want.Forest.Importances, got.Importances())

	probabilities := make([]float64, nTest)
	predictions := make([]int, nTest)
	confusion := metrics.NewConfusion(len(classLabels))
	for i, cell := range cells[:nTest] {
		row, class := int(cell)/len(classLabels), int(cell)%len(classLabels)
		probabilities[i] = got.Probabilities(row)[0]
		predictions[i] = classLabels[got.Predict(row)]
		confusion.Add(class, got.Predict(row), 1)
	}
	n := min(nTest, len(want.Forest.Probabilities))
	equalAll(c, "predict_proba of class -1 by test entry", want.Forest.Probabilities, probabilities[:n])
	equal(c, "sha256 of test predictions", want.Forest.PredictSHA256, digestInts(predictions))
	matrix, err := confusion.Matrix([]int{slices.Index(classLabels, 1), slices.Index(classLabels, -1)})
	if err != nil {
		return err
	}
	equalAll(c, "confusion matrix", flatten(want.Forest.Confusion), flatten(matrix))
	return nil
}
