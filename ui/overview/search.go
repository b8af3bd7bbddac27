package overview

import (
	"regexp"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// found is the answer of a search.
type found = screen.Found[suspects]

// suspects are the connections of the rows that were looked through.
type suspects func(row int) (connection uint32)

// find looks for a text in all that is said of a suspect, from the cursor on.
func (m Model) find(msg message.Search) (screen.Screen, tea.Cmd) {
	from, ok := m.suspects.Cursor()
	if !ok {
		return m, nil
	}
	rows := func(k int) uint32 { return m.suspect(k).Connection }
	j, cmd := screen.Search(m.search, msg, from, len(m.shown), suspects(rows), func(re *regexp.Regexp) func(int) bool {
		return func(k int) bool { return m.says(k, re) }
	})
	m.search = j
	return m, cmd
}

// says reports whether anything that is said of the suspect in a row matches.
func (m Model) says(row int, re *regexp.Regexp) bool {
	s := m.suspect(row)
	for _, cell := range m.suspectCells(s)[:columnReasons] {
		if re.MatchString(cell.Text) {
			return true
		}
	}
	return slices.ContainsFunc(s.Reasons, re.MatchString)
}

// foundAt moves the cursor to what was found, wherever that stands by now.
func (m Model) foundAt(msg found) (screen.Screen, tea.Cmd) {
	var ok bool
	if m.search, ok = msg.Of(m.search); !ok {
		return m, nil
	}
	row := -1
	if msg.Hit.Row >= 0 {
		connection := msg.In(msg.Hit.Row)
		row = slices.IndexFunc(m.shown, func(i int) bool { return m.snapshot.Suspects[i].Connection == connection })
	}
	if row >= 0 {
		m.suspects.SetCursor(row)
		m.want = -1
	}
	return m, msg.Say(row >= 0, "no suspect that is shown has it; the other screens search the log")
}
