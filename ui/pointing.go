package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/list"
	"sqleuth/ui/message"
)

// pointing is the part that takes clicks: on the name of a screen, on a row, on the
// header of a column. It finds what is on the screen; a list finds itself there.
type pointing struct {
	frame  *frame
	places *places
}

// Update takes a click of the left button.
func (p *pointing) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case tea.MouseMsg:
		if m.Button != tea.MouseButtonLeft || m.Action != tea.MouseActionPress {
			return nil, false
		}
		return p.click(m.X, m.Y), true
	case message.Enter:
		return tell(keyChosen{keyOf(list.Keys().Open.Keys()[0])}), true
	}
	return nil, false
}

// tabLine is the line of the names of the screens.
const tabLine = 1

func (p *pointing) click(x, y int) tea.Cmd {
	lines := p.frame.lines()
	switch body := y - lines.header; {
	case y == tabLine:
		return p.clickTab(x)
	case body < 0 || body >= lines.body || !p.places.hasRows():
		return nil
	default:
		return p.places.giveFocused(message.Click{
			List: p.places.lists(p.places.at)[0].Name(),
			X:    x, Y: body, Lines: strings.Split(p.places.focused().View(), "\n"),
		})
	}
}

// clickTab goes to the screen whose name is at some cell of its line.
func (p *pointing) clickTab(x int) tea.Cmd {
	line := ansi.Strip(p.frame.tabLine())
	for at := range message.Tabs {
		name := p.places.screens[at].Title()
		if from := strings.Index(line, name); from >= 0 && from <= x && x < from+len(name) {
			return p.places.visit(at)
		}
	}
	return nil
}
