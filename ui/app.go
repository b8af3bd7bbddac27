package ui

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
)

// app is the root model: it routes. Keys go to the overlay, to what they mean
// everywhere, or to the focused screen; facts to parts and screens; requests to
// the part that does them. It is used by Bubble Tea's goroutine only.
type app struct {
	ctx   context.Context
	cfg   Config
	theme *theme.Theme

	width, height int
	screens       [message.Screens]screen.Screen
	at            message.Screen
	past          []place // where backspace leads, the last one first to go
	snapshot      *pipeline.Snapshot

	runs    runs
	labels  labelling
	keep    keeping
	filters filtering
	exports exports
	walk    rejectWalk
	marks   markings

	over      overlay             // nil where the screen has the keys
	history   map[string][]string // of prompts
	found     message.Search      // what n and N look for again
	sought    message.Search      // that waits for the rows of the focused screen
	notice    notice
	quitting  quitting
	suspender *suspender // nil where there is no terminal

	asked []tea.Msg // requests and facts that nobody has heard yet
	work  []tea.Cmd // for the background
}

// notice is what the footer says until the next key.
type notice struct {
	text   string
	failed bool
}

func newApp(ctx context.Context, cfg Config) *app {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Getenv == nil {
		cfg.Getenv = func(string) string { return "" }
	}
	if cfg.Output == nil {
		cfg.Output = io.Writer(os.Stdout)
	}
	a := &app{ctx: ctx, cfg: cfg, theme: cfg.Theme, screens: makeScreens(cfg.Theme, cfg.Analysis), history: map[string][]string{}}
	a.runs = runs{ctx: ctx, analysis: cfg.Analysis, params: cfg.Params, open: func(s *pipeline.Snapshot) caseOpened { return openCase(cfg, s) }}
	for st := range a.runs.stages {
		a.runs.stages[st].Stage = pipeline.Stage(st)
	}
	book := label.NewBook(label.Set{})
	a.labels = labelling{
		ctx: ctx, book: book,
		now:   func() time.Time { return cfg.Now().UTC().Truncate(time.Microsecond) },
		asked: func() label.Set { return a.runs.asked.labels },
	}
	a.keep = keeping{ctx: ctx}
	a.filters = filtering{ctx: ctx, analysis: cfg.Analysis, group: &a.runs.group}
	a.exports = exports{ctx: ctx, analysis: cfg.Analysis, runs: &a.runs}
	a.marks = markings{known: map[string]list.Marks{}}
	a.walk = rejectWalk{theme: cfg.Theme, log: cfg.Analysis}
	return a
}

// parts lists the components in the order in which they hear.
func (a *app) parts() []part {
	return []part{&a.runs, &a.labels, &a.keep, &a.filters, &a.exports, rejectReader{&a.walk}}
}

// Init starts the analysis.
func (a *app) Init() tea.Cmd {
	a.take(a.runs.begin())
	return a.left()
}

// Update decides; see the drawing in doc.go.
func (a *app) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch m := msg.(type) {
	case tea.WindowSizeMsg:
		a.width, a.height = m.Width, m.Height
		a.resize()
	case tea.KeyMsg:
		_, typing := a.over.(*prompt)
		for _, single := range singleKeys(m, typing) {
			a.press(single)
			a.act()
		}
	default:
		a.hear(msg)
		a.act()
	}
	return a, a.left()
}

// left is the work that is left for the background. It may be done in any order:
// each answer carries the number of its question.
func (a *app) left() tea.Cmd {
	work := a.work
	a.work = nil
	return tea.Batch(work...)
}

// take runs the command of a screen or a part: requests and facts are kept until
// act, work is left for the background.
func (a *app) take(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch m := cmd().(type) {
	case nil:
	case screen.Working:
		a.work = append(a.work, m.Do)
	case tea.BatchMsg:
		for _, c := range m {
			a.take(c)
		}
	default:
		a.asked = append(a.asked, m)
	}
}

// act does what was asked for, in the order in which it was, so that the next key
// finds it done.
func (a *app) act() {
	for {
		a.heedMarks()
		switch {
		case len(a.asked) > 0:
			msg := a.asked[0]
			a.asked = a.asked[1:]
			a.hear(msg)
		case a.sought.Text != "" && !a.filters.behind:
			what := a.sought
			a.sought = message.Search{}
			a.toFocused(what)
		default:
			return
		}
	}
}

// hear handles what is neither a size nor a key.
func (a *app) hear(msg tea.Msg) {
	if !a.own(msg) && !a.hand(msg) {
		a.broadcast(msg)
	}
	a.quitWhenSaved(msg)
}

// hand gives a message to the parts; mine reports that it is for no screen.
func (a *app) hand(msg tea.Msg) (mine bool) {
	for _, p := range a.parts() {
		cmd, mine := p.Update(msg)
		a.take(cmd)
		if mine {
			return true
		}
	}
	switch m := msg.(type) {
	case caseOpened:
		if m.log != nil {
			a.restoreMarks(m.kept.Marks, m.log)
		}
		return true
	case labelsChanged:
		return true
	}
	return false
}

// own does what the root does itself: it leads to places, and speaks.
func (a *app) own(msg tea.Msg) bool {
	switch m := msg.(type) {
	case message.Snapshot:
		if m.Snapshot != nil {
			a.snapshot = m.Snapshot
		}
		return m.Snapshot == nil // a run that has none says nothing new
	case tea.MouseMsg:
		a.scroll(m)
	case message.Goto:
		a.visit(m.Screen)
	case message.OpenConnection:
		a.openConnection(m)
	case message.OpenEntries:
		a.openEntries(m)
	case message.OpenConnections:
		a.openConnections(m)
	case message.ShowEntry:
		a.showIndex(message.Entries, m.Index)
	case message.ShowTemplate:
		a.showIndex(message.Templates, m.Index)
	case message.Copy:
		a.copy(m)
	case message.Cancel:
		a.cancel()
	case message.Quit:
		a.quit()
	case message.Notice:
		a.say(m.Text)
	case message.Failed:
		a.fail(m.What, m.Err)
		if m.Sought != "" {
			a.take(a.filters.nearest(m.Sought, a.notice.text))
		}
	case nearestFound:
		if a.notice.text == m.notice { // nothing was said since
			a.notice.text += "; the nearest in the log is " + m.name
		}
	case filterAsked:
		a.askFilter("")
	case filterChosen:
		a.askFilter(m.text)
	case commandChosen:
		a.askCommand(m.text)
	case keyChosen:
		a.press(m.key)
	case suspendAsked:
		a.suspend()
	case awake:
		a.wake(m)
	default:
		return false
	}
	return true
}

// press gives a key to whom it belongs.
func (a *app) press(m tea.KeyMsg) {
	if a.quitting >= quit {
		return
	}
	if key.Matches(m, globalKeys.Suspend) {
		a.suspend()
		return
	}
	a.notice = notice{}
	if !key.Matches(m, globalKeys.Quit) {
		a.exports.warned = false
		if a.quitting == warned {
			a.quitting = running
		}
	}
	switch {
	case a.over != nil:
		over := a.over
		cmd, open := over.Update(m)
		if !open && a.over == over { // it may have given way to another
			a.over = nil
		}
		a.take(cmd)
	case m.Paste: // pasted text is no command
	case !a.pressGlobal(m):
		a.toFocused(m)
	}
}

// pressGlobal does what a key means on every screen; false for one that means
// nothing.
func (a *app) pressGlobal(m tea.KeyMsg) bool {
	k := &globalKeys
	for _, g := range []struct {
		key *key.Binding
		do  func()
	}{
		{&k.Next, func() { a.visit((a.at + 1) % message.Screens) }},
		{&k.Previous, func() { a.visit((a.at + message.Screens - 1) % message.Screens) }},
		{&k.Jump, func() { a.visit(message.Screen(slices.Index(k.Jump.Keys(), m.String()))) }},
		{&k.Back, a.back},
		{&k.Escape, a.escape},
		{&k.Search, a.askSearch},
		{&k.Again, func() { a.searchAgain(a.found.Backwards) }},
		{&k.Backwards, func() { a.searchAgain(!a.found.Backwards) }},
		{&k.AddFilter, func() { a.askFilter("") }},
		{&k.FilterList, func() { a.lie(&filterList{theme: a.theme, filters: &a.filters}) }},
		{&k.Keep, func() { a.ask(message.KeepOrHide{Term: a.focus().Term}) }},
		{&k.Hide, func() { a.ask(message.KeepOrHide{Term: a.focus().Term, Hide: true}) }},
		{&k.Label, func() { a.labelByDigit(slices.Index(k.Label.Keys(), m.String())) }},
		{&k.Unlabel, func() { a.ask(message.Unlabel{Target: a.focus().Target}) }},
		{&k.Note, a.askNote},
		{&k.Undo, func() { a.ask(message.Undo{}) }},
		{&k.Redo, func() { a.ask(message.Redo{}) }},
		{&k.Export, a.askExport},
		{&k.Copy, func() { a.copy(a.focus().Copy) }},
		{&k.Rejects, a.startWalk},
		{&k.Cancel, a.cancel},
		{&k.Command, func() { a.askCommand("") }},
		{&k.Help, a.openMenu},
		{&k.Quit, a.quit},
	} {
		if key.Matches(m, *g.key) {
			g.do()
			return true
		}
	}
	return false
}

// ask does what a screen could ask for as well.
func (a *app) ask(request tea.Msg) { a.asked = append(a.asked, request) }

// scroll moves the focused screen by the wheel.
func (a *app) scroll(m tea.MouseMsg) {
	if a.over != nil {
		return
	}
	switch m.Button {
	case tea.MouseButtonWheelUp:
		a.toFocused(tea.KeyMsg{Type: tea.KeyUp})
	case tea.MouseButtonWheelDown:
		a.toFocused(tea.KeyMsg{Type: tea.KeyDown})
	}
}

// labelByDigit gives the class of a digit to what is under the cursor.
func (a *app) labelByDigit(digit int) {
	classes := a.labels.set.Classes()
	if digit >= len(classes) {
		a.say(fmt.Sprintf("there is no class %d; :class NAME adds one", digit))
		return
	}
	a.ask(message.Label{Target: a.focus().Target, Class: classes[digit]})
}

// focus is what is under the cursor of the focused screen.
func (a *app) focus() screen.Focus { return a.screens[a.at].Focus() }

// toFocused gives a message to the focused screen.
func (a *app) toFocused(msg tea.Msg) { a.toScreen(a.at, msg) }

func (a *app) toScreen(which message.Screen, msg tea.Msg) {
	s, cmd := a.screens[which].Update(msg)
	a.screens[which] = s
	a.take(cmd)
}

// broadcast gives a message to every screen.
func (a *app) broadcast(msg tea.Msg) {
	for i := range a.screens {
		a.toScreen(message.Screen(i), msg)
	}
}

// cancel stops the run that is under way, or else the export.
func (a *app) cancel() {
	text, cmd := a.runs.halt()
	a.take(cmd)
	waited := a.exports.forget()
	switch {
	case text != "" && waited:
		text += "; nothing is exported"
	case text != "":
	case waited:
		text = "nothing is exported"
	case a.exports.stop():
		text = "the export is being cancelled"
	default:
		text = "nothing is running"
	}
	a.say(text)
}

// startWalk leads through what is no entry.
func (a *app) startWalk() {
	text, cmd, ok := a.walk.begin()
	if !ok {
		a.say(text)
		return
	}
	a.take(cmd)
	a.lie(&a.walk)
}

// searchAgain looks for the last text once more.
func (a *app) searchAgain(backwards bool) {
	if a.found.Text == "" {
		a.say("nothing was searched for yet; / searches")
		return
	}
	a.look(message.Search{Text: a.found.Text, Backwards: backwards})
}

// look searches the focused screen, once it shows the rows that the filters leave.
func (a *app) look(what message.Search) {
	if len(a.lists(a.at)) == 0 {
		a.say("there are no rows here to search")
		return
	}
	a.sought = what
}

// say puts a line into the footer.
func (a *app) say(text string) { a.notice = notice{text: text} }

// fail puts into the footer what could not be done, and why.
func (a *app) fail(what string, err error) {
	a.notice = notice{text: fmt.Sprintf("could not %s: %v", what, err), failed: true}
}

// resize gives screens and overlay what header and footer leave.
func (a *app) resize() {
	f := a.frame()
	for i := range a.screens {
		a.screens[i] = a.screens[i].SetSize(a.width, f.body)
	}
	if a.over != nil {
		a.over.SetSize(a.width, f.body)
	}
}
