// Package charts is the screen of the notebook's plots: entries by action, by
// table and by hour of day, frequent pairs of action and table, and what the
// connection ids of each action and table look like.
//
//	Snapshot.Counts --(sheet.go, in a command)--> rows in order --> a table for each chart
package charts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/count"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Model is the screen.
type Model struct {
	theme         *theme.Theme
	width, height int
	snapshot      *pipeline.Snapshot // nil until the first one
	filters       []string           // that are on
	unread        message.Unread
	chart         chart
	tables        [numCharts]widget.Table
	sheets        *[numCharts]sheet // nil until the first ones
	moved         [numCharts]bool   // somebody has put the cursor where it is
	counts        *count.Tables     // that sheets are made of, or are being made of
	job           screen.Job
	search        screen.Job
}

// New makes the screen.
func New(t *theme.Theme) Model {
	m := Model{theme: t}
	for c := range m.tables {
		m.tables[c] = widget.NewTable(t)
	}
	return m.layout()
}

// Title returns the name of the tab.
func (Model) Title() string { return "Charts" }

// Update takes facts and keys.
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case message.Snapshot:
		if msg.Snapshot == nil {
			return m, nil
		}
		m.snapshot = msg.Snapshot
		if m.counts == msg.Counts {
			return m, nil
		}
		m, cmd := m.arrange(false)
		return m, cmd
	case message.Filtered:
		m.filters = msg.Active
	case message.Unread:
		m.unread = msg
	case message.Search:
		return m.find(msg)
	case arranged:
		return m.show(msg)
	case found:
		return m.foundAt(msg)
	case tea.KeyMsg:
		return m.press(msg)
	}
	return m, nil
}

func (m Model) press(msg tea.KeyMsg) (screen.Screen, tea.Cmd) {
	switch {
	case msg.Paste:
		return m, nil
	case key.Matches(msg, keys.next):
		m.chart = (m.chart + 1) % numCharts
		return m.layout(), nil
	case key.Matches(msg, keys.previous):
		m.chart = (m.chart + numCharts - 1) % numCharts
		return m.layout(), nil
	case key.Matches(msg, keys.open):
		return m, m.open()
	}
	switch m.tables[m.chart].Update(msg) {
	case widget.Sorted:
		m, cmd := m.arrange(true)
		return m, cmd
	case widget.Moved, widget.Marked:
		m.moved[m.chart] = true
	}
	return m, nil
}

// current returns the row under the cursor.
func (m Model) current() (row, bool) {
	k, ok := m.tables[m.chart].Cursor()
	if !ok || m.sheets == nil {
		return row{}, false
	}
	return m.sheets[m.chart].rows[k], true
}

// open asks for the entries that a row counts.
func (m Model) open() tea.Cmd {
	r, ok := m.current()
	if !ok {
		return nil
	}
	if term := m.chart.term(r); term != "" {
		return message.Request(message.OpenEntries{Term: term})
	}
	hour := int64(r.hour)
	return message.Request(message.OpenEntries{
		Title: fmt.Sprintf("hour of day %02d", r.hour),
		Pick: func(s *pipeline.Snapshot, i int) bool {
			t := s.Entries.Time(i)
			return t != store.NoTime && hourOfDay(t) == hour
		},
	})
}

// hourOfDay is the hour of a time in microseconds since 1970, also of one before.
func hourOfDay(micros int64) int64 {
	const hour = int64(time.Hour / time.Microsecond)
	return ((micros%(24*hour) + 24*hour) % (24 * hour)) / hour
}

// term returns the filter that selects the entries of a row; empty for hours of
// the day, which the language has no word for.
func (c chart) term(r row) string {
	switch c {
	case byAction, idsByAction:
		return filter.Term("action", r.text)
	case byTable, idsByTable:
		return filter.Term("table", r.text)
	case byPair:
		return filter.Term("action", r.text) + " " + filter.Term("table", r.second)
	}
	return ""
}

// maxTerms is how many marked rows + and - speak of: a filter of more could not
// be read any more.
const maxTerms = 32

// Focus offers the row under the cursor, or all marked ones, to + and -, and the
// chart to y.
func (m Model) Focus() screen.Focus {
	r, ok := m.current()
	if !ok {
		return screen.Focus{}
	}
	c, sheet := m.chart, m.sheets[m.chart]
	f := screen.Focus{
		Term: c.term(r),
		Copy: message.Copy{What: "the chart " + c.String(), Text: func(context.Context) (string, error) { return sheet.text(c), nil }},
	}
	marks := m.tables[c].Marks()
	if f.Term == "" || marks.Len() == 0 || marks.Len() > maxTerms {
		return f
	}
	var terms []string
	for k := range marks.Rows() {
		term := c.term(sheet.rows[k])
		if marks.Len() > 1 && c == byPair {
			term = "(" + term + ")"
		}
		terms = append(terms, term)
	}
	f.Term = strings.Join(terms, " or ")
	return f
}

// Escape takes the marks away.
func (m Model) Escape() (screen.Screen, bool) {
	ok := m.tables[m.chart].Escape()
	return m, ok
}
