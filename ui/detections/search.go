package detections

import (
	"regexp"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// found is the answer of a search.
type found = screen.Found[*listing]

// find looks for a text in all that a row says, from the cursor on.
func (m Model) find(msg message.Search) (screen.Screen, tea.Cmd) {
	from, ok := m.table.Cursor()
	if !ok || m.listing == nil {
		return m, nil
	}
	l, s := m.listing, m.snapshot
	var cmd tea.Cmd
	m.search, cmd = screen.Search(m.search, msg, from, len(l.rows), l, func(re *regexp.Regexp) func(int) bool {
		return func(k int) bool { return slices.ContainsFunc(l.rows[k].paragraphs(s), re.MatchString) }
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
		k, shown = m.listing.at[msg.In.rows[msg.Hit.Row].id]
	}
	if shown {
		m.limits = limitsPanel{} // the hit is a row
		m.table.SetCursor(k)
		m.details.Rewind()
	}
	return m, msg.Say(shown, "nothing that is shown here has it")
}
