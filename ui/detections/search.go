package detections

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// found is the answer of a search.
type found struct {
	job     int
	id      int // of the row
	ok      bool
	text    string // that was looked for
	wrapped bool
	err     error // cancelled
}

// find looks for a text in all that a row says, from the cursor on.
func (m Model) find(msg message.Search) (screen.Screen, tea.Cmd) {
	from, ok := m.table.Cursor()
	if !ok || m.listing == nil || msg.Text == "" {
		return m, nil
	}
	re, err := pattern(msg.Text)
	if err != nil {
		return m, message.Request(message.Failed{What: "search", Err: err})
	}
	j, ctx := m.search.start()
	m.search = j
	rows := m.listing.rows
	return m, func() tea.Msg {
		n := len(rows)
		for step := 1; step <= n; step++ {
			if ctx.Err() != nil {
				return found{job: j.number, err: ctx.Err()}
			}
			k := (from + step) % n
			if msg.Backwards {
				k = (from - step + n) % n
			}
			if slices.ContainsFunc(rows[k].paragraphs(), re.MatchString) {
				return found{job: j.number, id: rows[k].id, ok: true, text: msg.Text, wrapped: (k <= from) != msg.Backwards}
			}
		}
		return found{job: j.number, text: msg.Text}
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
	k, ok := m.listing.at[msg.id]
	if !msg.ok || !ok {
		return m, message.Request(message.Failed{What: "find " + msg.text, Err: errors.New("no detection that is shown has it")})
	}
	m.table.SetCursor(k)
	m.top = 0
	if msg.wrapped {
		return m, message.Request(message.Notice{Text: "search went on at the other end"})
	}
	return m, nil
}
