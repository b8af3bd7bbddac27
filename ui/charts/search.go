package charts

import (
	"errors"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// found is the answer of a search.
type found struct {
	job   int
	text  string // that was looked for
	chart chart
	in    []row // that the hit is one of
	hit   message.Hit
	err   error // cancelled
}

// find looks for a text in the names of the chart's rows, from the cursor on.
func (m Model) find(msg message.Search) (screen.Screen, tea.Cmd) {
	from, ok := m.tables[m.chart].Cursor()
	if !ok || m.sheets == nil || msg.Text == "" {
		return m, nil
	}
	re, err := msg.Pattern()
	if err != nil {
		return m, message.Request(message.Failed{What: "search", Err: err})
	}
	j, ctx := m.search.Start()
	m.search = j
	c, rows := m.chart, m.sheets[m.chart].rows
	return m, func() tea.Msg {
		hit, err := msg.Find(ctx, from, len(rows), func(k int) bool {
			return re.MatchString(rows[k].text) || re.MatchString(rows[k].second)
		})
		return found{j.Number, msg.Text, c, rows, hit, err}
	}
}

func (m Model) foundAt(msg found) (screen.Screen, tea.Cmd) {
	if msg.job != m.search.Number || msg.err != nil {
		return m, nil
	}
	m.search = m.search.Stop()
	k, ok := 0, false
	if msg.hit.Row >= 0 {
		k, ok = m.sheets[msg.chart].at[msg.in[msg.hit.Row].key()]
	}
	if !ok {
		return m, message.Request(message.Failed{What: "find " + msg.text, Err: errors.New("no row of this chart is called so")})
	}
	m.tables[msg.chart].SetCursor(k)
	m.moved[msg.chart] = true
	if msg.hit.Wrapped {
		return m, message.WentOn()
	}
	return m, nil
}
