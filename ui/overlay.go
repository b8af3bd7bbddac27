package ui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// overlay is what lies over a screen, or below it as a prompt does, and gets the
// keys meanwhile.
type overlay interface {
	// Update handles a key; open is false where that has closed the overlay.
	Update(m tea.KeyMsg) (cmd tea.Cmd, open bool)
	// SetSize gives the cells of the body.
	SetSize(width, height int)
	// View draws the body, over that of the screen.
	View(screen string) string
	// Line is the line above the keys.
	Line() string
	// Keys are those that the footer offers.
	Keys() []key.Binding
}

// lie puts an overlay over the screen.
func (a *app) lie(o overlay) {
	a.over = o
	o.SetSize(a.width, a.frame().body)
}
