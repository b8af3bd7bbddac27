package detections

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

var _ screen.Screen = Model{}

func shown(t *testing.T, th *theme.Theme) (screen.Screen, *pipeline.Snapshot) {
	t.Helper()
	in := screentest.Load(t)
	s, _ := screentest.Send(New(th), message.Snapshot{Snapshot: in.Labelled}, screentest.Unfiltered(in.Labelled))
	if len(rowsOf(s)) != len(in.Labelled.Detections)+len(in.Labelled.Integrity.Findings) {
		t.Fatalf("%d rows of %d detections and %d findings", len(rowsOf(s)), len(in.Labelled.Detections), len(in.Labelled.Integrity.Findings))
	}
	return s.SetSize(80, 24), in.Labelled
}

func down(t *testing.T, s screen.Screen, n int) screen.Screen {
	t.Helper()
	for range n {
		s, _ = screentest.Press(t, s, widget.TableKeys().Down)
	}
	return s
}

func TestEmpty(t *testing.T) { screentest.Golden(t, New(theme.Plain())) }

func TestLoading(t *testing.T) {
	in := screentest.Load(t)
	s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: in.Loading}, screentest.Unfiltered(in.Loading))
	screentest.Golden(t, s)
}

func TestDetection(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	screentest.Golden(t, down(t, s, 1))
}

func TestWhole(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	s = down(t, s, 1)
	table := s.View()
	s, _ = screentest.Press(t, s, list.Keys().Details)
	screentest.Golden(t, s)
	s, ok := s.Escape()
	if !ok || s.View() != table {
		t.Error("escape does not bring the table back")
	}
}

func TestNothingFound(t *testing.T) {
	in := screentest.Load(t)
	none := *in.Labelled
	none.Detections, none.Integrity.Findings = nil, nil
	s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: &none}, screentest.Unfiltered(&none))
	screentest.Golden(t, s)
}

func TestFilters(t *testing.T) {
	s, snap := shown(t, theme.Plain())
	f := message.Filtered{Active: []string{"user:nobody"}, Entries: message.All(0), Connections: message.All(0)}
	hidden, _ := screentest.Send(s, f)
	if view := hidden.View(); !strings.Contains(view, "user:nobody") {
		t.Errorf("nothing says which filter hides everything:\n%s", view)
	}
	last := snap.Detections[len(snap.Detections)-1].Connections
	f.Connections = message.All(int(last[0]))
	some, _ := screentest.Send(s, f)
	for _, r := range rowsOf(some) {
		if c := r.connections(); len(c) > 0 && c[0] >= last[0] {
			t.Errorf("%s is shown although its connections are hidden", r.title())
		}
	}
	if hiddenIn(some) == 0 || len(rowsOf(some)) == 0 {
		t.Errorf("%d shown, %d hidden", len(rowsOf(some)), hiddenIn(some))
	}
}

func TestEverySizeFits(t *testing.T) {
	for name, th := range map[string]*theme.Theme{"unicode": theme.Plain(), "ascii": theme.PlainASCII()} {
		s, _ := shown(t, th)
		d := down(t, s, 2)
		whole, _ := screentest.Press(t, d, list.Keys().Details)
		for _, s := range []screen.Screen{s, d, whole} {
			screentest.FitsEverywhere(t, s, name == "ascii")
		}
	}
}

// TestHostileNames: names in stories and detections are attackers' text.
func TestHostileNames(t *testing.T) {
	in := screentest.Load(t)
	snap := *in.Labelled
	evil := "\x1b]0;owned\x07\u202e\xff" + strings.Repeat("a\n", 300)
	snap.Detections = slices.Clone(snap.Detections)
	for i := range snap.Detections {
		d := &snap.Detections[i]
		d.Summary, d.User, d.Users = evil, evil, []string{evil, evil}
		if d.Host != "" {
			d.Host = evil
		}
	}
	s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: &snap}, screentest.Unfiltered(&snap))
	for k := range rowsOf(s) {
		screentest.Fits(t, down(t, s.SetSize(80, 24), k).View(), screentest.Size{Width: 80, Height: 24})
	}
}

// TestEvidence: enter opens exactly the entries that are the evidence.
func TestEvidence(t *testing.T) {
	s, snap := shown(t, theme.Plain())
	for k, r := range rowsOf(s) {
		if r.finding != nil {
			continue // see TestOpensWhatIsConcerned
		}
		want := map[int]bool{}
		for _, i := range r.detection.Entries {
			want[int(i)] = true
		}
		_, requests := screentest.Press(t, down(t, s, k), list.Keys().Open)
		open, ok := requests[0].(message.OpenEntries)
		if !ok || open.Title == "" || open.Term != "" {
			t.Fatalf("enter asks for %+v", requests)
		}
		for i := range snap.Len() {
			if open.Pick(snap, i) != want[i] {
				t.Errorf("row %d, %s: entry %d is picked %v", k, r.title(), i, !want[i])
			}
		}
	}
}

func TestTarget(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	for k, r := range rowsOf(s) {
		if r.finding != nil {
			continue
		}
		f := down(t, s, k).Focus()
		got, err := f.Target.Connections(t.Context())
		if err != nil || fmt.Sprint(got) != fmt.Sprint(r.connections()) {
			t.Errorf("%s: %v, %v, want %v", f.Target.Text, got, err, r.connections())
		}
		if _, err := filter.Parse(f.Term); err != nil {
			t.Errorf("term %q: %v", f.Term, err)
		}
		if text, err := f.Copy.Text(t.Context()); err != nil || !strings.Contains(text, r.connectionsText()) {
			t.Errorf("copies %q, %v", text, err)
		}
	}
	mark := widget.TableKeys().Mark
	s, _ = screentest.Press(t, s, mark)
	s, _ = screentest.Press(t, s, mark)
	marked, err := s.Focus().Target.Connections(t.Context())
	want := slices.Concat(rowsOf(s)[0].connections(), rowsOf(s)[1].connections())
	slices.Sort(want)
	if want = slices.Compact(want); err != nil || fmt.Sprint(marked) != fmt.Sprint(want) {
		t.Errorf("marked %v, %v, want %v", marked, err, want)
	}
	s, ok := s.Escape()
	if _, again := s.Escape(); !ok || again {
		t.Error("escape does not take the marks away once")
	}
}

// TestConnectionsOfARow: c opens the connections that the row speaks of and no
// others, however many detections the same rule has or connections the host.
func TestConnectionsOfARow(t *testing.T) {
	in := screentest.Load(t)
	snap := *in.Labelled
	other := snap.Detections[0]
	other.Connections = []uint32{1, 3, 4, 5, uint32(snap.Connections.Len() - 1)} // a second find of a rule
	snap.Detections = append(slices.Clone(snap.Detections), other)
	s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: &snap}, screentest.Unfiltered(&snap))
	s = s.SetSize(80, 24)
	asked := 0
	for k, r := range rowsOf(s) {
		_, requests := screentest.Press(t, down(t, s, k), list.Keys().Connections)
		open, ok := requests[0].(message.OpenConnections)
		if !ok {
			continue
		}
		asked++
		var got []uint32
		for i := range snap.Len() {
			if open.Term == "" {
				t.Fatalf("%s: no term", r.title())
			}
			if c := snap.Entries.Connection(i); selects(t, &snap, open.Term, i) && !slices.Contains(got, c) {
				got = append(got, c)
			}
		}
		slices.Sort(got)
		if want := r.speaksOf(); !slices.Equal(got, want) || !strings.Contains(open.Title, r.title()) {
			t.Errorf("%q, %s, opens connections %v, want %v", open.Title, open.Term, got, want)
		}
		if term := down(t, s, k).Focus().Term; term != open.Term {
			t.Errorf("+ keeps %q, c opens %q", term, open.Term)
		}
	}
	if asked < 3 {
		t.Errorf("%d rows open connections", asked)
	}
	if term := connectionsTerm(&snap, other.Connections); !strings.Contains(term, "@2") || !strings.Contains(term, "-") {
		t.Errorf("the term %q has no server run, or no range", term)
	}
	// What no term can name is opened all the same.
	r := row{detection: &detect.Detection{Rule: other.Rule, Connections: make([]uint32, maxNamed+1)}}
	for k := range r.detection.Connections {
		r.detection.Connections[k] = uint32(k)
	}
	if r.term = connectionsTerm(&snap, r.detection.Connections); r.term != "" || r.openConnections().Pick == nil || !r.openConnections().Pick(&snap, 0) {
		t.Errorf("%d connections: term %q", maxNamed+1, r.term)
	}
}

// selects reports whether a filter shows entry i.
func selects(t *testing.T, s *pipeline.Snapshot, term string, i int) bool {
	t.Helper()
	f, err := filter.Parse(term)
	if err != nil {
		t.Fatal(err)
	}
	p, err := filter.Compile(t.Context(), f, &filter.Subject{Log: &s.Log})
	if err != nil {
		t.Fatal(err)
	}
	selected, err := p.Run(t.Context(), func(*filter.Selection) {})
	if err != nil {
		t.Fatal(err)
	}
	return selected.Contains(i)
}

// connectionsText is the number of connections as the paragraphs have it.
func (r row) connectionsText() string {
	return widget.Number(len(r.connections()), "connection", "connections")
}

func TestOrders(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	compared := map[string]func(a, b row) int{
		"time":     func(a, b row) int { return a.time().Compare(b.time()) },
		"severity": func(a, b row) int { return cmp.Compare(a.severity(), b.severity()) },
		"rule":     func(a, b row) int { return cmp.Compare(len(a.rule()), len(b.rule())) },
		"in":       func(a, b row) int { return strings.Compare(a.incident, b.incident) },
		"who":      func(a, b row) int { return strings.Compare(a.who(), b.who()) },
		"conns":    func(a, b row) int { return cmp.Compare(len(a.connections()), len(b.connections())) },
		"summary":  func(a, b row) int { return strings.Compare(a.summary(), b.summary()) },
	}
	for _, c := range spec.Columns {
		compare := compared[c.Title]
		if compare == nil != (c.Sort == nil) {
			t.Errorf("no test of column %q", c.Title)
		}
		if c.Sort == nil {
			continue
		}
		for _, descending := range []bool{false, true} {
			m := s.(Model)
			cmd := m.list.SortBy(c.Title, descending)
			sorted, _ := screentest.Send(m, screentest.Messages(cmd)...)
			rows := rowsOf(sorted)
			for k := 1; k < len(rows); k++ {
				if n := compare(rows[k-1], rows[k]); n > 0 && !descending || n < 0 && descending {
					t.Errorf("column %q, descending %v: row %d", c.Title, descending, k)
				}
			}
		}
	}
}

// rowsOf is the rows that are shown.
func rowsOf(s screen.Screen) (out []row) {
	m := s.(Model)
	for k := range m.list.Len() {
		out = append(out, m.list.Data().rows[m.list.At(k)])
	}
	return out
}

// hiddenIn is how many rows the filters hide.
func hiddenIn(s screen.Screen) int {
	m := s.(Model)
	return m.list.Data().hidden
}

// TestNamesTheIncident: a detection names the gravest incident that it is part of.
func TestNamesTheIncident(t *testing.T) {
	s, snap := shown(t, theme.Plain())
	named := 0
	for _, r := range rowsOf(s) {
		if r.incident == "" {
			continue
		}
		named++
		if k := snap.IncidentOf(r.detection.Connections[0]); incident.Letter(k) != r.incident {
			t.Errorf("%s is said to be in %s, and its first connection is in %d", r.title(), r.incident, k)
		}
	}
	if named == 0 {
		t.Error("no detection names an incident")
	}
}

func TestSearch(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	for text, want := range map[string]string{"ROOT@localhost asked": "D6", "/T1119/": "D7-program", "no such text": "D1", "/(/": "D1"} {
		got, requests := screentest.Send(s, message.Search{Text: text})
		failed := false
		for _, r := range requests {
			if _, ok := r.(message.Failed); ok {
				failed = true
			}
		}
		if r := current(got); r.rule() != want || failed != (text == "no such text" || text == "/(/") {
			t.Errorf("search for %s ends on %s with %v", text, r.title(), requests)
		}
	}
	whole, _ := screentest.Press(t, s.SetSize(80, 3), list.Keys().Details)
	whole, _ = screentest.Press(t, whole, widget.TableKeys().Bottom)
	if whole, _ = screentest.Send(whole, message.Search{Text: "T1119"}); !strings.HasPrefix(whole.View(), "D7-program ") {
		t.Errorf("what was found is shown from its midst:\n%s", whole.View())
	}
}

// current is the row under the cursor.
func current(s screen.Screen) row {
	m := s.(Model)
	k, _ := m.list.Current()
	return m.list.Data().rows[k]
}

func TestMarksStayOnTheirRows(t *testing.T) {
	s, snap := shown(t, theme.Plain())
	s, _ = screentest.Press(t, down(t, s, 2), widget.TableKeys().Mark)
	before, _ := s.Focus().Target.Connections(t.Context())
	s, requests := screentest.Send(s, screentest.Key(widget.TableKeys().Sort.Keys()[0]), screentest.Key(widget.TableKeys().Reverse.Keys()[0]), screentest.Unfiltered(snap))
	if len(requests) > 0 {
		t.Errorf("unasked: %v", requests)
	}
	after, err := s.Focus().Target.Connections(t.Context())
	m := s.(Model)
	if err != nil || m.list.Marks().Len() != 1 || fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("marked %v, %v, was %v", after, err, before)
	}
}

// TestTechniquesAreNamedOnce, also where two old ones have become one.
func TestTechniquesAreNamedOnce(t *testing.T) {
	integrityRule := detect.IntegrityRule(detect.Builtin())
	if got := ids(integrityRule, 5); got != integrityRule.Techniques[0].ID {
		t.Errorf("%s has the techniques %q", integrityRule.Name, got)
	}
	if text := techniques(integrityRule); strings.Count(text, integrityRule.Techniques[0].ID) != 1 {
		t.Errorf("it says %q", text)
	}
}
