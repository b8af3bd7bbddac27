//go:build unix

package pipeline

import (
	"context"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/wrapper/wrappertest"
)

// BenchmarkWrapped reads the built-in incident as it is and through each wrapper, in
// turns: "plain/wrapped" is the processor's least time for the one in its least for the
// other.
func BenchmarkWrapped(b *testing.B) {
	log := incidentHead(b, 32<<20)
	for _, form := range wrappertest.Forms() {
		b.Run(form.Name, func(b *testing.B) {
			raw := form.Wrap(log)
			plain, wrapped, entries := time.Hour, time.Hour, 0
			for b.Loop() {
				took, n := timedLoad(b, log)
				plain, entries = min(plain, took), n
				if took, n = timedLoad(b, raw); n != entries {
					b.Fatalf("%d entries, want %d", n, entries)
				}
				wrapped = min(wrapped, took)
			}
			b.ReportMetric(float64(wrapped.Nanoseconds())/float64(entries), "ns/entry")
			b.ReportMetric(plain.Seconds()/wrapped.Seconds(), "plain/wrapped")
			b.ReportMetric(float64(len(raw))/float64(len(log)), "bytes/plain")
		})
	}
}

// timedLoad loads a log and returns the processor's time for it and how many entries
// it has.
func timedLoad(b *testing.B, log []byte) (time.Duration, int) {
	runtime.GC() // what was loaded before is not collected on this one's time
	start := processorTime(b)
	set, err := logfile.OpenBytes("incident", log, logfile.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer set.Close()
	rec, err := load(context.Background(), DefaultConfig(), set, func(*recorder) {})
	if err != nil {
		b.Fatal(err)
	}
	return processorTime(b) - start, rec.columns.Len()
}

// processorTime is what this process has had of it.
func processorTime(b *testing.B) time.Duration {
	var spent unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &spent); err != nil {
		b.Fatal(err)
	}
	return time.Duration(spent.Nano())
}
