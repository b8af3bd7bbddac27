package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/widget"
)

// keeping is the case file: labels, notes and filters as they are saved.
type keeping struct {
	file *casefile.File // nil until the log is known by its digest, or for good
	err  error          // why it is nil for good
	seen casefile.Case  // what the file held when it was last read or written
	// saving is that a save is under way, unsaved that something changed that
	// no save has begun with.
	saving, unsaved bool
}

// caseOpened carries what is known of the labels when the log has been read.
type caseOpened struct {
	file    *casefile.File
	kept    casefile.Case
	records []label.Record // of the labels file
	set     label.Set      // both together, which the models are trained on
	resumed string         // what the case file held, in words; empty for nothing
	notices []string
	err     error
}

// saved is the answer of a save.
type saved struct {
	sent   casefile.Case
	result casefile.Saved
	err    error
}

// openCase opens the case file and reads the labels file against the log. The
// pipeline calls it on its own goroutine, when the connections are known and the
// models need labels. It never fails: an investigation without its case file is worth more
// than none, as long as it says so.
func openCase(cfg Config, s *pipeline.Snapshot) caseOpened {
	var m caseOpened
	if cfg.CaseDir != "" {
		key, err := caseKey(s)
		if err == nil {
			m.file, m.kept, err = casefile.Open(cfg.CaseDir, key)
		}
		if err != nil {
			m.err = fmt.Errorf("open the case file: %w", err)
		}
	}
	m.resumed = resumed(m.kept)
	book := label.NewBook(m.kept.Labels)
	if cfg.Labels != nil {
		var resolution label.Resolution
		m.records, resolution = cfg.Labels.Resolve(s.Connections.Epochs())
		m.notices = resolution.Notices()
		if _, err := book.Import(m.records); err != nil {
			m.err = errors.Join(m.err, fmt.Errorf("labels of %q: %w", cfg.LabelsName, err))
		}
	}
	m.set = book.Set()
	return m
}

// resumed says in words what the case file held, and of which days: who
// opens a log must not take somebody's judgement of last week for the program's.
func resumed(c casefile.Case) string {
	var parts []string
	if n := c.Labels.Labelled(); n > 0 {
		first, last := "", ""
		for r := range c.Labels.All() {
			if r.Verdict.Class == "" || r.Verdict.At.IsZero() {
				continue
			}
			day := r.Verdict.At.UTC().Format(time.DateOnly)
			if first == "" || day < first {
				first = day
			}
			last = max(last, day)
		}
		text := widget.Number(n, "label", "labels")
		switch {
		case first == "":
		case first == last:
			text += " of " + first
		default:
			text += " of " + first + " to " + last
		}
		parts = append(parts, text)
	}
	if n := c.Labels.Noted(); n > 0 {
		parts = append(parts, widget.Number(n, "note", "notes"))
	}
	if n := len(c.Filters); n > 0 {
		text, on := widget.Number(n, "filter", "filters"), 0
		for _, f := range c.Filters {
			if f.On {
				on++
			}
		}
		if on < n {
			text += fmt.Sprintf(" (%d on)", on)
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return ""
	}
	return "resumed: " + strings.Join(parts, ", ")
}

// handleOpened takes over what the case and the labels file hold; labels that
// were given while the log was still being read are joined with them.
func (a *app) handleOpened(m caseOpened) tea.Cmd {
	a.keep.file, a.keep.seen = m.file, m.kept
	a.runs.asked.labels = m.set
	notices := m.notices
	if m.resumed != "" {
		notices = append([]string{m.resumed}, notices...)
	}
	if len(notices) > 0 {
		a.say(strings.Join(notices, "; "))
	}
	if m.err != nil {
		a.fail("use the case", m.err)
		a.keep.err = m.err
	}
	first := labelStep{quiet: true, work: func(_ context.Context, b *label.Book) (label.Step, string, error) {
		b.Absorb(label.Set{}, m.kept.Labels)
		if len(m.records) == 0 {
			return label.Step{}, "", nil
		}
		step, err := b.Import(m.records)
		return step, "", err
	}}
	cmds := []tea.Cmd{a.enqueue(first), a.restoreFilters(m.kept.Filters)}
	if a.labels.set != (label.Set{}) || len(m.records) > 0 {
		cmds = append(cmds, a.save())
	}
	return tea.Batch(cmds...)
}

// save writes the case in the background, one save at a time.
func (a *app) save() tea.Cmd {
	a.keep.unsaved = true
	if a.keep.saving || a.keep.file == nil {
		return nil
	}
	a.keep.saving, a.keep.unsaved = true, false
	ctx := context.WithoutCancel(a.ctx) // a save that began is finished
	file, seen, ours := a.keep.file, a.keep.seen, casefile.Case{Labels: a.labels.set, Filters: a.filters.kept()}
	return func() tea.Msg {
		result, err := file.Save(ctx, seen, ours)
		return saved{ours, result, err}
	}
}

// handleSaved takes over what other programs wrote to the same case.
func (a *app) handleSaved(m saved) tea.Cmd {
	a.keep.saving = false
	if m.err != nil {
		a.keep.unsaved = true
		if a.leaving == waiting {
			a.leaving = warned
		}
		a.fail("save the case file (labels are kept in memory)", m.err)
		return nil
	}
	a.keep.seen = m.result.Case
	var cmds []tea.Cmd
	if m.result.SetAside != "" {
		a.say("the damaged case file was kept as " + m.result.SetAside)
	}
	if m.result.Case.Labels != m.sent.Labels {
		cmds = append(cmds, a.enqueue(labelStep{quiet: true, work: func(_ context.Context, b *label.Book) (label.Step, string, error) {
			b.Absorb(m.sent.Labels, m.result.Case.Labels)
			return label.Step{}, "", nil
		}}))
	}
	if a.keep.unsaved {
		cmds = append(cmds, a.save())
	}
	return tea.Batch(append(cmds, a.leaveWhenSaved())...)
}

// departure is how far leaving the program is.
type departure uint8

const (
	staying departure = iota
	warned            // said what would be lost; the next q leaves
	waiting           // leaving as soon as everything is saved
)

// leave ends the program once nothing is unsaved. Where something cannot be
// saved it says so, and a second q leaves all the same.
func (a *app) leave() tea.Cmd {
	busy := a.labels.busy || len(a.labels.queue) > 0
	switch {
	case !a.exports.warned && a.exports.busy():
		a.exports.warned = true
		a.fail("leave yet", errors.New("an export is being written; q again leaves without it"))
		return nil
	case a.leaving == warned, a.cfg.CaseDir == "": // by decision, or by wish
		return a.end()
	case busy || a.keep.saving:
		a.leaving = waiting
		a.say("saving")
		return nil
	case !a.keep.unsaved:
		return a.end()
	case a.keep.file != nil: // an earlier save has failed
		a.leaving = waiting
		return a.save()
	case a.labels.set.Labelled()+a.labels.set.Noted() == 0: // filters only
		return a.end()
	}
	a.leaving = warned
	err := a.keep.err
	if err == nil {
		err = errors.New("they are kept once the log is read")
		if a.runs.halted() {
			err = errors.New("a case is known by the whole log, and this one was not read to its end")
		}
	}
	a.fail("save the labels (q again leaves without them)", err)
	return nil
}

// flush saves what a program that was ended from outside had no time to save.
func (a *app) flush() error {
	if a.keep.file == nil || a.labels.set == a.keep.seen.Labels && !a.keep.unsaved {
		return nil
	}
	ours := casefile.Case{Labels: a.labels.set, Filters: a.filters.kept()}
	if _, err := a.keep.file.Save(context.Background(), a.keep.seen, ours); err != nil {
		return fmt.Errorf("save the case file: %w", err)
	}
	return nil
}

// leaveWhenSaved ends the program if that is all it waits for.
func (a *app) leaveWhenSaved() tea.Cmd {
	if a.leaving != waiting || a.keep.saving || a.keep.unsaved || a.labels.busy || len(a.labels.queue) > 0 {
		return nil
	}
	return a.end()
}

// end ends the program.
func (a *app) end() tea.Cmd {
	a.ended = true
	return tea.Quit
}
