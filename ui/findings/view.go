package findings

import (
	"fmt"
	"strings"

	"sqleuth/analysis/label"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// columnID is a column of the table, and its place in it.
type columnID int

const (
	columnName columnID = iota
	columnClass
	columnBy
	columnAt
	columnFirst
	columnUser
	columnHost
	columnEntries
	columnDetections
	columnScore
	columnReasons
	columnNote
	numColumns
)

// columns leave, in 80 cells, connection, class, detections, reasons and note.
var columns = [numColumns]widget.Column{
	columnName:       {Title: "connection", Width: 10, Right: true, Sortable: true},
	columnClass:      {Title: "class", Width: 14, Sortable: true},
	columnBy:         {Title: "by", Width: 7, Priority: 3, Sortable: true},
	columnAt:         {Title: "labelled (UTC)", Width: 19, Priority: 6, Sortable: true},
	columnFirst:      {Title: "first entry (UTC)", Width: 19, Priority: 5, Sortable: true},
	columnUser:       {Title: "user", Width: 12, Priority: 4, Sortable: true},
	columnHost:       {Title: "host", Width: 15, Priority: 4, Sortable: true},
	columnEntries:    {Title: "entries", Width: 8, Priority: 7, Right: true, Sortable: true, LargestFirst: true},
	columnDetections: {Title: "detections", Width: 10, Priority: 2, Sortable: true, LargestFirst: true},
	columnScore:      {Title: "score", Width: 5, Priority: 6, Right: true, Sortable: true, LargestFirst: true},
	columnReasons:    {Title: "reasons", Width: 26, Flex: true, Sortable: true},
	columnNote:       {Title: "note", Width: 14, Flex: true, Priority: 1, Sortable: true},
}

// SetSize gives the body's size.
func (m Model) SetSize(width, height int) screen.Screen {
	m.width, m.height = width, height
	return m.layout()
}

// layout gives the table its place.
func (m Model) layout() Model {
	m.details.SetSize(m.width, m.height)
	m.table.SetSize(m.width, m.details.TableHeight(m.table.Len(), m.height-m.headingLines()))
	return m
}

func (m Model) headingLines() int {
	switch {
	case m.height < 5:
		return 0
	case m.height < 9:
		return 1
	}
	return 2
}

// View draws the findings, and what is known of the one under the cursor.
func (m Model) View() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	t := m.theme
	if m.listing == nil || len(m.listing.order) == 0 {
		return t.Faint.Render(strings.Join(widget.Prose(t, m.emptiness(), m.width, m.height), "\n"))
	}
	lines := m.heading()[:m.headingLines()]
	lines = append(lines, strings.Split(m.table.View(m.rows), "\n")...)
	return m.details.View(lines, m.paragraphs())
}

// heading says where the cursor is and how many connections each class has.
func (m Model) heading() []string {
	t, l := m.theme, m.listing
	text := "Findings: " + m.table.Status()
	if m.table.SortColumn < 0 {
		text += ", labelled first, then by score"
	}
	if hidden := len(l.findings) - len(l.order); hidden > 0 {
		text += "; the filters hide " + widget.Count(hidden)
	}
	text += "; e exports them"
	var counts []string
	for _, class := range m.labels.Classes() {
		if n := m.labels.Count(class); n > 0 {
			counts = append(counts, class+" "+widget.Count(n))
		}
	}
	if l.unjudged > 0 {
		counts = append(counts, "not labelled "+widget.Count(l.unjudged))
	}
	if n := m.labels.Noted(); n > 0 {
		counts = append(counts, "with a note "+widget.Count(n))
	}
	return []string{
		t.Title.Render(widget.Clip(t, text, m.width)),
		widget.Clip(t, strings.Join(counts, " "+t.Glyph.Separator+" "), m.width),
	}
}

// emptiness says why there are no rows.
func (m Model) emptiness() string {
	switch {
	case m.listing != nil && len(m.listing.findings) > 0:
		return "The filters hide all " + widget.Number(len(m.listing.findings), "finding", "findings") + ": " +
			strings.Join(m.listing.active, "; ") + ". esc takes the last one away, F lists them."
	case m.unread.Why != "":
		return "Findings are not gathered: " + m.unread.Why + "."
	case m.snapshot == nil || !m.snapshot.Loaded:
		return "Findings are gathered when the log is read."
	case m.listing == nil && m.snapshot.Len() > 0:
		return "Findings are being gathered."
	}
	return "No connection is labelled, noted or detected. A digit labels the connection under the cursor on Overview, Connections and Entries, " +
		"m writes a note on it, and it appears here; e exports what stands here."
}

func (m Model) rows(from, to int) [][]widget.Cell {
	t, l := m.theme, m.listing
	rows := make([][]widget.Cell, 0, to-from)
	for k := from; k < to; k++ {
		f := l.finding(k)
		ref := l.snapshot.Connections.Ref(int(f.Connection))
		cells := make([]widget.Cell, numColumns)
		cells[columnName] = widget.Cell{Text: f.Name, Style: &t.Strong}
		cells[columnClass] = widget.Cell{Text: t.Glyph.Dash, Style: &t.Faint}
		if v, ok := m.labels.Verdict(ref); ok {
			style := &t.Bad
			if v.Class == label.Normal {
				style = &t.Good
			}
			cells[columnClass] = widget.Cell{Text: v.Class, Style: style}
			cells[columnBy] = widget.Cell{Text: v.Source.String()}
			if !v.At.IsZero() {
				cells[columnAt] = widget.Cell{Text: widget.Time(v.At.UnixMicro())}
			}
		}
		cells[columnFirst] = widget.Cell{Text: f.First.Brief()}
		cells[columnUser] = widget.Cell{Text: f.User}
		cells[columnHost] = widget.Cell{Text: f.Host}
		cells[columnEntries] = widget.Cell{Text: widget.Count(f.Entries)}
		cells[columnDetections] = widget.Cell{Text: strings.Join(f.Detections, " ")}
		cells[columnScore] = widget.Cell{Text: fmt.Sprintf("%.2f", f.Score)}
		cells[columnReasons] = widget.Cell{Text: strings.Join(f.Reasons, "; ")}
		if note, ok := m.labels.Note(ref); ok {
			cells[columnNote] = widget.Cell{Text: note.Text}
		}
		rows = append(rows, cells)
	}
	return rows
}
