package detections

import (
	"strings"

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

// View draws detections and findings, and what is known of the one under the cursor.
func (m Model) View() string {
	switch {
	case m.width <= 0 || m.height <= 0:
		return ""
	case m.limits.open:
		return m.limitsView()
	case m.list.Len() == 0:
		return m.list.Empty(m.emptiness())
	}
	return m.list.View(m.theme.Title.Render(widget.Clip(m.theme, m.heading(), m.width)))
}

func (m Model) heading() string {
	d := m.list.Data()
	text := "Detections and log integrity"
	if m.list.SortColumn() == "" {
		text += " by time"
	}
	text += ": " + m.list.Status()
	if d.hidden > 0 {
		text += "; the filters hide " + widget.Count(d.hidden)
	}
	if d.aside > 0 {
		text += "; the site's filters set aside " + widget.Count(d.aside)
	}
	if term := m.list.Focus().Term; term != "" {
		text += "; + keep, - hide " + term
	}
	return text
}

// emptiness explains why there are no rows.
func (m Model) emptiness() string {
	d := m.list.Data()
	switch s := m.snapshot; {
	case d.hidden > 0:
		return "The filters hide all that was found (" + widget.Count(d.hidden) + "): " + strings.Join(d.active, "; ") +
			". esc takes the last one away, F lists them."
	case m.unread.Why != "":
		return "The rules have not run: " + m.unread.Why + "."
	case s == nil || !s.Loaded || !m.ran && s.Truth == nil && s.Len() > 0:
		return "The rules run when the log is read and counted."
	}
	var names []string
	for _, r := range m.snapshot.Rules.Rules {
		if !r.Silent { // the parts of others
			names = append(names, r.Name+" "+r.Title)
		}
	}
	return "No rule has hit, and nothing was found that speaks against the log. The rules look for " + strings.Join(names, ", ") + "."
}
