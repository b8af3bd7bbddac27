package pipeline

import (
	"context"
	"slices"

	"sqleuth/analysis/incident"
)

// findIncidents joins the detections into incidents, with the scores of connections
// without labels. They continue those of before.
func (s *Snapshot) findIncidents(ctx context.Context, text Text, before []incident.Incident) (err error) {
	s.Incidents, err = incident.Find(ctx, incident.In{Log: &s.Log, Detections: s.Detections, History: s.History, Score: s.Assessment.Score, Text: s.textBy(text)})
	incident.Continue(before, s.Incidents)
	s.incidentOf = map[uint32]int{}
	for k := range slices.Backward(s.Incidents) {
		for _, c := range s.Incidents[k].Connections {
			s.incidentOf[c] = k
		}
	}
	s.incidentOfDetection = s.assignDetections()
	return err
}

// assignDetections returns which of Incidents detections are of, by index: the gravest one
// of which a stage rests on it, else the gravest one that its first entry is of.
func (s *Snapshot) assignDetections() map[int]int {
	of := map[int]int{}
	for k := range slices.Backward(s.Incidents) {
		for _, st := range s.Incidents[k].Stages {
			for _, d := range st.Detections {
				of[d] = k
			}
		}
	}
	first := map[uint32][]int{} // entry: those that begin with it, and are in no stage
	for i, d := range s.Detections {
		if _, ok := of[i]; !ok && len(d.Entries) > 0 {
			first[d.Entries[0]] = append(first[d.Entries[0]], i)
		}
	}
	for k := range slices.Backward(s.Incidents) {
		for _, e := range s.Incidents[k].Entries {
			for _, i := range first[e] {
				of[i] = k
			}
		}
	}
	return of
}

// IncidentOf returns the index in Incidents of the gravest one that a connection
// belongs to, -1 for none.
func (s *Snapshot) IncidentOf(connection uint32) int {
	if k, ok := s.incidentOf[connection]; ok {
		return k
	}
	return -1
}

// IncidentOfDetection returns the index in Incidents of the gravest one that rests on a
// detection, given by its index, -1 for none.
func (s *Snapshot) IncidentOfDetection(i int) int {
	if k, ok := s.incidentOfDetection[i]; ok {
		return k
	}
	return -1
}
