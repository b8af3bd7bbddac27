package ui

import (
	"fmt"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// tour leads through the five tasks of a responder: for each step it shows at the bottom
// what is seen, and which key leads on. It takes no key but the one that ends it, and
// goes on once the screen is reached, by whatever way.
type tour struct {
	at    int // index of the step
	on    bool
	steps []station // none where there is no tour
}

// station is a step of the tour. It begins where here reports true, and is done once done does,
// or where that is nil, once press was pressed.
type station struct {
	sees       string
	press      key.Binding // disabled where there is nothing to press
	here, done func(a *app) bool
	// again is that elsewhere the step before it is taken again, if it begins there.
	again bool
}

// tourKeys is the key that ends the tour.
var tourKeys = struct{ End key.Binding }{key.NewBinding(key.WithKeys("ctrl+t"), key.WithHelp("ctrl+t", "ends the tour"))}

// tourFrom is the height of a window from which on the tour has a line.
const tourFrom = 8

// newTour makes the tour through the built-in incident.
func newTour() tour {
	no := key.NewBinding(key.WithDisabled())
	at := func(s message.Screen) func(a *app) bool { return func(a *app) bool { return a.places.at == s } }
	overview := at(message.Overview)
	listed := func(a *app) bool {
		return overview(a) && !a.opened() && a.places.snapshot != nil && len(a.places.snapshot.Incidents) > 0 && a.places.snapshot.Ranking != nil
	}
	opened := func(a *app) bool { return overview(a) && a.opened() }
	atLast := func(a *app) bool {
		if !opened(a) {
			return false
		}
		l := a.places.lists(message.Overview)[0]
		row, ok := l.Row()
		return ok && row > 0 && row == l.Len()-1
	}
	atFirst := func(a *app) bool {
		row, ok := a.places.lists(message.Overview)[0].Row()
		return opened(a) && ok && row == 0
	}
	prompt := func(a *app) bool { _, typing := a.over.prompt(); return typing }
	closed := func(a *app) bool { return overview(a) && !a.opened() && !prompt(a) }
	never := func(*app) bool { return false }
	first := key.NewBinding(key.WithKeys(globalKeys.Jump.Keys()[0]), key.WithHelp(globalKeys.Jump.Keys()[0], "Overview"))
	return tour{on: true, steps: []station{
		{"The log is being read, and what happened in it looked for.", no, never, listed, false},
		{"1 Who got in? The first row: guesses at passwords, some accepted. Open it.", list.Keys().Open, listed, opened, false},
		{"2 When, and from where? Each stage has its time. Go to the last of them.", widget.TableKeys().Bottom, opened, atLast, true},
		{"3 What was taken? Tables are named below. See what this stage has sent.", list.Keys().Open, atLast, at(message.Entries), true},
		{"These statements ask for users and password hashes. Go back.", globalKeys.Back, at(message.Entries), overview, false},
		{"4 Which accounts were tried, how often? The first row is the incident.", widget.TableKeys().Top, opened, atFirst, false},
		{"Its accounts are one key away.", globalKeys.Accounts, atFirst, at(message.Accounts), true},
		{"Each user with its tries, how many were refused, and what got in. Go on.", first, at(message.Accounts), overview, false},
		{"5 Hand over the evidence. First label the incident as an attack on logins.", digitKey(1), closed, nil, false},
		{"It is labelled; " + globalKeys.Undo.Help().Key + " would take that back. Now export what was found.", globalKeys.Export, closed, prompt, false},
		{"The folder gets a report, tables and a manifest that vouches for them.", widget.PromptKeys().Enter, prompt, func(a *app) bool { return !prompt(a) }, false},
		{"That was all. " + globalKeys.Help.Help().Key + " lists all keys, and sqleuth verify checks an export.", no, overview, nil, false},
	}}
}

// digitKey is the key that labels with a class.
func digitKey(class int) key.Binding {
	k := globalKeys.Label.Keys()[class]
	return key.NewBinding(key.WithKeys(k), key.WithHelp(k, "label"))
}

// opened reports whether an incident lies over the Overview.
func (a *app) opened() bool {
	l := a.places.lists(message.Overview)
	return len(l) > 0 && l[0].Name() == ""
}

// wanted returns the key that leads on, if one does here.
func (t *tour) wanted(a *app) (key.Binding, bool) {
	s := &t.steps[t.at]
	return s.press, s.press.Enabled() && s.here(a)
}

// leads reports whether a key leads on from here, before it is done.
func (t *tour) leads(a *app, m tea.KeyMsg) bool {
	if !t.on || m.Paste || t.at+1 == len(t.steps) {
		return false
	}
	press, here := t.wanted(a)
	return here && key.Matches(m, press)
}

// shows reports whether the screen shows that the step is done.
func (t *tour) shows() bool { return t.steps[t.at].done != nil }

// goOn takes the next step where this one is done, or one before it where that is to be
// taken again.
func (t *tour) goOn(a *app) {
	if !t.on {
		return
	}
	for t.shows() && t.steps[t.at].done(a) {
		t.at++
	}
	for k := t.at; t.steps[k].again && !t.steps[k].here(a); {
		if k--; t.steps[k].here(a) {
			t.at = k
		}
	}
}

// tourLines are those of the tour: what is seen above what to press, or both in one line.
func (a *app) tourLines(width, lines int) []string {
	t, th := &a.tour, a.frame.theme
	s, what := &t.steps[t.at], ""
	press, here := t.wanted(a)
	switch {
	case here:
		what = "press " + th.Key.Render(th.Notation.Text(a.keys.help(press)))
	case s.press.Enabled():
		what = "the tour goes on at the Overview: " + th.Key.Render("f1")
	}
	if lines == 1 {
		if what != "" {
			what += "  "
		}
		return []string{what + th.Title.Render(widget.Clip(th, s.sees, max(0, width-ansi.StringWidth(what))))}
	}
	end := fmt.Sprintf("tour %d/%d  %s %s", t.at+1, len(t.steps), th.Notation.Text(a.keys.help(tourKeys.End)), tourKeys.End.Help().Desc)
	line := what
	if room := width - ansi.StringWidth(end); room > ansi.StringWidth(what) {
		line = widget.Pad(what, room) + th.Faint.Render(end)
	}
	return []string{th.Title.Render(widget.Clip(th, s.sees, width)), ansi.Truncate(line, width, "")}
}
