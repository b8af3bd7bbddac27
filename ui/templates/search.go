package templates

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// found is the answer of a search.
type found struct {
	job     int
	event   string // of the template, empty for none
	text    string // that was looked for
	wrapped bool
	err     error // cancelled
}

// find looks for a text in event ids and templates, from the cursor on.
func (m Model) find(msg message.Search) (screen.Screen, tea.Cmd) {
	l := m.listing
	from, ok := m.table.Cursor()
	if !ok || l == nil || msg.Text == "" {
		return m, nil
	}
	re, err := pattern(msg.Text)
	if err != nil {
		return m, message.Request(message.Failed{What: "search", Err: err})
	}
	var ctx context.Context
	m.search, ctx = m.search.start()
	number := m.search.number
	return m, func() tea.Msg {
		n := len(l.order)
		for step := 1; step <= n; step++ {
			if ctx.Err() != nil {
				return found{job: number, err: ctx.Err()}
			}
			k := (from + step) % n
			if msg.Backwards {
				k = (from - step + n) % n
			}
			t := &l.snapshot.Templates[l.order[k]]
			if re.MatchString(t.Text) || re.MatchString(t.EventID) {
				return found{job: number, event: t.EventID, text: msg.Text, wrapped: (k <= from) != msg.Backwards}
			}
		}
		return found{job: number, text: msg.Text}
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

func (m Model) foundAt(msg found) (screen.Screen, tea.Cmd) {
	if msg.job != m.search.number || msg.err != nil {
		return m, nil
	}
	m.search = m.search.done()
	k, ok := m.listing.find(msg.event)
	if !ok {
		return m, message.Request(message.Failed{What: "find " + msg.text, Err: errors.New("no template that is shown has it")})
	}
	m.detail, m.moved = m.detail.close(), true
	m.table.SetCursor(k)
	if msg.wrapped {
		return m, message.Request(message.Notice{Text: "search went on at the other end"})
	}
	return m, nil
}
