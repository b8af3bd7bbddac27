package timeline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/exp/golden"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/selection"
	"sqleuth/ui/theme"
)

// open is a timeline of the test incident, entered on a time, in a body of 80x24.
func open(t testing.TB, th *theme.Theme, s *pipeline.Snapshot, at string) *Model {
	t.Helper()
	m := New(th, false)
	m.SetSize(80, 24)
	m.settle(m.SetSnapshot(s))
	m.settle(m.Enter(moment(t, at), true))
	return &m
}

// settle runs commands and gives the timeline their answers; what is left over comes
// back.
func (m *Model) settle(cmd tea.Cmd) (out []tea.Msg) {
	for _, msg := range screentest.Messages(cmd) {
		switch msg.(type) {
		case counted, listed:
			out = append(out, m.settle(m.Update(msg))...)
		default:
			out = append(out, msg)
		}
	}
	return out
}

func (m *Model) presses(t testing.TB, bindings ...key.Binding) (out []tea.Msg) {
	t.Helper()
	for _, b := range bindings {
		out = append(out, m.settle(m.Update(screentest.Key(b.Keys()[0])))...)
	}
	return out
}

func moment(t testing.TB, text string) int64 {
	t.Helper()
	at, err := filter.FindTime(text, 0, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func (m *Model) at() string { return m.theme.Clock.Time(m.cursor).Format("2006-01-02 15:04:05") }

// date is the day of the test incident.
const date = "2024-07-10 "

// TestGapWaitsForBins: a gap that is asked for before bins are counted is gone to when they
// are, unless a key comes first.
func TestGapWaitsForBins(t *testing.T) {
	in := screentest.Load(t)
	at := moment(t, date+"05:25")
	for _, early := range []bool{true, false} {
		m := New(theme.Plain(), false)
		m.SetSize(80, 24)
		m.settle(m.SetSnapshot(in.Plain))
		count := m.Update(message.NextGap{Micros: at})
		if early {
			m.Update(screentest.Key("right"))
		}
		out := m.settle(count)
		if b := m.whole.sum(m.cursor, m.cursor+m.window().width); (b.entries > 0) != early || len(out) > 0 {
			t.Errorf("with a key first %v: the cursor is on %s with %d entries, %v", early, m.at(), b.entries, out)
		}
	}
}

// TestRound: whatever the log spans, bins are as fine as the cells allow, begin at round
// times, and hold all of it.
func TestRound(t *testing.T) {
	for _, c := range []struct {
		first, last, width string
		columns            int
	}{
		{"2024-11-19 05:40:05", "2024-11-22 03:13:16", "1 h", 72},
		{"2024-11-19 05:40:05", "2024-11-22 03:13:16", "3 h", 32},
		{"2024-07-10 05:25:05", "2024-07-10 07:39:47", "2 min", 72},
		{"2024-07-10 05:25:05", "2024-07-10 05:25:06", "20 ms", 72},
		{"1970-01-01", "2024-07-10", "364 days", 72},
		{"0001-01-01", "9999-12-31", "364 days", 72},
	} {
		first, last := moment(t, c.first), moment(t, c.last)
		w := fitting(first, last, c.columns)
		if name(w) != strings.Replace(c.width, "364 days", "52 weeks", 1) {
			t.Errorf("%s to %s in %d columns: bins of %s, want %s", c.first, c.last, c.columns, name(w), c.width)
		}
	}
	for k, w := range widths {
		for _, b := range bases {
			if b <= w && w%b != 0 {
				t.Errorf("bins of %s are not made of those of %s", name(w), name(b))
			}
		}
		at := moment(t, "2024-07-10 05:25:05.123456")
		if s := start(at, w); s > at || at-s >= w || start(s, w) != s || start(s-1, w) != s-w {
			t.Errorf("the bin of %s at %s begins at %s", name(w), utc(at), utc(s))
		}
		if k > 0 && (zoomed(w, -1) != widths[k-1] || zoomed(widths[k-1], 1) != w) {
			t.Errorf("zoom from %s", name(w))
		}
	}
	if got := utc(start(moment(t, "2024-07-10"), 7*day)).Weekday().String(); got != "Monday" {
		t.Errorf("weeks begin on %s", got)
	}
}

// TestTicks are round, and do not touch one another.
func TestTicks(t *testing.T) {
	for _, w := range widths {
		for _, cells := range []int{1, 6} {
			for _, bins := range []int{2, 11, 72, 192} {
				from := start(moment(t, "2024-07-10 05:25:05"), w)
				end := int64(-1)
				for _, k := range ticks(&theme.Clock{}, from, bins, w, cells) {
					at := (k.at - from) / w * int64(cells)
					if at <= end && end >= 0 || (k.at-from)%w != 0 {
						t.Errorf("bins of %s: %q at %d, the one before ends at %d", name(w), k.text, at, end)
					}
					end = at + int64(len(k.text))
				}
			}
		}
	}
	var texts []string
	for _, k := range ticks(&theme.Clock{}, moment(t, "2024-11-19 05:00"), 71, hour, 1) {
		texts = append(texts, k.text)
	}
	if got, want := strings.Join(texts, " "), "06:00 12:00 18:00 11-20 06:00 12:00 18:00 11-21 06:00 12:00 18:00 11-22"; got != want {
		t.Errorf("ticks %s, want %s", got, want)
	}
}

// TestBins compares the bins of every width, from one index and from another, with the
// entries themselves, with and without a filter.
func TestBins(t *testing.T) {
	s := screentest.Load(t).Labelled
	first, last, _ := extent(s)
	for _, f := range []message.Filtered{screentest.Unfiltered(s), filtered(s, 0, 3, 26)} {
		for _, b := range bases {
			from := start(first, b)
			if n := (start(last, b)-from)/b + 1; n > maxBins {
				continue
			}
			x, err := count(t.Context(), s, f, label.Set{}, from, b, int((start(last, b)-from)/b)+1)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range widths {
				if w%b != 0 || (last-first)/w > 3000 {
					continue
				}
				total := bin{}
				for at := start(first, w); at <= last; at += w {
					got, want := x.sum(at, at+w), 0
					for k := range f.Entries.Len() {
						if e := s.Entries.Time(f.Entries.At(k)); at <= e && e < at+w {
							want++
						}
					}
					if got.entries != want {
						t.Fatalf("index of %s, bin of %s at %s: %d entries, want %d", name(b), name(w), utc(at), got.entries, want)
					}
					total.add(&got)
				}
				if total.entries != f.Entries.Len() || len(f.Active) == 0 && (total.flagged != s.Isolation.Flagged || total.labelled == 0 || total.incident != 1) {
					t.Errorf("index of %s, bins of %s: all of them %+v", name(b), name(w), total)
				}
			}
		}
	}
}

// filtered is the root's message for a filter that leaves some connections.
func filtered(s *pipeline.Snapshot, connections ...int) message.Filtered {
	entries, left := selection.NewBuilder(s.Len()), selection.NewBuilder(s.Connections.Len())
	for _, c := range connections {
		left.Add(c)
		for _, i := range s.ByConnection.Entries(c) {
			entries.Add(int(i))
		}
	}
	return message.Filtered{Active: []string{"x"}, Entries: entries.Bits(), Connections: left.Bits()}
}

// TestFiltered: bars and readout are of what the filters leave, detections of the
// connections that are left.
func TestFiltered(t *testing.T) {
	s := screentest.Load(t).Labelled
	m := open(t, theme.Plain(), s, date+"05:25")
	m.settle(m.SetFiltered(filtered(s, 1, 2)))
	b := m.whole.sum(m.whole.from, m.whole.end())
	detections := 0
	for _, d := range s.Detections {
		if slices.Contains(d.Connections, 1) || slices.Contains(d.Connections, 2) {
			detections++
		}
	}
	if b.incident != 0 {
		t.Errorf("the letter of an incident is there, of which the filter leaves nothing:\n%s", m.View())
	}
	if want := len(s.ByConnection.Entries(1)) + len(s.ByConnection.Entries(2)); b.entries != want || b.detections > detections || b.labelled != 0 {
		t.Errorf("%+v, want %d entries and at most %d detections", b, want, detections)
	}
	if !strings.Contains(m.View(), "Timeline, filtered") {
		t.Errorf("nothing says that it is filtered:\n%s", m.View())
	}
	before := m.View()
	m.settle(m.SetFiltered(screentest.Unfiltered(s)))
	if m.View() == before || m.whole.sum(m.whole.from, m.whole.end()).entries != s.Len() {
		t.Errorf("without the filter\n%s", m.View())
	}
}

// TestDismissed: an incident that was dismissed attacked at no time.
func TestDismissed(t *testing.T) {
	s := screentest.Load(t).Labelled
	m := open(t, theme.Plain(), s, date+"05:25")
	incident := func() int { b := m.whole.sum(m.whole.from, m.whole.end()); return b.incident }
	before := incident()
	book := label.NewBook(label.Set{})
	for _, outcome := range []label.Outcome{label.Accepted, label.Dismissed, label.Accepted} {
		if _, err := book.Decide(s.Incidents[0].ID, nil, outcome, "", time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		m.settle(m.Update(message.Labels{Set: book.Set()}))
		if got := incident(); (got == before) == (outcome == label.Dismissed) {
			t.Errorf("%v: incident %d is on the timeline", outcome, got)
		}
	}
}

// TestKeys moves, zooms and takes spans.
func TestKeys(t *testing.T) {
	s := screentest.Load(t).Labelled
	m := open(t, theme.Plain(), s, date+"05:30:30")
	for _, c := range []struct {
		keys []key.Binding
		at   string
	}{
		{nil, "05:30:00"},
		{[]key.Binding{keys.right}, "05:32:00"},
		{[]key.Binding{keys.left, keys.left}, "05:28:00"},
		{[]key.Binding{keys.hour}, "06:00:00"},
		{[]key.Binding{keys.hour}, "07:00:00"},
		{[]key.Binding{keys.hour}, "07:38:00"}, // the last bin
		{[]key.Binding{keys.hourBack}, "07:00:00"},
		{[]key.Binding{keys.hourBack, keys.hourBack, keys.hourBack}, "05:24:00"},
		{[]key.Binding{keys.last}, "07:38:00"},
		{[]key.Binding{keys.dayBack}, "05:24:00"},
		{[]key.Binding{keys.day}, "07:38:00"},
		{[]key.Binding{keys.first}, "05:24:00"},
		{[]key.Binding{keys.pageRight}, "07:38:00"},
		{[]key.Binding{keys.pageLeft}, "05:24:00"},
	} {
		m.presses(t, c.keys...)
		if got := strings.TrimPrefix(m.at(), date); got != c.at {
			t.Fatalf("at %s, want %s\n%s", got, c.at, m.View())
		}
	}
	// A gap is bins without an entry, a sign one with an incident or a detection.
	m.presses(t, keys.gap)
	if b := m.whole.sum(m.cursor, m.cursor+m.window().width); b.entries > 0 {
		t.Errorf("the gap at %s has %d entries", m.at(), b.entries)
	}
	m.presses(t, keys.first)
	signs := 0
	for at := int64(-1); at != m.cursor; signs++ {
		at = m.cursor
		m.presses(t, keys.sign)
		if b := m.whole.sum(m.cursor, m.cursor+m.window().width); at != m.cursor && b.incident == 0 && b.detections == 0 {
			t.Errorf("nothing is wrong at %s", m.at())
		}
	}
	if signs < 2 {
		t.Error("no sign was found")
	}
	if out := m.presses(t, keys.sign); len(out) != 1 || out[0].(message.Notice).Text == "" {
		t.Errorf("behind the last sign: %v", out)
	}
}

// TestHelpIsWhatWorks: each key that the help lists does something, and each key that does
// something is listed.
func TestHelpIsWhatWorks(t *testing.T) {
	s := screentest.Load(t).Labelled
	all := []key.Binding{
		keys.enter, keys.left, keys.right, keys.pageLeft, keys.pageRight, keys.first, keys.last, keys.hourBack, keys.hour, keys.dayBack, keys.day,
		keys.wider, keys.closer, keys.span, keys.entries, keys.connections,
	}
	for _, at := range []string{"05:24", "05:39", "07:39:47"} {
		for _, zoom := range []int{0, 1, 40} {
			for _, b := range all {
				m := open(t, theme.Plain(), s, date+at)
				for range zoom {
					m.presses(t, keys.closer)
				}
				listed := slices.ContainsFunc(slices.Concat(m.FullHelp()...), func(h key.Binding) bool { return h.Enabled() && h.Keys()[0] == b.Keys()[0] })
				before := m.acted()
				window, entered, taken := m.window(), m.Is(), m.taken()
				out := m.presses(t, b)
				does := len(out) > 0 || m.acted() != before || m.window() != window || m.Is() != entered || m.taken() != taken
				if does != listed {
					t.Errorf("at %s, zoomed %d: %s is listed: %v, does something: %v", at, zoom, b.Help().Key, listed, does)
				}
			}
		}
	}
}

// TestZoom: each step is a rounder or finer width, down to milliseconds, with the cursor
// on the screen and on entries where there are some.
func TestZoom(t *testing.T) {
	s := screentest.Load(t).Labelled
	m := open(t, theme.Plain(), s, date+"05:25:05")
	all := m.window()
	for k := slices.Index(widths, all.width); k > 0; k-- {
		m.presses(t, keys.closer)
		w := m.window()
		if w.width != widths[k-1] || m.cursor < w.from || m.cursor >= w.end() {
			t.Fatalf("window %+v, the cursor at %s", w, m.at())
		}
		bars, ok := m.bars(w)
		if !ok || bars[(m.cursor-w.from)/w.width].entries == 0 {
			t.Errorf("bins of %s: nothing at %s", name(w.width), m.at())
		}
		screentest.Fits(t, m.View(), screentest.Size{Width: 80, Height: 24})
	}
	for range widths {
		m.presses(t, keys.wider)
	}
	if w := m.window(); w != all {
		t.Errorf("back at %+v, want %+v", w, all)
	}
}

// TestSpan is taken like rows are, and then keys act on it.
func TestSpan(t *testing.T) {
	s := screentest.Load(t).Labelled
	m := open(t, theme.Plain(), s, date+"05:30")
	opened := func() string {
		t.Helper()
		out := m.presses(t, keys.entries)
		if len(out) != 1 {
			t.Fatalf("enter asks for %v", out)
		}
		if term := out[0].(message.OpenEntries).Term; term != m.Focus().Term {
			t.Errorf("enter opens %s, + keeps %s", term, m.Focus().Term)
		}
		return m.Focus().Term
	}
	for _, c := range []struct {
		keys []key.Binding
		term string
	}{
		{nil, "time:2024-07-10T05:30..2024-07-10T05:31"},
		{[]key.Binding{keys.span, keys.right, keys.right}, "time:2024-07-10T05:30..2024-07-10T05:35"},
		{[]key.Binding{keys.left, keys.left, keys.left}, "time:2024-07-10T05:28..2024-07-10T05:31"},
		{[]key.Binding{keys.span}, "time:2024-07-10T05:28..2024-07-10T05:31"},
		{[]key.Binding{keys.right, keys.right}, "time:2024-07-10T05:28..2024-07-10T05:31"},
		{[]key.Binding{keys.span, keys.closer}, "time:2024-07-10T05:32..2024-07-10T05:33"},
	} {
		m.presses(t, c.keys...)
		if got := opened(); got != c.term {
			t.Errorf("after %v: %s, want %s", c.keys, got, c.term)
		}
	}
	if out := m.presses(t, keys.connections); len(out) != 1 || out[0].(message.OpenConnections).Term != m.Focus().Term {
		t.Errorf("c asks for %v", out)
	}
	// esc takes one thing away after the other.
	m.presses(t, keys.span, keys.span)
	for _, want := range []bool{true, false} {
		if !m.Escape() || m.Is() != want {
			t.Errorf("entered: %v, want %v", m.Is(), want)
		}
	}
	if m.Escape() || m.Close() {
		t.Error("there is something left to leave")
	}
}

// TestEveryBinOpensWhatItCounts: the filter of a bin has as many entries as its bar.
func TestEveryBinOpensWhatItCounts(t *testing.T) {
	s := screentest.Load(t).Labelled
	m := open(t, theme.Plain(), s, date+"05:25")
	w := m.window()
	bars, _ := m.bars(w)
	for k := range bars {
		f, err := filter.Parse(m.term())
		if err != nil {
			t.Fatal(err)
		}
		p, err := filter.Compile(t.Context(), f, &filter.Subject{Log: &s.Log})
		if err != nil {
			t.Fatal(err)
		}
		run, err := p.Run(t.Context(), nil)
		if err != nil || run.Len() != bars[k].entries {
			t.Errorf("%s has %d entries, the bar %d; %v", m.term(), run.Len(), bars[k].entries, err)
		}
		m.presses(t, keys.right)
	}
}

// TestGoTo leads to times of the log, and reports when there is no such time.
func TestGoTo(t *testing.T) {
	s := screentest.Load(t).Labelled
	m := New(theme.Plain(), true)
	m.SetSize(80, 24)
	m.settle(m.SetSnapshot(s))
	m.settle(m.Update(message.AtTime{Micros: moment(t, date+"06:31")}))
	if !m.Is() || m.at() != date+"06:30:00" {
		t.Errorf("entered: %v, at %s", m.Is(), m.at())
	}
	out := m.settle(m.Update(message.AtTime{Micros: moment(t, "2024-07-11")}))
	if len(out) != 1 || !strings.Contains(out[0].(message.Notice).Text, "2024-07-10 05:25:05 to 2024-07-10 07:39:47") || m.at() != date+"06:30:00" {
		t.Errorf("%v, at %s", out, m.at())
	}
	empty := New(theme.Plain(), true)
	if out := empty.settle(empty.Enter(0, false)); len(out) != 1 || empty.Is() {
		t.Errorf("without a log: %v", out)
	}
}

func TestLateAnswersAreDropped(t *testing.T) {
	m := open(t, theme.Plain(), screentest.Load(t).Labelled, date+"05:25")
	whole, contents := m.whole, m.listed
	for _, late := range []tea.Msg{
		counted{job: m.counting.Number - 1}, counted{job: m.counting.Number, err: context.Canceled},
		listed{job: m.listing.Number - 1}, listed{job: m.listing.Number, err: context.Canceled},
	} {
		if cmd := m.Update(late); cmd != nil || m.whole != whole || m.listed != contents || contents == nil {
			t.Errorf("%+v was taken", late)
		}
	}
}

// finds counts how often it is asked, and has nothing.
type finds struct {
	message.All
	n int
}

func (f *finds) Find(int) (int, bool) {
	f.n++
	return 0, false
}

// TestCountStopsWhenAsked, among the connections of a detection as among entries.
func TestCountStopsWhenAsked(t *testing.T) {
	in := screentest.Load(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	snap := *in.Labelled
	d := in.Labelled.Detections[0]
	snap.Detections = []detect.Detection{{Rule: d.Rule, Severity: d.Severity, Time: d.Time, Connections: make([]uint32, 3*checkEvery)}}
	asked := &finds{}
	first, _, _ := extent(&snap)
	_, err := count(ctx, &snap, message.Filtered{Active: []string{"x"}, Connections: asked, Entries: message.All(0)}, label.Set{}, start(first, hour), hour, 3)
	if err == nil || asked.n >= checkEvery || asked.n == 0 {
		t.Errorf("after %d of %d connections it ended with %v", asked.n, 3*checkEvery, err)
	}
}

// TestContents: who sent in a span, and what was new there, compared with the entries.
func TestContents(t *testing.T) {
	s := screentest.Load(t).Labelled
	first, last, _ := extent(s)
	for _, in := range []span{{first, last + 1}, {first, first + minute}, {first + minute, first + minute}} {
		c, err := contentsOf(t.Context(), s, screentest.Unfiltered(s), digestsOf(&s.Log), in)
		if err != nil {
			t.Fatal(err)
		}
		entries, connections, want := 0, 0, 0
		for _, a := range c.accounts {
			entries, connections = entries+a.entries, connections+a.connections
		}
		seen := map[string]bool{}
		fresh := map[string]bool{}
		for i := range s.Len() {
			here := in.from <= s.Entries.Time(i) && s.Entries.Time(i) < in.to
			if here {
				want++
			}
			if d := s.Digest(i); d != "-" && !seen[d] {
				seen[d] = true
				fresh[d] = here
			}
		}
		if entries != want || connections != c.connections {
			t.Errorf("%v: %d entries of accounts, want %d; %d connections, want %d", in, entries, want, connections, c.connections)
		}
		for _, d := range c.fresh {
			if !fresh[d.text] {
				t.Errorf("%v: %q is not new", in, d.text)
			}
			delete(fresh, d.text)
		}
		for d, here := range fresh {
			if here && c.news == len(c.fresh) {
				t.Errorf("%v: %q is new, and not listed", in, d)
			}
		}
	}
}

// TestHeat is none of nothing only, the lightest up to what is usual, and all of the highest.
func TestHeat(t *testing.T) {
	th := theme.Plain()
	for _, top := range []int{1, 3, 4, 5, 100, 1_000_000} {
		for _, usual := range []int{0, 1, (top + 1) / 2, top} {
			last := 0
			for n := range min(top, 2000) + 1 {
				k := slices.Index(th.Glyph.Shade, heat(th, n, usual, top))
				if k < last || (k == 0) != (n == 0) || top > 4 && k > 1 && n <= usual {
					t.Fatalf("%d of %d, usually %d: shade %d behind %d", n, top, usual, k, last)
				}
				last = k
			}
			if top > 4 && top > usual && heat(th, top, usual, top) != th.Glyph.Shade[4] {
				t.Errorf("the highest of %d, usually %d, is %q", top, usual, heat(th, top, usual, top))
			}
		}
	}
}

// TestMessagesOverTime have a row of their own, where there are any whose clock is
// that of the entries.
func TestMessagesOverTime(t *testing.T) {
	in := screentest.Load(t)
	first := in.Labelled.Timeline.Start
	for _, c := range []struct {
		list []loaded.Message
		want string
	}{
		{nil, ""},
		{[]loaded.Message{{Time: first}}, "server ░"},
		{[]loaded.Message{{Time: first - day}, {Time: store.NoTime}, {Time: first, Local: true}}, "server"},
	} {
		snap := *in.Labelled
		snap.Messages = c.list
		m := open(t, theme.Plain(), &snap, date+"05:25")
		line := ""
		for l := range strings.Lines(m.View()) {
			if f := strings.Fields(l); len(f) > 0 && f[0] == "server" {
				line = strings.Join(f, " ")
			}
		}
		if line != c.want {
			t.Errorf("%+v: %q, want %q", c.list, line, c.want)
		}
	}
}

// TestEntriesOutsideOfTheTimeline are counted at the end where they lie, those that
// the filters leave where some are on.
func TestEntriesOutsideOfTheTimeline(t *testing.T) {
	in := screentest.Load(t)
	snap, timeline := *in.Labelled, *in.Labelled.Timeline
	snap.Timeline = &timeline
	// The first connection is before the timeline, and the last one lies behind it.
	timeline.Start = snap.Entries.Time(0) + hour
	timeline.Width = (snap.Entries.Time(snap.Len()-1) - timeline.Start - hour/2) / int64(len(timeline.Entries))
	axis := func(f message.Filtered) string {
		m := New(theme.Plain(), true)
		m.SetSize(120, 24)
		m.settle(m.SetSnapshot(&snap))
		m.settle(m.SetFiltered(f))
		lines := m.Strip(120, 9)
		return strings.TrimSpace(lines[len(lines)-1])
	}
	before, after := 0, 0
	for i := range snap.Len() {
		switch at := snap.Entries.Time(i); {
		case at < start(timeline.Start, 100*ms):
			before++
		case at > timeline.Start+timeline.Width*int64(len(timeline.Entries)):
			after++
		}
	}
	if before == 0 || after == 0 {
		t.Fatalf("%d before, %d after", before, after)
	}
	if got := axis(screentest.Unfiltered(&snap)); !strings.HasPrefix(got, fmt.Sprintf("%d before  ", before)) || !strings.HasSuffix(got, fmt.Sprintf("  %d after", after)) {
		t.Errorf("%d before, %d after: %q", before, after, got)
	}
	if got := axis(filtered(&snap, 0)); !strings.HasPrefix(got, "filtered 1 before") && !strings.HasPrefix(got, "filtered ") || strings.Contains(got, "after") {
		t.Errorf("of the first connection: %q", got)
	}
	if got := axis(filtered(&snap, snap.Connections.Len()-1)); !strings.HasSuffix(got, " after") || strings.Contains(got, "before") {
		t.Errorf("of the last connection: %q", got)
	}
}

// TestFrame draws the timeline as it is entered, zoomed with a span, and by minutes.
func TestFrame(t *testing.T) {
	s := screentest.Load(t).Labelled
	for _, state := range []struct {
		name string
		keys []key.Binding
	}{
		{"entered", nil},
		{"zoomed", []key.Binding{keys.closer, keys.closer}},
		{"span", []key.Binding{keys.closer, keys.closer, keys.span, keys.right, keys.right, keys.right}},
	} {
		for _, size := range []screentest.Size{{Width: 40, Height: 7}, {Width: 80, Height: 19}, {Width: 120, Height: 35}, {Width: 200, Height: 55}} {
			t.Run(fmt.Sprintf("%s/%dx%d", state.name, size.Width, size.Height), func(t *testing.T) {
				m := open(t, theme.Plain(), s, date+"05:39")
				m.SetSize(size.Width, size.Height)
				m.settle(m.Update(message.Shown{}))
				m.presses(t, state.keys...)
				screentest.Fits(t, m.View(), size)
				golden.RequireEqual(t, []byte(m.View()))
			})
		}
	}
}

// TestEverySize fits, in ASCII too.
func TestEverySize(t *testing.T) {
	s := screentest.Load(t).Labelled
	for _, th := range []*theme.Theme{theme.Plain(), theme.PlainASCII()} {
		for _, zoom := range []int{0, 4} {
			m := open(t, th, s, date+"06:30")
			for range zoom {
				m.presses(t, keys.closer)
			}
			m.presses(t, keys.span, keys.right)
			for width := 1; width < 210; width += 7 {
				for height := 1; height < 60; height += 3 {
					m.SetSize(width, height)
					m.settle(m.Update(message.Shown{}))
					view := m.View()
					screentest.Fits(t, view, screentest.Size{Width: width, Height: height})
					if th.Glyph.Plot.VerticalLine == "|" && strings.IndexFunc(view, func(r rune) bool { return r > 0x7e }) >= 0 {
						t.Fatalf("not ASCII at %dx%d:\n%s", width, height, view)
					}
				}
			}
		}
	}
}

func utc(t int64) time.Time { return time.UnixMicro(t).UTC() }
