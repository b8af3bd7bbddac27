package pipeline

import (
	"context"
	"runtime"
	"testing"
	"time"

	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/wrapper/wrappertest"
	"sqleuth/testdata"
)

// benchmarkLoad reads the built-in incident: decompressing, parsing, mining and
// recording, without the models.
func benchmarkLoad(b *testing.B, r reading.Reading) {
	cfg := DefaultConfig()
	cfg.Reading = r
	var n, bytes int64
	b.ReportAllocs()
	for b.Loop() {
		set, err := logfile.OpenBytes("incident", testdata.Incident, logfile.Options{})
		if err != nil {
			b.Fatal(err)
		}
		rec, err := load(context.Background(), cfg, set, func(*recorder) {})
		if err != nil {
			b.Fatal(err)
		}
		n, bytes = int64(rec.columns.Len()), rec.end
		set.Close()
	}
	b.SetBytes(bytes)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/entry")
}

func BenchmarkLoadDefault(b *testing.B)  { benchmarkLoad(b, reading.Correct) }
func BenchmarkLoadNotebook(b *testing.B) { benchmarkLoad(b, reading.Notebook) }

func BenchmarkRunDefault(b *testing.B) {
	for b.Loop() {
		set, err := logfile.OpenBytes("incident", testdata.Incident, logfile.Options{})
		if err != nil {
			b.Fatal(err)
		}
		none := func(*Snapshot) (label.Set, error) { return label.Set{}, nil }
		if _, err := Run(context.Background(), DefaultConfig(), set, none, func(Event) {}); err != nil {
			b.Fatal(err)
		}
		set.Close()
	}
}

// BenchmarkWrapped reads the built-in incident as it is and through each wrapper, in
// turns: "plain/wrapped" is the time of the one in that of the other, with -cpu 1
// that of the processor.
func BenchmarkWrapped(b *testing.B) {
	log := incidentHead(b, 32<<20)
	for _, form := range wrappertest.Forms() {
		b.Run(form.Name, func(b *testing.B) {
			raw := form.Wrap(log)
			var plain, wrapped time.Duration
			var entries int
			for b.Loop() {
				took, n := timedLoad(b, log)
				plain, entries = plain+took, n
				if took, n = timedLoad(b, raw); n != entries {
					b.Fatalf("%d entries, want %d", n, entries)
				}
				wrapped += took
			}
			b.ReportMetric(float64(entries)*float64(b.N)/wrapped.Seconds(), "entries/s")
			b.ReportMetric(plain.Seconds()/wrapped.Seconds(), "plain/wrapped")
		})
	}
}

// timedLoad loads a log and returns how long that took and how many entries it has.
func timedLoad(b *testing.B, log []byte) (time.Duration, int) {
	runtime.GC() // what was loaded before is not collected on this one's time
	start := time.Now()
	set, err := logfile.OpenBytes("incident", log, logfile.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer set.Close()
	rec, err := load(context.Background(), DefaultConfig(), set, func(*recorder) {})
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(start), rec.columns.Len()
}
