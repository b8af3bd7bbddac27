package integrity_test

import (
	"context"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
)

// A log of ten million entries, ten to a connection, some of them open-ended,
// with ids and times a little out of order.
func BenchmarkCheck(b *testing.B) {
	const entries, perConnection = 10_000_000, 10
	var columns store.Columns
	rows := store.NewRows()
	tracker := connection.NewTracker()
	commands := []string{"-", "Connect", "Query", "Quit"}
	var in input
	in.Log = loaded.Log{Reading: reading.Correct, Commands: commands, Templates: []loaded.Template{{Text: "SELECT 1"}}, TemplateOf: make([]int32, len(commands))}
	for i := range entries {
		command := uint32(2)
		switch i % perConnection {
		case 0:
			command = 1
		case perConnection - 1:
			command = 3
		}
		at := i / perConnection
		id := uint64(at ^ at>>3&1 + 1)
		conn := tracker.Observe(i, id, commands[command], []byte("app@10.0.0.1 on shop using TCP/IP"))
		row := rows.Add(store.Key{Cluster: int32(command), Command: command}, i)
		columns.Append(store.Entry{Offset: int64(i) * 100, Time: int64(i)*20_000 - int64(i%7)*3_000, Connection: conn, Row: row})
		if i%1000 == 500 {
			in.OpenEnds = append(in.OpenEnds, uint32(i))
		}
	}
	in.Entries, in.Rows, in.Connections = columns.View(), rows.Copy(), tracker.View()
	in.ByConnection = store.GroupByConnection(in.Entries, in.Connections.Len())
	in.Files = []loaded.File{{Name: "a.log", Text: entries * 100, Forms: genlog.Forms{UTC: entries}}}
	in.text = func(int) ([]byte, error) { return []byte("SELECT 'a"), nil }
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if _, err := integrity.Check(context.Background(), &in.Log, in.text); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/entries, "ns/entry")
}
