package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/widget"
)

// helpView is the help overlay: how far it is scrolled.
type helpView struct{ top int }

func (a *app) helpKey(m tea.KeyMsg) {
	k := &overlayKeys
	lines, page := len(a.helpLines()), a.frame().body
	switch {
	case key.Matches(m, k.Close), key.Matches(m, globalKeys.Help):
		a.mode = browsing
	case key.Matches(m, k.Up):
		a.help.top--
	case key.Matches(m, k.Down):
		a.help.top++
	case key.Matches(m, k.PageUp):
		a.help.top -= page
	case key.Matches(m, k.PageDown):
		a.help.top += page
	}
	a.help.top = max(0, min(a.help.top, lines-page))
}

// helpPosition says that there is more help than the window shows.
func (a *app) helpPosition() string {
	lines, page := len(a.helpLines()), a.frame().body
	if lines <= page {
		return ""
	}
	top := max(0, min(a.help.top, lines-page))
	return fmt.Sprintf("lines %d to %d of %d", top+1, top+page, lines)
}

func (a *app) helpBody(height int) string {
	lines := a.helpLines()
	top := max(0, min(a.help.top, len(lines)-height))
	return strings.Join(lines[top:min(len(lines), top+height)], "\n")
}

// helpColumn is the least width of a column of the help, helpKey that of a key.
const (
	helpColumn = 40
	helpKey    = 10
)

// helpColumns returns how many columns there are, and how wide each is.
func (a *app) helpColumns() (n, width int) {
	n = max(1, a.width/helpColumn)
	return n, a.width / n
}

// helpLines is the help, made from the bindings: the screen's own keys, the
// global ones, the commands.
func (a *app) helpLines() []string {
	s := a.screens[a.at]
	topics := []topic{{title: s.Title()}}
	for _, group := range s.FullHelp() {
		topics[0].keys = append(topics[0].keys, group...)
	}
	topics = append(topics, globalKeys.topics()...)

	var blocks [][]string
	for _, t := range topics {
		block := []string{a.theme.Title.Render(t.title)}
		for _, b := range t.keys {
			if b.Enabled() {
				block = append(block, a.helpLine(b.Help().Key, b.Help().Desc))
			}
		}
		blocks = append(blocks, append(block, ""))
	}
	var classes []string
	for i, c := range a.labels.set.Classes() {
		if i > 9 {
			break
		}
		classes = append(classes, a.helpLine(string(rune('0'+i)), c))
	}
	blocks = append(blocks, append(append([]string{a.theme.Title.Render("Classes")}, classes...), ""))
	block := []string{a.theme.Title.Render("Commands")}
	for _, c := range commands() {
		block = append(block, a.helpLine(":"+c.name, c.what))
	}
	blocks = append(blocks, append(block, ""))
	return a.flow(blocks)
}

func (a *app) helpLine(keys, what string) string {
	t := a.theme
	_, width := a.helpColumns()
	return " " + t.Key.Render(widget.Fit(t, keys, helpKey)) + " " + t.KeyText.Render(widget.Clip(t, what, max(1, width-helpKey-3)))
}

// flow puts blocks into as many columns as the window has room for, one after
// the other into the shortest.
func (a *app) flow(blocks [][]string) []string {
	n, width := a.helpColumns()
	columns := make([][]string, n)
	for _, b := range blocks {
		shortest := 0
		for i := range columns {
			if len(columns[i]) < len(columns[shortest]) {
				shortest = i
			}
		}
		columns[shortest] = append(columns[shortest], b...)
	}
	height := 0
	for _, c := range columns {
		height = max(height, len(c))
	}
	lines := make([]string, height)
	for i := range lines {
		var line strings.Builder
		for k, c := range columns {
			cell := ""
			if i < len(c) {
				cell = c[i]
			}
			if k < len(columns)-1 {
				cell = widget.Lay(cell, width, 1)
			}
			line.WriteString(cell)
		}
		lines[i] = line.String()
	}
	return lines
}
