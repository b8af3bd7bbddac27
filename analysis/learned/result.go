package learned

import "sqleuth/analysis/trait"

// Result is what was learnt about the connections of a log. It is immutable.
type Result struct {
	Classes []string
	// Scores compare predictions with labels, by class; empty for a model of another
	// log where nothing is labelled.
	Scores []ClassScore
	// Model is the model of another log that was applied, nil for one that was learnt
	// from the labels of this log; Drift is how this log differs.
	Model *Model
	Drift *Drift

	matrix        *trait.Matrix
	fold          []uint8     // by connection; nil for a model of another log
	probabilities [][]float32 // by fold, rows x classes
}

// ClassScore is how well the connections of a class are predicted.
type ClassScore struct {
	Class                 string
	Connections           int
	Precision, Recall, F1 float64
}

// Probabilities returns how probable each class is for a connection. The slice must
// not be written to.
func (r *Result) Probabilities(c int) []float32 {
	k := 0
	if r.fold != nil {
		k = int(r.fold[c])
	}
	n := len(r.Classes)
	row := r.matrix.Row(c)
	return r.probabilities[k][row*n : (row+1)*n : (row+1)*n]
}

// Anomaly returns how probable it is that a connection is not normal.
func (r *Result) Anomaly(c int) float64 {
	return max(0, min(1, 1-float64(r.Probabilities(c)[0])))
}

// Predicted returns the most probable class of a connection, by index; the first one of
// equals.
func (r *Result) Predicted(c int) int {
	best := 0
	p := r.Probabilities(c)
	for k := range p {
		if p[k] > p[best] {
			best = k
		}
	}
	return best
}

// Uncertain returns how undecided it is whether a connection is normal: 1 where both
// are as probable, 0 where there is no doubt.
func (r *Result) Uncertain(c int) float64 {
	a := r.Anomaly(c)
	return 2 * min(a, 1-a)
}

// score compares predictions with labels.
func (r *Result) score(l *Labels) {
	n := len(r.Classes)
	hit, labelled, predicted := make([]int, n), make([]int, n), make([]int, n)
	for c, k := range l.Of {
		if k == Unknown {
			continue
		}
		p := r.Predicted(c)
		labelled[k]++
		predicted[p]++
		if int(k) == p {
			hit[k]++
		}
	}
	ratio := func(a, b int) float64 {
		if b == 0 {
			return 0
		}
		return float64(a) / float64(b)
	}
	r.Scores = nil
	for k := range n {
		if labelled[k] > 0 {
			r.Scores = append(r.Scores, ClassScore{r.Classes[k], labelled[k], ratio(hit[k], predicted[k]), ratio(hit[k], labelled[k]), ratio(2*hit[k], labelled[k]+predicted[k])})
		}
	}
}
