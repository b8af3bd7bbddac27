package suspicion_test

import (
	"context"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/evaluation"
	"sqleuth/analysis/suspicion"
)

// All connections and entries of a log assessed and ranked.
func BenchmarkRank(b *testing.B) {
	ctx := context.Background()
	c, err := evaluation.ReadCapture(ctx, testdata+"wordpress-bruteforce")
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	s := c.Snapshot
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		a, err := suspicion.Assess(ctx, suspicion.In{Log: &s.Log, History: s.History, Detections: detect.Standing(s.Detections)})
		if err == nil {
			_, err = a.Rank(ctx, suspicion.Given{})
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(s.Connections.Len()), "ns/connection")
}
