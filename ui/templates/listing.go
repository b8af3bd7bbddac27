package templates

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// listing is which templates are shown, and in what order. Nobody writes to it.
// It is of one snapshot, because the numbers of templates change while the log
// is read: what a template is known by is its event id.
type listing struct {
	snapshot *pipeline.Snapshot
	active   []string         // filters that are on
	count    []int            // by template, entries that the filters leave
	first    []int            // by template, the first of these entries
	last     []int            // by template, the last of them
	usage    *usage           // by these entries; nil where no filter is on
	total    int              // sum of count
	order    []int32          // templates, by position
	position []int32          // by template, -1 for one that the filters hide
	byEvent  map[string]int32 // templates, by event id
}

// event returns the event id of a template.
func (l *listing) event(template int) string { return l.snapshot.Templates[template].EventID }

// template returns the template that has an event id.
func (l *listing) template(event string) (int, bool) {
	if l == nil {
		return 0, false
	}
	t, ok := l.byEvent[event]
	return int(t), ok
}

// find returns the position of the template that has an event id.
func (l *listing) find(event string) (int, bool) {
	t, ok := l.template(event)
	if !ok || l.position[t] < 0 {
		return 0, false
	}
	return int(l.position[t]), true
}

// arrangement is what a listing is made from.
type arrangement struct {
	snapshot   *pipeline.Snapshot
	filtered   message.Filtered
	usage      usage
	column     int // -1 for order of first appearance
	descending bool
}

// arranged is the answer.
type arranged struct {
	job     int
	listing *listing
	err     error // cancelled
}

// arrange lists the templates anew. With restart what is under way is given up;
// otherwise it is finished first, because a log that is being read changes
// faster than a long list is sorted.
func (m Model) arrange(restart bool) (Model, tea.Cmd) {
	if m.snapshot == nil {
		return m, nil
	}
	if m.listings.Running() && !restart {
		m.listings.Again = true
		return m, nil
	}
	var ctx context.Context
	m.listings, ctx = m.listings.Start()
	number := m.listings.Number
	a := arrangement{m.snapshot, m.filtered, m.usage, m.table.SortColumn, m.table.Descending}
	return m, screen.Work(func() tea.Msg {
		l, err := a.listing(ctx)
		return arranged{number, l, err}
	})
}

// checkEvery is after how many steps a loop looks whether it is still wanted, and
// lets others run: keys must not wait for it.
const checkEvery = 1 << 13

func (a arrangement) listing(ctx context.Context) (*listing, error) {
	s := a.snapshot
	l := &listing{
		snapshot: s, active: a.filtered.Active,
		count: make([]int, len(s.Templates)), first: make([]int, len(s.Templates)), last: make([]int, len(s.Templates)),
		position: make([]int32, len(s.Templates)), byEvent: make(map[string]int32, len(s.Templates)),
	}
	if err := a.tally(ctx, l); err != nil {
		return nil, err
	}
	for t := range s.Templates {
		l.byEvent[s.Templates[t].EventID] = int32(t)
		l.position[t] = -1
		l.total += l.count[t]
		if l.count[t] > 0 {
			l.order = append(l.order, int32(t))
		}
	}
	if compare := a.compare(l); compare != nil {
		slices.SortStableFunc(l.order, func(x, y int32) int {
			if a.descending {
				x, y = y, x
			}
			return compare(int(x), int(y))
		})
	}
	for k, t := range l.order {
		l.position[t] = int32(k)
	}
	return l, ctx.Err()
}

// tally finds out what the filters leave of each template: a row speaks of these
// entries and no others.
func (a arrangement) tally(ctx context.Context, l *listing) (err error) {
	s := a.snapshot
	if len(a.filtered.Active) == 0 {
		for t := range s.Templates {
			l.count[t], l.first[t], l.last[t] = s.Templates[t].Count, s.Templates[t].First, s.Templates[t].Last
		}
		return nil
	}
	rows := a.filtered.Entries
	for k := range rows.Len() {
		if k%checkEvery == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			runtime.Gosched()
		}
		i := rows.At(k)
		if i >= s.Entries.Len() {
			break // the filters know of entries that came after this snapshot
		}
		t := s.Template(i)
		if l.count[t] == 0 {
			l.first[t] = i
		}
		l.last[t] = i
		l.count[t]++
	}
	l.usage = &usage{}
	if s.Timeline == nil {
		return nil
	}
	if l.usage.activity, err = findActivity(ctx, s, a.filtered); err != nil {
		return err
	}
	l.usage.anomalous, err = findAnomalous(ctx, s, a.filtered)
	return err
}

// compare orders templates, given by number, by the column that was chosen; nil
// leaves them in order of first appearance.
func (a arrangement) compare(l *listing) func(x, y int) int {
	list, use := a.snapshot.Templates, a.usage
	if l.usage != nil {
		use = *l.usage
	}
	switch columnID(a.column) {
	case columnCount, columnShare:
		return func(x, y int) int { return cmp.Compare(l.count[x], l.count[y]) }
	case columnConnections:
		return func(x, y int) int { return cmp.Compare(use.connectionsOf(x), use.connectionsOf(y)) }
	case columnClass:
		return func(x, y int) int { return cmp.Compare(use.classOf(x, l.count[x]), use.classOf(y, l.count[y])) }
	case columnFirst:
		return func(x, y int) int {
			return cmp.Compare(a.snapshot.Entries.Time(l.first[x]), a.snapshot.Entries.Time(l.first[y]))
		}
	case columnLast:
		return func(x, y int) int {
			return cmp.Compare(a.snapshot.Entries.Time(l.last[x]), a.snapshot.Entries.Time(l.last[y]))
		}
	case columnEvent:
		return func(x, y int) int { return strings.Compare(list[x].EventID, list[y].EventID) }
	case columnText:
		return func(x, y int) int { return strings.Compare(list[x].Text, list[y].Text) }
	}
	return nil
}

// showListing puts a listing into the table. A cursor that was moved stays on
// its template, another at the top; marks stay on theirs.
func (m Model) showListing(msg arranged) (screen.Screen, tea.Cmd) {
	if msg.job != m.listings.Number || msg.err != nil {
		return m, nil
	}
	again := m.listings.Again
	m.listings = m.listings.Stop()

	event := m.want
	if t, ok := m.current(); ok && event == "" && m.moved {
		event = m.listing.event(t)
	}
	old := m.listing
	m.listing = msg.listing
	lost := m.table.Rearrange(len(m.listing.order), func(k int) (int, bool) { return m.listing.find(old.event(int(old.order[k]))) })
	if k, ok := m.listing.find(event); ok {
		m.table.SetCursor(k)
		m.want = ""
	} else if !m.moved {
		m.table.SetCursor(0)
	}
	var cmd tea.Cmd
	if again {
		m, cmd = m.arrange(true)
	} else {
		cmd = m.explainWant()
	}
	if lost {
		cmd = tea.Batch(cmd, message.MarksLost())
	}
	return m, cmd
}

// explainWant says why a template that was asked for is not shown.
func (m *Model) explainWant() tea.Cmd {
	if m.want == "" || len(m.listing.active) == 0 {
		return nil
	}
	text := "the filters hide every entry of template " + m.want
	m.want = ""
	return message.Request(message.Notice{Text: text})
}
