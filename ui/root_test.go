package ui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

// shelf is the parts that what the root shows is made of, without the root.
type shelf struct {
	places  places
	search  searching
	near    nearNames
	marks   markings
	filters filtering
	labels  labelling
	history history
	over    overlays
	runs    runs
	exports exports
	follow  following
	frame   frame
	paths   paths
}

func (s *shelf) commands() *commandLine {
	return &commandLine{theme: theme.Plain(), places: &s.places, labels: &s.labels, filters: &s.filters, runs: &s.runs, exports: &s.exports, follows: &s.follow, paths: &s.paths}
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	in := screentest.Load(t)
	s := &shelf{}
	s.runs = runs{ctx: t.Context(), analysis: silent{}}
	t.Cleanup(s.runs.wait)
	s.history, s.labels.history = history{labels: &s.labels}, &s.history
	s.exports = exports{ctx: t.Context(), analysis: silent{}, runs: &s.runs}
	s.filters = filtering{ctx: t.Context(), group: &s.runs.group, analysis: silent{}, history: &s.history, paths: &s.paths}
	s.search = searching{filters: &s.filters}
	s.marks = markings{known: map[string]list.Marks{}}
	s.places = places{screens: makeScreens(theme.Plain(), in.Log), filters: &s.filters, search: &s.search, marks: &s.marks, history: &s.history}
	s.near = nearNames{theme: theme.Plain(), places: &s.places, filters: &s.filters}
	s.frame = frame{
		theme: theme.Plain(), names: []string{"/logs/general.log"},
		places: &s.places, near: &s.near, over: &s.over, runs: &s.runs, labels: &s.labels, filters: &s.filters, exports: &s.exports, follow: &s.follow,
	}
	for _, p := range []part{&s.filters, &s.marks, &s.places} {
		give(p, message.Snapshot{Snapshot: in.Plain})
	}
	says(s.places.giveAll(message.Snapshot{Snapshot: in.Plain}))
	says(s.places.giveAll(screentest.Unfiltered(in.Plain)))
	return s
}

// TestPlacesPart: requests lead to places, backspace back, and esc takes away what a
// place is narrowed to before a filter.
func TestPlacesPart(t *testing.T) {
	s := newShelf(t)
	give(&s.filters, message.AddFilter{Term: "host:127.0.0.66"})
	back := func() tea.Cmd { return s.places.back() }
	forward := func() tea.Cmd { return s.places.forward() }
	escape := func() tea.Cmd { return s.places.escape() }
	for _, c := range []struct {
		msg  tea.Msg
		do   func() tea.Cmd
		want string // beside what is sent to other parts
		at   message.Screen
		only string
		past int
	}{
		{msg: message.Goto{Screen: message.Charts}, at: message.Charts, past: 1},
		{msg: message.Goto{Screen: message.Charts}, at: message.Charts, past: 1},
		{msg: message.Goto{Screen: message.Screens}, at: message.Charts, past: 1},
		{msg: message.OpenEntries{Term: "cmd:Query"}, at: message.Entries, only: "cmd:Query", past: 2},
		{msg: message.OpenConnections{Term: "("}, want: "could not filter: ", at: message.Entries, only: "cmd:Query", past: 2},
		{msg: message.OpenConnections{Term: "user:root"}, at: message.Connections, only: "user:root", past: 3},
		{do: back, at: message.Entries, only: "cmd:Query", past: 2},
		{do: forward, at: message.Connections, only: "user:root", past: 3},
		{do: forward, want: "there is no way forward", at: message.Connections, only: "user:root", past: 3},
		{do: back, at: message.Entries, only: "cmd:Query", past: 2},
		{msg: message.OpenConnection{Connection: 3, At: -1}, at: message.Entries, only: "id:5@1", past: 3},
		{msg: message.OpenConnection{Connection: 1 << 20}, at: message.Entries, only: "id:5@1", past: 3},
		{do: escape, want: "no longer only id:5@1", at: message.Entries, past: 4},
		{msg: message.ShowEntry{Index: 0}, want: "filters are off here, because they hide this entry", at: message.Entries, past: 5},
		{msg: message.ShowTemplate{Index: 0}, at: message.Templates, past: 6},
		{do: escape, want: "filter taken away: host:127.0.0.66", at: message.Templates, past: 6},
		{do: escape, at: message.Templates, past: 6},
	} {
		var cmd tea.Cmd
		if c.do != nil {
			cmd = c.do()
		} else {
			cmd, _ = s.places.Update(c.msg)
		}
		texts, work := says(cmd)
		for _, do := range work {
			if answer := do(); strings.HasPrefix(fmt.Sprintf("%T", answer), "ui.") {
				give(&s.filters, answer)
			}
		}
		said := slices.ContainsFunc(texts, func(text string) bool { return c.want != "" && strings.HasPrefix(text, c.want) })
		only := ""
		if l := s.filters.here.only; l != nil {
			only = l.shown()
		}
		if s.places.at != c.at || only != c.only || len(s.places.past) != c.past || said != (c.want != "") {
			t.Errorf("%+v: it is on screen %d, only %q, %d places lie behind, and it says %q", c.msg, s.places.at, only, len(s.places.past), texts)
		}
	}
	s.places.past = nil
	if got, _ := says(s.places.back()); !slices.Equal(got, []string{"there is no way back from here"}) || s.places.canGoBack() {
		t.Errorf("without a way back it says %q", got)
	}
}

// TestSearchPart: a search waits for the rows that the filters leave.
func TestSearchPart(t *testing.T) {
	f := &filtering{behind: true}
	s := &searching{filters: f}
	if got, _ := says(s.again(false, true)); len(got) != 1 || !strings.HasPrefix(got[0], "nothing was searched for yet") {
		t.Errorf("before any search it says %q", got)
	}
	s.last = message.Search{Text: "a"}
	if got, _ := says(s.again(false, false)); len(got) != 1 || !strings.HasPrefix(got[0], "there are no rows here") {
		t.Errorf("without rows it says %q", got)
	}
	s.again(true, true)
	if _, ok := s.due(); ok {
		t.Error("it does not wait for the filters")
	}
	f.behind = false
	if what, ok := s.due(); !ok || what != (message.Search{Text: "a", Backwards: true}) {
		t.Errorf("then %+v is searched for (%v)", what, ok)
	}
	if _, ok := s.due(); ok {
		t.Error("it is searched for twice")
	}
	s.again(true, true)
	if !s.stop() || s.stop() {
		t.Error("it is not stopped once")
	}
}

// TestMarksPart: what is marked is sent once, and what the case keeps is marked.
func TestMarksPart(t *testing.T) {
	s := newShelf(t)
	s.places.at = message.Entries
	told := func(cmd tea.Cmd) (got []casefile.Marks) {
		if cmd == nil {
			return nil
		}
		for _, m := range screentest.Messages(cmd) {
			if m, ok := m.(marksChanged); ok {
				got = append(got, m.Marks)
			}
		}
		return got
	}
	got := told(s.places.giveFocused(screentest.Key(" ")))
	if len(got) != 1 || got[0].List != "entries" || !slices.Equal(got[0].Ranges, [][2]int{{0, 1}}) {
		t.Errorf("a mark is told as %+v", got)
	}
	if got := told(s.places.giveFocused(screentest.Key("j"))); got != nil {
		t.Errorf("a move is told as %+v", got)
	}
	if got := told(s.places.escape()); len(got) != 1 || got[0].Len() != 0 {
		t.Errorf("esc is told as %+v", got)
	}
	kept := casefile.Case{Marks: []casefile.Marks{
		{List: "entries", Reading: "notebook", Ranges: [][2]int{{1, 2}}},
		{List: "entries", Reading: s.places.snapshot.Reading.String(), Ranges: [][2]int{{3, 1 << 30}}},
	}}
	cmd, mine := s.marks.Update(caseOpened{kept: kept, log: s.places.snapshot})
	marks := screentest.Messages(cmd)
	if len(marks) != 1 || mine || !slices.Equal(marks[0].(message.Marks).Ranges, [][2]int{{3, s.places.snapshot.Len()}}) {
		t.Errorf("the case restores %+v", marks)
	}
}

// TestClipboardPart reports that a text was sent, or why it was not.
func TestClipboardPart(t *testing.T) {
	var out bytes.Buffer
	c := &clipboard{ctx: t.Context(), out: &out, getenv: func(name string) string { return map[string]string{"TMUX": "1"}[name] }}
	text := func(text string, err error) func(context.Context) (string, error) {
		return func(context.Context) (string, error) { return text, err }
	}
	for _, m := range []struct {
		message.Copy
		want string
	}{
		{message.Copy{}, "there is nothing to copy under the cursor"},
		{message.Copy{What: "it", Text: text("", errors.New("gone"))}, "could not copy it: gone"},
		{message.Copy{What: "it", Text: text(strings.Repeat("x", maxCopy+1), nil)}, "could not copy it: 54.7 KiB are too many"},
		{message.Copy{What: "it", Text: text("a", nil)}, "sent to the terminal's clipboard: it"},
	} {
		cmd, _ := c.Update(m.Copy)
		var got []string
		for _, answer := range screentest.Messages(cmd) {
			texts, _ := says(tell(answer))
			got = append(got, texts...)
		}
		if len(got) != 1 || !strings.HasPrefix(got[0], m.want) {
			t.Errorf("%q: it says %q, want %q", m.What, got, m.want)
		}
	}
	if got := out.String(); !strings.HasPrefix(got, "\x1bPtmux;") || !strings.Contains(got, "YQ==") {
		t.Errorf("the terminal gets %q", got)
	}
}

// TestLeavingPart: nothing unsaved is lost without a word, and a second q leaves.
func TestLeavingPart(t *testing.T) {
	make := func() *leaving {
		r := &runs{}
		return &leaving{kept: true, keep: &keeping{ctx: t.Context()}, labels: &labelling{}, exports: &exports{runs: r}, runs: r}
	}
	in := screentest.Load(t)
	for name, c := range map[string]struct {
		prepare     func(l *leaving)
		state, next quitting
	}{
		"nothing unsaved":    {func(*leaving) {}, quit, quit},
		"no case":            {func(l *leaving) { l.kept, l.keep.unsaved = false, true }, quit, quit},
		"an export":          {func(l *leaving) { l.exports.writing = "out" }, running, quit},
		"a save":             {func(l *leaving) { l.keep.saving = true }, saving, saving},
		"a failed save":      {func(l *leaving) { l.keep.unsaved, l.keep.file = true, &casefile.File{} }, saving, saving},
		"filters only":       {func(l *leaving) { l.keep.unsaved = true }, quit, quit},
		"labels and no file": {func(l *leaving) { l.keep.unsaved, l.labels.set = true, in.Labels }, warned, abandoned},
	} {
		l := make()
		c.prepare(l)
		l.Update(message.Quit{})
		first := l.state
		l.Update(message.Quit{})
		if first != c.state || l.state != c.next {
			t.Errorf("%s: q leads to %d and then to %d, want %d and %d", name, first, l.state, c.state, c.next)
		}
	}
	l := make()
	l.state, l.keep.saving = saving, true
	if l.whenSaved(saved{}) != nil {
		t.Error("it does not wait for the save")
	}
	l.keep.saving = false
	if _, work := says(l.whenSaved(saved{})); l.state != quit || len(work) != 1 {
		t.Error("it does not leave when all is saved")
	}
	if l.state = saving; l.whenSaved(saved{err: errors.New("full")}) != nil || l.state != warned {
		t.Error("a save that fails is not warned of")
	}
	if l.stay(); l.state != running {
		t.Error("a warning is not taken back")
	}
}

// TestCommandsPart: what ':' takes becomes a request, or a reason.
func TestCommandsPart(t *testing.T) {
	s := newShelf(t)
	l := s.commands()
	for text, want := range map[string]string{
		"":             "",
		"goto 1,0":     "message.ShowEntry",
		"1,0":          "message.ShowEntry",
		"100":          "there is no entry 100: the log has 71 entries",
		"goto chart":   "message.Goto",
		"goto 100":     "there is no entry 100: the log has 71 entries",
		"goto nowhere": `there is no screen "nowhere"`,
		"class own":    "message.AddClass",
		"label none":   `there is no class "none"`,
		"filter host:": "filter, character 6: host: needs a value",
		"class":        "write :class NAME",
		"set trees":    "write :set NAME VALUE",
		"train":        "the log is not read yet",
		"export all":   "write :export all DIR",
		"q":            "message.Quit",
		"nonsense":     `there is no command "nonsense"`,
	} {
		cmd, err := l.do(text)
		texts, _ := says(cmd)
		if err != nil {
			texts = append(texts, err.Error())
		}
		if got := strings.Join(texts, "; "); !strings.HasPrefix(got, want) {
			t.Errorf(":%s says %q, want %q", text, got, want)
		}
	}
	if got := l.complete("goto c"); !slices.Equal(got, []string{"goto connections", "goto charts"}) {
		t.Errorf("goto c becomes %q", got)
	}
}

// TestOverlaysPart: what lies over the screen has the keys and the mouse until it is
// closed.
func TestOverlaysPart(t *testing.T) {
	o := &overlays{}
	o.SetSize(60, 10)
	takes := func(msg tea.Msg) bool {
		_, mine := o.Update(msg)
		return mine
	}
	if takes(screentest.Key("j")) || takes(tea.MouseMsg{}) {
		t.Error("without an overlay keys or the mouse are taken")
	}
	for _, answer := range screentest.Messages(lie(newMenu(theme.Plain(), nil))) {
		takes(answer)
	}
	if m, ok := o.top.(*menu); !ok || m.width != 60 || !takes(screentest.Key("j")) || !takes(tea.MouseMsg{}) {
		t.Errorf("the overlay is %#v", o.top)
	}
	if takes(screentest.Key("esc")); o.top == nil {
		t.Error("esc closes a menu in which something was typed")
	}
	if takes(screentest.Key("esc")); o.top != nil {
		t.Error("esc does not close it")
	}
}

// TestFramePart: header and footer name what they know, and give way in a small window.
func TestFramePart(t *testing.T) {
	s := newShelf(t)
	f := &s.frame
	show := func(width, height int) []string {
		body := f.SetSize(width, height)
		s.places.SetSize(width, body)
		view := f.View()
		screentest.Fits(t, view, screentest.Size{Width: width, Height: height})
		return strings.Split(view, "\n")
	}
	if got := f.View(); got != "" {
		t.Errorf("before the size is known it draws %q", got)
	}
	if got := show(19, 6)[0]; !strings.HasPrefix(got, "window too small") {
		t.Errorf("a small window says %q", got)
	}
	wide := show(120, 40)
	if !strings.HasPrefix(wide[0], "general.log · default reading · 71 entries") || !strings.HasPrefix(wide[1], "[Overview] Connections") || !strings.HasPrefix(wide[39], "? help  q quit") {
		t.Errorf("the frame is\n%s\n...\n%s", strings.Join(wide[:3], "\n"), wide[39])
	}
	if narrow := show(40, 10); !strings.HasPrefix(narrow[1], "[Overview] 1 of 8") {
		t.Errorf("a narrow window has the tabs %q", narrow[1])
	}
	s.runs.stages[pipeline.Load] = message.Progress{Stage: pipeline.Load, State: message.Running, Done: 1, Total: 4}
	s.exports.writing = "out"
	if line := show(120, 40)[2]; !strings.Contains(line, "export: writing out") || !strings.Contains(line, "25.00 %") {
		t.Errorf("what runs is shown as %q", line)
	}
	give(f, message.Failed{What: "filter", Err: errors.New("wrong")})
	if line := show(120, 40)[38]; !strings.HasPrefix(line, "could not filter: wrong") {
		t.Errorf("a failure is shown as %q", line)
	}
	give(f, nearestFound{"something else", "far"})
	give(f, nearestFound{f.notice.text, "near"})
	if want := "could not filter: wrong; the nearest in the log is near"; f.notice.text != want {
		t.Errorf("the nearest is said in %q", f.notice.text)
	}
	s.over.top = newPrompt(theme.Plain(), purpose{sign: "> "}, &typedLines{})
	s.over.SetSize(120, 35)
	f.notice = notice{text: "done"}
	if line := show(120, 40)[38]; !strings.HasPrefix(line, "> ") {
		t.Errorf("a prompt gives way to a notice: %q", line)
	}
}

// TestSuspensionPart without a terminal reports that.
func TestSuspensionPart(t *testing.T) {
	s := &suspension{}
	for _, c := range []struct {
		msg  tea.Msg
		want string
	}{{suspendAsked{}, "could not suspend: " + errNoShell.Error()}, {awake{errors.New("lost")}, "could not suspend: lost"}} {
		if got := give(s, c.msg); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%T: it says %q, want %q", c.msg, got, c.want)
		}
	}
}

// TestPromptingPart opens prompts with what they begin with.
func TestPromptingPart(t *testing.T) {
	s := newShelf(t)
	p := &prompting{theme.Plain(), &typedLines{lines: map[string][]string{}}, &s.places, &s.search, &s.labels, &s.filters, s.commands(), &s.paths}
	s.places.at = message.Connections
	opened := func(cmd tea.Cmd) *prompt {
		t.Helper()
		for _, m := range screentest.Messages(cmd) {
			if m, ok := m.(laid); ok {
				return m.overlay.(*prompt)
			}
		}
		t.Fatal("no prompt is opened")
		return nil
	}
	by := func(msg tea.Msg) tea.Cmd {
		cmd, _ := p.Update(msg)
		return cmd
	}
	for _, c := range []struct {
		cmd         tea.Cmd
		sign, value string
	}{
		{by(filterAsked{"cmd:Query"}), "filter: ", "cmd:Query"},
		{by(commandAsked{"set "}), ":", "set "},
		{p.find(), "/", ""},
		{p.note(), "note on connection 2@1: ", ""},
		{p.export(), "export the evidence to folder: ", defaultExport},
	} {
		if o := opened(c.cmd); o.purpose.sign != c.sign || o.line.Value() != c.value {
			t.Errorf("the prompt is %q with %q, want %q with %q", o.purpose.sign, o.line.Value(), c.sign, c.value)
		}
	}
	o := opened(p.find())
	for _, name := range []string{"a", "enter"} {
		o.Update(screentest.Key(name))
	}
	if what, ok := s.search.due(); !ok || what != (message.Search{Text: "a"}) {
		t.Errorf("it searches for %+v (%v)", what, ok)
	}
	s.places.at = message.Charts
	if got, _ := says(p.note()); len(got) != 1 {
		t.Errorf("where no connection is under the cursor it says %q", got)
	}
}

// TestEveryGlobalKeyHasAnAction, and one only.
func TestEveryGlobalKeyHasAnAction(t *testing.T) {
	a := newApp(t.Context(), Config{Analysis: silent{}, Theme: theme.Plain()})
	for _, topic := range globalKeys.topics() {
		for _, b := range topic.keys {
			n := 0
			for _, g := range a.actions {
				if slices.Equal(g.key.Keys(), b.Keys()) && g.do != nil {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%q has %d actions", b.Help().Key, n)
			}
		}
	}
}
