package list

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/message"
)

// click puts the cursor on the row that was clicked, and does what enter does where it
// is there already; a header sorts by its column. Where the screen has drawn the list is
// found by its header.
func (l *List[D]) click(m message.Click) tea.Cmd {
	if m.List != l.spec.Kept || l.header() == 0 || l.details.Whole() || m.X >= l.width {
		return nil
	}
	shown := l.layout()
	head := strings.TrimRight(ansi.Strip(l.head(shown)), " ")
	first := 0 // line of the first row
	for y, line := range m.Lines {
		if strings.HasPrefix(ansi.Strip(line), head) {
			first = y + 1
			break
		}
	}
	from, to := l.Visible()
	switch k := from + m.Y - first; {
	case first == 0:
	case m.Y == first-1:
		return l.clickHeader(shown, m.X)
	case m.Y < first || k >= to:
	case k == l.cursor:
		return message.Request(message.Enter{})
	default:
		l.move(k)
	}
	return nil
}

// clickHeader sorts by the column at some cell of the line.
func (l *List[D]) clickHeader(shown []slot, x int) tea.Cmd {
	at := gutter
	for _, s := range shown {
		if at <= x && x < at+s.width {
			l.column = s.column
			return l.sortByColumn()
		}
		at += s.width + 1
	}
	return nil
}
