package templates

import (
	"regexp"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// found is the answer of a search.
type found = screen.Found[*listing]

// find looks for a text in event ids and templates, from the cursor on.
func (m Model) find(msg message.Search) (screen.Screen, tea.Cmd) {
	from, ok := m.table.Cursor()
	l := m.listing
	if !ok || l == nil {
		return m, nil
	}
	var cmd tea.Cmd
	m.search, cmd = screen.Search(m.search, msg, from, len(l.order), l, func(re *regexp.Regexp) func(int) bool {
		return func(k int) bool {
			t := &l.snapshot.Templates[l.order[k]]
			return re.MatchString(t.Text) || re.MatchString(t.EventID)
		}
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
		k, shown = m.listing.find(msg.In.event(int(msg.In.order[msg.Hit.Row])))
	}
	if shown {
		m.detail, m.moved = m.detail.close(), true
		m.table.SetCursor(k)
	}
	return m, msg.Say(shown, "no template that is shown has it")
}
