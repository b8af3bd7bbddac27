package connections

import (
	"regexp"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// found is the answer of a search.
type found = screen.Found[rows]

// find looks for a text in names, users, hosts and databases, from the cursor on.
func (m Model) find(msg message.Search) (Model, tea.Cmd) {
	from, ok := m.table.Cursor()
	if m.snapshot == nil || !ok {
		return m, nil
	}
	s, shown := m.snapshot, m.shown
	var cmd tea.Cmd
	m.search, cmd = screen.Search(m.search, msg, from, shown.len(), shown, func(re *regexp.Regexp) func(int) bool {
		matcher := matcher{snapshot: s, matches: re, texts: map[uint32]bool{}}
		return func(k int) bool { return matcher.holds(shown.at(k)) }
	})
	return m, cmd
}

// matcher tests connections; of a text that many share it remembers the answer.
type matcher struct {
	snapshot *pipeline.Snapshot
	matches  *regexp.Regexp
	texts    map[uint32]bool
}

func (m matcher) holds(c int) bool {
	conns := m.snapshot.Connections
	if c >= conns.Len() {
		return false
	}
	k := conns.Peek(c)
	return m.text(k.User) || m.text(k.Host) || m.text(k.Database) || m.matches.MatchString(conns.Name(c))
}

func (m matcher) text(n uint32) bool {
	holds, ok := m.texts[n]
	if !ok {
		text := m.snapshot.Connections.Text(n)
		holds = text != "-" && m.matches.MatchString(text)
		m.texts[n] = holds
	}
	return holds
}

// foundAt moves the cursor to what was found.
func (m Model) foundAt(msg found) (Model, tea.Cmd) {
	var ok bool
	if m.search, ok = msg.Of(m.search); !ok {
		return m, nil
	}
	if msg.Hit.Row >= 0 {
		connection := msg.In.at(msg.Hit.Row)
		if msg.Hit.Row >= m.shown.len() || m.shown.at(msg.Hit.Row) != connection {
			// The rows have changed meanwhile.
			return m.goTo(connection)
		}
		m.want, m.toTop = -1, false
		m.table.SetCursor(msg.Hit.Row)
	}
	return m, msg.Say(msg.Hit.Row >= 0, "no connection that is shown has it in its id, user, host or database")
}
