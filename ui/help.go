package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/widget"
)

// helpView is the help overlay: its lines, which take too long to lay out to be
// laid out for every key, and how far they are scrolled.
type helpView struct {
	lines []string
	top   int
}

func (a *app) helpKey(m tea.KeyMsg) {
	k := &overlayKeys
	lines, page := len(a.help.lines), a.frame().body
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
	lines, page := len(a.help.lines), a.frame().body
	if lines <= page {
		return ""
	}
	top := max(0, min(a.help.top, lines-page))
	return fmt.Sprintf("lines %d to %d of %d", top+1, top+page, lines)
}

func (a *app) helpBody(height int) string {
	lines := a.help.lines
	top := max(0, min(a.help.top, len(lines)-height))
	return strings.Join(lines[top:min(len(lines), top+height)], "\n")
}

// helpTopic is a heading of the help with what stands below it.
type helpTopic struct {
	title string
	items []helpItem
}

// helpItem is what to press or write, and what that does.
type helpItem struct{ key, what string }

// keyItems lists bindings.
func keyItems(keys []key.Binding) (items []helpItem) {
	for _, b := range keys {
		if b.Enabled() {
			items = append(items, helpItem{b.Help().Key, b.Help().Desc})
		}
	}
	return items
}

// helpTopics are made from the bindings and the tables of commands and filters:
// the screen's own keys, the global ones, classes, commands, filters.
func (a *app) helpTopics() []helpTopic {
	s := a.screens[a.at]
	own := helpTopic{title: s.Title()}
	for _, group := range s.FullHelp() {
		own.items = append(own.items, keyItems(group)...)
	}
	topics := []helpTopic{own}
	for _, t := range globalKeys.topics() {
		topics = append(topics, helpTopic{t.title, keyItems(t.keys)})
	}
	classes := helpTopic{title: "Classes"}
	for i, c := range a.labels.set.Classes() {
		if i > 9 {
			break
		}
		classes.items = append(classes.items, helpItem{string(rune('0' + i)), c})
	}
	list := helpTopic{title: "Commands"}
	for _, c := range commands() {
		list.items = append(list.items, helpItem{strings.TrimSpace(":" + c.name + " " + c.args), c.what})
	}
	return append(append(topics, classes, list), filterLanguage...)
}

// helpLines is the help, laid out for the window.
func (a *app) helpLines() []string { return a.flow(a.helpTopics(), a.frame().body) }

// helpColumn is the least width of a column of the help.
const helpColumn = 38

// flow lays topics out in columns, as few as show all of them in so many lines,
// or else as many as there is room for.
func (a *app) flow(topics []helpTopic, height int) (lines []string) {
	for n := 1; n == 1 || a.width/n >= helpColumn; n++ {
		if more := a.columns(topics, n); n == 1 || len(more) < len(lines) {
			lines = more
		}
		if len(lines) <= height {
			break
		}
	}
	return lines
}

// columns puts topics into n columns, one after the other into the shortest.
func (a *app) columns(topics []helpTopic, n int) []string {
	width := a.width / n
	columns := make([][]string, n)
	height := 0
	for _, t := range topics {
		shortest := 0
		for i := range columns {
			if len(columns[i]) < len(columns[shortest]) {
				shortest = i
			}
		}
		if len(columns[shortest]) > 0 {
			columns[shortest] = append(columns[shortest], "")
		}
		columns[shortest] = append(columns[shortest], a.topicLines(t, width-1)...)
		height = max(height, len(columns[shortest]))
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

// topicLines lays a topic out in lines of a width; no text is cut. Long keys stand
// beside their texts, or where that takes fewer lines, above them.
func (a *app) topicLines(topic helpTopic, width int) []string {
	longest := 0
	for _, item := range topic.items {
		longest = max(longest, ansi.StringWidth(item.key))
	}
	beside, above := a.keyedLines(topic, width, max(1, min(longest, width/2))), a.keyedLines(topic, width, max(1, min(longest, width/4)))
	if len(above) < len(beside) {
		return above
	}
	return beside
}

// keyedLines gives the keys of a topic so much room beside the texts.
func (a *app) keyedLines(topic helpTopic, width, room int) []string {
	t := a.theme
	var lines []string
	if topic.title != "" {
		lines = append(lines, t.Title.Render(widget.Clip(t, topic.title, width)))
	}
	for _, item := range topic.items {
		text := widget.Paragraph(t, item.what, max(1, width-room-2))
		if ansi.StringWidth(item.key) > room { // a line for itself
			lines = append(lines, " "+t.Key.Render(widget.Clip(t, item.key, width-1)))
			item.key = ""
		}
		for _, line := range text {
			lines = append(lines, " "+t.Key.Render(widget.Fit(t, item.key, room))+" "+t.KeyText.Render(line))
			item.key = ""
		}
	}
	return lines
}

// languageOver lays what a filter can say over the end of a body of so many
// lines, as long as nothing of the filter is written.
func (a *app) languageOver(body string, height int) string {
	const least = 2 // lines of the screen that stay
	if a.mode != prompting || a.prompt.purpose != filterWriting || a.prompt.line.Value() != "" || height <= least+2 {
		return body
	}
	t := a.theme
	room := height - least - 1
	lines := a.flow(filterLanguage, room)
	if len(lines) > room { // without headings
		var all helpTopic
		for _, topic := range filterLanguage {
			all.items = append(all.items, topic.items...)
		}
		lines = a.flow([]helpTopic{all}, room)
	}
	if len(lines) > room {
		lines = append(lines[:room-1:room-1], t.Faint.Render(widget.Clip(t, t.Glyph.Ellipsis+" "+globalKeys.Help.Help().Key+" on a screen shows all of it", a.width)))
	}
	rule := t.Faint.Render(strings.Repeat(t.Glyph.Rule, a.width))
	return widget.Lay(body, a.width, height-len(lines)-1) + "\n" + rule + "\n" + strings.Join(lines, "\n")
}
