package entries

import (
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/ui/screen"
)

// signs are the severities of the gravest detections that rest on entries, by entry; what is
// behind the last of them has none.
type signs []rule.Severity

// of returns the severity at an entry, Context where no detection rests on it.
func (s signs) of(i int) rule.Severity {
	if i < 0 || i >= len(s) {
		return rule.Context
	}
	return s[i]
}

// gravest returns the first of some entries that has the gravest sign, false where none has.
func (s signs) gravest(entries []uint32) (at int, ok bool) {
	worst := rule.Context
	for _, e := range entries {
		if sev := s.of(int(e)); sev > worst {
			at, worst = int(e), sev
		}
	}
	return at, worst > rule.Context
}

// signed is the answer of a command: the signs of detections.
type signed struct {
	of    []detect.Detection
	signs signs
}

// sign asks for the signs of a snapshot's detections, unless it has those of the one before.
func (m *Model) sign(s *pipeline.Snapshot) tea.Cmd {
	if sameDetections(m.signsOf, s.Detections) {
		return nil
	}
	m.signsOf = s.Detections
	if len(m.signsOf) == 0 {
		m.signs = nil
		return nil
	}
	list := m.signsOf
	return screen.Work(func() tea.Msg { return signed{list, signsOf(list)} })
}

// sameDetections compares by identity: a list of detections is never written again.
func sameDetections(a, b []detect.Detection) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

func signsOf(list []detect.Detection) (out signs) {
	last := -1
	for k := range list {
		if d := &list[k]; d.Severity > rule.Context && len(d.Entries) > 0 {
			last = max(last, int(d.Entries[len(d.Entries)-1]))
		}
	}
	out = make(signs, last+1)
	for k := range list {
		d := &list[k]
		if d.Severity == rule.Context {
			continue
		}
		for _, e := range d.Entries {
			out[e] = max(out[e], d.Severity)
		}
	}
	return out
}
