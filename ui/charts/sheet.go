package charts

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/count"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
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

// sheet is the rows of a chart in the order in which they are shown. Nobody
// writes to it.
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

// key tells rows of a chart apart.
func (r row) key() string { return strconv.Itoa(r.hour) + "\x00" + r.text + "\x00" + r.second }

// order is what the rows of a chart are sorted by; column -1 is the chart's own
// order.
type order struct {
	column     columnID
	descending bool
}

// arranged is the answer to a question for sheets.
type arranged struct {
	job    int
	sheets *[numCharts]sheet
	err    error // cancelled
}

// arrange makes the sheets anew. With restart what is under way is given up;
// otherwise it is finished first, because a log that is being read changes
// faster than many rows are sorted.
func (m Model) arrange(restart bool) (Model, tea.Cmd) {
	if m.snapshot == nil || m.snapshot.Counts == nil {
		return m, nil
	}
	if m.job.Running() && !restart {
		m.job.Again = true
		return m, nil
	}
	var ctx context.Context
	m.job, ctx = m.job.Start()
	m.counts = m.snapshot.Counts
	number, counts := m.job.Number, m.counts
	var orders [numCharts]order
	for c := range m.tables {
		orders[c] = order{columnID(-1), m.tables[c].Descending}
		if k := m.tables[c].SortColumn; k >= 0 {
			orders[c].column = chart(c).columns()[k]
		}
	}
	return m, screen.Work(func() tea.Msg {
		var sheets [numCharts]sheet
		for c := range sheets {
			if ctx.Err() != nil {
				return arranged{job: number, err: ctx.Err()}
			}
			sheets[c] = chart(c).sheet(counts).sorted(orders[c])
		}
		return arranged{job: number, sheets: &sheets}
	})
}

// show puts new sheets into the tables. Marks and a cursor that was moved stay on
// their rows, other cursors at the top.
func (m Model) show(msg arranged) (screen.Screen, tea.Cmd) {
	if msg.job != m.job.Number || msg.err != nil {
		return m, nil
	}
	again := m.job.Again
	m.job = m.job.Stop()
	old := m.sheets
	m.sheets = msg.sheets
	lost := false
	for c := range m.tables {
		t, now := &m.tables[c], &m.sheets[c]
		if t.Rearrange(len(now.rows), func(k int) (int, bool) {
			at, ok := now.at[old[c].rows[k].key()]
			return at, ok
		}) {
			lost = true
		}
		if !m.moved[c] {
			t.SetCursor(0)
		}
	}
	m = m.layout()
	var cmd tea.Cmd
	if again {
		m, cmd = m.arrange(true)
	}
	if lost {
		cmd = tea.Batch(cmd, message.MarksLost())
	}
	return m, cmd
}

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

func (s sheet) summed() sheet {
	for _, r := range s.rows {
		s.top = max(s.top, r.count)
		s.total += r.count
	}
	return s
}

// sorted puts the rows in an order and notes where they are.
func (s sheet) sorted(o order) sheet {
	if o.column >= 0 {
		slices.SortStableFunc(s.rows, func(a, b row) int {
			if o.descending {
				a, b = b, a
			}
			return o.column.compare(a, b)
		})
	}
	s.at = make(map[string]int, len(s.rows))
	for k, r := range s.rows {
		s.at[r.key()] = k
	}
	return s
}

func (id columnID) compare(a, b row) int {
	switch id {
	case columnAction, columnTable:
		return strings.Compare(a.text, b.text)
	case columnSecond:
		return strings.Compare(a.second, b.second)
	case columnHour:
		return cmp.Compare(a.hour, b.hour)
	case columnCount, columnShare:
		return cmp.Compare(a.count, b.count)
	}
	return cmp.Compare(id.figure(a), id.figure(b))
}

// figure is what a column about connection ids shows.
func (id columnID) figure(r row) float64 {
	switch id {
	case columnMean:
		return r.ids.Mean
	case columnStd:
		return r.ids.Std
	case columnMin:
		return r.ids.Min
	case columnP1:
		return r.ids.P1
	case columnP50:
		return r.ids.P50
	case columnP99:
		return r.ids.P99
	case columnMax:
		return r.ids.Max
	}
	return math.NaN()
}

// text is the sheet as lines of tab-separated cells.
func (s sheet) text(c chart) string {
	var b strings.Builder
	columns := c.columns()
	cells := make([]string, 0, len(columns)+len(s.series))
	for _, id := range columns {
		if id != columnBar {
			cells = append(cells, layout[id].Title)
		}
	}
	cells = append(cells, s.series...)
	if s.others {
		cells = append(cells, "others")
	}
	b.WriteString(strings.Join(cells, "\t") + "\n")
	for _, r := range s.rows {
		cells = cells[:0]
		for _, id := range columns {
			if id != columnBar {
				cells = append(cells, id.plain(r, s.total))
			}
		}
		for _, n := range r.parts {
			cells = append(cells, strconv.Itoa(n))
		}
		b.WriteString(strings.Join(cells, "\t") + "\n")
	}
	return b.String()
}

// plain is the text of a cell for other programs.
func (id columnID) plain(r row, total int) string {
	switch id {
	case columnAction, columnTable:
		return r.text
	case columnSecond:
		return r.second
	case columnHour:
		return fmt.Sprintf("%02d", r.hour)
	case columnCount:
		return strconv.Itoa(r.count)
	case columnShare:
		return widget.Share(int64(r.count), int64(total))
	}
	return decimal(id.figure(r))
}

// decimal writes a figure about ids with two decimals where it has any, empty for
// none.
func decimal(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 2, 64), ".00")
}
