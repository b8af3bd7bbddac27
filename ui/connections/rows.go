package connections

import (
	"context"
	"slices"

	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// rows are the connections in the order in which the table shows them.
type rows struct {
	natural message.Rows // in order of the log; nil for none
	order   []uint32     // the same sorted, by position; nil in natural order
}

func (r rows) len() int {
	switch {
	case r.order != nil:
		return len(r.order)
	case r.natural != nil:
		return r.natural.Len()
	}
	return 0
}

// at returns the connection at position k.
func (r rows) at(k int) int {
	if r.order != nil {
		return int(r.order[k])
	}
	return r.natural.At(k)
}

// place is the connections that the cursor and the marks stand on; they stay
// there when rows change their places.
type place struct {
	cursor int // -1 for none
	marked []int
	lost   int // marks that are too many to be carried over
}

func (p place) equal(o place) bool {
	return p.cursor == o.cursor && p.lost == o.lost && slices.Equal(p.marked, o.marked)
}

// place returns where cursor and marks are.
func (m Model) place() place {
	p := place{cursor: m.want}
	if k, ok := m.table.Cursor(); ok && p.cursor < 0 && !m.toTop {
		p.cursor = m.shown.at(k)
	}
	marks := m.table.Marks()
	if marks.Len() > widget.MaxKept {
		p.lost = marks.Len()
		return p
	}
	for k := range marks.Rows() {
		p.marked = append(p.marked, m.shown.at(k))
	}
	return p
}

// positions is where the connections of a place are in an order of rows.
type positions struct {
	cursor int // -1: not among the rows
	marks  widget.Marks
}

// inNaturalOrder finds a place in ascending rows.
func (p place) inNaturalOrder(r message.Rows) positions {
	at := positions{cursor: -1}
	if p.cursor >= 0 {
		k, ok := r.Find(p.cursor)
		if ok || k < r.Len() {
			at.cursor = k
		} else {
			at.cursor = r.Len() - 1
		}
	}
	var marked []int
	for _, c := range p.marked {
		if k, ok := r.Find(c); ok {
			marked = append(marked, k)
		}
	}
	at.marks = widget.MarksOf(marked)
	return at
}

// inOrder finds a place in sorted rows, which it goes through once.
func (p place) inOrder(ctx context.Context, order []uint32) (positions, error) {
	at := positions{cursor: -1}
	wanted := make(map[uint32]bool, len(p.marked))
	for _, c := range p.marked {
		wanted[uint32(c)] = true
	}
	var marked []int
	for k, c := range order {
		if k%checkEvery == 0 && ctx.Err() != nil {
			return at, ctx.Err()
		}
		if int(c) == p.cursor {
			at.cursor = k
		}
		if len(wanted) > 0 && wanted[c] {
			marked = append(marked, k)
		}
	}
	at.marks = widget.MarksOf(marked)
	return at, nil
}

// target is what a digit labels: the marked connections, or the one under the
// cursor.
func (m Model) target(current int) message.Target {
	marks, shown, s := m.table.Marks(), m.shown, m.snapshot
	if marks.Len() == 0 {
		return message.One(s, current)
	}
	return message.Marked(s, marks.Len(), func(add func(connection int)) {
		for k := range marks.Rows() {
			if c := shown.at(k); c < s.Connections.Len() {
				add(c)
			}
		}
	})
}

// checkEvery is how many rows are handled between two looks at whether the work
// is still wanted.
const checkEvery = 1 << 14
