package pipeline

import (
	"context"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/connection/servertest"
)

// The logs of simulated servers as the whole program reads them: each entry is of
// the user and in the database that it was, also where a parser remembers it.
func TestWhoSentIt(t *testing.T) {
	for seed := range uint64(20) {
		truth := servertest.New(seed, servertest.Options{Short: seed%2 == 0})
		for _, workers := range []int{1, 4} {
			cfg := DefaultConfig()
			cfg.Workers = workers
			rec, err := load(context.Background(), cfg, openText(t, string(truth.Bytes)), func(*recorder) {})
			if err != nil {
				t.Fatal(err)
			}
			l := rec.log()
			if l.Entries.Len() != len(truth.Entries) || l.Connections.Runs != uint32(truth.Runs) {
				t.Fatalf("seed %d: %d entries in %d runs, want %d in %d", seed, l.Entries.Len(), l.Connections.Runs, len(truth.Entries), truth.Runs)
			}
			for i, want := range truth.Entries {
				k := int(l.Entries.Connection(i))
				if l.Connections.Peek(k).Doubt != connection.NoDoubt {
					continue
				}
				id := l.Connections.Who(k, i)
				if user, database := l.Connections.Text(id.User), l.Connections.Text(id.Database); user != want.User || database != want.Database {
					t.Fatalf("seed %d, %d workers, entry %d of %s: %q in %q, want %q in %q", seed, workers, i, l.Connections.Name(k), user, database, want.User, want.Database)
				}
			}
		}
	}
}
