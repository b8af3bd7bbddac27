package widget

import (
	"fmt"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// Scroll is which lines of a text are on the screen where not all of them fit.
// The zero Scroll shows the first ones.
type Scroll struct{ top int }

// Update moves by the keys that move the cursor of a table, over a text of so
// many lines in a window of height lines.
func (s *Scroll) Update(msg tea.KeyMsg, lines, height int) {
	k, page := &tableKeys, max(1, height-1)
	s.top = s.first(lines, height)
	switch {
	case key.Matches(msg, k.Up):
		s.top--
	case key.Matches(msg, k.Down):
		s.top++
	case key.Matches(msg, k.PageUp):
		s.top -= page
	case key.Matches(msg, k.PageDown):
		s.top += page
	case key.Matches(msg, k.Top):
		s.top = 0
	case key.Matches(msg, k.Bottom):
		s.top = lines
	}
	s.top = s.first(lines, height)
}

// Moves reports whether there are lines above those that are shown, and below.
func (s Scroll) Moves(lines, height int) (up, down bool) {
	top := s.first(lines, height)
	return top > 0, top < lines-height
}

// first is the first line that is shown: the window has no more empty lines than
// it must.
func (s Scroll) first(lines, height int) int { return max(0, min(s.top, lines-height)) }

// Window returns the lines that are shown, height of them at most.
func (s Scroll) Window(lines []string, height int) []string {
	lines = lines[s.first(len(lines), height):]
	return lines[:min(len(lines), height)]
}

// Status says which lines are shown where not all of them are: "lines 1 to 18 of
// 25".
func (s Scroll) Status(lines, height int) string {
	if lines <= height || height <= 0 {
		return ""
	}
	top := s.first(lines, height)
	return fmt.Sprintf("lines %d to %d of %d", top+1, top+height, lines)
}
