package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/widget"
)

// filterList is the overlay that switches filters on and off.
type filterList struct{ cursor int }

func (a *app) listKey(m tea.KeyMsg) tea.Cmd {
	k := &overlayKeys
	stack := slices.Clone(a.filters.stack)
	i := min(a.list.cursor, len(stack)-1)
	switch {
	case m.Paste:
	case key.Matches(m, k.Close), key.Matches(m, globalKeys.FilterList):
		a.mode = browsing
	case key.Matches(m, k.Up):
		a.list.cursor = max(0, i-1)
	case key.Matches(m, k.Down):
		a.list.cursor = min(len(stack)-1, i+1)
	case key.Matches(m, globalKeys.AddFilter):
		a.mode = browsing
		return a.ask(filterWriting, a.focus().Target)
	case key.Matches(m, k.Switch) && i >= 0:
		stack[i].on = !stack[i].on
		return a.setFilters(stack)
	case key.Matches(m, k.Remove) && i >= 0:
		return a.setFilters(slices.Delete(stack, i, i+1))
	}
	return nil
}

func (a *app) listBody(height int) string {
	t := a.theme
	stack := a.filters.stack
	lines := []string{t.Title.Render("Filters, in the order in which they were added"), ""}
	if len(stack) == 0 {
		lines = append(lines, t.Faint.Render("there are none; f adds one"))
	}
	cursor := min(a.list.cursor, len(stack)-1)
	top := max(0, cursor-max(1, height-2)+1)
	for i := top; i < len(stack); i++ {
		sign, state := " ", "off"
		if i == cursor {
			sign = t.Glyph.Cursor
		}
		if stack[i].on {
			state = "on"
		}
		line := sign + " " + widget.Fit(t, state, 3) + "  " + widget.Clip(t, stack[i].shown(), max(1, a.width-7))
		if i == cursor {
			line = t.Cursor.Render(line)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines[:min(len(lines), height)], "\n")
}
