package ui

import (
	"context"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// left is how much filters leave.
type left struct{ entries, connections int }

// String returns what is left.
func (n left) String() string {
	return widget.Number(n.entries, "entry", "entries") + " of " + widget.Number(n.connections, "connection", "connections")
}

// words are what is left, in at most room cells; empty where they are too few.
func (n left) words(room int) string {
	for _, text := range []string{n.String(), widget.Count(n.entries) + " of " + widget.Count(n.connections) + " conns", widget.Count(n.entries)} {
		if len(text) <= room {
			return text
		}
	}
	return ""
}

// lookingAhead is how much a filter would leave that is being edited: it is counted in
// the background, anew at every key.
type lookingAhead struct {
	job screen.Job
	left
	err error
}

// seenAhead is the answer to question number.
type seenAhead struct {
	number int
	left
	err error
}

// String returns what would be left.
func (a *lookingAhead) String() string {
	switch {
	case a.err != nil:
		return a.err.Error()
	case a.job.Running():
		return "counting what it leaves"
	}
	return "leaves " + a.left.String()
}

func (a *lookingAhead) take(m seenAhead) {
	if m.number == a.job.Number {
		*a = lookingAhead{a.job.Stop(), m.left, m.err}
	}
}

// countingLeft is how much each filter of the stack leaves by itself, for the list of them:
// one after the other is counted in the background.
type countingLeft struct {
	job   screen.Job
	of    *pipeline.Snapshot
	known map[string]left // by title; nil while the list is closed
}

// leftAlone is the answer to question number.
type leftAlone struct {
	number int
	title  string
	left
	err error
}

// countLeft counts anew what each filter leaves, of the log as it is now.
func (f *filtering) countLeft() tea.Cmd {
	f.left = countingLeft{job: f.left.job.Stop(), of: f.snapshot, known: map[string]left{}}
	return f.countNext()
}

// closeLeft ends the counting: the list is closed.
func (f *filtering) closeLeft() { f.left = countingLeft{job: f.left.job.Stop()} }

// countNext counts what the first filter leaves that was not counted yet, while the list
// is open.
func (f *filtering) countNext() tea.Cmd {
	c := &f.left
	if c.of == nil || c.job.Running() {
		return nil
	}
	for _, l := range f.stack {
		if _, ok := c.known[l.title]; ok {
			continue
		}
		var ctx context.Context
		c.job, ctx = c.job.Start()
		number, q := c.job.Number, query{snapshot: c.of, labels: f.labels, text: f.analysis.Statements(&c.of.Log), layers: []layer{l}}
		return screen.Work(func() tea.Msg {
			n, err := q.count(ctx)
			return leftAlone{number, l.title, n, err}
		})
	}
	return nil
}

// countedLeft takes the answer, and counts on.
func (f *filtering) countedLeft(m leftAlone) tea.Cmd {
	c := &f.left
	if m.number != c.job.Number {
		return nil
	}
	c.job = c.job.Stop()
	if m.err != nil {
		m.left = left{-1, -1}
	}
	c.known[m.title] = m.left
	return f.countNext()
}

// words are what a filter leaves, in at most room cells; empty where it is not known, or
// they are too few.
func (c *countingLeft) words(title string, room int) string {
	n, ok := c.known[title]
	if !ok || n.entries < 0 {
		return ""
	}
	return n.words(room)
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
		n, err := q.count(ctx)
		return seenAhead{job.Number, n, err}
	})
}
