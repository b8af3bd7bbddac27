// Package charts is the screen of the notebook's plots: entries by action, by
// table and by hour of day, frequent pairs of action and table, and what the
// connection ids of each action and table look like.
//
//	Snapshot.Counts --(sheet.go, in a command)--> rows --> a list for each chart (columns.go)
package charts

import (
	"context"
	"sync"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/count"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/timeline"
)

// Model is the screen.
type Model struct {
	theme         *theme.Theme
	width, height int
	snapshot      *pipeline.Snapshot // nil until the first one
	filtered      message.Filtered
	whole         bool // the log is shown, whatever is filtered
	shown         bool // it was, so that what the filters leave is worth counting
	unread        message.Unread
	chart         chart
	lists         [numCharts]list.List[data]
	counted       *counting      // that sheets are made of, or are being made of
	time          timeline.Model // over the charts when it is entered
}

// New makes the screen.
func New(t *theme.Theme) Model {
	m := Model{theme: t, time: timeline.New(t, false)}
	for c := range m.lists {
		m.lists[c] = list.New(t, specs[c])
	}
	return m.layout()
}

// Title returns the name of the tab.
func (Model) Title() string { return "Charts" }

// list is that of the chart which is shown.
func (m *Model) list() *list.List[data] { return &m.lists[m.chart] }

// Update takes facts and keys.
func (m Model) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case message.Snapshot:
		return m.setSnapshot(msg.Snapshot)
	case message.Filtered:
		was := m.filters()
		m.filtered = msg
		time := m.time.SetFiltered(msg)
		if !was && !m.filters() {
			return m, time
		}
		m, count := m.count()
		return m, tea.Batch(time, count)
	case message.Shown:
		if m.shown {
			return m, nil
		}
		m.shown = true
		return m.count()
	case message.Unread:
		m.unread = msg
		return m, nil
	case message.AtTime:
		return m, m.time.Update(msg)
	case message.Search:
		cmd, _ := m.list().Update(msg)
		return m, cmd
	case tea.KeyMsg:
		return m.press(msg)
	}
	// An answer is that of one list, the others know that it is not theirs.
	cmds := []tea.Cmd{m.time.Update(msg)}
	for c := range m.lists {
		cmd, _ := m.lists[c].Update(msg)
		cmds = append(cmds, cmd)
	}
	return m.layout(), tea.Batch(cmds...)
}

func (m Model) press(msg tea.KeyMsg) (screen.Screen, tea.Cmd) {
	switch {
	case msg.Paste:
		return m, nil
	case m.time.Is():
		return m, m.time.Update(msg)
	case key.Matches(msg, timeline.Key()):
		return m, m.time.Enter(0, false)
	case key.Matches(msg, keys.whole):
		if len(m.filtered.Active) == 0 {
			return m, message.Request(message.Notice{Text: "no filter is on: this is the whole log"})
		}
		m.whole = !m.whole
		return m.count()
	case key.Matches(msg, keys.next):
		m.chart = (m.chart + 1) % numCharts
		return m.layout(), nil
	case key.Matches(msg, keys.previous):
		m.chart = (m.chart + numCharts - 1) % numCharts
		return m.layout(), nil
	}
	cmd, _ := m.list().Update(msg)
	return m.layout(), cmd
}

// setSnapshot makes the sheets anew where the counts are others.
func (m Model) setSnapshot(s *pipeline.Snapshot) (screen.Screen, tea.Cmd) {
	if s == nil {
		return m, nil
	}
	m.snapshot = s
	time := m.time.SetSnapshot(s)
	if m.filters() && m.counted != nil {
		return m, time // what they leave comes again
	}
	m, count := m.count()
	return m, tea.Batch(time, count)
}

// filters reports whether what is counted is only what filters leave.
func (m *Model) filters() bool { return len(m.filtered.Active) > 0 && !m.whole }

// counting is the tables that the charts draw: those of the whole log, or of what the
// filters leave, which are counted when the first chart needs them.
type counting struct {
	snapshot *pipeline.Snapshot
	entries  message.Rows // nil for all

	mutex  sync.Mutex
	tables *count.Tables
}

func (c *counting) count(ctx context.Context) (*count.Tables, error) {
	if c.entries == nil {
		return c.snapshot.Counts, nil
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var err error
	if c.tables == nil {
		c.tables, err = count.Of(ctx, &c.snapshot.Log, c.entries)
	}
	return c.tables, err
}

// count makes the sheets anew where the counts are others.
func (m Model) count() (Model, tea.Cmd) {
	s := m.snapshot
	if s == nil || s.Counts == nil || m.filters() && (!m.shown || m.filtered.Entries == nil) {
		return m, nil
	}
	c := &counting{snapshot: s}
	if m.filters() {
		c.entries = m.filtered.Entries
	} else if was := m.counted; was != nil && was.entries == nil && was.snapshot.Counts == s.Counts {
		return m, nil
	}
	m.counted = c
	t := m.theme
	var cmds []tea.Cmd
	for k := range m.lists {
		cmds = append(cmds, m.lists[k].Load(false, func(ctx context.Context) (data, message.Rows, error) {
			tables, err := c.count(ctx)
			if err != nil {
				return data{}, nil, err
			}
			made := chart(k).sheet(tables)
			return data{t, &made}, message.All(len(made.rows)), ctx.Err()
		}))
	}
	return m, tea.Batch(cmds...)
}

// Focus offers the row under the cursor, or all marked ones, to + and -. Y copies
// the marked rows, or else the whole chart.
func (m Model) Focus() screen.Focus {
	if m.time.Is() {
		return m.time.Focus()
	}
	shown := *m.list()
	f := shown.Focus()
	if shown.Len() > 0 && !shown.Taken() {
		c := m.chart
		f.Copy = message.Copy{What: "the chart " + c.String(), Text: func(context.Context) (string, error) { return c.text(&shown), nil }}
	}
	return f
}

// Escape takes away what was put on the list.
func (m Model) Escape() (screen.Screen, bool) {
	ok := m.time.Escape() || m.list().Escape()
	return m.layout(), ok
}

// Close leaves the timeline.
func (m Model) Close() (screen.Screen, bool) {
	ok := m.time.Close()
	return m, ok
}

// Lists are those of all charts, of the one that is shown first; none is while the
// timeline is.
func (m Model) Lists() []list.Any {
	if m.time.Is() {
		return nil
	}
	lists := []list.Any{m.list()}
	for c := range m.lists {
		if chart(c) != m.chart {
			lists = append(lists, &m.lists[c])
		}
	}
	return lists
}
