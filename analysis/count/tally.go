package count

import (
	"cmp"
	"slices"
	"strings"

	"sqleuth/analysis/store"
)

// Tally is a text and the entries that have it.
type Tally struct {
	Text  string
	Count int
}

// Pair is an action with a table and the entries that have both.
type Pair struct {
	Action, Table string
	Count         int
}

// tally counts entries by one column of the rows, in order of first
// appearance. texts gives the column's texts by number.
func tally(rows []store.Row, texts []string, column func(store.Key) uint32) []Tally {
	counts := make([]int, len(texts))
	first := make([]int, len(texts))
	var seen []uint32
	for _, r := range rows {
		c := column(r.Key)
		if counts[c] == 0 {
			seen = append(seen, c)
			first[c] = r.First
		}
		counts[c] += r.Count
		first[c] = min(first[c], r.First)
	}
	slices.SortFunc(seen, func(a, b uint32) int { return cmp.Compare(first[a], first[b]) })
	out := make([]Tally, len(seen))
	for i, c := range seen {
		out[i] = Tally{texts[c], counts[c]}
	}
	return out
}

// pairs counts entries by action and table: most first, equal counts by action,
// then by table.
func pairs(rows []store.Row, actions, tables []string) []Pair {
	type key struct{ action, table uint32 }
	counts := map[key]int{}
	for _, r := range rows {
		counts[key{r.Action, r.Table}] += r.Count
	}
	out := make([]Pair, 0, len(counts))
	for k, n := range counts {
		out = append(out, Pair{actions[k.action], tables[k.table], n})
	}
	slices.SortFunc(out, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Action, b.Action), strings.Compare(a.Table, b.Table))
	})
	return out
}
