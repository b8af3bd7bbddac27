package ui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// lookingAhead is how much a filter would leave that is being edited: it is counted in
// the background, anew at every key.
type lookingAhead struct {
	job                  screen.Job
	entries, connections int
	err                  error
}

// seenAhead is the answer to question number.
type seenAhead struct {
	number               int
	entries, connections int
	err                  error
}

// String says what would be left.
func (a *lookingAhead) String() string {
	switch {
	case a.err != nil:
		return a.err.Error()
	case a.job.Running():
		return "counting what it leaves"
	}
	return "leaves " + widget.Number(a.entries, "entry", "entries") + " of " + widget.Number(a.connections, "connection", "connections")
}

func (a *lookingAhead) take(m seenAhead) {
	if m.number == a.job.Number {
		*a = lookingAhead{a.job.Stop(), m.entries, m.connections, m.err}
	}
}

// lookAhead counts what the filters would leave with a text in the place of filter k.
func (f *filtering) lookAhead(k int, text string) tea.Cmd {
	parsed, err := filter.Parse(text)
	f.ahead.err = err
	if err != nil || f.snapshot == nil {
		f.ahead.job = f.ahead.job.Stop()
		return nil
	}
	stack := slices.Clone(f.stack)
	stack[k] = layer{title: parsed.String(), filter: parsed, on: true}
	q := query{snapshot: f.snapshot, labels: f.labels, text: f.analysis.Statements(&f.snapshot.Log)}
	for _, l := range stack {
		if l.on {
			q.layers = append(q.layers, l)
		}
	}
	job, ctx := f.ahead.job.Start()
	f.ahead.job = job
	return screen.Work(func() tea.Msg {
		last, err := q.run(ctx, make(chan tea.Msg))
		if err != nil {
			return seenAhead{number: job.Number, err: err}
		}
		return seenAhead{job.Number, last.rows.Entries.Len(), last.rows.Connections.Len(), nil}
	})
}
