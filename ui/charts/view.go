package charts

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// columnID is a column of a chart.
type columnID int

const (
	columnAction columnID = iota
	columnTable
	columnSecond // table of a pair
	columnHour
	columnCount
	columnShare
	columnBar
	columnMean
	columnStd
	columnMin
	columnP1
	columnP50
	columnP99
	columnMax
	numColumns
)

var layout = [numColumns]widget.Column{
	columnAction: {Title: "action", Width: 12, Sortable: true},
	columnTable:  {Title: "table", Width: 26, Sortable: true},
	columnSecond: {Title: "table", Width: 26, Sortable: true},
	columnHour:   {Title: "hour", Width: 5, Sortable: true},
	columnCount:  {Title: "entries", Width: 10, Right: true, Sortable: true, LargestFirst: true},
	columnShare:  {Title: "share", Width: 8, Right: true, Sortable: true, LargestFirst: true},
	columnBar:    {Title: "", Width: 1, Flex: true},
	columnMean:   {Title: "mean", Width: 10, Priority: 4, Right: true, Sortable: true},
	columnStd:    {Title: "std", Width: 10, Priority: 5, Right: true, Sortable: true},
	columnMin:    {Title: "min", Width: 8, Priority: 1, Right: true, Sortable: true},
	columnP1:     {Title: "1 %", Width: 9, Priority: 2, Right: true, Sortable: true},
	columnP50:    {Title: "50 %", Width: 9, Priority: 3, Right: true, Sortable: true},
	columnP99:    {Title: "99 %", Width: 9, Priority: 2, Right: true, Sortable: true},
	columnMax:    {Title: "max", Width: 8, Priority: 1, Right: true, Sortable: true},
}

// columns lists what a chart shows.
func (c chart) columns() []columnID {
	switch c {
	case byAction:
		return []columnID{columnAction, columnCount, columnShare, columnBar}
	case byTable:
		return []columnID{columnTable, columnCount, columnShare, columnBar}
	case hoursByAction, hoursByTable:
		return []columnID{columnHour, columnCount, columnBar}
	case byPair:
		return []columnID{columnAction, columnSecond, columnCount, columnShare, columnBar}
	case idsByAction:
		return []columnID{columnAction, columnCount, columnMean, columnStd, columnMin, columnP1, columnP50, columnP99, columnMax}
	}
	return []columnID{columnTable, columnCount, columnMean, columnStd, columnMin, columnP1, columnP50, columnP99, columnMax}
}

const (
	barLeast   = 8 // cells; with less room for bars the shares go
	nameLeast  = 8
	roomy      = 100 // cells of a window in which names may be long
	plotLeast  = 5   // lines
	plotMost   = 9
	legendMost = 2 // lines
)

// SetSize gives the body's size.
func (m Model) SetSize(width, height int) screen.Screen {
	m.width, m.height = width, height
	return m.layout()
}

// layout gives the columns of the chart their widths and the table its place.
func (m Model) layout() Model {
	t := &m.tables[m.chart]
	t.Columns = nil
	for _, id := range m.chart.columns() {
		column := layout[id]
		column.Width = m.columnWidth(id)
		if id == columnShare && m.barRoom() < barLeast {
			column.Priority = 9
		}
		t.Columns = append(t.Columns, column)
	}
	t.SetSize(m.width, max(0, m.height-len(m.above())))
	return m
}

// columnWidth is the cells of a column. Names give way in a narrow window;
// figures about ids are as wide as the longest id asks for.
func (m Model) columnWidth(id columnID) int {
	width, figures := layout[id].Width, m.chart == idsByAction || m.chart == idsByTable
	switch id {
	case columnAction, columnTable, columnSecond:
		switch {
		case m.width >= roomy:
		case figures:
			width = max(nameLeast, min(width, m.width/5))
		default:
			width = max(nameLeast, min(width, m.width/4))
		}
	case columnMin, columnMax:
		if m.sheets != nil && figures {
			width = max(len("min"), m.sheets[m.chart].digits)
		}
	case columnMean, columnStd, columnP1, columnP50, columnP99:
		if m.sheets != nil && figures {
			width = max(len("50 %"), m.sheets[m.chart].digits+len(".00"))
		}
	case columnCount:
		if figures {
			width = 8
		}
	}
	return width
}

// barRoom is the cells that the bars of the chart have if every column is shown.
func (m Model) barRoom() int {
	room := m.width - gutter
	for _, id := range m.chart.columns() {
		if id != columnBar {
			room -= m.columnWidth(id) + 1
		}
	}
	return room
}

// gutter is the cells that a table keeps for its cursor and marks.
const gutter = 2

// barWidth is the cells that bars are drawn in.
func (m Model) barWidth() int {
	room := m.barRoom()
	if room < barLeast {
		room += layout[columnShare].Width + 1 // the table has dropped it
	}
	return max(0, room)
}

// View draws the chart.
func (m Model) View() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	t := m.theme
	lines := m.above()
	if why := m.emptiness(); why != "" {
		for _, line := range widget.Paragraph(t, why, m.width) {
			lines = append(lines, t.Faint.Render(line))
		}
	} else if table := m.tables[m.chart].View(m.rows); table != "" {
		lines = append(lines, strings.Split(table, "\n")...)
	}
	return strings.Join(lines[:min(len(lines), m.height)], "\n")
}

// emptiness says why there are no rows, empty where there are some.
func (m Model) emptiness() string {
	switch {
	case m.sheets != nil && len(m.sheets[m.chart].rows) > 0:
		return ""
	case m.unread.Why != "" && (m.snapshot == nil || m.snapshot.Len() == 0):
		return "No entry was read: " + m.unread.Why + "."
	case m.unread.Why != "" && (m.chart == idsByAction || m.chart == idsByTable):
		return "Connection ids are not described: " + m.unread.Why + "."
	case m.snapshot == nil || m.sheets == nil:
		return "Counts appear as soon as the first entries are read."
	case (m.chart == idsByAction || m.chart == idsByTable) && m.snapshot.Counts.ThresholdAction == nil && m.snapshot.Len() > 0:
		return "Connection ids are described when the whole log is read."
	case !m.snapshot.Loaded:
		return "No entry has been read yet."
	case m.snapshot.Len() > 0:
		return "No entry has a time, so there are no hours to count."
	}
	return "The log has no entries, so there is nothing to count."
}

// above is what stands over the table: which chart it is, and of hours a line
// plot and the legend.
func (m Model) above() []string {
	if m.height < 4 {
		return nil
	}
	lines := []string{m.chartLine()}
	if m.height >= 8 {
		lines = append(lines, m.theme.Faint.Render(widget.Clip(m.theme, m.caption(), m.width)))
	}
	if m.sheets == nil || m.chart != hoursByAction && m.chart != hoursByTable || len(m.sheets[m.chart].rows) == 0 {
		return lines
	}
	legend := m.legend()
	if m.height < 12 {
		legend = legend[:1]
	}
	room := m.height - len(lines) - len(legend) - len(m.sheets[m.chart].rows) - 2 // heading of the table, hours of the plot
	if room >= plotLeast {
		lines = append(lines, m.plot(min(plotMost, room))...)
	}
	return append(lines, legend...)
}

// chartLine names the charts, or in a narrow window the one that is shown.
func (m Model) chartLine() string {
	t := m.theme
	names := make([]string, numCharts)
	width := -1
	for c := range numCharts {
		names[c] = c.String()
		style := &t.Tab
		if c == m.chart {
			// The brackets say which one it is where there are no styles.
			names[c], style = "["+names[c]+"]", &t.ActiveTab
		}
		width += ansi.StringWidth(names[c]) + 2
		names[c] = style.Render(names[c])
	}
	if width <= m.width {
		return strings.Join(names, "  ")
	}
	return t.ActiveTab.Render(widget.Clip(t, fmt.Sprintf("[%s] %d of %d", m.chart, m.chart+1, numCharts), m.width))
}

// caption says what is counted.
func (m Model) caption() string {
	zone := "UTC"
	if m.snapshot != nil && m.snapshot.Unzoned {
		zone = "the server's local time"
	}
	if m.snapshot != nil && m.snapshot.Entries.Untimed() > 0 {
		zone += " (" + widget.Number(m.snapshot.Entries.Untimed(), "entry", "entries") + " without time left out)"
	}
	text := map[chart]string{
		byAction:      "entries by action, most first",
		byTable:       "entries by table, most first",
		hoursByAction: "entries by hour of day in " + zone + ", stacked by action",
		hoursByTable:  "entries by hour of day in " + zone + ", stacked by table",
		byPair:        "entries by action and table, most first",
		idsByAction:   "connection ids of the entries of each action",
		idsByTable:    "connection ids of the entries of each table",
	}[m.chart]
	if m.tables[m.chart].Len() > 0 {
		text += ": " + m.tables[m.chart].Status()
	}
	if len(m.filters) > 0 {
		text += "; of the whole log, filters do not count here"
	}
	return text
}

func (m Model) rows(from, to int) [][]widget.Cell {
	t, s := m.theme, &m.sheets[m.chart]
	rows := make([][]widget.Cell, 0, to-from)
	for _, r := range s.rows[from:to] {
		var cells []widget.Cell
		for _, id := range m.chart.columns() {
			cell := widget.Cell{}
			switch id {
			case columnCount:
				cell = widget.Cell{Text: widget.Count(r.count), Style: &t.Strong}
			case columnBar:
				if r.parts != nil {
					cell.Spans = m.stack(s, r)
				} else {
					cell.Text, cell.Style = m.bar(s, r), &t.Filled
				}
			default:
				cell.Text = id.plain(r, s.total)
				if cell.Text == "" {
					cell = widget.Cell{Text: t.Glyph.Dash, Style: &t.Faint}
				}
			}
			cells = append(cells, cell)
		}
		rows = append(rows, cells)
	}
	return rows
}

// bar draws a plain bar. The table styles it.
func (m Model) bar(s *sheet, r row) string {
	return strings.TrimRight(ansi.Strip(widget.Bar(m.theme, float64(r.count), float64(s.top), m.barWidth())), " ")
}

// maxSeries is how many parts of a stack have a sign of their own.
const maxSeries = 8

// fill is how a part of a stack is drawn: with a sign, so that it is not told by
// its colour alone.
type fill struct {
	sign  string
	style *lipgloss.Style
}

// fills gives a fill for each of maxSeries parts and one for all others.
// Neighbours differ as much as they can.
func (m Model) fills() [maxSeries + 1]fill {
	t := m.theme
	shade := t.Glyph.Shade
	return [...]fill{
		{shade[4], &t.Filled}, {shade[1], &t.Warn}, {"=", &t.Good}, {shade[3], &t.Number}, {"x", &t.Keyword},
		{shade[2], &t.Bad}, {"%", &t.Text}, {"o", &t.Link}, {"~", &t.Faint},
	}
}

// fill returns how part k of a sheet's stacks is drawn.
func (s *sheet) fill(fills [maxSeries + 1]fill, k int) fill {
	if k == len(s.series) {
		k = maxSeries
	}
	return fills[k]
}

// stack draws the parts of an hour one behind the other. Ends of parts are
// rounded, not parts, so that the whole is as long as it should be.
func (m Model) stack(s *sheet, r row) []widget.Span {
	width, fills := m.barWidth(), m.fills()
	cells := func(n int) int {
		if s.top == 0 {
			return 0
		}
		return int(float64(n)/float64(s.top)*float64(width) + 0.5)
	}
	var spans []widget.Span
	sum, drawn, largest := 0, 0, 0
	for k, n := range r.parts {
		if n > r.parts[largest] {
			largest = k
		}
		sum += n
		if end := cells(sum); end > drawn {
			f := s.fill(fills, k)
			spans = append(spans, widget.Span{Text: strings.Repeat(f.sign, end-drawn), Style: f.style})
			drawn = end
		}
	}
	if drawn == 0 && r.count > 0 && width > 0 {
		f := s.fill(fills, largest)
		return []widget.Span{{Text: f.sign, Style: f.style}}
	}
	if spans == nil {
		spans = []widget.Span{{}}
	}
	return spans
}

// legend says what the signs of the stacks mean.
func (m Model) legend() []string {
	t, s, fills := m.theme, &m.sheets[m.chart], m.fills()
	names := s.series
	if s.others {
		names = append(names[:len(names):len(names)], "others")
	}
	lines := []string{""}
	width := 0
	for k, name := range names {
		f := s.fill(fills, k)
		text := f.sign + f.sign + " " + widget.Clip(t, name, max(nameLeast, m.width/4))
		w := ansi.StringWidth(text)
		if width > 0 && width+2+w > m.width {
			if len(lines) == legendMost {
				lines[len(lines)-1] = ansi.Truncate(lines[len(lines)-1]+"  "+t.Glyph.Ellipsis, m.width, t.Glyph.Ellipsis)
				break
			}
			lines, width = append(lines, ""), 0
		}
		if width > 0 {
			lines[len(lines)-1] += "  "
			width += 2
		}
		lines[len(lines)-1] += f.style.Render(f.sign+f.sign) + strings.TrimPrefix(text, f.sign+f.sign)
		width += w
	}
	for i := range lines {
		lines[i] = ansi.Truncate(lines[i], m.width, t.Glyph.Ellipsis)
	}
	return lines
}

// plot draws the entries of the 24 hours as a line.
func (m Model) plot(height int) []string {
	t, s := m.theme, &m.sheets[m.chart]
	columns := m.width - widget.PlotLeft
	hours := make([]float64, 24)
	for _, r := range s.rows {
		hours[r.hour] = float64(r.count)
	}
	lines := widget.Plot(t, m.width, height, 0, float64(s.top), hours)
	if lines == nil {
		return nil
	}
	axis := strings.Repeat(" ", columns)
	for hour := 0; hour < 24; hour += 3 {
		at := hour * columns / 24
		if label := fmt.Sprintf("%02d", hour); at+len(label) <= columns {
			axis = axis[:at] + label + axis[at+len(label):]
		}
	}
	return append(lines, strings.Repeat(" ", widget.PlotLeft)+t.Faint.Render(axis))
}
