package ui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
)

// history is the part that has the one list of what u takes back and ctrl+r does
// again: steps of labels, filters, and marks that esc took away, in the order in which
// their keys were pressed.
type history struct {
	labels  *labelling
	done    []*change // oldest first
	undone  []*change // the one that was undone last is the last
	waiting []way     // asked for while a step of labels was under way
}

// change is one thing that can be taken back; do undoes or redoes it. Changes are
// known by their addresses.
type change struct {
	do func(way) tea.Cmd
}

// Update takes the requests for undo and redo, and hears when labels are at rest.
func (h *history) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch msg.(type) {
	case message.Undo:
		return h.ask(undoing), true
	case message.Redo:
		return h.ask(redoing), true
	case message.Replaced: // some of it is marks of rows that are others now
		h.done, h.undone = nil, nil
	case labelsRest:
		return h.next(), true
	}
	return nil, false
}

// ask undoes or redoes, once the labels are at rest: a step that is under way may
// come to nothing, and then u is for the one before it.
func (h *history) ask(w way) tea.Cmd {
	h.waiting = append(h.waiting, w)
	return h.next()
}

func (h *history) next() tea.Cmd {
	if len(h.waiting) == 0 || h.labels.working() {
		return nil
	}
	w := h.waiting[0]
	h.waiting = h.waiting[1:]
	from, to, nothing := &h.done, &h.undone, "there is nothing to undo"
	if w == redoing {
		from, to, nothing = &h.undone, &h.done, "there is nothing to redo"
	}
	var cmd tea.Cmd
	if last := len(*from) - 1; last < 0 {
		cmd = say(nothing)
	} else {
		c := (*from)[last]
		*from = (*from)[:last]
		*to = append(*to, c)
		cmd = c.do(w)
	}
	return tea.Batch(cmd, h.next())
}

// begin notes a change whose outcome is not known yet; confirm or drop follows.
func (h *history) begin(c *change) { h.done = append(h.done, c) }

// confirm reports that a change has changed something, and so ends what could be done
// again.
func (h *history) confirm() { h.undone = nil }

// drop forgets a change that has come to nothing.
func (h *history) drop(c *change) {
	same := func(have *change) bool { return have == c }
	h.done, h.undone = slices.DeleteFunc(h.done, same), slices.DeleteFunc(h.undone, same)
}

// note notes a change that was made.
func (h *history) note(do func(way) tea.Cmd) {
	h.begin(&change{do})
	h.confirm()
}
