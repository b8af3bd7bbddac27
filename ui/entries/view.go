package entries

import (
	"strings"

	"sqleuth/ui/list"
)

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
	d.dateless = manyDays(m.theme, m.snapshot) && !m.list.Shows("date")
	m.list.SetData(d)
	return m.pane.View(m.list.View(m.heading()), m.list.Found())
}

// emptiness explains why there are no rows.
func (m Model) emptiness() string {
	s := m.snapshot
	switch {
	case m.unread.Why != "" && (s == nil || s.Len() == 0):
		return "No entry was read: " + m.unread.Why + "."
	case s == nil, s.Len() == 0 && !s.Loaded:
		return "No entry yet: the log is being read."
	case s.Len() == 0 && s.Coverage.RejectBytes > 0:
		return "The log holds no entries.\nr leads through what is no entry."
	case s.Len() == 0:
		return "The log holds no entries."
	case len(m.filtered.Active) > 0:
		return "No entry is left by the filters:\n\n  " + strings.Join(m.filtered.Active, "\n  ") +
			"\n\nesc takes the last one away,\nF switches them on and off."
	}
	return "Entries are being listed."
}
