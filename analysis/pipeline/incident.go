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
	return err
}

// IncidentOf returns the index in Incidents of the gravest one that a connection
// belongs to, -1 for none.
func (s *Snapshot) IncidentOf(connection uint32) int {
	if k, ok := s.incidentOf[connection]; ok {
		return k
	}
	return -1
}
