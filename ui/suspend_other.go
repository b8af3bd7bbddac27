//go:build !unix

package ui

import "os"

func newSuspender() *suspender { return &suspender{asked: make(chan os.Signal)} }

// Run is not reached: no program is continuable here.
func (s *suspender) Run() error { return errNoShell }

func continuable() bool { return false }

func (s *suspender) close() { close(s.asked) }
