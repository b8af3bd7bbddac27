package pipeline

import (
	"sqleuth/analysis/detect"
	"sqleuth/analysis/finding"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/suspicion"
)

// textBy returns a function that reads the text of single entries back.
func (s *Snapshot) textBy(text Text) loaded.Text {
	return func(i int) ([]byte, error) {
		r, err := text.Record(&s.Log, i)
		return r.Text, err
	}
}

// Known is what findings are made of.
func (s *Snapshot) Known() finding.Known {
	k := finding.Known{Log: &s.Log, Detections: detect.Standing(s.Detections), Ranking: s.Ranking}
	if s.Truth != nil {
		k.Labels = s.Truth.Labels
	}
	return k
}

// given returns what labels give to a ranking.
func (s *Snapshot) given(labels label.Set) suspicion.Given {
	g := suspicion.Given{Labels: labels}
	if s.Learned != nil {
		g.Learned = func(c uint32) float64 { return s.Learned.Anomaly(int(c)) }
	}
	return g
}
