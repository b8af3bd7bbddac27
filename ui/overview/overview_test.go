package overview

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/suspicion"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/selection"
	"sqleuth/ui/stages"
	"sqleuth/ui/theme"
	"sqleuth/ui/timeline"
	"sqleuth/ui/widget"
)

var _ screen.Screen = Model{}

// outside are the suspects that belong to no incident, as listed.
func outside(s *pipeline.Snapshot) (list []suspicion.Suspect) {
	for _, x := range s.Ranking.First() {
		if s.IncidentOf(x.Connection) < 0 {
			list = append(list, x)
		}
	}
	return list
}

// toSuspects puts the cursor on the first suspect.
func toSuspects(t *testing.T, s screen.Screen, snap *pipeline.Snapshot) screen.Screen {
	t.Helper()
	for range snap.Incidents {
		s, _ = screentest.Press(t, s, widget.TableKeys().Down)
	}
	return s
}

func finished() []tea.Msg {
	var out []tea.Msg
	for st := range pipeline.Stages {
		out = append(out, message.Progress{Stage: st, State: message.Finished})
	}
	return out
}

func TestEmpty(t *testing.T) { screentest.Golden(t, New(theme.Plain(), nil)) }

func TestLoading(t *testing.T) {
	in := screentest.Load(t)
	s, _ := screentest.Send(New(theme.Plain(), nil),
		message.Progress{Stage: pipeline.Load, State: message.Running, Done: 45, Total: 100},
		message.Snapshot{Snapshot: in.Loading})
	screentest.Golden(t, s)
}

func labelled(t *testing.T, th *theme.Theme) (screen.Screen, screentest.Incident) {
	t.Helper()
	in := screentest.Load(t)
	s := screen.Screen(New(th, nil))
	for _, m := range finished() {
		s, _ = s.Update(m)
	}
	s, _ = screentest.Send(s, message.Labels{Set: in.Labels}, message.Snapshot{Snapshot: in.Labelled})
	return s, in
}

func TestLabelled(t *testing.T) {
	s, _ := labelled(t, theme.Plain())
	screentest.Golden(t, s)
}

// distrusted is a finished analysis of a log that many things speak against.
func distrusted(t *testing.T) screen.Screen {
	t.Helper()
	s, in := labelled(t, theme.Plain())
	snap := *in.Labelled
	snap.Integrity.Findings = []integrity.Finding{
		{Kind: integrity.Restarted, Severity: rule.Context, Count: 1},
		{Kind: integrity.Backwards, Severity: rule.Low, Count: 3},
		{Kind: integrity.LoggingChanged, Severity: rule.High, Count: 1},
		{Kind: integrity.Forged, Severity: rule.Medium, Count: 1},
		{Kind: integrity.Forged, Severity: rule.High, Count: 1},
		{Kind: integrity.Reopened, Severity: rule.Medium, Count: 1},
	}
	s, _ = screentest.Send(s, message.Snapshot{Snapshot: &snap})
	return s
}

// TestDistrusted: the gravest is shown first, and the text about trust takes its
// lines from the plot, and from the list only where the plot has none.
func TestDistrusted(t *testing.T) {
	s := distrusted(t)
	screentest.Golden(t, s)
	unknown, in := labelled(t, theme.Plain())
	snap := *in.Labelled
	snap.Integrity = integrity.Report{}
	unknown, _ = screentest.Send(unknown, message.Snapshot{Snapshot: &snap})
	for _, c := range []struct{ width, height, lost int }{{80, 24, 0}, {120, 40, 0}, {80, 16, 0}, {40, 10, 0}, {40, trustFrom - 1, 0}} {
		visible := func(s screen.Screen) int {
			m := s.SetSize(c.width, c.height).(Model)
			from, to := m.suspects.Visible()
			return to - from
		}
		if before, now := visible(unknown), visible(s); before-now != c.lost || now < 2 {
			t.Errorf("%dx%d: %d suspects are shown, %d where nothing is said about trust; %d may be lost", c.width, c.height, now, before, c.lost)
		}
	}
}

// TestTrustIsSaidWhenItIsKnown: before the log was examined there is no line about
// it, and where nothing was found the line states that, with the key that leads to
// what the log cannot show.
func TestTrustIsSaidWhenItIsKnown(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	snap := *in.Labelled
	snap.Backwards = 3
	for _, c := range []struct {
		report     integrity.Report
		want, none string
	}{
		{integrity.Report{}, "3 steps back", "Log integrity"},
		{integrity.Report{Limits: []string{"An entry says what was sent."}}, "Log integrity, see f7: nothing suspicious", "3 steps back"},
	} {
		snap.Integrity = c.report
		s, _ = screentest.Send(s, message.Snapshot{Snapshot: &snap})
		if view := s.SetSize(120, 24).View(); !strings.Contains(view, c.want) || strings.Contains(view, c.none) {
			t.Errorf("want %q and not %q in\n%s", c.want, c.none, view)
		}
	}
}

func TestASCII(t *testing.T) {
	s, _ := labelled(t, theme.PlainASCII())
	for _, size := range screentest.Sizes {
		view := s.SetSize(size.Width, size.Height).View()
		screentest.Fits(t, view, size)
		for _, r := range view {
			if r > 0x7e {
				t.Fatalf("%q is not ASCII in\n%s", r, view)
			}
		}
	}
}

func TestEverySizeFits(t *testing.T) {
	s, _ := labelled(t, theme.Plain())
	for _, s := range []screen.Screen{s, distrusted(t)} {
		for width := 1; width < 130; width += 3 {
			for height := 1; height < 45; height += 2 {
				size := screentest.Size{Width: width, Height: height}
				screentest.Fits(t, s.SetSize(width, height).View(), size)
			}
		}
	}
}

func TestEnterOpensTheSuspect(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s = s.SetSize(80, 24)
	suspects := outside(in.Labelled)
	if len(suspects) < 2 {
		t.Fatalf("%d suspects", len(suspects))
	}
	s, _ = screentest.Press(t, toSuspects(t, s, in.Labelled), widget.TableKeys().Down)
	_, got := screentest.Press(t, s, list.Keys().Open)
	want := message.OpenConnection{Connection: int(suspects[1].Connection), At: -1}
	if len(got) != 1 || got[0] != want {
		t.Errorf("enter asks for %v, want %v", got, want)
	}
}

func TestMarksAreTheTarget(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s = toSuspects(t, s.SetSize(80, 24), in.Labelled)
	if _, ok := s.Focus().Target.Single(); !ok {
		t.Error("without marks the target is not the row under the cursor")
	}
	mark := widget.TableKeys().Mark
	s, _ = screentest.Press(t, s, mark)
	s, _ = screentest.Press(t, s, mark)
	refs, err := s.Focus().Target.Refs(t.Context())
	if err != nil || len(refs) != 2 {
		t.Fatalf("marked: %v, %v", refs, err)
	}
	for i := range 2 {
		ref := in.Labelled.Connections.Ref(int(outside(in.Labelled)[i].Connection))
		if refs[0] != ref && refs[1] != ref {
			t.Errorf("suspect %d, %v, is not among %v", i, ref, refs)
		}
	}
	s, ok := s.Escape()
	if _, single := s.Focus().Target.Single(); !ok || !single {
		t.Error("escape does not take the marks away")
	}
	if _, ok := s.Escape(); ok {
		t.Error("escape takes something away where nothing is left")
	}
}

// A digit on an incident labels by incident, one on a suspect by key.
func TestSourceOfLabels(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s = s.SetSize(80, 24)
	if got := s.Focus().Target; got.Source != label.ByIncident || got.Empty() {
		t.Errorf("%s is labelled by %s", got.Text, got.Source)
	}
	s = toSuspects(t, s, in.Labelled)
	if got := s.Focus().Target; got.Source != label.ByKey || got.Empty() {
		t.Errorf("%s is labelled by %s", got.Text, got.Source)
	}
}

// filtered is the root's message for a filter that leaves some connections.
func filtered(s *pipeline.Snapshot, term string, connections ...int) message.Filtered {
	entries, left := selection.NewBuilder(s.Len()), selection.NewBuilder(s.Connections.Len())
	for _, c := range connections {
		left.Add(c)
		for _, i := range s.ByConnection.Entries(c) {
			entries.Add(int(i))
		}
	}
	return message.Filtered{Active: []string{term}, Entries: entries.Bits(), Connections: left.Bits()}
}

// TestFiltersLeaveSuspects: suspects and the log over time are those that the
// filters leave by the header, and what is not states that.
func TestFiltersLeaveSuspects(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	snap := in.Labelled
	s = s.SetSize(120, 40)
	suspects := outside(snap)
	s, _ = screentest.Press(t, toSuspects(t, s, snap), widget.TableKeys().Down)
	before := s.View()
	second := int(suspects[1].Connection)
	s, _ = screentest.Send(s, filtered(snap, "user:root", second, 1))
	m := s.(Model)
	if c, ok := current(m); !ok || c != second || m.suspects.Len() != 1 {
		t.Errorf("%d suspects, the cursor on %d, %v", m.suspects.Len(), c, ok)
	}
	for _, want := range []string{"whole log: 27 connections", fmt.Sprintf("Left by the filters: 1 of 1; %d in all", len(snap.Incidents)+len(suspects))} {
		if !strings.Contains(s.View(), want) {
			t.Errorf("nothing says %q in\n%s", want, s.View())
		}
	}
	if none, _ := screentest.Send(s, filtered(snap, "user:nobody")); !strings.Contains(none.View(), "the filters hide them: user:nobody") {
		t.Errorf("no suspect is left, and nothing says why:\n%s", none.View())
	}
	// The cursor stays on the connection when the filter goes.
	s, _ = screentest.Send(s, screentest.Unfiltered(snap))
	if c, _ := current(s); c != second {
		t.Errorf("the cursor has gone from %d to %d", second, c)
	}
	if s.View() != before {
		t.Errorf("without the filter there stands\n%s\nand not\n%s", s.View(), before)
	}
}

// TestJudgedRowsLeaveTheCursor: an analyst who labels the suspects one after the
// other reads the next one where the last one was.
func TestJudgedRowsLeaveTheCursor(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s = s.SetSize(80, 24)
	s = toSuspects(t, s, in.Labelled)
	top := outside(in.Labelled)[0].Connection
	first := slices.IndexFunc(in.Labelled.Ranking.First(), func(x suspicion.Suspect) bool { return x.Connection == top })
	ref := in.Labelled.Connections.Ref(int(top))
	given := func(class string) (label.Set, error) {
		records := append(slices.Collect(in.Labels.All()), label.Record{Ref: ref, Verdict: label.Verdict{Class: class, Source: label.ByAnalyst}})
		return label.NewSet(nil, records)
	}
	x := in.Labelled.Connections.Peek(int(top))
	user, host := in.Labelled.Connections.Text(x.User), in.Labelled.Connections.Text(x.Host)
	usual := func(list ...label.Usual) func() (label.Set, error) {
		return func() (label.Set, error) { return in.Labels.WithUsual(list) }
	}
	order := in.Labelled.Ranking.First()
	other := *in.Labelled
	other.Ranking = suspicion.ListOf(append(slices.Delete(slices.Clone(order), first, first+1), order[first]), len(order))
	for name, decide := range map[string]func() (label.Set, error){
		"an attack":              func() (label.Set, error) { return given(label.LoginAttack) },
		"normal, word for word":  func() (label.Set, error) { return given(label.Normal) },
		"all of its account":     usual(label.Usual{User: user, Host: host}),
		"all that its host does": usual(label.Usual{Host: host}),
	} {
		set, err := decide()
		if err != nil {
			t.Fatal(err)
		}
		judging, truth := other, *in.Labelled.Truth
		truth.Labels = set
		judging.Truth = &truth
		learning := judging
		learning.Ranking = in.Labelled.Ranking
		judged, _ := screentest.Send(s, message.Labels{Set: set}, message.Snapshot{Snapshot: &learning}, message.Snapshot{Snapshot: &judging})
		if c, _ := current(judged); c != int(outside(&other)[0].Connection) {
			t.Errorf("%s: the cursor is on %d, not in the place of the connection that was decided on", name, c)
		}
		undone, ranking := *in.Labelled, *in.Labelled.Ranking
		undone.Ranking = &ranking
		judged, _ = screentest.Send(judged, message.Labels{Set: in.Labels}, message.Snapshot{Snapshot: &undone})
		if c, _ := current(judged); c != int(top) {
			t.Errorf("%s: an undo leads to %d, not back to %d", name, c, top)
		}
	}
	// Where the models have learnt something else, it stays on its connection.
	same := other
	same.Truth = in.Labelled.Truth
	s, _ = screentest.Send(s, message.Snapshot{Snapshot: &same})
	if c, _ := current(s); c != int(top) {
		t.Errorf("the cursor is on %d, not on %d any more", c, top)
	}
}

// TestDeclaredIncidentsLeaveTheCursor: an incident that was declared normal is gone before its
// connections are ranked anew, and the cursor goes with none of them. An undo leads back to it.
func TestDeclaredIncidentsLeaveTheCursor(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s = s.SetSize(80, 24)
	x := &in.Labelled.Incidents[0]
	set, err := in.Labels.WithUsual([]label.Usual{{Host: x.Actor.Hosts[0]}})
	if err != nil {
		t.Fatal(err)
	}
	snap := in.Labelled
	judge := func(labels label.Set, between func()) {
		s, _ = screentest.Send(s, message.Labels{Set: labels})
		snap, err = pipeline.Judge(t.Context(), pipeline.DefaultParams(), snap, labels, func(e pipeline.Event) {
			if e, ok := e.(pipeline.StageFinished); ok {
				between()
				s, _ = screentest.Send(s, message.Snapshot{Snapshot: e.Snapshot})
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	judge(set, func() {
		if s.Focus().Incident.ID != x.ID {
			t.Errorf("before connections are ranked anew, rows are of other labels than these:\n%s", s.View())
		}
	})
	m := s.(Model)
	if row, ok := m.suspects.Current(); !ok || row != m.suspects.At(0) || snap.IncidentOf(x.Connections[0]) >= 0 {
		t.Errorf("the cursor went with a connection:\n%s", s.View())
	}
	judge(in.Labels, func() {})
	if s.Focus().Incident.ID != x.ID {
		t.Errorf("an undo does not lead back to the incident:\n%s", s.View())
	}
}

// TestNotJudged: what nobody has looked at is not called normal.
func TestNotJudged(t *testing.T) {
	in := screentest.Load(t)
	c := int(outside(in.Plain)[0].Connection)
	set, err := label.NewSet(nil, []label.Record{{Ref: in.Plain.Connections.Ref(c), Verdict: label.Verdict{Class: label.Normal, Source: label.ByAnalyst}}})
	if err != nil {
		t.Fatal(err)
	}
	s, _ := screentest.Send(New(theme.Plain(), nil), append(finished(), message.Snapshot{Snapshot: in.Plain}, message.Labels{Set: set}, screentest.Unfiltered(in.Plain))...)
	m := s.SetSize(80, 24).(Model)
	if a, b := classCell(m.suspects.Data(), len(in.Plain.Incidents)).Text, classCell(m.suspects.Data(), len(in.Plain.Incidents)+1).Text; a != label.Normal || b != m.theme.Glyph.Dash {
		t.Errorf("judged as normal: %q, not judged: %q", a, b)
	}
	// Nor is a forest that is not there called finished.
	for _, width := range []int{40, 80, 120} {
		view := strings.Join(strings.Fields(s.SetSize(width, 24).View()), " ")
		if strings.Contains(view, "✓ random") {
			t.Errorf("%d columns: %s", width, view)
		}
	}
}

// TestListIsCut: a list that was cut shows of how many, one that was not does not,
// however long it is.
func TestListIsCut(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	snap := *in.Labelled
	snap.Incidents = []incident.Incident{}
	suspects := outside(in.Labelled)
	list := suspects[:1:1]
	for len(list) < suspicion.Shown { // none alike
		other := suspects[1]
		other.Reasons = []string{strings.Repeat("x", len(list))}
		list = append(list, other)
	}
	for _, c := range []struct {
		total          int
		want, filtered string
	}{
		{suspicion.Shown, "Suspects, most suspicious first: 1 of 1,000\n", "Left by the filters: 1 of 1; 1,000 in all\n"},
		{1980, "most suspicious first, of the first 1,000 suspects of 1,980: 1 of", "Left by the filters, of the first 1,000 suspects of 1,980: 1 of 1; 1,0"},
	} {
		snap := snap
		snap.Ranking = suspicion.ListOf(list, c.total)
		s, _ := screentest.Send(s.SetSize(80, 24), message.Snapshot{Snapshot: &snap})
		if !strings.Contains(s.View(), c.want) {
			t.Errorf("nothing says %q in\n%s", c.want, s.View())
		}
		s, _ = screentest.Send(s, filtered(&snap, "x", int(list[0].Connection)))
		if !strings.Contains(s.View(), c.filtered) {
			t.Errorf("nothing says %q in\n%s", c.filtered, s.View())
		}
	}
}

// TestAlike: suspects of an account with the same first reason are one row, whatever the
// figures in it; keys act on all of them, and no two rows of an account are the same.
func TestAlike(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	snap := *in.Labelled
	snap.Incidents = []incident.Incident{}
	var ranked []suspicion.Suspect
	reasons := map[uint32]string{}
	for c := range uint32(snap.Connections.Len()) {
		who := snap.Connections.Peek(int(c))
		if snap.Connections.Text(who.User) != "wordpress" || snap.Connections.Text(who.Host) != "localhost" {
			continue
		}
		reason := fmt.Sprintf("D16 Blind injection: %d of 9 entries", c)
		if len(ranked) == 2 {
			reason = "D6 Accounts, people read: asked for mysql.user"
		}
		reasons[c] = reason
		ranked = append([]suspicion.Suspect{{Connection: c, Score: 0.9, Reasons: []string{reason}}}, ranked...)
	}
	snap.Ranking = suspicion.ListOf(ranked, len(ranked))
	s, _ = screentest.Send(s.SetSize(80, 24), message.Snapshot{Snapshot: &snap})
	m := s.(Model)
	d := m.suspects.Data()
	if m.suspects.Len() != 2 || len(d.connections(0)) != len(ranked)-1 || !slices.IsSorted(d.connections(0)) {
		t.Fatalf("%d rows, %v", m.suspects.Len(), d.connections(0))
	}
	refs, err := s.Focus().Target.Refs(t.Context())
	if err != nil || len(refs) != len(ranked)-1 || s.Focus().Target.Source != label.ByRange {
		t.Errorf("a digit labels %v, %v", refs, err)
	}
	_, got := screentest.Press(t, s, list.Keys().Open)
	if len(got) != 1 || got[0].(message.OpenConnections).Term != s.Focus().Term {
		t.Errorf("enter asks for %v", got)
	}
	for _, want := range []string{fmt.Sprintf("%d alike: Blind injection: ", len(ranked)-1), " mysql.user", "alike      "} {
		if !strings.Contains(s.View(), want) {
			t.Errorf("nothing says %q in\n%s", want, s.View())
		}
	}
	for c := range reasons { // whichever is first later, the row is found by each of its own
		if row, ok := spec.Identity.Row(d, fmt.Sprint(c)); !ok || !slices.Contains(d.connections(row), c) {
			t.Errorf("connection %d is in row %d, %v", c, row, ok)
		}
	}
}

// TestBesideAnIncident: a suspect through the account of an application is not taken for
// the actor who spoke through it, and one of another server for nobody.
func TestBesideAnIncident(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	snap := *in.Labelled
	c := outside(in.Labelled)[0].Connection
	who := snap.Connections.Peek(int(c))
	actor := incident.Actor{Kind: incident.Account, Users: []string{snap.Connections.Text(who.User)}, Hosts: []string{snap.Connections.Text(who.Host)}}
	for _, test := range []struct {
		kind incident.Kind
		want bool
	}{{incident.Account, true}, {incident.Host, false}} {
		actor.Kind = test.kind
		snap.Incidents = []incident.Incident{{ID: "0badcafe", Actor: actor, Through: "somebody"}}
		snap.Ranking = suspicion.ListOf(outside(in.Labelled)[:1], 1)
		s, _ := screentest.Send(s.SetSize(160, 40), message.Snapshot{Snapshot: &snap})
		s, _ = press(s, widget.TableKeys().Down)
		for _, text := range []string{"not joined to A", "nothing joins this to what A sent"} {
			if strings.Contains(s.View(), text) != test.want {
				t.Errorf("%v: %q is said: %v\n%s", test.kind, text, !test.want, s.View())
			}
		}
	}
}

// TestMarksFollowTheirConnections when models have learned and the order is
// another: what was marked is what will be labelled.
func TestMarksFollowTheirConnections(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s = s.SetSize(80, 24)
	mark := widget.TableKeys().Mark
	s, _ = screentest.Press(t, s, mark)
	s, _ = screentest.Press(t, s, mark)
	before, err := s.Focus().Target.Refs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other := *in.Labelled
	reversed := slices.Clone(other.Ranking.First())
	slices.Reverse(reversed)
	other.Ranking = suspicion.ListOf(reversed, len(reversed))
	s, _ = screentest.Send(s, message.Snapshot{Snapshot: &other})
	after, err := s.Focus().Target.Refs(t.Context())
	if err != nil || !slices.Equal(before, after) {
		t.Errorf("marked %v, and then %v, %v", before, after, err)
	}
}

func TestSearch(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s = s.SetSize(80, 24)
	name := func(s screen.Screen) string { return s.Focus().Target.Text }
	suspects := outside(in.Labelled)
	last := suspects[len(suspects)-1]
	want := "connection " + in.Labelled.Connections.Name(int(last.Connection))
	reason := last.Reasons[0]
	s, got := screentest.Send(s, message.Search{Text: reason, Backwards: true})
	if name(s) != want || len(got) != 1 { // that the search went on at the other end
		t.Errorf("searching backwards for %q leads to %s with %v, want %s", reason, name(s), got, want)
	}
	s, _ = screentest.Send(s, message.Search{Text: "/^CREDENTIAL|D6.*read/"})
	if name(s) == want {
		t.Error("a regular expression leads nowhere")
	}
	before := name(s)
	for _, text := range []string{"no such text", "/(/"} {
		if s, got = screentest.Send(s, message.Search{Text: text}); name(s) != before || len(got) != 1 {
			t.Errorf("%q leads to %s with %v", text, name(s), got)
		} else if _, ok := got[0].(message.Failed); !ok {
			t.Errorf("%q answers %v", text, got[0])
		}
	}
}

// current is the connection under the cursor.
func current(s screen.Screen) (connection int, ok bool) {
	m := s.(Model)
	row, ok := m.suspects.Current()
	if !ok || m.suspects.Data().incident(row) != nil {
		return 0, false
	}
	return int(m.suspects.Data().suspect(row).Connection), true
}

// TestPaneUnderTheList: what is known of the row under the cursor is read in full where
// the list has no room.
func TestPaneUnderTheList(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s = s.SetSize(80, 24)
	for k := range in.Labelled.Incidents {
		x := &in.Labelled.Incidents[k]
		view := strings.Join(strings.Fields(s.View()), " ")
		for _, want := range []string{incident.Letter(k) + " " + x.Through + ", " + x.How, "asked for " + x.Asked[:10]} {
			if !strings.Contains(view, want) {
				t.Errorf("nothing says %q of incident %d in\n%s", want, k, s.View())
			}
		}
		s, _ = screentest.Press(t, s, widget.TableKeys().Down)
	}
	for _, x := range outside(in.Labelled)[:3] {
		want := fmt.Sprintf("%s score %.2f: %s", in.Labelled.Connections.Name(int(x.Connection)), x.Score, x.Reasons[0])
		if view := strings.Join(strings.Fields(s.View()), " "); !strings.Contains(view, want) {
			t.Errorf("nothing says %q in\n%s", want, s.View())
		}
		s, _ = screentest.Press(t, s, widget.TableKeys().Down)
	}
}

// TestIncidentRow: c and o lead to the connections and the entries of an incident, a
// digit labels all of them, and the footer shows how many.
func TestIncidentRow(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s = s.SetSize(80, 24)
	x := &in.Labelled.Incidents[0]
	_, got := screentest.Press(t, s, list.Keys().Connections)
	if open, ok := got[0].(message.OpenConnections); !ok || open.Term != filter.Term("incident", x.ID) {
		t.Errorf("c asks for %v", got)
	}
	_, got = screentest.Press(t, s, list.Keys().Entries)
	if open, ok := got[0].(message.OpenEntries); !ok || open.Term != filter.Term("incident", x.ID) {
		t.Errorf("o asks for %v", got)
	}
	f := s.Focus()
	connections, err := f.Target.Connections(t.Context())
	if want := fmt.Sprintf("all %d connections of incident A", len(x.Connections)); err != nil || len(connections) != len(x.Connections) || f.Target.Text != want {
		t.Errorf("a digit labels %q, %d connections, %v; want %q", f.Target.Text, len(connections), err, want)
	}
	if text, err := f.Copy.Text(t.Context()); err != nil || !strings.Contains(text, x.Asked) {
		t.Errorf("copies %q, %v", text, err)
	}
}

// TestDismissedIncidentsAreLast of the incidents, before the suspects; the cursor stays
// at its place, where the next one to be looked at is.
func TestDismissedIncidentsAreLast(t *testing.T) {
	in := screentest.Load(t)
	snap := *in.Labelled
	snap.Incidents = nil
	for k := range 3 {
		x := in.Labelled.Incidents[0]
		x.ID = fmt.Sprintf("%08x", k)
		snap.Incidents = append(snap.Incidents, x)
	}
	s, _ := screentest.Send(New(theme.Plain(), nil), append(finished(), screentest.Facts(&snap, label.Set{})...)...)
	s = s.SetSize(80, 24)
	book := label.NewBook(label.Set{})
	for _, c := range []struct {
		incident int
		outcome  label.Outcome
		want     string
		cursor   string
	}{
		{0, label.Dismissed, "BCA", "B"},
		{1, label.Accepted, "BCA", "B"},
		{2, label.Dismissed, "BAC", "B"},
		{0, label.Open, "ABC", "A"}, // an undo leads back
	} {
		if _, err := book.Decide(snap.Incidents[c.incident].ID, nil, c.outcome, "", time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		s, _ = screentest.Send(s, message.Labels{Set: book.Set()})
		m := s.(Model)
		got := ""
		for k := range 3 {
			got += incident.Letter(m.suspects.At(k))
		}
		if row, _ := m.suspects.Current(); got != c.want || incident.Letter(row) != c.cursor {
			t.Errorf("incident %d %v: the order is %s with the cursor on %s, want %s and %s", c.incident, c.outcome, got, incident.Letter(row), c.want, c.cursor)
		}
	}
	if view := s.View(); !strings.Contains(view, "3 incidents, worst first (1 dismissed, last)") {
		t.Errorf("the title does not count it:\n%s", view)
	}
}

// press sends a screen a key, with what it asks itself; the requests come back.
func press(s screen.Screen, k key.Binding) (screen.Screen, []tea.Msg) {
	return screentest.Send(s, screentest.Key(k.Keys()[0]))
}

// TestOpened: enter opens an incident. Its first row is all of it, the others its stages:
// each is labelled and led to by itself. Closing leads back to the row.
func TestOpened(t *testing.T) {
	in := screentest.Load(t)
	s, _ := screentest.Send(New(theme.Plain(), in.Log), append(finished(), screentest.Facts(in.Labelled, in.Labels)...)...)
	s = s.SetSize(120, 30)
	x := &in.Labelled.Incidents[0]
	s, _ = press(s, list.Keys().Open)
	if view := s.View(); !strings.HasPrefix(view, "Incident A, critical: ") {
		t.Fatalf("enter opens\n%s", view)
	}
	for row := range 1 + len(x.Stages) {
		term, text, connections := x.ID, "incident A", x.Connections
		if row > 0 {
			st := &x.Stages[row-1]
			term, text, connections = x.ID+"/"+st.Name.String(), fmt.Sprintf("stage %d, %s, of incident A", row, st.Name), st.Connections
			if len(st.Telling) > 0 && !strings.Contains(s.View(), "tells most entry ") {
				t.Errorf("stage %d has no statement in\n%s", row, s.View())
			}
		}
		for _, want := range []string{x.Honest[0], x.Unknown[0], text} {
			if view := strings.Join(strings.Fields(s.View()+" "+s.Focus().Target.Text), " "); !strings.Contains(view, want) {
				t.Errorf("row %d: nothing says %q in\n%s", row, want, view)
			}
		}
		target := s.Focus().Target
		got, err := target.Connections(t.Context())
		if err != nil || len(got) != len(connections) || target.Source != label.ByIncident {
			t.Errorf("row %d: a digit labels %d connections, %v, %v; want %d", row, len(got), target.Source, err, len(connections))
		}
		for _, k := range []key.Binding{list.Keys().Open, list.Keys().Entries} {
			_, asked := press(s, k)
			if open, ok := asked[0].(message.OpenEntries); !ok || open.Term != filter.Term("incident", term) {
				t.Errorf("row %d: %s asks for %v", row, k.Keys()[0], asked)
			}
		}
		_, asked := press(s, list.Keys().Connections)
		if open, ok := asked[0].(message.OpenConnections); !ok || open.Term != filter.Term("incident", term) {
			t.Errorf("row %d: c asks for %v", row, asked)
		}
		if text, err := s.Focus().Copy.Text(t.Context()); err != nil || !strings.Contains(text, x.Honest[0]) {
			t.Errorf("row %d copies %q, %v", row, text, err)
		}
		s, _ = press(s, widget.TableKeys().Down)
	}
	s, _ = screentest.Send(s, message.Search{Text: "all of a"})
	screentest.FitsEverywhere(t, s, false)
	// Another snapshot leaves it open, one without the incident does not.
	same := *in.Labelled
	s, _ = screentest.Send(s, message.Snapshot{Snapshot: &same})
	if !strings.HasPrefix(s.View(), "Incident A") {
		t.Error("a later snapshot closes it")
	}
	closed, ok := s.(screen.Closer).Close()
	if !ok || strings.HasPrefix(closed.View(), "Incident A") {
		t.Errorf("backspace does not close it: %v\n%s", ok, closed.View())
	}
	if again, ok := closed.(screen.Closer).Close(); ok {
		t.Errorf("backspace closes twice\n%s", again.View())
	}
	same.Incidents = same.Incidents[1:]
	s, _ = screentest.Send(s, message.Snapshot{Snapshot: &same})
	if strings.HasPrefix(s.View(), "Incident A, critical: "+x.Asked) {
		t.Error("an incident that is not there any more stays open")
	}
}

// TestNoIncident: the screen of a log without one states that, and what it does not
// prove. TestTimelineOverTheList is entered where the row under the cursor begins,
// whatever lies over the list, and lists are out of reach until it is left.
func TestTimelineOverTheList(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s = s.SetSize(80, 24)
	enter := func() {
		t.Helper()
		var cmd tea.Cmd
		s, cmd = s.Update(screentest.Key(timeline.Key().Keys()[0]))
		s, _ = screentest.Send(s, screentest.Messages(cmd)...)
	}
	first := in.Labelled.Incidents[0].First
	enter()
	at := s.Focus().At
	if !strings.HasPrefix(s.View(), "Timeline in bins of 2 min") || first.Micros < at || first.Micros-at > 120e6 || len(s.(Model).Lists()) != 0 {
		t.Errorf("entered at %s, the incident is from %s on\n%s", widget.Time(at), first.Format(time.DateTime), s.View())
	}
	if s, ok := s.Escape(); !ok || strings.HasPrefix(s.View(), "Timeline") {
		t.Errorf("esc leads to\n%s", s.View())
	}
	enter() // again: leaves
	if strings.HasPrefix(s.View(), "Timeline") {
		t.Errorf("t does not leave\n%s", s.View())
	}
	s, _ = press(s, list.Keys().Open)
	opened := s.View()
	enter()
	if !strings.HasPrefix(s.View(), "Timeline") {
		t.Errorf("over an incident t shows\n%s", s.View())
	}
	if s, ok := s.(Model).Close(); !ok || s.View() != opened {
		t.Errorf("backspace leads to\n%s", s.View())
	}
	// A time that is gone to enters it, or moves its cursor.
	s, _ = s.Escape()
	s, _ = s.Escape()
	s, _ = screentest.Send(s, message.AtTime{Micros: first.Micros + 600e6})
	if got := s.Focus().At; got <= first.Micros || got > first.Micros+600e6 {
		t.Errorf("at %s", widget.Time(got))
	}
}

// TestWhole gives the lines on a row the body, of an incident and of its stages: in a
// low window too, all of it can be read.
func TestWhole(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s = s.SetSize(40, 7)
	for _, open := range []bool{false, true} {
		if open {
			s, _ = press(s, list.Keys().Open)
		}
		rows := s.View()
		s, _ = press(s, widget.DetailsKey())
		var seen strings.Builder
		for range 60 {
			screentest.Fits(t, s.View(), screentest.Size{Width: 40, Height: 7})
			seen.WriteString(s.View() + "\n")
			s, _ = press(s, widget.TableKeys().Down)
		}
		for _, doubt := range in.Labelled.Incidents[0].Unknown {
			for _, word := range strings.Fields(doubt) {
				if !strings.Contains(seen.String(), word) {
					t.Errorf("opened %v: %q is never shown in\n%s", open, word, s.View())
				}
			}
		}
		if !strings.Contains(s.View(), ": lines ") {
			t.Errorf("opened %v: nothing says where it is:\n%s", open, s.View())
		}
		s, _ = s.(Model).Close()
		if s.View() != rows {
			t.Errorf("opened %v: backspace leads to\n%s", open, s.View())
		}
		s, _ = press(s, widget.DetailsKey())
		if s, _ = s.Escape(); s.View() != rows {
			t.Errorf("opened %v: esc leads to\n%s", open, s.View())
		}
	}
}

func TestNoIncident(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	snap := *in.Labelled
	ranking := *snap.Ranking
	snap.Incidents, snap.Ranking = []incident.Incident{}, &ranking
	s, _ = screentest.Send(s, message.Snapshot{Snapshot: &snap})
	for _, size := range []screentest.Size{{Width: 80, Height: 24}, {Width: 80, Height: trustFrom}} {
		view := strings.Join(strings.Fields(s.SetSize(size.Width, size.Height).View()), " ")
		for _, want := range []string{noIncident, "does not prove that none took place"} {
			if !strings.Contains(view, want) {
				t.Errorf("%v: nothing says %q in\n%s", size, want, view)
			}
		}
	}
	if strings.Contains(New(theme.Plain(), nil).SetSize(80, 24).View(), "No incident") {
		t.Error("it is said before it is known")
	}
}

// TestForged: somebody who is known from a possible forgery may be nobody.
func TestForged(t *testing.T) {
	in := screentest.Tampered(t)
	s, _ := screentest.Send(New(theme.Plain(), nil), message.Snapshot{Snapshot: in.Plain})
	m := s.SetSize(120, 24).(Model)
	d := m.suspects.Data()
	says := 0
	for row := range d.len() {
		text := strings.Join(strings.Fields(strings.Join(stages.Lay(d.theme, paneLines(d, row), 120, 3), " ")), " ")
		known := slices.ContainsFunc(d.connections(row), func(c uint32) bool { return strings.HasPrefix(in.Plain.Connections.Name(int(c)), "9999") })
		if strings.Contains(text, "may be forged; ") {
			says++
		} else if known {
			t.Errorf("of row %d it is said: %s", row, text)
		}
	}
	if says != 1 {
		t.Errorf("%d rows are said to be forged of %d", says, d.len())
	}
}
