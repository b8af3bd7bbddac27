package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/store"
)

// A log may name more tables than are distinguished, however many parsers read it:
// the first ones are kept, the rest counts as one, every entry is counted, and the
// snapshot reports it.
func TestMoreTablesThanAreToldApart(t *testing.T) {
	if testing.Short() {
		t.Skip("a table in each of 70,000 entries, for two numbers of workers")
	}
	var log strings.Builder
	const n = maxTables + 5000
	for i := range n {
		fmt.Fprintf(&log, "2025-03-11T05:53:05.%06dZ%5d Query\tDELETE FROM t%d WHERE id = 1\n", i%1_000_000, i%100, i)
	}
	var first []string
	for _, workers := range []int{1, 3} {
		cfg := DefaultConfig()
		cfg.Workers, cfg.Params.Trees = workers, 2
		s, err := Run(context.Background(), cfg, openText(t, log.String()), nil, quiet)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(s.Full, "tables") {
			t.Errorf("%d workers: the snapshot does not say that there are more tables: %v", workers, s.Full)
		}
		if len(s.Tables) != maxTables+1 || s.Tables[maxTables] != store.Others {
			t.Fatalf("%d workers: %d tables, the last is %q", workers, len(s.Tables), s.Tables[len(s.Tables)-1])
		}
		others := 0
		for i := range s.Len() {
			if s.Table(i) == store.Others {
				others++
			} else if want := fmt.Sprintf("t%d", i); s.Table(i) != want {
				t.Fatalf("%d workers: entry %d has table %q, want %q", workers, i, s.Table(i), want)
			}
		}
		if others != n-maxTables+1 { // "-" takes a place
			t.Errorf("%d workers: %d entries with other tables, want %d", workers, others, n-maxTables+1)
		}
		if first == nil {
			first = s.Tables
		} else if !slices.Equal(first, s.Tables) {
			t.Errorf("%d workers tell other tables apart", workers)
		}
	}
}
