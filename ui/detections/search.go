package detections

import (
	"errors"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// found is the answer of a search.
type found struct {
	job  int
	text string   // that was looked for
	in   *listing // that the hit is a row of
	hit  message.Hit
	err  error // cancelled
}

// find looks for a text in all that a row says, from the cursor on.
func (m Model) find(msg message.Search) (screen.Screen, tea.Cmd) {
	from, ok := m.table.Cursor()
	if !ok || m.listing == nil || msg.Text == "" {
		return m, nil
	}
	re, err := msg.Pattern()
	if err != nil {
		return m, message.Request(message.Failed{What: "search", Err: err})
	}
	j, ctx := m.search.Start()
	m.search = j
	l, s := m.listing, m.snapshot
	return m, func() tea.Msg {
		hit, err := msg.Find(ctx, from, len(l.rows), func(k int) bool {
			return slices.ContainsFunc(l.rows[k].paragraphs(s), re.MatchString)
		})
		return found{j.Number, msg.Text, l, hit, err}
	}
}

func (m Model) foundAt(msg found) (screen.Screen, tea.Cmd) {
	if msg.job != m.search.Number || msg.err != nil {
		return m, nil
	}
	m.search = m.search.Stop()
	k, ok := 0, false
	if msg.hit.Row >= 0 {
		k, ok = m.listing.at[msg.in.rows[msg.hit.Row].id]
	}
	if !ok {
		return m, message.Request(message.Failed{What: "find " + msg.text, Err: errors.New("nothing that is shown here has it")})
	}
	m.limits = limitsPanel{} // the hit is a row
	m.table.SetCursor(k)
	m.details.Rewind()
	if msg.hit.Wrapped {
		return m, message.WentOn()
	}
	return m, nil
}
