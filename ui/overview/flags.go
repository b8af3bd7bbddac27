package overview

import (
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/pipeline"
)

// flags says, by bucket of the timeline, what is wrong there.
type flags struct {
	Detections []int // detections that begin there
	Outliers   []int // entries that the Isolation Forest flagged
	Anomalies  []int // entries of connections labelled as anomalies
}

// flagged is the answer to a question for flags.
type flagged struct {
	asked int
	flags flags
}

// findFlags walks the log in the background.
func findFlags(asked int, s *pipeline.Snapshot) tea.Cmd {
	return func() tea.Msg {
		n := len(s.Timeline.Entries)
		f := flags{Detections: make([]int, n), Outliers: make([]int, n), Anomalies: make([]int, n)}
		for _, d := range s.Detections {
			f.Detections[s.Timeline.Bucket(d.Time)]++
		}
		if s.Isolation == nil || s.Truth == nil {
			return flagged{asked, f}
		}
		for k := range s.Entries.Spans() {
			span := s.Entries.Span(k)
			for i, row := range span.Row {
				outlier := s.Isolation.Outlier[s.Encoding.Of[row]]
				anomaly := s.Truth.Anomaly(span.Connection[i])
				if !outlier && !anomaly {
					continue
				}
				b := s.Timeline.Bucket(span.Time[i])
				if outlier {
					f.Outliers[b]++
				}
				if anomaly {
					f.Anomalies[b]++
				}
			}
		}
		return flagged{asked, f}
	}
}
