package ui

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
)

// mode says who gets the keys.
type mode uint8

const (
	browsing  mode = iota // the focused screen, global keys first
	prompting             // the prompt
	helping               // the help overlay
	listing               // the list of filters
	walking               // the walk through what is no entry
)

// app is the root model. It is used by Bubble Tea's goroutine only.
type app struct {
	ctx   context.Context
	cfg   Config
	theme *theme.Theme

	width, height int
	mode          mode
	screens       [message.Screens]screen.Screen
	at            message.Screen
	past          []place   // where backspace leads, the last one first to go
	asked         []tea.Msg // by screens, and not done yet

	snapshot  *pipeline.Snapshot
	runs      runs
	labels    labelling
	keep      keeping
	filters   filtering
	prompt    promptState
	help      helpView
	list      filterList
	walk      rejectWalk
	found     message.Search // what n and N look for again
	notice    notice
	exports   exports
	leaving   departure
	suspender *suspender // nil where there is no terminal
	ended     bool       // q has ended the program: keys that were typed ahead do nothing
}

// place is where the analyst has been.
type place struct {
	at    message.Screen
	stack []layer
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
	a := &app{ctx: ctx, cfg: cfg, theme: cfg.Theme, screens: makeScreens(cfg.Theme, cfg.Analysis)}
	a.runs.params = cfg.Params
	a.labels.book = label.NewBook(label.Set{})
	for st := range a.runs.stages {
		a.runs.stages[st].Stage = pipeline.Stage(st)
	}
	return a
}

// Init starts the analysis.
func (a *app) Init() tea.Cmd { return a.startRun() }

// Update decides; see the drawing in doc.go.
func (a *app) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch m := msg.(type) {
	case tea.WindowSizeMsg:
		a.width, a.height = m.Width, m.Height
		a.resize()
		return a, nil
	case tea.KeyMsg:
		// What keys set off in the background may run in any order: each answer
		// carries the number of its question.
		var cmds []tea.Cmd
		for _, single := range singleKeys(m, a.mode == prompting) {
			cmds = append(cmds, a.handleKey(single), a.act())
		}
		return a, tea.Batch(cmds...)
	}
	return a, tea.Batch(a.handle(msg), a.act())
}

// handle handles what is neither a size nor a key.
func (a *app) handle(msg tea.Msg) tea.Cmd {
	if m, ok := msg.(tea.MouseMsg); ok {
		return a.handleMouse(m)
	}
	if cmd, ok := a.handleAnswer(msg); ok {
		return cmd
	}
	if cmd, ok := a.handleRequest(msg); ok {
		return cmd
	}
	return a.broadcast(msg)
}

// act does what screens have asked for meanwhile, in the order in which they did.
func (a *app) act() tea.Cmd {
	var cmds []tea.Cmd
	for len(a.asked) > 0 {
		msg := a.asked[0]
		a.asked = a.asked[1:]
		cmds = append(cmds, a.handle(msg))
	}
	return tea.Batch(cmds...)
}

// take runs the command of a screen. It returns what is left for the background,
// and keeps what the screen asks for until act: the next key must find it done.
func (a *app) take(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	switch m := cmd().(type) {
	case nil:
		return nil
	case screen.Working:
		return m.Do
	case tea.BatchMsg:
		cmds := make([]tea.Cmd, len(m))
		for i, c := range m {
			cmds[i] = a.take(c)
		}
		return tea.Batch(cmds...)
	default:
		a.asked = append(a.asked, m)
		return nil
	}
}

// handleAnswer handles what background work of the root says.
func (a *app) handleAnswer(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case runEvent:
		return a.handleRun(m), true
	case runEnded:
		return a.handleEnd(m), true
	case judgeDue:
		if m.due != a.runs.due {
			return nil, true
		}
		return tea.Batch(a.judgeAgain(), a.exportWaiting()), true
	case labelled:
		return a.handleLabelled(m), true
	case saved:
		return a.handleSaved(m), true
	case filterFound:
		return a.handleFound(m), true
	case filterDue:
		return a.handleFilterDue(m), true
	case completerMade:
		a.filters.completer = m.Completer
		return nil, true
	case exportAt:
		return a.handleExportAt(m), true
	case exported:
		return a.handleExported(m), true
	case suspendAsked:
		return a.suspend(), true
	case awake:
		return a.handleAwake(m), true
	case rejectRead:
		a.walk.take(m)
		return nil, true
	}
	return nil, false
}

// handleRequest does what a screen asks for.
func (a *app) handleRequest(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case message.Goto:
		return a.visit(m.Screen), true
	case message.OpenConnection:
		return a.openConnection(m), true
	case message.OpenEntries:
		return a.openEntries(m), true
	case message.OpenConnections:
		return a.openConnections(m), true
	case message.ShowEntry:
		return a.showIndex(message.Entries, m.Index), true
	case message.ShowTemplate:
		return a.showIndex(message.Templates, m.Index), true
	case message.Label:
		return a.label(m), true
	case message.Unlabel:
		return a.unlabel(m), true
	case message.Note:
		return a.note(m), true
	case message.AddClass:
		return a.addClass(m), true
	case message.Undo:
		return a.undo(), true
	case message.Redo:
		return a.redo(), true
	case message.AddFilter:
		cmd, err := a.addFilter(m.Term)
		if err != nil {
			a.fail("filter", err)
		}
		return cmd, true
	case message.KeepOrHide:
		return a.keepOrHide(m), true
	case message.SetOption:
		return a.setOption(m), true
	case message.Copy:
		return a.copy(m), true
	case message.Export:
		return a.export(m), true
	case message.Cancel:
		return a.cancelRun(), true
	case message.Quit:
		return a.leave(), true
	case message.Notice:
		a.say(m.Text)
		return nil, true
	case message.Failed:
		a.fail(m.What, m.Err)
		return nil, true
	}
	return nil, false
}

// handleKey gives a key to whoever the mode says.
func (a *app) handleKey(m tea.KeyMsg) tea.Cmd {
	if a.ended {
		return nil
	}
	if key.Matches(m, globalKeys.Suspend) {
		return a.suspend()
	}
	a.notice = notice{}
	if !key.Matches(m, globalKeys.Quit) {
		a.exports.warned = false
		if a.leaving == warned {
			a.leaving = staying
		}
	}
	switch a.mode {
	case prompting:
		return a.promptKey(m)
	case helping:
		a.helpKey(m)
		return nil
	case listing:
		return a.listKey(m)
	case walking:
		return a.walkKey(m)
	}
	if m.Paste {
		return nil // pasted text is no command
	}
	if cmd, ok := a.globalKey(m); ok {
		return cmd
	}
	return a.toFocused(m)
}

// globalKey does what a key means on every screen.
func (a *app) globalKey(m tea.KeyMsg) (tea.Cmd, bool) {
	k := &globalKeys
	switch {
	case key.Matches(m, k.Next):
		return a.visit((a.at + 1) % message.Screens), true
	case key.Matches(m, k.Previous):
		return a.visit((a.at + message.Screens - 1) % message.Screens), true
	case key.Matches(m, k.Jump):
		return a.visit(message.Screen(slices.Index(k.Jump.Keys(), m.String()))), true
	case key.Matches(m, k.Back):
		return a.back(), true
	case key.Matches(m, k.Escape):
		return a.escape(), true
	case key.Matches(m, k.Search):
		return a.ask(searching, message.Target{}), true
	case key.Matches(m, k.Again):
		return a.searchAgain(a.found.Backwards), true
	case key.Matches(m, k.Backwards):
		return a.searchAgain(!a.found.Backwards), true
	case key.Matches(m, k.AddFilter):
		return a.ask(filterWriting, message.Target{}), true
	case key.Matches(m, k.FilterList):
		a.mode, a.list = listing, filterList{}
		return nil, true
	case key.Matches(m, k.Keep):
		return a.keepOrHide(message.KeepOrHide{Term: a.focus().Term}), true
	case key.Matches(m, k.Hide):
		return a.keepOrHide(message.KeepOrHide{Term: a.focus().Term, Hide: true}), true
	case key.Matches(m, k.Label):
		return a.labelByDigit(slices.Index(k.Label.Keys(), m.String())), true
	case key.Matches(m, k.Unlabel):
		return a.unlabel(message.Unlabel{Target: a.focus().Target}), true
	case key.Matches(m, k.Note):
		return a.askNote(), true
	case key.Matches(m, k.Undo):
		return a.undo(), true
	case key.Matches(m, k.Redo):
		return a.redo(), true
	case key.Matches(m, k.Export):
		return a.ask(exporting, message.Target{}), true
	case key.Matches(m, k.Copy):
		return a.copy(a.focus().Copy), true
	case key.Matches(m, k.Rejects):
		return a.startWalk(), true
	case key.Matches(m, k.Cancel):
		return a.cancelRun(), true
	case key.Matches(m, k.Command):
		return a.ask(commanding, message.Target{}), true
	case key.Matches(m, k.Help):
		a.mode, a.help = helping, helpView{lines: a.helpLines()}
		return nil, true
	case key.Matches(m, k.Quit):
		return a.leave(), true
	}
	return nil, false
}

// handleMouse scrolls the focused screen by the wheel.
func (a *app) handleMouse(m tea.MouseMsg) tea.Cmd {
	if a.mode != browsing {
		return nil
	}
	switch m.Button {
	case tea.MouseButtonWheelUp:
		return a.toFocused(tea.KeyMsg{Type: tea.KeyUp})
	case tea.MouseButtonWheelDown:
		return a.toFocused(tea.KeyMsg{Type: tea.KeyDown})
	}
	return nil
}

// labelByDigit gives the class of a digit to what is under the cursor.
func (a *app) labelByDigit(digit int) tea.Cmd {
	classes := a.labels.set.Classes()
	if digit >= len(classes) {
		a.say(fmt.Sprintf("there is no class %d; :class NAME adds one", digit))
		return nil
	}
	return a.label(message.Label{Target: a.focus().Target, Class: classes[digit]})
}

// focus is what is under the cursor of the focused screen.
func (a *app) focus() screen.Focus { return a.screens[a.at].Focus() }

// toFocused gives a message to the focused screen.
func (a *app) toFocused(msg tea.Msg) tea.Cmd { return a.toScreen(a.at, msg) }

func (a *app) toScreen(which message.Screen, msg tea.Msg) tea.Cmd {
	s, cmd := a.screens[which].Update(msg)
	a.screens[which] = s
	return a.take(cmd)
}

// broadcast gives a message to every screen.
func (a *app) broadcast(msg tea.Msg) tea.Cmd {
	cmds := make([]tea.Cmd, 0, len(a.screens))
	for i := range a.screens {
		cmds = append(cmds, a.toScreen(message.Screen(i), msg))
	}
	return tea.Batch(cmds...)
}

// show takes a newer snapshot.
func (a *app) show(s *pipeline.Snapshot) tea.Cmd {
	if s == nil {
		return nil
	}
	a.snapshot = s
	return tea.Batch(a.broadcast(message.Snapshot{Snapshot: s}), a.refilter())
}

// visit goes to another screen.
func (a *app) visit(to message.Screen) tea.Cmd {
	if to >= message.Screens {
		return nil
	}
	if to != a.at {
		a.remember()
	}
	a.at = to
	return a.toFocused(message.Shown{})
}

// maxPast bounds how far back backspace leads.
const maxPast = 100

// remember notes where backspace leads back to.
func (a *app) remember() {
	a.past = append(a.past, place{a.at, a.filters.stack})
	if len(a.past) > maxPast {
		a.past = slices.Delete(a.past, 0, 1)
	}
}

// back closes what lies over the rows, or returns to the last place, with the
// filters that it had.
func (a *app) back() tea.Cmd {
	if c, ok := a.screens[a.at].(screen.Closer); ok {
		if s, ok := c.Close(); ok {
			a.screens[a.at] = s
			return nil
		}
	}
	n := len(a.past)
	if n == 0 {
		a.say("there is no way back from here")
		return nil
	}
	p := a.past[n-1]
	a.past = a.past[:n-1]
	a.at = p.at
	cmds := []tea.Cmd{a.toFocused(message.Shown{})}
	if !sameStack(p.stack, a.filters.stack) {
		cmds = append(cmds, a.setFilters(p.stack))
	}
	return tea.Batch(cmds...)
}

// sameStack compares by identity: every change makes a new slice.
func sameStack(a, b []layer) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// escape takes one thing away: what the screen has, or else the last filter.
func (a *app) escape() tea.Cmd {
	if s, ok := a.screens[a.at].Escape(); ok {
		a.screens[a.at] = s
		return nil
	}
	stack := a.filters.stack
	last := len(stack) - 1
	if last < 0 {
		return nil
	}
	text := "filter taken away: "
	if !stack[last].on {
		text = "filter taken away, which was off: "
	}
	a.say(text + stack[last].shown())
	return a.setFilters(slices.Clone(stack[:last]))
}

func (a *app) openConnections(m message.OpenConnections) tea.Cmd {
	a.remember()
	a.at = message.Connections
	l := layer{title: m.Title, pick: m.Pick, on: true}
	if m.Pick == nil {
		f, err := filter.Parse(m.Term)
		if err != nil {
			a.fail("filter", err)
			return a.toFocused(message.Shown{})
		}
		l.title, l.name, l.filter = f.String(), m.Title, f
	}
	return tea.Batch(a.addLayer(l), a.toFocused(message.Shown{}))
}

func (a *app) openEntries(m message.OpenEntries) tea.Cmd {
	a.remember()
	a.at = message.Entries
	if m.Whole && len(a.filters.active()) > 0 {
		a.filters.stack = switchedOff(a.filters.stack)
		a.say("filters are off, because the figure counts the whole log; backspace leads back to them")
	}
	var cmd tea.Cmd
	if m.Pick != nil {
		cmd = a.addLayer(layer{title: m.Title, pick: m.Pick, on: true})
	} else {
		var err error
		if cmd, err = a.addFilter(m.Term); err != nil {
			a.fail("filter", err)
		}
	}
	return tea.Batch(cmd, a.toFocused(message.Shown{}))
}

func (a *app) openConnection(m message.OpenConnection) tea.Cmd {
	if a.snapshot == nil || m.Connection < 0 || m.Connection >= a.snapshot.Connections.Len() {
		return nil
	}
	ref := a.snapshot.Connections.Ref(m.Connection)
	// A transcript is the whole connection, whatever else is filtered.
	a.remember()
	a.at = message.Entries
	off := switchedOff(a.filters.stack)
	a.filters.stack = off
	cmd, err := a.addFilter("id:" + ref.String(a.snapshot.Connections.Several(ref.ID)))
	if err != nil {
		a.fail("filter", err)
	}
	return tea.Batch(cmd, a.toFocused(message.OpenedConnection(m)), a.toFocused(message.Shown{}))
}

func switchedOff(stack []layer) []layer {
	out := slices.Clone(stack)
	for i := range out {
		out[i].on = false
	}
	return out
}

// showIndex goes to a screen and puts its cursor on a row; filters that may
// hide the row are switched off.
func (a *app) showIndex(to message.Screen, index int) tea.Cmd {
	a.remember()
	a.at = to
	var cmd tea.Cmd
	if to == message.Entries && a.filters.shown.Entries != nil {
		if _, ok := a.filters.shown.Entries.Find(index); !ok {
			a.say("filters are off, because they hide this entry; backspace leads back to them")
			cmd = a.setFilters(switchedOff(a.filters.stack))
		}
	}
	return tea.Batch(cmd, a.toFocused(message.CursorAt{Index: index}), a.toFocused(message.Shown{}))
}

// setOption changes a parameter of the models.
func (a *app) setOption(m message.SetOption) tea.Cmd {
	p := a.runs.params
	var err error
	value := strings.TrimSpace(m.Value)
	switch m.Name {
	case "contamination":
		p.Contamination, err = strconv.ParseFloat(value, 64)
	case "seed":
		var seed uint64
		seed, err = strconv.ParseUint(value, 10, 32)
		p.Seed = uint32(seed)
	case "trees":
		p.Trees, err = strconv.Atoi(value)
	default:
		a.fail("set "+m.Name, fmt.Errorf("there are contamination, seed and trees"))
		return nil
	}
	if err != nil {
		a.fail("set "+m.Name, fmt.Errorf("%q is not such a number", value))
		return nil
	}
	if err := p.Check(); err != nil {
		a.fail("set "+m.Name, err)
		return nil
	}
	a.runs.params = p
	a.say(fmt.Sprintf("%s is %s; the models learn again", m.Name, value))
	return a.wishJudge()
}

// say puts a line into the footer.
func (a *app) say(text string) { a.notice = notice{text: text} }

// fail puts into the footer what could not be done, and why.
func (a *app) fail(what string, err error) {
	a.notice = notice{text: fmt.Sprintf("could not %s: %v", what, err), failed: true}
}

// resize gives the screens what header and footer leave.
func (a *app) resize() {
	f := a.frame()
	if a.mode == helping {
		a.help.lines = a.helpLines()
	}
	for i := range a.screens {
		a.screens[i] = a.screens[i].SetSize(a.width, f.body)
	}
}

// searchAgain looks for the last text once more.
func (a *app) searchAgain(backwards bool) tea.Cmd {
	if a.found.Text == "" {
		a.say("nothing was searched for yet; / searches")
		return nil
	}
	return a.toFocused(message.Search{Text: a.found.Text, Backwards: backwards})
}
