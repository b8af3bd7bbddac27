package model

import (
	"context"
	"errors"
	"fmt"

	"sqleuth/analysis/forest"
	"sqleuth/analysis/metrics"
	"sqleuth/analysis/reading"
)

// Random is the Random Forest of a labelled log and its result on the test
// part. Where it could not be trained, Why is the reason and the rest is zero.
type Random struct {
	Why         string
	Forest      *forest.Random
	Seed        uint32
	Train, Test int // entries
	TrainBad    int // of them labelled as anomalies
	TestBad     int
	Untested    []string // classes whose only connection went to training
	Recall      []ClassRecall
	Measured

	log   *Encoded
	truth *Truth
	// testConnection marks the connections in the test part, where the split is by
	// connection.
	testConnection []bool
}

// ClassRecall is how many of a class's tested entries were found: anomalies
// predicted as anomalies, normal ones as normal.
type ClassRecall struct {
	Class         string
	Tested, Found int
}

// TestShare is the share of the test part, the notebook's test_size.
const TestShare = 0.2

// TrainRandom trains the Random Forest to distinguish anomalies from normal entries
// and tests it on the part that it has not seen.
func TrainRandom(ctx context.Context, log *Encoded, truth *Truth, p Params, progress func(done, total int)) (*Random, error) {
	m := &Random{Seed: log.Reading.ModelSeed(p.Seed), log: log, truth: truth}
	if !truth.Positive {
		m.Why = "no connection is labelled as an anomaly, so there is nothing to learn"
		return m, nil
	}
	var err error
	if cells := log.Encoding.Matrix.Rows() * 2; cells < 1<<16-1 {
		err = trainRandom[uint16](ctx, m, p, progress)
	} else {
		err = trainRandom[uint32](ctx, m, p, progress)
	}
	if err != nil {
		return nil, fmt.Errorf("random forest: %w", err)
	}
	return m, nil
}

func trainRandom[C forest.Cell](ctx context.Context, m *Random, p Params, progress func(done, total int)) error {
	log := m.log
	var train, test []C
	if log.Reading.SplitsByConnection() {
		if err := m.chooseConnections(ctx); err != nil {
			return err
		}
		train, test = splitByConnection[C](m)
	} else {
		codes := cells[C](m)
		n, err := forest.Split(ctx, codes, TestShare, m.Seed)
		if err != nil {
			return err
		}
		test, train = codes[:n], codes[n:]
	}
	m.Train, m.Test = len(train), len(test)
	if m.Train == 0 {
		return errors.New("no entry is left for training")
	}
	tested := make([]int, log.Encoding.Matrix.Rows()*2)
	for _, c := range test {
		tested[c]++
	}
	for _, c := range train {
		if int(c)&1 == Anomaly {
			m.TrainBad++
		}
	}
	f, err := forest.TrainRandom(ctx, log.Encoding.Matrix, 2, train,
		forest.RandomConfig{Trees: p.Trees, Seed: m.Seed, Workers: p.Workers, Keep: p.Keep}, progress)
	if err != nil {
		return err
	}
	m.Forest = f
	return m.measure(tested)
}

// cells returns row*2+class for every entry in order of the log.
func cells[C forest.Cell](m *Random) []C {
	v, of := m.log.Entries, m.log.Encoding.Of
	bad := m.bad()
	out := make([]C, 0, v.Len())
	for s := range v.Spans() {
		span := v.Span(s)
		for j, row := range span.Row {
			out = append(out, C(of[row])*2+C(bad[span.Connection[j]]))
		}
	}
	return out
}

// bad returns the class of each connection's entries: Anomaly or Normal.
func (m *Random) bad() []uint8 {
	class := make([]uint8, len(m.truth.Class))
	for c, k := range m.truth.Class {
		class[c] = Normal
		if m.truth.AnomalyClass(k) {
			class[c] = Anomaly
		}
	}
	return class
}

// chooseConnections draws the connections of the test part: a fifth of each
// class, as train_test_split draws a fifth of rows. The only connection of a
// class is trained on.
func (m *Random) chooseConnections(ctx context.Context) error {
	byClass := make([][]uint32, len(m.truth.Names))
	for c, k := range m.truth.Class {
		byClass[k] = append(byClass[k], uint32(c))
	}
	m.testConnection = make([]bool, len(m.truth.Class))
	for k, list := range byClass {
		switch len(list) {
		case 0:
			continue
		case 1:
			m.Untested = append(m.Untested, m.truth.Names[k])
			continue
		}
		n, err := forest.Split(ctx, list, TestShare, m.Seed)
		if err != nil {
			return err
		}
		for _, c := range list[:n] {
			m.testConnection[c] = true
		}
	}
	return nil
}

func splitByConnection[C forest.Cell](m *Random) (train, test []C) {
	v, of := m.log.Entries, m.log.Encoding.Of
	bad := m.bad()
	train = make([]C, 0, v.Len())
	for s := range v.Spans() {
		span := v.Span(s)
		for j, row := range span.Row {
			conn := span.Connection[j]
			c := C(of[row])*2 + C(bad[conn])
			if m.testConnection[conn] {
				test = append(test, c)
			} else {
				train = append(train, c)
			}
		}
	}
	return train, test
}

// measure compares predictions with the tested entries, given by cell.
func (m *Random) measure(tested []int) error {
	rows := m.log.Encoding.Matrix.Rows()
	groups := make([]metrics.ScoredGroup, rows)
	confusion := metrics.NewConfusion(2)
	for u := range rows {
		bad, good := tested[2*u+Anomaly], tested[2*u+Normal]
		m.TestBad += bad
		groups[u] = metrics.ScoredGroup{Score: m.Score(u), Positives: bad, Negatives: good}
		predicted := m.Forest.Predict(u)
		confusion.Add(Anomaly, predicted, bad)
		confusion.Add(Normal, predicted, good)
	}
	m.Measured = Measured{Confusion: confusion, Curve: metrics.NewCurve(groups), Histogram: metrics.NewHistogram(groups, histogramBins)}
	m.recallByClass()
	// The notebook passes names without labels, so scikit-learn puts them on
	// the sorted classes: its row "Normal" is class -1. Only its own reading
	// repeats that.
	labels, names := []int{Normal, Anomaly}, []string{"Normal", "Anomaly"}
	if m.log.Reading == reading.Notebook {
		labels = confusion.Occurring()
		names = names[:len(labels)]
	}
	var err error
	m.Report, err = confusion.Report(labels, names)
	return err
}

// recallByClass counts, for each class with tested connections, the entries
// that were predicted as what they are.
func (m *Random) recallByClass() {
	if m.testConnection == nil {
		return
	}
	recall := make([]ClassRecall, len(m.truth.Names))
	for c, tested := range m.testConnection {
		k := m.truth.Class[c]
		if !tested || k == 0 {
			continue
		}
		for _, i := range m.log.ByConnection.Entries(c) {
			recall[k].Tested++
			if (m.Forest.Predict(int(m.log.row(int(i)))) == Anomaly) == m.truth.AnomalyClass(k) {
				recall[k].Found++
			}
		}
	}
	for k, r := range recall {
		if r.Tested > 0 {
			r.Class = m.truth.Names[k]
			m.Recall = append(m.Recall, r)
		}
	}
}

// NodeSamples returns scikit-learn's n_node_samples of a kept tree, for files
// that hold whole trees: the bootstrap is drawn again to count them.
func (m *Random) NodeSamples(ctx context.Context, tree int) ([]int, error) {
	var train []uint32
	if m.testConnection != nil {
		train, _ = splitByConnection[uint32](m)
	} else {
		codes := cells[uint32](m)
		n, err := forest.Split(ctx, codes, TestShare, m.Seed)
		if err != nil {
			return nil, err
		}
		train = codes[n:]
	}
	return forest.NodeSamples(ctx, m.log.Encoding.Matrix, train, &m.Forest.Trees[tree])
}

// Score returns the forest's probability that an entry with the given matrix
// row is an anomaly.
func (m *Random) Score(row int) float64 { return m.Forest.Probabilities(row)[Anomaly] }

// Predicted reports whether a matrix row is predicted to be an anomaly.
func (m *Random) Predicted(row int) bool { return m.Forest.Predict(row) == Anomaly }

// Tested returns a function that reports whether an entry is in the test part.
// Where rows were split, the draw is done again, which takes time and four
// bytes an entry while it runs.
func (m *Random) Tested(ctx context.Context) (func(i int) bool, error) {
	if m.Forest == nil {
		return func(int) bool { return false }, nil
	}
	if m.testConnection != nil {
		return func(i int) bool { return m.testConnection[m.log.Entries.Connection(i)] }, nil
	}
	test, _, err := m.TestPositions(ctx)
	if err != nil {
		return nil, err
	}
	bits := make([]uint64, (m.log.Entries.Len()+63)/64)
	for _, i := range test {
		bits[i>>6] |= 1 << (i & 63)
	}
	return func(i int) bool { return bits[i>>6]>>(i&63)&1 != 0 }, nil
}

// TestPositions returns the entries of the test and of the training part: in the
// order of the draw where rows were split, else in order of the log.
func (m *Random) TestPositions(ctx context.Context) (test, train []uint32, err error) {
	positions := make([]uint32, m.log.Entries.Len())
	for i := range positions {
		positions[i] = uint32(i)
	}
	if m.testConnection != nil {
		for _, i := range positions {
			if m.testConnection[m.log.Entries.Connection(int(i))] {
				test = append(test, i)
			} else {
				train = append(train, i)
			}
		}
		return test, train, nil
	}
	n, err := forest.Split(ctx, positions, TestShare, m.Seed)
	if err != nil {
		return nil, nil, fmt.Errorf("split: %w", err)
	}
	return positions[:n], positions[n:], nil
}
