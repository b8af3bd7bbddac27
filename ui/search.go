package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
)

// searching is what is looked for on the screen that is shown. A search waits until
// the rows are those that the filters leave.
type searching struct {
	last    message.Search // that n and N look for again
	waiting message.Search
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

// stop gives up the search that waits; false where none does.
func (s *searching) stop() bool {
	waited := s.waiting.Text != ""
	s.waiting = message.Search{}
	return waited
}

// due returns the search that need not wait any more, false for none.
func (s *searching) due() (what message.Search, ok bool) {
	if s.waiting.Text == "" || s.filters.behind {
		return what, false
	}
	what = s.waiting
	s.stop()
	return what, true
}
