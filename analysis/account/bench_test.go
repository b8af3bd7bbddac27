package account_test

import (
	"fmt"
	"testing"

	"sqleuth/analysis/account"
	"sqleuth/analysis/connection"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
)

// flood is a log of n connections, of which each second is a refused one of a pair of its
// own.
func flood(n int) *loaded.Log {
	rows, tracker := store.NewRows(), connection.NewTracker()
	var columns store.Columns
	i := 0
	add := func(id int, command, text string) {
		conn := tracker.Observe(i, uint64(id), command, []byte(text))
		columns.Append(store.Entry{Time: start.UnixMicro() + int64(i)*1_000_000, Connection: conn, Row: rows.Add(store.Key{}, i)})
		i++
	}
	for c := range n {
		user, host := fmt.Sprintf("app%d", c%40), fmt.Sprintf("10.0.0.%d", c%40)
		if c%2 == 1 {
			user, host = fmt.Sprintf("guess%d", c/2%1000), fmt.Sprintf("192.0.%d.%d", c/2/1000/250, c/2/1000%250)
		}
		add(c+1, "Connect", user+"@"+host+" on shop using TCP/IP")
		if c%2 == 1 {
			add(c+1, "Connect", "Access denied for user '"+user+"'@'"+host+"' (using password: YES)")
		} else {
			add(c+1, "Query", "SELECT 1")
		}
	}
	return &loaded.Log{Entries: columns.View(), Rows: rows.Copy(), Connections: tracker.View()}
}

// TestManyAccounts: those that got in are all listed, of the others as many as there is
// room for, and the rest is counted.
func TestManyAccounts(t *testing.T) {
	const n = 2*account.MaxPairs + 1000
	l := flood(n)
	a, err := account.Of(t.Context(), l, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	table, err := a.By(t.Context(), account.ByHost)
	if err != nil {
		t.Fatal(err)
	}
	in := 0
	for _, r := range table.Rows {
		if r.Parent < 0 {
			in += r.In
		}
	}
	if want := n / 2; in != want || table.Total.In != want {
		t.Errorf("%d and %d got in, want %d", in, table.Total.In, want)
	}
	if want := n/2 - (account.MaxPairs - 20); table.Pairs != account.MaxPairs || table.Left.Tries != want {
		t.Errorf("%d pairs, %d tries of others, want %d", table.Pairs, table.Left.Tries, want)
	}
}

// A million connections, half of them guesses of as many pairs: ns per connection, for
// a tenth of them and for all, which should be alike.
func BenchmarkTables(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		l := flood(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				a, err := account.Of(b.Context(), l, nil, nil)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := a.By(b.Context(), account.ByUser); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/connection")
		})
	}
}
