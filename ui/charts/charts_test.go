package charts

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/count"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
	"sqleuth/ui/timeline"
)

var _ screen.Screen = Model{}

func shown(t *testing.T, th *theme.Theme, c chart) (screen.Screen, *pipeline.Snapshot) {
	t.Helper()
	in := screentest.Load(t)
	s, _ := screentest.Send(New(th), message.Snapshot{Snapshot: in.Plain})
	return turnedTo(t, s.SetSize(80, 24), c), in.Plain
}

func turnedTo(t *testing.T, s screen.Screen, c chart) screen.Screen {
	t.Helper()
	for s.(Model).chart != c {
		s, _ = screentest.Press(t, s, keys.next)
	}
	return s
}

// current is the row under the cursor.
func current(s screen.Screen) row {
	m := s.(Model)
	k, ok := m.list().Current()
	if !ok {
		return row{}
	}
	return m.sheet().rows[k]
}

func rowsOf(s screen.Screen) int {
	m := s.(Model)
	return m.list().Len()
}

func TestEmpty(t *testing.T) { screentest.Golden(t, New(theme.Plain())) }

func TestLoading(t *testing.T) {
	in := screentest.Load(t)
	s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: in.Loading})
	screentest.Golden(t, turnedTo(t, s, idsByTable))
}

func TestCharts(t *testing.T) {
	for c := range numCharts {
		t.Run(strings.ReplaceAll(c.String(), " ", "_"), func(t *testing.T) {
			s, _ := shown(t, theme.Plain(), c)
			screentest.Golden(t, s)
		})
	}
}

func TestEverySizeFits(t *testing.T) {
	for name, th := range map[string]*theme.Theme{"unicode": theme.Plain(), "ascii": theme.PlainASCII()} {
		for c := range numCharts {
			s, _ := shown(t, th, c)
			screentest.FitsEverywhere(t, s, name == "ascii")
		}
	}
}

// TestTimeline lies over the charts until it is left.
func TestTimeline(t *testing.T) {
	s, _ := shown(t, theme.Plain(), byAction)
	before := s.View()
	s, cmd := s.Update(screentest.Key(timeline.Key().Keys()[0]))
	s, _ = screentest.Send(s, screentest.Messages(cmd)...)
	m := s.(Model)
	if !strings.HasPrefix(s.View(), "Timeline in bins of 2 min") || s.Focus().Term == "" || len(m.Lists()) != 0 {
		t.Errorf("t shows\n%s", s.View())
	}
	_, requests := screentest.Press(t, s, list.Keys().Open)
	if len(requests) != 1 || requests[0].(message.OpenEntries).Term != s.Focus().Term {
		t.Errorf("enter asks for %v", requests)
	}
	if s, _ = s.Escape(); s.View() != before {
		t.Errorf("esc leads to\n%s", s.View())
	}
}

// TestEnterOpensWhatTheRowCounts runs what enter asks for over all entries.
func TestEnterOpensWhatTheRowCounts(t *testing.T) {
	for c := range numCharts {
		s, snap := shown(t, theme.Plain(), c)
		n := rowsOf(s)
		if n == 0 {
			t.Fatalf("%s has no rows", c)
		}
		for k := range n {
			r := current(s)
			_, requests := screentest.Press(t, s, list.Keys().Open)
			if len(requests) != 1 {
				t.Fatalf("%s, row %d: %v", c, k, requests)
			}
			got, open := 0, requests[0].(message.OpenEntries)
			if (open.Term == "") == (open.Pick == nil) {
				t.Fatalf("%s, row %d: %+v", c, k, open)
			}
			for i := range snap.Len() {
				match := false
				if open.Pick != nil {
					match = open.Pick(snap, i)
				} else {
					if _, err := filter.Parse(open.Term); err != nil {
						t.Fatal(err)
					}
					entry := row{text: snap.Action(i), second: snap.Table(i)}
					if c == byTable || c == idsByTable {
						entry.text = snap.Table(i)
					}
					match = open.Term == c.term(entry)
				}
				if match {
					got++
				}
			}
			if got != r.count {
				t.Errorf("%s, row %d: %d entries, want %d", c, k, got, r.count)
			}
			s, _ = screentest.Press(t, s, list.Keys().Down)
		}
	}
}

func TestHourOfDay(t *testing.T) {
	const hour = 3_600_000_000
	for micros, want := range map[int64]int64{0: 0, hour - 1: 0, 25 * hour: 1, -1: 23, -24 * hour: 0} {
		if got := hourOfDay(micros); got != want {
			t.Errorf("%d: %d, want %d", micros, got, want)
		}
	}
}

// TestStacksAddUp: ends of parts are rounded, so the bar is as long as its whole,
// and what has no sign of its own is drawn as others.
func TestStacksAddUp(t *testing.T) {
	h := count.Hourly{Hours: []int{3, 4}}
	for k := range 12 {
		h.Columns = append(h.Columns, fmt.Sprintf("t%02d", k))
	}
	h.Counts = [][]int{{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 100}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}
	s := hours(h)
	if len(s.series) != maxSeries || !s.others || s.series[0] != "t11" {
		t.Fatalf("series %v, others %v", s.series, s.others)
	}
	if r := s.rows[0]; r.count != 111 || r.parts[maxSeries] != 4 {
		t.Errorf("first hour %+v", r)
	}
	const width = 60
	d := data{theme.Plain(), &s}
	long := ""
	for _, span := range stack(d, 0, width).Spans {
		long += span.Text
	}
	if n := len([]rune(long)); n != width || !strings.HasSuffix(long, "~") {
		t.Errorf("the longest bar has %d cells of %d: %s", n, width, long)
	}
	if short := stack(d, 1, width).Spans; len(short) != 1 || len([]rune(short[0].Text)) != 1 {
		t.Errorf("an hour with one entry is drawn as %v", short)
	}
}

func TestFillsDiffer(t *testing.T) {
	for _, th := range []*theme.Theme{theme.Plain(), theme.PlainASCII()} {
		seen := map[string]bool{}
		for _, f := range fills(th) {
			if seen[f.sign] || strings.TrimSpace(f.sign) == "" {
				t.Errorf("sign %q cannot be told from others", f.sign)
			}
			seen[f.sign] = true
		}
	}
}

// TestEveryColumnSorts: the rows are in the order of what a column shows, and the
// mark stays with its row.
func TestEveryColumnSorts(t *testing.T) {
	for c := range numCharts {
		s, _ := shown(t, theme.Plain(), c)
		s, _ = screentest.Press(t, s, list.Keys().Mark)
		marked := s.Focus().Term
		for k, column := range columnsOf[c] {
			m := s.(Model)
			sort := m.list().SortBy(column.Title, false)
			var out screen.Screen
			out, _ = screentest.Send(m, screentest.Messages(sort)...)
			m = out.(Model)
			if got := m.Focus().Term; got != marked {
				t.Errorf("%s by %s: the mark is on %s, was on %s", c, column.Title, got, marked)
			}
			d := m.list().Data()
			keys, err := column.Sort(t.Context(), d, message.All(len(d.rows)))
			if err != nil {
				t.Fatal(err)
			}
			for i := 1; i < m.list().Len(); i++ {
				if keys(m.list().At(i-1)) > keys(m.list().At(i)) {
					t.Errorf("%s by column %d: row %d is before row %d", c, k, m.list().At(i-1), m.list().At(i))
				}
			}
		}
	}
}

// TestChartsKeepTheirPlace: each chart has a cursor, marks and an order of its own.
func TestChartsKeepTheirPlace(t *testing.T) {
	k := list.Keys()
	s, _ := shown(t, theme.Plain(), byTable)
	for _, key := range []string{k.Mark.Keys()[0], k.Left.Keys()[0], k.Sort.Keys()[0]} {
		s, _ = screentest.Send(s, screentest.Key(key))
	}
	row, view := current(s), s.View()
	s, _ = screentest.Press(t, s, keys.next)
	if other := s.(Model); other.list().Marks().Len() != 0 || other.list().Sorted() {
		t.Errorf("%s has marks or the order of another chart", other.chart)
	}
	s, _ = screentest.Press(t, s, keys.previous)
	if got := current(s); got.key() != row.key() || s.View() != view {
		t.Errorf("back on %q, was on %q:\n%s", got.text, row.text, s.View())
	}
}

func TestFocus(t *testing.T) {
	for c := range numCharts {
		s, _ := shown(t, theme.Plain(), c)
		whole, err := s.Focus().Copy.Text(t.Context())
		if lines := strings.Count(whole, "\n"); err != nil || lines != 1+rowsOf(s) {
			t.Errorf("%s: copies %d lines, %v:\n%s", c, lines, err, whole)
		}
		for range 2 {
			s, _ = screentest.Press(t, s, list.Keys().Mark)
		}
		f := s.Focus()
		if !f.Target.Empty() {
			t.Errorf("%s: a row is no connection, but can be labelled", c)
		}
		_, err = filter.Parse(f.Term)
		if c.hourly() && f.Term != "" || !c.hourly() && (err != nil || strings.Count(f.Term, " or ") != 1) {
			t.Errorf("%s: term %q, %v", c, f.Term, err)
		}
		marked, err := f.Copy.Text(t.Context())
		if err != nil || strings.Count(marked, "\n") != 2 || !strings.Contains(whole, marked) {
			t.Errorf("%s: the marked rows are copied as %q, %v", c, marked, err)
		}
		s, ok := s.Escape()
		if _, again := s.Escape(); !ok || again {
			t.Errorf("%s: escape does not take the marks away once", c)
		}
	}
}

// TestLoadingDoesNotPileUpWork: one question at a time, the newest counts in the
// end.
func TestLoadingDoesNotPileUpWork(t *testing.T) {
	in := screentest.Load(t)
	s, first := New(theme.Plain()).Update(message.Snapshot{Snapshot: in.Loading})
	s, second := s.Update(message.Snapshot{Snapshot: in.Plain})
	if first == nil || len(screentest.Messages(second)) != 0 {
		t.Fatal("two questions at a time")
	}
	s, _ = screentest.Send(s, screentest.Messages(first)...)
	if rowsOf(turnedTo(t, s, idsByTable)) == 0 {
		t.Error("the newer counts are not shown")
	}
}

// TestFiltersCount: the charts count what the filters leave, and the whole log at W.
func TestFiltersCount(t *testing.T) {
	s, log := shown(t, theme.Plain(), byAction)
	s, _ = screentest.Send(s, message.Shown{})
	total := func() int {
		m := s.(Model)
		return m.sheet().total
	}
	for _, step := range []struct {
		msg    tea.Msg
		total  int
		says   string
		notice bool
	}{
		{keyPress(keys.whole), log.Len(), "", true},
		{message.Filtered{Active: []string{"user:root"}, Entries: message.All(3), Connections: message.All(1)}, 3, "of what the filters leave", false},
		{keyPress(keys.whole), log.Len(), "of the whole log, W counts", false},
		{message.Filtered{Active: []string{"user:a"}, Entries: message.All(2), Connections: message.All(1)}, log.Len(), "of the whole log, W counts", false},
		{keyPress(keys.whole), 2, "of what the filters leave", false},
		{message.Filtered{Active: []string{"user:a"}, Entries: message.All(0), Connections: message.All(0)}, 0, "No entry is left by the filters", false},
		{screentest.Unfiltered(log), log.Len(), "", false},
	} {
		var said []tea.Msg
		s, said = screentest.Send(s, step.msg)
		if view := s.SetSize(120, 24).View(); total() != step.total || !strings.Contains(view, step.says) || (len(said) > 0) != step.notice {
			t.Errorf("%T: %d entries, want %d, it says %v\n%s", step.msg, total(), step.total, said, view)
		}
	}
}

func keyPress(b key.Binding) tea.Msg { return screentest.Key(b.Keys()[0]) }

// BenchmarkView draws charts of very many tables: the cost must not depend on
// their number.
func BenchmarkView(b *testing.B) {
	for _, n := range []int{100, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			rows := make([]row, n)
			for k := range rows {
				rows[k] = row{text: fmt.Sprintf("table_%d", k), count: n - k}
			}
			m := New(theme.Plain()).SetSize(120, 40).(Model)
			made := sheet{rows: rows}.summed()
			s, _ := screentest.Send(m, screentest.Messages(m.list().Show(data{m.theme, &made}, message.All(n), true))...)
			m = s.(Model)
			b.ReportAllocs()
			for b.Loop() {
				m.View()
			}
		})
	}
}

// TestCursorStaysAtTheTop: while a log is read rows come before the first one;
// a cursor that nobody has moved does not go down with it.
func TestCursorStaysAtTheTop(t *testing.T) {
	in := screentest.Load(t)
	early, late := *in.Plain, *in.Plain
	early.Counts = &count.Tables{HourAction: count.Hourly{Hours: []int{7}, Columns: []string{"SELECT"}, Counts: [][]int{{1}}}}
	for _, moved := range []bool{false, true} {
		s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: &early})
		s = turnedTo(t, s.SetSize(80, 24), hoursByAction)
		want := 5
		if moved {
			s, _ = screentest.Press(t, s, list.Keys().Down)
			want = 7
		}
		s, _ = screentest.Send(s, message.Snapshot{Snapshot: &late})
		if r := current(s); r.hour != want {
			t.Errorf("moved %v: cursor is on hour %d, want %d", moved, r.hour, want)
		}
	}
}

func TestSearch(t *testing.T) {
	s, _ := shown(t, theme.Plain(), byPair)
	for text, want := range map[string]bool{"WP_USERS": true, `/^wp_o\w+$/`: true, "no such table": false, "/(/": false} {
		got, requests := screentest.Send(s, message.Search{Text: text})
		failed := false
		for _, r := range requests {
			if _, ok := r.(message.Failed); ok {
				failed = true
			}
		}
		before, after := current(s), current(got)
		if failed == want || (after.key() != before.key()) != want {
			t.Errorf("search for %s ends on %s %s with %v", text, after.text, after.second, requests)
		}
	}
}
