package metrics

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Report is scikit-learn's classification_report with zero_division=0.
type Report struct {
	Classes []ClassScore // in the order of the labels
	// Micro pools the labels. If they are all classes that occur, and all
	// of them occur, its figures are the accuracy and scikit-learn shows them
	// as such.
	Micro      ClassScore
	IsAccuracy bool
	Macro      ClassScore // plain mean over the labels
	Weighted   ClassScore // mean over the labels, weighted by support
}

// ClassScore is one line of a report. Precision, recall and F1 are 0 where
// they would divide by zero.
type ClassScore struct {
	Name                  string
	Precision, Recall, F1 float64
	Support               int // observations that truly are of the class
}

// Accuracy returns the share of observations that are predicted right. It is
// the accuracy of all observations only if IsAccuracy is set.
func (r *Report) Accuracy() float64 { return r.Micro.Precision }

// Report computes precision, recall and F1 for the classes in labels, in their
// order and under the given names. It fails if there is not one name per
// label, or a label is not a class of the matrix.
func (c *Confusion) Report(labels []int, names []string) (*Report, error) {
	switch {
	case len(labels) == 0:
		return nil, errors.New("classification report: no labels")
	case len(labels) != len(names):
		return nil, fmt.Errorf("classification report: %d labels, but %d names", len(labels), len(names))
	}
	if err := c.check(labels); err != nil {
		return nil, fmt.Errorf("classification report: %w", err)
	}
	r := &Report{IsAccuracy: slices.Equal(slices.Sorted(slices.Values(labels)), c.Occurring())}
	var hits, predicted, support int
	for i, l := range labels {
		h, p, s := c.Count(l, l), c.predicted(l), c.support(l)
		r.Classes = append(r.Classes, classScore(names[i], h, p, s))
		hits, predicted, support = hits+h, predicted+p, support+s
	}
	r.Micro = classScore("micro avg", hits, predicted, support)
	if r.IsAccuracy {
		r.Micro.Name = "accuracy"
	}
	r.Macro = r.mean("macro avg", support, func(ClassScore) float64 { return 1 })
	r.Weighted = r.mean("weighted avg", support, func(s ClassScore) float64 { return float64(s.Support) })
	return r, nil
}

func classScore(name string, hits, predicted, support int) ClassScore {
	s := ClassScore{Name: name, Support: support}
	s.Precision = ratio(float64(hits), float64(predicted))
	s.Recall = ratio(float64(hits), float64(support))
	s.F1 = ratio(2*s.Precision*s.Recall, s.Precision+s.Recall)
	return s
}

// ratio is a quotient, or 0 where it has no value.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// mean averages the classes' figures in NumPy's order of summation.
func (r *Report) mean(name string, support int, weight func(ClassScore) float64) ClassScore {
	weights := make([]float64, len(r.Classes))
	for i, s := range r.Classes {
		weights[i] = weight(s)
	}
	total := Sum(weights)
	average := func(figure func(ClassScore) float64) float64 {
		weighted := make([]float64, len(r.Classes))
		for i, s := range r.Classes {
			weighted[i] = figure(s) * weights[i]
		}
		return ratio(Sum(weighted), total)
	}
	return ClassScore{
		Name:      name,
		Precision: average(func(s ClassScore) float64 { return s.Precision }),
		Recall:    average(func(s ClassScore) float64 { return s.Recall }),
		F1:        average(func(s ClassScore) float64 { return s.F1 }),
		Support:   support,
	}
}

// String returns the report as scikit-learn prints it, with two decimals.
func (r *Report) String() string {
	width := len(r.Weighted.Name)
	for _, s := range r.Classes {
		width = max(width, utf8.RuneCountInString(s.Name))
	}
	var b strings.Builder
	line := func(s ClassScore) {
		fmt.Fprintf(&b, "%*s  %9.2f %9.2f %9.2f %9d\n", width, s.Name, s.Precision, s.Recall, s.F1, s.Support)
	}
	fmt.Fprintf(&b, "%*s  %9s %9s %9s %9s\n\n", width, "", "precision", "recall", "f1-score", "support")
	for _, s := range r.Classes {
		line(s)
	}
	b.WriteByte('\n')
	if r.IsAccuracy {
		fmt.Fprintf(&b, "%*s  %9s %9s %9.2f %9d\n", width, r.Micro.Name, "", "", r.Micro.F1, r.Micro.Support)
	} else {
		line(r.Micro)
	}
	line(r.Macro)
	line(r.Weighted)
	return b.String()
}
