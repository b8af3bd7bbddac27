package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// keeping is the case file: labels, notes, filters and marks as they are saved.
type keeping struct {
	ctx  context.Context
	ours casefile.Case // what is to be saved
	// grows takes in how the log begins, where that is being written, so that the case
	// is found when it has grown; nil elsewhere. The save that is under way has it.
	grows    *casefile.Growing
	emptied  bool // and cannot be read for now
	anew     bool // until the next snapshot
	snapshot *pipeline.Snapshot

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
	log     *pipeline.Snapshot
	records []label.Record // of the labels file
	set     label.Set      // both together, which the models are trained on
	resumed string         // what the case file held, in words; empty for nothing
	grown   bool           // it is of the log when that was shorter
	// serversChosen is that it was chosen which servers wrote the files.
	serversChosen bool
	notices       []string
	err           error
}

// saved is the answer of a save.
type saved struct {
	sent   casefile.Case
	result casefile.Saved
	err    error
	begins error // why it was not kept how the log begins
}

// openCase opens the case file and reads the labels file against the log. The
// pipeline calls it on its own goroutine, when the connections are known and the
// models need labels. It never fails: an investigation without its case file is worth more
// than none, as long as it reports that.
func openCase(cfg Config, s *pipeline.Snapshot) caseOpened {
	m := caseOpened{log: s, notices: slices.Clone(cfg.Notices)}
	if cfg.CaseDir != "" {
		key, err := logOf(s).Key()
		found := key
		if text, ok := cfg.Analysis.(io.ReaderAt); ok && err == nil {
			found, err = casefile.Continued(cfg.CaseDir, key, text, textOf(s))
		}
		if err == nil {
			m.grown = found != key
			m.file, m.kept, err = casefile.Open(cfg.CaseDir, found)
		}
		if err != nil {
			m.err = fmt.Errorf("open the case file: %w", err)
		}
		_, m.serversChosen = casefile.ChosenServers(cfg.CaseDir, logOf(s))
		if cfg.Recalled && !m.serversChosen {
			m.notices = append(m.notices, "the servers were chosen for other files of the same sizes; :servers changes them")
		}
	}
	if s.Left != "" {
		m.notices = append(m.notices, s.Left)
	}
	if m.resumed = resumed(m.kept); m.grown && m.resumed != "" {
		m.resumed += " (of the log when it was shorter)"
	}
	book := label.NewBook(m.kept.Labels)
	if cfg.Labels != nil {
		var resolution label.Resolution
		m.records, resolution = cfg.Labels.Resolve(s.Connections.Epochs())
		m.notices = append(m.notices, resolution.Notices()...)
		if _, err := book.Import(m.records); err != nil {
			m.err = errors.Join(m.err, fmt.Errorf("labels of %q: %w", cfg.LabelsName, err))
		}
	}
	m.set = book.Set()
	return m
}

// textOf is how many bytes of text a log has, all files together.
func textOf(s *pipeline.Snapshot) int64 {
	last := s.Files[len(s.Files)-1]
	return last.Base + last.Text
}

// resumed describes what the case file held, and of which days: nobody who opens a
// log must take somebody's judgement of last week for the program's.
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
	if n := c.Labels.Decided(); n > 0 {
		parts = append(parts, widget.Number(n, "decision", "decisions"))
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
	marked := 0
	for _, m := range c.Marks {
		marked += m.Len()
	}
	if marked > 0 {
		parts = append(parts, widget.Number(marked, "marked row", "marked rows"))
	}
	if len(parts) == 0 {
		return ""
	}
	return "resumed: " + strings.Join(parts, ", ")
}

// Update keeps what others change.
func (k *keeping) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case message.Snapshot:
		if k.snapshot = m.Snapshot; k.anew {
			k.emptied, k.anew = false, false
		}
	case emptied:
		k.emptied = true
	case message.Replaced:
		k.grows, k.emptied, k.anew = k.grows.Anew(), true, true
	case caseOpened:
		return k.open(m), false
	case labelsChanged:
		k.ours.Labels = m.set
		if !m.quiet {
			return k.save(), false
		}
	case filtersChanged:
		k.ours.Filters = m.kept
		return k.save(), true
	case columnsChosen:
		k.ours.Columns = keepColumns(k.ours.Columns, m.kept())
		return k.save(), false
	case marksChanged:
		var changed bool
		if k.ours.Marks, changed = keepMarks(k.ours.Marks, m.Marks); changed {
			return k.save(), true
		}
		return nil, true
	case saved:
		return k.done(m), true
	}
	return nil, false
}

// open takes over the case file; what was done before the log was known by its
// digest is saved.
func (k *keeping) open(m caseOpened) tea.Cmd {
	k.file, k.seen = m.file, m.kept
	marks := m.kept.Marks
	for _, ours := range k.ours.Marks {
		marks, _ = keepMarks(marks, ours)
	}
	k.ours.Marks = marks
	columns := m.kept.Columns
	for _, ours := range k.ours.Columns {
		columns = keepColumns(columns, ours)
	}
	k.ours.Columns = columns
	notices := m.notices
	if m.resumed != "" {
		notices = append([]string{m.resumed}, notices...)
	}
	var cmds []tea.Cmd
	if len(notices) > 0 {
		cmds = append(cmds, say(strings.Join(notices, "; ")))
	}
	if m.err != nil {
		cmds = append(cmds, failed("use the case", m.err))
		k.err = m.err
	}
	if k.ours.Labels != (label.Set{}) || len(m.records) > 0 {
		cmds = append(cmds, k.save())
	}
	return tea.Batch(cmds...)
}

// save writes the case in the background, one save at a time.
func (k *keeping) save() tea.Cmd {
	k.unsaved = true
	if k.saving || k.file == nil {
		return nil
	}
	k.saving, k.unsaved = true, false
	ctx := context.WithoutCancel(k.ctx) // a save that began is finished
	file, seen, ours, grows, s := k.file, k.seen, k.ours, k.grows, k.snapshot
	if k.emptied {
		grows = nil
	}
	return screen.Work(func() tea.Msg {
		m := saved{sent: ours}
		if m.result, m.err = file.Save(ctx, seen, ours); m.err != nil || grows == nil || s.Len() == 0 {
			return m
		}
		var b casefile.Beginning
		if b, m.begins = grows.Reach(textOf(s)); m.begins == nil {
			m.begins = file.Begins(b)
		}
		return m
	})
}

// done takes over what other programs wrote to the same case.
func (k *keeping) done(m saved) tea.Cmd {
	k.saving = false
	if m.err != nil {
		k.unsaved = true
		return failed("save the case file (labels are kept in memory)", m.err)
	}
	k.seen = m.result.Case
	var cmds []tea.Cmd
	if m.begins != nil {
		cmds = append(cmds, failed("see to it that the case is found when the log has grown", m.begins))
	}
	if m.result.SetAside != "" {
		cmds = append(cmds, say("the damaged case file was kept as "+m.result.SetAside))
	}
	if m.result.Case.Labels != m.sent.Labels {
		cmds = append(cmds, tell(caseMerged{m.sent.Labels, m.result.Case.Labels}))
	}
	if k.unsaved {
		cmds = append(cmds, k.save())
	}
	return tea.Batch(cmds...)
}

// flush saves what a program that was ended from outside had no time to save.
func (k *keeping) flush() error {
	if k.file == nil || k.ours.Labels.Equal(k.seen.Labels) && !k.unsaved {
		return nil
	}
	if _, err := k.file.Save(context.Background(), k.seen, k.ours); err != nil {
		return fmt.Errorf("save the case file: %w", err)
	}
	return nil
}
