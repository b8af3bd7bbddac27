package detect_test

import (
	"context"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/reading"
)

// What marking adds to reading a log.
func BenchmarkMark(b *testing.B) {
	log := capture(b)
	type statement struct{ command, table, text []byte }
	var statements []statement
	var cov genlog.Coverage
	reading.NewParser(reading.Correct).Parse(genlog.Chunk{Data: log, First: true, Last: true}, &cov, reading.Handler{Record: func(r *reading.Record) {
		clone := func(b []byte) []byte { return append([]byte(nil), b...) }
		statements = append(statements, statement{clone(r.Command), clone(r.Table), clone(r.Text)})
	}})
	b.SetBytes(int64(len(log)))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		m := detect.NewMarker()
		for _, s := range statements {
			m.Mark(s.command, s.table, s.text)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(statements)), "ns/entry")
}

func BenchmarkRun(b *testing.B) {
	in := load(b, capture(b), reading.Correct)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if _, err := detect.Run(context.Background(), &in.Log, in.text, detect.DefaultOptions()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*in.Entries.Len()), "ns/entry")
}
