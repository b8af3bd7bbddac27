package ui

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/casefile"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// TestSingleKeys: what is one message of Bubble Tea is as many keys as were
// pressed, and a paste is one text.
func TestSingleKeys(t *testing.T) {
	for _, c := range []struct {
		input     string
		prompting bool
		want      string
	}{
		{"jjj", false, "j j j"},
		{"1j1j", false, "1 j 1 j"},
		{":goto 500\r", false, ": g o t o   5 0 0 enter"},
		{"äö", true, "ä ö"},
		{"\x1bj", false, "esc j"},
		{"\x1bjj", false, "esc j j"},
		{"\x1b\x1b", false, "esc esc"},
		{"\x1b\r", false, "esc enter"},
		{"\x1b ", false, "esc  "},
		{"\x1b\x1b[B", false, "esc down"},
		{"\x1b[B\x1b[B", false, "down down"},
		{"\x1b\x7f", false, "esc backspace"},
		{"\x1b\x7f", true, "alt+backspace"},
		{"\x1b[200~q\r1j\x1b[201~", false, "[q\r1j]"},
		{"j\x1b[200~jj\x1b[201~j", true, "j [jj] j"},
	} {
		var got []string
		for _, m := range parse(t, []string{c.input})[0] {
			for _, k := range singleKeys(m, c.prompting) {
				got = append(got, k.String())
			}
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%q is %q, want %q", c.input, text, c.want)
		}
	}
}

// parse gives each input to Bubble Tea in one read and returns the keys that it
// makes of it.
func parse(t *testing.T, inputs []string) [][]tea.KeyMsg {
	t.Helper()
	p := &parser{left: len(inputs), keys: [][]tea.KeyMsg{nil}}
	in := &reads{}
	for _, text := range inputs {
		in.texts = append(in.texts, text, border)
	}
	if _, err := tea.NewProgram(p, tea.WithInput(in), tea.WithOutput(io.Discard), tea.WithoutRenderer(), tea.WithoutSignalHandler()).Run(); err != nil {
		t.Fatal(err)
	}
	return p.keys[:len(inputs)]
}

// border is a key that no binding has.
const border = "\x1d"

// parser keeps the keys between borders.
type parser struct {
	keys [][]tea.KeyMsg
	left int
}

func (p *parser) Init() tea.Cmd { return nil }
func (p *parser) View() string  { return "" }
func (p *parser) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
	case m.Type == tea.KeyCtrlCloseBracket:
		p.keys = append(p.keys, nil)
		if p.left--; p.left == 0 {
			return p, tea.Quit
		}
	default:
		last := len(p.keys) - 1
		p.keys[last] = append(p.keys[last], m)
	}
	return p, nil
}

// reads returns one text a Read.
type reads struct{ texts []string }

func (r *reads) Read(p []byte) (int, error) {
	if len(r.texts) == 0 {
		return 0, io.EOF
	}
	text := r.texts[0]
	r.texts = r.texts[1:]
	return copy(p, text), nil
}

// sent is what a terminal sends for a key.
func sent(t *testing.T, name string) string {
	t.Helper()
	special := map[string]string{
		"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
		"pgup": "\x1b[5~", "pgdown": "\x1b[6~", "delete": "\x1b[3~", "shift+tab": "\x1b[Z", "shift+up": "\x1b[1;2A", "shift+down": "\x1b[1;2B", "shift+left": "\x1b[1;2D", "shift+right": "\x1b[1;2C", "esc": "\x1b", "alt+backspace": "\x1b\x7f",
		"f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~", "f7": "\x1b[18~", "f8": "\x1b[19~",
	}
	if text, ok := special[name]; ok {
		return text
	}
	m := screentest.Key(name)
	if m.Type == tea.KeyRunes {
		return string(m.Runes)
	}
	if m.Type == tea.KeySpace {
		return " "
	}
	if m.Type < 0 {
		t.Fatalf("it is not known what a terminal sends for %q", name)
	}
	return string(rune(m.Type))
}

// everyKey lists the keys of all bindings of the program, and what is typed into
// prompts.
func everyKey() (keys, texts []string) {
	add := func(bindings ...key.Binding) {
		for _, b := range bindings {
			keys = append(keys, b.Keys()...)
		}
	}
	for _, topic := range globalKeys.topics() {
		add(topic.keys...)
	}
	add(rowKeys()...)
	for _, s := range makeScreens(theme.Plain(), silent{}) {
		add(flat(s.FullHelp())...)
	}
	p := widget.PromptKeys()
	add(p.Enter, p.Leave, p.Complete, p.Older, p.EraseWord, p.EraseLine, p.Home)
	slices.Sort(keys)
	keys = slices.Compact(keys)
	// The program's end is tested by itself: most sequences should go on.
	keys = slices.DeleteFunc(keys, func(k string) bool { return k == "q" || k == "ctrl+c" })
	texts = []string{"jjjjj", "1j1j", ":goto 50", ":goto models", ":label attack", ":set trees 20", ":class own", "/select", "/wp_users", "fuser:root", "fcmd:Query", "e", "vG1", "v", "G1", "ggj"}
	return keys, texts
}

// typedAtRandom is a random sequence of keys, beginning on a random screen.
func typedAtRandom(r *rand.Rand, keys, texts []string) []string {
	out := []string{globalKeys.Jump.Keys()[r.IntN(int(message.Tabs))]}
	for range 5 + r.IntN(25) {
		switch r.IntN(4) {
		case 0:
			for _, c := range texts[r.IntN(len(texts))] {
				out = append(out, string(c))
			}
			if r.IntN(2) == 0 {
				out = append(out, "enter")
			}
		case 1: // the most usual ones
			out = append(out, []string{"enter", "esc", "backspace", "down", "j", "1", " "}[r.IntN(7)])
		default:
			out = append(out, keys[r.IntN(len(keys))])
		}
	}
	// Behind esc these are, or begin, another key.
	for i := 1; i < len(out); {
		if out[i-1] == "esc" && slices.Contains([]string{"[", "O", "backspace"}, out[i]) {
			out = slices.Delete(out, i, i+1)
		} else {
			i++
		}
	}
	return out
}

// desk is the root model with what it leaves to the background, which is done
// when nothing more is typed, in the order in which it was asked for.
type desk struct {
	*app
	open  []tea.Cmd
	heard []string // requests of screens
}

func newDesk(t *testing.T, in screentest.Incident) *desk {
	d := &desk{app: newApp(t.Context(), Config{Analysis: silent{}, Theme: theme.Plain(), Output: io.Discard})}
	for i, s := range d.places.screens {
		d.places.screens[i] = overheard{s, &d.heard}
	}
	d.give(tea.WindowSizeMsg{Width: 120, Height: 40})
	d.give(caseOpened{kept: casefile.Case{Labels: in.Labels}, set: in.Labels})
	d.give(message.Snapshot{Snapshot: in.Labelled})
	d.runs.analysed = in.Labelled
	d.settles()
	return d
}

func (d *desk) give(msg tea.Msg) {
	_, cmd := d.Update(msg)
	d.open = append(d.open, cmd)
}

// settles does what was left to the background.
func (d *desk) settles() {
	for len(d.open) > 0 {
		cmd := d.open[0]
		d.open = d.open[1:]
		if cmd == nil {
			continue
		}
		switch m := cmd().(type) {
		case nil:
		case tea.BatchMsg:
			d.open = append(m, d.open...) // as if each had been left by itself
		default:
			d.give(m)
		}
	}
}

// answer does some of what was left to the background.
func (d *desk) answer(r *rand.Rand) {
	if len(d.open) == 0 {
		return
	}
	k := r.IntN(len(d.open))
	cmd := d.open[k]
	d.open = slices.Delete(d.open, k, k+1)
	if cmd == nil {
		return
	}
	switch m := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		d.open = append(d.open, m...)
	default:
		d.give(m)
	}
}

// answers does all of it, in any order.
func (d *desk) answers(r *rand.Rand) {
	for len(d.open) > 0 {
		d.answer(r)
	}
}

// state is everything that keys have led to, but for the notice: which of several
// is the last is not decided.
func (d *desk) state() string {
	d.frame.notice = notice{}
	var labels []string
	for r := range d.labels.set.All() {
		labels = append(labels, fmt.Sprint(r.Ref, r.Verdict.Class))
	}
	return fmt.Sprintf("%s\noverlay %T, filters %v, parameters %+v, labels %v, quitting %v\nasked for %v",
		d.View(), d.over.top, d.filters.kept(), d.runs.params, labels, d.leave.state, d.heard)
}

// overheard is a screen whose requests are written down. Every command that is
// not a request must be Work: the root waits for it.
type overheard struct {
	screen.Screen
	asked *[]string
}

func (o overheard) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	s, cmd := o.Screen.Update(msg)
	o.Screen = s
	return o, o.hear(cmd)
}

func (o overheard) hear(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() tea.Msg {
		m := cmd()
		switch m := m.(type) {
		case tea.BatchMsg:
			for i := range m {
				m[i] = o.hear(m[i])
			}
		case nil, screen.Working:
		case message.Notice, message.Failed: // of a search that other work may overtake
		default:
			name := fmt.Sprintf("%T", m)
			if !strings.HasPrefix(name, "message.") {
				name += " of " + o.Title() + ", which should be screen.Work"
			}
			*o.asked = append(*o.asked, name)
		}
		return m
	}
}

func (o overheard) SetSize(width, height int) screen.Screen {
	o.Screen = o.Screen.SetSize(width, height)
	return o
}

func (o overheard) Close() (screen.Screen, bool) {
	c, ok := o.Screen.(screen.Closer)
	if !ok {
		return o, false
	}
	s, ok := c.Close()
	o.Screen = s
	return o, ok
}

func (o overheard) Lists() []list.Any {
	if s, ok := o.Screen.(lister); ok {
		return s.Lists()
	}
	return nil
}

func (o overheard) Escape() (screen.Screen, bool) {
	s, ok := o.Screen.Escape()
	o.Screen = s
	return o, ok
}

// TestBurstsAreKeys: keys that arrive in one read lead to what the same keys lead
// to one by one.
func TestBurstsAreKeys(t *testing.T) {
	t.Parallel()
	sequences := 1000
	if testing.Short() {
		sequences = 100
	}
	in := screentest.Load(t)
	keys, texts := everyKey()
	r := rand.New(rand.NewPCG(7, 7))
	typed, bursts := make([][]string, sequences), make([]string, sequences)
	for i := range typed {
		typed[i] = typedAtRandom(r, keys, texts)
		for _, name := range typed[i] {
			bursts[i] += sent(t, name)
		}
		bursts[i] = bursts[i][:min(len(bursts[i]), 250)]
	}
	for i, burst := range parse(t, bursts) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // where waiting takes no time
				single, together := newDesk(t, in), newDesk(t, in)
				n := 0
				for _, name := range typed[i] {
					if n += len(sent(t, name)); n > len(bursts[i]) {
						break
					}
					single.give(screentest.Key(name))
				}
				for _, m := range burst {
					together.give(m)
				}
				single.settles()
				together.settles()
				want, got := single.state(), together.state()
				if want != got || strings.Contains(got, "should be screen.Work") {
					t.Errorf("%q one by one, and as %q, lead to\n%s", typed[i], bursts[i], differing(want, got))
				}
				single.runs.wait()
				together.runs.wait()
			})
		})
	}
}

// differing returns the lines that two texts differ in.
func differing(a, b string) string {
	var out strings.Builder
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range max(len(x), len(y)) {
		one, two := "", ""
		if i < len(x) {
			one = x[i]
		}
		if i < len(y) {
			two = y[i]
		}
		if one != two {
			fmt.Fprintf(&out, "- %s\n+ %s\n", one, two)
		}
	}
	return out.String()
}

// TestKeysBehindQ do nothing: the program is about to end.
func TestKeysBehindQ(t *testing.T) {
	in := screentest.Load(t)
	d := newDesk(t, in)
	d.give(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q:")})
	if d.leave.state != quit || d.over.top != nil {
		t.Errorf("quitting %v, overlay %T", d.leave.state, d.over.top)
	}
}

// TestAnyKeysInAnyWindow: whatever is typed, in windows that change their size, each
// frame fits its window.
func TestAnyKeysInAnyWindow(t *testing.T) {
	in := screentest.Load(t)
	keys, texts := everyKey()
	rounds := 40
	if testing.Short() {
		rounds = 4
	}
	for seed := range rounds {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		d := newDesk(t, in)
		var typed []string
		for _, name := range typedAtRandom(r, keys, texts) {
			typed = append(typed, name)
			if r.IntN(4) == 0 {
				d.answers(r)
			}
			size := screentest.Size{Width: 120, Height: 40}
			if r.IntN(3) == 0 {
				size = screentest.Size{Width: 20 + r.IntN(200), Height: 6 + r.IntN(60)}
			}
			d.give(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
			d.give(screentest.Key(name))
			screentest.Fits(t, d.View(), size)
			if t.Failed() {
				t.Fatalf("seed %d, %v after %s:\n%s", seed, size, strings.Join(typed, " "), d.View())
			}
		}
	}
}
