package ui

import (
	"errors"
	"io"
	"os"

	tea "github.com/charmbracelet/bubbletea"
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

// suspend gives the terminal back and stops the program.
func (a *app) suspend() {
	if a.suspender == nil || !continuable() {
		a.fail("suspend", errNoShell)
		return
	}
	a.work = append(a.work, tea.Exec(a.suspender, func(err error) tea.Msg { return awake{err} }))
}

// wake sees to what Bubble Tea does not bring back.
func (a *app) wake(m awake) {
	if m.err != nil {
		a.fail("suspend", m.err)
	}
	if a.cfg.Mouse {
		a.work = append(a.work, tea.EnableMouseCellMotion)
	}
}

// hear tells a program of every SIGTSTP, until close.
func (s *suspender) hear(p *tea.Program) {
	for range s.asked {
		p.Send(suspendAsked{})
	}
}

// The three belong to tea.ExecCommand; a suspension reads and writes nothing.
func (s *suspender) SetStdin(io.Reader)  {}
func (s *suspender) SetStdout(io.Writer) {}
func (s *suspender) SetStderr(io.Writer) {}
