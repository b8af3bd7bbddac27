package entries

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/ui/detail"
	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// transcript returns the connection that the rows are the transcript of: the one
// that was opened, as long as the filter that came with it is on.
func (m Model) transcript() (int, bool) {
	s := m.snapshot
	if m.opened < 0 || s == nil || m.opened >= s.Connections.Len() {
		return 0, false
	}
	f, err := filter.Parse(filter.Term("id", s.Connections.Name(m.opened)))
	if err != nil || !slices.Contains(m.filtered.Active, f.String()) {
		return 0, false
	}
	return m.opened, true
}

// open makes a transcript of what the filter that follows leaves, and puts the cursor on the
// entry that was asked for, or else on the gravest of the connection, or its first.
func (m *Model) open(msg message.OpenedConnection) tea.Cmd {
	m.opened = msg.Connection
	s := m.snapshot
	if msg.At >= 0 || s == nil || msg.Connection >= s.Connections.Len() {
		return m.goTo(max(0, msg.At))
	}
	return m.list.GoTo(func(d data) (int, bool) {
		if at, ok := d.signs.gravest(s.ByConnection.Entries(msg.Connection)); ok {
			return at, true
		}
		return int(s.Connections.Peek(msg.Connection).First), true
	})
}

// heading returns whose transcript it is, how long it is, and what is known of it.
func (m Model) heading() string {
	c, ok := m.transcript()
	if !ok {
		return ""
	}
	s := m.snapshot
	k := s.Connections.Peek(c)
	long := widget.Number(k.Entries, "entry", "entries")
	if took, ok := s.Moment(int(k.Last)).Since(s.Moment(int(k.First))); ok {
		long += " in " + widget.Elapsed(took)
	}
	parts := []string{"connection " + s.Connections.Name(c) + ": " + detail.Account(s, c, int(k.First)), detail.Class(s, m.labels, c), long}
	if k.Database != 0 {
		parts = append(parts, "database "+s.Connections.Text(k.Database))
	}
	if n, ok := m.labels.Note(s.Connections.Ref(c)); ok {
		parts = append(parts, "note"+n.By()+": "+n.Text)
	}
	width, _ := m.pane.ListSize()
	return m.theme.Title.Render(widget.Clip(m.theme, strings.Join(parts, " "+m.theme.Glyph.Separator+" "), width))
}
