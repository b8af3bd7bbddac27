package forest

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Matrix holds the distinct rows of a data set. Scikit-learn sees features as
// float32, and so do the forests here: integers beyond 2^24 are rounded first.
// Equal rows are allowed and cost only memory.
type Matrix struct {
	Features int     // D, the number of columns
	Values   []int32 // U*D values, row-major
}

// Rows returns U, the number of rows.
func (m Matrix) Rows() int {
	if m.Features <= 0 {
		return 0
	}
	return len(m.Values) / m.Features
}

// value returns a feature as the trees compare it: float32 widened to float64.
func (m Matrix) value(row int32, feature int) float64 {
	return float64(float32(m.Values[int(row)*m.Features+feature]))
}

func (m Matrix) check() error {
	switch {
	case m.Features <= 0:
		return fmt.Errorf("matrix has %d features, needs at least one", m.Features)
	case len(m.Values) == 0:
		return errors.New("matrix has no rows")
	case len(m.Values)%m.Features != 0:
		return fmt.Errorf("matrix has %d values, not a multiple of its %d features", len(m.Values), m.Features)
	}
	return nil
}

// Ranked is a Matrix with the position of each value among the distinct values of
// its feature, so that a node can count instead of sort. It is not written to, so
// several random forests can be trained on it at once.
type Ranked struct {
	matrix   Matrix
	ranks    []int32     // row-major like Matrix.Values
	distinct [][]float64 // per feature, ascending
}

// Rank ranks a matrix for random forests. Its error is that of the matrix or of ctx.
func Rank(ctx context.Context, m Matrix) (*Ranked, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	r := &Ranked{
		matrix:   m,
		ranks:    make([]int32, len(m.Values)),
		distinct: make([][]float64, m.Features),
	}
	column := make([]float64, m.Rows())
	for f := range m.Features {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for row := range column {
			column[row] = m.value(int32(row), f)
		}
		slices.Sort(column)
		distinct := slices.Clone(slices.Compact(column))
		for row := range column {
			at, _ := slices.BinarySearch(distinct, m.value(int32(row), f))
			r.ranks[row*m.Features+f] = int32(at)
		}
		r.distinct[f] = distinct
	}
	return r, nil
}
