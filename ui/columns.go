package ui

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/casefile"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// maxColumnWidth is how many cells a column may be given.
const maxColumnWidth = 500

// NamedColumns returns the lists whose columns may be chosen, and the columns of each.
func NamedColumns() (lists []string, columns map[string][]string) {
	columns = map[string][]string{}
	for _, s := range makeScreens(theme.Plain(), nil) {
		of, ok := s.(lister)
		if !ok {
			continue
		}
		for _, l := range of.Lists() {
			if all := l.Titles(); len(all) > 0 {
				lists = append(lists, l.Name())
				for _, title := range all {
					columns[l.Name()] = append(columns[l.Name()], columnName(title))
				}
			}
		}
	}
	return lists, columns
}

// columnName is the title of a column as configuration and case write it: in a flag,
// commas are between columns.
func columnName(title string) string {
	name, _, _ := strings.Cut(title, ",")
	return name
}

// CheckColumns reports what is wrong with the columns of a list.
func CheckColumns(list string, columns []string) error {
	_, all := NamedColumns()
	var seen []string
	for _, text := range columns {
		name, width := columnOf(text)
		switch {
		case !slices.Contains(all[list], name):
			return fmt.Errorf("there is no column %q: there are %s", name, strings.Join(all[list], ", "))
		case slices.Contains(seen, name):
			return fmt.Errorf("%s is there twice; leave one away", name)
		case width > maxColumnWidth:
			return fmt.Errorf("%s: give a width of at most %d cells", text, maxColumnWidth)
		}
		seen = append(seen, name)
	}
	if len(seen) == 0 {
		return fmt.Errorf("name a column at least: there are %s", strings.Join(all[list], ", "))
	}
	return nil
}

// columnOf reads a column with its width: host, host:20.
func columnOf(text string) (name string, width int) {
	if at := strings.LastIndexByte(text, ':'); at >= 0 {
		if n, err := strconv.Atoi(text[at+1:]); err == nil && n > 0 {
			return text[:at], n
		}
	}
	return text, 0
}

// arranged returns columns, as configuration and case write them, for a list with
// these titles.
func arranged(list string, titles, columns []string) message.Columns {
	m := message.Columns{List: list}
	for _, text := range columns {
		name, width := columnOf(text)
		for _, title := range titles {
			if columnName(title) == name {
				m.Columns = append(m.Columns, message.Column{Title: title, Width: min(width, maxColumnWidth)})
			}
		}
	}
	return m
}

// columnsChosen reports that the analyst has arranged the columns of a list; the case
// keeps it.
type columnsChosen struct{ message.Columns }

// kept is the same as the case writes it; no columns for those of the start.
func (m columnsChosen) kept() casefile.Columns {
	c := casefile.Columns{List: m.List}
	for _, col := range m.Columns.Columns {
		text := columnName(col.Title)
		if col.Width > 0 {
			text += ":" + strconv.Itoa(col.Width)
		}
		if !col.Hidden {
			c.Columns = append(c.Columns, text)
		}
	}
	return c
}

// keepColumns replaces the columns of a list.
func keepColumns(all []casefile.Columns, c casefile.Columns) []casefile.Columns {
	now := slices.DeleteFunc(slices.Clone(all), func(have casefile.Columns) bool { return have.List == c.List })
	if len(c.Columns) > 0 {
		now = append(now, c)
	}
	slices.SortFunc(now, func(a, b casefile.Columns) int { return strings.Compare(a.List, b.List) })
	return now
}

// arranging is the part that gives lists the columns of the configuration, and those
// that the case keeps unless a flag overrides them.
type arranging struct {
	screens *places
	start   map[string][]string // of the configuration, by list
	firm    map[string]bool     // those that a flag gave, or the analyst meanwhile
}

// Update takes what the case keeps, and what the analyst arranges.
func (a *arranging) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case caseOpened:
		var cmds []tea.Cmd
		for _, c := range m.kept.Columns {
			if !a.firm[c.List] {
				cmds = append(cmds, a.tell(c.List, c.Columns))
			}
		}
		return tea.Batch(cmds...), false
	case columnsChosen:
		a.firm[m.List] = true
		if len(m.Columns.Columns) == 0 {
			return a.tell(m.List, a.start[m.List]), true
		}
		return tell(m.Columns), true
	}
	return nil, false
}

// newArranging makes the part with the columns of the configuration.
func newArranging(p *places, cfg Config) arranging {
	a := arranging{p, cfg.Columns, map[string]bool{}}
	maps.Copy(a.firm, cfg.FirmColumns)
	return a
}

// begin arranges the lists by the configuration.
func (a *arranging) begin() tea.Cmd {
	var cmds []tea.Cmd
	for list, columns := range a.start {
		cmds = append(cmds, a.tell(list, columns))
	}
	return tea.Batch(cmds...)
}

func (a *arranging) tell(name string, columns []string) tea.Cmd {
	for at := range message.Screens {
		for _, l := range a.screens.lists(at) {
			if l.Name() == name {
				return tell(arranged(name, l.Titles(), columns))
			}
		}
	}
	return nil
}

// columnList is the overlay that arranges the columns of a list.
type columnList struct {
	theme         *theme.Theme
	of            func() list.Any // the list, as it is now
	cursor        int
	width, height int
}

// Update handles a key.
func (o *columnList) Update(m tea.KeyMsg) (tea.Cmd, bool) {
	k, columns := &columnKeys, o.of().Columns()
	if len(columns) == 0 { // the rows are others meanwhile
		return nil, false
	}
	o.cursor = min(o.cursor, len(columns)-1)
	at := &columns[o.cursor]
	switch {
	case m.Paste:
	case key.Matches(m, overlayKeys.Close, globalKeys.Columns, k.Done):
		return nil, false
	case key.Matches(m, overlayKeys.Up):
		o.cursor = max(0, o.cursor-1)
	case key.Matches(m, overlayKeys.Down):
		o.cursor = min(len(columns)-1, o.cursor+1)
	case key.Matches(m, k.Show):
		if !at.Hidden && !slices.ContainsFunc(columns, func(c list.ColumnState) bool { return !c.Hidden && c.Title != at.Title }) {
			return say("one column stays"), true
		}
		at.Hidden = !at.Hidden
		return o.tell(columns), true
	case key.Matches(m, k.Earlier):
		return o.move(columns, -1), true
	case key.Matches(m, k.Later):
		return o.move(columns, 1), true
	case key.Matches(m, k.Narrower) && at.Shown > 1:
		at.Width = at.Shown - 1
		return o.tell(columns), true
	case key.Matches(m, k.Wider) && at.Shown > 0:
		at.Width = min(at.Shown+1, maxColumnWidth)
		return o.tell(columns), true
	case key.Matches(m, k.Own):
		at.Width = 0
		return o.tell(columns), true
	case key.Matches(m, k.First):
		return tea.Batch(say("columns as at the start"), tell(columnsChosen{message.Columns{List: o.of().Name()}})), true
	}
	return nil, true
}

// Idle returns why a key does nothing.
func (o *columnList) Idle(m tea.KeyMsg) string {
	k, columns := &columnKeys, o.of().Columns()
	if len(columns) == 0 {
		return ""
	}
	at, last := min(o.cursor, len(columns)-1), len(columns)-1
	c := columns[at]
	switch {
	case m.Paste:
	case key.Matches(m, k.Earlier):
		return which(at == 0, "this is the first column")
	case key.Matches(m, k.Later):
		return which(at == last, "this is the last column")
	case key.Matches(m, k.Narrower, k.Wider) && c.Hidden:
		return "the column is hidden; " + k.Show.Help().Key + " shows it"
	case key.Matches(m, k.Narrower, k.Wider) && c.Shown == 0:
		return "the window has no room for this column; take it to the left, or hide others"
	case key.Matches(m, k.Narrower):
		return which(c.Shown == 1, "a column has one cell at least")
	case key.Matches(m, k.Wider):
		return which(c.Width >= maxColumnWidth, "this is as wide as a column may be")
	case key.Matches(m, k.Own):
		return which(c.Width == 0, "the column has its own width")
	}
	return idleAmong(m, at, len(columns), globalKeys.Columns, k.Done, k.Show, k.First)
}

// move takes the column under the cursor further to the left or the right.
func (o *columnList) move(columns []list.ColumnState, step int) tea.Cmd {
	to := o.cursor + step
	if to < 0 || to >= len(columns) {
		return nil
	}
	columns[o.cursor], columns[to] = columns[to], columns[o.cursor]
	o.cursor = to
	return o.tell(columns)
}

func (o *columnList) tell(columns []list.ColumnState) tea.Cmd {
	m := message.Columns{List: o.of().Name()}
	for _, c := range columns {
		m.Columns = append(m.Columns, c.Column)
	}
	return tell(columnsChosen{m})
}

// SetSize sets the size of the body in cells.
func (o *columnList) SetSize(width, height int) { o.width, o.height = width, height }

// View lists the columns below the first rows of the screen, which change at once.
func (o *columnList) View(screen string) string {
	t, columns := o.theme, o.of().Columns()
	room := min(len(columns), max(1, o.height/2))
	above := o.height - room - 1
	lines := strings.Split(widget.Lay(screen, o.width, max(0, above)), "\n")
	if above <= 0 {
		lines = nil
	}
	lines = append(lines, t.Title.Render(widget.Clip(t, "Columns, from left to right", o.width)))
	name := 0
	for _, c := range columns {
		name = max(name, ansi.StringWidth(c.Name))
	}
	top := max(0, min(o.cursor-room/2, len(columns)-room))
	for k, c := range columns[top : top+room] {
		sign, state := "x", widget.Number(c.Shown, "cell", "cells")
		switch {
		case c.Hidden:
			sign, state = " ", "hidden"
		case c.Shown == 0:
			state = "no room"
		case c.Width > 0:
			state += ", as you said"
		}
		line := widget.Clip(t, "["+sign+"] "+widget.Fit(t, c.Name, name)+"  "+state, max(1, o.width-1))
		if top+k == o.cursor {
			lines = append(lines, t.Glyph.Cursor+t.Cursor.Render(line))
			continue
		}
		lines = append(lines, " "+line)
	}
	return strings.Join(lines[:min(len(lines), o.height)], "\n")
}

// Line is empty.
func (o *columnList) Line() string { return "" }

// Keys are those that the footer offers.
func (o *columnList) Keys() []key.Binding {
	k := &columnKeys
	return []key.Binding{overlayKeys.Close, k.Show, k.Earlier, k.Later, k.Narrower, k.Wider, k.Own, k.First}
}
