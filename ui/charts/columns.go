package charts

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/count"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// data is what cells are made of.
type data struct {
	theme  *theme.Theme
	*sheet // nil until the first one
}

// column is a column of a chart. Plain is the text of a cell for other programs,
// nil for one that only draws.
type column struct {
	list.Column[data]
	plain func(s *sheet, r row) string
}

// columns lists what a chart shows.
func (c chart) columns() []column {
	action, table := nameColumn("action", 12, c, first), nameColumn("table", 26, c, first)
	switch c {
	case byAction:
		return []column{action, countColumn(10), shareColumn, barColumn}
	case byTable:
		return []column{table, countColumn(10), shareColumn, barColumn}
	case hoursByAction, hoursByTable:
		return []column{hourColumn, countColumn(10), stackColumn}
	case byPair:
		return []column{action, nameColumn("table", 26, c, second), countColumn(10), shareColumn, barColumn}
	case idsByAction:
		return append([]column{action, countColumn(8)}, figureColumns...)
	}
	return append([]column{table, countColumn(8)}, figureColumns...)
}

// ids reports whether a chart describes connection ids.
func (c chart) ids() bool { return c == idsByAction || c == idsByTable }

// hourly reports whether a chart is of the hours of the day.
func (c chart) hourly() bool { return c == hoursByAction || c == hoursByTable }

const (
	nameLeast = 8
	roomy     = 100 // cells of a window in which names may be long
	barLeast  = 8   // cells; with less room for bars the shares go
)

func first(r row) string  { return r.text }
func second(r row) string { return r.second }

// nameColumn is a column of names, which give way in a narrow window.
func nameColumn(title string, width int, c chart, name func(row) string) column {
	part := 4
	if c.ids() {
		part = 5
	}
	return column{
		Column: list.Column[data]{
			Title: title, Flex: c.ids(),
			Fit: func(_ data, window int) int {
				if window >= roomy {
					return width
				}
				return max(nameLeast, min(width, window/part))
			},
			Bar: func(d data, row, width int) widget.Cell {
				return known(d, widget.Middle(d.theme, name(d.rows[row]), width)) // names differ at their ends
			},
			Sort: list.Text(func(d data, row int) string { return name(d.rows[row]) }),
		},
		plain: func(_ *sheet, r row) string { return name(r) },
	}
}

// known is a cell of a text that may be missing.
func known(d data, text string) widget.Cell {
	if text == "" {
		return widget.None(d.theme)
	}
	return widget.Cell{Text: text}
}

var hourColumn = column{
	Column: list.Column[data]{
		Title: "hour", Width: 5,
		Cell: func(d data, row int) widget.Cell { return widget.Cell{Text: hourText(d.rows[row])} },
		Sort: list.Number(func(d data, row int) int { return d.rows[row].hour }),
	},
	plain: func(_ *sheet, r row) string { return hourText(r) },
}

func hourText(r row) string { return fmt.Sprintf("%02d", r.hour) }

// byCount sorts by the count of a row.
var byCount = list.Number(func(d data, row int) int { return d.rows[row].count })

func countColumn(width int) column {
	return column{
		Column: list.Column[data]{
			Title: "entries", Width: width, Right: true, LargestFirst: true, Sort: byCount,
			Cell: func(d data, row int) widget.Cell {
				return widget.Cell{Text: widget.Count(d.rows[row].count), Style: &d.theme.Strong}
			},
		},
		plain: func(_ *sheet, r row) string { return strconv.Itoa(r.count) },
	}
}

var shareColumn = column{
	Column: list.Column[data]{
		Title: "share", Width: 8, Priority: 9, Right: true, LargestFirst: true, Sort: byCount,
		Cell: func(d data, row int) widget.Cell { return widget.Cell{Text: d.share(d.rows[row])} },
	},
	plain: func(s *sheet, r row) string { return s.share(r) },
}

func (s *sheet) share(r row) string { return widget.Share(int64(r.count), int64(s.total)) }

var (
	barColumn   = column{Column: list.Column[data]{Title: "bar", Width: barLeast, Flex: true, LargestFirst: true, Sort: byCount, Bar: bar}}
	stackColumn = column{Column: list.Column[data]{Title: "bar", Width: barLeast, Flex: true, LargestFirst: true, Sort: byCount, Bar: stack}}
)

// figureColumns describe connection ids, as wide as the longest id asks for.
var figureColumns = []column{
	figureColumn("mean", 4, ".00", func(t count.Threshold) float64 { return t.Mean }),
	figureColumn("std", 5, ".00", func(t count.Threshold) float64 { return t.Std }),
	figureColumn("min", 1, "", func(t count.Threshold) float64 { return t.Min }),
	figureColumn("1 %", 2, ".00", func(t count.Threshold) float64 { return t.P1 }),
	figureColumn("50 %", 3, ".00", func(t count.Threshold) float64 { return t.P50 }),
	figureColumn("99 %", 2, ".00", func(t count.Threshold) float64 { return t.P99 }),
	figureColumn("max", 1, "", func(t count.Threshold) float64 { return t.Max }),
}

func figureColumn(title string, priority int, decimals string, figure func(count.Threshold) float64) column {
	return column{
		Column: list.Column[data]{
			Title: title, Priority: priority, Right: true,
			Fit: func(d data, _ int) int {
				if d.sheet == nil {
					return len(title)
				}
				return max(len(title), d.digits+len(decimals))
			},
			Cell: func(d data, row int) widget.Cell { return known(d, decimal(figure(d.rows[row].ids))) },
			Sort: func(_ context.Context, d data, _ message.Rows) (func(row int) uint64, error) {
				return func(row int) uint64 { return list.Score(figure(d.rows[row].ids)) }, nil
			},
		},
		plain: func(_ *sheet, r row) string { return decimal(figure(r.ids)) },
	}
}

// decimal writes a figure about ids with two decimals where it has any, empty for
// none.
func decimal(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 2, 64), ".00")
}

// columnsOf are the columns of each chart.
var columnsOf = func() (all [numCharts][]column) {
	for c := range all {
		all[c] = chart(c).columns()
	}
	return all
}()

// specs are the lists, one for each chart.
var specs = func() (all [numCharts]*list.Spec[data]) {
	for c := range all {
		all[c] = chart(c).spec()
	}
	return all
}()

func (c chart) spec() *list.Spec[data] {
	spec := &list.Spec[data]{
		Start:   "entries",
		Top:     true,
		Unit:    [2]string{"row", "rows"},
		Missing: "no row of this chart is called so",
		Len: func(d data) int {
			if d.sheet == nil {
				return 0
			}
			return len(d.rows)
		},
		Kept:  "chart " + c.String(),
		Fixed: true,
		Identity: &list.Identity[data]{
			Name: func(d data, row int) string { return d.rows[row].key() },
			Row: func(d data, name string) (int, bool) {
				at, ok := d.at[name]
				return at, ok
			},
		},
		Term: func(d data, row int) string { return c.term(d.rows[row]) },
		Copy: func(d data, row int) message.Copy {
			return message.Copy{What: "the row", Text: func(context.Context) (string, error) { return c.line(d.sheet, d.rows[row]), nil }}
		},
		Open:  func(d data, row int) tea.Msg { return c.open(d.rows[row]) },
		Opens: "its entries",
		Match: func(d data, re *regexp.Regexp) func(int) bool {
			return func(row int) bool { return re.MatchString(d.rows[row].text) || re.MatchString(d.rows[row].second) }
		},
	}
	if !c.hourly() {
		spec.OpenEntries, spec.OpenConnections = spec.Term, spec.Term
	}
	for _, column := range columnsOf[c] {
		spec.Columns = append(spec.Columns, column.Column)
	}
	return spec
}

// term returns the filter that selects the entries of a row; empty for hours of
// the day, which the language has no word for.
func (c chart) term(r row) string {
	switch c {
	case byAction, idsByAction:
		return filter.Term("action", r.text)
	case byTable, idsByTable:
		return filter.Term("table", r.text)
	case byPair:
		return filter.Term("action", r.text) + " " + filter.Term("table", r.second)
	}
	return ""
}

// open asks for the entries that a row counts.
func (c chart) open(r row) tea.Msg {
	if term := c.term(r); term != "" {
		return message.OpenEntries{Term: term}
	}
	hour := int64(r.hour)
	return message.OpenEntries{
		Title: fmt.Sprintf("hour of day %02d", r.hour),
		Pick: func(s *pipeline.Snapshot, i int) bool {
			t := s.Entries.Time(i)
			return t != store.NoTime && hourOfDay(t) == hour
		},
	}
}

// hourOfDay is the hour of a time in microseconds since 1970, also of one before.
func hourOfDay(micros int64) int64 {
	const hour = int64(time.Hour / time.Microsecond)
	return ((micros%(24*hour) + 24*hour) % (24 * hour)) / hour
}

// text is a chart as it is shown, as lines of tab-separated cells below the titles
// of the columns.
func (c chart) text(shown *list.List[data]) string {
	var b strings.Builder
	var titles []string
	s := shown.Data().sheet
	for _, column := range columnsOf[c] {
		if column.plain != nil {
			titles = append(titles, column.Title)
		}
	}
	titles = append(titles, s.series...)
	if s.others {
		titles = append(titles, "others")
	}
	b.WriteString(strings.Join(titles, "\t") + "\n")
	for k := range shown.Len() {
		b.WriteString(c.line(s, s.rows[shown.At(k)]) + "\n")
	}
	return b.String()
}

// line is a row as tab-separated cells.
func (c chart) line(s *sheet, r row) string {
	var cells []string
	for _, column := range columnsOf[c] {
		if column.plain != nil {
			cells = append(cells, column.plain(s, r))
		}
	}
	for _, n := range r.parts {
		cells = append(cells, strconv.Itoa(n))
	}
	return strings.Join(cells, "\t")
}
