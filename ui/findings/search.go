package findings

import (
	"errors"
	"regexp"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/finding"
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
	l, labels := m.listing, m.labels
	return m, func() tea.Msg {
		hit, err := msg.Find(ctx, from, len(l.order), func(k int) bool {
			f := l.finding(k)
			class := labels.Class(l.snapshot.Connections.Ref(int(f.Connection)))
			return re.MatchString(class) || says(f, re)
		})
		return found{j.Number, msg.Text, l, hit, err}
	}
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
	if msg.job != m.search.Number || msg.err != nil {
		return m, nil
	}
	m.search = m.search.Stop()
	k, ok := 0, false
	if msg.hit.Row >= 0 {
		k, ok = m.listing.at[msg.in.finding(msg.hit.Row).Connection]
	}
	if !ok {
		return m, message.Request(message.Failed{What: "find " + msg.text, Err: errors.New("no finding that is shown has it")})
	}
	m.table.SetCursor(k)
	m.moved = true
	m.details.Rewind()
	if msg.hit.Wrapped {
		return m, message.WentOn()
	}
	return m, nil
}
