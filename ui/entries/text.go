package entries

import (
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/screen"
)

// maxHead is how much of a statement a line of the list knows: some screens
// full. The pane shows all of it.
const maxHead = 1 << 10

// head is the beginning of an entry's text, ready to be drawn.
type head struct {
	text   string
	pieces []piece // nil where the text is not SQL
	cut    bool    // the text is longer
	err    error
}

// heads is a cache of the entries that were looked at last, in two generations:
// what is used in the older one moves to the younger one, which becomes the
// older one when it is full. Only Update writes to it.
type heads struct {
	young, old map[int]head
}

// maxYoung bounds a generation: with maxHead, a few MiB.
const maxYoung = 2048

func newHeads() *heads { return &heads{young: map[int]head{}} }

// peek returns what is known of entry i.
func (h *heads) peek(i int) (head, bool) {
	if e, ok := h.young[i]; ok {
		return e, true
	}
	e, ok := h.old[i]
	return e, ok
}

// touch says that entry i is still of use, and whether it is known.
func (h *heads) touch(i int) bool {
	if _, ok := h.young[i]; ok {
		return true
	}
	e, ok := h.old[i]
	if ok {
		h.put(i, e)
	}
	return ok
}

func (h *heads) put(i int, e head) {
	if len(h.young) >= maxYoung {
		h.old, h.young = h.young, make(map[int]head, maxYoung)
	}
	h.young[i] = e
}

// forget drops entry i: the last entry of a log that still grows may not be
// whole.
func (h *heads) forget(i int) {
	delete(h.young, i)
	delete(h.old, i)
}

// headsRead is the answer of a command. Its texts are valid whenever it comes:
// an entry never changes.
type headsRead struct{ heads map[int]head }

// readHeads asks for the texts that the rows on the screen lack, one question at
// a time; the pages beside it come along, for whoever scrolls or makes the
// window larger.
func (m Model) readHeads() (Model, tea.Cmd) {
	if m.reading || m.log == nil || m.snapshot == nil {
		return m, nil
	}
	from, to := m.list.Visible()
	missing := m.lacking(from, to)
	if len(missing) == 0 {
		page := max(margin, to-from)
		missing = m.lacking(max(0, from-page), min(m.list.Len(), to+page))
	}
	if len(missing) == 0 {
		return m, nil
	}
	m.reading = true
	log, s := m.log, m.snapshot
	return m, screen.Work(func() tea.Msg {
		read := make(map[int]head, len(missing))
		for _, i := range missing {
			r, err := log.Record(&s.Log, i)
			if err != nil {
				read[i] = head{err: err}
				continue
			}
			raw := r.Text[:min(len(r.Text), maxHead)]
			e := head{text: string(raw), cut: len(r.Text) > maxHead}
			if isStatement(s.Command(i)) {
				e.pieces = pieces([]byte(e.text))
			}
			read[i] = e
		}
		return headsRead{read}
	})
}

// margin is how many rows beside the screen are read, at least.
const margin = 60

func (m Model) lacking(from, to int) []int {
	var missing []int
	for k := from; k < to; k++ {
		if i := m.list.At(k); i >= 0 && i < m.snapshot.Len() && !m.heads.touch(i) {
			missing = append(missing, i)
		}
	}
	return missing
}
