package overview

import (
	"errors"
	"regexp"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// found is the answer of a search.
type found struct {
	job        int
	text       string // that was looked for
	connection int    // of the suspect that has it
	hit        message.Hit
	err        error // cancelled
}

// find looks for a text in all that is said of a suspect, from the cursor on.
func (m Model) find(msg message.Search) (screen.Screen, tea.Cmd) {
	from, ok := m.suspects.Cursor()
	if !ok || msg.Text == "" {
		return m, nil
	}
	re, err := msg.Pattern()
	if err != nil {
		return m, message.Request(message.Failed{What: "search", Err: err})
	}
	j, ctx := m.search.Start()
	m.search = j
	return m, func() tea.Msg {
		hit, err := msg.Find(ctx, from, len(m.shown), func(k int) bool { return m.says(k, re) })
		answer := found{job: j.Number, text: msg.Text, connection: -1, hit: hit, err: err}
		if hit.Row >= 0 {
			answer.connection = int(m.suspect(hit.Row).Connection)
		}
		return answer
	}
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
	if msg.job != m.search.Number || msg.err != nil {
		return m, nil
	}
	m.search = m.search.Stop()
	row := slices.IndexFunc(m.shown, func(i int) bool { return int(m.snapshot.Suspects[i].Connection) == msg.connection })
	if row < 0 {
		return m, message.Request(message.Failed{What: "find " + msg.text, Err: errors.New("no suspect that is shown has it; the other screens search the log")})
	}
	m.suspects.SetCursor(row)
	m.want = -1
	if msg.hit.Wrapped {
		return m, message.WentOn()
	}
	return m, nil
}
