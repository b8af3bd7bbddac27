package ui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// helpTopic is a heading of the help with its lines.
type helpTopic struct {
	title string
	items []helpItem
}

// helpItem is what to write, and what that does.
type helpItem struct{ key, what string }

// filterLanguage is the one table of the language of filters, as the help and the
// filter prompt show it. The first column of an item is a filter that works.
var filterLanguage = []helpTopic{
	{"Filters: which connections", []helpItem{
		{"id:2523,2630-2699", "by id; id:2523@2 is of the second server run"},
		{"user:wp_*", "who logged in, * any text; also host: db: server:"},
		{"host:10.0.0.0/8", "a network; host:@FILE the addresses a file lists"},
		{"label:login_attack", "class, label:- is no label; login:refused its outcome"},
		{"detection:D3", "what a rule found, * any; incident:A what one actor sent"},
	}},
	{"Filters: which entries", []helpItem{
		{"union", `text of the statement, in either case; "order by 1"`},
		{`/sleep\s*\(/`, "regular expression (RE2)"},
		{"cmd:Query", "command; action:SELECT the verb, error:1045 the outcome"},
		{"table:wp_users", "a table that it names, in any schema"},
		{"template:3f2a", "event id; digest:outfile its text without values"},
		{"time:2025-03-12T13", "that hour; 13:06 on every day; A..B, A.. and ..B spans"},
		{"iforest>=0.6", "> >= < <=; rforest>0.5: the notebook's forests"},
		{"score>0.5", "in the ranking; anomaly>0.6 learned>0.5 alike"},
	}},
	{"Filters: put together", []helpItem{
		{"user:a cmd:Query", "both hold; so does: and"},
		{"user:a or user:b", "one of them holds; (brackets) group"},
		{"not host:10.*", "the opposite; -host:10.* is the same"},
	}},
}

// helpColumn is the least width of a column of the help.
const helpColumn = 38

// flow lays topics out in columns, as few as show all of them in so many lines,
// or else as many as there is room for.
func flow(t *theme.Theme, topics []helpTopic, width, height int) (lines []string) {
	for n := 1; n == 1 || width/n >= helpColumn; n++ {
		if more := inColumns(t, topics, width/n, n); n == 1 || len(more) < len(lines) {
			lines = more
		}
		if len(lines) <= height {
			break
		}
	}
	return lines
}

// inColumns puts topics into n columns of a width, one after the other into the shortest.
func inColumns(t *theme.Theme, topics []helpTopic, width, n int) []string {
	columns := make([][]string, n)
	height := 0
	for _, topic := range topics {
		shortest := 0
		for i := range columns {
			if len(columns[i]) < len(columns[shortest]) {
				shortest = i
			}
		}
		if len(columns[shortest]) > 0 {
			columns[shortest] = append(columns[shortest], "")
		}
		columns[shortest] = append(columns[shortest], topicLines(t, topic, width-1)...)
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

// topicLines lays a topic out in lines of a width; no text is cut. Long keys are
// beside their texts, or where that takes fewer lines, above them.
func topicLines(t *theme.Theme, topic helpTopic, width int) []string {
	longest := 0
	for _, item := range topic.items {
		longest = max(longest, ansi.StringWidth(item.key))
	}
	beside, above := keyedLines(t, topic, width, max(1, min(longest, width/2))), keyedLines(t, topic, width, max(1, min(longest, width/4)))
	if len(above) < len(beside) {
		return above
	}
	return beside
}

// keyedLines gives the keys of a topic so much room beside the texts.
func keyedLines(t *theme.Theme, topic helpTopic, width, room int) []string {
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

// languageOver lays the language of filters over the end of a body of so many
// lines.
func languageOver(t *theme.Theme, body string, width, height int) string {
	const least = 2 // lines of the screen that stay
	if height <= least+2 {
		return body
	}
	room := height - least - 1
	lines := flow(t, filterLanguage, width, room)
	if len(lines) > room { // without headings
		var all helpTopic
		for _, topic := range filterLanguage {
			all.items = append(all.items, topic.items...)
		}
		lines = flow(t, []helpTopic{all}, width, room)
	}
	if len(lines) > room {
		lines = append(lines[:room-1:room-1], t.Faint.Render(widget.Clip(t, t.Glyph.Ellipsis+" "+globalKeys.Help.Help().Key+" on a screen shows all of it", width)))
	}
	rule := t.Faint.Render(strings.Repeat(t.Glyph.Rule, width))
	return widget.Lay(body, width, height-len(lines)-1) + "\n" + rule + "\n" + strings.Join(lines, "\n")
}
