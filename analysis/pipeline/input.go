package pipeline

import (
	"sqleuth/analysis/detect"
	"sqleuth/analysis/finding"
)

// detectInput is what the rules look at. text reads single statements back.
func detectInput(s *Snapshot, text Text) detect.Input {
	templates := make([]string, len(s.Templates))
	for i, t := range s.Templates {
		templates[i] = t.Text
	}
	return detect.Input{
		Entries: s.Entries, Rows: s.Rows, Commands: s.Commands, Tables: s.Tables, Connections: s.Connections,
		ByConnection: s.ByConnection, Templates: templates, TemplateOf: s.TemplateOf, Marks: s.Marks,
		Text: func(i int) ([]byte, error) {
			r, err := text.Record(&s.Log, i)
			return r.Text, err
		},
	}
}

// FindingInput is what suspects and findings are made of.
func (s *Snapshot) FindingInput() finding.Input {
	in := finding.Input{Log: detectInput(s, Text{}), Actions: s.Actions, Detections: s.Detections, Encoded: s.Encoding.Of}
	in.Log.Text = nil
	if s.Truth != nil {
		in.Labels = s.Truth.Labels
	}
	if s.Isolation != nil {
		in.Isolation, in.Outlier = s.Isolation.Score, s.Isolation.Outlier
	}
	if s.Random != nil && s.Random.Forest != nil {
		in.Random = s.Random.Score
	}
	return in
}
