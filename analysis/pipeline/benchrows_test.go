package pipeline

import (
	"context"
	"strings"
	"testing"

	"sqleuth/analysis/logfile"
)

// BenchmarkLoadRows is BenchmarkLoadDefault for the same entries as a table, in each
// form but the drawn one, most of which is blanks.
func BenchmarkLoadRows(b *testing.B) {
	rows, _, widths := incidentRows(b)
	for _, form := range append(tableForms(widths), lineForms...) {
		if form.most > 0 {
			continue
		}
		dump := form.dump(rows)
		b.Run(strings.ReplaceAll(form.name, " ", "-"), func(b *testing.B) {
			b.SetBytes(int64(len(dump)))
			n := 0
			for b.Loop() {
				set, err := logfile.OpenBytes("dump", dump, logfile.Options{})
				if err != nil {
					b.Fatal(err)
				}
				rec, err := load(context.Background(), DefaultConfig(), set, func(*recorder) {})
				if err != nil {
					b.Fatal(err)
				}
				n = rec.columns.Len()
				set.Close()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/entry")
		})
	}
}
