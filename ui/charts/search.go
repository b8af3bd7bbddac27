package charts

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
	chart   chart
	key     string // of the row, empty for none
	text    string // that was looked for
	wrapped bool
	err     error // cancelled
}

// find looks for a text in the names of the chart's rows, from the cursor on.
func (m Model) find(msg message.Search) (screen.Screen, tea.Cmd) {
	from, ok := m.tables[m.chart].Cursor()
	if !ok || m.sheets == nil || msg.Text == "" {
		return m, nil
	}
	re, err := pattern(msg.Text)
	if err != nil {
		return m, message.Request(message.Failed{What: "search", Err: err})
	}
	var ctx context.Context
	m.search, ctx = m.search.start()
	number, c, rows := m.search.number, m.chart, m.sheets[m.chart].rows
	return m, func() tea.Msg {
		n := len(rows)
		for step := 1; step <= n; step++ {
			if ctx.Err() != nil {
				return found{job: number, err: ctx.Err()}
			}
			k := (from + step) % n
			if msg.Backwards {
				k = (from - step + n) % n
			}
			if r := rows[k]; re.MatchString(r.text) || re.MatchString(r.second) {
				return found{job: number, chart: c, key: r.key(), text: msg.Text, wrapped: (k <= from) != msg.Backwards}
			}
		}
		return found{job: number, chart: c, text: msg.Text}
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
	k, ok := m.sheets[msg.chart].at[msg.key]
	if !ok {
		return m, message.Request(message.Failed{What: "find " + msg.text, Err: errors.New("no row of this chart is called so")})
	}
	m.tables[msg.chart].SetCursor(k)
	m.moved[msg.chart] = true
	if msg.wrapped {
		return m, message.Request(message.Notice{Text: "search went on at the other end"})
	}
	return m, nil
}
