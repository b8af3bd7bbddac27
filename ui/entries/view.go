package entries

import (
	"fmt"
	"math"
	"strings"

	"sqleuth/ui/list"
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

// room leaves lines for the heading of a transcript and for the status where the
// list is high enough.
func room(d data, height int) list.Room {
	var r list.Room
	if d.transcript && height >= 6 {
		r.Heading = 1
	}
	if height >= 4 {
		r.Status = 1
	}
	return r
}

// layOut gives the list its size.
func (m Model) layOut() Model {
	m.list.SetSize(m.listSize())
	return m
}

// View draws the body.
func (m Model) View() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	if m.list.Len() == 0 {
		return m.list.Empty(m.emptiness())
	}
	d := m.data()
	for from, to := m.list.Visible(); from < to; from++ {
		if d.top = m.list.At(from); d.top >= 0 {
			break
		}
	}
	d.dateless = manyDays(m.snapshot) && !m.list.Shows("date")
	m.list.SetData(d)
	list := m.list.View(m.heading())
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

// emptiness says why there are no rows.
func (m Model) emptiness() string {
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
	return text
}

// heading tells about the connection of a transcript.
func (m Model) heading() string {
	c, ok := m.transcript()
	if !ok {
		return ""
	}
	s := m.snapshot
	k := s.Connections.Peek(c)
	parts := []string{
		"connection " + s.Connections.Name(c) + ": " + m.account(c, int(k.First)),
		m.judged(c),
		widget.Number(k.Entries, "entry", "entries"),
	}
	if took, ok := s.Moment(int(k.Last)).Since(s.Moment(int(k.First))); ok {
		parts[len(parts)-1] += " in " + widget.Elapsed(took)
	}
	if k.Database != 0 {
		parts = append(parts, "database "+s.Connections.Text(k.Database))
	}
	if n, ok := m.labels.Note(s.Connections.Ref(c)); ok {
		parts = append(parts, "note: "+n.Text)
	}
	width, _ := m.listSize()
	return m.theme.Title.Render(widget.Clip(m.theme, strings.Join(parts, " "+m.theme.Glyph.Separator+" "), width))
}

// account tells who a connection was at an entry and how its login went.
func (m Model) account(c, entry int) string {
	s := m.snapshot
	id := s.Connections.Who(c, entry)
	return fmt.Sprintf("%s@%s, login %s", s.Connections.Text(id.User), s.Connections.Text(id.Host), s.Connections.Peek(c).Outcome)
}

// judged tells the class of a connection and who gave it.
func (m Model) judged(c int) string {
	if v, ok := m.labels.Verdict(m.snapshot.Connections.Ref(c)); ok {
		return fmt.Sprintf("%s (%s)", v.Class, v.Source)
	}
	return "no label"
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
