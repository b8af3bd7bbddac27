package pipeline

import (
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/incident"
)

// TestIncidentOfDetection: a detection is of the gravest incident that rests on it, also
// where its first entry is of another, and else of that one.
func TestIncidentOfDetection(t *testing.T) {
	var s Snapshot
	for _, entries := range [][]uint32{{9}, {4, 9}, {2, 3}, {7}, nil} {
		s.Detections = append(s.Detections, detect.Detection{Entries: entries})
	}
	s.Incidents = []incident.Incident{
		{Entries: []uint32{9}, Stages: []incident.Stage{{}, {Detections: []int{1}}}},
		{Entries: []uint32{2, 4}, Stages: []incident.Stage{{Detections: []int{0, 1}}}},
	}
	s.incidentOfDetection = s.assignDetections()
	for i, want := range []int{1, 0, 1, -1, -1} {
		if got := s.IncidentOfDetection(i); got != want {
			t.Errorf("detection %d is of incident %d, want %d", i, got, want)
		}
	}
}
