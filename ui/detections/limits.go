package detections

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/widget"
)

// limitsPanel is what this log cannot show, over the table: nobody should read a
// listing as proof without it.
type limitsPanel struct {
	open   bool
	scroll widget.Scroll
}

// limitsTitle is the panel's heading, and the help of its key.
const limitsTitle = "What this log cannot show"

// limitLines lays the sentences out.
func (m Model) limitLines() []string {
	if m.snapshot == nil || len(m.snapshot.Integrity.Limits) == 0 {
		return widget.Prose(m.theme, "That is known when the log is read.", m.width, max(1, m.height-1))
	}
	const bullet = "- "
	var lines []string
	for _, text := range m.snapshot.Integrity.Limits { // a dozen at most, and the files that are damaged
		for k, line := range widget.Paragraph(m.theme, text, m.width-len(bullet)) {
			lead := bullet
			if k > 0 {
				lead = strings.Repeat(" ", len(bullet))
			}
			lines = append(lines, widget.Clip(m.theme, lead+line, m.width))
		}
	}
	return lines
}

// limitRoom is the lines of the panel below its heading.
func (m Model) limitRoom() int { return max(0, m.height-room(data{}, m.height).Heading) }

func (m Model) limitsView() string {
	lines, height := m.limitLines(), m.limitRoom()
	shown := m.limits.scroll.Window(lines, height)
	if room(data{}, m.height).Heading > 0 {
		title := limitsTitle
		if at := m.limits.scroll.Status(len(lines), height); at != "" {
			title += ": " + at
		}
		shown = append([]string{m.theme.Title.Render(widget.Clip(m.theme, title, m.width))}, shown...)
	}
	return strings.Join(shown, "\n")
}

// scrollLimits moves the panel's text.
func (m Model) scrollLimits(msg tea.KeyMsg) Model {
	m.limits.scroll.Update(msg, len(m.limitLines()), m.limitRoom())
	return m
}
