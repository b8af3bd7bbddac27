package model

import (
	"sqleuth/analysis/connection"
	"sqleuth/analysis/label"
	"sqleuth/analysis/reading"
)

// Truth holds the labels in the form that training and screens need: a class for
// each connection.
type Truth struct {
	Labels   label.Set
	Names    []string // classes in the order of their digit keys
	Class    []uint8  // by connection, index into Names; 0 (normal) without a label
	Judged   []uint32 // connections that have a verdict, ascending
	Positive bool     // some connection counts as an anomaly
	anomaly  []bool   // by class
}

// NewTruth applies a set of labels to the connections of a log.
func NewTruth(r reading.Reading, conns connection.View, labels label.Set) *Truth {
	t := &Truth{Labels: labels, Names: labels.Classes(), Class: make([]uint8, conns.Len())}
	index := map[string]uint8{}
	for i, name := range t.Names {
		index[name] = uint8(i)
		t.anomaly = append(t.anomaly, r.Anomaly(name))
	}
	if labels.Labelled() == 0 {
		return t
	}
	for i := range conns.Len() {
		v, ok := labels.Verdict(conns.Ref(i))
		if !ok {
			continue
		}
		t.Class[i] = index[v.Class]
		t.Judged = append(t.Judged, uint32(i))
		t.Positive = t.Positive || t.anomaly[t.Class[i]]
	}
	return t
}

// Anomaly reports whether a connection's class is an anomaly.
func (t *Truth) Anomaly(conn uint32) bool { return t.anomaly[t.Class[conn]] }

// AnomalyClass reports whether a class, by index into Names, is an anomaly.
func (t *Truth) AnomalyClass(class uint8) bool { return t.anomaly[class] }
