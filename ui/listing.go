package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// listing is the overlay that lists sentences, one of which something can be done with.
type listing struct {
	theme         *theme.Theme
	title, none   string
	len           func() int
	line          func(k int) string
	keys          []key.Binding // beside those that move and close
	open, remove  func(k int) tea.Cmd
	keep, hide    func(k int) tea.Cmd // as filters
	cursor        int
	width, height int
}

// Update handles a key.
func (o *listing) Update(m tea.KeyMsg) (tea.Cmd, bool) {
	k := &overlayKeys
	at := min(o.cursor, o.len()-1)
	switch {
	case m.Paste:
	case key.Matches(m, k.Close):
		return nil, false
	case key.Matches(m, k.Up):
		o.cursor = max(0, at-1)
	case key.Matches(m, k.Down):
		o.cursor = max(0, min(o.len()-1, at+1))
	case key.Matches(m, k.Open) && o.open != nil && at >= 0:
		return o.open(at), false
	case key.Matches(m, k.Remove) && o.remove != nil && at >= 0:
		return o.remove(at), true
	case key.Matches(m, globalKeys.Keep) && o.keep != nil && at >= 0:
		return o.keep(at), false
	case key.Matches(m, globalKeys.Hide) && o.hide != nil && at >= 0:
		return o.hide(at), false
	}
	return nil, true
}

// Idle returns why a key does nothing.
func (o *listing) Idle(m tea.KeyMsg) string {
	n := o.len()
	var does []key.Binding
	for _, d := range []struct {
		do  func(int) tea.Cmd
		key key.Binding
	}{{o.open, overlayKeys.Open}, {o.remove, overlayKeys.Remove}, {o.keep, globalKeys.Keep}, {o.hide, globalKeys.Hide}} {
		if d.do != nil && n > 0 {
			does = append(does, d.key)
		}
	}
	return idleAmong(m, min(o.cursor, n-1), n, does...)
}

// SetSize sets the size of the body in cells.
func (o *listing) SetSize(width, height int) { o.width, o.height = width, height }

// View draws the lines around the cursor.
func (o *listing) View(string) string {
	t := o.theme
	lines := []string{t.Title.Render(widget.Clip(t, o.title, o.width)), ""}
	n := o.len()
	if n == 0 {
		lines = append(lines, t.Faint.Render(widget.Clip(t, o.none, o.width)))
	}
	cursor := min(o.cursor, n-1)
	top := max(0, cursor-max(1, o.height-2)+1)
	for k := top; k < n && len(lines) < o.height; k++ {
		sign := " "
		if k == cursor {
			sign = t.Glyph.Cursor
		}
		line := widget.Clip(t, sign+" "+o.line(k), o.width)
		if k == cursor {
			line = t.Cursor.Render(line)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines[:min(len(lines), o.height)], "\n")
}

// Line is empty.
func (o *listing) Line() string { return "" }

// Keys are those that the footer offers.
func (o *listing) Keys() []key.Binding {
	k := &overlayKeys
	return append(append([]key.Binding{k.Close}, o.keys...), k.Up, k.Down)
}

// novel lists what is new; enter leads to its first entry.
func (l *commandLine) novel(string) (tea.Cmd, error) {
	s := l.places.snapshot
	if s == nil || s.Novel == nil {
		return nil, l.runs.notRead()
	}
	list := s.Novel.List
	title := fmt.Sprintf("New: %s, compared with %s", widget.Count(s.Novel.Total), s.History.Against())
	return lie(&listing{
		theme: l.theme, title: title, none: "nothing is new", keys: []key.Binding{openFirst},
		len:  func() int { return len(list) },
		line: func(k int) string { return list[k].Reason() },
		open: func(k int) tea.Cmd { return message.Request(message.ShowEntry{Index: list[k].First}) },
	}), nil
}

// tally lists how many rows of the screen in front have which value; enter narrows the
// screen to one, + and - make a filter of it.
func (p *places) tally(m message.Tally, t *theme.Theme) tea.Cmd {
	values := m.Values
	figures := len(widget.Count(values[0].Rows))
	term := func(k int) string { return values[k].Term }
	return lie(&listing{
		theme: t, title: fmt.Sprintf("%s: %s of %s", m.By, widget.Number(len(values), "value", "values"), widget.Number(m.Rows, "row", "rows")),
		keys: []key.Binding{openValue, globalKeys.Keep, globalKeys.Hide},
		len:  func() int { return len(values) },
		line: func(k int) string {
			v := values[k]
			return fmt.Sprintf("%*s  %8s  %s", figures, widget.Count(v.Rows), widget.Share(int64(v.Rows), int64(m.Rows)), v.Term)
		},
		open: func(k int) tea.Cmd { return p.narrowFurther(term(k)) },
		keep: func(k int) tea.Cmd { return message.Request(message.KeepOrHide{Term: term(k)}) },
		hide: func(k int) tea.Cmd { return message.Request(message.KeepOrHide{Term: term(k), Hide: true}) },
	})
}

var openValue = key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "only this"))

var openFirst = key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "first entry"))
