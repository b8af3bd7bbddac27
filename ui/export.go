package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/export"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// exports is the export that is being written, and the one that waits for the
// models: what is labelled and exported in one breath belongs together.
type exports struct {
	ctx      context.Context
	analysis Analysis
	runs     *runs
	snapshot *pipeline.Snapshot

	writing string             // the file, empty for none
	cancel  context.CancelFunc // of the one that is being written
	waiting *order
	warned  bool // warned that leaving would lose it; the next q leaves
}

// order is an export as it was asked for.
type order struct {
	message.Export
	all bool // every file, not only the evidence
	// want is the entries that are written to a file, whose name Dir is then; nil for an
	// export.
	want func(i int) bool
}

// everything is an Analysis that can write more than its Export does.
type everything interface {
	// ExportAll is Export of every file that there is.
	ExportAll(ctx context.Context, s *pipeline.Snapshot, dir string, force bool, progress func(name string)) ([]string, error)
	// WriteEntries writes entries to a file in the form that its extension names.
	WriteEntries(ctx context.Context, s *pipeline.Snapshot, path string, force bool, want func(i int) bool) error
}

// WriteEntries writes entries to a file that is none of those that are read.
func (n *analysis) WriteEntries(ctx context.Context, s *pipeline.Snapshot, path string, force bool, want func(i int) bool) error {
	opt := n.export
	opt.Force = force
	return export.WriteFile(ctx, path, s, n.Text, opt, want)
}

// ExportAll writes what sqleuth export writes.
func (n *analysis) ExportAll(ctx context.Context, s *pipeline.Snapshot, dir string, force bool, progress func(name string)) ([]string, error) {
	opt := n.export
	opt.Force, opt.Files = force, export.Full
	return export.Write(ctx, dir, s, n.Text, opt, progress)
}

type (
	// exportAt names the file that an export writes.
	exportAt struct {
		name string
		from <-chan tea.Msg
	}
	// exported is the answer of an export.
	exported struct{ answer tea.Msg }
)

// errLearning is why an export has to wait.
var errLearning = errors.New("the models are still learning")

// Update takes requests to export, and hears what an export waits for.
func (e *exports) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case message.Snapshot:
		e.snapshot = m.Snapshot
	case message.Export:
		return e.write(order{Export: m}), true
	case message.Cancel:
		return e.halt(), true
	case exportAt:
		e.writing = m.name
		return screen.Work(listen(m.from)), true
	case exported:
		e.cancel()
		e.writing = ""
		return tell(m.answer), true
	case settled:
		return e.resume(), true
	case runFailed:
		e.waiting = nil
		return nil, true
	}
	return nil, false
}

// write writes files in the background, once the models know every label.
func (e *exports) write(m order) tea.Cmd {
	m.Dir = atHome(m.Dir)
	if e.busy() {
		return failed("export", errors.New("another export is not finished yet"))
	}
	s, err := e.exportable()
	switch {
	case errors.Is(err, errLearning):
		e.waiting = &m
		return say(fmt.Sprintf("%v; the files are written to %s as soon as they have", err, m.Dir))
	case err != nil:
		return failed("export", err)
	}
	program, write, again := e.ctx, e.analysis.Export, ":export! "
	if m.all || m.want != nil {
		all, ok := e.analysis.(everything)
		if !ok {
			return failed("export", errors.New("there is nothing but the evidence"))
		}
		write, again = all.ExportAll, ":export! all "
		if m.want != nil {
			again = ":write! "
			write = func(ctx context.Context, s *pipeline.Snapshot, path string, force bool, _ func(string)) ([]string, error) {
				return []string{path}, all.WriteEntries(ctx, s, path, force, m.want)
			}
		}
	}
	const checks = ", which sqleuth verify checks"
	zone := ""
	if s.Unzoned {
		zone = "; times are the server's local ones, zone unknown (start with --tz to name it)"
	}
	ctx, cancel := context.WithCancel(program)
	e.writing, e.cancel = m.Dir, cancel
	begun := say(fmt.Sprintf("writing to %s; %s cancels", m.Dir, globalKeys.Cancel.Help().Key))
	to := make(chan tea.Msg, 1)
	// Among the runs, so that leaving waits until nothing half-written is left.
	e.runs.group.Go(func() {
		names, err := write(ctx, s, m.Dir, m.Force, func(name string) {
			select {
			case to <- exportAt{name, to}:
			case <-ctx.Done():
			}
		})
		if errors.Is(err, export.ErrExists) {
			there := "files are there already; %s replaces them"
			if m.want != nil {
				there = "the file is there already; %s replaces it"
			}
			err = fmt.Errorf(there, again+m.Dir)
		}
		answer := tea.Msg(message.Notice{Text: fmt.Sprintf("%s written to %s%s", widget.Number(len(names), "file", "files"), m.Dir+checks, zone)})
		switch {
		case m.want != nil && err == nil:
			answer = message.Notice{Text: "the entries are written to " + m.Dir + zone}
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
	return tea.Batch(begun, screen.Work(listen(to)))
}

// busy reports whether an export is not finished yet.
func (e *exports) busy() bool { return e.writing != "" || e.waiting != nil }

// halt stops the run that is under way, or else the export, and gives up the export
// that waits.
func (e *exports) halt() tea.Cmd {
	text, cmd := e.runs.halt()
	waited := e.waiting != nil
	e.waiting = nil
	switch {
	case text != "" && waited:
		text += "; nothing is exported"
	case text != "":
	case waited:
		text = "nothing is exported"
	case e.writing != "":
		e.cancel()
		text = "the export is being cancelled"
	default:
		text = "nothing is running"
	}
	return tea.Batch(cmd, say(text))
}

// resume writes what waited for the models, if they have learnt.
func (e *exports) resume() tea.Cmd {
	m := e.waiting
	if m == nil {
		return nil
	}
	if _, err := e.exportable(); errors.Is(err, errLearning) {
		return nil
	}
	e.waiting = nil
	return e.write(*m)
}

// exportable returns the snapshot with the labels and notes of now, or why
// there is none.
func (e *exports) exportable() (*pipeline.Snapshot, error) {
	s := e.snapshot
	switch {
	case s == nil || e.runs.analysed == nil:
		return nil, e.runs.notRead()
	case e.runs.halted():
		return nil, errors.New("the models were stopped while they were learning; :train lets them learn again")
	case s.Truth == nil || e.runs.cancel != nil || !e.runs.answered():
		return nil, errLearning
	}
	if s.Truth.Labels == e.runs.labels {
		return s, nil
	}
	// The models know every label, but a note was written since.
	n, truth := *s, *s.Truth
	truth.Labels = e.runs.labels
	n.Truth = &truth
	return &n, nil
}

// entries writes the marked entries, or those of marked connections, of the list that is
// shown; where none is marked, the entries that the filters leave.
func (l *commandLine) entries(path string, force bool) (tea.Cmd, error) {
	for _, marked := range l.places.lists(l.places.at) {
		switch marks, s := marked.Marks(), l.places.snapshot; {
		case marks.Len() == 0:
		case marked.Name() == "entries":
			return l.exports.write(order{Export: message.Export{Dir: path, Force: force}, want: marks.Has}), nil
		case marked.Name() == "connections":
			want := func(i int) bool { return marks.Has(int(s.Entries.Connection(i))) }
			return l.exports.write(order{Export: message.Export{Dir: path, Force: force}, want: want}), nil
		}
	}
	rows := l.filters.shown.Entries
	if rows == nil || l.filters.stop != nil {
		return nil, errors.New("what the filters leave is not known yet; wait until the search has ended")
	}
	want := func(i int) bool {
		_, shown := rows.Find(i)
		return shown
	}
	return l.exports.write(order{Export: message.Export{Dir: path, Force: force}, want: want}), nil
}

// command writes the evidence or, where "all" precedes the folder,
// every file.
func (e *exports) command(arg string, force bool) (tea.Cmd, error) {
	if arg == "all" {
		return nil, errors.New("write :export all DIR, or :export ./all for a folder of that name")
	}
	dir, all := strings.CutPrefix(arg, "all ")
	return e.write(order{Export: message.Export{Dir: strings.TrimSpace(dir), Force: force}, all: all}), nil
}
