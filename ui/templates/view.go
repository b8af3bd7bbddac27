package templates

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/list"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// room leaves the heading out where every line counts.
func room(_ data, height int) list.Room {
	if height < 5 {
		return list.Room{}
	}
	return list.Room{Heading: 1}
}

// SetSize sets the size of the body.
func (m Model) SetSize(width, height int) screen.Screen {
	m.width, m.height = width, height
	m.list.SetSize(width, height)
	return m
}

// View draws the list, or the detail pane.
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
	if m.list.Len() == 0 {
		return m.list.Empty(m.emptiness())
	}
	return m.list.View(m.theme.Title.Render(widget.Clip(m.theme, m.heading(), m.width)))
}

func (m Model) heading() string {
	l := m.list.Data()
	text := "Templates: " + m.list.Summary()
	if len(l.active) > 0 {
		text = "Templates: " + m.list.Status() + ", of the " + widget.Count(l.total) + " entries that the filters leave; the log has " +
			widget.Number(len(l.snapshot.Templates), "template", "templates")
	}
	return text
}

// emptiness explains why there are no rows.
func (m Model) emptiness() string {
	l := m.list.Data()
	switch {
	case m.unread.Why != "" && (m.snapshot == nil || m.snapshot.Len() == 0):
		return "No entry was read: " + m.unread.Why + "."
	case m.snapshot == nil || l.listing == nil:
		return "Templates appear as soon as the first entries are read."
	case len(l.active) > 0:
		return "No entry is left by the filters: " + strings.Join(l.active, "; ") + ". esc takes the last one away, F lists them."
	case !l.snapshot.Loaded:
		return "No entry has been read yet."
	}
	return "The log has no entries, so there are no templates."
}
