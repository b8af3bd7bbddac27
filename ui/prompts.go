package ui

import (
	"slices"

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
	// over is laid over the screen as long as the line is empty.
	over func(screen string, width, height int) string
	// do does what was typed. With an error the prompt stays, beside the reason.
	do func(text string) (tea.Cmd, error)
	// what says in front of the reason what could not be done; empty where the
	// reason does.
	what string
}

// prompt is an overlay: the line that is typed into. Every key belongs to it.
type prompt struct {
	theme         *theme.Theme
	purpose       purpose
	line          widget.Prompt
	history       map[string][]string // by the name of the purpose
	width, height int
	err           error // why what was typed cannot be done, until the next key
}

func newPrompt(t *theme.Theme, p purpose, history map[string][]string) *prompt {
	o := &prompt{theme: t, purpose: p, history: history, line: widget.NewPrompt(t, p.sign, p.complete, history[p.name])}
	if p.value != "" {
		o.line.SetValue(p.value)
	}
	return o
}

// Update gives a key to the line, or does what was typed.
func (o *prompt) Update(m tea.KeyMsg) (tea.Cmd, bool) {
	o.err = nil
	switch o.line.Update(m) {
	case widget.Deserted:
		return nil, false
	case widget.Entered:
		text := o.line.Value()
		if h := o.history[o.purpose.name]; text != "" && (len(h) == 0 || h[len(h)-1] != text) {
			o.history[o.purpose.name] = append(slices.Clip(h), text)
		}
		cmd, err := o.purpose.do(text)
		o.err = err
		return cmd, err != nil
	}
	return nil, true
}

// reason is why what was typed cannot be done.
func (o *prompt) reason() string {
	if o.purpose.what == "" {
		return o.err.Error()
	}
	return "could not " + o.purpose.what + ": " + o.err.Error()
}

// SetSize gives the cells of the body.
func (o *prompt) SetSize(width, height int) { o.width, o.height = width, height }

// View leaves the screen as it is, but for what teaches what to type.
func (o *prompt) View(screen string) string {
	if o.purpose.over == nil || o.line.Value() != "" {
		return screen
	}
	return o.purpose.over(screen, o.width, o.height)
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
	history  map[string][]string // by the name of a purpose
	places   *places
	search   *searching
	labels   *labelling
	filters  *filtering
	commands *commandLine
}

// Update takes requests for a prompt that begins with a text.
func (p *prompting) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case filterAsked:
		return p.filter(m.text), true
	case commandAsked:
		return p.command(m.text), true
	}
	return nil, false
}

// open opens a prompt.
func (p *prompting) open(what purpose) tea.Cmd { return lie(newPrompt(p.theme, what, p.history)) }

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
	open := p.open(purpose{name: "filter", sign: "filter: ", value: text, complete: p.filters.complete, do: p.filters.add, over: func(screen string, width, height int) string {
		return languageOver(p.theme, screen, width, height)
	}})
	return tea.Batch(open, p.filters.collect())
}

// command opens the command line, which begins with text.
func (p *prompting) command(text string) tea.Cmd {
	return p.open(purpose{name: "command", sign: ":", value: text, complete: p.commands.complete, do: p.commands.do, what: "do that"})
}

// note opens the prompt for a note, with the note that is there.
func (p *prompting) note() tea.Cmd {
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
	return p.open(purpose{name: "export", sign: "export the evidence to folder: ", value: defaultExport, do: func(dir string) (tea.Cmd, error) {
		if dir == "" {
			return nil, nil
		}
		return message.Request(message.Export{Dir: dir}), nil
	}})
}
