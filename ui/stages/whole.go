package stages

import (
	"regexp"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/list"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Whole shows the lines on a row with the whole body to themselves, scrolled: below a
// list in a low window there is no room for it.
type Whole struct {
	on     bool
	scroll widget.Scroll
}

// Is reports whether it has the body.
func (w *Whole) Is() bool { return w.on }

// Update handles a key in a body of a size, and reports whether it was for the
// lines: widget.DetailsKey, and while they have the body, every key but those that
// lead elsewhere.
func (w *Whole) Update(t *theme.Theme, msg tea.KeyMsg, lines []Line, width, height int) bool {
	switch k := list.Keys(); {
	case msg.Paste, len(lines) == 0:
		return false
	case key.Matches(msg, widget.DetailsKey()):
		*w = Whole{on: !w.on}
	case !w.on, key.Matches(msg, k.Open, k.Entries, k.Connections):
		return false
	default:
		w.scroll.Update(msg, len(layAll(t, lines, width)), height-1)
	}
	return true
}

// Close gives the body back; false where it is not taken.
func (w *Whole) Close() bool {
	was := w.on
	*w = Whole{}
	return was
}

// View draws the lines below a title with which of them are shown.
func (w *Whole) View(t *theme.Theme, title string, lines []Line, found *regexp.Regexp, width, height int) string {
	all := layAll(t, lines, width)
	if status := w.scroll.Status(len(all), height-1); status != "" {
		title += ": " + status
	}
	out := []string{t.Title.Render(widget.Clip(t, title, width))}
	for _, l := range w.scroll.Window(all, max(0, height-1)) {
		out = append(out, widget.Highlight(t, l, found, &t.Text))
	}
	return strings.Join(out[:min(len(out), height)], "\n")
}

// Keys lists the keys that work on it now.
func (w *Whole) Keys(t *theme.Theme, lines []Line, width, height int) []key.Binding {
	keys := widget.Enabled(len(lines) > 0, widget.DetailsKey())
	if !w.on {
		return keys
	}
	up, down := w.scroll.Moves(len(layAll(t, lines, width)), height-1)
	return append(keys, widget.Moving(up, down)...)
}

// mostLines bounds what is laid out of a row.
const mostLines = 400

// layAll lays out all lines.
func layAll(t *theme.Theme, lines []Line, width int) []string { return Lay(t, lines, width, mostLines) }
