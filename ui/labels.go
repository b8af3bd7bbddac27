package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// labelling is the analyst's labels. The book belongs to one command at a time:
// steps wait in line, because a step may speak of a million connections, and
// the order in which keys were pressed decides what undo means.
type labelling struct {
	book  *label.Book
	set   label.Set // what the book holds, for screens and models
	queue []labelStep
	busy  bool // a step has the book
}

// labelStep is a change of labels that waits for the book.
type labelStep struct {
	work func(ctx context.Context, b *label.Book) (label.Step, string, error)
	// quiet is for steps that come from the case file: they are not said, and
	// need not be saved.
	quiet bool
}

// labelled says that a step is done.
type labelled struct {
	set    label.Set
	step   label.Step
	notice string // empty: nothing changed
	quiet  bool
	err    error
	// known is what the models were asked with when the step began, and
	// unchanged that the labels say the same as that: undo leads back there.
	known     label.Set
	unchanged bool
}

// enqueue puts a step in line.
func (a *app) enqueue(s labelStep) tea.Cmd {
	a.labels.queue = append(a.labels.queue, s)
	return a.nextStep()
}

// nextStep gives the book to the step that waits longest.
func (a *app) nextStep() tea.Cmd {
	l := &a.labels
	if l.busy || len(l.queue) == 0 {
		return nil
	}
	s := l.queue[0]
	l.queue, l.busy = l.queue[1:], true
	book, ctx, known := l.book, a.ctx, a.runs.asked.labels
	return func() tea.Msg {
		step, notice, err := s.work(ctx, book)
		set := book.Set()
		return labelled{set, step, notice, s.quiet, err, known, set.Equal(known)}
	}
}

// handleLabelled tells everybody what changed and sees to its consequences.
func (a *app) handleLabelled(m labelled) tea.Cmd {
	a.labels.busy = false
	cmds := []tea.Cmd{a.nextStep()}
	if m.err != nil {
		a.fail("label", m.err)
	} else if m.notice != "" && !m.quiet {
		a.say(m.notice)
	}
	if m.set == a.labels.set {
		return tea.Batch(append(cmds, a.leaveWhenSaved())...)
	}
	// A note is not what models learn from, nor is what they know already.
	if m.step.Op == label.OpAnnotate && a.runs.asked.labels == a.labels.set || m.unchanged && a.runs.asked.labels == m.known {
		a.runs.asked.labels = m.set
	}
	a.labels.set = m.set
	cmds = append(cmds, a.broadcast(message.Labels{Set: m.set}), a.wishJudge(), a.refilterLabels())
	if !m.quiet {
		cmds = append(cmds, a.save())
	}
	return tea.Batch(append(cmds, a.leaveWhenSaved())...)
}

// now is the time that a label is given at.
func (a *app) now() time.Time { return a.cfg.Now().UTC().Truncate(time.Microsecond) }

func (a *app) label(m message.Label) tea.Cmd {
	if m.Target.Empty() {
		a.say("there is no connection under the cursor")
		return nil
	}
	at := a.now()
	return a.enqueue(labelStep{work: func(ctx context.Context, b *label.Book) (label.Step, string, error) {
		refs, err := m.Target.Refs(ctx)
		if err != nil {
			return label.Step{}, "", err
		}
		step, err := b.Assign(refs, m.Class, label.ByAnalyst, at)
		return step, told(step, m.Class+": "+m.Target.Text, len(refs)), err
	}})
}

func (a *app) unlabel(m message.Unlabel) tea.Cmd {
	if m.Target.Empty() {
		a.say("there is no connection under the cursor")
		return nil
	}
	return a.enqueue(labelStep{work: func(ctx context.Context, b *label.Book) (label.Step, string, error) {
		refs, err := m.Target.Refs(ctx)
		if err != nil {
			return label.Step{}, "", err
		}
		step, err := b.Clear(refs)
		if err == nil && step.Connections == 0 {
			if len(refs) == 1 {
				return step, m.Target.Text + " has no label", nil
			}
			return step, m.Target.Text + " have no label", nil
		}
		return step, told(step, "label taken away: "+m.Target.Text, len(refs)), err
	}})
}

func (a *app) note(m message.Note) tea.Cmd {
	at := a.now()
	return a.enqueue(labelStep{work: func(ctx context.Context, b *label.Book) (label.Step, string, error) {
		refs, err := m.Target.Refs(ctx)
		if err != nil {
			return label.Step{}, "", err
		}
		if len(refs) != 1 {
			return label.Step{}, "", fmt.Errorf("a note is for one connection, not for %s", m.Target.Text)
		}
		step, err := b.Annotate(refs[0], m.Text, at)
		text := "noted: " + m.Target.Text
		if strings.TrimSpace(m.Text) == "" {
			text = "note taken away: " + m.Target.Text
		}
		return step, told(step, text, 1), err
	}})
}

func (a *app) addClass(m message.AddClass) tea.Cmd {
	return a.enqueue(labelStep{work: func(_ context.Context, b *label.Book) (label.Step, string, error) {
		before := len(b.Set().Classes())
		step, err := b.AddClass(m.Name)
		if err != nil {
			return step, "", err
		}
		// The name that stands in the list may differ in case.
		classes := b.Set().Classes()
		n := slices.IndexFunc(classes, func(c string) bool { return strings.EqualFold(c, m.Name) })
		notice := fmt.Sprintf("class %s has the key %d", classes[n], n)
		if n > 9 {
			notice = fmt.Sprintf("class %s has no key; label with :label %s", classes[n], classes[n])
		}
		if len(classes) == before {
			notice = "there is such a class already: " + notice
		}
		return step, notice, nil
	}})
}

func (a *app) undo() tea.Cmd {
	return a.enqueue(labelStep{work: func(_ context.Context, b *label.Book) (label.Step, string, error) {
		step, ok := b.Undo()
		if !ok {
			return step, "there is nothing to undo", nil
		}
		return step, "undone: " + describe(step), nil
	}})
}

func (a *app) redo() tea.Cmd {
	return a.enqueue(labelStep{work: func(_ context.Context, b *label.Book) (label.Step, string, error) {
		step, ok := b.Redo()
		if !ok {
			return step, "there is nothing to redo", nil
		}
		return step, "done again: " + describe(step), nil
	}})
}

// told is what the footer says of a step: what was asked for, and how many
// connections it changed where that is not all of them.
func told(step label.Step, text string, asked int) string {
	switch {
	case step.Connections == 0:
		return text + " (as before)"
	case step.Connections != asked:
		return fmt.Sprintf("%s (%s changed)", text, connectionCount(step.Connections))
	}
	return text
}

// describe says what a step did.
func describe(s label.Step) string {
	what := map[label.Op]string{
		label.OpAssign:   "label " + s.Class,
		label.OpClear:    "label taken away",
		label.OpAnnotate: "note",
		label.OpAddClass: "class " + s.Class,
		label.OpImport:   "labels file",
	}[s.Op]
	if s.Connections == 0 {
		return what
	}
	return what + ", " + connectionCount(s.Connections)
}

func connectionCount(n int) string { return widget.Number(n, "connection", "connections") }
