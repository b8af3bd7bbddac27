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
	switch {
	case key.Matches(msg, k.Up):
		s.By(-1, lines, height)
	case key.Matches(msg, k.Down):
		s.By(1, lines, height)
	case key.Matches(msg, k.PageUp):
		s.By(-page, lines, height)
	case key.Matches(msg, k.PageDown):
		s.By(page, lines, height)
	case key.Matches(msg, k.Top):
		s.top = 0
	case key.Matches(msg, k.Bottom):
		s.By(lines, lines, height)
	}
}

// By moves by some lines, over a text of so many in a window of height lines.
func (s *Scroll) By(n, lines, height int) {
	s.top = s.first(lines, height) + n
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

// Shown returns which of so many lines are on the screen, to not included.
func (s Scroll) Shown(lines, height int) (from, to int) {
	from = s.first(lines, height)
	return from, min(lines, from+height)
}

// Window returns the lines that are shown, height of them at most.
func (s Scroll) Window(lines []string, height int) []string {
	from, to := s.Shown(len(lines), height)
	return lines[from:to]
}

// Status returns which lines are shown where not all of them are: "lines 1 to 18 of
// 25".
func (s Scroll) Status(lines, height int) string {
	if lines <= height || height <= 0 {
		return ""
	}
	top := s.first(lines, height)
	return fmt.Sprintf("lines %d to %d of %d", top+1, top+height, lines)
}
