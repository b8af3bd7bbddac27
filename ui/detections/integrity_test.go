package detections

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// tampered is the screen with a log that many things speak against.
func tampered(t *testing.T, th *theme.Theme) (screen.Screen, *pipeline.Snapshot) {
	t.Helper()
	s := screentest.Tampered(t).Plain
	m, _ := screentest.Send(New(th), message.Snapshot{Snapshot: s}, screentest.Unfiltered(s))
	return m.SetSize(80, 24), s
}

// at puts the cursor on the first finding of a kind.
func at(t *testing.T, s screen.Screen, kind integrity.Kind) screen.Screen {
	t.Helper()
	k := slices.IndexFunc(rowsOf(s), func(r row) bool { return r.finding != nil && r.finding.Kind == kind })
	if k < 0 {
		t.Fatalf("no %s is listed", kind)
	}
	return down(t, s, k)
}

func TestTampered(t *testing.T) {
	s, _ := tampered(t, theme.Plain())
	screentest.Golden(t, s)
}

func TestForged(t *testing.T) {
	s, _ := tampered(t, theme.Plain())
	screentest.Golden(t, at(t, s, integrity.Forged))
}

func TestLimits(t *testing.T) {
	s, _ := tampered(t, theme.Plain())
	s, _ = screentest.Press(t, s, keys.limits)
	screentest.Golden(t, s)
}

// TestFindingsStandAmongTheHits: each finding is a row, in order of time among
// the hits, but that time steps back, which a rule finds as well, is one row.
func TestFindingsStandAmongTheHits(t *testing.T) {
	s, snap := tampered(t, theme.Plain())
	rows := rowsOf(s)
	if want := len(snap.Detections) + len(snap.Integrity.Findings) - 1; len(rows) != want {
		t.Errorf("%d rows of %d detections and %d findings", len(rows), len(snap.Detections), len(snap.Integrity.Findings))
	}
	seen, hits := map[integrity.Kind]int{}, 0
	for k, r := range rows {
		if k > 0 && rows[k-1].time().Compare(r.time()) > 0 {
			t.Errorf("row %d, %s, stands behind a later one", k, r.title())
		}
		if r.detection != nil {
			hits++
		}
		if r.finding != nil {
			seen[r.finding.Kind]++
			if r.rule() != "D24" || !strings.Contains(r.paragraphs(snap, theme.Plain().Clock)[0], r.finding.Summary) {
				t.Errorf("%s says %q", r.title(), r.paragraphs(snap, theme.Plain().Clock))
			}
		}
	}
	for _, kind := range []integrity.Kind{integrity.Hole, integrity.LoggingChanged, integrity.Silence, integrity.MissingIDs, integrity.Backwards} {
		if seen[kind] != 1 {
			t.Errorf("%s stands %d times", kind, seen[kind])
		}
	}
	if hits != len(snap.Detections) || seen[integrity.Forged] != 2 {
		t.Errorf("%d of %d detections, %d of 2 possible forgeries", hits, len(snap.Detections), seen[integrity.Forged])
	}
}

// TestOpensWhatIsConcerned: enter leads to the entry, the forged one for a
// forgery, and where there are several places, to all of them.
func TestOpensWhatIsConcerned(t *testing.T) {
	s, snap := tampered(t, theme.Plain())
	for k, r := range rowsOf(s) {
		f := r.finding
		if f == nil || f.Kind == integrity.OpenEnded { // in two places
			continue
		}
		here := down(t, s, k)
		if help := here.ShortHelp()[0].Help().Desc; help != keys.place.Help().Desc {
			t.Errorf("%s: the footer offers %q", r.title(), help)
		}
		_, got := screentest.Press(t, here, list.Keys().Open)
		want := f.First
		if f.Kind == integrity.Forged {
			want++
		}
		if len(got) != 1 || got[0] != (message.ShowEntry{Index: want}) {
			t.Errorf("%s, entries %v: enter asks for %+v", r.title(), f.Entries, got)
		}
	}
	steps := integrity.Finding{Kind: integrity.Backwards, Entries: []int{5, 9}, First: 5, Last: 9}
	open := row{finding: &steps, integrity: detect.IntegrityRule(snap.Rules)}.open().(message.OpenEntries)
	var picked []int
	for i := range 20 {
		if open.Pick(snap, i) {
			picked = append(picked, i)
		}
	}
	if !slices.Equal(picked, []int{4, 5, 8, 9}) {
		t.Errorf("steps back at 5 and 9 show the entries %v", picked)
	}
	banner := integrity.Finding{Kind: integrity.Forged, Entries: []int{5, 6}, First: 5, Last: 6}
	if got := (row{finding: &banner}).open(); got != (message.ShowEntry{Index: 5}) {
		t.Errorf("a banner inside a quote of entry 5 leads to %+v", got)
	}
	if got, ok := (row{finding: &integrity.Finding{Kind: integrity.Damaged, First: -1}}).open().(message.Notice); !ok || got.Text == "" {
		t.Error("a finding about no entry is answered with nothing")
	}
}

// TestBothReadings of a possible forgery are in the pane.
func TestBothReadings(t *testing.T) {
	s, snap := tampered(t, theme.Plain())
	r := current(at(t, s, integrity.Forged))
	text := strings.Join(r.paragraphs(snap, theme.Plain().Clock), "\n")
	for _, want := range []string{
		fmt.Sprintf("entry %d is a Connect of connection 9999", r.finding.First+2), fmt.Sprintf("entry %d is a Query of connection 9999", r.finding.First+3),
		fmt.Sprintf("text inside entry %d, the Query of connection 31", r.finding.First+1), "T1685 Disable or Modify Tools (T1562, T1070 in v18.1)", doubt,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// TestForgedEvidence: a hit that rests on entries that may be forged states that.
func TestForgedEvidence(t *testing.T) {
	s, snap := tampered(t, theme.Plain())
	said := map[string]bool{}
	for _, r := range rowsOf(s) {
		if r.finding == nil {
			said[r.rule()] = strings.Contains(strings.Join(r.paragraphs(snap, theme.Plain().Clock), "\n"), "Of the evidence 1 entry may be forged")
		}
	}
	if want := map[string]bool{"D4": true, "D6": true, "D16": true, "D20": true, "D13": false}; !maps.Equal(said, want) {
		t.Errorf("by rule, forged evidence is told: %v, want %v", said, want)
	}
}

// TestOpenersAreNotForged: the statement that may hold a forged entry was sent.
func TestOpenersAreNotForged(t *testing.T) {
	_, snap := tampered(t, theme.Plain())
	e := snap.Integrity.Embedded[0]
	if text := forgedEvidence(&detect.Detection{Entries: []uint32{uint32(e.Opener)}}, snap); text != "" {
		t.Errorf("of the opener it is said: %s", text)
	}
	if text := forgedEvidence(&detect.Detection{Entries: []uint32{uint32(e.Opener), uint32(e.Opener + 1), uint32(e.Last)}}, snap); !strings.Contains(text, "2 entries") {
		t.Errorf("of two entries inside it is said: %s", text)
	}
}

// TestFindingsAreNoTarget: connections near what speaks against a log have done
// nothing; those that did it can be filtered for.
func TestFindingsAreNoTarget(t *testing.T) {
	s, snap := tampered(t, theme.Plain())
	for kind, want := range map[integrity.Kind]string{integrity.Forged: "id:31,9999", integrity.LoggingChanged: "id:93", integrity.MissingIDs: "", integrity.Silence: ""} {
		m := at(t, s, kind)
		f := m.Focus()
		if !f.Target.Empty() || f.Term != want {
			t.Errorf("%s: target %q, term %q, want %q", kind, f.Target.Text, f.Term, want)
		}
		if text, err := f.Copy.Text(t.Context()); err != nil || !strings.Contains(text, kind.String()) {
			t.Errorf("%s copies %q, %v", kind, text, err)
		}
		_, got := screentest.Press(t, m, list.Keys().Connections)
		if want == "" {
			if _, ok := got[0].(message.Notice); !ok {
				t.Errorf("%s: c asks for %v", kind, got)
			}
			continue
		}
		if open, ok := got[0].(message.OpenConnections); !ok || open.Term != want || open.Pick != nil {
			t.Errorf("%s: c asks for %v", kind, got)
		}
		if _, err := filter.Parse(f.Term); err != nil {
			t.Errorf("term %q: %v", f.Term, err)
		}
	}
	if got := about(snap, &integrity.Finding{Kind: integrity.OpenEnded, Entries: make([]int, integrity.MaxEntries)}); got != nil {
		t.Errorf("a finding that has not kept all of its entries speaks of %v", got)
	}
}

// TestFindingsUnderFilters: what is about entries of other connections is
// hidden, what is about no entry, or about more than was kept, never is.
func TestFindingsUnderFilters(t *testing.T) {
	s, snap := tampered(t, theme.Plain())
	other := *snap
	many := make([]int, integrity.MaxEntries)
	for k := range many {
		many[k] = 100 + k
	}
	other.Integrity.Findings = slices.Concat([]integrity.Finding{{Kind: integrity.Damaged, First: -1, Last: -1, Summary: "cut"},
		{Kind: integrity.OpenEnded, Entries: many, Summary: "many"}}, snap.Integrity.Findings)
	f := message.Filtered{Active: []string{"id:1"}, Entries: message.All(3), Connections: message.All(1)}
	s, _ = screentest.Send(s, message.Snapshot{Snapshot: &other}, f)
	var left []string
	for _, r := range rowsOf(s) {
		if r.finding != nil && r.detection == nil {
			left = append(left, r.finding.Kind.String())
		}
	}
	if want := []string{"damaged file", "open-ended statements"}; !slices.Equal(left, want) {
		t.Errorf("filtered to the first connection, %q are shown, want %q", left, want)
	}
	if hiddenIn(s) == 0 || !strings.Contains(s.SetSize(80, 24).View(), "no entry") {
		t.Errorf("%d hidden:\n%s", hiddenIn(s), s.View())
	}
}

// TestNewFindingsAreListed also where the rules find the same as before.
func TestNewFindingsAreListed(t *testing.T) {
	s, snap := tampered(t, theme.Plain())
	other := *snap
	other.Integrity.Findings = slices.Clone(snap.Integrity.Findings[:1])
	s, _ = screentest.Send(s, message.Snapshot{Snapshot: &other})
	n := 0
	for _, r := range rowsOf(s) {
		if r.finding != nil {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d findings are listed, 1 is there", n)
	}
}

// TestLimitsPanel opens and closes over the table, whatever is in it, takes the
// keys meanwhile, and gives way to what a search has found.
func TestLimitsPanel(t *testing.T) {
	s, snap := tampered(t, theme.Plain())
	for _, closed := range []func(screen.Screen) screen.Screen{
		func(s screen.Screen) screen.Screen { s, _ = screentest.Press(t, s, keys.limits); return s },
		func(s screen.Screen) screen.Screen { s, _ = s.Escape(); return s },
		func(s screen.Screen) screen.Screen {
			s, _ = screentest.Send(s, message.Search{Text: "NUL bytes"})
			return s
		},
	} {
		open, _ := screentest.Press(t, s, keys.limits)
		view := open.SetSize(200, 60).View()
		for _, limit := range snap.Integrity.Limits {
			if !strings.Contains(strings.Join(strings.Fields(view), " "), limit) {
				t.Errorf("the panel lacks %q:\n%s", limit, view)
			}
		}
		if f := open.Focus(); !f.Target.Empty() || f.Term != "" {
			t.Errorf("a digit would label %q under the panel", f.Target.Text)
		} else if text, err := f.Copy.Text(t.Context()); err != nil || !strings.Contains(text, snap.Integrity.Limits[0]) {
			t.Errorf("copies %q, %v", text, err)
		}
		if _, got := screentest.Press(t, open, list.Keys().Open); len(got) > 0 {
			t.Errorf("enter under the panel asks for %v", got)
		}
		if again := closed(open).SetSize(80, 24).View(); strings.Contains(again, limitsTitle) {
			t.Errorf("the panel does not go away:\n%s", again)
		}
	}
	small, _ := screentest.Press(t, s.SetSize(50, 8), keys.limits)
	first := small.View()
	small, _ = screentest.Press(t, small, widget.TableKeys().Bottom)
	if last := small.View(); first == last || !strings.Contains(first, "lines 1 to 7 of") {
		t.Errorf("in a low window the panel shows\n%s\nand then\n%s", first, last)
	}
	none, _ := screentest.Press(t, New(theme.Plain()).SetSize(80, 24), keys.limits)
	if view := none.View(); !strings.Contains(view, "when the log is read") {
		t.Errorf("before the log is read the panel says\n%s", view)
	}
}

func TestTamperedFitsEverywhere(t *testing.T) {
	for name, th := range map[string]*theme.Theme{"unicode": theme.Plain(), "ascii": theme.PlainASCII()} {
		s, _ := tampered(t, th)
		panel, _ := screentest.Press(t, s, keys.limits)
		whole, _ := screentest.Press(t, at(t, s, integrity.Forged), list.Keys().Details)
		for _, s := range []screen.Screen{s, panel, whole} {
			screentest.FitsEverywhere(t, s, name == "ascii")
		}
	}
}

// TestHostileFindings: summaries and limits quote names out of the log.
func TestHostileFindings(t *testing.T) {
	s, snap := tampered(t, theme.Plain())
	other := *snap
	evil := "\x1b]0;owned\x07\u202e\xff" + strings.Repeat("a\n", 300)
	other.Integrity.Findings = []integrity.Finding{{Kind: integrity.Damaged, Severity: rule.High, First: -1, Summary: evil}}
	other.Integrity.Limits = []string{evil, evil}
	s, _ = screentest.Send(s, message.Snapshot{Snapshot: &other})
	panel, _ := screentest.Press(t, s, keys.limits)
	for _, s := range []screen.Screen{s, at(t, s, integrity.Damaged), panel} {
		screentest.Fits(t, s.SetSize(80, 24).View(), screentest.Size{Width: 80, Height: 24})
	}
}
