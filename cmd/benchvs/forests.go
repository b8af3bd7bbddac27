package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"runtime"
	"time"

	"sqleuth/analysis/forest"
	"sqleuth/analysis/model"
)

// The notebook's parameters of both forests, as the script beside this file has
// them.
const (
	forestTrees   = 100
	forestSeed    = 42
	contamination = 0.01
	samples       = 256
)

// forestTimes is how long the parts of both forests took, in seconds.
type forestTimes struct {
	Split            float64 `json:"split"`
	RandomFit        float64 `json:"rf_fit"`
	RandomPredict    float64 `json:"rf_predict"`
	IsolationFit     float64 `json:"if_fit"`
	IsolationPredict float64 `json:"if_predict"`
}

func (t forestTimes) total() float64 {
	return t.Split + t.RandomFit + t.RandomPredict + t.IsolationFit + t.IsolationPredict
}

// verdict holds the predictions of both forests. Those of the two programs must be
// equal, scores to scoreTolerance.
type verdict struct {
	test          []uint32  // cells of the test entries in the order of the draw
	predicted     []uint8   // their classes by the Random Forest
	outlier       []uint8   // by entry, 1 where the Isolation Forest flags it
	importances   []float64 // of the Random Forest, by column
	probabilities []float64 // by row of the matrix, of an anomaly
	scores        []float64 // by row of the matrix, score_samples
}

// scoreTolerance is how far isolation scores may differ: scikit-learn's own last
// bits depend on the processor.
const scoreTolerance = 1e-14

// trainBoth trains both forests as the notebook does, on all cores, and takes
// the time of the parts: split, fit, and a prediction for each entry.
func trainBoth(ctx context.Context, m *matrix) (forestTimes, *verdict, error) {
	if m.forest.Rows()*2 <= math.MaxUint16 {
		return train[uint16](ctx, m)
	}
	return train[uint32](ctx, m)
}

func train[C forest.Cell](ctx context.Context, m *matrix) (t forestTimes, v *verdict, err error) {
	v = &verdict{}
	codes := make([]C, len(m.rows))
	count := make([]int, m.forest.Rows())
	for i, row := range m.rows {
		codes[i] = C(row*2) + C(m.classes[i])
		count[row]++
	}
	runtime.GC()
	watch := stopwatch{time.Now()}
	n, err := forest.Split(ctx, codes, model.TestShare, forestSeed)
	if err != nil {
		return t, nil, fmt.Errorf("split: %w", err)
	}
	t.Split = watch.lap()
	random, err := forest.TrainRandom(ctx, m.forest, 2, codes[n:], forest.RandomConfig{Trees: forestTrees, Seed: forestSeed}, nil)
	if err != nil {
		return t, nil, fmt.Errorf("random forest: %w", err)
	}
	t.RandomFit = watch.lap()
	v.predicted = make([]uint8, n)
	for i, c := range codes[:n] {
		v.predicted[i] = uint8(random.Predict(int(c / 2)))
	}
	t.RandomPredict = watch.lap()
	isolation, err := forest.TrainIsolation(ctx, m.forest, len(m.rows), func(i int) int32 { return int32(m.rows[i]) }, count,
		forest.IsolationConfig{Trees: forestTrees, Samples: samples, Contamination: contamination, Seed: forestSeed}, nil)
	if err != nil {
		return t, nil, fmt.Errorf("isolation forest: %w", err)
	}
	t.IsolationFit = watch.lap()
	v.outlier = make([]uint8, len(m.rows))
	for i, row := range m.rows {
		if isolation.Predict(int(row)) < 0 {
			v.outlier[i] = 1
		}
	}
	t.IsolationPredict = watch.lap()

	v.test = make([]uint32, n)
	for i, c := range codes[:n] {
		v.test[i] = uint32(c)
	}
	v.importances = random.Importances()
	v.scores = isolation.Scores()
	for row := range m.forest.Rows() {
		v.probabilities = append(v.probabilities, random.Probabilities(row)[model.Anomaly])
	}
	return t, v, nil
}

// stopwatch measures one part after the other.
type stopwatch struct{ last time.Time }

// lap returns the seconds since the last lap.
func (w *stopwatch) lap() float64 {
	now := time.Now()
	s := now.Sub(w.last).Seconds()
	w.last = now
	return s
}

// differs returns what is not equal to other, nil for nothing.
func (v *verdict) differs(other *verdict) error {
	if err := differ("test entry", v.test, other.test); err != nil {
		return err
	}
	if err := differ("random forest: prediction", v.predicted, other.predicted); err != nil {
		return err
	}
	if err := differ("random forest: importance", v.importances, other.importances); err != nil {
		return err
	}
	if err := differ("random forest: probability of row", v.probabilities, other.probabilities); err != nil {
		return err
	}
	if err := differ("isolation forest: prediction", v.outlier, other.outlier); err != nil {
		return err
	}
	if len(v.scores) != len(other.scores) {
		return fmt.Errorf("isolation forest: %d scores, scikit-learn has %d", len(v.scores), len(other.scores))
	}
	for i, s := range v.scores {
		if !(math.Abs(s-other.scores[i]) <= scoreTolerance) {
			return fmt.Errorf("isolation forest: score of row %d is %v, scikit-learn's %v", i, s, other.scores[i])
		}
	}
	return nil
}

func differ[T comparable](what string, ours, theirs []T) error {
	if len(ours) != len(theirs) {
		return fmt.Errorf("%s: %d of them, scikit-learn has %d", what, len(ours), len(theirs))
	}
	for i := range ours {
		if ours[i] != theirs[i] {
			return fmt.Errorf("%s %d is %v, scikit-learn's %v", what, i, ours[i], theirs[i])
		}
	}
	return nil
}

// compareForests times both programs on the matrix of a log in turn and compares
// their predictions each time.
func compareForests(ctx context.Context, o options, dir string, l log, out io.Writer) error {
	py, err := findPython(ctx, o.python)
	if err != nil {
		fmt.Fprintf(out, "\nForests not compared: %v.\n", err)
		return nil
	}
	m, err := encode(ctx, l)
	if err != nil {
		return fmt.Errorf("encode the log: %w", err)
	}
	if err := m.write(dir); err != nil {
		return fmt.Errorf("write the matrix: %w", err)
	}
	var ours, theirs []forestTimes
	for range o.runs {
		t, v, err := trainBoth(ctx, m)
		if err != nil {
			return err
		}
		u, w, err := py.train(ctx, dir)
		if err != nil {
			return err
		}
		if err := v.differs(w); err != nil {
			return fmt.Errorf("results differ from scikit-learn %s: %w", py.sklearn, err)
		}
		ours, theirs = append(ours, t), append(theirs, u)
	}
	writeForests(out, m, py, ours, theirs)
	return nil
}

func writeForests(out io.Writer, m *matrix, py python, ours, theirs []forestTimes) {
	fmt.Fprintf(out, "\nBoth forests on the encoded log, notebook reading: %s rows, %s of them distinct, %d features; all cores; identical results in each run.\n",
		thousands(len(m.rows)), thousands(m.forest.Rows()), m.forest.Features)
	t := table{header: []string{"part", "sqleuth", "scikit-learn " + py.sklearn, "times as fast"}, figures: 3}
	for _, part := range []struct {
		name string
		of   func(forestTimes) float64
	}{
		{"split", func(t forestTimes) float64 { return t.Split }},
		{"Random Forest: fit", func(t forestTimes) float64 { return t.RandomFit }},
		{"Random Forest: predict", func(t forestTimes) float64 { return t.RandomPredict }},
		{"Isolation Forest: fit", func(t forestTimes) float64 { return t.IsolationFit }},
		{"Isolation Forest: predict", func(t forestTimes) float64 { return t.IsolationPredict }},
		{"together", forestTimes.total},
	} {
		a, b := medianOf(ours, part.of), medianOf(theirs, part.of)
		t.add(part.name, fmt.Sprintf("%.4f s", a), fmt.Sprintf("%.3f s", b), fmt.Sprintf("**%.0f**", b/a))
	}
	t.write(out)
}
