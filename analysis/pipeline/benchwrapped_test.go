//go:build unix

package pipeline

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/tablelog/tabletest"
	"sqleuth/analysis/wrapper/wrappertest"
)

// BenchmarkWrapped reads the built-in incident as it is and through each wrapper.
func BenchmarkWrapped(b *testing.B) {
	log := incidentHead(b, 32<<20)
	for _, form := range wrappertest.Forms() {
		b.Run(form.Name, func(b *testing.B) { besidePlain(b, log, form.Wrap(log)) })
	}
}

// BenchmarkRows reads the built-in incident as it is and as rows of the log's table in
// each form but the drawn one, most of which is blanks.
func BenchmarkRows(b *testing.B) {
	plain := incidentHead(b, 32<<20)
	set, log := readWhole(b, plain)
	var rows [][]string
	if err := NewText(set).Replay(context.Background(), &log.Log, func(i int, r *reading.Record) error {
		rows = append(rows, tabletest.Row(time.UnixMicro(log.Entries.Time(i)), "root", "localhost", r.ID, string(r.Command), string(r.Text)))
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	set.Close()
	for _, form := range append(tabletest.Forms(tabletest.Widths(rows)), tabletest.Lines...) {
		if form.Most > 0 || form.Damaged {
			continue
		}
		b.Run(strings.ReplaceAll(form.Name, " ", "-"), func(b *testing.B) { besidePlain(b, plain, form.Dump(rows)) })
	}
}

// besidePlain loads a log and the same entries in another form, in turns, and reports how
// fast the other is beside the plain one, from the least that each took: "cpu-speed" is
// entries in the processor's time, "speed" entries in the time that passes, and
// "byte-speed" bytes in the processor's time. At 1 they are the same.
func besidePlain(b *testing.B, log, other []byte) {
	plain, form := spent{time.Hour, time.Hour}, spent{time.Hour, time.Hour}
	entries := 0
	for b.Loop() {
		took, n := timedLoad(b, log)
		plain, entries = plain.least(took), n
		if took, n = timedLoad(b, other); n != entries {
			b.Fatalf("%d entries, want %d", n, entries)
		}
		form = form.least(took)
	}
	bytes := float64(len(other)) / float64(len(log))
	cpu := plain.processor.Seconds() / form.processor.Seconds()
	b.ReportMetric(float64(form.processor.Nanoseconds())/float64(entries), "cpu-ns/entry")
	b.ReportMetric(cpu, "cpu-speed")
	b.ReportMetric(plain.passed.Seconds()/form.passed.Seconds(), "speed")
	b.ReportMetric(bytes, "bytes/plain")
	b.ReportMetric(cpu*bytes, "byte-speed")
}

// spent is what a load took.
type spent struct{ processor, passed time.Duration }

// least returns the lesser of both times, each for itself.
func (s spent) least(t spent) spent {
	return spent{min(s.processor, t.processor), min(s.passed, t.passed)}
}

// timedLoad loads a log and returns what that took and how many entries it has.
func timedLoad(b *testing.B, log []byte) (spent, int) {
	runtime.GC() // what was loaded before is not collected on this one's time
	start, processor := time.Now(), processorTime(b)
	set, err := logfile.OpenBytes("incident", log, logfile.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer set.Close()
	rec, err := load(context.Background(), DefaultConfig(), set, func(*recorder) {})
	if err != nil {
		b.Fatal(err)
	}
	return spent{processorTime(b) - processor, time.Since(start)}, rec.columns.Len()
}

// processorTime is what this process has had of it.
func processorTime(b *testing.B) time.Duration {
	var spent unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &spent); err != nil {
		b.Fatal(err)
	}
	return time.Duration(spent.Nano())
}
