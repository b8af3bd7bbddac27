package findings

import (
	"regexp"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/finding"
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
	l, labels := m.listing, m.labels
	var cmd tea.Cmd
	m.search, cmd = screen.Search(m.search, msg, from, len(l.order), l, func(re *regexp.Regexp) func(int) bool {
		return func(k int) bool {
			f := l.finding(k)
			class := labels.Class(l.snapshot.Connections.Ref(int(f.Connection)))
			return re.MatchString(class) || says(f, re)
		}
	})
	return m, cmd
}

func says(f *finding.Finding, re *regexp.Regexp) bool {
	for _, text := range []string{f.Name, f.User, f.Host, f.Database, f.Outcome, f.Note} {
		if re.MatchString(text) {
			return true
		}
	}
	for _, list := range [][]string{f.Reasons, f.Detections, f.Techniques, f.Actions, f.Tables} {
		if slices.ContainsFunc(list, re.MatchString) {
			return true
		}
	}
	return false
}

func (m Model) foundAt(msg found) (screen.Screen, tea.Cmd) {
	var ok bool
	if m.search, ok = msg.Of(m.search); !ok {
		return m, nil
	}
	k, shown := 0, false
	if msg.Hit.Row >= 0 {
		k, shown = m.listing.at[msg.In.finding(msg.Hit.Row).Connection]
	}
	if shown {
		m.table.SetCursor(k)
		m.moved = true
		m.details.Rewind()
	}
	return m, msg.Say(shown, "no finding that is shown has it")
}
