package count

import (
	"slices"
	"strings"

	"sqleuth/analysis/store"
)

// Hourly counts entries by hour of day (UTC) and by the value of a column.
type Hourly struct {
	Hours   []int    // hours that have entries, ascending
	Columns []string // values, sorted
	Counts  [][]int  // by position in Hours, then in Columns; 0 for none
}

const hourMicros = 3_600_000_000

// Hours counts entries by action, table and hour of day while a log grows. Entries
// without a time are left out.
type Hours struct {
	counted int
	of      []uint32 // by row, index into pairs
	pairs   []hourPair
	index   map[[2]uint32]uint32
}

// hourPair is an action and a table with their entries by hour.
type hourPair struct {
	key     store.Key // nothing else is set
	entries [24]uint32
}

// Add counts the entries of a view that were not there at the last call. The rows
// are those of the view, or more.
func (h *Hours) Add(v store.View, rows []store.Row) {
	for _, r := range rows[len(h.of):] {
		h.of = append(h.of, h.pair(r.Action, r.Table))
	}
	for s := h.counted / store.SpanLen; s < v.Spans(); s++ {
		span := v.Span(s)
		from := max(0, h.counted-span.First)
		// Entries of one hour follow each other; dividing once per change is
		// what keeps this pass cheap.
		start, hour := int64(0), 0
		for j := from; j < len(span.Time); j++ {
			t := span.Time[j]
			if d := t - start; d < 0 || d >= hourMicros || start == 0 {
				if t == store.NoTime {
					continue
				}
				start, hour = t-(t%hourMicros+hourMicros)%hourMicros, hourOf(t)
			}
			h.pairs[h.of[span.Row[j]]].entries[hour]++
		}
	}
	h.counted = v.Len()
}

// hourOf is the hour of day of a time, also of one before 1970.
func hourOf(t int64) int {
	n := t / hourMicros
	if t%hourMicros < 0 {
		n--
	}
	return int(((n % 24) + 24) % 24)
}

func (h *Hours) pair(action, table uint32) uint32 {
	at, ok := h.index[[2]uint32{action, table}]
	if !ok {
		if h.index == nil {
			h.index = map[[2]uint32]uint32{}
		}
		at = uint32(len(h.pairs))
		h.index[[2]uint32{action, table}] = at
		h.pairs = append(h.pairs, hourPair{key: store.Key{Action: action, Table: table}})
	}
	return at
}

// table sums the hours by one column, whose values texts gives.
func (h *Hours) table(texts []string, column func(store.Key) uint32) Hourly {
	sums := map[uint32]*[24]int{}
	var any [24]bool
	for i := range h.pairs {
		c := column(h.pairs[i].key)
		sum := sums[c]
		if sum == nil {
			sum = new([24]int)
			sums[c] = sum
		}
		for hour, n := range h.pairs[i].entries {
			sum[hour] += int(n)
			any[hour] = any[hour] || n > 0
		}
	}
	var out Hourly
	values := make([]uint32, 0, len(sums))
	for c := range sums {
		values = append(values, c)
	}
	slices.SortFunc(values, func(a, b uint32) int { return strings.Compare(texts[a], texts[b]) })
	for _, c := range values {
		out.Columns = append(out.Columns, texts[c])
	}
	for hour := range 24 {
		if !any[hour] {
			continue
		}
		line := make([]int, len(values))
		for k, c := range values {
			line[k] = sums[c][hour]
		}
		out.Hours = append(out.Hours, hour)
		out.Counts = append(out.Counts, line)
	}
	return out
}
