package ui

import tea "github.com/charmbracelet/bubbletea"

// inspect looks at the model from inside a running story.
type inspect func(a *app)

// inspected is the root model for stories.
type inspected struct{ *app }

func (m inspected) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if look, ok := msg.(inspect); ok {
		look(m.app)
		return m, nil
	}
	_, cmd := m.app.Update(msg)
	return m, cmd
}
