package ui

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// sentFor returns which lines Bubble Tea's renderer writes to turn one frame into
// another, and how many bytes that takes: every line that differs, whole, and a line
// feed for one that does not.
func sentFor(before, after []string, width int) (lines []int, bytes int) {
	bytes = len(ansi.CursorHomePosition) + len(ansi.CursorPosition(0, len(after)))
	for i, line := range after {
		bytes++ // line feed
		if i < len(before) && before[i] == line {
			continue
		}
		lines = append(lines, i)
		bytes += len(line) + 1 // carriage return
		if ansi.StringWidth(line) < width {
			bytes += len(ansi.EraseLineRight)
		}
	}
	return lines, bytes
}

// TestACursorMoveRedrawsLittle: a move of the cursor sends two rows, header, footer
// and what changes in heading and pane, and at most a tenth beside.
func TestACursorMoveRedrawsLittle(t *testing.T) {
	const width = 120 // of a desk
	in := screentest.Load(t)
	for at := range message.Tabs {
		if at == message.Models {
			continue // a matrix, no rows
		}
		d := newDesk(t, in)
		d.keys(globalKeys.Jump.Keys()[at], "g")
		var frames [][]string
		for range 40 {
			frames = append(frames, strings.Split(d.View(), "\n"))
			d.keys("j")
		}
		cursor := func(frame []string) int {
			return slices.IndexFunc(frame, func(line string) bool { return strings.HasPrefix(line, d.frame.theme.Glyph.Cursor) })
		}
		first, last := len(frames[0]), 0 // of the rows
		for _, f := range frames {
			first, last = min(first, cursor(f)), max(last, cursor(f))
		}
		moves := 0
		for k, frame := range frames[1:] {
			from, to := cursor(frames[k]), cursor(frame)
			if to != from+1 { // it scrolls, or is at the end
				continue
			}
			moves++
			lines, sent := sentFor(frames[k], frame, width)
			f, needed := d.frame.lines(), 0
			for i, line := range frame {
				apart := i < f.header || i >= f.header+f.body || i == from || i == to
				if apart || slices.Contains(lines, i) && (i < first || i > last) {
					needed += len(line)
				}
			}
			if sent > needed*11/10 {
				t.Errorf("%s: %d bytes are sent for %d that are needed: lines %v, with the rows on %d to %d", d.places.screens[at].Title(), sent, needed, lines, first, last)
				break
			}
		}
		if moves < 3 {
			t.Errorf("%s: only %d moves", d.places.screens[at].Title(), moves)
		}
		d.runs.wait()
	}
}
