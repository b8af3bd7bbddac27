package pipeline

import (
	"sqleuth/analysis/detect"
	"sqleuth/analysis/finding"
	"sqleuth/analysis/integrity"
)

// detectInput is what the rules look at. text reads single statements back.
func detectInput(s *Snapshot, text Text) detect.Input {
	return detect.Input{
		Entries: s.Entries, Rows: s.Rows, Commands: s.Commands, Tables: s.Tables, Connections: s.Connections,
		ByConnection: s.ByConnection, Templates: s.templateTexts(), TemplateOf: s.TemplateOf, Marks: s.Marks,
		Text: s.textBy(text),
	}
}

// integrityInput is what the log is examined by.
func integrityInput(s *Snapshot, text Text) integrity.Input {
	in := integrity.Input{
		Reading: s.Reading, Entries: s.Entries, Rows: s.Rows, Commands: s.Commands, Templates: s.templateTexts(), TemplateOf: s.TemplateOf,
		Connections: s.Connections, ByConnection: s.ByConnection, Detections: s.Detections, Coverage: s.Coverage,
		Unzoned: s.Unzoned, Full: s.Full, OpenEnds: s.OpenEnds, Text: s.textBy(text),
	}
	for _, f := range s.Files {
		in.Files = append(in.Files, integrity.File{Name: f.Name, Base: f.Base, Text: f.Text, Damage: f.Damage, Doubtful: f.Doubtful, Forms: f.Forms})
	}
	return in
}

func (s *Snapshot) templateTexts() []string {
	texts := make([]string, len(s.Templates))
	for i, t := range s.Templates {
		texts[i] = t.Text
	}
	return texts
}

// textBy returns a function that reads the text of single entries back.
func (s *Snapshot) textBy(text Text) func(i int) ([]byte, error) {
	return func(i int) ([]byte, error) {
		r, err := text.Record(&s.Log, i)
		return r.Text, err
	}
}

// FindingInput is what suspects and findings are made of.
func (s *Snapshot) FindingInput() finding.Input {
	in := finding.Input{Log: detectInput(s, Text{}), Actions: s.Actions, OtherTables: s.OtherTables, Detections: s.Detections, Encoded: s.Encoding.Of}
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
