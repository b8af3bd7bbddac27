package models

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

const (
	panelLeast = 56 // cells of a panel beside which there is room for the other
	panelMost  = 90
	fence      = 3 // cells between them
	maxIDs     = 500
)

// SetSize sets the size of the body.
func (m Model) SetSize(width, height int) screen.Screen {
	m.width, m.height = width, height
	return m
}

// View draws what fits of the page, from its first shown line on.
func (m Model) View() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	lines := m.scroll.Window(m.lines(), m.height)
	for i := range lines {
		lines[i] = ansi.Truncate(lines[i], m.width, "")
	}
	return strings.Join(lines, "\n")
}

// lines draws the whole page: both forests side by side, or in a narrow window
// the one that the cursor is in. It does not grow with the log.
func (m Model) lines() []string {
	if m.width <= 0 {
		return nil
	}
	t := m.theme
	if why := m.emptiness(); why != "" {
		return m.wrap(why, m.width, false)
	}
	var lines []string
	if state := m.state(); state != "" {
		lines = append(lines, t.Warn.Render(widget.Clip(t, t.Glyph.Running+" "+state, m.width)))
	}
	if m.filtered {
		lines = append(lines, t.Warn.Render(widget.Clip(t, "All figures are of the whole log, whatever is filtered.", m.width)))
	}
	width := min(panelMost, (m.width-fence)/2)
	if width < panelLeast {
		lines = append(lines, m.panel(m.forest, m.width, 0)...)
	} else {
		head := max(len(m.head(isolation, width)), len(m.head(random, width)))
		one, other := m.panel(isolation, width, head), m.panel(random, width, head)
		for i := range max(len(one), len(other)) {
			a, b := "", ""
			if i < len(one) {
				a = one[i]
			}
			if i < len(other) {
				b = other[i]
			}
			lines = append(lines, widget.Lay(a, width, 1)+strings.Repeat(" ", fence)+b)
		}
	}
	lines = append(lines, m.mixedLines()...)
	return append(lines, m.wrap("Parameters: :set contamination 0.02, :set seed 7, :set trees 200 train both forests again.", m.width, true)...)
}

// emptiness explains why there is nothing to see, empty where there is something.
func (m Model) emptiness() string {
	switch s := m.snapshot; {
	case m.unread.Why != "":
		return "No forest was trained: " + m.unread.Why + "."
	case s == nil || !s.Loaded:
		return "Both forests are trained when the log is read."
	case s.Len() == 0:
		return "The log has no entries, so there is nothing to learn."
	case s.Isolation == nil && m.state() != "":
		return "No figures yet: " + m.state() + "."
	case s.Isolation == nil:
		return "Both forests are trained when the log is counted and the rules have run."
	}
	return ""
}

// mixedLines returns event ids by the classes they occur in.
func (m Model) mixedLines() []string {
	s, t := m.snapshot, m.theme
	if s.Mixed == nil || s.Truth == nil || !s.Truth.Positive {
		return nil
	}
	lines := []string{"", t.Title.Render(widget.Clip(t, "Event ids by class", m.width))}
	list := func(head string, ids []string) {
		text := head + widget.Count(len(ids))
		if len(ids) > 0 {
			text += ": " + strings.Join(ids[:min(len(ids), maxIDs)], " ")
		}
		if len(ids) > maxIDs {
			text += " " + t.Glyph.Ellipsis
		}
		lines = append(lines, m.wrap(text, m.width, false)...)
	}
	list("mixed (normal and anomalous entries have them): ", s.Mixed.Both)
	list("only in anomalous entries: ", s.Mixed.AnomalyOnly)
	lines = append(lines, widget.Clip(t, "only in normal entries: "+widget.Count(s.Mixed.NormalOnly), m.width))
	return append(lines, "")
}

// wrap breaks a text into lines.
func (m Model) wrap(text string, width int, faint bool) []string {
	lines := widget.Paragraph(m.theme, text, width)
	if faint {
		for i := range lines {
			lines[i] = m.theme.Faint.Render(lines[i])
		}
	}
	return lines
}
