package charts

import (
	"regexp"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// searched is where a search looks.
type searched struct {
	chart chart
	rows  []row
}

// found is the answer of a search.
type found = screen.Found[searched]

// find looks for a text in the names of the chart's rows, from the cursor on.
func (m Model) find(msg message.Search) (screen.Screen, tea.Cmd) {
	from, ok := m.tables[m.chart].Cursor()
	if !ok || m.sheets == nil {
		return m, nil
	}
	rows := m.sheets[m.chart].rows
	var cmd tea.Cmd
	m.search, cmd = screen.Search(m.search, msg, from, len(rows), searched{m.chart, rows}, func(re *regexp.Regexp) func(int) bool {
		return func(k int) bool { return re.MatchString(rows[k].text) || re.MatchString(rows[k].second) }
	})
	return m, cmd
}

func (m Model) foundAt(msg found) (screen.Screen, tea.Cmd) {
	var ok bool
	if m.search, ok = msg.Of(m.search); !ok {
		return m, nil
	}
	k, shown := 0, false
	if msg.Hit.Row >= 0 {
		k, shown = m.sheets[msg.In.chart].at[msg.In.rows[msg.Hit.Row].key()]
	}
	if shown {
		m.tables[msg.In.chart].SetCursor(k)
		m.moved[msg.In.chart] = true
	}
	return m, msg.Say(shown, "no row of this chart is called so")
}
