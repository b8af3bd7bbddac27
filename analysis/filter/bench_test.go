package filter

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
)

// largeLog is a log of n entries with a connection for every 25 of them and
// 20,000 distinct rows, without texts.
func largeLog(tb testing.TB, n int) *Subject {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	const rows = 20_000
	log := &Subject{Log: &loaded.Log{Commands: []string{"-", "Query", "Connect"}, Actions: []string{"-", "SELECT", "INSERT"}, Templates: templates("00000000"), TemplateOf: make([]int32, rows)}}
	for i := range 300 {
		log.Tables = append(log.Tables, "wp_"+strconv.Itoa(i))
	}
	for i := range rows {
		log.Rows = append(log.Rows, store.Row{Key: store.Key{Cluster: int32(i), Command: 1, Action: uint32(rng.IntN(3)), Table: uint32(rng.IntN(len(log.Tables)))}})
	}
	log.Isolation = func(row int) float64 { return float64(row) / rows }
	tracker := connection.NewTracker()
	var columns store.Columns
	conn := uint32(0)
	for i := range n {
		id := uint64(i/25 + 1)
		if i%25 == 0 {
			conn = tracker.Observe(i, id, "Connect", []byte("user"+strconv.Itoa(rng.IntN(50))+"@10.0.0."+strconv.Itoa(rng.IntN(250))+" on shop"))
		}
		// Most entries have one of few rows.
		row := rng.IntN(rows)
		if rng.IntN(10) > 0 {
			row /= 200
		}
		columns.Append(store.Entry{Time: int64(i) * 1000, Connection: conn, Row: uint32(row)})
	}
	log.Entries, log.Connections = columns.View(), tracker.View()
	var records []label.Record
	for i := 0; i < log.Connections.Len(); i += 100 {
		records = append(records, label.Record{Ref: log.Connections.Ref(i), Verdict: label.Verdict{Class: label.LoginAttack, Source: label.ByAnalyst}})
	}
	var err error
	if log.Labels, err = label.NewSet(nil, records); err != nil {
		tb.Fatal(err)
	}
	return log
}

// BenchmarkColumns measures filters that need no text over ten million entries:
// Compile and Run, the time to the first hits, and the cost of an entry.
func BenchmarkColumns(b *testing.B) {
	const n = 10_000_000
	log := largeLog(b, n)
	for _, source := range []string{"", "action:select", "user:user7", "action:select user:user7", "id:1000-2000,5000", "label:login_attack", "iforest>0.6", "time:1970-01-01T00:30..1970-01-01T01", "table:wp_7", "table:shop.wp_7", "table:mysql.wp_7",
		"(user:user7 or table:wp_1*) not (time:1970-01-01T01 or label:login_attack) iforest>0.2"} {
		f := mustParse(b, source)
		name := source
		if name == "" {
			name = "everything"
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var first time.Duration
			for b.Loop() {
				start := time.Now()
				hit := false
				p, err := Compile(context.Background(), f, log)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := p.Run(context.Background(), func(s *Selection) {
					if !hit && s.Len() > 0 {
						hit = true
						first += time.Since(start)
					}
				}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/entry")
			b.ReportMetric(float64(first.Microseconds())/1000/float64(b.N), "ms-to-first-hit")
		})
	}
}

func BenchmarkNth(b *testing.B) {
	log := largeLog(b, 1_000_000)
	s := run(b, log, mustParse(b, "user:user7 or action:insert"))
	k := 0
	b.ReportAllocs()
	for b.Loop() {
		k = (k + 7919) % s.Len()
		if s.Rank(s.Nth(k)) != k {
			b.Fatal("Rank does not undo Nth")
		}
	}
}
