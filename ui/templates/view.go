package templates

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/drain"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// columnID is a column of the table, and its place in it.
type columnID int

const (
	columnCount columnID = iota
	columnShare
	columnSpark
	columnConnections
	columnClass
	columnFirst
	columnLast
	columnEvent
	columnText
	numColumns
)

// columns leave, in 80 cells, count, spark line, connections, class, event id and
// half of the text.
var columns = [numColumns]widget.Column{
	columnCount:       {Title: "entries", Width: 10, Right: true, Sortable: true, LargestFirst: true},
	columnShare:       {Title: "share", Width: 8, Priority: 3, Right: true, Sortable: true, LargestFirst: true},
	columnSpark:       {Title: "over time", Width: sparkCells, Priority: 4},
	columnConnections: {Title: "conns", Width: 7, Priority: 2, Right: true, Sortable: true, LargestFirst: true},
	columnClass:       {Title: "class", Width: 9, Priority: 1, Sortable: true},
	columnFirst:       {Title: "first seen (UTC)", Width: 19, Priority: 5, Sortable: true},
	columnLast:        {Title: "last seen (UTC)", Width: 19, Priority: 6, Sortable: true},
	columnEvent:       {Title: "event id", Width: 8, Priority: 2, Sortable: true},
	columnText:        {Title: "template", Width: 20, Flex: true, Sortable: true},
}

// SetSize gives the body's size.
func (m Model) SetSize(width, height int) screen.Screen {
	m.width, m.height = width, height
	m.table.SetSize(width, height-m.headingLines())
	return m
}

// headingLines is the lines above the table: none where every line counts.
func (m Model) headingLines() int {
	if m.height < 5 {
		return 0
	}
	return 1
}

// View draws the table, or the detail pane.
func (m Model) View() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	if m.detail.open {
		lines := m.detail.scroll.Window(m.detailLines(), m.height)
		for i := range lines {
			lines[i] = ansi.Truncate(lines[i], m.width, "")
		}
		return strings.Join(lines, "\n")
	}
	t := m.theme
	if m.listing == nil || len(m.listing.order) == 0 {
		return t.Faint.Render(strings.Join(widget.Prose(t, m.emptiness(), m.width, m.height), "\n"))
	}
	table := m.table.View(m.rows)
	if m.headingLines() == 0 {
		return table
	}
	return t.Title.Render(widget.Clip(t, m.heading(), m.width)) + "\n" + table
}

func (m Model) heading() string {
	l := m.listing
	text := "Templates: " + m.table.Status()
	if len(l.active) > 0 {
		text += ", of the " + widget.Count(l.total) + " entries that the filters leave; the log has " + widget.Number(len(l.snapshot.Templates), "template", "templates")
	}
	return text
}

// emptiness says why there are no rows.
func (m Model) emptiness() string {
	switch {
	case m.unread.Why != "" && (m.snapshot == nil || m.snapshot.Len() == 0):
		return "No entry was read: " + m.unread.Why + "."
	case m.snapshot == nil || m.listing == nil:
		return "Templates appear as soon as the first entries are read."
	case len(m.listing.active) > 0:
		return "No entry is left by the filters: " + strings.Join(m.listing.active, "; ") + ". esc takes the last one away, F lists them."
	case !m.listing.snapshot.Loaded:
		return "No entry has been read yet."
	}
	return "The log has no entries, so there are no templates."
}

func (m Model) rows(from, to int) [][]widget.Cell {
	t, l, use := m.theme, m.listing, m.shownUsage()
	rows := make([][]widget.Cell, 0, to-from)
	for _, k := range l.order[from:to] {
		template := &l.snapshot.Templates[k]
		cells := make([]widget.Cell, numColumns)
		cells[columnCount] = widget.Cell{Text: widget.Count(l.count[k]), Style: &t.Strong}
		cells[columnShare] = widget.Cell{Text: widget.Share(int64(l.count[k]), int64(l.total))}
		cells[columnSpark] = widget.Cell{Text: widget.Spark(t, use.sparkOf(int(k)), sparkCells)}
		cells[columnConnections] = m.connectionsCell(int(k))
		cells[columnClass] = m.classCell(int(k))
		cells[columnFirst] = widget.Cell{Text: widget.Time(l.snapshot.Entries.Time(l.first[k]))}
		cells[columnLast] = widget.Cell{Text: widget.Time(l.snapshot.Entries.Time(l.last[k]))}
		cells[columnEvent] = widget.Cell{Text: template.EventID, Style: &t.Faint}
		cells[columnText] = widget.Cell{Spans: m.spans(template.Text)}
		rows = append(rows, cells)
	}
	return rows
}

// shownUsage is that of the entries which the rows count.
func (m Model) shownUsage() usage {
	if m.listing.usage != nil {
		return *m.listing.usage
	}
	return m.usage
}

func (m Model) connectionsCell(template int) widget.Cell {
	n := m.shownUsage().connectionsOf(template)
	if n < 0 {
		return widget.Cell{Text: m.theme.Glyph.Dash, Style: &m.theme.Faint}
	}
	return widget.Cell{Text: widget.Count(n)}
}

func (m Model) classCell(template int) widget.Cell {
	t, c := m.theme, m.shownUsage().classOf(template, m.listing.count[template])
	switch c {
	case unknown:
		return widget.Cell{Text: t.Glyph.Dash, Style: &t.Faint}
	case onlyAnomalous:
		return widget.Cell{Text: c.String(), Style: &t.Bad}
	case mixed:
		return widget.Cell{Text: c.String(), Style: &t.Warn}
	}
	return widget.Cell{Text: c.String()}
}

// maxSpanned bounds what is looked at of a template: no window shows more.
const maxSpanned = 1 << 12

// spans gives wildcards their style.
func (m Model) spans(text string) []widget.Span {
	if len(text) > maxSpanned {
		text = text[:maxSpanned]
	}
	var spans []widget.Span
	for {
		before, after, found := strings.Cut(text, drain.Wildcard)
		if before != "" {
			spans = append(spans, widget.Span{Text: before})
		}
		if !found {
			return spans
		}
		spans = append(spans, widget.Span{Text: drain.Wildcard, Style: &m.theme.Wildcard})
		text = after
	}
}
