package ui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// pending stands where a screen is not written yet.
type pending struct{ which message.Screen }

var pendingTitles = [message.Screens]string{
	"Overview", "Connections", "Entries", "Templates", "Charts", "Models", "Detections", "Findings",
}

func (p pending) Title() string                           { return pendingTitles[p.which] }
func (p pending) Update(tea.Msg) (screen.Screen, tea.Cmd) { return p, nil }
func (p pending) View() string                            { return "" }
func (p pending) SetSize(width, height int) screen.Screen { return p }
func (p pending) Focus() screen.Focus                     { return screen.Focus{} }
func (p pending) Escape() (screen.Screen, bool)           { return p, false }
func (p pending) ShortHelp() []key.Binding                { return nil }
func (p pending) FullHelp() [][]key.Binding               { return nil }
