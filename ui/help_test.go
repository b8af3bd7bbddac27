package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/charmbracelet/bubbles/key"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// TestTheLanguageIsTaught: every example works, and every field has one.
func TestTheLanguageIsTaught(t *testing.T) {
	var all strings.Builder
	for _, topic := range filterLanguage {
		for _, item := range topic.items {
			if _, err := filter.Parse(item.key); err != nil {
				t.Errorf("%q: %v", item.key, err)
			}
			all.WriteString(item.key + " " + item.what + "\n")
		}
	}
	_, err := filter.Parse("nosuchfield:x")
	if err == nil {
		t.Fatal("there is such a field")
	}
	_, names, _ := strings.Cut(err.Error(), "the fields are ")
	names, _, _ = strings.Cut(names, ";")
	fields := strings.Split(names, ", ")
	if len(fields) < 10 {
		t.Fatalf("fields %q", fields)
	}
	for _, want := range append(fields, "label:-", ">=", "/", "*", "or", "and", "not", "-host:", "A..B", "@2", "(brackets)") {
		if !strings.Contains(all.String(), want) {
			t.Errorf("nothing says %q", want)
		}
	}
}

// menuOf opens the menu of a screen.
func menuOf(d *desk, at message.Screen) *menu {
	d.give(message.Goto{Screen: at})
	d.settles()
	d.give(screentest.Key(globalKeys.Help.Keys()[0]))
	return d.over.top.(*menu)
}

// TestTheMenuIsNotCut: whatever the window, the menu has each text whole.
func TestTheMenuIsNotCut(t *testing.T) {
	for _, th := range []*theme.Theme{theme.Plain(), theme.PlainASCII()} {
		d := newDesk(t, screentest.Load(t))
		defer d.runs.wait()
		for _, at := range []message.Screen{message.Overview, message.Models} {
			o := menuOf(d, at)
			o.theme = th
			for _, size := range []screentest.Size{{Width: 80, Height: 19}, {Width: 120, Height: 35}, {Width: 200, Height: 55}, {Width: 40, Height: 7}, {Width: 20, Height: 3}} {
				o.SetSize(size.Width, size.Height)
				o.cursor, o.top = 0, 0
				var seen strings.Builder
				for range 1 + len(o.found)/4 {
					view := o.View("")
					screentest.Fits(t, view, size)
					if !strings.Contains(view, th.Glyph.Cursor) {
						t.Errorf("%v: the cursor is not seen on %d in\n%s", size, o.cursor, view)
					}
					seen.WriteString(view)
					o.move(4)
				}
				if text := seen.String(); size.Width >= 40 && (strings.Contains(text, th.Glyph.Ellipsis+" ") || strings.Contains(text, th.Glyph.Ellipsis+"\n")) {
					t.Errorf("%v: something is cut in\n%s", size, text)
				}
			}
			d.over.top = nil
		}
	}
}

// TestTheMenuHasWhatWorksHere, and nothing else of the global keys.
func TestTheMenuHasWhatWorksHere(t *testing.T) {
	in := screentest.Load(t)
	d := newDesk(t, in)
	defer d.runs.wait()
	has := func(o *menu, what string) bool {
		return slices.ContainsFunc(o.items, func(i menuItem) bool { return i.what == what })
	}
	g := &globalKeys
	idle := []string{g.Again.Help().Desc, g.Undo.Help().Desc, g.Redo.Help().Desc, g.FilterList.Help().Desc, g.Cancel.Help().Desc, g.Rejects.Help().Desc, g.Back.Help().Desc, g.Escape.Help().Desc}
	first := menuOf(d, message.Overview)
	for _, what := range idle {
		if has(first, what) {
			t.Errorf("at the start %q is offered", what)
		}
	}
	if !has(first, "label login_attack") || !has(first, "Findings") || !has(first, "search") {
		t.Error("something is missing at the start")
	}
	d.over.top = nil
	if o := menuOf(d, message.Charts); has(o, "label login_attack") || has(o, g.Note.Help().Desc) {
		t.Error("labels are offered where nothing can be labelled")
	}
	d.over.top = nil
	for _, name := range []string{"f2", "1", "/", "r", "o", "enter"} {
		d.give(screentest.Key(name))
	}
	d.give(message.AddFilter{Term: "user:root"})
	d.settles()
	d.give(screentest.Key("?"))
	for _, what := range []string{g.Again.Help().Desc, g.Undo.Help().Desc, g.FilterList.Help().Desc, g.Back.Help().Desc, g.Escape.Help().Desc} {
		if !has(d.over.top.(*menu), what) {
			t.Errorf("after a label, a search and a filter %q is not offered", what)
		}
	}
}

// TestTheMenuDoes what is chosen by typing a part of it, and enter.
func TestTheMenuDoes(t *testing.T) {
	in := screentest.Load(t)
	for _, c := range []struct {
		typed string
		done  func(d *desk) bool
	}{
		{"label login_attack", func(d *desk) bool { return len(d.history.done) == 1 }},
		{"f5", func(d *desk) bool { return d.places.at == message.Charts }},
		{"search and next screen", func(d *desk) bool { return d.places.at == message.Connections }},
		{":set", func(d *desk) bool { return d.over.top.(*prompt).line.Value() == "set " }},
		{"add filter cmd:Query", func(d *desk) bool { return d.over.top.(*prompt).line.Value() == "cmd:Query" }},
		{"filters keep only this", func(d *desk) bool { return len(d.filters.stack) == 1 }},
	} {
		d := newDesk(t, in)
		words := strings.Fields(c.typed)
		if c.typed == "search and next screen" {
			words = []string{"screens", "next"}
		}
		if c.typed == "add filter cmd:Query" {
			words = []string{"cmd:query"}
		}
		if c.typed == "filters keep only this" {
			words = []string{"keep", "only"}
		}
		d.give(screentest.Key("?"))
		d.give(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(strings.Join(words, "_"))})
		o := d.over.top.(*menu)
		if len(words) > 1 {
			if len(o.found) > 0 {
				t.Errorf("%q finds %d items", words, len(o.found))
			}
			d.give(screentest.Key("esc"))
			for _, w := range words {
				d.give(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(w)})
				d.give(screentest.Key(" "))
			}
		}
		d.give(screentest.Key("enter"))
		d.settles()
		if !c.done(d) {
			t.Errorf("%q does something else: overlay %T on screen %d", words, d.over.top, d.places.at)
		}
		d.runs.wait()
	}
}

// TestEveryItemOfTheMenu does something, with rows and without. The tables of commands
// and filters have tests of their own.
func TestEveryItemOfTheMenu(t *testing.T) {
	t.Parallel()
	in, all := screentest.Load(t), !testing.Short()
	for at := range message.Screens {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { everyItem(t, in, at, all) })
		})
	}
}

// everyItem chooses all items of a screen's menu, one after the other; all: in every state
// of the screen.
func everyItem(t *testing.T, in screentest.Incident, at message.Screen, all bool) {
	for name, prepare := range map[string][]tea.Msg{
		"with rows":    pressing("down", "down", "right", "L", "s", "down"),
		"with a mark":  pressing(" ", "/", "a", "enter", "down"),
		"with a pane":  pressing("down", "enter", "i"),
		"without rows": {message.AddFilter{Term: "user:nobody"}},
	} {
		if !all && name != "with rows" {
			continue
		}
		prepared := func() *desk {
			d := newDesk(t, in)
			d.give(message.Goto{Screen: at})
			for _, m := range prepare {
				d.settles()
				d.give(m)
			}
			d.settles()
			d.give(message.Goto{Screen: at}) // enter leads elsewhere on some
			d.settles()
			d.frame.notice = notice{}
			return d
		}
		for i, item := range menuOf(prepared(), at).items {
			chosen, ok := item.do.(keyChosen)
			if !ok {
				continue
			}
			d := prepared()
			before, heard := d.View(), len(d.heard)
			o := menuOf(d, at)
			o.cursor = i
			d.give(screentest.Key("enter"))
			background := d.leave.state != running || len(d.open) > 0 && key.Matches(chosen.key, globalKeys.Copy)
			d.settles()
			if !background && d.View() == before && len(d.heard) == heard {
				t.Errorf("%s, %s: %s %q changes nothing", d.places.screens[at].Title(), name, item.key, item.what)
			}
			if d.frame.notice.failed {
				t.Errorf("%s, %s: %s %q fails: %s", d.places.screens[at].Title(), name, item.key, item.what, d.frame.notice.text)
			}
			d.runs.wait()
		}
	}
}

func pressing(names ...string) (msgs []tea.Msg) {
	for _, name := range names {
		msgs = append(msgs, screentest.Key(name))
	}
	return msgs
}

// TestThePromptTeaches: before anything is written, the screen shows what can be.
func TestThePromptTeaches(t *testing.T) {
	for _, size := range []screentest.Size{{Width: 80, Height: 24}, {Width: 120, Height: 40}, {Width: 40, Height: 10}, {Width: 20, Height: 6}} {
		a := newApp(t.Context(), config(t))
		defer a.runs.wait()
		a.Update(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
		act(a, a.prompts.filter(""))
		view := a.View()
		screentest.Fits(t, view, size)
		for _, topic := range filterLanguage {
			for _, item := range topic.items {
				if size.Width >= 80 && !strings.Contains(view, item.key+" ") {
					t.Errorf("%v: nothing says %q in\n%s", size, item.key, view)
				}
			}
		}
		a.Update(screentest.Key("u"))
		if strings.Contains(a.View(), "label:-") {
			t.Errorf("%v: it stays in the way", size)
		}
		a.Update(screentest.Key(widget.PromptKeys().Leave.Keys()[0]))
	}
}
