package connections

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
)

// search is the looking for a text in names, users, hosts and databases.
type search struct {
	gen    int
	cancel context.CancelFunc
}

// found is the answer: the connection, -1 for none.
type found struct {
	gen        int
	connection int
	position   int
	wrapped    bool
	text       string
	err        error // cancelled
}

// find begins a search behind the cursor.
func (m Model) find(msg message.Search) (Model, tea.Cmd) {
	if m.search.cancel != nil {
		m.search.cancel()
	}
	m.search = search{gen: m.search.gen + 1}
	if m.snapshot == nil || msg.Text == "" || m.shown.len() == 0 {
		return m, nil
	}
	matches, err := pattern(msg.Text)
	if err != nil {
		return m, message.Request(message.Failed{What: "search", Err: err})
	}
	ctx, cancel := context.WithCancel(context.Background())
	m.search.cancel = cancel
	gen, s, shown := m.search.gen, m.snapshot, m.shown
	from, _ := m.table.Cursor()
	return m, func() tea.Msg {
		f := found{gen: gen, connection: -1, text: msg.Text}
		matcher := matcher{snapshot: s, matches: matches, texts: map[uint32]bool{}}
		n := shown.len()
		for step := 1; step <= n; step++ {
			if step%checkEvery == 0 && ctx.Err() != nil {
				return found{gen: gen, err: ctx.Err()}
			}
			k := (from + step) % n
			if msg.Backwards {
				k = (from - step + n) % n
			}
			if c := shown.at(k); matcher.holds(c) {
				f.connection, f.position = c, k
				f.wrapped = (k <= from) != msg.Backwards
				break
			}
		}
		return f
	}
}

// pattern makes a test of what an analyst typed: /regexp/, or text in any case.
func pattern(text string) (*regexp.Regexp, error) {
	if len(text) > 2 && strings.HasPrefix(text, "/") && strings.HasSuffix(text, "/") {
		re, err := regexp.Compile("(?i)" + text[1:len(text)-1])
		if err != nil {
			return nil, fmt.Errorf("regular expression %q: %w", text, err)
		}
		return re, nil
	}
	return regexp.MustCompile("(?i)" + regexp.QuoteMeta(text)), nil
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
	if msg.gen != m.search.gen || msg.err != nil {
		return m, nil
	}
	m.search.cancel = nil
	if msg.connection < 0 {
		return m, message.Request(message.Failed{
			What: "find " + msg.text,
			Err:  errors.New("no connection that is shown has it in its id, user, host or database"),
		})
	}
	if msg.position >= m.shown.len() || m.shown.at(msg.position) != msg.connection {
		// The rows have changed meanwhile.
		return m.goTo(msg.connection)
	}
	m.want, m.toTop = -1, false
	m.table.SetCursor(msg.position)
	if msg.wrapped {
		return m, message.Request(message.Notice{Text: "search went on at the other end"})
	}
	return m, nil
}
