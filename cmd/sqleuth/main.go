// Command sqleuth investigates MySQL and MariaDB general query logs.
package main

import (
	"cmp"
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// version is set by the build.
var version = "devel"

// stdio is what the program reads from and writes to.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	askForHugePages()
	collectLater()
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
// not, 2 used wrongly, 3 not all of an export could be checked.
func run(ctx context.Context, args []string, io stdio) int {
	root := newRoot(io)
	root.SetArgs(args)
	root.SetIn(io.in)
	out := &answer{w: io.out}
	root.SetOut(out)
	root.SetErr(io.err)
	cmd, err := root.ExecuteContextC(ctx)
	return complain(io.err, cmd, cmp.Or(err, out.err))
}
