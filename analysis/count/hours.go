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

// Hours counts entries by row and hour of day while a log grows. Entries without
// a time are left out.
type Hours struct {
	counted int
	row     [][24]uint32
}

// Add counts the entries of a view that were not there at the last call.
func (h *Hours) Add(v store.View, rows int) {
	for len(h.row) < rows {
		h.row = append(h.row, [24]uint32{})
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
				n := t / hourMicros
				if t%hourMicros < 0 {
					n--
				}
				start, hour = n*hourMicros, int(((n%24)+24)%24)
			}
			h.row[span.Row[j]][hour]++
		}
	}
	h.counted = v.Len()
}

// table sums the hours of all rows by one column, whose values texts gives.
func (h *Hours) table(rows []store.Row, texts []string, column func(store.Key) uint32) Hourly {
	sums := map[uint32]*[24]int{}
	var any [24]bool
	for i, r := range rows[:min(len(rows), len(h.row))] {
		c := column(r.Key)
		sum := sums[c]
		if sum == nil {
			sum = new([24]int)
			sums[c] = sum
		}
		for hour, n := range h.row[i] {
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
