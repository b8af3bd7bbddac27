package connections

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// arranged is the answer: rows in order, and where the cursor and the marks are
// among them.
type arranged struct {
	job     int
	natural message.Rows
	order   []uint32
	place   place
	at      positions
	err     error // cancelled
}

// arrange puts the rows in the order that the table asks for: at once where it
// is that of the log, else in the background.
func (m Model) arrange() (Model, tea.Cmd) {
	natural := m.filtered.Connections
	if natural == nil {
		return m, nil
	}
	if m.table.SortColumn < 0 || m.snapshot == nil {
		m.sorting = m.sorting.Stop()
		p := m.place()
		if m.keepsPositions(natural) {
			marks := m.table.Marks()
			p.marked, p.lost = nil, 0
			at := p.inNaturalOrder(natural)
			at.marks = marks
			return m.show(rows{natural: natural}, p, at)
		}
		return m.show(rows{natural: natural}, p, p.inNaturalOrder(natural))
	}
	if m.sorting.Running() {
		// The log grows faster than a large table is sorted: what is under way
		// is shown first.
		m.sorting.Again = true
		return m, nil
	}
	var ctx context.Context
	m.sorting, ctx = m.sorting.Start()
	number, p := m.sorting.Number, m.place()
	by := sortBy{m.snapshot, m.labels, columnID(m.table.SortColumn), m.table.Descending}
	return m, screen.Work(func() tea.Msg {
		order, err := by.order(ctx, natural)
		if err != nil {
			return arranged{job: number, err: err}
		}
		at, err := p.inOrder(ctx, order)
		return arranged{number, natural, order, p, at, err}
	})
}

// keepsPositions says that every row stays where it is: nothing is filtered or
// sorted, before and now, so rows are only added at the end.
func (m Model) keepsPositions(natural message.Rows) bool {
	_, before := m.shown.natural.(message.All)
	_, now := natural.(message.All)
	return before && now && m.shown.order == nil
}

// arrive shows sorted rows, unless cursor or marks have moved meanwhile: then
// they are looked for again.
func (m Model) arrive(msg arranged) (Model, tea.Cmd) {
	if msg.job != m.sorting.Number || msg.err != nil {
		return m, nil
	}
	if p := m.place(); !p.equal(msg.place) {
		var ctx context.Context
		again := m.sorting.Again
		m.sorting, ctx = m.sorting.Start()
		m.sorting.Again = again
		number := m.sorting.Number
		return m, screen.Work(func() tea.Msg {
			at, err := p.inOrder(ctx, msg.order)
			return arranged{number, msg.natural, msg.order, p, at, err}
		})
	}
	again := m.sorting.Again
	m.sorting = m.sorting.Stop()
	m, cmd := m.show(rows{msg.natural, msg.order}, msg.place, msg.at)
	if again {
		var more tea.Cmd
		m, more = m.arrange()
		cmd = tea.Batch(cmd, more)
	}
	return m, cmd
}

// show replaces the rows of the table.
func (m Model) show(r rows, p place, at positions) (Model, tea.Cmd) {
	m.shown = r
	m.table.SetMarks(at.marks)
	m.table.SetLen(r.len())
	if m.toTop {
		m.toTop = false
		m.table.SetCursor(0)
	}
	if at.cursor >= 0 {
		m.table.SetCursor(at.cursor)
	}
	if p.lost > 0 {
		return m, message.MarksLost()
	}
	return m, nil
}

// radixBits is the size of a digit: the counters of all digits of a key fit into
// the first-level cache.
const (
	radixBits = 11
	digits    = (64 + radixBits - 1) / radixBits
)

// ascending returns the positions of keys in ascending order of keys, equal keys
// in order of position: a radix sort with the least significant digit first,
// which leaves out the digits that all keys share.
func ascending(ctx context.Context, keys []uint64) ([]uint32, error) {
	const mask = 1<<radixBits - 1
	var counts [digits][mask + 1]uint32
	from, to := make([]uint32, len(keys)), make([]uint32, len(keys))
	for k, key := range keys {
		if k%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		from[k] = uint32(k)
		for d := range counts {
			counts[d][key>>(d*radixBits)&mask]++
		}
	}
	for d := range counts {
		count := &counts[d]
		if len(keys) == 0 || count[keys[0]>>(d*radixBits)&mask] == uint32(len(keys)) {
			continue
		}
		sum := uint32(0)
		for v, n := range count {
			count[v] = sum
			sum += n
		}
		for i, k := range from {
			if i%checkEvery == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			v := keys[k] >> (d * radixBits) & mask
			to[count[v]] = k
			count[v]++
		}
		from, to = to, from
	}
	return from, nil
}
