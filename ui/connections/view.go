package connections

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/visible"
	"sqleuth/ui/widget"
)

// factLines is how many lines below the table tell all about the connection
// under the cursor, whose cells may be cut or not be shown at all.
func (m Model) factLines() int {
	switch {
	case m.height >= 14:
		return 3
	case m.height >= 8:
		return 1
	}
	return 0
}

// statusLines is the line with position and order.
func (m Model) statusLines() int {
	if m.height >= 4 {
		return 1
	}
	return 0
}

func (m Model) tableHeight() int { return max(0, m.height-m.statusLines()-m.factLines()) }

// View draws the body.
func (m Model) View() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	if m.shown.len() == 0 {
		return m.empty()
	}
	blocks := []string{m.table.View(m.cells)}
	if m.statusLines() > 0 {
		blocks = append(blocks, m.theme.Faint.Render(widget.Clip(m.theme, m.status(), m.width)))
	}
	if n := m.factLines(); n > 0 {
		blocks = append(blocks, m.fill(m.facts(), n))
	}
	return strings.Join(blocks, "\n")
}

// empty says why there are no rows.
func (m Model) empty() string {
	var text string
	s := m.snapshot
	switch {
	case m.unread.Why != "" && (s == nil || s.Len() == 0):
		text = "No connection was read: " + m.unread.Why + "."
	case s == nil, s.Len() == 0 && !s.Loaded:
		text = "No connection yet: the log is being read."
	case s.Len() == 0:
		text = "The log holds no entries, so there are no connections."
	case len(m.filtered.Active) > 0:
		text = "No connection is left by the filters:\n\n  " + strings.Join(m.filtered.Active, "\n  ") +
			"\n\nesc takes the last one away,\nF switches them on and off."
	default:
		text = "Connections are being listed."
	}
	lines, _ := widget.Wrap(m.theme, text, m.width, m.height)
	return strings.Join(lines, "\n")
}

// status says where the cursor is, how the rows are sorted and what + and -
// would do.
func (m Model) status() string {
	g := m.theme.Glyph
	parts := []string{m.table.Status()}
	switch c := m.table.SortColumn; {
	case m.sorting.Running():
		parts = append(parts, "sorting by "+layout[c].Title+g.Ellipsis)
	case c >= 0 && m.table.Descending:
		parts = append(parts, "by "+layout[c].Title+", largest first")
	case c >= 0:
		parts = append(parts, "by "+layout[c].Title)
	}
	if c, ok := m.current(); ok {
		parts = append(parts, "+ keep, - hide "+m.term(m.column, c))
	}
	return strings.Join(parts, " "+g.Separator+" ")
}

// facts tells everything about the connection under the cursor.
func (m Model) facts() []string {
	c, ok := m.current()
	if !ok {
		return nil
	}
	s := m.snapshot
	k := s.Connections.Peek(c)
	parts := []string{fmt.Sprintf("%s: %s, login %s", s.Connections.Name(c), account(s, c), k.Outcome)}
	if loginFailed(k.Outcome) {
		parts = append(parts, s.Connections.Text(k.Reason))
	}
	if k.Changed {
		parts = append(parts, "changed its user later")
	}
	if v, ok := m.labels.Verdict(s.Connections.Ref(c)); ok {
		parts = append(parts, fmt.Sprintf("%s (%s)", v.Class, v.Source))
	}
	if n, ok := m.labels.Note(s.Connections.Ref(c)); ok {
		parts = append(parts, "note: "+n.Text)
	}
	if sum, ok := m.summaries.of(c); ok {
		if len(sum.rules) > 0 {
			parts = append(parts, "detections "+strings.Join(sum.rules, " "))
		}
		if !math.IsNaN(sum.isolation) {
			parts = append(parts, fmt.Sprintf("iforest %.3f%s", sum.isolation, when(sum.outlier, " (outlier)")))
		}
		if !math.IsNaN(sum.random) {
			parts = append(parts, fmt.Sprintf("rforest %.3f%s", sum.random, when(sum.anomaly, " (anomaly)")))
		}
		if sum.actions.total > 0 {
			parts = append(parts, "actions "+strings.Join(sum.actions.names, " "))
		}
		if sum.tables.total > 0 {
			parts = append(parts, "tables "+strings.Join(sum.tables.names, " "))
		}
		if sum.rarest >= 0 {
			t := s.Templates[sum.rarest]
			parts = append(parts, fmt.Sprintf("rarest template %s (%s in the log): %s", t.EventID, entries(t.Count), head(t.Text)))
		}
	}
	if k.Database != 0 {
		parts = append(parts, "database "+s.Connections.Text(k.Database))
	}
	return parts
}

// fill puts parts into at most n lines, several on a line where they fit; a part
// that is longer than a line is broken.
func (m Model) fill(parts []string, n int) string {
	separator := " " + m.theme.Glyph.Separator + " "
	var lines []string
	line := ""
	for _, p := range parts {
		p = widget.Clip(m.theme, p, m.width*n)
		switch {
		case line == "":
			line = p
		case ansi.StringWidth(line+separator+p) <= m.width:
			line += separator + p
		default:
			lines, line = append(lines, line), p
		}
		if ansi.StringWidth(line) > m.width {
			broken, _ := widget.Wrap(m.theme, line, m.width, n)
			lines, line = append(lines, broken[:len(broken)-1]...), broken[len(broken)-1]
		}
	}
	lines = append(lines, line)
	if len(lines) > n {
		lines = lines[:n]
		lines[n-1] = widget.Clip(m.theme, lines[n-1]+m.theme.Glyph.Ellipsis, m.width)
	}
	return strings.Join(lines, "\n")
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return widget.Count(n) + " entries"
}

func when(holds bool, text string) string {
	if holds {
		return text
	}
	return ""
}

// head is the part of a text that a line or two can show.
func head(text string) string {
	const most = 512
	return text[:min(len(text), most)]
}

// String gives how many there are, then their names.
func (t tally) String() string {
	return fmt.Sprintf("%d %s", t.total, strings.Join(t.names, " "))
}

// cells draws rows of the table.
func (m Model) cells(from, to int) [][]widget.Cell {
	out := make([][]widget.Cell, 0, to-from)
	for k := from; k < to; k++ {
		c := m.shown.at(k)
		if m.snapshot == nil || c >= m.snapshot.Connections.Len() {
			out = append(out, nil)
			continue
		}
		out = append(out, m.row(c))
	}
	return out
}

func (m Model) row(c int) []widget.Cell {
	t, s := m.theme, m.snapshot
	k := s.Connections.Peek(c)
	row := make([]widget.Cell, columnCount)
	row[columnName] = widget.Cell{Text: s.Connections.Name(c), Style: &t.Strong}
	row[columnStart] = widget.Cell{Text: s.Moment(int(k.First)).Brief()}
	row[columnDuration] = widget.Cell{Text: m.elapsed(duration(s, c))}
	row[columnUser] = m.name(s, k.User)
	row[columnHost] = m.name(s, k.Host)
	row[columnDatabase] = m.name(s, k.Database)
	row[columnLogin] = m.login(k.Outcome)
	row[columnEntries] = widget.Cell{Text: widget.Count(k.Entries)}
	row[columnLabel] = m.label(c)
	sum, ok := m.summaries.of(c)
	if !ok {
		return row
	}
	row[columnActions] = m.tally(sum.actions)
	row[columnTables] = m.tally(sum.tables)
	if sum.rarest >= 0 {
		r := s.Templates[sum.rarest]
		row[columnRarest] = widget.Cell{Spans: []widget.Span{
			{Text: widget.Count(r.Count) + ": ", Style: &t.Faint}, {Text: head(r.Text)},
		}}
	}
	row[columnIsolation] = m.score(sum.isolation, sum.outlier)
	row[columnRandom] = m.score(sum.random, sum.anomaly)
	if len(sum.rules) > 0 {
		row[columnDetections] = widget.Cell{Text: strings.Join(sum.rules, " "), Style: &t.Warn}
	} else {
		row[columnDetections] = m.none()
	}
	return row
}

func (m Model) none() widget.Cell {
	return widget.Cell{Text: m.theme.Glyph.Dash, Style: &m.theme.Faint}
}

// name draws a user, host or database; "-" is none.
func (m Model) name(s *pipeline.Snapshot, number uint32) widget.Cell {
	if text := s.Connections.Text(number); text != "-" {
		return widget.Cell{Text: text}
	}
	return m.none()
}

func (m Model) tally(t tally) widget.Cell {
	if t.total == 0 {
		return m.none()
	}
	return widget.Cell{Text: t.String()}
}

// login draws an outcome in words that fit into a narrow column.
func (m Model) login(o connection.Outcome) widget.Cell {
	switch o {
	case connection.Denied, connection.Failed:
		return widget.Cell{Text: o.String(), Style: &m.theme.Warn}
	case connection.Pending:
		return widget.Cell{Text: "no word", Style: &m.theme.Faint}
	case connection.Unseen:
		return widget.Cell{Text: o.String(), Style: &m.theme.Faint}
	}
	return widget.Cell{Text: o.String()}
}

// score draws a score with a sign where the model says that it is abnormal.
func (m Model) score(v float64, flagged bool) widget.Cell {
	switch {
	case math.IsNaN(v):
		return m.none()
	case flagged:
		return widget.Cell{Text: fmt.Sprintf("%.3f!", v), Style: &m.theme.Warn}
	}
	return widget.Cell{Text: fmt.Sprintf("%.3f ", v)}
}

// label draws the class; a star says that there is a note.
func (m Model) label(c int) widget.Cell {
	ref := m.snapshot.Connections.Ref(c)
	star := ""
	if _, ok := m.labels.Note(ref); ok {
		star = "*"
	}
	v, ok := m.labels.Verdict(ref)
	switch {
	case !ok && star == "":
		return m.none()
	case !ok:
		return widget.Cell{Text: star + m.theme.Glyph.Dash}
	case v.Class == label.Normal:
		return widget.Cell{Text: star + v.Class, Style: &m.theme.Good}
	}
	style := &m.theme.Bad
	if !m.snapshot.Reading.Anomaly(v.Class) {
		style = &m.theme.Text // a class that the notebook does not know
	}
	return widget.Cell{Text: star + v.Class, Style: style}
}

// elapsed writes microseconds as a duration, a dash for none. The Greek letter
// is the only character of our own figures that an ASCII terminal does not have.
func (m Model) elapsed(micros int64) string {
	if micros == 0 {
		return m.theme.Glyph.Dash
	}
	text := widget.Elapsed(time.Duration(micros) * time.Microsecond)
	if m.theme.Notation == visible.ASCII {
		text = strings.ReplaceAll(text, "µ", "u")
	}
	return text
}
