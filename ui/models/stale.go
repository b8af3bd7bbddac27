package models

import (
	"context"
	"iter"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// compared reports whether the labels are other than those that the forests know.
type compared struct {
	job   int
	stale bool
	err   error // cancelled
}

// compare finds out whether the labels are newer than the forests. Sets that
// differ in notes only are the same to a forest.
func (m Model) compare() (Model, tea.Cmd) {
	s := m.snapshot
	m.judging = m.judging.Stop()
	if s == nil || s.Truth == nil || s.Truth.Labels == m.labels {
		m.stale = false
		return m, nil
	}
	var ctx context.Context
	m.judging, ctx = m.judging.Start()
	number, known, now := m.judging.Number, s.Truth.Labels, m.labels
	return m, screen.Work(func() tea.Msg {
		stale, err := differ(ctx, known, now)
		return compared{number, stale, err}
	})
}

// differ reports whether two sets give some connection another class.
func differ(ctx context.Context, a, b label.Set) (bool, error) {
	if a.Labelled() != b.Labelled() {
		return true, nil
	}
	next, stop := iter.Pull(verdicts(b))
	defer stop()
	n := 0
	for x := range verdicts(a) {
		if n++; n%(1<<12) == 0 && ctx.Err() != nil {
			return false, ctx.Err()
		}
		if y, ok := next(); !ok || x.Ref != y.Ref || x.Verdict.Class != y.Verdict.Class {
			return true, nil
		}
	}
	return false, nil
}

// verdicts yields what of a set a forest learns from.
func verdicts(s label.Set) iter.Seq[label.Record] {
	return func(yield func(label.Record) bool) {
		for r := range s.All() {
			if r.Verdict.Class != "" && !yield(r) {
				return
			}
		}
	}
}

// state returns what is going on with the forests, empty where nothing is.
func (m Model) state() string {
	for _, st := range []pipeline.Stage{pipeline.Isolation, pipeline.Random, pipeline.Rank} {
		p := m.stages[st]
		switch p.State {
		case message.Running:
			return "the forests are learning; until they are done the figures are of the labels and parameters before"
		case message.Cancelled:
			return "learning was cancelled; the figures are of the labels and parameters before"
		case message.Broken:
			return "learning failed; the figures are of the labels and parameters before"
		}
	}
	if m.stale {
		return "newer labels are not learnt yet; the figures are of the labels before"
	}
	return ""
}
