package pipeline

import (
	"sqleuth/analysis/filter"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/label"
)

// Subject returns the log with what is known of it as filters see it. text may be nil
// where a filter asks for no text.
func (s *Snapshot) Subject(labels label.Set, text filter.TextReader) *filter.Subject {
	l := &filter.Subject{Log: &s.Log, Labels: labels, Text: text}
	if s.Isolation != nil {
		l.Isolation = func(row int) float64 { return s.Isolation.Score(int(s.Encoding.Of[row])) }
	}
	if s.Random != nil && s.Random.Forest != nil {
		l.Random = func(row int) float64 { return s.Random.Score(int(s.Encoding.Of[row])) }
	}
	if s.Ranking != nil {
		l.Score = func(conn int) float64 { return s.Ranking.Score(uint32(conn)) }
	}
	if s.Anomaly != nil {
		l.Anomaly = func(conn int) float64 { return s.Anomaly.Score(s.Traits.Row(conn)) }
	}
	if s.Learned != nil {
		l.Learned = s.Learned.Anomaly
	}
	for _, d := range s.Detections {
		l.Detections = append(l.Detections, filter.Detection{Rule: d.Rule.Name, Connections: d.Connections, Entries: d.Entries})
	}
	if s.Incidents != nil {
		l.Incidents = []filter.Incident{}
		for k := range s.Incidents {
			x := &s.Incidents[k]
			letter := incident.Letter(k)
			for _, id := range x.IDs() {
				l.Incidents = append(l.Incidents, filter.Incident{ID: id, Letter: letter, Entries: x.Entries})
				for _, st := range x.Stages {
					stage := "/" + st.Name.String()
					l.Incidents = append(l.Incidents, filter.Incident{ID: id + stage, Letter: letter + stage, Entries: st.Entries})
				}
			}
		}
	}
	return l
}
