package overview

import (
	"context"
	"errors"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// find looks for a text in all that is said of a suspect, from the cursor on.
// There are no more of them than finding.MaxSuspects, so it need not wait.
func (m Model) find(msg message.Search) (screen.Screen, tea.Cmd) {
	from, ok := m.suspects.Cursor()
	if !ok || msg.Text == "" {
		return m, nil
	}
	re, err := msg.Pattern()
	if err != nil {
		return m, message.Request(message.Failed{What: "search", Err: err})
	}
	hit, _ := msg.Find(context.Background(), from, m.suspects.Len(), func(i int) bool {
		for _, cell := range m.suspectRows(i, i+1)[0][:columnReasons] {
			if re.MatchString(cell.Text) {
				return true
			}
		}
		return slices.ContainsFunc(m.suspect(i).Reasons, re.MatchString)
	})
	if hit.Row < 0 {
		return m, message.Request(message.Failed{What: "find " + msg.Text, Err: errors.New("no suspect that is shown has it; the other screens search the log")})
	}
	m.suspects.SetCursor(hit.Row)
	m.want = -1
	if hit.Wrapped {
		return m, message.WentOn()
	}
	return m, nil
}
