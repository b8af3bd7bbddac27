package ui

import (
	"context"
	"io"
	"os"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// app is the root model: it routes. Keys go to the overlay, to what they mean
// everywhere, or to the focused screen; facts to parts and screens; requests to
// the part that does them. It is used by Bubble Tea's goroutine only.
type app struct {
	runs    runs
	history history
	labels  labelling
	keep    keeping
	filters filtering
	exports exports
	handing handing
	follow  following
	servers separating

	places   places
	search   searching
	marks    markings
	columns  arranging
	zone     zoning
	pointer  pointing
	walk     rejectWalk
	near     nearNames
	score    scoreSheet
	over     overlays
	prompts  prompting
	commands commandLine
	paths    paths
	opening  opening
	typed    typedLines
	clip     clipboard
	suspends suspension
	leave    leaving
	frame    frame
	tour     tour

	actions []action // of global keys
	keys    keymap
	open    string // of Config

	asked []tea.Msg // requests and facts that nobody has heard yet
	work  []tea.Cmd // for the background
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
	a := &app{}
	a.runs = runs{ctx: ctx, analysis: cfg.Analysis, params: cfg.Params, open: func(s *pipeline.Snapshot) caseOpened { return openCase(cfg, s) }}
	for st := range a.runs.stages {
		a.runs.stages[st].Stage = pipeline.Stage(st)
	}
	a.labels = labelling{
		ctx: ctx, book: label.NewBook(label.Set{}),
		now:     func() time.Time { return cfg.Now().UTC().Truncate(time.Microsecond) },
		asked:   func() label.Set { return a.runs.asked.labels },
		history: &a.history,
	}
	a.history.labels = &a.labels
	if err := a.labels.book.SetAnalyst(cfg.Analyst); err != nil {
		cfg.Notices = append(cfg.Notices, err.Error())
	}
	a.keep = keeping{ctx: ctx}
	a.filters = filtering{ctx: ctx, analysis: cfg.Analysis, group: &a.runs.group, history: &a.history, paths: &a.paths}
	a.exports = exports{ctx: ctx, analysis: cfg.Analysis, runs: &a.runs}
	a.follow = following{
		ctx: ctx, group: &a.runs.group, runs: &a.runs, clock: cfg.Theme.Clock, now: cfg.Now,
		every: lookEvery, least: restLeast,
	}
	if a.follow.log, _ = cfg.Analysis.(Followed); a.follow.log != nil {
		a.keep.grows = casefile.NewGrowing(a.follow.log)
	}
	a.handing = handing{theme: cfg.Theme, from: cfg.Analyst, logs: cfg.Names, keep: &a.keep, labels: &a.labels, filters: &a.filters, paths: &a.paths}
	a.places = places{screens: makeScreens(cfg.Theme, cfg.Analysis), filters: &a.filters, search: &a.search, marks: &a.marks, history: &a.history, theme: cfg.Theme}
	a.search = searching{filters: &a.filters}
	a.marks = markings{known: map[string]list.Marks{}}
	a.zone = zoning{clock: cfg.Theme.Clock, wanted: cfg.Zone}
	a.columns = newArranging(&a.places, cfg)
	a.near = nearNames{theme: cfg.Theme, places: &a.places, filters: &a.filters}
	a.walk = rejectWalk{theme: cfg.Theme, log: cfg.Analysis}
	a.score = scoreSheet{theme: cfg.Theme}
	a.commands = commandLine{&a.places, &a.labels, &a.filters, &a.runs, &a.exports, &a.follow, cfg.Theme, cfg.Command, cfg.Logs, &a.paths, &a.handing, &a.servers}
	a.typed = typedLines{file: cfg.TypedFile, lines: map[string][]string{}}
	a.opening = opening{commands: &a.commands}
	a.open = cfg.Open
	a.prompts = prompting{cfg.Theme, &a.typed, &a.places, &a.search, &a.labels, &a.filters, &a.commands, &a.paths}
	a.clip = clipboard{ctx, cfg.Output, cfg.Getenv}
	a.suspends = suspension{mouse: cfg.Mouse}
	a.leave = leaving{kept: cfg.CaseDir != "", keep: &a.keep, labels: &a.labels, exports: &a.exports, runs: &a.runs}
	a.servers = separating{ctx: ctx, theme: cfg.Theme, dir: cfg.CaseDir, able: cfg.Separable, leave: &a.leave}
	a.keys = newKeymap(cfg.Keys)
	a.frame = frame{
		keys: a.keys, theme: cfg.Theme, names: cfg.Names,
		places: &a.places, near: &a.near, over: &a.over, runs: &a.runs, labels: &a.labels, filters: &a.filters, exports: &a.exports, follow: &a.follow,
		tour: &a.tour, guide: a.tourLines,
	}
	if cfg.Tour {
		a.tour = newTour()
	}
	a.pointer = pointing{&a.frame, &a.places}
	a.actions = a.globalActions()
	a.zone.apply()
	a.take(a.columns.begin())
	a.act()
	return a
}

// parts lists the components in the order in which they hear.
func (a *app) parts() []part {
	return []part{
		&a.zone, &a.runs, &a.follow, &a.history, &a.labels, &a.keep, &a.filters, &a.exports, &a.handing, &a.servers, rejectReader{&a.walk}, scoreReader{&a.score},
		&a.marks, &a.columns, &a.near, &a.over, &a.pointer, &a.places, &a.opening, &a.typed, &a.prompts, &a.clip, &a.suspends, &a.leave, &a.frame,
	}
}

// Init starts the analysis.
func (a *app) Init() tea.Cmd {
	if a.follow.log != nil {
		a.take(a.follow.begin())
	} else {
		a.take(a.runs.begin())
	}
	a.take(a.typed.begin())
	a.take(a.opening.begin(a.open))
	a.act()
	return a.left()
}

// Update decides; see the drawing in doc.go.
func (a *app) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch m := msg.(type) {
	case tea.WindowSizeMsg:
		a.resize(m.Width, m.Height)
		a.act()
	case tea.KeyMsg:
		_, typing := a.over.prompt()
		for _, single := range singleKeys(m, typing) {
			a.take(a.press(single))
			a.act()
			a.tour.goOn(a)
		}
	default:
		a.hear(msg)
		a.act()
	}
	a.tour.goOn(a)
	return a, a.left()
}

// resize shares out the cells of the window.
func (a *app) resize(width, height int) {
	body := a.frame.SetSize(width, height)
	a.places.SetSize(width, body)
	a.over.SetSize(width, body)
	a.take(a.places.giveFocused(message.Shown{})) // for what another size asks for
}

// View draws the window.
func (a *app) View() string { return a.frame.View() }

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
		if len(a.asked) > 0 {
			msg := a.asked[0]
			a.asked = a.asked[1:]
			a.hear(msg)
		} else if what, ok := a.search.due(); ok {
			a.take(a.places.giveFocused(what))
		} else if question := a.servers.due(&a.over); question != nil {
			a.take(question)
		} else {
			return
		}
	}
}

// hear handles what is neither a size nor a key of the terminal: it is for a part, or
// for every screen.
func (a *app) hear(msg tea.Msg) {
	switch m := msg.(type) {
	case message.Snapshot:
		if m.Snapshot == nil {
			return // a run that has none has nothing new
		}
	case keyChosen:
		a.take(a.do(m.key))
		return
	}
	if !a.hand(msg) {
		a.take(a.places.giveAll(msg))
	}
	a.take(a.leave.whenSaved(msg))
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
	switch msg.(type) {
	case caseOpened, labelsChanged: // several parts have heard it
		return true
	}
	return false
}

// press gives a key of the terminal to whom it belongs.
func (a *app) press(m tea.KeyMsg) tea.Cmd {
	a.opening.touched()
	if a.over.typing() {
		return a.do(m)
	}
	meant, instead := a.keys.translate(m)
	if instead != "" {
		return say(instead)
	}
	return a.do(meant)
}

// do gives a key that bindings know to whom it belongs.
func (a *app) do(m tea.KeyMsg) tea.Cmd {
	if a.leave.state >= quit {
		return nil
	}
	if key.Matches(m, globalKeys.Suspend) {
		return a.suspends.suspend()
	}
	if a.tour.on && key.Matches(m, tourKeys.End) {
		a.tour.on = false
		a.resize(a.frame.width, a.frame.height)
		return nil
	}
	if a.tour.leads(a, m) && !a.tour.shows() {
		a.tour.at++
	}
	a.frame.notice = notice{}
	if !key.Matches(m, globalKeys.Quit) {
		a.leave.stay()
	}
	a.servers.stay()
	if cmd, taken := a.over.Update(m); taken || m.Paste { // pasted text is no command
		return cmd
	}
	if cmd, taken := a.near.press(m); taken {
		return cmd
	}
	for _, g := range a.actions {
		if key.Matches(m, *g.key) {
			return g.do(m)
		}
	}
	why := a.places.idle(m)
	cmd := a.places.giveFocused(m)
	if why != "" {
		cmd = tea.Batch(say(why), cmd)
	}
	return cmd
}
