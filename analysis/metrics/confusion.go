package metrics

import (
	"fmt"
	"math"
	"slices"
)

// Confusion counts observations by true and by predicted class. Classes are
// numbered from 0.
type Confusion struct {
	classes int
	counts  []int // row-major: true class, predicted class
}

// NewConfusion returns an empty matrix for a number of classes.
func NewConfusion(classes int) *Confusion {
	return &Confusion{classes: classes, counts: make([]int, classes*classes)}
}

// Add counts n observations of one true and one predicted class. Both must be
// classes of the matrix.
func (c *Confusion) Add(truth, predicted, n int) {
	c.counts[truth*c.classes+predicted] += n
}

// Count returns the number of observations of one true and one predicted
// class.
func (c *Confusion) Count(truth, predicted int) int {
	return c.counts[truth*c.classes+predicted]
}

// Matrix returns the counts of the given classes, rows by true class, columns
// by predicted class, both in the order of labels, as scikit-learn's
// confusion_matrix(labels=...) does. Other classes are left out.
func (c *Confusion) Matrix(labels []int) ([][]int, error) {
	if err := c.check(labels); err != nil {
		return nil, fmt.Errorf("confusion matrix: %w", err)
	}
	rows := make([][]int, len(labels))
	for i, truth := range labels {
		rows[i] = make([]int, len(labels))
		for j, predicted := range labels {
			rows[i][j] = c.Count(truth, predicted)
		}
	}
	return rows, nil
}

// Normalize divides each row of a confusion matrix by its sum, so that a cell
// is the share of its true class. A row without observations becomes NaN, as
// dividing NumPy arrays gives.
func Normalize(matrix [][]int) [][]float64 {
	out := make([][]float64, len(matrix))
	for i, row := range matrix {
		sum := 0
		for _, n := range row {
			sum += n
		}
		out[i] = make([]float64, len(row))
		for j, n := range row {
			if sum == 0 {
				out[i][j] = math.NaN()
			} else {
				out[i][j] = float64(n) / float64(sum)
			}
		}
	}
	return out
}

// Occurring returns the classes that some observation has or is predicted to
// have, ascending: scikit-learn's labels where none are given.
func (c *Confusion) Occurring() []int {
	var labels []int
	for class := range c.classes {
		if c.support(class)+c.predicted(class) > 0 {
			labels = append(labels, class)
		}
	}
	return labels
}

func (c *Confusion) check(labels []int) error {
	for i, l := range labels {
		if l < 0 || l >= c.classes {
			return fmt.Errorf("label %d is not one of %d classes", l, c.classes)
		}
		if slices.Contains(labels[:i], l) {
			return fmt.Errorf("label %d is given twice", l)
		}
	}
	return nil
}

// support is the number of observations of a true class.
func (c *Confusion) support(class int) int {
	n := 0
	for _, k := range c.counts[class*c.classes:][:c.classes] {
		n += k
	}
	return n
}

// predicted is the number of observations that a class is predicted for.
func (c *Confusion) predicted(class int) int {
	n := 0
	for truth := range c.classes {
		n += c.Count(truth, class)
	}
	return n
}
