package model

import (
	"sqleuth/analysis/feature"
	"sqleuth/analysis/loaded"
)

// Encoded is a loaded log with the matrix that the models see.
type Encoded struct {
	*loaded.Log
	Encoding *feature.Encoding
}

// row returns the matrix row of entry i.
func (l *Encoded) row(i int) int32 { return l.Encoding.Of[l.Entries.Row(i)] }

// The classes of a confusion matrix and of the Random Forest: scikit-learn sorts
// -1 (anomaly) before 1 (normal).
const (
	Anomaly = 0
	Normal  = 1
)

// anomalies counts, by matrix row, the entries of connections that count as
// anomalies. Only labelled connections are visited.
func (l *Encoded) anomalies(t *Truth) []int {
	n := make([]int, l.Encoding.Matrix.Rows())
	for _, c := range t.Judged {
		if !t.Anomaly(c) {
			continue
		}
		for _, i := range l.ByConnection.Entries(int(c)) {
			n[l.row(int(i))]++
		}
	}
	return n
}
