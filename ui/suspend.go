package ui

import (
	"errors"
	"io"
	"os"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/screen"
)

// suspender stops the program until its shell continues it. Bubble Tea's own
// suspension waits for ever where no shell can do that, as in a window that runs
// nothing but this program; and it does not hear a SIGTSTP from outside, which
// would leave the terminal as the program has it.
type suspender struct {
	asked chan os.Signal // SIGTSTP from outside
}

type (
	// suspendAsked reports that somebody outside wants the program to stop.
	suspendAsked struct{}
	// awake reports that the program has the terminal again.
	awake struct{ err error }
)

var errNoShell = errors.New("there is no shell that could continue the program")

// suspension is the part that gives the terminal back for a while.
type suspension struct {
	*suspender // nil where there is no terminal
	mouse      bool
}

// works reports whether there is a shell that could continue the program.
func (s *suspension) works() bool { return s.suspender != nil && continuable() }

// suspend gives the terminal back and stops the program.
func (s *suspension) suspend() tea.Cmd {
	if !s.works() {
		return failed("suspend", errNoShell)
	}
	return screen.Work(tea.Exec(s.suspender, func(err error) tea.Msg { return awake{err} }))
}

// Update hears of a suspension from outside, and sees to what Bubble Tea does not
// bring back.
func (s *suspension) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case suspendAsked:
		return s.suspend(), true
	case awake:
		var cmds []tea.Cmd
		if m.err != nil {
			cmds = append(cmds, failed("suspend", m.err))
		}
		if s.mouse {
			cmds = append(cmds, screen.Work(tea.EnableMouseCellMotion))
		}
		return tea.Batch(cmds...), true
	}
	return nil, false
}

// hear reports every SIGTSTP to a program, until close.
func (s *suspender) hear(p *tea.Program) {
	for range s.asked {
		p.Send(suspendAsked{})
	}
}

// The three belong to tea.ExecCommand; a suspension reads and writes nothing.
func (s *suspender) SetStdin(io.Reader)  {}
func (s *suspender) SetStdout(io.Writer) {}
func (s *suspender) SetStderr(io.Writer) {}
