package entries

import (
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// setFiltered replaces the rows. The cursor stays on its entry, or goes to the
// next one that is left; marks stay on their entries.
func (m Model) setFiltered(f message.Filtered) (Model, tea.Cmd) {
	if f.Entries == nil {
		f.Entries = message.All(0)
	}
	if i, ok := m.current(); ok && m.want < 0 {
		// What a filter selects comes bit by bit: the entry may be among it
		// only later.
		m.want = i
	}
	before := m.rows
	m.filtered, m.rows = f, f.Entries

	lost := false
	if onlyGrown(before, m.rows) {
		m.table.SetLen(m.rows.Len())
	} else {
		lost = m.table.Rearrange(m.rows.Len(), func(k int) (int, bool) { return m.rows.Find(before.At(k)) })
	}
	m = m.follow().layOut()
	if lost {
		return m, message.MarksLost()
	}
	return m, nil
}

// onlyGrown says that every row has kept its place: no filter was or is on.
func onlyGrown(before, now message.Rows) bool {
	a, all := before.(message.All)
	b, still := now.(message.All)
	return all && still && a <= b
}

// follow puts the cursor on the entry where it belongs, or as long as that is not
// among the rows, on the next one.
func (m Model) follow() Model {
	if m.want < 0 || m.rows == nil {
		return m
	}
	k, _ := m.rows.Find(m.want)
	m.table.SetCursor(k)
	return m
}

// target is what a digit labels: the connections of the marked entries, or that
// of the one under the cursor.
func (m Model) target(current int) message.Target {
	marks, rows, s := m.table.Marks(), m.rows, m.snapshot
	if marks.Len() == 0 {
		return message.One(s, int(s.Entries.Connection(current)))
	}
	t := message.Marked(s, marks.Len(), func(add func(connection int)) {
		for k := range marks.Rows() {
			if i := rows.At(k); i < s.Len() {
				add(int(s.Entries.Connection(i)))
			}
		}
	})
	// It is connections that get labels, and one may have many entries.
	t.Text = "the connections of " + widget.Count(marks.Len()) + " marked entries"
	return t
}
