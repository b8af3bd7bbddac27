package pipeline

import (
	"sqleuth/analysis/detect"
	"sqleuth/analysis/finding"
	"sqleuth/analysis/loaded"
)

// textBy returns a function that reads the text of single entries back.
func (s *Snapshot) textBy(text Text) loaded.Text {
	return func(i int) ([]byte, error) {
		r, err := text.Record(&s.Log, i)
		return r.Text, err
	}
}

// Known is what suspects and findings are made of.
func (s *Snapshot) Known() finding.Known {
	k := finding.Known{Log: &s.Log, Detections: detect.Standing(s.Detections), Encoded: s.Encoding.Of}
	if s.Truth != nil {
		k.Labels = s.Truth.Labels
	}
	if s.Isolation != nil {
		k.Isolation, k.Outlier = s.Isolation.Score, s.Isolation.Outlier
	}
	if s.Random != nil && s.Random.Forest != nil {
		k.Random = s.Random.Score
	}
	return k
}
