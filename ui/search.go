package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
)

// searching is what is looked for on the screen that is shown: a text, or a time. It
// waits until the rows are those that the filters leave.
type searching struct {
	last    message.Search // that n and N look for again
	waiting message.Search
	time    *message.AtTime // that waits too, and comes first
	filters *filtering
}

// begin looks for a text, where there are rows.
func (s *searching) begin(what message.Search, rows bool) tea.Cmd {
	if !rows {
		return say("there are no rows here to search")
	}
	s.waiting = what
	return nil
}

// again looks for the last text once more.
func (s *searching) again(backwards, rows bool) tea.Cmd {
	if s.last.Text == "" {
		return say("nothing was searched for yet; / searches")
	}
	return s.begin(message.Search{Text: s.last.Text, Backwards: backwards}, rows)
}

// waits reports whether something is still to be looked for.
func (s *searching) waits() bool { return s.waiting.Text != "" || s.time != nil }

// stop gives up the search that waits; false where none does.
func (s *searching) stop() bool {
	waited := s.waits()
	s.waiting, s.time = message.Search{}, nil
	return waited
}

// due returns what need not wait any more, false for nothing.
func (s *searching) due() (what tea.Msg, ok bool) {
	switch {
	case s.filters.behind:
		return nil, false
	case s.time != nil:
		what, s.time = *s.time, nil
	case s.waiting.Text != "":
		what, s.waiting = s.waiting, message.Search{}
	default:
		return nil, false
	}
	return what, true
}
