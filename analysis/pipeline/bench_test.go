package pipeline

import (
	"context"
	"testing"

	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
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
