package ui

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
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
	// runEvent is what run id says: a pipeline.Event, or caseOpened.
	runEvent struct {
		id    int
		event any
		from  <-chan tea.Msg
	}
	// runEnded says that run id ended by itself; a cancelled one is silent.
	runEnded struct {
		id       int
		snapshot *pipeline.Snapshot
		err      error
	}
	// judgeDue says that labels and parameters rested since wish number due.
	judgeDue struct{ due int }
)

// listen receives one message; Update asks for the next when it has handled
// that one.
func listen(from <-chan tea.Msg) tea.Cmd {
	return func() tea.Msg { return <-from }
}

// start begins a run in place of the present one. work is Run or Judge; what it
// tells arrives as a runEvent, progress only if there is time for it.
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
			default: // a later one says more
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
	return listen(to)
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

// stop cancels the present run, and says whether there was one.
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

// startRun reads and analyses the log.
func (a *app) startRun() tea.Cmd {
	cfg, params := a.cfg, a.runs.params
	a.runs.asked = question{params: params}
	return a.runs.start(a.ctx, func(ctx context.Context, tell func(any)) (*pipeline.Snapshot, error) {
		labels := func(s *pipeline.Snapshot) (label.Set, error) {
			opened := openCase(cfg, s)
			tell(opened)
			return opened.set, nil
		}
		return cfg.Analysis.Run(ctx, params, labels, func(e pipeline.Event) { tell(e) })
	})
}

// startJudge trains the models with the labels and parameters of now.
func (a *app) startJudge() tea.Cmd {
	s, q := a.runs.analysed, question{a.runs.params, a.labels.set}
	a.runs.asked = q
	for st := pipeline.Isolation; st < pipeline.Stages; st++ {
		a.runs.stages[st] = message.Progress{Stage: st}
	}
	analysis := a.cfg.Analysis
	return a.runs.start(a.ctx, func(ctx context.Context, tell func(any)) (*pipeline.Snapshot, error) {
		return analysis.Judge(ctx, q.params, s, q.labels, func(e pipeline.Event) { tell(e) })
	})
}

// wishJudge asks for the models to learn again once things have settled.
func (a *app) wishJudge() tea.Cmd {
	a.runs.due++
	due := a.runs.due
	return tea.Tick(settle, func(time.Time) tea.Msg { return judgeDue{due} })
}

// judgeAgain trains if the models answer another question than the present one
// and the log is ready for it; a run that is still reading is asked again when
// it has read.
func (a *app) judgeAgain() tea.Cmd {
	if a.runs.analysed == nil || a.runs.asked == (question{a.runs.params, a.labels.set}) {
		return nil
	}
	return a.startJudge()
}

// handleRun handles what a run says.
func (a *app) handleRun(m runEvent) tea.Cmd {
	if m.id != a.runs.id {
		return nil
	}
	next := listen(m.from)
	switch e := m.event.(type) {
	case caseOpened:
		return tea.Batch(a.handleOpened(e), next)
	case pipeline.StageStarted:
		return tea.Batch(a.stage(message.Progress{Stage: e.Stage, State: message.Running, Total: e.Total}), next)
	case pipeline.Progress:
		p := a.runs.stages[e.Stage]
		p.Done, p.Total = e.Done, e.Total
		return tea.Batch(a.stage(p), next)
	case pipeline.Updated:
		return tea.Batch(a.show(e.Snapshot), next)
	case pipeline.StageFinished:
		p := a.runs.stages[e.Stage]
		p.State, p.Took, p.Done = message.Finished, e.Took, p.Total
		if e.Stage >= pipeline.Detect {
			a.runs.analysed = e.Snapshot
		}
		return tea.Batch(a.stage(p), a.show(e.Snapshot), next)
	}
	return next
}

// handleEnd handles the end of a run.
func (a *app) handleEnd(m runEnded) tea.Cmd {
	if m.id != a.runs.id {
		return nil
	}
	a.runs.stop()
	if m.err != nil {
		return a.broken(m.err)
	}
	return tea.Batch(a.show(m.snapshot), a.judgeAgain(), a.exportWaiting())
}

// broken marks the stage that failed and says why.
func (a *app) broken(err error) tea.Cmd {
	var internal *pipeline.PanicError
	if errors.As(err, &internal) {
		a.runs.err = err
	}
	a.exports.waiting = nil
	a.fail("analyse the log", err)
	return tea.Batch(a.tellUnread("failed"), a.endStages(message.Broken))
}

// tellUnread says to everybody why the log is not known as a whole, unless it is.
func (a *app) tellUnread(how string) tea.Cmd {
	if a.runs.analysed != nil {
		return nil
	}
	a.runs.unread = "the analysis " + how + "; start sqleuth again to analyse the log"
	if p := a.runs.stages[pipeline.Load]; p.State != message.Finished {
		a.runs.unread = "reading " + how + where(p) + "; start sqleuth again to read all of it"
	}
	return a.broadcast(message.Unread{Why: a.runs.unread})
}

// where says how far reading has come, empty where that is not known.
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

// cancelRun stops what is running; screens keep what they have. Where no run is
// under way, it is the export that is stopped.
func (a *app) cancelRun() tea.Cmd {
	if !a.runs.stop() {
		switch {
		case a.exports.stop():
			a.say("the export is being cancelled")
		case a.exports.waiting != nil:
			a.exports.waiting = nil
			a.say("nothing is exported")
		default:
			a.say("nothing is running")
		}
		return nil
	}
	a.runs.id++
	unread := a.tellUnread("was cancelled")
	text := "cancelled; what was found so far stays, and :train lets the models learn again"
	if a.runs.analysed == nil {
		text = a.runs.unread + "; what was found so far stays"
		if a.runs.stages[pipeline.Load].State != message.Finished {
			text = a.runs.unread + ", with --max-expanded SIZE to analyse its beginning; what was found so far stays"
		}
	}
	if a.exports.waiting != nil {
		a.exports.waiting = nil
		text += "; nothing is exported"
	}
	a.say(text)
	return tea.Batch(unread, a.endStages(message.Cancelled))
}

// endStages gives the running stage its end.
func (a *app) endStages(state message.State) tea.Cmd {
	var cmds []tea.Cmd
	for _, p := range a.runs.stages {
		if p.State == message.Running {
			p.State = state
			cmds = append(cmds, a.stage(p))
		}
	}
	return tea.Batch(cmds...)
}

// stage keeps and tells how a stage does.
func (a *app) stage(p message.Progress) tea.Cmd {
	a.runs.stages[p.Stage] = p
	return a.broadcast(p)
}

// halted reports whether the last run was stopped or broke before its end.
func (r *runs) halted() bool {
	_, ok := r.ended()
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
