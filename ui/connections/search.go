package connections

import (
	"errors"
	"regexp"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
)

// found is the answer of a search.
type found struct {
	job  int
	text string // that was looked for
	in   rows   // that the hit is one of
	hit  message.Hit
	err  error // cancelled
}

// find looks for a text in names, users, hosts and databases, from the cursor on.
func (m Model) find(msg message.Search) (Model, tea.Cmd) {
	m.search = m.search.Stop()
	from, ok := m.table.Cursor()
	if m.snapshot == nil || msg.Text == "" || !ok {
		return m, nil
	}
	matches, err := msg.Pattern()
	if err != nil {
		return m, message.Request(message.Failed{What: "search", Err: err})
	}
	j, ctx := m.search.Start()
	m.search = j
	s, shown := m.snapshot, m.shown
	return m, func() tea.Msg {
		matcher := matcher{snapshot: s, matches: matches, texts: map[uint32]bool{}}
		hit, err := msg.Find(ctx, from, shown.len(), func(k int) bool { return matcher.holds(shown.at(k)) })
		return found{j.Number, msg.Text, shown, hit, err}
	}
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
	if msg.job != m.search.Number || msg.err != nil {
		return m, nil
	}
	m.search = m.search.Stop()
	if msg.hit.Row < 0 {
		return m, message.Request(message.Failed{
			What: "find " + msg.text,
			Err:  errors.New("no connection that is shown has it in its id, user, host or database"),
		})
	}
	connection := msg.in.at(msg.hit.Row)
	if msg.hit.Row >= m.shown.len() || m.shown.at(msg.hit.Row) != connection {
		// The rows have changed meanwhile.
		return m.goTo(connection)
	}
	m.want, m.toTop = -1, false
	m.table.SetCursor(msg.hit.Row)
	if msg.hit.Wrapped {
		return m, message.WentOn()
	}
	return m, nil
}
