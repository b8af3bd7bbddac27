package findings

import (
	"strings"

	"sqleuth/ui/list"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// room leaves lines for the heading where the window is high enough.
func room(_ data, height int) list.Room {
	switch {
	case height < 5:
		return list.Room{}
	case height < 9:
		return list.Room{Heading: 1}
	}
	return list.Room{Heading: 2}
}

// SetSize sets the size of the body.
func (m Model) SetSize(width, height int) screen.Screen {
	m.width = width
	m.list.SetSize(width, height)
	return m
}

// View draws the findings, and what is known of the one under the cursor.
func (m Model) View() string {
	if m.list.Len() == 0 {
		return m.list.Empty(m.emptiness())
	}
	return m.list.View(m.heading()...)
}

// heading returns where the cursor is and how many connections each class has.
func (m Model) heading() []string {
	t, l := m.theme, m.list.Data()
	text := "Findings: " + m.list.Status()
	if m.list.SortColumn() == "" {
		text += ", labelled first, then by score"
	}
	if hidden := len(l.findings) - m.list.Len(); hidden > 0 {
		text += "; the filters hide " + widget.Count(hidden)
	}
	text += "; e exports them"
	if term := m.list.Focus().Term; term != "" {
		text += "; + keep, - hide " + term
	}
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

// emptiness explains why there are no rows.
func (m Model) emptiness() string {
	d := m.list.Data()
	switch {
	case len(d.findings) > 0:
		return "The filters hide all " + widget.Number(len(d.findings), "finding", "findings") + ": " +
			strings.Join(d.active, "; ") + ". esc takes the last one away, F lists them."
	case m.unread.Why != "":
		return "Findings are not gathered: " + m.unread.Why + "."
	case m.snapshot == nil || !m.snapshot.Loaded:
		return "Findings are gathered when the log is read."
	case d.snapshot == nil && m.snapshot.Len() > 0:
		return "Findings are being gathered."
	}
	return "No connection is labelled, noted or detected. A digit labels the connection under the cursor on Overview, Connections and Entries, " +
		"m writes a note on it, and it appears here; e exports what stands here."
}
