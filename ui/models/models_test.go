package models

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/analysis/metrics"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

var _ screen.Screen = Model{}

func labelled(t *testing.T, th *theme.Theme) (screen.Screen, screentest.Incident) {
	t.Helper()
	in := screentest.Load(t)
	s, _ := screentest.Send(New(th), message.Snapshot{Snapshot: in.Labelled}, message.Labels{Set: in.Labels})
	return s.SetSize(80, 24), in
}

// with returns the incident judged with the labels of some connections.
func with(t *testing.T, in screentest.Incident, records ...label.Record) *pipeline.Snapshot {
	t.Helper()
	set, err := label.NewSet(nil, records)
	if err != nil {
		t.Fatal(err)
	}
	s, err := pipeline.Judge(t.Context(), pipeline.DefaultParams(), in.Plain, set, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func record(in screentest.Incident, connection int, class string) label.Record {
	return label.Record{Ref: in.Plain.Connections.Ref(connection), Verdict: label.Verdict{Class: class, Source: label.ByAnalyst, At: time.Date(2024, 7, 11, 9, 0, 0, 0, time.UTC)}}
}

func TestEmpty(t *testing.T) { screentest.Golden(t, New(theme.Plain())) }

func TestLoading(t *testing.T) {
	in := screentest.Load(t)
	s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: in.Loading})
	screentest.Golden(t, s)
}

func TestUnlabelled(t *testing.T) {
	in := screentest.Load(t)
	s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: in.Plain})
	screentest.Golden(t, s)
}

func TestLabelled(t *testing.T) {
	s, _ := labelled(t, theme.Plain())
	screentest.Golden(t, s)
}

func TestRandomForest(t *testing.T) {
	s, _ := labelled(t, theme.Plain())
	s, _ = screentest.Press(t, s, keys.other)
	screentest.Golden(t, s)
}

func TestNoRandomForest(t *testing.T) {
	in := screentest.Load(t)
	s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: in.Plain})
	s, _ = screentest.Press(t, s, keys.other)
	screentest.Golden(t, s)
	if _, requests := screentest.Press(t, s, keys.open); len(requests) > 0 {
		t.Errorf("enter asks for %v where there is no forest", requests)
	}
}

// TestThresholdSeparates: the threshold as shown separates the nearest scores on
// both sides.
func TestThresholdSeparates(t *testing.T) {
	for _, c := range []struct {
		low, high, v float64
		want         string
	}{
		{0.41, 0.67, 0.6609368, "0.661"},
		{0.6609, 0.66094, 0.6609368, "0.66093"},
		{0.6609368, 0.66093681, 0.6609368, "0.6609368"}, // a score as high as the threshold is not flagged
		{0.66, 0.661, 0.6609, "0.6609"},
		{math.Inf(-1), math.Inf(1), 0.5, "0.500"},
		{0.1234567890123, 0.12345678901231, 0.12345678901230001, "0.1234567890123"},
	} {
		got := between(c.low, c.high, c.v)
		v, err := strconv.ParseFloat(got, 64)
		if err != nil || v < c.low || v >= c.high || len(got) > len(c.want) {
			t.Errorf("between %v and %v, near %v: %s, want %s", c.low, c.high, c.v, got, c.want)
		}
	}
	in := screentest.Load(t)
	for _, s := range []*pipeline.Snapshot{in.Plain, in.Labelled} {
		text := threshold(s.Isolation)
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		for row, outlier := range s.Isolation.Outlier {
			if score := s.Isolation.Score(row); outlier != (score > v) {
				t.Errorf("score %v is flagged: %v, and the screen says above %s", score, outlier, text)
			}
		}
	}
}

// TestFiltersDoNotApply, and the screen states that.
func TestFiltersDoNotApply(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	before := s.View()
	s, _ = screentest.Send(s, message.Filtered{Active: []string{"user:x"}, Entries: message.All(1), Connections: message.All(1)})
	if !strings.Contains(s.View(), "of the whole log") {
		t.Errorf("nothing says that the figures are of the whole log:\n%s", s.View())
	}
	if s, _ = screentest.Send(s, screentest.Unfiltered(in.Labelled)); s.View() != before {
		t.Error("without a filter the screen is another")
	}
}

// TestFiguresAreNotCut: the figures of a panel are shown whole.
func TestFiguresAreNotCut(t *testing.T) {
	s, _ := labelled(t, theme.Plain())
	for _, width := range []int{40, 60, 80, 120, 130, 200} {
		m := s.SetSize(width, 24).(Model)
		for _, line := range m.lines() {
			if strings.Contains(line, "…") && (strings.Contains(line, "area") || strings.Contains(line, "heights")) {
				t.Errorf("%d columns: %q", width, line)
			}
		}
	}
}

func TestEverySizeFits(t *testing.T) {
	for name, th := range map[string]*theme.Theme{"unicode": theme.Plain(), "ascii": theme.PlainASCII()} {
		s, _ := labelled(t, th)
		other, _ := screentest.Press(t, s, keys.other)
		for _, s := range []screen.Screen{s, other} {
			screentest.FitsEverywhere(t, s, name == "ascii")
		}
	}
}

// TestEveryCellOpensWhatItCounts walks through all cells of both matrices and
// counts the entries that enter asks for.
func TestEveryCellOpensWhatItCounts(t *testing.T) {
	in := screentest.Load(t)
	book := with(t, in, record(in, 9, "login_attack"), record(in, 10, "login_attack"), record(in, 3, "get_user_table"), record(in, 22, label.Normal))
	for name, snap := range map[string]*pipeline.Snapshot{"labelled": in.Labelled, "few": book, "unlabelled": in.Plain} {
		s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: snap})
		seen := map[string]bool{}
		for range 2 * numForests * classes {
			m := s.(Model)
			x := m.matrix(m.forest)
			if len(x.rows) == 0 {
				break
			}
			for row := range x.rows {
				m.cursor.row = row
				asked, requests := screentest.Send(m, screentest.Key(keys.open.Keys()[0]))
				if len(requests) != 1 {
					t.Fatalf("%s: enter asks for %v", name, requests)
				}
				open := requests[0].(message.OpenEntries)
				got := 0
				for i := range snap.Len() {
					if open.Pick(snap, i) {
						got++
					}
				}
				if want := x.rows[row][m.cursor.column]; got != want {
					t.Errorf("%s: %s: %d entries, want %d", name, open.Title, got, want)
				}
				seen[open.Title] = true
				if asked.(Model).opening.Running() {
					t.Errorf("%s: %s is still being looked up", name, open.Title)
				}
			}
			s, _ = screentest.Press(t, s, right)
		}
		want := 8
		if name == "unlabelled" {
			want = 2
		}
		if len(seen) != want {
			t.Errorf("%s: %d cells were reached: %v", name, len(seen), seen)
		}
	}
}

// TestPickKeepsToTheMatrix: a filter that runs again with newer figures selects
// what the cell counted.
func TestPickKeepsToTheMatrix(t *testing.T) {
	s, in := labelled(t, theme.Plain())
	s, _ = screentest.Press(t, s, widget.TableKeys().Down)
	_, requests := screentest.Press(t, s, keys.open)
	open := requests[0].(message.OpenEntries)
	for i := range in.Plain.Len() {
		if open.Pick(in.Plain, i) != open.Pick(in.Labelled, i) {
			t.Fatalf("entry %d depends on the snapshot", i)
		}
	}
}

func TestFewClassesAreNamed(t *testing.T) {
	in := screentest.Load(t)
	// A class with one connection goes to training.
	snap := with(t, in, record(in, 3, "get_user_table"), record(in, 9, "login_attack"), record(in, 10, "login_attack"))
	s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: snap})
	s, _ = screentest.Press(t, s, keys.other)
	view := s.SetSize(80, 200).View()
	if !strings.Contains(view, "get_user_table: its only connection went to training") {
		t.Errorf("nothing says that a class is not tested:\n%s", view)
	}
}

func TestNotebookSwapIsNamed(t *testing.T) {
	in := screentest.Load(t)
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		snap := *in.Labelled
		snap.Reading = r
		s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: &snap})
		s, _ = screentest.Press(t, s, keys.other)
		if got := strings.Contains(s.SetSize(80, 200).View(), "swapped"); got != (r == reading.Notebook) {
			t.Errorf("%s reading: swap named %v", r, got)
		}
	}
}

func TestStaleLabels(t *testing.T) {
	in := screentest.Load(t)
	note := "newer labels are not learnt yet"
	first := in.Plain.Connections.Ref(0)
	at := time.Date(2024, 7, 11, 10, 0, 0, 0, time.UTC)
	book := label.NewBook(in.Labels)
	if _, err := book.Annotate(first, "look here", at); err != nil {
		t.Fatal(err)
	}
	noted := book.Set()
	again := label.NewBook(in.Labels)
	for r := range in.Labels.All() {
		if _, err := again.Assign([]label.Ref{r.Ref}, r.Verdict.Class, label.ByFile, at); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := book.Assign([]label.Ref{first}, label.LoginAttack, label.ByAnalyst, at); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		labels label.Set
		want   bool
	}{{"the same", in.Labels, false}, {"a note more", noted, false}, {"the same classes from a file", again.Set(), false}, {"a label more", book.Set(), true}, {"none", label.Set{}, true}} {
		s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: in.Labelled}, message.Labels{Set: tt.labels})
		view := s.SetSize(100, 24).View()
		if got := strings.Contains(view, note); got != tt.want {
			t.Errorf("%s: said %v\n%s", tt.name, got, view)
		}
		if !strings.Contains(view, "predicted anomaly") {
			t.Errorf("%s: the old matrix is gone", tt.name)
		}
	}
	s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: in.Labelled}, message.Labels{Set: book.Set()},
		message.Progress{Stage: pipeline.Random, State: message.Running})
	if view := s.SetSize(100, 24).View(); !strings.Contains(view, "are learning") {
		t.Errorf("nothing says that the forests learn:\n%s", view)
	}
}

func TestLateAnswersAreDropped(t *testing.T) {
	s, _ := labelled(t, theme.Plain())
	m := s.(Model)
	for _, late := range []tea.Msg{
		curvesDrawn{job: m.drawing.Number - 1},
		compared{job: m.judging.Number - 1, stale: true},
		compared{job: m.judging.Number, stale: true, err: context.Canceled},
		prepared{job: m.opening.Number - 1},
	} {
		s, cmd := m.Update(late)
		if got := s.(Model); cmd != nil || got.stale || fmt.Sprint(got.curves) != fmt.Sprint(m.curves) {
			t.Errorf("%T was taken", late)
		}
	}
}

// TestKeysGiveUpWhatIsBeingLookedUp: who has gone on does not want to be taken
// to the entries of a cell any more.
func TestKeysGiveUpWhatIsBeingLookedUp(t *testing.T) {
	s, _ := labelled(t, theme.Plain())
	s, _ = screentest.Press(t, s, keys.other)
	s, cmd := s.Update(screentest.Key(keys.open.Keys()[0]))
	s, _ = screentest.Press(t, s, left)
	if _, requests := screentest.Send(s, screentest.Messages(cmd)...); len(requests) > 0 {
		t.Errorf("asks for %v", requests)
	}
}

// TestCurve compares with precisions computed by hand: 3 of 4 anomalies score
// highest, with a normal entry among them.
func TestCurve(t *testing.T) {
	whole := metrics.NewCurve([]metrics.ScoredGroup{{Score: 0.9, Positives: 2}, {Score: 0.8, Negatives: 1}, {Score: 0.7, Positives: 1}, {Score: 0.1, Positives: 1, Negatives: 4}})
	c := newCurve(&whole)
	for _, tt := range []struct{ recall, precision float64 }{{0, 1}, {0.49, 1}, {0.51, 0.75}, {0.74, 0.75}, {0.76, 4.0 / 9}, {1, 4.0 / 9}} {
		if got := c.precision[int(tt.recall*(curveSteps-1)+0.5)]; math.Abs(got-tt.precision) > 1e-12 {
			t.Errorf("precision %v at recall %v, want %v", got, tt.recall, tt.precision)
		}
	}
	if none := newCurve(&metrics.Curve{Negatives: 3}); none.precision != nil {
		t.Errorf("a curve without anomalies: %+v", none)
	}
}

func TestHeights(t *testing.T) {
	for _, tt := range []struct {
		counts []int
		want   string
	}{{nil, ""}, {[]int{0, 0}, "  "}, {[]int{0, 1, 1_000_000}, " ab"}, {[]int{5}, "c"}} {
		signs := []string{"a", "b"}
		if tt.want == "c" {
			signs = []string{"a", "c"}
		}
		if got := heights(signs, tt.counts); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.counts, got, tt.want)
		}
	}
}

func TestScrolling(t *testing.T) {
	s, _ := labelled(t, theme.Plain())
	s, _ = screentest.Press(t, s, widget.TableKeys().Bottom)
	if view := s.View(); !strings.Contains(view, ":set contamination") || strings.Contains(view, "predicted normal") {
		t.Errorf("the end of the page is not shown:\n%s", view)
	}
	s, _ = screentest.Press(t, s, widget.TableKeys().Down)
	if view := s.View(); !strings.Contains(view, s.(Model).theme.Glyph.Cursor) {
		t.Errorf("the cell under the cursor is not shown:\n%s", view)
	}
}
