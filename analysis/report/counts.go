package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sqleuth/analysis/count"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/wording"
)

const (
	maxValues = 20 // tables that the default reading lists
	maxPairs  = 10 // as the notebook prints
)

// writeCounts writes the notebook's tables for the default reading: most first,
// the tables that matter.
func writeCounts(p *page, s *pipeline.Snapshot) error {
	p.title("Counts")
	c := s.Counts
	if s.Len() == 0 || c == nil {
		p.line("The log has no entries.")
		return nil
	}
	zone := clockOf(s).zone()
	tables := mostFirst(c.Table)
	few := tables[:min(len(tables), maxValues)]
	p.heading("Entries by action")
	writeTally(p, "action", mostFirst(c.Action), s.Len())
	p.heading("Entries by table")
	writeTally(p, "table", few, s.Len())
	p.more("  ", len(tables)-len(few))
	if n := s.Entries.Untimed(); n > 0 && n < s.Len() {
		zone += "; without " + wording.Counted(n, "entry", "entries") + " that have no time"
	}
	p.heading("Entries by hour of day (%s) and action", zone)
	writeHourly(p, c.HourAction, nil)
	p.heading("Entries by hour of day (%s) and table", zone)
	writeHourly(p, c.HourTable, few)
	p.more("  ", len(tables)-len(few))
	p.heading("Most frequent pairs of action and table")
	pairs := newTable(2, "entries", "share", "action", "table")
	for _, pair := range c.Pairs[:min(len(c.Pairs), maxPairs)] {
		pairs.add(number(pair.Count), percent(pair.Count, s.Len()), name(pair.Action), name(pair.Table))
	}
	p.table("  ", pairs)
	p.more("  ", len(c.Pairs)-maxPairs)
	p.heading("Connection ids by action")
	writeThresholds(p, "action", c.ThresholdAction, nil)
	p.heading("Connection ids by table")
	writeThresholds(p, "table", c.ThresholdTable, few)
	p.more("  ", len(tables)-len(few))
	return nil
}

// mostFirst sorts by count, equal counts by text.
func mostFirst(list []count.Tally) []count.Tally {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b count.Tally) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Text, b.Text))
	})
	return sorted
}

// sortedPairs sorts pairs as a groupby of action and table does.
func sortedPairs(list []count.Pair) []count.Pair {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b count.Pair) int {
		return cmp.Or(strings.Compare(a.Action, b.Action), strings.Compare(a.Table, b.Table))
	})
	return sorted
}

func writeTally(p *page, column string, list []count.Tally, total int) {
	t := newTable(2, "entries", "share", column)
	for _, v := range list {
		t.add(number(v.Count), percent(v.Count, total), name(v.Text))
	}
	p.table("  ", t)
}

// only keeps the positions of values that a list names; nil keeps all.
func only(values []string, list []count.Tally) []int {
	wanted := map[string]bool{}
	for _, t := range list {
		wanted[t.Text] = true
	}
	var keep []int
	for i, v := range values {
		if list == nil || wanted[v] {
			keep = append(keep, i)
		}
	}
	return keep
}

// writeHourly writes a line per value and a column per hour that has entries,
// in as many blocks as the width asks for. A dot means none; a block leaves
// out the values that have none in all its hours.
func writeHourly(p *page, h count.Hourly, few []count.Tally) {
	if len(h.Hours) == 0 {
		p.line("  No entry has a time.")
	}
	widest := 2
	for _, line := range h.Counts {
		for _, n := range line {
			widest = max(widest, len(strconv.Itoa(n)))
		}
	}
	const room = 72 // what is left of the width is the value's
	hours := max(1, room/(widest+2))
	for hours > 1 && 24%hours != 0 {
		hours--
	}
	keep := only(h.Columns, few)
	for from := 0; from < len(h.Hours); from += hours {
		to := min(from+hours, len(h.Hours))
		if from > 0 {
			p.print("\n")
		}
		var header []string
		for _, hour := range h.Hours[from:to] {
			header = append(header, right(fmt.Sprintf("%02d", hour), widest))
		}
		t := newTable(to-from, append(header, "hour")...)
		for _, k := range keep {
			var cells []string
			some := false
			for i := from; i < to; i++ {
				cell := "."
				if n := h.Counts[i][k]; n > 0 {
					cell, some = number(n), true
				}
				cells = append(cells, cell)
			}
			if some {
				t.add(append(cells, name(h.Columns[k]))...)
			}
		}
		p.table("  ", t)
	}
}

func writeThresholds(p *page, column string, list []count.Threshold, few []count.Tally) {
	t := newTable(8, "entries", "mean", "std", "min", "1%", "50%", "99%", "max", column)
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = v.Text
	}
	tenth := func(v float64) string {
		if v != v {
			return "-"
		}
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	whole := func(v float64) string { return strconv.FormatFloat(v, 'f', 0, 64) }
	for _, i := range only(texts, few) {
		v := list[i]
		t.add(number(v.Count), tenth(v.Mean), tenth(v.Std), whole(v.Min), tenth(v.P1), tenth(v.P50), tenth(v.P99), whole(v.Max), name(v.Text))
	}
	p.table("  ", t)
}
