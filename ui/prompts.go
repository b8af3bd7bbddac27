package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// purpose is what a prompt is for.
type purpose uint8

const (
	searching purpose = iota
	filterWriting
	commanding
	noting
	exporting
	purposes
)

// promptState is the prompt while it is open, and what was typed before.
type promptState struct {
	line    widget.Prompt
	purpose purpose
	target  message.Target // of a note
	history [purposes][]string
}

// defaultExport is the folder that the export prompt offers.
const defaultExport = "sqleuth-export"

// ask opens the prompt.
func (a *app) ask(p purpose, target message.Target) tea.Cmd {
	sign, complete := "", (func(string) []string)(nil)
	var cmd tea.Cmd
	switch p {
	case searching:
		sign = "/"
	case filterWriting:
		sign, complete = "filter: ", a.completeFilter
		cmd = a.makeCompleter()
	case commanding:
		sign, complete = ":", a.completeCommand
	case noting:
		sign = "note on " + target.Text + ": "
	case exporting:
		sign = "export the evidence to folder: "
	}
	s := &a.prompt
	s.purpose, s.target = p, target
	s.line = widget.NewPrompt(a.theme, sign, complete, s.history[p])
	if p == exporting {
		s.line.SetValue(defaultExport)
	}
	a.mode = prompting
	return cmd
}

// askNote opens the prompt for a note, with the note that is there.
func (a *app) askNote() tea.Cmd {
	target := a.focus().Target
	ref, ok := target.Single()
	if !ok {
		a.say("a note is for the one connection under the cursor")
		return nil
	}
	cmd := a.ask(noting, target)
	if n, ok := a.labels.set.Note(ref); ok {
		a.prompt.line.SetValue(n.Text)
	}
	return cmd
}

// promptKey gives a key to the prompt, to which every key belongs.
func (a *app) promptKey(m tea.KeyMsg) tea.Cmd {
	switch a.prompt.line.Update(m) {
	case widget.Deserted:
		a.mode = browsing
	case widget.Entered:
		return a.entered()
	}
	return nil
}

// entered does what was typed. A filter or command that is wrong stays in the
// prompt, beside the reason.
func (a *app) entered() tea.Cmd {
	s := &a.prompt
	text := s.line.Value()
	a.mode = browsing
	if h := s.history[s.purpose]; text != "" && (len(h) == 0 || h[len(h)-1] != text) {
		s.history[s.purpose] = append(h, text)
	}
	switch s.purpose {
	case searching:
		if text == "" {
			return nil
		}
		a.found = message.Search{Text: text}
		return a.toFocused(a.found)
	case filterWriting:
		cmd, err := a.addFilter(text)
		if err != nil {
			a.mode = prompting
			a.notice = notice{text: err.Error(), failed: true} // it names the filter itself
		}
		return cmd
	case commanding:
		cmd, err := a.command(text)
		if err != nil {
			a.mode = prompting
			a.fail("do that", err)
		}
		return cmd
	case noting:
		return a.note(message.Note{Target: s.target, Text: text})
	case exporting:
		if text == "" {
			return nil
		}
		return a.export(message.Export{Dir: text})
	}
	return nil
}

// completeFilter offers what the log holds, once that was collected.
func (a *app) completeFilter(text string) []string {
	if a.filters.completer == nil {
		return nil
	}
	return a.filters.completer.Complete(text)
}
