// Command sqleuth investigates MySQL and MariaDB general query logs.
package main

import (
	"cmp"
	"context"
	"io"
	"math"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"syscall"
)

// version is set by the build.
var version = "devel"

// stdio is what the program reads from and writes to.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// How much garbage may pile up beside what is in use: a share of it, gcPercent, but
// leastGarbage where that were less and maxGarbage where it were more, unless this were
// less than leastPercent; how many bytes may be free, and from how many in use on. Nearly
// all in use is columns without pointers, which cost the collector nothing, so a small
// share keeps the promise on memory and takes no time. While little is in use it is mostly
// rules and what is known of statements, all of it pointers, and would be looked through
// for each few MiB.
const (
	gcPercent    = 25
	leastPercent = 4
	leastGarbage = 16 << 20
	maxGarbage   = 24 << 20
	spare        = 4 << 20
	limitFrom    = 64 << 20
)

// firstPercent is the share before the first collection, which with it comes at
// 32 MiB: on the way there, reading the rules for one, nearly all would be collecting.
const firstPercent = 800

func main() {
	collectLater()
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	status := run(ctx, os.Args[1:], stdio{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(status)
}

// collectLater sets firstPercent until something was collected, and from then on after
// each collection the share that what is in use allows.
func collectLater() {
	debug.SetGCPercent(firstPercent)
	paceAfter(firstPercent)
}

// paceAfter sets the share after the next collection, and after each behind it; percent
// is what it is now. A limit follows, just above what the share allows: without one the
// runtime keeps a tenth more than the heap in pages that are free, for large columns too
// small.
func paceAfter(percent int) {
	gone := new([4]*byte)
	runtime.AddCleanup(gone, func(percent int) {
		m := readMemory()
		if next := garbagePercent(m.live); next != percent {
			debug.SetGCPercent(next)
			percent = next
		}
		debug.SetMemoryLimit(m.limit(percent))
		paceAfter(percent)
	}, percent)
}

// memory is what the runtime has taken from the system, in bytes.
type memory struct {
	live  uint64 // of the heap, in use at the last collection
	other uint64 // neither free nor objects of the heap
}

func readMemory() memory {
	m := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
	}
	metrics.Read(m)
	other := m[1].Value.Uint64()
	for _, part := range m[2:] {
		other -= part.Value.Uint64()
	}
	return memory{m[0].Value.Uint64(), other}
}

// limit is the limit for what is in use with a share of garbage: none while that is
// little, since what goes back to the system is soon asked for again. The collector keeps 3 %
// below it, so a limit without them would make it collect before the share is reached.
func (m memory) limit(percent int) int64 {
	if m.live < limitFrom {
		return math.MaxInt64
	}
	heap := m.live * uint64(100+percent) / 100
	return int64(m.other + heap + heap*3/100 + spare)
}

// garbagePercent is the share for so many bytes in use.
func garbagePercent(live uint64) int {
	percent := func(garbage int) int { return garbage * 100 / int(max(1, live)) }
	most := min(max(gcPercent, percent(leastGarbage)), percent(maxGarbage), firstPercent)
	return max(leastPercent, most)
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
