package detections

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/pipeline"
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
	if len(s.(Model).listing.rows) != len(in.Labelled.Detections)+len(detect.Stories(in.Labelled.Detections))+len(in.Labelled.Integrity.Findings) {
		t.Fatalf("%d rows of %d detections and %d findings", len(s.(Model).listing.rows), len(in.Labelled.Detections), len(in.Labelled.Integrity.Findings))
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

func TestStory(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	screentest.Golden(t, s)
}

func TestDetection(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	screentest.Golden(t, down(t, s, 1))
}

func TestWhole(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	s, _ = screentest.Press(t, down(t, s, 1), keys.whole)
	screentest.Golden(t, s)
	s, ok := s.Escape()
	if m := s.(Model); !ok || m.details.Whole() {
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
	l := some.(Model).listing
	for _, r := range l.rows {
		if c := r.connections(); len(c) > 0 && c[0] >= last[0] {
			t.Errorf("%s is shown although its connections are hidden", r.title())
		}
	}
	if l.hidden == 0 || len(l.rows) == 0 {
		t.Errorf("%d shown, %d hidden", len(l.rows), l.hidden)
	}
}

func TestEverySizeFits(t *testing.T) {
	for name, th := range map[string]*theme.Theme{"unicode": theme.Plain(), "ascii": theme.PlainASCII()} {
		s, _ := shown(t, th)
		d := down(t, s, 2)
		whole, _ := screentest.Press(t, d, keys.whole)
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
	for k := range s.(Model).listing.rows {
		screentest.Fits(t, down(t, s.SetSize(80, 24), k).View(), screentest.Size{Width: 80, Height: 24})
	}
}

// TestEvidence: enter opens exactly the entries that the rule has kept; of a
// story, and of a rule that kept only the first, all of the connections.
func TestEvidence(t *testing.T) {
	s, snap := shown(t, theme.Plain())
	many := detect.Detection{Rule: snap.Detections[0].Rule, Entries: make([]int, detect.MaxEntries), Connections: snap.Detections[0].Connections}
	rows := append(slices.Clone(s.(Model).listing.rows), row{detection: &many})
	for k, r := range rows {
		if r.finding != nil {
			continue // see TestOpensWhatIsConcerned
		}
		want := map[int]bool{}
		if r.detection != nil && r.detection != &many {
			for _, i := range r.detection.Entries {
				want[i] = true
			}
		} else {
			for _, c := range r.connections() {
				for _, i := range snap.ByConnection.Entries(int(c)) {
					want[int(i)] = true
				}
			}
		}
		pick := r.pick()
		if r.detection != &many {
			_, requests := screentest.Press(t, down(t, s, k), keys.open)
			open, ok := requests[0].(message.OpenEntries)
			if !ok || open.Title == "" || open.Term != "" {
				t.Fatalf("enter asks for %+v", requests)
			}
			pick = open.Pick
		}
		for i := range snap.Len() {
			if pick(snap, i) != want[i] {
				t.Errorf("row %d, %s: entry %d is picked %v", k, r.title(), i, !want[i])
			}
		}
	}
}

func TestTarget(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	for k, r := range s.(Model).listing.rows {
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
	want := slices.Concat(s.(Model).listing.rows[0].connections(), s.(Model).listing.rows[1].connections())
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
	for k, r := range s.(Model).listing.rows {
		_, requests := screentest.Press(t, down(t, s, k), keys.connections)
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

// connectionsText is what the paragraphs say of the number of connections.
func (r row) connectionsText() string {
	return widget.Number(len(r.connections()), "connection", "connections")
}

func TestOrders(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	for range numColumns {
		s, _ = screentest.Send(s, screentest.Key(widget.TableKeys().Sort.Keys()[0]))
		m := s.(Model)
		if m.table.SortColumn < 0 {
			break
		}
		for k := 1; k < len(m.listing.rows); k++ {
			c := columnID(m.table.SortColumn).compare(m.listing.rows[k-1], m.listing.rows[k])
			if m.table.Descending {
				c = -c
			}
			if c > 0 {
				t.Errorf("column %d: row %d", m.table.SortColumn, k)
			}
		}
		if r, _ := m.current(); r.id != -1 {
			t.Errorf("column %d: the cursor has left the story for %s", m.table.SortColumn, r.title())
		}
	}
}

func TestLateListingsAreDropped(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	m := s.(Model)
	for _, late := range []arranged{{job: m.job.Number - 1, listing: &listing{}}, {job: m.job.Number, err: context.Canceled}} {
		if s, cmd := m.Update(late); cmd != nil || s.(Model).listing != m.listing {
			t.Errorf("%+v was taken", late)
		}
	}
}

func TestStepsPointIntoTheStory(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	rows := s.(Model).listing.rows
	for _, r := range rows[1:] {
		if r.step == "" {
			continue
		}
		var story, step int
		if _, err := fmt.Sscanf(r.step, "%d.%d", &story, &step); err != nil {
			t.Fatal(err)
		}
		if got := rows[story-1].story.Steps[step-1]; got.Rule != r.detection.Rule || got.Time != r.detection.Time {
			t.Errorf("step %s is %s, not %s", r.step, got.Rule.ID, r.detection.Rule.ID)
		}
	}
}

func TestSearch(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	for text, want := range map[string]string{"ROOT@localhost asked": "D6", "/T1119/": "D7", "no such text": "attack", "/(/": "attack"} {
		got, requests := screentest.Send(s, message.Search{Text: text})
		failed := false
		for _, r := range requests {
			if _, ok := r.(message.Failed); ok {
				failed = true
			}
		}
		if r, _ := got.(Model).current(); r.rule() != want || failed != (want == "attack") {
			t.Errorf("search for %s ends on %s with %v", text, r.title(), requests)
		}
	}
	whole, _ := screentest.Press(t, s.SetSize(80, 3), keys.whole)
	whole, _ = screentest.Press(t, whole, widget.TableKeys().Bottom)
	if whole, _ = screentest.Send(whole, message.Search{Text: "T1119"}); !strings.HasPrefix(whole.View(), "D7 ") {
		t.Errorf("what was found is shown from its midst:\n%s", whole.View())
	}
	m := s.(Model)
	if _, cmd := m.Update(found{Number: m.search.Number - 1}); cmd != nil {
		t.Error("a late answer was taken")
	}
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
	if err != nil || m.table.Marks().Len() != 1 || fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("marked %v, %v, was %v", after, err, before)
	}
}

// TestLostMarksAreNotLostSilently: a digit would label other connections than
// those that were marked.
func TestLostMarksAreNotLostSilently(t *testing.T) {
	s, labelled := shown(t, theme.Plain())
	snap := *labelled
	snap.Detections = nil
	for len(snap.Detections) <= widget.MaxKept {
		snap.Detections = append(snap.Detections, labelled.Detections...)
	}
	k := widget.TableKeys()
	s, _ = screentest.Send(s, message.Snapshot{Snapshot: &snap}, screentest.Key(k.Range.Keys()[0]), screentest.Key(k.Bottom.Keys()[0]), screentest.Key(k.Range.Keys()[0]))
	if m := s.(Model); m.table.Marks().Len() <= widget.MaxKept {
		t.Fatalf("%d marked", m.table.Marks().Len())
	}
	s, requests := screentest.Send(s, screentest.Key(k.Sort.Keys()[0]))
	if m := s.(Model); m.table.Marks().Len() > 0 || !slices.Equal(requests, []tea.Msg{message.MarksLost()()}) {
		t.Errorf("%d marks are left, which is told by %v", m.table.Marks().Len(), requests)
	}
}

// TestTechniquesAreNamedOnce, also where two old ones have become one.
func TestTechniquesAreNamedOnce(t *testing.T) {
	if got := ids(integrityRule, 5); got != integrityRule.Techniques[0].ID {
		t.Errorf("%s has the techniques %q", integrityRule.ID, got)
	}
	if text := techniques(integrityRule); strings.Count(text, integrityRule.Techniques[0].ID) != 1 {
		t.Errorf("it says %q", text)
	}
}
