package model

import "slices"

// Mixed groups event ids by the classes of the entries that have them.
type Mixed struct {
	Both        []string // event ids of normal and of anomalous entries, sorted
	AnomalyOnly []string // sorted
	NormalOnly  int
}

// MixEvents compares the event ids of both classes; anomalies counts, by
// matrix row, the entries labelled as anomalies.
func MixEvents(log *Encoded, anomalies []int) *Mixed {
	type seen struct{ bad, good bool }
	events := make([]seen, len(log.Encoding.Classes[0]))
	for u, n := range log.Encoding.Count {
		e := &events[log.Encoding.Matrix.Values[u*log.Encoding.Matrix.Features]]
		e.bad = e.bad || anomalies[u] > 0
		e.good = e.good || anomalies[u] < n
	}
	m := &Mixed{}
	for code, e := range events {
		id := log.Encoding.Classes[0][code].Text
		switch {
		case e.bad && e.good:
			m.Both = append(m.Both, id)
		case e.bad:
			m.AnomalyOnly = append(m.AnomalyOnly, id)
		case e.good:
			m.NormalOnly++
		}
	}
	slices.Sort(m.Both)
	slices.Sort(m.AnomalyOnly)
	return m
}
