package ui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"
)

// idle explains why a key of the screen that is shown does nothing; empty where it
// does something. Screens disable the bindings that would do nothing now.
func (p *places) idle(m tea.KeyMsg) string {
	name, bound := m.String(), ""
	for _, group := range p.focused().FullHelp() {
		for _, b := range group {
			if !slices.Contains(b.Keys(), name) {
				continue
			}
			if b.Enabled() {
				return ""
			}
			bound = b.Help().Desc
		}
	}
	if lists := p.lists(p.at); len(lists) > 0 {
		if why := lists[0].Idle(m); why != "" {
			return written(name) + ": " + why
		}
	}
	if bound != "" {
		return written(name) + ": nothing here for " + bound
	}
	return written(name) + " does nothing here; " + globalKeys.Help.Help().Key + " lists the keys"
}
