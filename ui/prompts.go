package ui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// purpose is what a prompt is for.
type purpose struct {
	name     string // of what was typed before
	sign     string // in front of the line
	value    string // that the line begins with
	complete func(text string) []string
	// over draws the body while the prompt is open, from the screen below and what is
	// typed; nil leaves the screen.
	over func(screen, typed string, width, height int) string
	// edited looks ahead at what is typed, whenever that has changed; nil does not.
	edited func(text string) tea.Cmd
	// back is what lay over the screen before, and does again behind the prompt.
	back overlay
	// do does what was typed. With an error the prompt stays, beside the reason.
	do func(text string) (tea.Cmd, error)
	// what names in front of the reason what could not be done; empty where the
	// reason does.
	what string
}

// prompt is an overlay: the line that is typed into. Every key belongs to it.
type prompt struct {
	purpose       purpose
	line          widget.Prompt
	typed         *typedLines
	width, height int
	err           error // why what was typed cannot be done, until the next key
}

func newPrompt(t *theme.Theme, p purpose, typed *typedLines) *prompt {
	o := &prompt{purpose: p, typed: typed, line: widget.NewPrompt(t, p.sign, p.complete, typed.lines[p.name])}
	if p.value != "" {
		o.line.SetValue(p.value)
	}
	return o
}

// Update gives a key to the line, or does what was typed.
func (o *prompt) Update(m tea.KeyMsg) (tea.Cmd, bool) {
	o.err = nil
	before := o.line.Value()
	switch o.line.Update(m) {
	case widget.Deserted:
		return o.leave(nil)
	case widget.Entered:
		text := o.line.Value()
		keep := o.typed.add(o.purpose.name, text)
		cmd, err := o.purpose.do(text)
		cmd = tea.Batch(cmd, keep)
		if o.err = err; err != nil {
			return cmd, true
		}
		return o.leave(cmd)
	}
	if text := o.line.Value(); o.purpose.edited != nil && text != before {
		return o.purpose.edited(text), true
	}
	return nil, true
}

// Idle returns why a key does nothing.
func (o *prompt) Idle(m tea.KeyMsg) string { return o.line.Idle(m) }

// leave closes the prompt.
func (o *prompt) leave(cmd tea.Cmd) (tea.Cmd, bool) {
	if o.purpose.back != nil {
		cmd = tea.Batch(cmd, lie(o.purpose.back))
	}
	return cmd, false
}

// reason is why what was typed cannot be done.
func (o *prompt) reason() string {
	if o.purpose.what == "" {
		return o.err.Error()
	}
	return "could not " + o.purpose.what + ": " + o.err.Error()
}

// SetSize sets the size of the body in cells.
func (o *prompt) SetSize(width, height int) { o.width, o.height = width, height }

// View leaves the screen as it is, but for what the purpose draws over it.
func (o *prompt) View(screen string) string {
	if o.purpose.over == nil {
		return screen
	}
	return o.purpose.over(screen, o.line.Value(), o.width, o.height)
}

// Line is the prompt.
func (o *prompt) Line() string { return o.line.View(o.width) }

// Keys are none: the footer shows what the line may become.
func (o *prompt) Keys() []key.Binding { return nil }

// defaultExport is the folder that the export prompt offers.
const defaultExport = "sqleuth-export"

// prompting is the part that opens prompts.
type prompting struct {
	theme    *theme.Theme
	typed    *typedLines
	places   *places
	search   *searching
	labels   *labelling
	filters  *filtering
	commands *commandLine
	paths    *paths
}

// Update takes requests for a prompt that begins with a text.
func (p *prompting) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case filterAsked:
		return p.filter(m.text), true
	case filterEditAsked:
		return p.edit(m), true
	case serverNameAsked:
		return p.serverName(m.list), true
	case pathsRead:
		p.paths.known[m.folder] = m.names
		return nil, true
	case commandAsked:
		return p.command(m.text), true
	}
	return nil, false
}

// open opens a prompt.
func (p *prompting) open(what purpose) tea.Cmd {
	p.paths.forget()
	cmd := lie(newPrompt(p.theme, what, p.typed))
	if what.edited != nil {
		cmd = tea.Batch(cmd, what.edited(what.value))
	}
	return cmd
}

func (p *prompting) find() tea.Cmd {
	return p.open(purpose{name: "search", sign: "/", do: func(text string) (tea.Cmd, error) {
		if text == "" {
			return nil, nil
		}
		p.search.last = message.Search{Text: text}
		return p.search.begin(p.search.last, p.places.hasRows()), nil
	}})
}

// filter opens the prompt for a filter, which begins with text.
func (p *prompting) filter(text string) tea.Cmd {
	open := p.open(purpose{name: "filter", sign: "filter: ", value: text, complete: p.filters.complete, edited: p.filters.edited, do: p.filters.add, over: func(screen, typed string, width, height int) string {
		if typed != "" {
			return screen
		}
		return languageOver(p.theme, screen, width, height)
	}})
	return tea.Batch(open, p.filters.collect())
}

// edit opens the prompt for the filter under the cursor of the list, which shows what
// it would leave.
func (p *prompting) edit(m filterEditAsked) tea.Cmd {
	k := m.list.current()
	text := p.filters.stack[k].text()
	open := p.open(purpose{
		name: "filter", sign: "filter: ", value: text, complete: p.filters.complete, back: m.list,
		do:     func(text string) (tea.Cmd, error) { return p.filters.replace(k, text) },
		edited: func(text string) tea.Cmd { return tea.Batch(p.filters.edited(text), p.filters.lookAhead(k, text)) },
		over:   func(_, typed string, _, _ int) string { return m.list.draw(typed) },
	})
	return tea.Batch(open, p.filters.collect())
}

// serverName opens the prompt for the name of the server under the cursor of a list.
func (p *prompting) serverName(list *serverList) tea.Cmd {
	return p.open(purpose{name: "server", sign: "name of the server: ", value: list.groups[list.cursor].Name, back: list,
		do: func(text string) (tea.Cmd, error) { return nil, list.rename(text) }, over: func(string, string, int, int) string { return list.View("") }})
}

// command opens the command line, which begins with text.
func (p *prompting) command(text string) tea.Cmd {
	open := p.open(purpose{
		name: "command", sign: ":", value: text, complete: p.commands.complete, edited: p.commands.edited, do: p.commands.do, what: "do that",
	})
	return tea.Batch(open, p.filters.collect())
}

// note opens the prompt for a note, with the note that is there.
func (p *prompting) note() tea.Cmd {
	if on := p.places.focus().Incident; on.ID != "" {
		return p.noteOn(on)
	}
	target := p.places.focus().Target
	ref, ok := target.Single()
	if !ok {
		return say("a note is for the one connection under the cursor")
	}
	n, _ := p.labels.set.Note(ref)
	return p.open(purpose{name: "note", sign: "note on " + target.Text + ": ", value: n.Text, do: func(text string) (tea.Cmd, error) {
		return message.Request(message.Note{Target: target, Text: text}), nil
	}})
}

func (p *prompting) export() tea.Cmd {
	return p.open(purpose{name: "export", sign: "export the evidence to folder: ", value: defaultExport, complete: p.paths.complete, edited: p.paths.want, do: func(dir string) (tea.Cmd, error) {
		if dir == "" {
			return nil, nil
		}
		return message.Request(message.Export{Dir: dir}), nil
	}})
}
