package ui

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// labelling is the analyst's labels. The book belongs to one command at a time:
// steps wait in line, because a step may speak of a million connections, and
// the order in which keys were pressed decides what undo means.
type labelling struct {
	ctx context.Context
	now func() time.Time
	// asked returns the labels that the models were last asked with.
	asked func() label.Set

	book  *label.Book
	set   label.Set // what the book holds, for screens and models
	queue []labelStep
	busy  bool // a step has the book
	// history knows which steps can be undone, beside what else can.
	history *history
}

// labelsRest reports that no step of labels is under way any more.
type labelsRest struct{}

// Update takes what changes labels: requests, and what the case file holds.
func (l *labelling) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case message.Label:
		return l.assign(m), true
	case message.Accept:
		return l.accept(m), true
	case message.Unlabel:
		return l.clear(m), true
	case message.Note:
		return l.annotate(m), true
	case message.Decide:
		return l.decide(m), true
	case message.AddClass:
		return l.addClass(m), true
	case message.Declare:
		return l.declare(m), true
	case message.Revoke:
		return l.revoke(m.Usual), true
	case labelled:
		return l.changed(m), true
	case caseOpened:
		// Labels that were given while the log was still being read are joined
		// with those that are kept.
		return l.enqueue(labelStep{quiet: true, imports: len(m.records) > 0, work: func(_ context.Context, b *label.Book) (label.Step, string, error) {
			b.Absorb(label.Set{}, m.kept.Labels)
			if len(m.records) == 0 {
				return label.Step{}, "", nil
			}
			step, err := b.Import(m.records)
			return step, "", err
		}}), false
	case caseMerged:
		return l.enqueue(labelStep{quiet: true, work: func(_ context.Context, b *label.Book) (label.Step, string, error) {
			b.Absorb(m.sent, m.now)
			return label.Step{}, "", nil
		}}), true
	}
	return nil, false
}

// working reports whether a step is not done yet.
func (l *labelling) working() bool { return l.busy || len(l.queue) > 0 }

// labelStep is a change of labels that waits for the book.
type labelStep struct {
	work func(ctx context.Context, b *label.Book) (label.Step, string, error)
	// quiet is for steps that come from the case file: they have no notice, and
	// need not be saved.
	quiet bool
	// imports is that the step of the case file takes over a labels file, which can
	// be undone.
	imports bool
	way     way
	change  *change // that history knows; nil for none
}

// way is which way a step leads.
type way uint8

const (
	onward way = iota
	undoing
	redoing
)

// labelled reports that a step is done.
type labelled struct {
	labelsChanged
	notice string // empty: nothing changed
	way    way
	change *change
	err    error
}

// enqueue puts a step in line.
func (l *labelling) enqueue(s labelStep) tea.Cmd {
	if s.way == onward && (!s.quiet || s.imports) {
		s.change = &change{}
		s.change.do = func(w way) tea.Cmd { return l.back(w, s.change) }
		l.history.begin(s.change)
	}
	l.queue = append(l.queue, s)
	return l.nextStep()
}

// nextStep gives the book to the step that waits longest.
func (l *labelling) nextStep() tea.Cmd {
	if l.busy || len(l.queue) == 0 {
		return nil
	}
	s := l.queue[0]
	l.queue, l.busy = l.queue[1:], true
	book, ctx, known := l.book, l.ctx, l.asked()
	return screen.Work(func() tea.Msg {
		step, notice, err := s.work(ctx, book)
		set := book.Set()
		return labelled{labelsChanged{set, step, s.quiet, known, set.Equal(known)}, notice, s.way, s.change, err}
	})
}

// changed reports to everybody what a step has changed.
func (l *labelling) changed(m labelled) tea.Cmd {
	l.busy = false
	cmds := []tea.Cmd{l.nextStep()}
	if m.err != nil {
		cmds = append(cmds, failed("label", m.err))
	} else if m.notice != "" && !m.quiet {
		cmds = append(cmds, say(m.notice))
	}
	made := m.set != l.set
	if m.quiet { // the labels of the case are no step
		made = m.step.Connections > 0
	}
	if m.set != l.set {
		l.set = m.set
		cmds = append(cmds, tell(m.labelsChanged), tell(message.Labels{Set: m.set}))
	}
	switch {
	case m.change == nil:
	case m.way == onward && made:
		l.history.confirm()
	case m.way == onward || m.step.Op == 0: // the book has none to undo
		l.history.drop(m.change)
	}
	if !l.working() && len(l.history.waiting) > 0 {
		cmds = append(cmds, tell(labelsRest{}))
	}
	return tea.Batch(cmds...)
}

// noTarget is the notice where there is nothing to label.
const noTarget = "there is no connection under the cursor"

func (l *labelling) assign(m message.Label) tea.Cmd {
	if m.Target.Empty() {
		return say(noTarget)
	}
	at := l.now()
	return l.enqueue(labelStep{work: func(ctx context.Context, b *label.Book) (label.Step, string, error) {
		refs, err := m.Target.Refs(ctx)
		if err != nil {
			return label.Step{}, "", err
		}
		step, err := b.Assign(refs, m.Class, cmp.Or(m.Target.Source, label.ByKey), at)
		text := told(step, m.Class+": "+m.Target.Text, len(refs))
		if m.Class == label.Normal { // a label is of these alone
			text += "; :normal account for all alike"
		}
		return step, text, err
	}})
}

// accept gives the connections of a target the classes that the model predicts.
func (l *labelling) accept(m message.Accept) tea.Cmd {
	switch {
	case m.Target.Empty():
		return say(noTarget)
	case m.Target.Snapshot.Learned == nil:
		return say("there is no prediction: label a connection first, or give --model FILE")
	}
	learned, at := m.Target.Snapshot.Learned, l.now()
	return l.enqueue(labelStep{work: func(ctx context.Context, b *label.Book) (label.Step, string, error) {
		indices, err := m.Target.Connections(ctx)
		if err != nil {
			return label.Step{}, "", err
		}
		refs, classes := make([]label.Ref, len(indices)), make([]string, len(indices))
		for k, c := range indices {
			refs[k], classes[k] = m.Target.Snapshot.Connections.Ref(c), learned.Classes[learned.Predicted(c)]
		}
		step, err := b.Accept(refs, classes, at)
		slices.Sort(classes)
		return step, told(step, "accepted "+strings.Join(slices.Compact(classes), ", ")+": "+m.Target.Text, len(refs)), err
	}})
}

// byDigit gives a target the class of a digit.
func (l *labelling) byDigit(target message.Target, digit int) tea.Cmd {
	classes := l.set.Classes()
	if digit >= len(classes) {
		return say(fmt.Sprintf("there is no class %d; :class NAME adds one", digit))
	}
	return message.Request(message.Label{Target: target, Class: classes[digit]})
}

func (l *labelling) clear(m message.Unlabel) tea.Cmd {
	if m.Target.Empty() {
		return say(noTarget)
	}
	at := l.now()
	return l.enqueue(labelStep{work: func(ctx context.Context, b *label.Book) (label.Step, string, error) {
		refs, err := m.Target.Refs(ctx)
		if err != nil {
			return label.Step{}, "", err
		}
		step, err := b.Clear(refs, cmp.Or(m.Target.Source, label.ByKey), at)
		if err == nil && step.Connections == 0 {
			if len(refs) == 1 {
				return step, m.Target.Text + " has no label", nil
			}
			return step, m.Target.Text + " have no label", nil
		}
		return step, told(step, "label taken away: "+m.Target.Text, len(refs)), err
	}})
}

func (l *labelling) annotate(m message.Note) tea.Cmd {
	at := l.now()
	return l.enqueue(labelStep{work: func(ctx context.Context, b *label.Book) (label.Step, string, error) {
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

func (l *labelling) addClass(m message.AddClass) tea.Cmd {
	return l.enqueue(labelStep{work: func(_ context.Context, b *label.Book) (label.Step, string, error) {
		before := len(b.Set().Classes())
		step, err := b.AddClass(m.Name)
		if err != nil {
			return step, "", err
		}
		// The name in the list may differ in case.
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

func (l *labelling) declare(m message.Declare) tea.Cmd {
	at := l.now()
	return l.enqueue(labelStep{work: func(ctx context.Context, b *label.Book) (label.Step, string, error) {
		list, err := m.Usual(ctx)
		if err != nil {
			return label.Step{}, "", err
		}
		step, err := b.Declare(list, at)
		text := usualText(step.Usual) + " is normal from now on; u takes it back"
		if len(step.Usual) == 0 {
			text = usualText(list) + " is normal already"
		}
		return step, text, err
	}})
}

// usualText names what is normal: one thing, or several accounts or hosts.
func usualText(list []label.Usual) string {
	switch len(list) {
	case 0:
		return "nothing"
	case 1:
		return list[0].String()
	}
	if list[0].User == "" {
		return "all that comes from " + widget.Count(len(list)) + " hosts"
	}
	return "all that " + widget.Count(len(list)) + " accounts do"
}

func (l *labelling) revoke(u label.Usual) tea.Cmd {
	return l.enqueue(labelStep{work: func(_ context.Context, b *label.Book) (label.Step, string, error) {
		return b.Revoke(u), u.String() + " is not normal any more", nil
	}})
}

// back undoes or redoes the last step of the book, which is that of a change.
func (l *labelling) back(w way, c *change) tea.Cmd {
	return l.enqueue(labelStep{way: w, change: c, work: func(_ context.Context, b *label.Book) (label.Step, string, error) {
		of, text := (*label.Book).Undo, "undone: "
		if w == redoing {
			of, text = (*label.Book).Redo, "done again: "
		}
		step, ok := of(b)
		if !ok { // the book has forgotten it
			return step, "this step was too long ago", nil
		}
		return step, text + describe(step), nil
	}})
}

// told is the notice of a step: what was asked for, and how many
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

// describe returns what a step did.
func describe(s label.Step) string {
	what := map[label.Op]string{
		label.OpAssign:   "label " + s.Class,
		label.OpClear:    "label taken away",
		label.OpAnnotate: "note",
		label.OpDecide:   "decision",
		label.OpJoin:     "case taken over",
		label.OpAddClass: "class " + s.Class,
		label.OpImport:   "labels file",
		label.OpAccept:   "accepted predictions",
		label.OpUsual:    usualText(s.Usual) + " is normal",
		label.OpUnusual:  usualText(s.Usual) + " is not normal any more",
	}[s.Op]
	if s.Connections == 0 {
		return what
	}
	return what + ", " + connectionCount(s.Connections)
}

func connectionCount(n int) string { return widget.Number(n, "connection", "connections") }
