package ui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// action is what a key means on every screen.
type action struct {
	key *key.Binding
	// works reports whether it has something to act on here and now; nil is always.
	works func(f screen.Focus) bool
	do    func(m tea.KeyMsg) tea.Cmd
}

// globalActions is the one table of what global keys do, and when.
func (a *app) globalActions() []action {
	k, p, s := &globalKeys, &a.places, &a.search
	ask := func(request func() tea.Msg) func(tea.KeyMsg) tea.Cmd {
		return func(tea.KeyMsg) tea.Cmd { return tell(request()) }
	}
	do := func(what func() tea.Cmd) func(tea.KeyMsg) tea.Cmd {
		return func(tea.KeyMsg) tea.Cmd { return what() }
	}
	whatever := func(works func() bool) func(screen.Focus) bool { return func(screen.Focus) bool { return works() } }
	targeted := func(f screen.Focus) bool { return !f.Target.Empty() }
	single := func(f screen.Focus) bool {
		_, ok := f.Target.Single()
		return ok
	}
	term := func(f screen.Focus) bool { return f.Term != "" }
	rows := func(screen.Focus) bool { return p.hasRows() && p.lists(p.at)[0].Len() > 0 }
	searched := func(f screen.Focus) bool { return rows(f) && s.last.Text != "" }
	return []action{
		{&k.Next, nil, do(func() tea.Cmd { return p.visit((p.at.Tab() + 1) % message.Tabs) })},
		{&k.Previous, nil, do(func() tea.Cmd { return p.visit((p.at.Tab() + message.Tabs - 1) % message.Tabs) })},
		{&k.Jump, nil, func(m tea.KeyMsg) tea.Cmd { return p.jump(message.Screen(slices.Index(k.Jump.Keys(), m.String()))) }},
		{&k.Accounts, nil, do(p.accounts)},
		{&k.Back, whatever(p.canGoBack), do(p.back)},
		{&k.Forward, func(screen.Focus) bool { return len(p.future) > 0 }, do(p.forward)},
		{&k.Scope, whatever(p.scopes), do(p.widen)},
		{&k.Escape, whatever(p.canEscape), do(p.escape)},
		{&k.Search, rows, do(a.prompts.find)},
		{&k.Again, searched, do(func() tea.Cmd { return s.again(s.last.Backwards, p.hasRows()) })},
		{&k.Backwards, searched, do(func() tea.Cmd { return s.again(!s.last.Backwards, p.hasRows()) })},
		{&k.AddFilter, nil, do(func() tea.Cmd { return a.prompts.filter("") })},
		{&k.FilterList, func(screen.Focus) bool { return len(a.filters.stack) > 0 }, do(func() tea.Cmd {
			return tea.Batch(lie(&filterList{theme: a.frame.theme, filters: &a.filters}), a.filters.countLeft())
		})},
		{&k.Keep, term, ask(func() tea.Msg { return message.KeepOrHide{Term: p.focus().Term} })},
		{&k.Hide, term, ask(func() tea.Msg { return message.KeepOrHide{Term: p.focus().Term, Hide: true} })},
		{&k.Label, targeted, func(m tea.KeyMsg) tea.Cmd {
			return a.labels.byDigit(p.focus().Target, slices.Index(k.Label.Keys(), m.String()))
		}},
		{&k.Unlabel, targeted, ask(func() tea.Msg { return message.Unlabel{Target: p.focus().Target} })},
		{&k.Accept, func(f screen.Focus) bool { return !f.Target.Empty() && f.Target.Snapshot.Learned != nil }, ask(func() tea.Msg { return message.Accept{Target: p.focus().Target} })},
		{&k.Note, func(f screen.Focus) bool { return single(f) || f.Incident.ID != "" }, do(a.prompts.note)},
		{&k.Decide, func(f screen.Focus) bool { return f.Incident.ID != "" }, do(a.prompts.decision)},
		{&k.Undo, func(screen.Focus) bool { return len(a.history.done) > 0 }, ask(func() tea.Msg { return message.Undo{} })},
		{&k.Redo, func(screen.Focus) bool { return len(a.history.undone) > 0 }, ask(func() tea.Msg { return message.Redo{} })},
		{&k.Parts, a.score.works, do(func() tea.Cmd { return a.score.begin(p.focus()) })},
		{&k.Columns, whatever(func() bool { return p.hasRows() && len(p.lists(p.at)[0].Columns()) > 0 }), do(func() tea.Cmd {
			at := p.at
			switch {
			case !p.hasRows() || len(p.lists(at)[0].Titles()) == 0:
				return say("C: the columns here stay as they are")
			case p.lists(at)[0].Len() == 0:
				return say("C: there is no row here whose columns could be seen")
			}
			return lie(&columnList{theme: a.frame.theme, of: func() list.Any { return p.lists(at)[0] }})
		})},
		{&k.Export, nil, do(a.prompts.export)},
		{&k.Copy, func(f screen.Focus) bool { return f.Copy.Text != nil }, ask(func() tea.Msg { return p.focus().Copy })},
		{&k.Link, nil, do(a.commands.link)},
		{&k.Rejects, func(screen.Focus) bool { return a.walk.stops() > 0 }, do(a.walk.begin)},
		{&k.Cancel, func(screen.Focus) bool { return a.exports.busy() || a.runs.cancel != nil }, ask(func() tea.Msg { return message.Cancel{} })},
		{&k.Follow, func(screen.Focus) bool { return a.follow.log != nil }, do(func() tea.Cmd { return a.follow.turn(!a.follow.on) })},
		{&k.Fresh, func(screen.Focus) bool { return len(a.follow.fresh) > 0 }, do(a.follow.next)},
		{&k.Command, nil, do(func() tea.Cmd { return a.prompts.command("") })},
		{&k.Help, func(screen.Focus) bool { return false }, do(func() tea.Cmd { // it is open where the menu asks
			return lie(newMenu(a.frame.theme, menuItems(p, a.labels.set.Classes(), a.keys, a.works())))
		})},
		{&k.Suspend, whatever(a.suspends.works), do(a.suspends.suspend)},
		{&k.Quit, nil, ask(func() tea.Msg { return message.Quit{} })},
	}
}

// works returns which global keys have something to act on here and now.
func (a *app) works() func(key.Binding) bool {
	f, works := a.places.focus(), map[string]bool{}
	for _, g := range a.actions {
		works[g.key.Keys()[0]] = g.works == nil || g.works(f)
	}
	return func(b key.Binding) bool { return works[b.Keys()[0]] }
}
