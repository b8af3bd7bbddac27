package trait

import (
	"context"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/parallel"
	"sqleuth/analysis/principal"
)

// Matrix holds the steps of the traits of all connections, equal rows once. It is
// immutable.
type Matrix struct {
	learned *Learned
	row     []uint32 // by connection
	rows    []vector
	counts  []int // connections by row
}

// Bounds of the distinct rows: who sends statements chooses how many there are. From
// fullShape on new rows lose what a connection's shape and its account's profile are,
// from fullRows on all but refusals and detections.
const (
	fullShape = 1 << 16
	fullRows  = 1 << 17
)

// Of measures the connections of a log. visit, unless nil, is called with the measures
// of each, by several goroutines and in no order; it must not keep them. The error is
// that of ctx.
func Of(ctx context.Context, log *loaded.Log, history *principal.History, detections []detect.Detection, visit func(m *Measures)) (*Matrix, error) {
	learned, err := Learn(ctx, log, history, detections)
	if err != nil {
		return nil, err
	}
	n := log.Connections.Len()
	m := &Matrix{learned: learned, row: make([]uint32, n)}
	index := map[vector]uint32{}
	workers := make([]*Reader, parallel.Workers())
	for k := range workers {
		workers[k] = learned.Reader()
	}
	vectors := make([]vector, min(n, block))
	for from := 0; from < n; from += block {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		to := min(n, from+block)
		parallel.Do(len(workers), func(k int) {
			first, last := from+(to-from)*k/len(workers), from+(to-from)*(k+1)/len(workers)
			var x Measures
			for c := first; c < last; c++ {
				workers[k].Measure(c, &x)
				vectors[c-from] = x.vector()
				if visit != nil {
					visit(&x)
				}
			}
		})
		for c := from; c < to; c++ {
			m.row[c] = m.intern(index, vectors[c-from])
		}
	}
	return m, nil
}

// block is how many connections are measured between two looks at the context.
const block = 1 << 14

// intern returns the number of a row and counts it.
func (m *Matrix) intern(index map[vector]uint32, v vector) uint32 {
	for _, level := range []struct {
		rows int
		keep func(t *Trait) bool
	}{
		{fullShape, func(t *Trait) bool { return t.Source != "shape" && t.Source != "profile" }},
		{fullRows, func(t *Trait) bool { return t.Source == "rules" || t.Name == "refused" }},
	} {
		if len(m.rows) < level.rows {
			break
		}
		if _, ok := index[v]; ok {
			break
		}
		for k := range v {
			if !level.keep(&traits[k]) {
				v[k] = 0
			}
		}
	}
	at, ok := index[v]
	if !ok {
		at = uint32(len(m.rows))
		index[v] = at
		m.rows = append(m.rows, v)
		m.counts = append(m.counts, 0)
	}
	m.counts[at]++
	return at
}

// Connections returns how many connections there are, Len how many distinct rows.
func (m *Matrix) Connections() int { return len(m.row) }

// Len returns the number of distinct rows.
func (m *Matrix) Len() int { return len(m.rows) }

// Row returns the row of a connection, Count how many connections have a row.
func (m *Matrix) Row(c int) int { return int(m.row[c]) }

// Count returns how many connections have a row.
func (m *Matrix) Count(row int) int { return m.counts[row] }

// Steps returns the steps of a row by trait. The slice must not be written to.
func (m *Matrix) Steps(row int) []uint8 { return m.rows[row][:] }

// Measure measures a connection again, exactly.
func (m *Matrix) Measure(c int) Measures {
	var out Measures
	m.learned.Reader().Measure(c, &out)
	return out
}

// Learned returns what the connections were measured against.
func (m *Matrix) Learned() *Learned { return m.learned }
