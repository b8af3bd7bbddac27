package ui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/widget"
)

// singleKeys takes the keys apart that Bubble Tea hands over as one. Characters
// that arrive in one read are one message of several runes, which is how they
// arrive over a slow line; and esc in front of another key is that key with alt,
// which nothing but a prompt has a binding for. What was pasted stays as it is.
func singleKeys(m tea.KeyMsg, prompting bool) []tea.KeyMsg {
	if m.Paste {
		return []tea.KeyMsg{m}
	}
	var keys []tea.KeyMsg
	if m.Alt && !(prompting && key.Matches(m, widget.PromptKeys().EraseWord)) {
		keys = append(keys, tea.KeyMsg{Type: tea.KeyEsc})
		m.Alt = false
	}
	if m.Type != tea.KeyRunes || len(m.Runes) < 2 {
		return append(keys, m)
	}
	for _, r := range m.Runes {
		keys = append(keys, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
	}
	return keys
}
