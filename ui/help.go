package ui

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/message"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// menu is the overlay of the help: what can be pressed or typed here, searched by
// typing, and done by enter.
type menu struct {
	theme         *theme.Theme
	items         []menuItem
	typed         []rune
	found         []int // items that have what was typed
	cursor        int   // of found
	top           int   // line
	width, height int
}

// menuItem is what to press or write, and what that does.
type menuItem struct {
	group, key, what string
	do               tea.Msg // the request that does it
}

// Requests of the menu.
type (
	// keyChosen asks to do what a key does.
	keyChosen struct{ key tea.KeyMsg }
	// commandAsked asks for the command line, which begins with text.
	commandAsked struct{ text string }
)

func newMenu(t *theme.Theme, items []menuItem) *menu {
	o := &menu{theme: t, items: items}
	o.search()
	return o
}

// search finds the items that have every word of what was typed.
func (o *menu) search() {
	words := strings.Fields(strings.ToLower(string(o.typed)))
	o.found, o.cursor, o.top = o.found[:0], 0, 0
	for i, item := range o.items {
		text := strings.ToLower(item.group + " " + item.key + " " + item.what)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			o.found = append(o.found, i)
		}
	}
}

// Update handles a key: letters search.
func (o *menu) Update(m tea.KeyMsg) (tea.Cmd, bool) {
	k := &menuKeys
	switch {
	case m.Type == tea.KeyRunes && !(len(o.typed) == 0 && key.Matches(m, globalKeys.Help)), m.Type == tea.KeySpace:
		for _, r := range m.Runes {
			if unicode.IsPrint(r) && len(o.typed) < o.width {
				o.typed = append(o.typed, r)
			}
		}
		o.search()
	case key.Matches(m, k.Erase) && len(o.typed) > 0:
		o.typed = o.typed[:len(o.typed)-1]
		o.search()
	case key.Matches(m, k.Close) && len(o.typed) > 0:
		o.typed = nil
		o.search()
	case key.Matches(m, k.Close, k.Erase, globalKeys.Help):
		return nil, false
	case key.Matches(m, k.Do):
		if len(o.found) == 0 {
			return nil, true
		}
		return tell(o.items[o.found[o.cursor]].do), false
	case key.Matches(m, k.Up):
		o.move(-1)
	case key.Matches(m, k.Down):
		o.move(1)
	case key.Matches(m, k.PageUp):
		o.move(-o.height)
	case key.Matches(m, k.PageDown):
		o.move(o.height)
	}
	return nil, true
}

// Idle returns why a key does nothing.
func (o *menu) Idle(m tea.KeyMsg) string {
	k := &menuKeys
	switch {
	case m.Type == tea.KeyRunes, m.Type == tea.KeySpace, key.Matches(m, k.Close, k.Erase):
		return ""
	case len(o.found) == 0 && key.Matches(m, k.Do, k.Up, k.PageUp, k.Down, k.PageDown):
		return "nothing here is called so; " + k.Erase.Help().Key + " takes a letter back"
	case key.Matches(m, k.Do):
		return ""
	case key.Matches(m, k.Up, k.PageUp):
		return which(o.cursor == 0, "this is the first line")
	case key.Matches(m, k.Down, k.PageDown):
		return which(o.cursor == len(o.found)-1, "this is the last line")
	}
	return "letters search here, " + k.Close.Help().Key + " closes this"
}

func (o *menu) move(by int) { o.cursor = max(0, min(o.cursor+by, len(o.found)-1)) }

// SetSize sets the size of the body in cells.
func (o *menu) SetSize(width, height int) { o.width, o.height = width, height }

// View lists what was found below headings, and the whole text of each.
func (o *menu) View(string) string {
	t := o.theme
	room := 0
	for _, item := range o.items {
		room = max(room, ansi.StringWidth(item.key))
	}
	room = max(1, min(room, o.width/4))
	var lines []string
	first, last := 0, 0 // lines of the item under the cursor
	group := ""
	for n, i := range o.found {
		item := o.items[i]
		from := len(lines)
		if item.group != group {
			group = item.group
			if n > 0 {
				lines = append(lines, "")
			}
			lines = append(lines, t.Title.Render(widget.Clip(t, group, o.width)))
		}
		if n == o.cursor {
			first = from
		}
		lines = append(lines, o.itemLines(item, room, n == o.cursor)...)
		if n == o.cursor {
			last = len(lines)
		}
	}
	if len(o.found) == 0 {
		lines = []string{t.Faint.Render(widget.Clip(t, "nothing here is called so", o.width))}
	}
	o.top = max(0, min(max(min(o.top, first), last-o.height), len(lines)-o.height))
	return strings.Join(lines[o.top:min(len(lines), o.top+o.height)], "\n")
}

// itemLines lays an item out; no text is cut. A key that is longer than its room
// has a line for itself.
func (o *menu) itemLines(item menuItem, room int, under bool) (lines []string) {
	t := o.theme
	sign := " "
	if under {
		sign = t.Glyph.Cursor
	}
	line := func(key, what string) {
		text := t.Key.Render(widget.Fit(t, key, room)) + " " + t.KeyText.Render(what)
		if under {
			text = t.Cursor.Render(widget.Fit(t, key, room) + " " + what)
		}
		lines = append(lines, sign+text)
	}
	if ansi.StringWidth(item.key) > room {
		text := widget.Clip(t, item.key, o.width-1)
		if under {
			text = t.Cursor.Render(text)
		} else {
			text = t.Key.Render(text)
		}
		lines = append(lines, sign+text)
		item.key = ""
	}
	for _, what := range widget.Paragraph(t, item.what, max(1, o.width-room-2)) {
		line(item.key, what)
		item.key = ""
	}
	return lines
}

// Line is what was typed.
func (o *menu) Line() string {
	t := o.theme
	text := t.Prompt.Render("find: ") + t.Notation.Text(string(o.typed)) + t.Caret.Render(" ")
	return ansi.Truncate(text+"  "+t.Faint.Render(fmt.Sprintf("%d of %d", len(o.found), len(o.items))), o.width, "")
}

// Keys are those that the footer offers.
func (o *menu) Keys() []key.Binding {
	k := &menuKeys
	return []key.Binding{k.Close, k.Do, k.Up, k.Down, k.PageDown}
}

// menuItems are made from the bindings and the tables of commands and filters: the
// screen's own keys, the global ones that work, classes, commands, filters.
func menuItems(p *places, classes []string, chosen keymap, works func(key.Binding) bool) (items []menuItem) {
	s := p.focused()
	add := func(group string, bindings ...key.Binding) {
		for _, b := range bindings {
			if b.Enabled() {
				h := b.Help()
				items = append(items, menuItem{group, chosen.help(b), h.Desc, keyChosen{keyOf(b.Keys()[0])}})
			}
		}
	}
	for _, group := range s.FullHelp() {
		add(s.Title(), group...)
	}
	for _, t := range globalKeys.topics() {
		for _, b := range t.keys {
			switch keys := b.Keys(); {
			case !works(b):
			case keys[0] == globalKeys.Jump.Keys()[0]:
				for i, name := range keys {
					if message.Screen(i) == p.at && p.filters.here == (narrowing{}) {
						continue
					}
					add(t.title, key.NewBinding(key.WithKeys(name), key.WithHelp(name, p.screens[i].Title())))
				}
			case keys[0] == globalKeys.Label.Keys()[0]:
				for i, class := range classes[:min(len(classes), len(keys))] {
					add(t.title, key.NewBinding(key.WithKeys(keys[i]), key.WithHelp(keys[i], "label "+class)))
				}
			default:
				add(t.title, b)
			}
		}
	}
	for _, c := range commands() {
		items = append(items, menuItem{"Commands", strings.TrimSpace(":" + c.name + " " + c.args), c.what, commandAsked{c.line()}})
	}
	for _, t := range filterLanguage {
		for _, item := range t.items {
			items = append(items, menuItem{t.title, item.key, item.what, filterAsked{item.key}})
		}
	}
	return items
}

// keyOf makes the message of a key from the name that bindings use.
func keyOf(name string) tea.KeyMsg {
	if name == " " {
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune(name)}
	}
	if t, ok := keyTypes[name]; ok {
		return tea.KeyMsg{Type: t}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

// keyTypes are the types of keys that are no characters.
var keyTypes = func() map[string]tea.KeyType {
	types := map[string]tea.KeyType{}
	for t := tea.KeyF20; t <= tea.KeyBackspace; t++ {
		if name := t.String(); name != "" && t != tea.KeyRunes && t != tea.KeySpace {
			types[name] = t
		}
	}
	return types
}()
