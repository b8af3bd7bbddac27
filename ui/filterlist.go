package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// filterList is the overlay that switches filters on and off.
type filterList struct {
	theme         *theme.Theme
	filters       *filtering
	cursor        int
	width, height int
}

// filterAsked asks for the prompt for a filter, which begins with text.
type filterAsked struct{ text string }

// Update handles a key.
func (o *filterList) Update(m tea.KeyMsg) (tea.Cmd, bool) {
	k := &overlayKeys
	stack := slices.Clone(o.filters.stack)
	i := min(o.cursor, len(stack)-1)
	switch {
	case m.Paste:
	case key.Matches(m, k.Close), key.Matches(m, globalKeys.FilterList):
		return nil, false
	case key.Matches(m, k.Up):
		o.cursor = max(0, i-1)
	case key.Matches(m, k.Down):
		o.cursor = min(len(stack)-1, i+1)
	case key.Matches(m, globalKeys.AddFilter):
		return tell(filterAsked{}), false
	case key.Matches(m, k.Switch) && i >= 0:
		stack[i].on, stack[i].muted = !stack[i].on || stack[i].muted, false
		return o.filters.set(stack), true
	case key.Matches(m, k.Remove) && i >= 0:
		return o.filters.set(slices.Delete(stack, i, i+1)), true
	}
	return nil, true
}

// SetSize gives the cells of the body.
func (o *filterList) SetSize(width, height int) { o.width, o.height = width, height }

// View lists the filters.
func (o *filterList) View(string) string {
	t := o.theme
	stack := o.filters.stack
	lines := []string{t.Title.Render(widget.Clip(t, "Filters, in the order in which they were added", o.width)), ""}
	if len(stack) == 0 {
		lines = append(lines, t.Faint.Render("there are none; f adds one"))
	}
	cursor := min(o.cursor, len(stack)-1)
	top := max(0, cursor-max(1, o.height-2)+1)
	for i := top; i < len(stack); i++ {
		sign, state := " ", "off"
		if i == cursor {
			sign = t.Glyph.Cursor
		}
		switch {
		case stack[i].on && stack[i].muted:
			state = "off here"
		case stack[i].on:
			state = "on"
		}
		state = widget.Fit(t, state, 8)
		line := sign + " " + state + "  " + widget.Clip(t, stack[i].shown(), max(1, o.width-12))
		if i == cursor {
			line = t.Cursor.Render(line)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines[:min(len(lines), o.height)], "\n")
}

// Line is empty.
func (o *filterList) Line() string { return "" }

// Keys are those that the footer offers.
func (o *filterList) Keys() []key.Binding {
	k := &overlayKeys
	return []key.Binding{k.Close, k.Switch, k.Remove, globalKeys.AddFilter, k.Up, k.Down}
}
