package charts

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"sqleuth/analysis/count"
)

// chart is one of the charts, in the order in which the keys go through them.
type chart int

const (
	byAction chart = iota
	byTable
	hoursByAction
	hoursByTable
	byPair
	idsByAction
	idsByTable
	numCharts
)

var chartText = [numCharts]string{
	byAction: "by action", byTable: "by table", hoursByAction: "hours by action", hoursByTable: "hours by table",
	byPair: "frequent pairs", idsByAction: "ids by action", idsByTable: "ids by table",
}

func (c chart) String() string { return chartText[c] }

// sheet is the rows of a chart in its own order. Nobody writes to it.
type sheet struct {
	rows   []row
	at     map[string]int // positions of rows, by key
	top    int            // highest count of a row
	total  int            // sum of counts
	series []string       // of stacked bars, most first
	others bool           // the last part of a stack is all that is not among series
	digits int            // of the longest connection id
}

// row is a line of a chart. What a chart does not have is zero.
type row struct {
	text   string // action or table
	second string // table of a pair
	hour   int
	count  int
	parts  []int           // count by series
	ids    count.Threshold // connection ids
}

// key identifies a row of a chart.
func (r row) key() string { return strconv.Itoa(r.hour) + "\x00" + r.text + "\x00" + r.second }

// sheet takes the rows of a chart out of the notebook's tables, in the chart's
// own order.
func (c chart) sheet(t *count.Tables) sheet {
	switch c {
	case byAction:
		return tallies(t.Action)
	case byTable:
		return tallies(t.Table)
	case hoursByAction:
		return hours(t.HourAction)
	case hoursByTable:
		return hours(t.HourTable)
	case byPair:
		var s sheet
		for _, p := range t.Pairs {
			s.rows = append(s.rows, row{text: p.Action, second: p.Table, count: p.Count})
		}
		return s.summed()
	case idsByAction:
		return ids(t.ThresholdAction)
	}
	return ids(t.ThresholdTable)
}

// tallies puts the most frequent first, equal counts by text.
func tallies(list []count.Tally) sheet {
	var s sheet
	for _, t := range list {
		s.rows = append(s.rows, row{text: t.Text, count: t.Count})
	}
	slices.SortFunc(s.rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(b.count, a.count), strings.Compare(a.text, b.text))
	})
	return s.summed()
}

func ids(list []count.Threshold) sheet {
	var s sheet
	for _, t := range list {
		s.rows = append(s.rows, row{text: t.Text, count: t.Count, ids: t})
		s.digits = max(s.digits, len(decimal(t.Max)))
	}
	return s.summed()
}

// hours stacks the most frequent values of each hour; those that have no sign of
// their own become one part.
func hours(h count.Hourly) sheet {
	totals := make([]int, len(h.Columns))
	columns := make([]int, len(h.Columns))
	for k := range columns {
		columns[k] = k
		for _, line := range h.Counts {
			totals[k] += line[k]
		}
	}
	slices.SortStableFunc(columns, func(a, b int) int { return cmp.Compare(totals[b], totals[a]) })
	own := min(len(columns), maxSeries)
	s := sheet{others: len(columns) > own}
	for _, k := range columns[:own] {
		s.series = append(s.series, h.Columns[k])
	}
	for i, hour := range h.Hours {
		r := row{hour: hour, parts: make([]int, own, own+1)}
		rest := 0
		for k, column := range columns {
			n := h.Counts[i][column]
			r.count += n
			if k < own {
				r.parts[k] = n
			} else {
				rest += n
			}
		}
		if s.others {
			r.parts = append(r.parts, rest)
		}
		s.rows = append(s.rows, r)
	}
	return s.summed()
}

// summed adds up what bars are drawn against, and notes where rows are.
func (s sheet) summed() sheet {
	for _, r := range s.rows {
		s.top = max(s.top, r.count)
		s.total += r.count
	}
	s.at = make(map[string]int, len(s.rows))
	for k, r := range s.rows {
		s.at[r.key()] = k
	}
	return s
}
