package widget

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/theme"
)

// Prompt is a line of text being typed. Pasted text is text, whatever it
// holds: line ends become spaces, and nothing in it is a key.
type Prompt struct {
	theme    *theme.Theme
	sign     string // what is asked for
	value    []rune
	caret    int
	complete func(text string) []string
	choices  []string // completions being gone through
	choice   int      // of choices, -1 before the first
	history  []string
	past     int    // position in history, len(history) for what is being typed
	draft    string // what is being typed, while past is in history
}

// maxTyped bounds what a paste can put into a prompt, in characters.
const maxTyped = 4096

// NewPrompt makes a prompt with a sign in front, such as "/" or "note: ".
// Complete, unless nil, gives whole lines that begin like a text does. History
// is what the up key goes back through, oldest first.
func NewPrompt(t *theme.Theme, sign string, complete func(text string) []string, history []string) Prompt {
	return Prompt{theme: t, sign: sign, complete: complete, choice: -1, history: history, past: len(history)}
}

// Typed is what a key did to a prompt.
type Typed uint8

// What a key can do.
const (
	Editing  Typed = iota
	Entered        // enter: Value is complete
	Deserted       // esc, or backspace in an empty prompt
)

// Value returns what was typed.
func (p *Prompt) Value() string { return string(p.value) }

// SetValue replaces the text and puts the caret behind it.
func (p *Prompt) SetValue(text string) {
	p.value = typed([]rune(text))
	p.caret = len(p.value)
	p.choices, p.choice = nil, -1
}

// typed makes one line of runes and bounds it.
func typed(runes []rune) []rune {
	out := make([]rune, 0, min(len(runes), maxTyped))
	for _, r := range runes[:min(len(runes), maxTyped)] {
		if unicode.IsSpace(r) {
			r = ' '
		}
		out = append(out, r)
	}
	return out
}

// Update handles a key. Every key belongs to the prompt.
func (p *Prompt) Update(msg tea.KeyMsg) Typed {
	k := &promptKeys
	if msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace {
		if !msg.Alt {
			p.insert(msg.Runes)
		}
		return Editing
	}
	switch {
	case key.Matches(msg, k.Enter):
		return Entered
	case key.Matches(msg, k.Leave):
		return Deserted
	case key.Matches(msg, k.Erase):
		if len(p.value) == 0 {
			return Deserted
		}
		p.cut(p.caret-1, p.caret)
	case key.Matches(msg, k.Delete):
		p.cut(p.caret, p.caret+1)
	case key.Matches(msg, k.EraseWord):
		p.cut(p.wordStart(), p.caret)
	case key.Matches(msg, k.EraseLine):
		p.cut(0, p.caret)
	case key.Matches(msg, k.EraseRest):
		p.cut(p.caret, len(p.value))
	case key.Matches(msg, k.Left):
		p.caret = max(0, p.caret-1)
	case key.Matches(msg, k.Right):
		p.caret = min(len(p.value), p.caret+1)
	case key.Matches(msg, k.Home):
		p.caret = 0
	case key.Matches(msg, k.End):
		p.caret = len(p.value)
	case key.Matches(msg, k.Complete):
		p.choose(1)
	case key.Matches(msg, k.CompleteBack):
		p.choose(-1)
	case key.Matches(msg, k.Older):
		p.recall(-1)
	case key.Matches(msg, k.Newer):
		p.recall(1)
	}
	return Editing
}

// Idle returns why a key does nothing now; empty where it does something.
func (p *Prompt) Idle(msg tea.KeyMsg) string {
	k := &promptKeys
	why := func(holds bool, text string) string {
		if !holds {
			return ""
		}
		return text
	}
	switch {
	case msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace:
		if msg.Alt {
			return "it is no text"
		}
		return why(len(p.value) >= maxTyped, "the line is full")
	case key.Matches(msg, k.Enter, k.Leave):
		return ""
	case key.Matches(msg, k.Erase):
		return why(p.caret == 0 && len(p.value) > 0, "nothing is before the caret")
	case key.Matches(msg, k.EraseWord, k.EraseLine, k.Left, k.Home):
		return why(p.caret == 0, "nothing is before the caret")
	case key.Matches(msg, k.Delete, k.EraseRest, k.Right, k.End):
		return why(p.caret == len(p.value), "nothing is behind the caret")
	case key.Matches(msg, k.Complete, k.CompleteBack):
		return p.incomplete()
	case key.Matches(msg, k.Older):
		return why(p.past == 0, "there is no earlier line")
	case key.Matches(msg, k.Newer):
		return why(p.past == len(p.history), "there is no later line")
	}
	return "it means nothing in a line that is typed"
}

// incomplete returns why the line is not completed.
func (p *Prompt) incomplete() string {
	if p.complete == nil {
		return "this line is not completed"
	}
	choices := p.choices
	if choices == nil {
		choices = p.complete(p.Value())
	}
	switch {
	case len(choices) == 0:
		return "nothing known begins so"
	case len(choices) == 1 && choices[0] == p.Value():
		return "the line is complete"
	}
	return ""
}

func (p *Prompt) insert(runes []rune) {
	runes = typed(runes)
	runes = runes[:min(len(runes), maxTyped-len(p.value))]
	p.value = append(p.value[:p.caret:p.caret], append(runes, p.value[p.caret:]...)...)
	p.caret += len(runes)
	p.choices, p.choice = nil, -1
}

func (p *Prompt) cut(from, to int) {
	from, to = max(0, from), min(len(p.value), to)
	if from >= to {
		return
	}
	p.value = append(p.value[:from:from], p.value[to:]...)
	p.caret = from
	p.choices, p.choice = nil, -1
}

func (p *Prompt) wordStart() int {
	i := p.caret
	for i > 0 && p.value[i-1] == ' ' {
		i--
	}
	for i > 0 && p.value[i-1] != ' ' {
		i--
	}
	return i
}

// choose goes to the next completion, or first to what all of them have in
// common.
func (p *Prompt) choose(step int) {
	if p.complete == nil {
		return
	}
	if p.choices == nil {
		text := p.Value()
		choices := p.complete(text)
		if len(choices) == 0 {
			return
		}
		if common := commonPrefix(choices); len(common) > len(text) || len(choices) == 1 {
			p.SetValue(common)
			if len(choices) > 1 {
				p.choices = choices
			}
			return
		}
		p.choices = choices
	}
	p.choice = (p.choice + step + len(p.choices)) % len(p.choices)
	if p.choice < 0 {
		p.choice = len(p.choices) - 1
	}
	choices, choice := p.choices, p.choice
	p.SetValue(choices[choice])
	p.choices, p.choice = choices, choice
}

func commonPrefix(texts []string) string {
	prefix := texts[0]
	for _, t := range texts[1:] {
		for !strings.HasPrefix(t, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	return strings.ToValidUTF8(prefix, "")
}

func (p *Prompt) recall(step int) {
	to := p.past + step
	if to < 0 || to > len(p.history) {
		return
	}
	if p.past == len(p.history) {
		p.draft = p.Value()
	}
	p.past = to
	if to == len(p.history) {
		p.SetValue(p.draft)
		return
	}
	p.SetValue(p.history[to])
}

// View draws the prompt in width cells, scrolled so that the caret is seen.
func (p *Prompt) View(width int) string {
	t := p.theme
	sign := Clip(t, p.sign, max(1, width/2))
	room := width - cells(sign) - 1 // the caret behind the text
	if room <= 0 {
		return t.Prompt.Render(Clip(t, p.sign, width))
	}
	// Text before the caret scrolls out at the left.
	start := max(0, p.caret-room*bytesPerCell)
	before := t.Notation.Text(string(p.value[start:p.caret]))
	for cells(before) > room {
		start++
		before = t.Notation.Text(string(p.value[start:p.caret]))
	}
	at, after := " ", ""
	if p.caret < len(p.value) {
		at = t.Notation.Text(string(p.value[p.caret]))
		after = Clip(t, string(p.value[p.caret+1:]), max(0, room-cells(before)-cells(at)+1))
	}
	if cells(before)+cells(at) > room+1 {
		at = t.Glyph.Ellipsis
	}
	return t.Prompt.Render(sign) + before + t.Caret.Render(at) + after
}

// Choices draws the completions of what was typed so far in width cells; empty
// where there are none.
func (p *Prompt) Choices(width int) string {
	choices := p.choices
	if choices == nil && p.complete != nil {
		choices = p.complete(p.Value())
	}
	return Clip(p.theme, strings.Join(choices, "  "), width)
}

// PromptKeyMap is the keys of a Prompt.
type PromptKeyMap struct {
	Enter, Leave, Complete, CompleteBack, Older, Newer key.Binding
	Left, Right, Home, End                             key.Binding
	Erase, Delete, EraseWord, EraseLine, EraseRest     key.Binding
}

// PromptKeys returns the keys of every prompt.
func PromptKeys() PromptKeyMap { return promptKeys }

var promptKeys = PromptKeyMap{
	Enter:        key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "do it")),
	Leave:        key.NewBinding(key.WithKeys("esc", "ctrl+c"), key.WithHelp("esc", "leave")),
	Complete:     key.NewBinding(key.WithKeys("tab"), key.WithHelp("tab", "complete")),
	CompleteBack: key.NewBinding(key.WithKeys("shift+tab"), key.WithHelp("shift+tab", "complete backwards")),
	Older:        key.NewBinding(key.WithKeys("up", "ctrl+p"), key.WithHelp("up", "earlier line")),
	Newer:        key.NewBinding(key.WithKeys("down", "ctrl+n"), key.WithHelp("down", "later line")),
	Left:         key.NewBinding(key.WithKeys("left", "ctrl+b"), key.WithHelp("left", "caret left")),
	Right:        key.NewBinding(key.WithKeys("right", "ctrl+f"), key.WithHelp("right", "caret right")),
	Home:         key.NewBinding(key.WithKeys("home", "ctrl+a"), key.WithHelp("home", "start")),
	End:          key.NewBinding(key.WithKeys("end", "ctrl+e"), key.WithHelp("end", "end")),
	Erase:        key.NewBinding(key.WithKeys("backspace", "ctrl+h"), key.WithHelp("backspace", "erase")),
	Delete:       key.NewBinding(key.WithKeys("delete", "ctrl+d"), key.WithHelp("del", "delete")),
	EraseWord:    key.NewBinding(key.WithKeys("ctrl+w", "alt+backspace"), key.WithHelp("ctrl+w", "erase word")),
	EraseLine:    key.NewBinding(key.WithKeys("ctrl+u"), key.WithHelp("ctrl+u", "erase to start")),
	EraseRest:    key.NewBinding(key.WithKeys("ctrl+k"), key.WithHelp("ctrl+k", "erase to end")),
}
