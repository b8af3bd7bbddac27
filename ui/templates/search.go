package templates

import (
	"errors"

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

// find looks for a text in event ids and templates, from the cursor on.
func (m Model) find(msg message.Search) (screen.Screen, tea.Cmd) {
	l := m.listing
	from, ok := m.table.Cursor()
	if !ok || l == nil || msg.Text == "" {
		return m, nil
	}
	re, err := msg.Pattern()
	if err != nil {
		return m, message.Request(message.Failed{What: "search", Err: err})
	}
	j, ctx := m.search.Start()
	m.search = j
	return m, func() tea.Msg {
		hit, err := msg.Find(ctx, from, len(l.order), func(k int) bool {
			t := &l.snapshot.Templates[l.order[k]]
			return re.MatchString(t.Text) || re.MatchString(t.EventID)
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
		k, ok = m.listing.find(msg.in.event(int(msg.in.order[msg.hit.Row])))
	}
	if !ok {
		return m, message.Request(message.Failed{What: "find " + msg.text, Err: errors.New("no template that is shown has it")})
	}
	m.detail, m.moved = m.detail.close(), true
	m.table.SetCursor(k)
	if msg.hit.Wrapped {
		return m, message.WentOn()
	}
	return m, nil
}
