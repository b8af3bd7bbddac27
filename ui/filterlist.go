package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// filterList is the overlay that switches filters on and off, and from which they are
// edited.
type filterList struct {
	theme         *theme.Theme
	filters       *filtering
	cursor        int
	width, height int
}

// filterAsked asks for the prompt for a filter, which begins with text.
type filterAsked struct{ text string }

// filterEditAsked asks for the prompt that edits the filter under the cursor of a list.
type filterEditAsked struct{ list *filterList }

// current is the filter under the cursor, -1 for none.
func (o *filterList) current() int { return min(o.cursor, len(o.filters.stack)-1) }

// Update handles a key.
func (o *filterList) Update(m tea.KeyMsg) (tea.Cmd, bool) {
	k := &overlayKeys
	stack := slices.Clone(o.filters.stack)
	i := o.current()
	switch {
	case m.Paste:
	case key.Matches(m, k.Close), key.Matches(m, globalKeys.FilterList):
		o.filters.closeLeft()
		return nil, false
	case key.Matches(m, k.Up):
		o.cursor = max(0, i-1)
	case key.Matches(m, k.Down):
		o.cursor = min(len(stack)-1, i+1)
	case key.Matches(m, globalKeys.AddFilter):
		o.filters.closeLeft()
		return tell(filterAsked{}), false
	case key.Matches(m, k.Edit) && i >= 0:
		return tell(filterEditAsked{o}), false
	case key.Matches(m, k.Switch) && i >= 0:
		stack[i].on, stack[i].muted = !stack[i].on || stack[i].muted, false
		what := "filter " + stack[i].named(o.filters.snapshot) + " off"
		if stack[i].on {
			what = "filter " + stack[i].named(o.filters.snapshot) + " on"
		}
		return o.filters.change(what, stack), true
	case key.Matches(m, k.Remove) && i >= 0:
		return o.filters.change("filter taken away: "+stack[i].named(o.filters.snapshot), slices.Delete(stack, i, i+1)), true
	case key.Matches(m, globalKeys.Undo):
		return tell(message.Undo{}), true
	case key.Matches(m, globalKeys.Redo):
		return tell(message.Redo{}), true
	}
	return nil, true
}

// Idle returns why a key does nothing.
func (o *filterList) Idle(m tea.KeyMsg) string {
	k, g := &overlayKeys, &globalKeys
	at, does := o.current(), []key.Binding{g.FilterList, g.AddFilter, g.Undo, g.Redo}
	if at >= 0 {
		does = append(does, k.Edit, k.Switch, k.Remove)
	}
	return idleAmong(m, at, len(o.filters.stack), does...)
}

// SetSize sets the size of the body in cells.
func (o *filterList) SetSize(width, height int) { o.width, o.height = width, height }

// View lists the filters.
func (o *filterList) View(string) string { return o.draw("") }

// draw lists the filters; the one under the cursor is being edited to what is typed,
// unless that is empty.
func (o *filterList) draw(typed string) string {
	t := o.theme
	stack := o.filters.stack
	lines := []string{t.Title.Render(widget.Clip(t, "Filters, in the order in which they were added, and what each leaves alone", o.width)), ""}
	if len(stack) == 0 {
		lines = append(lines, t.Faint.Render("there are none; f adds one"))
	}
	cursor := o.current()
	last := cursor // line of the screen that must be seen
	if typed != "" {
		last += 2
	}
	top := max(0, last-max(1, o.height-2)+1)
	for i := min(top, max(0, cursor)); i < len(stack); i++ {
		state := "off"
		switch {
		case stack[i].on && stack[i].muted:
			state = "off here"
		case stack[i].on:
			state = "on"
		}
		text := stack[i].named(o.filters.snapshot)
		if i == cursor && typed != "" {
			text = typed
		}
		room := max(1, o.width-12)
		line := " " + widget.Fit(t, state, 8) + "  "
		if leaves := o.filters.left.words(stack[i].title, room/2-2); leaves != "" && !(i == cursor && typed != "") {
			line += widget.Fit(t, text, room-len(leaves)-2) + "  " + leaves
		} else {
			line += widget.Clip(t, text, room)
		}
		if i != cursor {
			lines = append(lines, " "+line)
			continue
		}
		lines = append(lines, t.Cursor.Render(t.Glyph.Cursor+line))
		if typed != "" {
			lines = append(lines,
				t.Faint.Render(widget.Clip(t, "            was: "+stack[i].named(o.filters.snapshot), o.width)),
				t.Text.Render(widget.Clip(t, "            "+o.filters.ahead.String(), o.width)))
		}
	}
	return strings.Join(lines[:min(len(lines), o.height)], "\n")
}

// Line is empty.
func (o *filterList) Line() string { return "" }

// Keys are those that the footer offers.
func (o *filterList) Keys() []key.Binding {
	k := &overlayKeys
	return []key.Binding{k.Close, k.Edit, k.Switch, k.Remove, globalKeys.AddFilter, k.Up, k.Down}
}
