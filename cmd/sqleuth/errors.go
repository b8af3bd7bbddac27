package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/visible"

	"github.com/spf13/cobra"
)

// An error is one line on standard error: what, where and what to do. usageError is
// one that the user mends by typing something else.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// answer is the standard output of what cobra writes itself, help for one, which drops
// the error of writing: it is kept here.
type answer struct {
	w   io.Writer
	err error // the first one
}

func (a *answer) Write(text []byte) (int, error) {
	n, err := a.w.Write(text)
	a.err = cmp.Or(a.err, err)
	return n, err
}

// complain prints the error of a command and returns its exit status. Names and texts in
// it may come from an attacker, so it passes the choke point to the terminal like
// everything else.
func complain(w io.Writer, cmd *cobra.Command, err error) int {
	var usage usageError
	var internal *pipeline.PanicError
	var problems rule.Problems
	var partly notComparedError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, syscall.EPIPE):
		// The reader has what it wanted, as with head.
		return 0
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(w, "sqleuth: stopped")
		return 1
	case errors.As(err, &internal):
		fmt.Fprintf(w, "sqleuth: %v\n%s", internal, internal.Stack)
		return 1
	case errors.As(err, &problems):
		// A line each: a file is mended in one go.
		for _, p := range problems {
			fmt.Fprintf(w, "sqleuth: %s\n", printable(p.String()))
		}
		return 1
	case errors.As(err, &partly):
		fmt.Fprintf(w, "sqleuth: %s\n", line(err))
		return 3
	case errors.As(err, &usage):
		fmt.Fprintf(w, "sqleuth: %s (see %s)\n", line(err), helpOn(cmd))
		return 2
	}
	fmt.Fprintf(w, "sqleuth: %s\n", line(err))
	return 1
}

func line(err error) string { return printable(strings.ReplaceAll(err.Error(), "\n", " ")) }

// printable makes text of any origin fit for a terminal.
func printable(text string) string { return visible.Unicode.Text(text) }
