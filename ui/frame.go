package ui

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// The least window in which there is anything to see, and the height from which
// on header and footer take the lines that they like.
const (
	minWidth, minHeight = 20, 6
	roomy               = 16
)

// frame is how the lines of the window are shared out.
type frame struct{ header, body, footer int }

func (a *app) frame() frame {
	f := frame{header: 3, footer: 2}
	if a.height < roomy {
		f = frame{header: 2, footer: 1}
	}
	f.body = max(1, a.height-f.header-f.footer)
	return f
}

// View draws header, body and footer.
func (a *app) View() string {
	if a.width == 0 || a.height == 0 {
		return "" // the terminal has not said its size yet
	}
	if a.width < minWidth || a.height < minHeight {
		text := fmt.Sprintf("window too small: %dx%d, needs %dx%d", a.width, a.height, minWidth, minHeight)
		lines, _ := widget.Wrap(a.theme, text, max(1, a.width), max(1, a.height))
		return strings.Join(lines, "\n")
	}
	f := a.frame()
	facts, rest := a.shareFacts()
	tabs := a.tabLine()
	lines := []string{facts, tabs}
	if f.header > 2 {
		lines = append(lines, a.stateLine(rest, a.width))
	} else if room := a.width - ansi.StringWidth(tabs) - 1; room > 0 {
		lines[1] += " " + a.stateLine("", room)
	}
	notice := a.noticeLines()
	// A notice that needs more than its line lies over the end of the body.
	body := max(1, f.body+1-len(notice))
	lines = append(lines, widget.Lay(a.body(), a.width, body))
	notice = notice[:f.body+1-body]
	_, typing := a.over.(*prompt)
	switch target := a.focus().Target; {
	case f.footer > 1:
		lines = append(append(lines, notice...), a.keyLine(""))
	case typing || a.notice.text != "":
		lines = append(lines, notice...)
	case a.over == nil && !target.Empty():
		lines = append(lines, a.keyLine(target.Text))
	default:
		lines = append(lines, a.keyLine(""))
	}
	return strings.Join(lines, "\n")
}

func (a *app) body() string {
	body := a.screens[a.at].View()
	if a.over != nil {
		return a.over.View(body)
	}
	return body
}

// facts are what the first line says, the most important first: what does not
// fit is left out from the end.
func (a *app) facts() []string {
	out := []string{a.logName()}
	s := a.snapshot
	if s == nil {
		return append(out, "reading")
	}
	cov := s.Coverage
	entries := widget.Number(s.Len(), "entry", "entries")
	covered := widget.Share(cov.Bytes()-cov.RejectBytes, cov.Bytes()) + " covered, " + widget.Number(cov.Rejects, "reject", "rejects")
	if n := cov.Messages.Total(); n > 0 {
		covered += ", " + widget.Number(n, "message", "messages")
	}
	if !s.Loaded && a.runs.unread != "" {
		read := "not read to its end"
		if p := a.runs.stages[pipeline.Load]; p.Total > 0 {
			read = "read to " + widget.Share(p.Done, p.Total)
		}
		covered = read + ", of that " + covered
	}
	out = append(out, s.Reading.String()+" reading", entries)
	for _, f := range s.Files {
		// What is missing behind the damage is not in the share that is covered.
		if len(f.Damage) > 0 {
			out = append(out, "damaged")
			break
		}
	}
	out = append(out, covered)
	if first, last, ok := s.Span(); ok {
		zone := " UTC"
		if s.Unzoned {
			zone = " zone unknown"
		}
		out = append(out, span(first, last)+zone)
	}
	if name := wrapperOf(s); name != "" {
		out = append(out, "read through "+a.theme.Notation.Text(name))
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

// span writes two times, the day once where it is the same.
func span(first, last time.Time) string {
	const day, clock = "2006-01-02", "15:04:05"
	if first.Format(day) == last.Format(day) {
		return first.Format(day+" "+clock) + " to " + last.Format(clock)
	}
	return first.Format(day+" "+clock) + " to " + last.Format(day+" "+clock)
}

func (a *app) logName() string {
	names := a.cfg.Names
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
	return name
}

// shareFacts gives the facts that fit into the first line, and those that do
// not, for which there may be room beside the filters.
func (a *app) shareFacts() (line, rest string) {
	t := a.theme
	facts := a.facts()
	name := widget.Clip(t, facts[0], a.width)
	line = t.Strong.Render(name)
	room := a.width - ansi.StringWidth(name)
	between := " " + t.Glyph.Separator + " "
	for _, f := range facts[1:] {
		switch w := ansi.StringWidth(between + f); {
		case w <= room && rest == "":
			room -= w
			line += t.Header.Render(between + f)
		case rest == "":
			rest = f
		default:
			rest += between + f
		}
	}
	return line, rest
}

// tabLine names the screens, or in a narrow window the one that is shown.
func (a *app) tabLine() string {
	t := a.theme
	var tabs []string
	width := -1
	for i, s := range a.screens {
		title := s.Title()
		// The brackets say which one it is where there are no styles.
		if message.Screen(i) == a.at {
			title = "[" + title + "]"
			tabs = append(tabs, t.ActiveTab.Render(title))
		} else {
			tabs = append(tabs, t.Tab.Render(title))
		}
		width += ansi.StringWidth(title) + 1
	}
	if width <= a.width {
		return strings.Join(tabs, " ")
	}
	return t.ActiveTab.Render(widget.Clip(t, fmt.Sprintf("[%s] %d of %d", a.screens[a.at].Title(), a.at+1, message.Screens), a.width))
}

// stateLine names what is marked, filtered and running, and the facts that the
// first line had no room for.
func (a *app) stateLine(facts string, width int) string {
	t := a.theme
	right := ""
	if p, ok := a.runs.running(); ok {
		right = p.Stage.String()
		if p.Total > 0 {
			right += " " + widget.Gauge(t, p.Done, p.Total, 10) + " " + widget.Share(p.Done, p.Total)
		} else {
			right += " " + t.Glyph.Running
		}
	} else if p, ok := a.runs.incomplete(); ok {
		right = t.Warn.Render(p)
	}
	if name := a.exports.writing; name != "" {
		// It goes on for a while after the notice of its beginning is gone.
		right = strings.TrimSpace("export: writing " + widget.Clip(t, name, 20) + " " + t.Glyph.Running + "  " + right)
	} else if a.exports.waiting != nil {
		right = strings.TrimSpace("export waits  " + right)
	}
	right = ansi.Truncate(right, width, "")
	room := width - ansi.StringWidth(right) - 1
	left := widget.Clip(t, a.narrowedText(), max(0, room))
	if left != "" && facts != "" {
		facts = " " + t.Glyph.Separator + " " + facts
	}
	facts = widget.Clip(t, facts, room-ansi.StringWidth(left))
	fill := strings.Repeat(" ", max(0, room-ansi.StringWidth(left+facts)+1))
	return t.Warn.Render(left) + t.Header.Render(facts) + fill + right
}

// narrowedText names what is marked, and what is filtered.
func (a *app) narrowedText() string {
	marked := ""
	if lists := a.lists(a.at); len(lists) > 0 {
		marked = lists[0].Marking()
	}
	filters := a.filterText()
	if marked != "" && filters != "" {
		marked += " " + a.theme.Glyph.Separator + " "
	}
	return marked + filters
}

// incomplete reports that the last run did not come to its end.
func (r *runs) incomplete() (string, bool) {
	for _, p := range r.stages {
		switch p.State {
		case message.Cancelled:
			return p.Stage.String() + " cancelled" + where(p), true
		case message.Broken:
			return p.Stage.String() + " failed" + where(p), true
		}
	}
	return "", false
}

// filterText names what the place is narrowed to and the filters, and what
// they leave.
func (a *app) filterText() string {
	f := &a.filters
	var on []string
	off := 0
	for _, l := range f.stack {
		if l.on && !l.muted {
			on = append(on, l.shown())
		} else {
			off++
		}
	}
	var parts []string
	if f.here.only != nil {
		parts = append(parts, "only "+f.here.only.shown())
	}
	if len(on) > 0 {
		parts = append(parts, "filter: "+strings.Join(on, "; "))
	}
	switch {
	case off > 0 && len(parts) == 0:
		parts = append(parts, widget.Number(off, "filter", "filters")+", off: F lists")
	case off > 0:
		parts[len(parts)-1] += " (" + widget.Number(off, "filter", "filters") + " off)"
	}
	text := strings.Join(parts, "; ")
	if len(f.active()) == 0 {
		return text
	}
	switch shown := f.shown; {
	case f.stop != nil && (shown.Entries == nil || len(shown.Active) == 0):
		text += ", searching"
	case shown.Entries != nil && a.snapshot != nil:
		text = widget.Count(shown.Entries.Len()) + " of " + widget.Count(a.snapshot.Len()) + " " + text
		if f.stop != nil {
			text += ", searching"
		}
	}
	return text
}

// noticeMost is how many lines a notice may take: what to do about an error
// stands at its end.
const noticeMost = 3

// noticeLines are the prompt, what was just done, or what a digit would label;
// one line at least.
func (a *app) noticeLines() []string {
	t := a.theme
	p, typing := a.over.(*prompt)
	text, style := a.notice.text, t.Text
	switch {
	case a.notice.failed:
		style = t.Bad
	case typing:
		text = ""
	}
	if typing && p.err != nil {
		text, style = p.reason(), t.Bad
	}
	if text == "" {
		return []string{a.standingLine()}
	}
	lines := widget.Prose(t, text, a.width, noticeMost)
	for i := range lines {
		lines[i] = style.Render(lines[i])
	}
	return lines
}

// standingLine is what the line of the notice says when there is none.
func (a *app) standingLine() string {
	t := a.theme
	if a.over != nil {
		return a.over.Line()
	}
	target := a.focus().Target
	if target.Empty() {
		return ""
	}
	text := target.Text + ":"
	for i, c := range a.labels.set.Classes() {
		if i > 9 {
			break
		}
		text += fmt.Sprintf(" %d %s", i, c)
	}
	return t.KeyText.Render(widget.Clip(t, text, a.width))
}

// keyLine names keys that work here, as many as fit behind what they act on.
func (a *app) keyLine(target string) string {
	t := a.theme
	if p, typing := a.over.(*prompt); typing {
		if a.notice.failed || p.err != nil { // the reason has the other line
			return p.Line()
		}
		return t.KeyText.Render(p.line.Choices(a.width))
	}
	line, room := "", a.width
	if target != "" {
		target = widget.Clip(t, target, a.width/2)
		line, room = t.KeyText.Render(target)+"  ", room-ansi.StringWidth(target)-2
	}
	for _, b := range a.shortHelp() {
		if !b.Enabled() {
			continue
		}
		h := b.Help()
		k, what := t.Notation.Text(h.Key), t.Notation.Text(h.Desc)
		width := ansi.StringWidth(k) + 1 + ansi.StringWidth(what) + 2
		if width > room+2 {
			break
		}
		room -= width
		line += t.Key.Render(k) + " " + t.KeyText.Render(what) + "  "
	}
	return ansi.Truncate(line, a.width, "")
}

// shortHelp is the keys of the footer: those of the overlay, or of the screen, then
// global ones, help before everything so that it is always there.
func (a *app) shortHelp() []key.Binding {
	if a.over != nil {
		return a.over.Keys()
	}
	g, focus := &globalKeys, a.focus()
	keys := append([]key.Binding{g.Help, g.Quit}, a.screens[a.at].ShortHelp()...)
	if !focus.Target.Empty() {
		keys = append(keys, g.Label, g.Unlabel, g.Note)
	}
	if focus.Term != "" {
		keys = append(keys, g.Keep, g.Hide)
	}
	if len(a.lists(a.at)) > 0 {
		keys = append(keys, g.Search)
	}
	keys = append(keys, g.AddFilter)
	if len(a.filters.stack) > 0 {
		keys = append(keys, g.FilterList)
	}
	return append(keys, g.Next, g.Command, g.Export)
}
