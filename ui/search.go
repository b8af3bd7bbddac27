package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
)

// searching is what is looked for on the screen that is shown: texts, times, gaps. It
// waits until the rows are those that the filters leave.
type searching struct {
	last    message.Search // that n and N look for again
	waiting []tea.Msg      // for the screen, each from where the one before has led
	filters *filtering
}

// begin looks for a text, where there are rows.
func (s *searching) begin(what message.Search, rows bool) tea.Cmd {
	if !rows {
		return say("there are no rows here to search")
	}
	s.waiting = append(s.waiting, what)
	return nil
}

// again looks for the last text once more.
func (s *searching) again(backwards, rows bool) tea.Cmd {
	if s.last.Text == "" {
		return say("nothing was searched for yet; / searches")
	}
	return s.begin(message.Search{Text: s.last.Text, Backwards: backwards}, rows)
}

// only looks for a time or a gap, wherever what waits would lead.
func (s *searching) only(to tea.Msg) { s.waiting = []tea.Msg{to} }

// waits reports whether something is still to be looked for.
func (s *searching) waits() bool { return len(s.waiting) > 0 }

// stop gives up what waits; false where nothing does.
func (s *searching) stop() bool {
	waited := s.waits()
	s.waiting = nil
	return waited
}

// due returns what need not wait any more, false for nothing.
func (s *searching) due() (what tea.Msg, ok bool) {
	if s.filters.behind || !s.waits() {
		return nil, false
	}
	what, s.waiting = s.waiting[0], s.waiting[1:]
	return what, true
}
