//go:build unix

package ui

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

func newSuspender() *suspender {
	s := &suspender{asked: make(chan os.Signal, 1)}
	if !signal.Ignored(syscall.SIGTSTP) {
		signal.Notify(s.asked, syscall.SIGTSTP)
	}
	return s
}

// Run stops the process group, as the terminal does where ctrl+z is not a key of
// the program's, and returns when it runs again. It is stopped by SIGSTOP: Go
// keeps its handler of a SIGTSTP that was ever asked for.
func (s *suspender) Run() error {
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, syscall.SIGCONT)
	defer signal.Stop(continued)
	if err := syscall.Kill(0, syscall.SIGSTOP); err != nil {
		return err
	}
	<-continued
	return nil
}

// continuable reports whether a shell watches this job. One with job control gives
// each job a process group of its own; a group that is that of the session has no
// such shell above it, nor has one whose parent is gone. The kernel would discard
// a SIGTSTP to such a group, and nobody would ever continue it.
func continuable() bool {
	session, err := unix.Getsid(0)
	if err != nil || unix.Getpgrp() == session {
		return false
	}
	parents, err := unix.Getsid(unix.Getppid())
	return err == nil && parents == session
}

func (s *suspender) close() {
	signal.Stop(s.asked)
	close(s.asked)
}
