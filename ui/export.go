package ui

import (
	"context"
	"errors"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/export"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// exports is the export that is being written, and the one that waits for the
// models: what is labelled and exported in one breath belongs together.
type exports struct {
	writing string             // the file, empty for none
	cancel  context.CancelFunc // of the one that is being written
	waiting *order
	warned  bool // said that leaving would lose it; the next q leaves
}

// order is an export as it was asked for.
type order struct {
	message.Export
	all bool // every file, not only the evidence
}

// everything is an Analysis that can write more than its Export does.
type everything interface {
	// ExportAll is Export of every file that there is.
	ExportAll(ctx context.Context, s *pipeline.Snapshot, dir string, force bool, progress func(name string)) ([]string, error)
}

// ExportAll writes what sqleuth export writes.
func (n *analysis) ExportAll(ctx context.Context, s *pipeline.Snapshot, dir string, force bool, progress func(name string)) ([]string, error) {
	opt := n.export
	opt.Force, opt.Evidence = force, false
	return export.Write(ctx, dir, s, n.Text, opt, progress)
}

type (
	// exportAt says which file an export writes.
	exportAt struct {
		name string
		from <-chan tea.Msg
	}
	// exported is the answer of an export.
	exported struct{ answer tea.Msg }
)

// errLearning is why an export has to wait.
var errLearning = errors.New("the models are still learning")

// export writes the evidence.
func (a *app) export(m message.Export) tea.Cmd { return a.write(order{Export: m}) }

// write writes files in the background, once the models know every label.
func (a *app) write(m order) tea.Cmd {
	if a.exports.busy() {
		a.fail("export", errors.New("another export is not finished yet"))
		return nil
	}
	s, err := a.exportable()
	switch {
	case errors.Is(err, errLearning):
		a.exports.waiting = &m
		a.say(fmt.Sprintf("%v; the files are written to %s as soon as they have", err, m.Dir))
		return nil
	case err != nil:
		a.fail("export", err)
		return nil
	}
	program, write, again := a.ctx, a.cfg.Analysis.Export, ":export! "
	if m.all {
		all, ok := a.cfg.Analysis.(everything)
		if !ok {
			a.fail("export", errors.New("there is nothing but the evidence"))
			return nil
		}
		write, again = all.ExportAll, ":export! all "
	}
	zone := ""
	if s.Unzoned {
		zone = "; times are the server's local ones, zone unknown (start with --tz to name it)"
	}
	ctx, cancel := context.WithCancel(program)
	a.exports.writing, a.exports.cancel = m.Dir, cancel
	a.say(fmt.Sprintf("writing to %s; %s cancels", m.Dir, globalKeys.Cancel.Help().Key))
	to := make(chan tea.Msg, 1)
	// Among the runs, so that leaving waits until nothing half-written is left.
	a.runs.group.Go(func() {
		names, err := write(ctx, s, m.Dir, m.Force, func(name string) {
			select {
			case to <- exportAt{name, to}:
			case <-ctx.Done():
			}
		})
		if errors.Is(err, export.ErrExists) {
			err = fmt.Errorf("files are there already; %s replaces them", again+m.Dir)
		}
		answer := tea.Msg(message.Notice{Text: fmt.Sprintf("%s written to %s%s", widget.Number(len(names), "file", "files"), m.Dir, zone)})
		switch {
		case err != nil && ctx.Err() != nil:
			answer = message.Notice{Text: "the export was cancelled; nothing half-written is left in " + m.Dir}
		case err != nil:
			answer = message.Failed{What: "export", Err: err}
		}
		select {
		case to <- exported{answer}:
		case <-program.Done():
		}
	})
	return listen(to)
}

// busy reports whether an export is not finished yet.
func (e *exports) busy() bool { return e.writing != "" || e.waiting != nil }

// stop cancels the export that is being written, and says whether there was one.
func (e *exports) stop() bool {
	if e.writing == "" {
		return false
	}
	e.cancel()
	return true
}

// handleExportAt notes which file is being written.
func (a *app) handleExportAt(m exportAt) tea.Cmd {
	a.exports.writing = m.name
	return listen(m.from)
}

// handleExported says how an export has ended.
func (a *app) handleExported(m exported) tea.Cmd {
	a.exports.cancel()
	a.exports.writing = ""
	cmd, _ := a.handleRequest(m.answer)
	return cmd
}

// exportWaiting writes what waited for the models, if they have learnt.
func (a *app) exportWaiting() tea.Cmd {
	m := a.exports.waiting
	if m == nil {
		return nil
	}
	if _, err := a.exportable(); errors.Is(err, errLearning) {
		return nil
	}
	a.exports.waiting = nil
	return a.write(*m)
}

// exportable returns the snapshot with the labels and notes of now, or why
// there is none.
func (a *app) exportable() (*pipeline.Snapshot, error) {
	s := a.snapshot
	switch {
	case s == nil || a.runs.analysed == nil:
		return nil, a.runs.notRead()
	case a.runs.halted():
		return nil, errors.New("the models were stopped while they were learning; :train lets them learn again")
	case s.Truth == nil || a.runs.cancel != nil || a.runs.asked != question{a.runs.params, a.labels.set}:
		return nil, errLearning
	}
	if s.Truth.Labels == a.labels.set {
		return s, nil
	}
	// The models know every label, but a note was written since.
	n, truth := *s, *s.Truth
	truth.Labels = a.labels.set
	n.Truth = &truth
	return &n, nil
}
