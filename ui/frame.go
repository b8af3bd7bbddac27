package ui

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// The least window in which there is anything to see, and the height from which
// on header and footer take the lines that they like.
const (
	minWidth, minHeight = 20, 6
	roomy               = 16
)

// frame is the part that draws the window: header, the screen that is shown with what
// lies over it, footer. It shows the notices.
type frame struct {
	keys          keymap
	theme         *theme.Theme
	names         []string // of the log's files
	width, height int
	notice        notice

	places  *places
	near    *nearNames
	over    *overlays
	runs    *runs
	labels  *labelling
	filters *filtering
	exports *exports
	follow  *following
	tour    *tour
	guide   func(width, lines int) []string // lines of the tour
}

// notice is what the footer shows until the next key.
type notice struct {
	text   string
	failed bool
}

// Update takes notices and errors to be shown.
func (f *frame) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case message.Notice:
		f.notice = notice{text: m.Text}
	case message.Failed:
		f.notice = notice{text: fmt.Sprintf("could not %s: %v", m.What, m.Err), failed: true}
		if m.Sought != "" {
			return f.filters.nearest(m.Sought, f.notice.text), true
		}
	case reworded:
		if f.notice.text == m.was {
			f.notice.text = m.now
		}
	case nearestFound:
		if f.notice.text == m.notice { // no other notice since
			f.notice.text += "; the nearest in the log is " + m.name
		}
	default:
		return nil, false
	}
	return nil, true
}

// SetSize sets the size of the window in cells, and returns the lines of the body.
func (f *frame) SetSize(width, height int) (body int) {
	f.width, f.height = width, height
	return f.lines().body
}

// lines is how the lines of the window are shared out.
type lines struct{ header, body, footer int }

func (f *frame) lines() lines {
	l := lines{header: 3, footer: 2}
	if f.height < roomy {
		l = lines{header: 2, footer: 1}
	}
	l.footer += f.touring()
	l.body = max(1, f.height-l.header-l.footer)
	return l
}

// View draws header, body and footer.
func (f *frame) View() string {
	if f.width == 0 || f.height == 0 {
		return "" // the size of the terminal is not known yet
	}
	if f.width < minWidth || f.height < minHeight {
		text := fmt.Sprintf("window too small: %dx%d, needs %dx%d", f.width, f.height, minWidth, minHeight)
		lines, _ := widget.Wrap(f.theme, text, max(1, f.width), max(1, f.height))
		return strings.Join(lines, "\n")
	}
	share := f.lines()
	facts, rest := f.shareFacts()
	tabs := f.tabLine()
	lines := []string{facts, tabs}
	if share.header > 2 {
		lines = append(lines, f.stateLine(rest, f.width))
	} else if room := f.width - ansi.StringWidth(tabs) - 1; room > 0 {
		lines[1] += " " + f.stateLine("", room)
	}
	notice := f.noticeLines()
	// A notice that needs more than its line lies over the end of the body.
	body := max(1, share.body+1-len(notice))
	lines = append(lines, widget.Lay(f.body(), f.width, body))
	notice = notice[:share.body+1-body]
	_, typing := f.over.prompt()
	switch target := f.places.focus().Target; {
	case share.header > 2:
		lines = append(append(lines, notice...), f.keyLine(""))
	case typing || f.notice.text != "":
		lines = append(lines, notice...)
	case f.over.top == nil && !target.Empty():
		lines = append(lines, f.keyLine(named(f.theme, target, f.width/2)))
	default:
		lines = append(lines, f.keyLine(""))
	}
	if n := f.touring(); n > 0 {
		lines = append(lines, f.guide(f.width, n)...)
	}
	return strings.Join(lines, "\n")
}

// touring returns how many lines the tour has.
func (f *frame) touring() int {
	switch {
	case f.tour == nil || !f.tour.on || f.height < tourFrom:
		return 0
	case f.height < roomy:
		return 1
	}
	return 2
}

func (f *frame) body() string {
	body := f.places.focused().View()
	if f.near.shown() {
		body = f.near.View(f.width, f.lines().body)
	}
	if f.over.top != nil {
		return f.over.top.View(body)
	}
	return body
}

// facts are what the first line shows, the most important first: what does not
// fit is left out from the end.
func (f *frame) facts() []string {
	out := []string{f.logName()}
	s := f.places.snapshot
	if s == nil {
		return append(out, "reading")
	}
	cov := s.Coverage
	entries := widget.Number(s.Len(), "entry", "entries")
	covered := widget.Share(cov.Bytes()-cov.RejectBytes, cov.Bytes()) + " covered, " + widget.Number(cov.Rejects, "reject", "rejects")
	if n := cov.Messages.Total(); n > 0 {
		covered += ", " + widget.Number(n, "message", "messages")
	}
	if !s.Loaded && f.runs.unread != "" {
		read := "not read to its end"
		if p := f.runs.stages[pipeline.Load]; p.Total > 0 {
			read = "read to " + widget.Share(p.Done, p.Total)
		}
		covered = read + ", of that " + covered
	}
	out = append(out, s.Reading.String()+" reading", entries)
	for _, file := range s.Files {
		// What is missing behind the damage is not in the share that is covered.
		if len(file.Damage) > 0 {
			out = append(out, "damaged")
			break
		}
	}
	out = append(out, covered)
	if first, last, ok := s.Span(); ok {
		clock := f.theme.Clock
		zone := " " + clock.Zone("UTC")
		if s.Unzoned {
			zone = " zone unknown"
		}
		out = append(out, span(clock.Time(first.UnixMicro()), clock.Time(last.UnixMicro()), f.width < list.Wide)+zone)
	}
	if name := wrapperOf(s); name != "" {
		out = append(out, "read through "+f.theme.Notation.Text(name))
	}
	return out
}

// wrapperOf names what is around the log in its files.
func wrapperOf(s *pipeline.Snapshot) string {
	var names []string
	for _, f := range s.Files {
		if name := f.Wrapper.Name(); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, "; ")
}

// span writes two times, the day once where it is the same; a brief one has no seconds.
func span(first, last time.Time, brief bool) string {
	const day = time.DateOnly
	clock := time.TimeOnly
	if brief {
		clock = "15:04"
	}
	if first.Format(day) == last.Format(day) {
		return first.Format(day+" "+clock) + " to " + last.Format(clock)
	}
	return first.Format(day+" "+clock) + " to " + last.Format(day+" "+clock)
}

func (f *frame) logName() string {
	names := f.names
	if len(names) == 0 {
		return "sqleuth"
	}
	name := filepath.Base(names[0])
	if names[0] == "-" {
		name = "standard input"
	}
	if len(names) > 1 {
		name += fmt.Sprintf(" and %d more", len(names)-1)
	}
	if s := f.places.snapshot; s != nil && s.SeveralServers() {
		name += fmt.Sprintf(", %d servers", len(s.Servers))
	}
	return name
}

// shareFacts returns the facts that fit into the first line, and those that do
// not, for which there may be room beside the filters.
func (f *frame) shareFacts() (line, rest string) {
	t := f.theme
	facts := f.facts()
	name := widget.Clip(t, facts[0], f.width)
	line = t.Strong.Render(name)
	room := f.width - ansi.StringWidth(name)
	between := " " + t.Glyph.Separator + " "
	for _, fact := range facts[1:] {
		switch w := ansi.StringWidth(between + fact); {
		case w <= room && rest == "":
			room -= w
			line += t.Header.Render(between + fact)
		case rest == "":
			rest = fact
		default:
			rest += between + fact
		}
	}
	return line, rest
}

// tabLine names the screens, or in a narrow window the one that is shown.
func (f *frame) tabLine() string {
	t := f.theme
	var tabs []string
	width := -1
	for i, s := range f.places.screens[:message.Tabs] {
		title := s.Title()
		// The brackets show which one it is where there are no styles.
		if message.Screen(i) == f.places.at.Tab() {
			title = "[" + title + "]"
			tabs = append(tabs, t.ActiveTab.Render(title))
		} else {
			tabs = append(tabs, t.Tab.Render(title))
		}
		width += ansi.StringWidth(title) + 1
	}
	if width <= f.width {
		return strings.Join(tabs, " ")
	}
	return t.ActiveTab.Render(widget.Clip(t, fmt.Sprintf("[%s] %d of %d", f.places.screens[f.places.at].Title(), f.places.at.Tab()+1, message.Tabs), f.width))
}

// besideFollowing is from which width on filters have room beside all that is shown
// of following.
const besideFollowing = 110

// stateLine names what is marked, filtered and running, and the facts that the
// first line had no room for.
func (f *frame) stateLine(facts string, width int) string {
	t := f.theme
	right := ""
	if p, ok := f.runs.running(); ok {
		right = p.Stage.String()
		if p.Total > 0 {
			right += " " + widget.Gauge(t, p.Done, p.Total, 10) + " " + widget.Share(p.Done, p.Total)
		} else {
			right += " " + t.Glyph.Running
		}
	} else if p, ok := f.runs.incomplete(); ok {
		right = t.Warn.Render(p)
	} else {
		right = f.follow.words(f.width < besideFollowing)
	}
	if name := f.exports.writing; name != "" {
		// It goes on for a while after the notice of its beginning is gone.
		right = strings.TrimSpace("export: writing " + widget.Clip(t, name, 20) + " " + t.Glyph.Running + "  " + right)
	} else if f.exports.waiting != nil {
		right = strings.TrimSpace("export waits  " + right)
	}
	right = ansi.Truncate(right, width, "")
	room := width - ansi.StringWidth(right) - 1
	left := widget.Clip(t, f.narrowedText(), max(0, room))
	if left != "" && facts != "" {
		facts = " " + t.Glyph.Separator + " " + facts
	}
	facts = widget.Clip(t, facts, room-ansi.StringWidth(left))
	fill := strings.Repeat(" ", max(0, room-ansi.StringWidth(left+facts)+1))
	return t.Warn.Render(left) + t.Header.Render(facts) + fill + right
}

// narrowedText names what is marked, and what is filtered.
func (f *frame) narrowedText() string {
	marked := ""
	if lists := f.places.lists(f.places.at); len(lists) > 0 {
		marked = lists[0].Marking()
	}
	filters := f.filters.says()
	if zone := f.theme.Clock.Zone(""); zone != "" && strings.Contains(filters, "time:") {
		filters += " (UTC)" // the terms are in UTC, the screens are not
	}
	if marked != "" && filters != "" {
		marked += " " + f.theme.Glyph.Separator + " "
	}
	return marked + filters
}

// noticeMost is how many lines a notice may take: what to do about an error is at
// its end.
const noticeMost = 3

// noticeLines are the prompt, what was just done, or what a digit would label;
// one line at least.
func (f *frame) noticeLines() []string {
	t := f.theme
	p, typing := f.over.prompt()
	text, style := f.notice.text, t.Text
	switch {
	case f.notice.failed:
		style = t.Bad
	case typing:
		text = ""
	}
	if typing && p.err != nil {
		text, style = p.reason(), t.Bad
	}
	if text == "" {
		return []string{f.standingLine()}
	}
	lines := widget.Prose(t, text, f.width, noticeMost)
	for i := range lines {
		lines[i] = style.Render(lines[i])
	}
	return lines
}

// standingLine is what the line of the notice shows when there is none.
func (f *frame) standingLine() string {
	t := f.theme
	if f.over.top != nil {
		return f.over.top.Line()
	}
	target := f.places.focus().Target
	if target.Empty() {
		return ""
	}
	digits := ":"
	for i, c := range f.labels.set.Classes() {
		if i > 9 {
			break
		}
		digits += fmt.Sprintf(" %d %s", i, c)
	}
	// What the digits do is read before what they do it to is read to its end.
	name := named(t, target, max(leastNamed, f.width-ansi.StringWidth(digits)))
	return t.KeyText.Render(widget.Clip(t, name+digits, f.width))
}

// leastNamed is the least room for what a digit would label, in cells.
const leastNamed = 16

// named is what a digit would label, in so many cells.
func named(t *theme.Theme, target message.Target, room int) string {
	name := target.Text
	if target.Brief != "" && ansi.StringWidth(name) > room {
		name = target.Brief
	}
	return widget.Clip(t, name, room)
}

// keyLine names keys that work here, as many as fit behind what they act on.
func (f *frame) keyLine(target string) string {
	t := f.theme
	if p, typing := f.over.prompt(); typing {
		if f.notice.failed || p.err != nil { // the reason has the other line
			return p.Line()
		}
		if f.notice.text != "" { // why the last key did nothing
			return t.KeyText.Render(widget.Clip(t, f.notice.text, f.width))
		}
		return t.KeyText.Render(p.line.Choices(f.width))
	}
	line, room := "", f.width
	if target != "" {
		line, room = t.KeyText.Render(target)+"  ", room-ansi.StringWidth(target)-2
	}
	for _, b := range f.shortHelp() {
		if !b.Enabled() {
			continue
		}
		h := b.Help()
		k, what := t.Notation.Text(f.keys.help(b)), t.Notation.Text(h.Desc)
		width := ansi.StringWidth(k) + 1 + ansi.StringWidth(what) + 2
		if width > room+2 {
			break
		}
		room -= width
		line += t.Key.Render(k) + " " + t.KeyText.Render(what) + "  "
	}
	return ansi.Truncate(line, f.width, "")
}

// shortHelp is the keys of the footer: those of the overlay, or of the screen, then
// global ones, help before everything so that it is always there.
func (f *frame) shortHelp() []key.Binding {
	if f.over.top != nil {
		return f.over.top.Keys()
	}
	g, focus := &globalKeys, f.places.focus()
	keys := []key.Binding{g.Help, g.Quit}
	if f.near.shown() {
		return append(append(keys, f.near.keys()...), g.Escape, g.FilterList, g.AddFilter)
	}
	keys = append(keys, f.places.screens[f.places.at].ShortHelp()...)
	if at := f.places.at; at == message.Overview || at.Tab() == message.Connections {
		accounts := g.Accounts
		accounts.SetHelp("a", "accounts")
		if at == message.Accounts {
			accounts.SetHelp("a", "by host, pair")
		}
		keys = slices.Insert(keys, min(3, len(keys)), accounts)
	}
	if f.places.at == message.Overview {
		keys = append(keys, g.Export)
	}
	if focus.Incident.ID != "" {
		keys = append(keys, g.Decide)
	}
	if !focus.Target.Empty() {
		keys = append(keys, g.Label, g.Unlabel, g.Note)
	}
	if focus.Term != "" {
		keys = append(keys, g.Keep, g.Hide)
	}
	if len(f.places.lists(f.places.at)) > 0 {
		keys = append(keys, g.Search)
	}
	keys = append(keys, g.AddFilter)
	if len(f.filters.stack) > 0 {
		keys = append(keys, g.FilterList)
	}
	keys = append(keys, g.Next, g.Command)
	if f.places.at != message.Overview {
		keys = append(keys, g.Export)
	}
	return keys
}
