package findings

import (
	"cmp"
	"context"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/finding"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// listing is the rows of the table in order. Nobody writes to it.
type listing struct {
	snapshot *pipeline.Snapshot
	findings []finding.Finding
	active   []string       // filters that are on
	labels   label.Set      // that the order knows
	order    []int32        // findings, by position
	at       map[uint32]int // positions, by connection
	unjudged int            // of all findings, those without a label
}

// finding returns the finding at a position.
func (l *listing) finding(k int) *finding.Finding { return &l.findings[l.order[k]] }

// arranged is the answer to a question for a listing.
type arranged struct {
	job     int
	listing *listing
	err     error // cancelled
}

// arrange chooses and sorts the rows anew.
func (m Model) arrange() (screen.Screen, tea.Cmd) {
	if m.snapshotOf == nil {
		return m, nil
	}
	j, ctx := m.listings.Start()
	m.listings = j
	l := &listing{snapshot: m.snapshotOf, findings: m.findings, active: m.filtered.Active, labels: m.labels}
	rows := m.filtered.Connections
	column, descending := columnID(m.table.SortColumn), m.table.Descending
	return m, screen.Work(func() tea.Msg {
		if err := l.choose(ctx, rows); err != nil {
			return arranged{job: j.Number, err: err}
		}
		if column >= 0 {
			l.sort(column, descending)
		} else {
			l.rank()
		}
		l.at = make(map[uint32]int, len(l.order))
		for k := range l.order {
			l.at[l.finding(k).Connection] = k
		}
		return arranged{job: j.Number, listing: l}
	})
}

// choose takes the findings that the filters leave.
func (l *listing) choose(ctx context.Context, rows message.Rows) error {
	for i := range l.findings {
		if i%(1<<12) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		f := &l.findings[i]
		if f.Verdict.Class == "" {
			l.unjudged++
		}
		if len(l.active) > 0 && rows != nil {
			if _, ok := rows.Find(int(f.Connection)); !ok {
				continue
			}
		}
		l.order = append(l.order, int32(i))
	}
	return nil
}

// verdict is the label of a finding; one given since the findings were gathered
// counts.
func (l *listing) verdict(f *finding.Finding) label.Verdict {
	v, _ := l.labels.Verdict(l.snapshot.Connections.Ref(int(f.Connection)))
	return v
}

// rank puts first what the analyst takes away, then what nobody has judged, then
// what is normal; of each the most suspicious first. In order of the log the
// nightly backup would stand before the attack.
func (l *listing) rank() {
	group := func(f *finding.Finding) int {
		switch l.verdict(f).Class {
		case "":
			return 1
		case label.Normal:
			return 2
		}
		return 0
	}
	slices.SortStableFunc(l.order, func(x, y int32) int {
		a, b := &l.findings[x], &l.findings[y]
		return cmp.Or(cmp.Compare(group(a), group(b)), cmp.Compare(b.Score, a.Score))
	})
}

func (l *listing) sort(column columnID, descending bool) {
	class := map[string]int{}
	for i, c := range l.labels.Classes() {
		class[c] = i
	}
	verdict := l.verdict
	slices.SortStableFunc(l.order, func(x, y int32) int {
		if descending {
			x, y = y, x
		}
		a, b := &l.findings[x], &l.findings[y]
		switch column {
		case columnClass:
			v, w := verdict(a), verdict(b)
			return cmp.Or(cmp.Compare(len(v.Class), 0)-cmp.Compare(len(w.Class), 0), cmp.Compare(class[v.Class], class[w.Class]))
		case columnBy:
			return cmp.Compare(verdict(a).Source, verdict(b).Source)
		case columnAt:
			return verdict(a).At.Compare(verdict(b).At)
		}
		return column.compare(a, b)
	})
}

func (id columnID) compare(a, b *finding.Finding) int {
	switch id {
	case columnName:
		return cmp.Compare(a.Connection, b.Connection)
	case columnFirst:
		return a.First.Compare(b.First)
	case columnUser:
		return strings.Compare(a.User, b.User)
	case columnHost:
		return strings.Compare(a.Host, b.Host)
	case columnEntries:
		return cmp.Compare(a.Entries, b.Entries)
	case columnDetections:
		return cmp.Or(cmp.Compare(len(a.Detections), len(b.Detections)), slices.Compare(a.Detections, b.Detections))
	case columnScore:
		return cmp.Compare(a.Score, b.Score)
	case columnReasons:
		return slices.Compare(a.Reasons, b.Reasons)
	}
	return strings.Compare(a.Note, b.Note)
}

// show puts a listing into the table. Marks stay on their connections, and so does
// a cursor that was moved, unless somebody has sorted, which is to see what comes
// first, or has judged its connection, behind which the next one to be read
// stands.
func (m Model) show(msg arranged) (screen.Screen, tea.Cmd) {
	if msg.job != m.listings.Number || msg.err != nil {
		return m, nil
	}
	m.listings = m.listings.Stop()
	old := m.listing
	m.listing = msg.listing
	stays, _ := m.table.Cursor()
	judged := false
	if old != nil && stays < len(old.order) {
		f := old.finding(stays)
		judged = old.verdict(f).Class != m.listing.verdict(f).Class
	}
	lost := m.table.Rearrange(len(m.listing.order), func(k int) (int, bool) {
		now, ok := m.listing.at[old.finding(k).Connection]
		return now, ok
	})
	switch {
	case m.toTop, !m.moved:
		m.table.SetCursor(0)
	case judged:
		m.table.SetCursor(stays)
	}
	m.toTop = false
	m = m.layout()
	if lost {
		return m, message.MarksLost()
	}
	return m, nil
}
