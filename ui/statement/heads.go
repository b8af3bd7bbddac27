package statement

import (
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// maxHead is how much of a statement a line of the list knows, in bytes: some
// screens full. The pane shows all of it.
const maxHead = 1 << 10

// head is the beginning of an entry's text, ready to be drawn.
type head struct {
	text   string
	pieces []piece // nil where the text is not SQL
	cut    bool    // the text is longer
	err    error
}

// Heads are the beginnings of the entries that were looked at last, in two
// generations: what is used in the older one moves to the younger one, which becomes
// the older one when it is full. Only Update of the screen may call what changes them;
// Cell may be called from anywhere that draws.
type Heads struct {
	log        screen.Log
	snapshot   *pipeline.Snapshot
	young, old map[int]head
	reading    bool
	gen        int // grows when entries get other numbers
}

// maxYoung bounds a generation, in entries: with maxHead, a few MiB.
const maxYoung = 2048

// NewHeads knows no head yet; it reads them from a log, which may be nil.
func NewHeads(log screen.Log) *Heads { return &Heads{log: log, young: map[int]head{}} }

// headsRead is the answer of a command. Its texts are valid whenever it comes, in a log
// that is the same: an entry never changes.
type headsRead struct {
	heads map[int]head
	gen   int
}

// Update takes a later snapshot, and the answers to Read.
func (h *Heads) Update(msg tea.Msg) {
	switch msg := msg.(type) {
	case message.Snapshot:
		if s := h.snapshot; s != nil && s.Len() > 0 && msg.Coverage.Bytes() != s.Coverage.Bytes() {
			// The last entry of a log that grows may not have been whole.
			delete(h.young, s.Len()-1)
			delete(h.old, s.Len()-1)
		}
		h.snapshot = msg.Snapshot
	case message.Replaced:
		h.young, h.old = map[int]head{}, nil
		h.gen++
	case headsRead:
		h.reading = false
		if msg.gen != h.gen {
			return
		}
		for i, e := range msg.heads {
			h.put(i, e)
		}
	}
}

// Read asks for the texts that the rows of a list at the positions from from to to-1
// lack, one question at a time; the pages beside them come along, for one who scrolls or
// makes the window larger. at gives the entry at a position below n, a negative number
// for what is none.
func (h *Heads) Read(from, to, n int, at func(k int) int) tea.Cmd {
	if h.reading || h.log == nil || h.snapshot == nil {
		return nil
	}
	missing := h.lacking(from, to, at)
	if len(missing) == 0 {
		page := max(margin, to-from)
		missing = h.lacking(max(0, from-page), min(n, to+page), at)
	}
	if len(missing) == 0 {
		return nil
	}
	h.reading = true
	log, s, gen := h.log, h.snapshot, h.gen
	return screen.Work(func() tea.Msg {
		read := make(map[int]head, len(missing))
		for _, i := range missing {
			read[i] = readHead(log, s, i)
		}
		return headsRead{read, gen}
	})
}

// margin is how many rows beside the screen are read, at least.
const margin = 60

func (h *Heads) lacking(from, to int, at func(k int) int) (missing []int) {
	for k := from; k < to; k++ {
		if i := at(k); i >= 0 && i < h.snapshot.Len() && !h.touch(i) {
			missing = append(missing, i)
		}
	}
	return missing
}

func readHead(log screen.Log, s *pipeline.Snapshot, i int) head {
	r, err := log.Record(&s.Log, i)
	if err != nil {
		return head{err: err}
	}
	e := head{text: string(r.Text[:min(len(r.Text), maxHead)]), cut: len(r.Text) > maxHead}
	if IsSQL(s.Command(i)) {
		e.pieces = pieces([]byte(e.text))
	}
	return e
}

// Cell draws the text of entry i behind a lead; where it is not read yet, nothing.
func (h *Heads) Cell(t *theme.Theme, i int, lead ...widget.Span) widget.Cell {
	e, ok := h.peek(i)
	switch {
	case !ok:
		return widget.Cell{}
	case e.err != nil:
		return widget.Cell{Text: "cannot be read: " + e.err.Error(), Style: &t.Bad}
	case (e.text == "-" || e.text == "") && len(lead) == 0: // Quit has no text
		return widget.None(t)
	}
	out := append(lead, spans(t, e.text, e.pieces)...)
	if e.cut {
		out = append(out, widget.Span{Text: t.Glyph.Ellipsis, Style: &t.Faint})
	}
	return widget.Cell{Spans: out}
}

// peek returns what is known of entry i.
func (h *Heads) peek(i int) (head, bool) {
	if e, ok := h.young[i]; ok {
		return e, true
	}
	e, ok := h.old[i]
	return e, ok
}

// touch keeps entry i, which is still of use, and reports whether it is known.
func (h *Heads) touch(i int) bool {
	if _, ok := h.young[i]; ok {
		return true
	}
	e, ok := h.old[i]
	if ok {
		h.put(i, e)
	}
	return ok
}

func (h *Heads) put(i int, e head) {
	if len(h.young) >= maxYoung {
		h.old, h.young = h.young, make(map[int]head, maxYoung)
	}
	h.young[i] = e
}
