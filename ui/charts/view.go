package charts

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

const (
	plotLeast  = 5 // lines
	plotMost   = 9
	legendMost = 2 // lines
)

// SetSize sets the size of the body.
func (m Model) SetSize(width, height int) screen.Screen {
	m.width, m.height = width, height
	m.time.SetSize(width, height)
	return m.layout()
}

// layout gives the list of the chart what is left below the lines above it.
func (m Model) layout() Model {
	m.list().SetSize(m.width, max(0, m.height-len(m.above())))
	return m
}

// sheet is that of the chart, nil until the first one.
func (m *Model) sheet() *sheet { return m.list().Data().sheet }

// View draws the chart.
func (m Model) View() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	if m.time.Is() {
		return m.time.View()
	}
	t := m.theme
	lines := m.above()
	if why := m.emptiness(); why != "" {
		for _, line := range widget.Paragraph(t, why, m.width) {
			lines = append(lines, t.Faint.Render(line))
		}
	} else if rows := m.list().View(); rows != "" {
		lines = append(lines, strings.Split(rows, "\n")...)
	}
	return strings.Join(lines[:min(len(lines), m.height)], "\n")
}

// emptiness explains why there are no rows, empty where there are some.
func (m Model) emptiness() string {
	switch {
	case m.list().Len() > 0:
		return ""
	case m.unread.Why != "" && (m.snapshot == nil || m.snapshot.Len() == 0):
		return "No entry was read: " + m.unread.Why + "."
	case m.unread.Why != "" && m.chart.ids():
		return "Connection ids are not described: " + m.unread.Why + "."
	case m.snapshot == nil || m.sheet() == nil:
		return "Counts appear as soon as the first entries are read."
	case m.filters() && m.snapshot.Len() > 0:
		return "No entry is left by the filters; W counts the whole log."
	case m.chart.ids() && m.snapshot.Counts.ThresholdAction == nil && m.snapshot.Len() > 0:
		return "Connection ids are described when the whole log is read."
	case !m.snapshot.Loaded:
		return "No entry has been read yet."
	case m.snapshot.Len() > 0:
		return "No entry has a time, so there are no hours to count."
	}
	return "The log has no entries, so there is nothing to count."
}

// above is what is over the table: which chart it is, and of hours a line
// plot and the legend.
func (m Model) above() []string {
	if m.height < 4 {
		return nil
	}
	lines := []string{m.chartLine()}
	if m.height >= 8 {
		lines = append(lines, m.theme.Faint.Render(widget.Clip(m.theme, m.caption(), m.width)))
	}
	if m.list().Len() == 0 || !m.chart.hourly() {
		return lines
	}
	legend := m.legend()
	if m.height < 12 {
		legend = legend[:1]
	}
	room := m.height - len(lines) - len(legend) - len(m.sheet().rows) - 2 // heading of the table, hours of the plot
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
			// The brackets show which one it is where there are no styles.
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

// caption returns what is counted.
func (m Model) caption() string {
	zone := "UTC"
	if m.snapshot != nil && m.snapshot.Unzoned {
		zone = "the server's local time"
	}
	if m.snapshot != nil && m.snapshot.Entries.Untimed() > 0 {
		zone += " (" + widget.Number(m.snapshot.Entries.Untimed(), "entry", "entries") + " without time left out)"
	}
	text := map[chart]string{
		byAction:      "entries by action",
		byTable:       "entries by table",
		hoursByAction: "entries by hour of day in " + zone + ", stacked by action",
		hoursByTable:  "entries by hour of day in " + zone + ", stacked by table",
		byPair:        "entries by action and table",
		idsByAction:   "connection ids of the entries of each action",
		idsByTable:    "connection ids of the entries of each table",
	}[m.chart]
	if !m.list().Sorted() && !m.chart.ids() && !m.chart.hourly() {
		text += ", most first"
	}
	switch {
	case m.filters():
		text += "; of what the filters leave, W counts the whole log"
	case len(m.filtered.Active) > 0:
		text += "; of the whole log, W counts what the filters leave"
	}
	if m.list().Len() > 0 {
		text += ": " + m.list().Summary()
	}
	return text
}

// bar draws the count of a row.
func bar(d data, row, width int) widget.Cell {
	text := ansi.Strip(widget.Bar(d.theme, float64(d.rows[row].count), float64(d.top), width)) // the list styles it
	return widget.Cell{Text: strings.TrimRight(text, " "), Style: &d.theme.Filled}
}

// maxSeries is how many parts of a stack have a sign of their own.
const maxSeries = 8

// fill is how a part of a stack is drawn: with a sign, so that it is not known by
// its colour alone.
type fill struct {
	sign  string
	style *lipgloss.Style
}

// fills returns a fill for each of maxSeries parts and one for all others.
// Neighbours differ as much as they can.
func fills(t *theme.Theme) [maxSeries + 1]fill {
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
func stack(d data, row, width int) widget.Cell {
	s, r, fills := d.sheet, d.rows[row], fills(d.theme)
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
		return widget.Cell{Spans: []widget.Span{{Text: f.sign, Style: f.style}}}
	}
	return widget.Cell{Spans: spans}
}

// legend explains the signs of the stacks.
func (m Model) legend() []string {
	t, s, fills := m.theme, m.sheet(), fills(m.theme)
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
	t, s := m.theme, m.sheet()
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
