package findings

import (
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/feature"
	"sqleuth/analysis/finding"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/suspicion"
	"sqleuth/ui/screen"
)

// question is what findings depend on.
type question struct {
	encoding  *feature.Encoding
	detection *detect.Detection // the first of them
	ranking   *suspicion.Ranking
	labels    label.Set
}

// gathered is the answer.
type gathered struct {
	job      int
	snapshot *pipeline.Snapshot
	findings []finding.Finding
	err      error // cancelled
}

// gather collects the findings anew if they can have changed. Those on the
// screen stay until the new ones are there.
func (m Model) gather() (screen.Screen, tea.Cmd) {
	s := m.snapshot
	if s == nil || s.Encoding == nil || !m.ran && s.Truth == nil {
		return m, nil // labels of a log that is not read yet are not known either
	}
	now := question{encoding: s.Encoding, ranking: s.Ranking, labels: m.labels}
	if len(s.Detections) > 0 {
		now.detection = &s.Detections[0]
	}
	if m.asked == now {
		return m, nil
	}
	m.asked = now
	j, ctx := m.gathering.Start()
	m.gathering = j
	labels := m.labels
	return m, screen.Work(func() tea.Msg {
		in := s.Known()
		in.Labels = labels
		list, err := finding.Findings(ctx, in)
		return gathered{j.Number, s, list, err}
	})
}

func (m Model) take(msg gathered) (screen.Screen, tea.Cmd) {
	if msg.job != m.gathering.Number || msg.err != nil {
		return m, nil
	}
	m.gathering = m.gathering.Stop()
	m.found, m.foundIn = msg.findings, msg.snapshot
	return m.arrange()
}
