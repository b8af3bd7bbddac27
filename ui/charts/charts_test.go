package charts

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sqleuth/analysis/count"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
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

// TestEnterOpensWhatTheRowCounts runs what enter asks for over all entries.
func TestEnterOpensWhatTheRowCounts(t *testing.T) {
	for c := range numCharts {
		s, snap := shown(t, theme.Plain(), c)
		n := len(s.(Model).sheets[c].rows)
		if n == 0 {
			t.Fatalf("%s has no rows", c)
		}
		for k := range n {
			r, _ := s.(Model).current()
			_, requests := screentest.Press(t, s, keys.open)
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
			s, _ = screentest.Press(t, s, widget.TableKeys().Down)
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
	s := hours(h).sorted(order{column: -1})
	if len(s.series) != maxSeries || !s.others || s.series[0] != "t11" {
		t.Fatalf("series %v, others %v", s.series, s.others)
	}
	if r := s.rows[0]; r.count != 111 || r.parts[maxSeries] != 4 {
		t.Errorf("first hour %+v", r)
	}
	m := New(theme.Plain()).SetSize(80, 24).(Model)
	m.chart = hoursByTable
	long := ""
	for _, span := range m.stack(&s, s.rows[0]) {
		long += span.Text
	}
	if n := len([]rune(long)); n != m.barWidth() || !strings.HasSuffix(long, "~") {
		t.Errorf("the longest bar has %d cells of %d: %s", n, m.barWidth(), long)
	}
	if short := m.stack(&s, s.rows[1]); len(short) != 1 || len([]rune(short[0].Text)) != 1 {
		t.Errorf("an hour with one entry is drawn as %v", short)
	}
}

func TestFillsDiffer(t *testing.T) {
	for _, th := range []*theme.Theme{theme.Plain(), theme.PlainASCII()} {
		seen := map[string]bool{}
		for _, f := range New(th).fills() {
			if seen[f.sign] || strings.TrimSpace(f.sign) == "" {
				t.Errorf("sign %q cannot be told from others", f.sign)
			}
			seen[f.sign] = true
		}
	}
}

func TestSortingKeepsCursorAndMarks(t *testing.T) {
	s, _ := shown(t, theme.Plain(), idsByTable)
	s, _ = screentest.Press(t, s, widget.TableKeys().Down)
	before, _ := s.(Model).current()
	term := before.text
	m := s.(Model)
	m.tables[idsByTable].SetMarks(widget.Marks{}.Add(1, 2))
	s = m
	for range len(idsByTable.columns()) + 1 {
		s, _ = screentest.Send(s, screentest.Key(widget.TableKeys().Sort.Keys()[0]))
		m := s.(Model)
		if after, _ := m.current(); after.key() != before.key() {
			t.Errorf("cursor is on %q, was on %q", after.text, before.text)
		}
		if got := s.Focus().Term; got != filter.Term("table", term) {
			t.Errorf("the mark is on %s, was on %q", got, term)
		}
		if k := m.tables[idsByTable].SortColumn; k >= 0 {
			rows := m.sheets[idsByTable].rows
			for i := 1; i < len(rows); i++ {
				c := idsByTable.columns()[k].compare(rows[i-1], rows[i])
				if m.tables[idsByTable].Descending {
					c = -c
				}
				if c > 0 {
					t.Errorf("column %d: %+v before %+v", k, rows[i-1], rows[i])
				}
			}
		}
	}
}

func TestFocus(t *testing.T) {
	for c := range numCharts {
		s, _ := shown(t, theme.Plain(), c)
		for range 2 {
			s, _ = screentest.Press(t, s, widget.TableKeys().Mark)
		}
		f := s.Focus()
		if !f.Target.Empty() {
			t.Errorf("%s: a row is no connection, but can be labelled", c)
		}
		hours := c == hoursByAction || c == hoursByTable
		_, err := filter.Parse(f.Term)
		if hours && f.Term != "" || !hours && (err != nil || strings.Count(f.Term, " or ") != 1) {
			t.Errorf("%s: term %q, %v", c, f.Term, err)
		}
		text, err := f.Copy.Text(t.Context())
		if lines := strings.Count(text, "\n"); err != nil || lines != 1+len(s.(Model).sheets[c].rows) {
			t.Errorf("%s: copies %d lines, %v:\n%s", c, lines, err, text)
		}
		s, ok := s.Escape()
		if _, again := s.Escape(); !ok || again {
			t.Errorf("%s: escape does not take the marks away once", c)
		}
	}
}

func TestLateAnswersAreDropped(t *testing.T) {
	s, _ := shown(t, theme.Plain(), byAction)
	m := s.(Model)
	for _, late := range []arranged{
		{job: m.job.Number - 1, sheets: &[numCharts]sheet{}},
		{job: m.job.Number, err: context.Canceled},
	} {
		if s, cmd := m.Update(late); cmd != nil || s.(Model).sheets != m.sheets {
			t.Errorf("%+v was taken", late)
		}
	}
}

// TestLoadingDoesNotPileUpWork: one question at a time, the newest counts in the
// end.
func TestLoadingDoesNotPileUpWork(t *testing.T) {
	in := screentest.Load(t)
	s, first := New(theme.Plain()).Update(message.Snapshot{Snapshot: in.Loading})
	s, second := s.Update(message.Snapshot{Snapshot: in.Plain})
	if first == nil || second != nil {
		t.Fatal("two questions at a time")
	}
	s, _ = screentest.Send(s, screentest.Messages(first)...)
	if rows := s.(Model).sheets[idsByTable].rows; len(rows) == 0 {
		t.Error("the newer counts are not shown")
	}
}

func TestFiltersAreNamed(t *testing.T) {
	s, _ := shown(t, theme.Plain(), byAction)
	s, _ = screentest.Send(s, message.Filtered{Active: []string{"user:root"}, Entries: message.All(3), Connections: message.All(1)})
	if view := s.SetSize(120, 24).View(); !strings.Contains(view, "filters do not count here") {
		t.Errorf("nothing says that filters do not count:\n%s", view)
	}
}

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
			m.sheets = &[numCharts]sheet{byAction: sheet{rows: rows}.summed()}
			m.tables[byAction].SetLen(n)
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
			s, _ = screentest.Press(t, s, widget.TableKeys().Down)
			want = 7
		}
		s, _ = screentest.Send(s, message.Snapshot{Snapshot: &late})
		if r, _ := s.(Model).current(); r.hour != want {
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
		before, _ := s.(Model).current()
		after, _ := got.(Model).current()
		if failed == want || (after.key() != before.key()) != want {
			t.Errorf("search for %s ends on %s %s with %v", text, after.text, after.second, requests)
		}
	}
	m := s.(Model)
	if _, cmd := m.Update(found{Number: m.search.Number - 1, In: searched{m.chart, m.sheets[m.chart].rows}}); cmd != nil {
		t.Error("a late answer was taken")
	}
}
