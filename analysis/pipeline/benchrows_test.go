package pipeline

import (
	"context"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/tablelog/tabletest"
)

// BenchmarkLoadRows is BenchmarkLoadDefault for the same entries as a table, in each
// form but the drawn one, most of which is blanks.
func BenchmarkLoadRows(b *testing.B) {
	set, log := readWhole(b, incidentHead(b, 64<<20))
	var rows [][]string
	if err := NewText(set).Replay(context.Background(), &log.Log, func(i int, r *reading.Record) error {
		rows = append(rows, tabletest.Row(time.UnixMicro(log.Entries.Time(i)), "root", "localhost", r.ID, string(r.Command), string(r.Text)))
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	set.Close()
	for _, form := range append(tabletest.Forms(tabletest.Widths(rows)), tabletest.Lines...) {
		if form.Most > 0 {
			continue
		}
		dump := form.Dump(rows)
		b.Run(strings.ReplaceAll(form.Name, " ", "-"), func(b *testing.B) {
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
