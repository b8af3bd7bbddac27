package templates

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/selection"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

var _ screen.Screen = Model{}

// shown gives the screen a snapshot as the root does, with the filters off.
func shown(t *testing.T, s screen.Screen, snapshot *pipeline.Snapshot) screen.Screen {
	t.Helper()
	s, requests := screentest.Send(s, message.Snapshot{Snapshot: snapshot}, screentest.Unfiltered(snapshot))
	if len(requests) > 0 {
		t.Fatalf("unasked: %v", requests)
	}
	return s.SetSize(80, 24)
}

func labelled(t *testing.T, th *theme.Theme) (screen.Screen, screentest.Incident) {
	t.Helper()
	in := screentest.Load(t)
	return shown(t, New(th, in.Log), in.Labelled), in
}

// press sends a key and delivers what the screen answers itself with.
func press(t *testing.T, s screen.Screen, key string) (screen.Screen, []tea.Msg) {
	t.Helper()
	return screentest.Send(s, screentest.Key(key))
}

// openOn puts the cursor on the first template with a text, and opens it.
func openOn(t *testing.T, s screen.Screen, snapshot *pipeline.Snapshot, text string) screen.Screen {
	t.Helper()
	for i, template := range snapshot.Templates {
		if strings.Contains(template.Text, text) {
			s, _ = screentest.Send(s, message.CursorAt{Index: i})
			s, _ = press(t, s, keys.open.Keys()[0])
			if !s.(Model).detail.open {
				t.Fatal("the detail pane is not open")
			}
			return s
		}
	}
	t.Fatalf("no template has %q", text)
	return s
}

func TestEmpty(t *testing.T) { screentest.Golden(t, New(theme.Plain(), nil)) }

func TestLoading(t *testing.T) {
	in := screentest.Load(t)
	screentest.Golden(t, shown(t, New(theme.Plain(), in.Log), in.Loading))
}

func TestUnlabelled(t *testing.T) {
	in := screentest.Load(t)
	screentest.Golden(t, shown(t, New(theme.Plain(), in.Log), in.Plain))
}

func TestLabelled(t *testing.T) {
	s, _ := labelled(t, theme.Plain())
	screentest.Golden(t, s)
}

func TestDetail(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	screentest.Golden(t, openOn(t, s, in.Labelled, "wp_posts WHERE"))
}

func TestDetailOfHostileText(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	screentest.Golden(t, openOn(t, s, in.Labelled, "\x1b]0;owned"))
}

func TestEverySizeFits(t *testing.T) {
	for name, th := range map[string]*theme.Theme{"unicode": theme.Plain(), "ascii": theme.PlainASCII()} {
		s, in := labelled(t, th)
		open := openOn(t, s, in.Labelled, "\x1b]0;owned")
		for _, s := range []screen.Screen{s, open} {
			screentest.FitsEverywhere(t, s, name == "ascii")
		}
	}
}

// TestUsage compares with what a walk over all entries finds.
func TestUsage(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	u, snap := s.(Model).usage, in.Labelled
	connections, normal, anomalous := map[int]map[uint32]bool{}, map[int]bool{}, map[int]bool{}
	for i := range snap.Len() {
		k, c := snap.Template(i), snap.Entries.Connection(i)
		if connections[k] == nil {
			connections[k] = map[uint32]bool{}
		}
		connections[k][c] = true
		if in.Labels.Class(snap.Connections.Ref(int(c))) == "normal" {
			normal[k] = true
		} else {
			anomalous[k] = true
		}
	}
	for k := range snap.Templates {
		if got := u.connectionsOf(k); got != len(connections[k]) {
			t.Errorf("template %d: %d connections, want %d", k, got, len(connections[k]))
		}
		want := map[[2]bool]class{{true, false}: onlyNormal, {false, true}: onlyAnomalous, {true, true}: mixed}[[2]bool{normal[k], anomalous[k]}]
		if got := u.classOf(k, snap.Templates[k].Count); got != want {
			t.Errorf("template %d: %q, want %q", k, got, want)
		}
		sum := 0
		for _, n := range u.sparkOf(k) {
			sum += n
		}
		if sum != snap.Templates[k].Count {
			t.Errorf("template %d: the spark line has %d entries of %d", k, sum, snap.Templates[k].Count)
		}
	}
}

// TestValues: the incident reads posts 40 to 45 with one statement.
func TestValues(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	m := openOn(t, s, in.Labelled, "wp_posts WHERE").(Model)
	v := m.detail.values
	if v == nil || v.err != nil || v.entries != 6 || v.unmatched != 0 || len(v.slots) != 1 {
		t.Fatalf("values %+v", v)
	}
	got := v.slots[0]
	if len(got.values) != 6 || !got.numbers || got.low != 40 || got.high != 45 || strings.Join(got.first, " ") != "40 41 42 43 44 45" {
		t.Errorf("slot %+v", got)
	}
}

func TestSlotCountsValues(t *testing.T) {
	r := slotReader{at: map[string]int{}}
	for _, text := range []string{"'7'", "-2", "7", "'7'", strings.Repeat("é", 200)} {
		r.add(text)
	}
	s := r.slot()
	if s.numbers || len(s.values) != 4 || s.values[0] != (value{"'7'", 2}) {
		t.Errorf("%+v", s)
	}
	if long := s.values[3].text; len(long) != maxValue || long != strings.Repeat("é", maxValue/2) {
		t.Errorf("long value is kept as %d bytes", len(long))
	}
}

func TestEnterOpensTextThenEntries(t *testing.T) {
	s, _ := labelled(t, theme.Plain())
	m := s.(Model)
	event := m.list.Data().event(m.list.At(0))
	s, requests := press(t, s, keys.open.Keys()[0])
	if len(requests) != 0 || !s.(Model).detail.open {
		t.Fatalf("enter opens no pane, but asks for %v", requests)
	}
	_, requests = press(t, s, keys.open.Keys()[0])
	want := message.OpenEntries{Term: filter.Term("template", event)}
	if len(requests) != 1 || fmt.Sprint(requests[0]) != fmt.Sprint(want) {
		t.Errorf("the second enter asks for %v, want %v", requests, want)
	}
	s, ok := s.Escape()
	if !ok || s.(Model).detail.open {
		t.Error("escape does not close the pane")
	}
	if _, ok := s.Escape(); ok {
		t.Error("escape takes something away where nothing is left")
	}
}

func TestOrders(t *testing.T) {
	s, _ := labelled(t, theme.Plain())
	for _, c := range spec.Columns {
		if c.Sort == nil {
			continue
		}
		m := s.(Model)
		cmd := m.list.SortBy(c.Title, false)
		sorted, _ := screentest.Send(m, screentest.Messages(cmd)...)
		m = sorted.(Model)
		l, u := m.list.Data(), m.usage
		for k := 1; k < m.list.Len(); k++ {
			x, y := m.list.At(k-1), m.list.At(k)
			a, b := l.snapshot.Templates[x], l.snapshot.Templates[y]
			wrong := false
			switch c.Title {
			case "entries", "share":
				wrong = a.Count > b.Count
			case "conns":
				wrong = u.connectionsOf(x) > u.connectionsOf(y)
			case "class":
				wrong = u.classOf(x, l.count[x]) > u.classOf(y, l.count[y])
			case "first seen":
				wrong = l.snapshot.Entries.Time(a.First) > l.snapshot.Entries.Time(b.First)
			case "last seen":
				wrong = l.snapshot.Entries.Time(a.Last) > l.snapshot.Entries.Time(b.Last)
			case "event id":
				wrong = a.EventID > b.EventID
			case "template":
				wrong = a.Text > b.Text
			default:
				t.Errorf("no test of column %q", c.Title)
			}
			if wrong {
				t.Errorf("column %q: templates %d and %d", c.Title, x, y)
			}
		}
	}
}

// TestMarksFollowTheirTemplates: numbers of templates change while the log is read.
func TestMarksFollowTheirTemplates(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s, _ = press(t, s, list.Keys().Mark.Keys()[0])
	want := s.Focus().Term
	turned := *in.Labelled
	n := len(turned.Templates)
	turned.Templates = slices.Clone(turned.Templates)
	slices.Reverse(turned.Templates)
	turned.TemplateOf = slices.Clone(turned.TemplateOf)
	for k := range turned.TemplateOf {
		turned.TemplateOf[k] = int32(n-1) - turned.TemplateOf[k]
	}
	s, _ = screentest.Send(s, message.Snapshot{Snapshot: &turned})
	if now := s.Focus().Term; now != want {
		t.Errorf("marked %q, was %q", now, want)
	}
}

func TestMarksAreTheTerm(t *testing.T) {
	s, _ := labelled(t, theme.Plain())
	mark := list.Keys().Mark.Keys()[0]
	s, _ = press(t, s, mark)
	s, _ = press(t, s, mark)
	term := s.Focus().Term
	if _, err := filter.Parse(term); err != nil || strings.Count(term, "template:") != 2 {
		t.Errorf("term %q: %v", term, err)
	}
	if !s.Focus().Target.Empty() {
		t.Error("a template is no connection, but can be labelled")
	}
}

// TestFiltersCount: with a filter, templates are counted in what it leaves.
func TestFiltersCount(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s, _ = screentest.Send(s, message.Filtered{Active: []string{"time:..x"}, Entries: message.All(7), Connections: message.All(2)})
	m := s.(Model)
	want := map[int]int{}
	for i := range 7 {
		want[in.Labelled.Template(i)]++
	}
	if m.list.Len() != len(want) || m.list.Data().total != 7 {
		t.Errorf("%d templates and %d entries, want %d and 7", m.list.Len(), m.list.Data().total, len(want))
	}
	for k, n := range want {
		if m.list.Data().count[k] != n {
			t.Errorf("template %d: %d entries, want %d", k, m.list.Data().count[k], n)
		}
	}
	screentest.Golden(t, s)
	hidden := -1
	for k := range in.Labelled.Templates {
		if want[k] == 0 {
			hidden = k
		}
	}
	_, requests := screentest.Send(s, message.CursorAt{Index: hidden})
	if len(requests) != 1 {
		t.Errorf("a template that filters hide is asked for: %v", requests)
	}
	s, _ = screentest.Send(s, message.Filtered{Active: []string{"user:nobody"}, Entries: message.All(0), Connections: message.All(0)})
	if view := s.View(); !strings.Contains(view, "user:nobody") {
		t.Errorf("nothing says which filter hides everything:\n%s", view)
	}
}

func TestSearch(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	for _, text := range []string{"USER_PASS", `/user_\w+,/`} {
		got, requests := screentest.Send(s, message.Search{Text: text})
		k, _ := got.(Model).current()
		if len(requests) != 0 || !strings.Contains(in.Labelled.Templates[k].Text, "user_pass") {
			t.Errorf("search for %s ends on %q with %v", text, in.Labelled.Templates[k].Text, requests)
		}
	}
}

func TestLateAnswersAreDropped(t *testing.T) {
	s, _ := labelled(t, theme.Plain())
	m := s.(Model)
	for _, late := range []tea.Msg{
		measured{job: m.usages.Number - 1},
		valuesRead{job: m.detail.job.Number - 1, values: values{entries: 1}},
	} {
		s, cmd := m.Update(late)
		got := s.(Model)
		if cmd != nil || got.usage.activity != m.usage.activity || got.detail.values != nil {
			t.Errorf("%T was taken", late)
		}
	}
}

// TestListingsWaitForEachOther: while a log grows, a listing is finished before
// the next begins, and the newest is made in the end.
func TestListingsWaitForEachOther(t *testing.T) {
	in := screentest.Load(t)
	var s screen.Screen = New(theme.Plain(), in.Log)
	s, first := s.Update(message.Snapshot{Snapshot: in.Loading})
	s, second := s.Update(message.Filtered{Entries: message.All(3), Connections: message.All(1), Active: []string{"x"}})
	if first == nil || second != nil {
		t.Fatal("two listings at a time")
	}
	s, _ = screentest.Send(s, screentest.Messages(first)...)
	if l := listed(s); l.listing == nil || l.total != 3 {
		t.Error("the filter that came meanwhile does not count")
	}
}

// failing is a log whose text cannot be read.
type failing struct{ screen.Log }

func TestUnreadableText(t *testing.T) {
	in := screentest.Load(t)
	s := shown(t, New(theme.Plain(), failing{in.Log}), in.Labelled)
	m := s.(Model)
	m.detail.open, m.detail.event = true, in.Labelled.Templates[0].EventID
	m.detail.values = &values{all: 1, err: errors.New("disk \x1b[31mgone")}
	screentest.Fits(t, m.View(), screentest.Size{Width: 80, Height: 24})
}

func TestReadingValuesCanBeCancelled(t *testing.T) {
	in := screentest.Load(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if v := readValues(ctx, in.Plain, 1, in.Log); !errors.Is(v.err, context.Canceled) {
		t.Errorf("values %+v", v)
	}
}

func TestDetailScrolls(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s = openOn(t, s, in.Labelled, "wp_posts WHERE").SetSize(80, 5)
	drawn := s.(Model).detailLines()
	lines := len(drawn)
	k := widget.TableKeys()
	for _, tt := range []struct {
		key  string
		want int
	}{{k.Down.Keys()[0], 1}, {k.Up.Keys()[0], 0}, {k.Up.Keys()[0], 0}, {k.PageDown.Keys()[0], 4}, {k.Bottom.Keys()[0], lines - 5}, {k.Down.Keys()[0], lines - 5}, {k.PageUp.Keys()[0], lines - 9}, {k.Top.Keys()[0], 0}} {
		s, _ = press(t, s, tt.key)
		if want := strings.Join(drawn[tt.want:tt.want+5], "\n"); s.View() != want {
			t.Errorf("%s shows\n%s\nwant line %d:\n%s", tt.key, s.View(), tt.want, want)
		}
	}
}

// TestFiltersMayBeAhead: filters of a log that grows speak of entries that the
// snapshot at hand does not have yet.
func TestFiltersMayBeAhead(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s, _ = screentest.Send(s, message.Filtered{Active: []string{"x"}, Entries: message.All(10_000_000), Connections: message.All(10_000_000)})
	if l := listed(s); l.total != in.Labelled.Len() {
		t.Errorf("%d entries of %d", l.total, in.Labelled.Len())
	}
}

// TestFilteredRowsAreOfOneSet: every figure of a row is of the entries that the
// filters leave.
func TestFilteredRowsAreOfOneSet(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	snap := in.Labelled
	entries, connections := selection.NewBuilder(snap.Len()), selection.NewBuilder(snap.Connections.Len())
	type want struct {
		count, first, last int
		connections        map[uint32]bool
		anomalous          int
	}
	wants := map[int]*want{}
	for i := 20; i < snap.Len()-10; i += 2 { // connections are cut in the middle
		entries.Add(i)
		c := snap.Entries.Connection(i)
		connections.Add(int(c))
		w := wants[snap.Template(i)]
		if w == nil {
			w = &want{first: i, connections: map[uint32]bool{}}
			wants[snap.Template(i)] = w
		}
		w.count++
		w.last = i
		w.connections[c] = true
		if snap.Truth.Anomaly(c) {
			w.anomalous++
		}
	}
	s, _ = screentest.Send(s, message.Filtered{Active: []string{"x"}, Entries: entries.Bits(), Connections: connections.Bits()})
	m := s.SetSize(200, 40).(Model)
	d := m.list.Data()
	if m.list.Len() != len(wants) {
		t.Fatalf("%d rows, want %d", m.list.Len(), len(wants))
	}
	for k := range m.list.Len() {
		row := m.list.At(k)
		w := wants[row]
		class := onlyNormal
		switch {
		case w.anomalous == w.count:
			class = onlyAnomalous
		case w.anomalous > 0:
			class = mixed
		}
		for title, text := range map[string]string{
			"entries": widget.Count(w.count), "conns": widget.Count(len(w.connections)), "class": class.String(),
			"first seen": widget.Time(snap.Entries.Time(w.first)), "last seen": widget.Time(snap.Entries.Time(w.last)),
		} {
			if got := spec.Column(title).Cell(d, row).Text; got != text {
				t.Errorf("template %d, %s: %q, want %q", row, title, got, text)
			}
		}
		sum := 0
		for _, n := range d.used().sparkOf(row) {
			sum += n
		}
		if sum != w.count {
			t.Errorf("template %d: %d entries over time, %d counted", row, sum, w.count)
		}
	}
	// The pane explains a template by all of its entries, and states that.
	s, _ = press(t, s, keys.open.Keys()[0])
	if view := s.View(); !strings.Contains(view, "in the whole log ") {
		t.Errorf("nothing says of what the figures are:\n%s", view)
	}
}

// TestConnectionsCountOnce: a connection that sent a template often is one.
func TestConnectionsCountOnce(t *testing.T) {
	in := screentest.Load(t)
	one := *in.Plain
	one.Templates = one.Templates[:1]
	one.TemplateOf = make([]int32, len(one.TemplateOf))
	a, err := findActivity(t.Context(), &one, message.Filtered{})
	if err != nil || int(a.connections[0]) != one.Connections.Len() {
		t.Errorf("%v connections, %v, want %d", a.connections, err, one.Connections.Len())
	}
}

// listed is what the rows are made of.
func listed(s screen.Screen) data {
	m := s.(Model)
	return m.list.Data()
}
