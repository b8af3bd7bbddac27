package model

import (
	"context"
	"fmt"

	"sqleuth/analysis/forest"
	"sqleuth/analysis/metrics"
)

// Params are the parameters of both models.
type Params struct {
	Seed          uint32
	Contamination float64 // share of entries that the Isolation Forest takes for outliers
	Trees         int     // of each forest
	Workers       int     // 0: as many as the machine runs at once
	Keep          int     // trees of the Random Forest whose arrays are kept, for files
}

// MaxTrees is the most trees of a forest. More change nothing but the time: their
// mean has settled long before.
const MaxTrees = 10_000

// Check returns an error that names the parameter out of its range, or nil.
func (p Params) Check() error {
	switch {
	case !(p.Contamination > 0 && p.Contamination <= 0.5): // so that NaN fails too
		return fmt.Errorf("contamination %v: it must be above 0 and at most 0.5", p.Contamination)
	case p.Trees < 1 || p.Trees > MaxTrees:
		return fmt.Errorf("trees %d: it must be 1 to %d", p.Trees, MaxTrees)
	}
	return nil
}

// samples is scikit-learn's max_samples="auto": entries per isolation tree.
const samples = 256

// Isolation is the Isolation Forest of a log and how it compares with the
// labels.
type Isolation struct {
	Forest        *forest.Isolation
	Seed          uint32
	Contamination float64
	Trees         int
	Flagged       int    // entries taken for outliers
	Outlier       []bool // by matrix row
	Anomalies     []int  // by matrix row, entries labelled as anomalies
	Measured             // zero without anomaly labels
}

// Measured compares predictions with labels.
type Measured struct {
	Confusion *metrics.Confusion // of entries; classes Anomaly and Normal
	Report    *metrics.Report
	Curve     metrics.Curve
	Histogram metrics.Histogram // of scores
}

// TrainIsolation trains the Isolation Forest on all entries and compares it
// with the labels. progress is called with the number of trees done; it may be nil.
func TrainIsolation(ctx context.Context, log *Encoded, truth *Truth, p Params, progress func(done, total int)) (*Isolation, error) {
	if log.Entries.Len() == 0 {
		return nil, fmt.Errorf("isolation forest: the log has no entries")
	}
	f, err := forest.TrainIsolation(ctx, log.Encoding.Matrix, log.Entries.Len(), log.row, log.Encoding.Count,
		forest.IsolationConfig{Trees: p.Trees, Samples: samples, Contamination: p.Contamination, Seed: p.Seed, Workers: p.Workers}, progress)
	if err != nil {
		return nil, fmt.Errorf("isolation forest: %w", err)
	}
	m := &Isolation{Forest: f, Seed: p.Seed, Contamination: p.Contamination, Trees: p.Trees, Outlier: make([]bool, len(log.Encoding.Count))}
	for u, n := range log.Encoding.Count {
		if f.Predict(u) < 0 {
			m.Outlier[u] = true
			m.Flagged += n
		}
	}
	return m.Compare(log, truth)
}

// Fits reports whether training with p would give this forest again.
func (m *Isolation) Fits(p Params) bool {
	return m.Seed == p.Seed && m.Contamination == p.Contamination && m.Trees == p.Trees
}

// Score returns how abnormal a matrix row is, 0 to 1: scikit-learn's
// score_samples without its minus sign.
func (m *Isolation) Score(row int) float64 { return -m.Forest.Scores()[row] }

// Compare returns the same forest measured against other labels: the forest
// itself does not depend on them.
func (m *Isolation) Compare(log *Encoded, truth *Truth) (*Isolation, error) {
	c := *m
	c.Anomalies = log.anomalies(truth)
	groups := make([]metrics.ScoredGroup, len(c.Outlier))
	confusion := metrics.NewConfusion(2)
	for u, n := range log.Encoding.Count {
		bad := c.Anomalies[u]
		groups[u] = metrics.ScoredGroup{Score: c.Score(u), Positives: bad, Negatives: n - bad}
		predicted := Normal
		if c.Outlier[u] {
			predicted = Anomaly
		}
		confusion.Add(Anomaly, predicted, bad)
		confusion.Add(Normal, predicted, n-bad)
	}
	c.Measured = Measured{Histogram: metrics.NewHistogram(groups, histogramBins)}
	if !truth.Positive {
		return &c, nil
	}
	var err error
	c.Confusion, c.Curve = confusion, metrics.NewCurve(groups)
	c.Report, err = confusion.Report([]int{Normal, Anomaly}, []string{"Normal", "Anomaly"})
	return &c, err
}

// histogramBins is how finely score distributions are kept; screens have fewer
// columns than this.
const histogramBins = 100
