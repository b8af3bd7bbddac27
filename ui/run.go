package ui

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// settle is how long labels and parameters must rest before the models learn
// again: a burst of key presses is one training.
const settle = 200 * time.Millisecond

// runs owns the goroutine of the pipeline. There is one at a time; its messages
// carry its number, and those of a run that is not the present one are dropped.
//
//	start --> goroutine: Run or Judge --tell--> channel --listen--> Update
//	                                               ^                  |
//	                                               '---- listen ------'  one at a time
type runs struct {
	ctx      context.Context
	analysis Analysis
	// open reads the case file and the labels file, once the log is read.
	open   func(s *pipeline.Snapshot) caseOpened
	labels label.Set // of now

	id     int
	cancel context.CancelFunc // of the present run; nil when none is running
	group  sync.WaitGroup
	err    error // the last internal error

	stages [pipeline.Stages]message.Progress
	params model.Params // that are wanted
	asked  question     // that the present or last run answers
	// analysed is the latest snapshot that can be judged again; nil until the
	// stages before the models are done.
	analysed *pipeline.Snapshot
	due      int    // number of the latest wish to judge
	unread   string // why the log was not read to its end, or not analysed; empty as long as that may come
}

// question is what the models' answer depends on beside the log.
type question struct {
	params model.Params
	labels label.Set
}

type (
	// runEvent is an event of run id: a pipeline.Event, or caseOpened.
	runEvent struct {
		id    int
		event any
		from  <-chan tea.Msg
	}
	// runEnded reports that run id ended by itself; a cancelled one is silent.
	runEnded struct {
		id       int
		snapshot *pipeline.Snapshot
		err      error
	}
	// judgeDue reports that labels and parameters rested since wish number due.
	judgeDue struct{ due int }
)

// listen receives one message; Update asks for the next when it has handled
// that one.
func listen(from <-chan tea.Msg) tea.Cmd {
	return func() tea.Msg { return <-from }
}

// start begins a run in place of the present one. work is Run or Judge; what it
// reports arrives as a runEvent, progress only if there is time for it.
func (r *runs) start(ctx context.Context, work func(ctx context.Context, tell func(event any)) (*pipeline.Snapshot, error)) tea.Cmd {
	r.stop()
	ctx, cancel := context.WithCancel(ctx)
	r.id++
	r.cancel = cancel
	id, to := r.id, make(chan tea.Msg, 1)
	tell := func(event any) {
		m := runEvent{id, event, to}
		switch event.(type) {
		case pipeline.Progress, pipeline.Updated:
			select {
			case to <- m:
			default: // a later one holds more
			}
		default:
			select {
			case to <- m:
			case <-ctx.Done():
			}
		}
	}
	r.group.Go(func() {
		defer close(to)
		s, err := safely(func() (*pipeline.Snapshot, error) { return work(ctx, tell) })
		select {
		case to <- runEnded{id, s, err}:
		case <-ctx.Done():
		}
	})
	return screen.Work(listen(to))
}

// safely turns a panic of work into an error: nobody else would catch it in a
// goroutine of ours, and the terminal would stay as it is.
func safely(work func() (*pipeline.Snapshot, error)) (s *pipeline.Snapshot, err error) {
	defer func() {
		if v := recover(); v != nil {
			s, err = nil, &pipeline.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return work()
}

// stop cancels the present run, and reports whether there was one.
func (r *runs) stop() bool {
	if r.cancel == nil {
		return false
	}
	r.cancel()
	r.cancel = nil
	return true
}

// wait stops and waits until no goroutine is left.
func (r *runs) wait() {
	r.stop()
	r.group.Wait()
}

// Update takes the events of runs, and what runs have to answer anew.
func (r *runs) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case runEvent:
		if m.id != r.id {
			return nil, true
		}
		return tea.Batch(r.hear(m.event), screen.Work(listen(m.from))), true
	case runEnded:
		if m.id != r.id {
			return nil, true
		}
		return r.ended(m), true
	case judgeDue:
		if m.due != r.due {
			return nil, true
		}
		return tea.Batch(r.judgeAgain(), tell(settled{})), true
	case caseOpened:
		r.asked.labels = m.set
	case labelsChanged:
		return r.learn(m), false
	case logGrown:
		return r.replace(m), true
	case message.SetOption:
		return r.setOption(m), true
	}
	return nil, false
}

// begin reads and analyses the log.
func (r *runs) begin() tea.Cmd {
	analysis, params, open := r.analysis, r.params, r.open
	r.asked = question{params: params}
	var again tea.Cmd
	if r.unread != "" {
		r.unread, again = "", tell(message.Unread{})
	}
	return tea.Batch(again, r.start(r.ctx, func(ctx context.Context, tell func(any)) (*pipeline.Snapshot, error) {
		labels := func(s *pipeline.Snapshot) (label.Set, error) {
			opened := open(s)
			tell(opened)
			return opened.set, nil
		}
		return analysis.Run(ctx, params, labels, func(e pipeline.Event) { tell(e) })
	}))
}

// replace takes what is known of the log now that it has grown, in place of a run that
// still learns of it as it was.
func (r *runs) replace(m logGrown) tea.Cmd {
	if r.stop() {
		r.id++
	}
	r.analysed, r.asked = m.snapshot, m.asked
	var cmds []tea.Cmd
	for _, p := range r.stages {
		if p.State != message.Finished {
			p.State = message.Finished
			cmds = append(cmds, r.stage(p))
		}
	}
	return tea.Batch(append(cmds, tell(message.Snapshot{Snapshot: m.snapshot}), r.judgeAgain(), tell(settled{}))...)
}

// judge trains the models with the labels and parameters of now.
func (r *runs) judge() tea.Cmd {
	s, q := r.analysed, question{r.params, r.labels}
	r.asked = q
	for st := pipeline.Isolation; st < pipeline.Stages; st++ {
		r.stages[st] = message.Progress{Stage: st}
	}
	analysis := r.analysis
	return r.start(r.ctx, func(ctx context.Context, tell func(any)) (*pipeline.Snapshot, error) {
		return analysis.Judge(ctx, q.params, s, q.labels, func(e pipeline.Event) { tell(e) })
	})
}

// train lets the models learn again.
func (r *runs) train() (tea.Cmd, error) {
	if r.analysed == nil {
		return nil, r.notRead()
	}
	return r.judge(), nil
}

// learn wishes for models that know the labels, unless they do: a note or a decision is not what
// they learn from, nor is what they were asked with.
func (r *runs) learn(m labelsChanged) tea.Cmd {
	if (m.step.Op == label.OpAnnotate || m.step.Op == label.OpDecide) && r.asked.labels == r.labels || m.unchanged && r.asked.labels == m.known {
		r.asked.labels = m.set
	}
	r.labels = m.set
	return r.wishJudge()
}

// wishJudge asks for the models to learn again once things have settled.
func (r *runs) wishJudge() tea.Cmd {
	r.due++
	due := r.due
	return screen.Work(tea.Tick(settle, func(time.Time) tea.Msg { return judgeDue{due} }))
}

// answered reports whether the models answer the question of now.
func (r *runs) answered() bool { return r.asked == question{r.params, r.labels} }

// judgeAgain trains if the models answer another question than the present one
// and the log is ready for it; a run that is still reading is asked again when
// it has read.
func (r *runs) judgeAgain() tea.Cmd {
	if r.analysed == nil || r.answered() {
		return nil
	}
	return r.judge()
}

// setOption changes a parameter of the models.
func (r *runs) setOption(m message.SetOption) tea.Cmd {
	p, err := withOption(r.params, m.Name, strings.TrimSpace(m.Value))
	if err != nil {
		return failed("set "+m.Name, err)
	}
	r.params = p
	return tea.Batch(say(fmt.Sprintf("%s is %s; the models learn again", m.Name, strings.TrimSpace(m.Value))), r.wishJudge())
}

// withOption returns parameters of which one is changed.
func withOption(p model.Params, name, value string) (model.Params, error) {
	var err error
	switch name {
	case "contamination":
		p.Contamination, err = strconv.ParseFloat(value, 64)
	case "seed":
		var seed uint64
		seed, err = strconv.ParseUint(value, 10, 32)
		p.Seed = uint32(seed)
	case "trees":
		p.Trees, err = strconv.Atoi(value)
	default:
		return p, errors.New("there are contamination, seed, trees and tz")
	}
	if err != nil {
		return p, fmt.Errorf("%q is not such a number", value)
	}
	return p, p.Check()
}

// hear handles an event of a run.
func (r *runs) hear(event any) tea.Cmd {
	switch e := event.(type) {
	case caseOpened:
		return tell(e)
	case pipeline.StageStarted:
		return r.stage(message.Progress{Stage: e.Stage, State: message.Running, Total: e.Total})
	case pipeline.Progress:
		p := r.stages[e.Stage]
		p.Done, p.Total = e.Done, e.Total
		return r.stage(p)
	case pipeline.Updated:
		return tell(message.Snapshot{Snapshot: e.Snapshot})
	case pipeline.StageFinished:
		p := r.stages[e.Stage]
		p.State, p.Done = message.Finished, p.Total
		if e.Stage >= pipeline.Detect {
			r.analysed = e.Snapshot
		}
		return tea.Batch(r.stage(p), tell(message.Snapshot{Snapshot: e.Snapshot}))
	}
	return nil
}

// ended takes the end of a run.
func (r *runs) ended(m runEnded) tea.Cmd {
	r.stop()
	if m.err != nil {
		return r.broken(m.err)
	}
	return tea.Batch(tell(message.Snapshot{Snapshot: m.snapshot}), r.judgeAgain(), tell(settled{}))
}

// broken marks the stage that failed and reports why.
func (r *runs) broken(err error) tea.Cmd {
	var internal *pipeline.PanicError
	if errors.As(err, &internal) {
		r.err = err
	}
	return tea.Batch(tell(runFailed{}), failed("analyse the log", err), r.tellUnread("failed"), r.endStages(message.Broken))
}

// tellUnread reports to everybody why the log is not known as a whole, unless it
// is.
func (r *runs) tellUnread(how string) tea.Cmd {
	if r.analysed != nil {
		return nil
	}
	r.unread = "the analysis " + how + "; start sqleuth again to analyse the log"
	if p := r.stages[pipeline.Load]; p.State != message.Finished {
		r.unread = "reading " + how + where(p) + "; start sqleuth again to read all of it"
	}
	return tell(message.Unread{Why: r.unread})
}

// where returns how far reading has come, empty where that is not known.
func where(p message.Progress) string {
	switch {
	case p.Stage != pipeline.Load || p.Done <= 0:
		return ""
	case p.Total <= 0:
		return " after " + widget.Bytes(p.Done)
	}
	return " at " + widget.Share(p.Done, p.Total) + " of the log"
}

// notRead is why there is nothing yet that depends on the whole log.
func (r *runs) notRead() error {
	if r.unread != "" {
		return errors.New(r.unread)
	}
	return errors.New("the log is not read yet")
}

// halt cancels the run that is under way; screens keep what they have. text is what
// that means, and is empty where nothing was running.
func (r *runs) halt() (text string, cmd tea.Cmd) {
	if !r.stop() {
		return "", nil
	}
	r.id++
	unread := r.tellUnread("was cancelled")
	text = "cancelled; what was found so far stays, and :train lets the models learn again"
	if r.analysed == nil {
		text = r.unread + "; what was found so far stays"
		if r.stages[pipeline.Load].State != message.Finished {
			text = r.unread + ", with --max-expanded SIZE to analyse its beginning; what was found so far stays"
		}
	}
	return text, tea.Batch(unread, r.endStages(message.Cancelled))
}

// endStages gives the running stage its end.
func (r *runs) endStages(state message.State) tea.Cmd {
	var cmds []tea.Cmd
	for _, p := range r.stages {
		if p.State == message.Running {
			p.State = state
			cmds = append(cmds, r.stage(p))
		}
	}
	return tea.Batch(cmds...)
}

// stage keeps and sends the progress of a stage.
func (r *runs) stage(p message.Progress) tea.Cmd {
	r.stages[p.Stage] = p
	return tell(p)
}

// halted reports whether the last run was stopped or broke before its end.
func (r *runs) halted() bool {
	_, ok := r.incomplete()
	return ok && r.cancel == nil
}

// running returns the stage that runs, false for none.
func (r *runs) running() (message.Progress, bool) {
	for _, p := range r.stages {
		if p.State == message.Running {
			return p, true
		}
	}
	return message.Progress{}, false
}

// incomplete reports that the last run did not come to its end.
func (r *runs) incomplete() (string, bool) {
	for _, p := range r.stages {
		switch p.State {
		case message.Cancelled:
			return p.Stage.String() + " cancelled" + where(p), true
		case message.Broken:
			return p.Stage.String() + " failed" + where(p), true
		}
	}
	return "", false
}
