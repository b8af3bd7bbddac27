// Command sqleuth investigates MySQL and MariaDB general query logs.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// version is set by the build.
var version = "devel"

// stdio is what the program reads from and writes to.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// gcPercent is how much garbage may pile up beside what is in use. Nearly all of
// that is columns without pointers, which cost the collector nothing, so a
// small share keeps the promise on memory and takes no time.
const gcPercent = 25

func main() {
	debug.SetGCPercent(gcPercent)
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	status := run(ctx, os.Args[1:], stdio{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(status)
}

// endings are the signals that end the program, having saved the case and given
// back the terminal: also the one of a terminal that was closed, or a connection
// that was cut, unless it is ignored (nohup).
func endings() []os.Signal {
	list := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		list = append(list, syscall.SIGHUP)
	}
	return list
}

// run executes one command line and returns the exit status: 0 done, 1 could
// not, 2 used wrongly.
func run(ctx context.Context, args []string, io stdio) int {
	root := newRoot(io)
	root.SetArgs(args)
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	return complain(io.err, root.ExecuteContext(ctx))
}
