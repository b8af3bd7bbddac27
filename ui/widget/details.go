package widget

import (
	"regexp"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"sqleuth/ui/theme"
)

// Details shows in full what the row under the cursor of a table shows in short:
// in a pane below the table where the window is high enough, or with the whole
// body to itself, and then scrolled.
type Details struct {
	theme         *theme.Theme
	width, height int // of the body
	whole         bool
	scroll        Scroll
	found         *regexp.Regexp // that is marked, nil for nothing
}

// NewDetails makes a pane below a table.
func NewDetails(t *theme.Theme) Details { return Details{theme: t} }

// DetailsKey returns the key that gives a pane the whole body.
func DetailsKey() key.Binding { return detailsKey }

var detailsKey = key.NewBinding(key.WithKeys("i"), key.WithHelp("i", "in full"))

// In a body of fewer than paneFrom lines the pane is left out. Elsewhere it takes
// half of the body, but no more than paneMost lines beside a table that needs
// them.
const (
	paneFrom = 12
	paneMost = 15
)

// Mark marks what a search has found; nil marks nothing.
func (d *Details) Mark(re *regexp.Regexp) { d.found = re }

// SetSize sets the size of the body in cells, headings included.
func (d *Details) SetSize(width, height int) { d.width, d.height = width, height }

// TableHeight gives a table of so many rows what it needs of the lines below the
// headings, where that leaves room for the pane. It does not depend on the text of
// the pane, so that nothing jumps when the cursor moves.
func (d *Details) TableHeight(rows, lines int) int {
	if d.height < paneFrom {
		return lines
	}
	return min(rows+1, lines-min(lines/2, paneMost))
}

// Whole reports whether the pane has the body to itself.
func (d *Details) Whole() bool { return d.whole }

// Update handles a key and reports whether it is the pane's: DetailsKey, and every
// key while the pane has the body to itself.
func (d *Details) Update(msg tea.KeyMsg, paragraphs []string) bool {
	switch {
	case key.Matches(msg, detailsKey) && len(paragraphs) > 0:
		d.whole, d.scroll = !d.whole, Scroll{}
	case d.whole:
		d.scroll.Update(msg, len(d.lines(paragraphs)), d.height)
	default:
		return false
	}
	return true
}

// Scrolls reports whether a pane that has the body to itself has more to show above
// and below.
func (d *Details) Scrolls(paragraphs []string) (up, down bool) {
	return d.scroll.Moves(len(d.lines(paragraphs)), d.height)
}

// Escape gives the table its place back; false where it has it.
func (d *Details) Escape() bool {
	whole := d.whole
	d.whole, d.scroll = false, Scroll{}
	return whole
}

// Rewind goes back to the first line, for another row.
func (d *Details) Rewind() { d.scroll = Scroll{} }

// lines lays paragraphs out. The first one is a title.
func (d *Details) lines(paragraphs []string) []string {
	var lines []string
	for k, p := range paragraphs {
		for _, line := range Paragraph(d.theme, p, d.width) {
			style := &d.theme.Text
			if k == 0 {
				style = &d.theme.Title
			}
			lines = append(lines, Highlight(d.theme, line, d.found, style))
		}
	}
	return lines
}

// View draws the paragraphs about a row, below the lines of headings and table
// or instead of them.
func (d *Details) View(above, paragraphs []string) string {
	if d.whole {
		return strings.Join(d.scroll.Window(d.lines(paragraphs), d.height), "\n")
	}
	lines := above
	if d.height >= paneFrom {
		t := d.theme
		lines = append(lines[:len(lines):len(lines)], t.Faint.Render(strings.Repeat(t.Glyph.Rule, d.width)))
		pane, room := d.lines(paragraphs), d.height-len(lines)
		if len(pane) > room {
			hint := t.Glyph.Ellipsis + " " + detailsKey.Help().Key + " shows all of it"
			pane = append(pane[:room-1:room-1], t.Faint.Render(Clip(t, hint, d.width)))
		}
		lines = append(lines, pane...)
	}
	return strings.Join(lines[:min(len(lines), d.height)], "\n")
}

// maxMatches is how many matches are marked in a line.
const maxMatches = 16

// Highlight draws a visible line in a style, with what an expression matches in it
// marked; nil marks nothing.
func Highlight(t *theme.Theme, line string, re *regexp.Regexp, style *lipgloss.Style) string {
	var b strings.Builder
	at := 0
	if re != nil {
		for _, m := range re.FindAllStringIndex(line, maxMatches) {
			if m[0] == m[1] {
				continue
			}
			b.WriteString(plain(line[at:m[0]], style) + t.Match.Render(line[m[0]:m[1]]))
			at = m[1]
		}
	}
	return b.String() + plain(line[at:], style)
}

func plain(text string, style *lipgloss.Style) string {
	if text == "" {
		return ""
	}
	return style.Render(text)
}
