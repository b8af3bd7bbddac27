package screen

import tea "github.com/charmbracelet/bubbletea"

// Working is the message of a command that Work has made: Do is still to be run.
type Working struct{ Do tea.Cmd }

// Work makes a command of what takes time, as reading, sorting and searching do.
// The root runs the commands that a screen returns before it handles the next
// key, so that a key acts on what the one before it has opened; what is wrapped
// by Work goes to a goroutine of its own instead, and its answer comes as a
// message. Requests need no wrapping: they take no time.
func Work(do tea.Cmd) tea.Cmd { return func() tea.Msg { return Working{do} } }
