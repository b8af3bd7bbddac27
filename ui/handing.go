package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/wholefile"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
)

// handing is the part that hands the case to another analyst of the same log, and takes
// theirs over.
type handing struct {
	theme   *theme.Theme
	from    string   // who works here, empty where nobody is named
	logs    []string // paths, none of which is written to
	keep    *keeping
	labels  *labelling
	filters *filtering
	paths   *paths

	log *pipeline.Snapshot // read to its end; nil before
}

// handed is somebody else's case, with what it brings.
type handed struct {
	given   casefile.Handed
	brought casefile.Brought
	err     error
}

// Update keeps in mind which log the case is about, and takes over a case that was read.
func (h *handing) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case caseOpened:
		h.log = m.log
	case handed:
		return h.take(m), true
	}
	return nil, false
}

// verbs are what can be done with a case.
var verbs = []string{"export ", "export! ", "import "}

// command does what is typed behind :case.
func (h *handing) command(arg string) (tea.Cmd, error) {
	verb, path, _ := strings.Cut(arg, " ")
	path = atHome(strings.TrimSpace(path))
	switch {
	case path == "":
		return nil, errors.New("write :case export FILE, or :case import FILE")
	case h.log == nil:
		return nil, errors.New("the log is not read to its end yet")
	}
	switch verb {
	case "export", "export!":
		return h.export(path, verb == "export!"), nil
	case "import":
		return h.read(path), nil
	}
	return nil, fmt.Errorf("there is no :case %s; write :case export FILE, or :case import FILE", verb)
}

// complete completes the verb, or the file behind it.
func (h *handing) complete(arg string) (out []string) {
	verb, path, ok := strings.Cut(arg, " ")
	if !ok {
		return oneOf(func(*commandLine) []string { return verbs })(nil, arg)
	}
	for _, p := range h.paths.complete(path) {
		out = append(out, verb+" "+p)
	}
	return out
}

// export writes the case in the background.
func (h *handing) export(path string, force bool) tea.Cmd {
	c := casefile.Handed{Case: h.keep.ours, Log: logOf(h.log), From: h.from}
	c.Case.Labels = h.labels.set
	target := wholefile.Target{Path: path, Force: force, Reads: h.logs}
	return screen.Work(func() tea.Msg {
		data, err := c.Encode()
		if err == nil {
			err = target.Write(func(w io.Writer) error { _, err := w.Write(data); return err })
		}
		switch {
		case errors.Is(err, fs.ErrExist):
			return message.Failed{What: "export the case", Err: fmt.Errorf("%s is there already; :case export! replaces it", path)}
		case err != nil:
			return message.Failed{What: "export the case", Err: fmt.Errorf("%s: %w", path, err)}
		}
		return message.Notice{Text: "case written to " + path + ": " + c.Case.Text()}
	})
}

// read reads somebody else's case in the background.
func (h *handing) read(path string) tea.Cmd {
	ours, log := h.keep.ours, logOf(h.log)
	ours.Labels = h.labels.set
	return screen.Work(func() tea.Msg {
		var m handed
		in, err := os.Open(path)
		if err == nil {
			defer in.Close()
			m.given, err = casefile.ReadHanded(in, log)
		}
		if err == nil {
			_, m.brought, err = casefile.Join(ours, m.given)
		}
		m.err = err
		return m
	})
}

// take joins somebody else's case with ours. Labels are one step, which can be undone.
func (h *handing) take(m handed) tea.Cmd {
	if m.err != nil {
		return failed("import the case", m.err)
	}
	giver := m.given.Giver()
	text := m.brought.Text(giver)
	if m.brought.Empty() {
		return say(text)
	}
	ours := h.filters.kept()
	filters, _ := casefile.JoinFilters(ours, m.given.Case.Filters)
	cmds := []tea.Cmd{
		h.labels.enqueue(labelStep{work: func(_ context.Context, b *label.Book) (label.Step, string, error) {
			step, _, err := b.Join(m.given.Case.Labels, giver)
			return step, text, err
		}}),
		h.filters.restore(filters[len(ours):]),
		h.mark(m.given.Case.Marks),
	}
	if conflicts := m.brought.Conflicts; len(conflicts) > 0 {
		cmds = append(cmds, lie(&listing{
			theme: h.theme, title: text,
			len:  func() int { return len(conflicts) },
			line: func(k int) string { return conflicts[k].Text() },
		}))
	}
	return tea.Batch(cmds...)
}

// mark marks what they have marked. Rows of another reading are in no list now: those
// are kept for when the log is read so.
func (h *handing) mark(theirs []casefile.Marks) tea.Cmd {
	cmds := []tea.Cmd{restored(theirs, h.log)}
	joined, _ := casefile.JoinMarks(h.keep.ours.Marks, theirs)
	for _, m := range joined {
		if m.Reading != h.log.Reading.String() {
			cmds = append(cmds, tell(marksChanged{m}))
		}
	}
	return tea.Batch(cmds...)
}
