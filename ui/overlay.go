package ui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// overlay is what lies over a screen, or below it as a prompt does, and gets the
// keys meanwhile.
type overlay interface {
	// Update handles a key; open is false where that has closed the overlay.
	Update(m tea.KeyMsg) (cmd tea.Cmd, open bool)
	// Idle returns why a key does nothing now; empty where it does something.
	Idle(m tea.KeyMsg) string
	// SetSize sets the size of the body in cells.
	SetSize(width, height int)
	// View draws the body, over that of the screen.
	View(screen string) string
	// Line is the line above the keys.
	Line() string
	// Keys are those that the footer offers.
	Keys() []key.Binding
}

// laid asks to put an overlay over the screen.
type laid struct{ overlay }

// lie puts an overlay over the screen.
func lie(o overlay) tea.Cmd { return tell(laid{o}) }

// overlays is the part that has the overlay, one at a time.
type overlays struct {
	top           overlay // nil where the screen has the keys
	width, height int     // of the body
}

// Update takes what is to lie over the screen, and keys and the mouse as long as
// something does.
func (o *overlays) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case laid:
		o.top = m.overlay
		o.top.SetSize(o.width, o.height)
		return nil, true
	case tea.MouseMsg:
		return nil, o.top != nil
	case tea.KeyMsg:
		if o.top == nil {
			return nil, false
		}
		var idle tea.Cmd
		if why := o.top.Idle(m); why != "" {
			idle = say(written(m.String()) + ": " + why)
		}
		cmd, open := o.top.Update(m)
		if !open {
			o.top = nil
		}
		return tea.Batch(idle, cmd), true
	}
	return nil, false
}

// idleAmong returns why a key does nothing in an overlay of n lines whose cursor is on line at;
// does are the keys that do something beside those that move and close.
func idleAmong(m tea.KeyMsg, at, n int, does ...key.Binding) string {
	k := &overlayKeys
	switch {
	case m.Paste, key.Matches(m, k.Close), key.Matches(m, does...):
		return ""
	case key.Matches(m, k.Up, k.Down) && n == 0:
		return "there are no lines"
	case key.Matches(m, k.Up):
		return which(at <= 0, "this is the first line")
	case key.Matches(m, k.Down):
		return which(at >= n-1, "this is the last line")
	}
	return "it means nothing here; " + k.Close.Help().Key + " closes this"
}

// which is a reason where it holds, else empty.
func which(holds bool, why string) string {
	if !holds {
		return ""
	}
	return why
}

// SetSize sets the size of the body in cells.
func (o *overlays) SetSize(width, height int) {
	o.width, o.height = width, height
	if o.top != nil {
		o.top.SetSize(width, height)
	}
}

// typing reports whether keys are text.
func (o *overlays) typing() bool {
	switch o.top.(type) {
	case *prompt, *menu:
		return true
	}
	return false
}

// prompt returns the prompt that is open.
func (o *overlays) prompt() (p *prompt, ok bool) {
	p, ok = o.top.(*prompt)
	return p, ok
}
