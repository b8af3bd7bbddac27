package overview

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

var _ screen.Screen = Model{}

func finished() []any {
	var out []any
	for st := range pipeline.Stages {
		out = append(out, message.Progress{Stage: st, State: message.Finished, Took: time.Millisecond})
	}
	return out
}

func TestEmpty(t *testing.T) { screentest.Golden(t, New(theme.Plain())) }

func TestLoading(t *testing.T) {
	in := screentest.Load(t)
	s, _ := screentest.Send(New(theme.Plain()),
		message.Progress{Stage: pipeline.Load, State: message.Running, Done: 45, Total: 100},
		message.Snapshot{Snapshot: in.Loading})
	screentest.Golden(t, s)
}

func labelled(t *testing.T, th *theme.Theme) (screen.Screen, screentest.Incident) {
	t.Helper()
	in := screentest.Load(t)
	s := screen.Screen(New(th))
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
	snap.Integrity.Findings = nil
	for _, f := range []integrity.Finding{
		{Kind: integrity.Restarted, Severity: detect.Context, Count: 1},
		{Kind: integrity.Backwards, Severity: detect.Low, Count: 3},
		{Kind: integrity.LoggingChanged, Severity: detect.High, Count: 1},
		{Kind: integrity.Forged, Severity: detect.Medium, Count: 1},
		{Kind: integrity.Forged, Severity: detect.High, Count: 1},
		{Kind: integrity.Reopened, Severity: detect.Medium, Count: 1},
	} {
		snap.Integrity.Findings = append(snap.Integrity.Findings, f)
	}
	s, _ = screentest.Send(s, message.Snapshot{Snapshot: &snap})
	return s
}

// TestDistrusted: the gravest is said first, and what is said about trust takes
// its lines from the plot, and from the suspects only where the plot has none.
func TestDistrusted(t *testing.T) {
	s := distrusted(t)
	screentest.Golden(t, s)
	unknown, in := labelled(t, theme.Plain())
	snap := *in.Labelled
	snap.Integrity = integrity.Report{}
	unknown, _ = screentest.Send(unknown, message.Snapshot{Snapshot: &snap})
	for _, c := range []struct{ width, height, lost int }{{80, 24, 0}, {120, 40, 0}, {80, 19, 1}, {40, 10, 1}, {40, trustFrom - 1, 0}} {
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

// TestTrustIsSaidWhenItIsKnown: before the log was examined nothing is said
// about it, and where nothing was found that is said, with the key that leads to
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
	if len(in.Labelled.Suspects) < 2 {
		t.Fatalf("%d suspects", len(in.Labelled.Suspects))
	}
	s, _ = screentest.Press(t, s, widget.TableKeys().Down)
	_, got := screentest.Press(t, s, keys.Open)
	want := message.OpenConnection{Connection: int(in.Labelled.Suspects[1].Connection), At: -1}
	if len(got) != 1 || got[0] != want {
		t.Errorf("enter asks for %v, want %v", got, want)
	}
}

func TestMarksAreTheTarget(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s = s.SetSize(80, 24)
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
		ref := in.Labelled.Connections.Ref(int(in.Labelled.Suspects[i].Connection))
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

func TestLateFlagsAreDropped(t *testing.T) {
	s, _ := labelled(t, theme.Plain())
	m := s.(Model)
	s, _ = m.Update(flagged{asked: m.asked - 1, flags: flags{}})
	if s.(Model).flags.Detections == nil {
		t.Error("an answer to an older question was taken")
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
	other.Suspects = slices.Clone(other.Suspects)
	slices.Reverse(other.Suspects)
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
	last := len(in.Labelled.Suspects) - 1
	want := "connection " + in.Labelled.Connections.Name(int(in.Labelled.Suspects[last].Connection))
	reason := in.Labelled.Suspects[last].Reasons[0]
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

// TestReasonsUnderTheCursor are read in full where the list has no room.
func TestReasonsUnderTheCursor(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	down := widget.TableKeys().Down
	for _, size := range []screentest.Size{{Width: 80, Height: 24}, {Width: 80, Height: reasonsFrom}} {
		s := s.SetSize(size.Width, size.Height)
		for _, suspect := range in.Labelled.Suspects[:3] {
			lines := strings.Split(s.View(), "\n")
			want := in.Labelled.Connections.Name(int(suspect.Connection)) + ": " + suspect.Reasons[0]
			if got := strings.Join(lines[len(lines)-reasonLines:], " "); !strings.Contains(got, want) && !strings.HasPrefix(want, strings.TrimSuffix(got, "…")) {
				t.Errorf("%v: below the list stands %q, want %q", size, got, want)
			}
			s, _ = screentest.Press(t, s, down)
		}
	}
}

// TestForgedSuspect: somebody who is known from a possible forgery may be nobody.
func TestForgedSuspect(t *testing.T) {
	in := screentest.Tampered(t)
	s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: in.Plain})
	s = s.SetSize(120, 24)
	forged := 0
	for range in.Plain.Suspects {
		lines := strings.Split(s.View(), "\n")
		text := strings.Join(lines[len(lines)-reasonLines:], " ")
		if says := strings.Contains(text, ", whose first entry may be forged: "); says != strings.HasPrefix(text, "9999") {
			t.Errorf("below the list stands %q", text)
		} else if says {
			forged++
		}
		s, _ = screentest.Press(t, s, widget.TableKeys().Down)
	}
	if forged != 1 {
		t.Errorf("%d suspects are said to be forged of %d", forged, len(in.Plain.Suspects))
	}
}
