package detail

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Pane shows the row under the cursor of a list as long as it is open. Its methods take
// a pointer and are for the copy that a screen's Update has.
type Pane struct {
	theme         *theme.Theme
	log           screen.Log
	width, height int // of the body, which the list shares
	snapshot      *pipeline.Snapshot
	labels        label.Set

	row int  // under the cursor: an entry, or ^k for message k
	on  bool // there is a row

	open    bool
	asSent  bool // the statement as it is in the log, not formatted
	scroll  widget.Scroll
	gen     int // answers to questions before the pane was opened are dropped
	loading bool
	content // of the row shown, which the cursor may have left
}

// New makes a closed pane, which reads texts from a log; nil for none.
func New(t *theme.Theme, log screen.Log) Pane { return Pane{theme: t, log: log} }

var keys = struct{ open, down, up, pageDown, pageUp, asSent key.Binding }{
	open:     key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "whole statement")),
	down:     key.NewBinding(key.WithKeys("J", "shift+down"), key.WithHelp("J", "scroll statement down")),
	up:       key.NewBinding(key.WithKeys("K", "shift+up"), key.WithHelp("K", "scroll statement up")),
	pageDown: key.NewBinding(key.WithKeys("ctrl+d"), key.WithHelp("ctrl+d", "statement: page down")),
	pageUp:   key.NewBinding(key.WithKeys("ctrl+u"), key.WithHelp("ctrl+u", "statement: page up")),
	asSent:   key.NewBinding(key.WithKeys("t"), key.WithHelp("t", "statement formatted or as sent")),
}

// OpenKey returns the key that opens and closes the pane.
func OpenKey() key.Binding { return keys.open }

// ShortHelp lists the keys for the footer, beside OpenKey.
func (p *Pane) ShortHelp() []key.Binding { return []key.Binding{keys.down, keys.asSent} }

// FullHelp lists the keys that work on the pane now, beside OpenKey.
func (p *Pane) FullHelp() []key.Binding {
	if !p.open {
		return nil
	}
	up, down := p.scroll.Moves(p.document().len(), p.paneHeight())
	return slices.Concat(widget.Enabled(down, keys.down, keys.pageDown), widget.Enabled(up, keys.up, keys.pageUp),
		widget.Enabled(p.readsOtherwise(), keys.asSent))
}

// Open reports whether the pane is open.
func (p *Pane) Open() bool { return p.open }

// Close closes the pane; false where it was not open.
func (p *Pane) Close() bool {
	was := p.open
	p.turn(false)
	return was
}

// turn opens or closes the pane, which forgets what it has shown.
func (p *Pane) turn(open bool) {
	p.open, p.scroll, p.loading, p.content = open, widget.Scroll{}, false, content{}
	p.gen++
}

// Update takes facts, and the pane's own answers.
func (p *Pane) Update(msg tea.Msg) {
	switch msg := msg.(type) {
	case message.Snapshot:
		p.snapshot = msg.Snapshot
	case message.Replaced:
		p.turn(p.open)
	case message.Labels:
		p.labels = msg.Set
	case contentRead:
		p.arrive(msg)
	}
}

// Press handles a key, and reports whether it is one of the pane's.
func (p *Pane) Press(msg tea.KeyMsg) (handled bool) {
	page := max(1, p.paneHeight()-1)
	switch {
	case key.Matches(msg, keys.open):
		if p.on || p.open {
			p.turn(!p.open)
		}
	case !p.open:
		return false
	case key.Matches(msg, keys.down):
		p.by(1)
	case key.Matches(msg, keys.up):
		p.by(-1)
	case key.Matches(msg, keys.pageDown):
		p.by(page)
	case key.Matches(msg, keys.pageUp):
		p.by(-page)
	case key.Matches(msg, keys.asSent):
		p.asSent, p.scroll = !p.asSent, widget.Scroll{}
		p.relay()
	default:
		return false
	}
	return true
}

func (p *Pane) by(lines int) { p.scroll.By(lines, p.document().len(), p.paneHeight()) }

// Where the pane is, in cells.
const (
	besideWidth = 120 // from this width on the pane is beside the list
	splitHeight = 12  // below this height the pane takes the list's place
	paneShare   = 45  // percent of the width that the pane gets beside the list
	fence       = 3   // cells between list and pane
)

// beside reports whether the pane is at the right of the list.
func (p *Pane) beside() bool { return p.width >= besideWidth }

// paneWidth is the cells of a line of the pane.
func (p *Pane) paneWidth() int {
	if p.beside() {
		return p.width * paneShare / 100
	}
	return p.width
}

// paneHeight is the lines of the pane.
func (p *Pane) paneHeight() int {
	switch {
	case p.beside():
		return p.height
	case p.height < splitHeight:
		return max(0, p.height)
	}
	return p.height/2 - 1 // one for the rule above it
}

// SetSize sets the size of the body in cells.
func (p *Pane) SetSize(width, height int) {
	p.width, p.height = width, height
	p.relay()
}

// ListSize is the cells of the body that are left for the list.
func (p *Pane) ListSize() (width, height int) {
	switch {
	case !p.open:
		return p.width, p.height
	case p.beside():
		return p.width - p.paneWidth() - fence, p.height
	case p.height < splitHeight:
		return p.width, 0
	}
	return p.width, p.height - p.height/2
}

// View draws the body with a list that is drawn in ListSize, and marks in the statement
// what was searched for; nil marks nothing.
func (p *Pane) View(list string, found *regexp.Regexp) string {
	if !p.open {
		return list
	}
	pane := widget.Lay(p.draw(found), p.paneWidth(), p.paneHeight())
	width, height := p.ListSize()
	switch {
	case p.beside():
		bar := p.theme.Faint.Render(" " + p.theme.Glyph.Plot.VerticalLine + " ")
		left, right := strings.Split(widget.Lay(list, width, height), "\n"), strings.Split(pane, "\n")
		for k := range left {
			left[k] += bar + right[k]
		}
		return strings.Join(left, "\n")
	case p.height < splitHeight:
		return pane
	}
	rule := p.theme.Faint.Render(strings.Repeat(p.theme.Glyph.Rule, p.width))
	return widget.Lay(list, width, height) + "\n" + rule + "\n" + pane
}

// draw draws the lines that the pane's window shows.
func (p *Pane) draw(found *regexp.Regexp) string {
	doc, height := p.document(), p.paneHeight()
	from, to := p.scroll.Shown(doc.len(), height)
	var out []string
	for k := from; k < to; k++ {
		out = append(out, doc.line(p.theme, k, found))
	}
	if below := doc.len() - from - height; below > 0 && len(out) > 1 {
		hint := fmt.Sprintf("%s %s more lines, %s scrolls", p.theme.Glyph.Ellipsis, widget.Count(below+1), keys.down.Help().Key)
		out[len(out)-1] = p.theme.Faint.Render(widget.Clip(p.theme, hint, p.paneWidth()))
	}
	return strings.Join(out, "\n")
}
