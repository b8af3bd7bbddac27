package entries

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"

	"sqleuth/analysis/label"
	"sqleuth/analysis/store"
	"sqleuth/analysis/visible"
	"sqleuth/ui/widget"
)

// Where the pane stands, in cells.
const (
	besideWidth = 120 // from this width on the pane stands beside the list
	splitHeight = 12  // below this height the pane takes the list's place
	paneShare   = 45  // percent of the width that the pane gets beside the list
	fence       = 3   // cells between list and pane
)

// beside says that the pane stands at the right of the list.
func (m Model) beside() bool { return m.width >= besideWidth }

// paneWidth is the cells of a line of the pane.
func (m Model) paneWidth() int {
	if m.beside() {
		return m.width * paneShare / 100
	}
	return m.width
}

// paneHeight is the lines of the pane.
func (m Model) paneHeight() int {
	switch {
	case m.beside():
		return m.height
	case m.height < splitHeight:
		return max(0, m.height)
	}
	return m.height/2 - 1 // one for the rule above it
}

func (m Model) paneLayout() layout { return layout{max(1, m.paneWidth()), m.detail.asSent} }

// listSize is what is left for the list, its heading and its status.
func (m Model) listSize() (width, height int) {
	switch {
	case !m.detail.open:
		return m.width, m.height
	case m.beside():
		return m.width - m.paneWidth() - fence, m.height
	case m.height < splitHeight:
		return m.width, 0
	}
	return m.width, m.height - m.height/2
}

// headingLines is the line about the connection of a transcript.
func (m Model) headingLines(height int) int {
	if _, ok := m.transcript(); ok && height >= 6 {
		return 1
	}
	return 0
}

func statusLines(height int) int {
	if height >= 4 {
		return 1
	}
	return 0
}

// layOut gives the list the size and the columns that fit what is shown.
func (m Model) layOut() Model {
	width, height := m.listSize()
	m.table.Columns = m.columns(width)
	m.table.SetSize(width, max(0, height-m.headingLines(height)-statusLines(height)))
	return m
}

// View draws the body.
func (m Model) View() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	if m.table.Len() == 0 {
		return m.empty()
	}
	list := m.list()
	if !m.detail.open {
		return list
	}
	pane := widget.Lay(m.pane(), m.paneWidth(), m.paneHeight())
	switch {
	case m.beside():
		width, height := m.listSize()
		bar := m.theme.Faint.Render(" " + m.theme.Glyph.Plot.VerticalLine + " ")
		left, right := strings.Split(widget.Lay(list, width, height), "\n"), strings.Split(pane, "\n")
		for k := range left {
			left[k] += bar + right[k]
		}
		return strings.Join(left, "\n")
	case m.height < splitHeight:
		return pane
	}
	rule := m.theme.Faint.Render(strings.Repeat(m.theme.Glyph.Rule, m.width))
	width, height := m.listSize()
	return widget.Lay(list, width, height) + "\n" + rule + "\n" + pane
}

func (m Model) list() string {
	width, height := m.listSize()
	var blocks []string
	if m.headingLines(height) > 0 {
		blocks = append(blocks, m.theme.Title.Render(widget.Clip(m.theme, m.heading(), width)))
	}
	blocks = append(blocks, m.table.View(m.cells))
	if statusLines(height) > 0 {
		blocks = append(blocks, m.theme.Faint.Render(widget.Clip(m.theme, m.status(), width)))
	}
	return strings.Join(blocks, "\n")
}

// empty says why there are no rows.
func (m Model) empty() string {
	var text string
	s := m.snapshot
	switch {
	case m.unread.Why != "" && (s == nil || s.Len() == 0):
		text = "No entry was read: " + m.unread.Why + "."
	case s == nil, s.Len() == 0 && !s.Loaded:
		text = "No entry yet: the log is being read."
	case s.Len() == 0:
		text = "The log holds no entries."
		if s.Coverage.RejectBytes > 0 {
			text += "\nr leads through what is no entry."
		}
	case len(m.filtered.Active) > 0:
		text = "No entry is left by the filters:\n\n  " + strings.Join(m.filtered.Active, "\n  ") +
			"\n\nesc takes the last one away,\nF switches them on and off."
	default:
		text = "Entries are being listed."
	}
	lines, _ := widget.Wrap(m.theme, text, m.width, m.height)
	return strings.Join(lines, "\n")
}

// heading tells about the connection of a transcript.
func (m Model) heading() string {
	c, _ := m.transcript()
	s := m.snapshot
	k := s.Connections.Peek(c)
	parts := []string{
		"connection " + s.Connections.Name(c) + ": " + m.account(c),
		m.judged(c),
		entries(int(k.Entries)),
	}
	if took, ok := s.Moment(int(k.Last)).Since(s.Moment(int(k.First))); ok {
		parts[len(parts)-1] += " in " + m.elapsed(took)
	}
	if k.Database != 0 {
		parts = append(parts, "database "+s.Connections.Text(k.Database))
	}
	if n, ok := m.labels.Note(s.Connections.Ref(c)); ok {
		parts = append(parts, "note: "+n.Text)
	}
	return strings.Join(parts, " "+m.theme.Glyph.Separator+" ")
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return widget.Count(n) + " entries"
}

// account tells who a connection was and how its login went.
func (m Model) account(c int) string {
	s := m.snapshot
	k := s.Connections.Peek(c)
	return fmt.Sprintf("%s@%s, login %s", s.Connections.Text(k.User), s.Connections.Text(k.Host), k.Outcome)
}

// judged tells the class of a connection and who gave it.
func (m Model) judged(c int) string {
	if v, ok := m.labels.Verdict(m.snapshot.Connections.Ref(c)); ok {
		return fmt.Sprintf("%s (%s)", v.Class, v.Source)
	}
	return "no label"
}

// status says where the cursor is and what + and - would do.
func (m Model) status() string {
	parts := []string{m.table.Status()}
	if m.search.Running() {
		parts = append(parts, "searching"+m.theme.Glyph.Ellipsis+" "+widget.Count(m.search.done)+" entries, esc stops")
	}
	if i, ok := m.current(); ok {
		parts = append(parts, "+ keep, - hide "+m.term(m.column, i))
	}
	return strings.Join(parts, " "+m.theme.Glyph.Separator+" ")
}

// cells draws rows of the list.
func (m Model) cells(from, to int) [][]widget.Cell {
	shown := m.shownColumns()
	dateless := m.manyDays() && !m.table.Shows(slices.Index(shown, columnDate))
	out := make([][]widget.Cell, 0, to-from)
	for k := from; k < to; k++ {
		i := m.rows.At(k)
		if m.snapshot == nil || i >= m.snapshot.Len() {
			out = append(out, nil)
			continue
		}
		row := make([]widget.Cell, len(shown))
		for n, c := range shown {
			row[n] = m.cell(c, k, i)
			if c == columnTime && dateless {
				row[n] = m.datedTime(k, i, k == from)
			}
		}
		out = append(out, row)
	}
	return out
}

// cell draws a column of entry i, which stands at position k.
func (m Model) cell(c columnID, k, i int) widget.Cell {
	t, s := m.theme, m.snapshot
	switch c {
	case columnNumber:
		return widget.Cell{Text: widget.Count(i + 1), Style: &t.Faint}
	case columnDate:
		// Beside "before 16:59:40" the day belongs to that time.
		at := s.Moment(i)
		if !at.Dated() {
			return m.none()
		}
		return widget.Cell{Text: store.At(at.Micros).Format(time.DateOnly)}
	case columnTime:
		return widget.Cell{Text: clockTime(s.Moment(i), clock)}
	case columnElapsed:
		return m.since(k, i)
	case columnConnection:
		conn := int(s.Entries.Connection(i))
		sign, style := m.sign(conn)
		return widget.Cell{Spans: []widget.Span{{Text: s.Connections.Name(conn)}, {Text: sign, Style: style}}}
	case columnLabel:
		conn := int(s.Entries.Connection(i))
		v, ok := m.labels.Verdict(s.Connections.Ref(conn))
		if !ok {
			return m.none()
		}
		_, style := m.sign(conn)
		return widget.Cell{Text: v.Class, Style: style}
	case columnCommand:
		return widget.Cell{Text: s.Command(i)}
	case columnAction:
		return m.name(s.Action(i))
	case columnTable:
		return m.name(s.Table(i))
	case columnOutcome:
		return m.outcome(i)
	}
	return m.statement(i)
}

// datedTime draws the time of entry i at position k where no column says its day.
func (m Model) datedTime(k, i int, top bool) widget.Cell {
	at, form := m.snapshot.Moment(i), clock
	switch width, _ := m.listSize(); {
	case width >= datedWidth:
		form = datedTime
	case top:
		form = dayChange
	default:
		if j := m.rows.At(k - 1); j < m.snapshot.Len() && day(m.snapshot.Moment(j).Micros) != day(at.Micros) {
			form = dayChange
		}
	}
	return widget.Cell{Text: clockTime(at, form)}
}

// clockTime writes the time of day of an entry by a layout; to the second where
// the time is only one that it was before, so that it fits the same column.
func clockTime(at store.Moment, layout string) string {
	if at.Before {
		layout = time.TimeOnly
	}
	return at.Format(layout)
}

// outcome draws what the server answered to entry i.
func (m Model) outcome(i int) widget.Cell {
	text := outcome(m.snapshot.Outcomes.At(i))
	switch {
	case text == "":
		return m.none()
	case m.snapshot.Outcomes.Failed(i):
		return widget.Cell{Text: text, Style: &m.theme.Warn}
	}
	return widget.Cell{Text: text}
}

// outcome says what the server answered, nothing where the log does not hold it.
func outcome(code int32) string {
	switch {
	case code < 0:
		return ""
	case code == 0:
		return "no error"
	}
	return fmt.Sprintf("error %d", code)
}

func (m Model) none() widget.Cell {
	return widget.Cell{Text: m.theme.Glyph.Dash, Style: &m.theme.Faint}
}

func (m Model) name(text string) widget.Cell {
	if text == "-" || text == "" {
		return m.none()
	}
	return widget.Cell{Text: text}
}

// sign is what stands behind the name of a labelled connection.
func (m Model) sign(conn int) (string, *lipgloss.Style) {
	t := m.theme
	v, ok := m.labels.Verdict(m.snapshot.Connections.Ref(conn))
	switch {
	case !ok:
		return "", nil
	case v.Class == label.Normal:
		return t.Glyph.Done, &t.Good
	case !m.snapshot.Reading.Anomaly(v.Class):
		return "?", &t.Text // a class that this reading does not count
	}
	return "!", &t.Bad
}

// since draws the time since the first marked entry, or since the row above.
func (m Model) since(k, i int) widget.Cell {
	from := k - 1
	if marks := m.table.Marks(); marks.Len() > 0 {
		marks.Each(func(first, _ int) bool { from = first; return false })
	}
	if from < 0 || from == k {
		return m.none()
	}
	j := m.rows.At(from)
	if j >= m.snapshot.Len() {
		return m.none()
	}
	gap, ok := m.snapshot.Moment(i).Since(m.snapshot.Moment(j))
	if !ok {
		return m.none()
	}
	return widget.Cell{Text: m.elapsed(gap)}
}

// elapsed writes microseconds as a duration. The Greek letter is the only
// character of our own figures that an ASCII terminal does not have.
func (m Model) elapsed(micros int64) string {
	text := widget.Elapsed(time.Duration(micros) * time.Microsecond)
	if m.theme.Notation == visible.ASCII {
		text = strings.ReplaceAll(text, "µ", "u")
	}
	return text
}

// statement draws the text of an entry; where it is not read yet, nothing.
func (m Model) statement(i int) widget.Cell {
	t := m.theme
	h, ok := m.heads.peek(i)
	switch {
	case !ok:
		return widget.Cell{}
	case h.err != nil:
		return widget.Cell{Text: "cannot be read: " + h.err.Error(), Style: &t.Bad}
	case (h.text == "-" || h.text == "") && !m.maybeForged(i): // Quit has no text
		return m.none()
	}
	var found [][]int
	if m.matches.pattern == m.search.pattern {
		found = m.matches.known[i]
	}
	list := spans(t, h.text, h.pieces, found)
	if m.maybeForged(i) {
		list = append([]widget.Span{{Text: "forged? ", Style: &t.Warn}}, list...)
	}
	if h.cut {
		list = append(list, widget.Span{Text: t.Glyph.Ellipsis, Style: &t.Faint})
	}
	return widget.Cell{Spans: list}
}

// maybeForged says that entry i may be text of another statement; its pane says
// more.
func (m Model) maybeForged(i int) bool {
	e, ok := m.snapshot.Integrity.EmbeddedAt(i)
	return ok && i > e.Opener
}

// score writes a model's score with its verdict in words.
func score(v float64, flagged bool, verdict string) string {
	switch {
	case math.IsNaN(v):
		return "not trained"
	case flagged:
		return fmt.Sprintf("%.3f (%s)", v, verdict)
	}
	return fmt.Sprintf("%.3f", v)
}
