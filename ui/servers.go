package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Reopening is how the log is to be opened again, when Run has returned.
type Reopening struct {
	Servers []integrity.Group // none: all files are of one server
	Notice  string            // to be shown then; empty for nothing
}

// separating is the part that asks whether files with the same time in them are of several
// servers. The answer is kept beside the case; where it is another than what was read, the
// log is read again.
type separating struct {
	ctx   context.Context
	theme *theme.Theme
	dir   string // of the cases; empty where nothing is kept
	able  bool   // the log can be opened again
	leave *leaving

	snapshot *pipeline.Snapshot
	opened   bool // the case is
	chosen   bool // the answer is kept
	asked    bool
	again    *Reopening // nil: the log stays as it is
}

// serversChosen is the answer of keeping a choice.
type serversChosen struct {
	reopening *Reopening // nil: nothing is to be read again
	err       error
}

// Update hears what is known of the log, and what was chosen.
func (p *separating) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case message.Snapshot:
		p.snapshot = m.Snapshot
	case caseOpened:
		p.opened, p.chosen = true, m.serversChosen
	case serversChosen:
		return p.done(m), true
	}
	return nil, false
}

// due returns the question, once it can be asked; nil before and behind that. It waits
// as long as something lies over the screen.
func (p *separating) due(over *overlays) tea.Cmd {
	if !p.able || !p.opened || p.chosen || p.asked || over.top != nil || p.leave.state != running || p.snapshot.SeveralServers() || !integrity.Separable(p.snapshot.Integrity.Servers) {
		return nil
	}
	p.asked = true
	return lie(newServerList(p, p.snapshot.Integrity.Servers))
}

// command asks again.
func (p *separating) command() (tea.Cmd, error) {
	s := p.snapshot
	switch {
	case s == nil || !s.Loaded || !p.opened:
		return nil, errors.New("the log is not read yet")
	case !p.able && len(s.Servers) > 0:
		return nil, errors.New("--server names the servers; start sqleuth without it to choose")
	case !p.able:
		return nil, errors.New("this log is read once only; start sqleuth with --server NAME=FILE for each")
	case s.SeveralServers():
		return lie(newServerList(p, serversOf(s))), nil
	case len(s.Files) < 2:
		return nil, errors.New("one file is of one server")
	case len(s.Integrity.Servers) == 0:
		return nil, errors.New("the files follow each other in time, as those of one server do; start sqleuth with --server NAME=FILE for each where they do not")
	case !integrity.Separable(s.Integrity.Servers):
		return nil, errors.New("one archive has the logs of several servers; unpack it and start sqleuth with --server NAME=FILE for each")
	}
	return lie(newServerList(p, s.Integrity.Servers)), nil
}

// serversOf are the servers that a log was read as those of.
func serversOf(s *pipeline.Snapshot) (groups []integrity.Group) {
	for k := range s.Files {
		groups = integrity.Join(groups, s.Files[k].Server, s.Files[k].Given())
	}
	return groups
}

// choose keeps which servers wrote the files, none for one server.
func (p *separating) choose(groups []integrity.Group) tea.Cmd {
	s, dir, ctx := p.snapshot, p.dir, context.WithoutCancel(p.ctx)
	servers := map[string]string{}
	for _, g := range groups {
		for _, path := range g.Paths {
			servers[path] = g.Name
		}
	}
	var log casefile.Log
	same := true
	for _, f := range s.Files {
		server := servers[f.Given()]
		log = log.Add(f.Name, server, f.Archive, f.Raw, f.SHA256)
		same = same && server == f.Server
	}
	m := serversChosen{}
	if !same {
		m.reopening = &Reopening{Servers: groups}
	}
	return screen.Work(func() tea.Msg {
		if dir != "" {
			m.err = casefile.ChooseServers(ctx, dir, log)
		}
		return m
	})
}

// done goes on as was chosen.
func (p *separating) done(m serversChosen) tea.Cmd {
	switch {
	case m.reopening != nil && p.leave.state != running: // it is left meanwhile
		return nil
	case m.reopening != nil:
		if p.again = m.reopening; m.err != nil {
			p.again.Notice = "could not " + m.err.Error()
		}
		return tell(message.Quit{})
	case m.err != nil:
		return message.Request(message.Failed{What: "remember that", Err: m.err})
	}
	p.chosen = true
	return say("read as it is; :servers asks again")
}

// stay gives up a reopening that something has held up: a key was pressed, so the analyst
// goes on, or leaves.
func (p *separating) stay() { p.again = nil }

// serverList is the overlay that asks, and in which servers are given other names.
type serverList struct {
	part          *separating
	groups        []integrity.Group
	cursor        int
	width, height int
}

// serverNameAsked asks for the prompt for the name of the server under the cursor.
type serverNameAsked struct{ list *serverList }

func newServerList(p *separating, groups []integrity.Group) *serverList {
	return &serverList{part: p, groups: slices.Clone(groups)}
}

// Update handles a key.
func (o *serverList) Update(m tea.KeyMsg) (tea.Cmd, bool) {
	k := &serverKeys
	switch {
	case m.Paste:
	case key.Matches(m, overlayKeys.Close):
		if o.part.chosen {
			return nil, false
		}
		return say("asked again at the next start; :servers asks now"), false
	case key.Matches(m, overlayKeys.Up):
		o.cursor = max(0, o.cursor-1)
	case key.Matches(m, overlayKeys.Down):
		o.cursor = min(len(o.groups)-1, o.cursor+1)
	case key.Matches(m, k.Name):
		return tell(serverNameAsked{o}), false
	case key.Matches(m, k.Apart):
		return o.part.choose(o.joined()), false
	case key.Matches(m, k.Together):
		return o.part.choose(nil), false
	}
	return nil, true
}

// joined are the servers by the names that they have now: two with one name are one.
func (o *serverList) joined() (groups []integrity.Group) {
	for _, g := range o.groups {
		at := slices.IndexFunc(groups, func(have integrity.Group) bool { return have.Name == g.Name })
		if at < 0 {
			groups = append(groups, integrity.Group{Name: g.Name, Paths: slices.Clone(g.Paths)})
			continue
		}
		groups[at].Paths = append(groups[at].Paths, g.Paths...)
	}
	if len(groups) == 1 {
		return nil
	}
	return groups
}

// rename gives the server under the cursor another name.
func (o *serverList) rename(name string) error {
	name = strings.TrimSpace(name)
	if err := logfile.CheckServer(name); err != nil {
		return err
	}
	o.groups[o.cursor].Name = name
	return nil
}

// Idle returns why a key does nothing.
func (o *serverList) Idle(m tea.KeyMsg) string {
	k := &serverKeys
	return idleAmong(m, o.cursor, len(o.groups), k.Apart, k.Together, k.Name)
}

// SetSize sets the size of the body in cells.
func (o *serverList) SetSize(width, height int) { o.width, o.height = width, height }

// View lists the servers with their files, and what follows from the answer where there is
// room for it: the footer has the keys.
func (o *serverList) View(string) string {
	t, k, s := o.part.theme, &serverKeys, o.part.snapshot
	title, why := "Are these files of several servers? They hold the same time.", ""
	if s.SeveralServers() {
		title = "The servers of these files"
	} else {
		why = "A server writes one log at a time, and each of these has connections of its own. Read as of one server, their ids, runs and accounts are mixed up, and what was done at one seems to be done at the other."
	}
	head := widget.Paragraph(t, title, o.width)
	for i := range head {
		head[i] = t.Title.Render(head[i])
	}
	then := fmt.Sprintf("%s reads the files again, each server apart under its name; two with one name are one. %s reads all of them as of one server.", k.Apart.Help().Key, k.Together.Help().Key)
	if n := o.part.leave.labels.set.Labelled(); n > 0 {
		then += fmt.Sprintf(" %s stay with the case of what is read now.", widget.Number(n, "label", "labels"))
	}
	then += " The answer is kept for the next start; :servers changes it."
	above, below := widget.Paragraph(t, why, o.width), append([]string{""}, widget.Paragraph(t, then, o.width)...)
	if why == "" {
		above = nil
	}
	room := o.height - len(head)
	least := min(len(o.groups), max(1, room))
	if len(above)+2+least+len(below) > room {
		below = nil
	}
	if len(above)+2+least > room {
		above = nil
	} else if above != nil {
		above = append(above, "")
	}
	lines := append(head, above...)
	rows := max(1, min(len(o.groups), room-len(above)-len(below)))
	top := max(0, min(o.cursor-rows/2, len(o.groups)-rows))
	name := 0
	for _, g := range o.groups {
		name = max(name, ansi.StringWidth(t.Notation.Text(g.Name)))
	}
	name = min(name, max(1, o.width/2))
	for i, g := range o.groups[top : top+rows] {
		line := widget.Fit(t, g.Name, name) + "  " + pathEnd(t, filesOf(g.Paths), max(1, o.width-name-3))
		if top+i == o.cursor {
			lines = append(lines, t.Glyph.Cursor+t.Cursor.Render(widget.Pad(line, o.width-1)))
			continue
		}
		lines = append(lines, " "+line)
	}
	lines = append(lines, below...)
	return strings.Join(lines[:min(len(lines), o.height)], "\n")
}

// filesOf names files, the last one, which of rotated ones is the one being written.
func filesOf(paths []string) string {
	text := paths[len(paths)-1]
	if n := len(paths) - 1; n > 0 {
		return fmt.Sprintf("%d more and %s", n, text)
	}
	return text
}

// pathEnd is the end of a path where all of it has no room: files of servers mostly differ in
// the last folders.
func pathEnd(t *theme.Theme, text string, room int) string {
	shown := t.Notation.Text(text)
	if ansi.StringWidth(shown) <= room {
		return shown
	}
	return ansi.TruncateLeft(shown, ansi.StringWidth(shown)-room+ansi.StringWidth(t.Glyph.Ellipsis), t.Glyph.Ellipsis)
}

// Line is empty.
func (o *serverList) Line() string { return "" }

// Keys are those that the footer offers.
func (o *serverList) Keys() []key.Binding {
	k := &serverKeys
	later := overlayKeys.Close
	if !o.part.chosen {
		later.SetHelp(later.Help().Key, "later")
	}
	apart := k.Apart
	if o.part.snapshot.SeveralServers() {
		apart.SetHelp(apart.Help().Key, "take these names")
	}
	return []key.Binding{apart, k.Together, k.Name, later, overlayKeys.Up, overlayKeys.Down}
}
