package connections

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

var _ screen.Screen = Model{}

// opened is the screen with a snapshot, the cursor on its first row.
func opened(t *testing.T, in screentest.Incident, s *pipeline.Snapshot) Model {
	t.Helper()
	labels := in.Labels
	if s != in.Labelled {
		labels = label.Set{}
	}
	sized := New(theme.Plain()).SetSize(120, 30)
	m, requests := screentest.Send(sized, screentest.Facts(s, labels)...)
	if len(requests) > 0 {
		t.Errorf("facts were answered with requests: %v", requests)
	}
	return m.(Model)
}

// pressed sends keys with what they answer.
func pressed(t *testing.T, m Model, names ...string) (Model, []tea.Msg) {
	t.Helper()
	var msgs []tea.Msg
	for _, n := range names {
		msgs = append(msgs, screentest.Key(n))
	}
	s, requests := screentest.Send(m, msgs...)
	return s.(Model), requests
}

func shownNames(m Model) []string {
	var names []string
	for k := range m.shown.len() {
		names = append(names, m.snapshot.Connections.Name(m.shown.at(k)))
	}
	return names
}

func TestView(t *testing.T) {
	in := screentest.Load(t)
	t.Run("nothing", func(t *testing.T) { screentest.Golden(t, New(theme.Plain())) })
	t.Run("loading", func(t *testing.T) { screentest.Golden(t, opened(t, in, in.Loading)) })
	t.Run("plain", func(t *testing.T) { screentest.Golden(t, opened(t, in, in.Plain)) })
	t.Run("labelled", func(t *testing.T) {
		m, _ := pressed(t, opened(t, in, in.Labelled), "G")
		for range 4 {
			m, _ = pressed(t, m, "k")
		}
		screentest.Golden(t, m)
	})
	t.Run("sorted", func(t *testing.T) {
		m := opened(t, in, in.Labelled)
		m.column = columnRarest
		m, _ = pressed(t, m, "o", " ", "v", "j")
		screentest.Golden(t, m)
	})
	t.Run("filtered away", func(t *testing.T) {
		m, _ := screentest.Send(opened(t, in, in.Plain), message.Filtered{
			Active: []string{"user:nobody", "not host:\x1b[31m\u202e"}, Entries: message.All(0), Connections: message.All(0),
		})
		screentest.Golden(t, m)
	})
}

func TestFitsEverywhere(t *testing.T) {
	in := screentest.Load(t)
	m, _ := screentest.Send(New(theme.PlainASCII()).SetSize(200, 60), screentest.Facts(in.Labelled, in.Labels)...)
	screentest.FitsEverywhere(t, m, true)
}

func TestEnterOpensTranscript(t *testing.T) {
	in := screentest.Load(t)
	m, _ := pressed(t, opened(t, in, in.Plain), "j", "j")
	_, got := screentest.Press(t, m, keys.open)
	if want := []tea.Msg{message.OpenConnection{Connection: 2, At: -1}}; !slices.Equal(got, want) {
		t.Errorf("enter on the third row: %v, want %v", got, want)
	}
}

func TestSortsByEveryColumn(t *testing.T) {
	in := screentest.Load(t)
	s := in.Labelled
	// The keys of every column by a way of its own: one connection at a time.
	less := map[columnID]func(a, b int) bool{
		columnName:     func(a, b int) bool { return s.Connections.Ref(a).Compare(s.Connections.Ref(b)) < 0 },
		columnStart:    func(a, b int) bool { return start(s, a) < start(s, b) },
		columnDuration: func(a, b int) bool { return duration(s, a) < duration(s, b) },
		columnUser:     func(a, b int) bool { return text(s, columnUser, a) < text(s, columnUser, b) },
		columnHost:     func(a, b int) bool { return text(s, columnHost, a) < text(s, columnHost, b) },
		columnDatabase: func(a, b int) bool { return text(s, columnDatabase, a) < text(s, columnDatabase, b) },
		columnLogin:    func(a, b int) bool { return s.Connections.At(a).Outcome < s.Connections.At(b).Outcome },
		columnEntries:  func(a, b int) bool { return s.Connections.At(a).Entries < s.Connections.At(b).Entries },
		columnActions:  func(a, b int) bool { return summarise(s, a).actions.total < summarise(s, b).actions.total },
		columnTables:   func(a, b int) bool { return summarise(s, a).tables.total < summarise(s, b).tables.total },
		columnRarest: func(a, b int) bool {
			return s.Templates[summarise(s, a).rarest].Count < s.Templates[summarise(s, b).rarest].Count
		},
		columnIsolation:  func(a, b int) bool { x, _ := s.MaxScores(a); y, _ := s.MaxScores(b); return x < y },
		columnRandom:     func(a, b int) bool { _, x := s.MaxScores(a); _, y := s.MaxScores(b); return x < y },
		columnDetections: func(a, b int) bool { return len(rulesOf(s, a)) < len(rulesOf(s, b)) },
		columnLabel:      func(a, b int) bool { return digit(in.Labels, s, a) < digit(in.Labels, s, b) },
	}
	for column := range columnCount {
		t.Run(layout[column].Title, func(t *testing.T) {
			want := make([]int, s.Connections.Len())
			for c := range want {
				want[c] = c
			}
			for _, descending := range []bool{false, true} {
				slices.SortStableFunc(want, func(a, b int) int {
					switch {
					case less[column](a, b) != descending && (less[column](a, b) || less[column](b, a)):
						return -1
					case less[column](a, b) || less[column](b, a):
						return 1
					}
					return a - b
				})
				order, err := sortBy{s, in.Labels, column, descending}.order(context.Background(), message.All(len(want)))
				if err != nil {
					t.Fatal(err)
				}
				got := make([]int, len(order))
				for k, c := range order {
					got[k] = int(c)
				}
				if !slices.Equal(got, want) {
					t.Errorf("descending %v:\n got %v\nwant %v", descending, got, want)
				}
			}
		})
	}
}

func start(s *pipeline.Snapshot, c int) int64 { return s.Entries.Time(int(s.Connections.At(c).First)) }

func text(s *pipeline.Snapshot, column columnID, c int) string {
	return s.Connections.Text(column.text(s, c))
}

func rulesOf(s *pipeline.Snapshot, c int) map[string]bool {
	rules := map[string]bool{}
	for _, d := range s.Detections {
		if slices.Contains(d.Connections, uint32(c)) {
			rules[d.Rule.ID] = true
		}
	}
	return rules
}

func digit(labels label.Set, s *pipeline.Snapshot, c int) int {
	v, ok := labels.Verdict(s.Connections.Ref(c))
	if !ok {
		return -1
	}
	return slices.Index(labels.Classes(), v.Class)
}

func TestAscendingIsAStableSort(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, bits := range []int{0, 1, 8, 33, 64} {
		for _, n := range []int{0, 1, 2, 1000} {
			keys, want := make([]uint64, n), make([]uint32, n)
			for k := range keys {
				want[k] = uint32(k)
				if bits > 0 {
					keys[k] = r.Uint64() >> (64 - bits)
				}
			}
			slices.SortStableFunc(want, func(a, b uint32) int {
				switch {
				case keys[a] < keys[b]:
					return -1
				case keys[a] > keys[b]:
					return 1
				}
				return 0
			})
			got, err := ascending(context.Background(), keys)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%d keys of %d bits: %v, %v", n, bits, got, err)
			}
		}
	}
}

func TestSortingCanBeCancelled(t *testing.T) {
	in := screentest.Load(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for column := range columnCount {
		_, err := sortBy{in.Labelled, in.Labels, column, false}.order(ctx, message.All(in.Labelled.Connections.Len()))
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", layout[column].Title, err)
		}
	}
}

func TestCursorAndMarksStayOnTheirConnections(t *testing.T) {
	in := screentest.Load(t)
	m, _ := pressed(t, opened(t, in, in.Labelled), "j", " ", "j", " ", "j", "j")
	before, _ := m.current()
	marked := func(m Model) []int {
		list, err := m.Focus().Target.Connections(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	want := marked(m)
	if len(want) != 2 {
		t.Fatalf("marked %v", want)
	}
	for name, change := range map[string]func() Model{
		"sorted": func() Model {
			m := m
			m.column = columnHost
			m, _ = pressed(t, m, "o")
			return m
		},
		"sorted twice": func() Model { m, _ := pressed(t, m, "s", "S"); return m },
		"filtered": func() Model {
			s, _ := screentest.Send(m, message.Filtered{Active: []string{"x"}, Entries: message.All(0), Connections: some(append([]int{before}, want...)...)})
			return s.(Model)
		},
		"grown": func() Model {
			s, _ := screentest.Send(m, message.Filtered{Entries: message.All(0), Connections: message.All(1000)})
			return s.(Model)
		},
	} {
		now := change()
		if c, _ := now.current(); c != before && !strings.HasPrefix(name, "sorted") {
			t.Errorf("%s: the cursor is on connection %d, was on %d", name, c, before)
		}
		if got := marked(now); !slices.Equal(got, want) {
			t.Errorf("%s: marked are %v, were %v", name, got, want)
		}
	}
}

// some is a selection of a few indices.
func some(list ...int) message.Rows {
	slices.Sort(list)
	return selection(list)
}

type selection []int

func (s selection) Len() int               { return len(s) }
func (s selection) At(k int) int           { return s[k] }
func (s selection) Find(i int) (int, bool) { return slices.BinarySearch(s, i) }

func TestStaleOrderIsDropped(t *testing.T) {
	in := screentest.Load(t)
	m := opened(t, in, in.Plain)
	m.column = columnHost
	first, cmd := m.Update(screentest.Key("o"))
	late := screentest.Messages(cmd)
	second, _ := pressed(t, first.(Model), "o")
	want := shownNames(second)
	if !second.table.Descending == first.(Model).table.Descending && len(late) == 0 {
		t.Fatal("o asked nothing")
	}
	third, _ := screentest.Send(second, late...)
	if got := shownNames(third.(Model)); !slices.Equal(got, want) {
		t.Errorf("the late order was shown:\n got %v\nwant %v", got, want)
	}
}

func TestMovingWhileSortingKeepsTheCursor(t *testing.T) {
	in := screentest.Load(t)
	m := opened(t, in, in.Plain)
	m.column = columnHost
	s, cmd := m.Update(screentest.Key("o"))
	late := screentest.Messages(cmd)
	moved, _ := pressed(t, s.(Model), "j", "j", "j")
	want, _ := moved.current()
	if k, _ := moved.table.Cursor(); k != 3 {
		t.Fatalf("the cursor is in row %d", k)
	}
	sorted, _ := screentest.Send(moved, late...)
	if got, _ := sorted.(Model).current(); got != want || sorted.(Model).sorting.Running() {
		t.Errorf("the cursor is on %d, was on %d; sorting: %v", got, want, sorted.(Model).sorting.Running())
	}
}

func TestGrowingLogIsSortedAgain(t *testing.T) {
	in := screentest.Load(t)
	m := opened(t, in, in.Plain)
	m.column = columnEntries
	s, cmd := m.Update(screentest.Key("o"))
	late := screentest.Messages(cmd)
	few := message.Filtered{Entries: message.All(0), Connections: message.All(3)}
	s, _ = screentest.Send(s, few) // while the sorting runs
	s, _ = screentest.Send(s, late...)
	if got := s.(Model).shown.len(); got != 3 {
		t.Errorf("%d rows are shown, the filter leaves 3", got)
	}
}

func TestCursorAt(t *testing.T) {
	in := screentest.Load(t)
	m := opened(t, in, in.Plain)
	m.column = columnUser
	for _, keys := range [][]string{nil, {"o"}} {
		m, _ := pressed(t, m, keys...)
		s, _ := screentest.Send(m, message.CursorAt{Index: 9})
		if c, _ := s.(Model).current(); c != 9 {
			t.Errorf("after %v the cursor is on connection %d, want 9", keys, c)
		}
	}
}

func TestTerms(t *testing.T) {
	in := screentest.Load(t)
	m, _ := pressed(t, opened(t, in, in.Labelled), "G")
	for m.snapshot.Connections.Text(m.snapshot.Connections.At(m.shown.at(m.shown.len()-1)).Host) != "127.0.0.66" {
		m.shown.natural = message.All(m.shown.len() - 1)
	}
	m.table.SetLen(m.shown.len())
	want := map[columnID]string{
		columnName: "id:24", columnStart: "time:", columnDuration: "id:24", columnUser: "user:root", columnHost: "host:127.0.0.66",
		columnDatabase: "db:-", columnActions: "action:SELECT", columnTables: "table:", columnRarest: "template:", columnLabel: "label:get_user_table",
		columnDetections: "detection:",
	}
	for column, prefix := range want {
		got := m.choose(column).Focus().Term
		if !strings.HasPrefix(got, prefix) {
			t.Errorf("%s: %q, want %q", layout[column].Title, got, prefix)
		}
		if _, err := filter.Parse(got); err != nil {
			t.Errorf("%s: %q: %v", layout[column].Title, got, err)
		}
	}
}

func TestSearch(t *testing.T) {
	in := screentest.Load(t)
	m := opened(t, in, in.Plain)
	for _, c := range []struct {
		text      string
		backwards bool
		want      string
	}{
		{"EDITOR", false, "8"},
		{"/^root$/", false, "10"},
		{"127.0.0.66", true, "24"},
		{"9", false, "9"},
	} {
		s, requests := screentest.Send(m, message.Search{Text: c.text, Backwards: c.backwards})
		at, _ := s.(Model).current()
		if got := in.Plain.Connections.Name(at); got != c.want {
			t.Errorf("search %q, backwards %v: connection %s, want %s (%v)", c.text, c.backwards, got, c.want, requests)
		}
	}
	for _, text := range []string{"nobody at all", "/(/"} {
		s, requests := screentest.Send(m, message.Search{Text: text})
		if _, failed := requests[0].(message.Failed); !failed || s.(Model).View() != m.View() {
			t.Errorf("search %q: %v", text, requests)
		}
	}
	asked, cmd := m.Update(message.Search{Text: "root"})
	late := screentest.Messages(cmd)
	newer, _ := asked.Update(message.Search{Text: "editor"})
	s, _ := screentest.Send(newer, late...)
	was, _ := m.current()
	if at, _ := s.(Model).current(); at != was {
		t.Error("an answer to an earlier search moved the cursor")
	}
}

func TestSummariesOfAnEarlierAnalysisAreDropped(t *testing.T) {
	in := screentest.Load(t)
	m, _ := screentest.Send(New(theme.Plain()).SetSize(120, 30), screentest.Facts(in.Loading, label.Set{})...)
	s, cmd := m.Update(message.Snapshot{Snapshot: in.Plain})
	late := screentest.Messages(cmd)
	s, _ = s.Update(message.Snapshot{Snapshot: in.Labelled})
	s, _ = s.Update(late[0])
	if got := len(s.(Model).summaries.known); got != 0 {
		t.Errorf("%d summaries of the analysis before are shown", got)
	}
	s, _ = screentest.Send(s, message.Shown{})
	// The command that Update returned above was not run, so one is under way.
	if !s.(Model).summaries.running {
		t.Error("no summaries were asked for again")
	}
}

func TestTenMillionRows(t *testing.T) {
	in := screentest.Load(t)
	const n = 10_000_000
	m := opened(t, in, in.Plain)
	s, _ := screentest.Send(m, message.Filtered{Entries: message.All(n), Connections: message.All(n)})
	m, _ = pressed(t, s.(Model), "v", "G", "v")
	screentest.Fits(t, m.View(), screentest.Size{Width: 120, Height: 30})
	if got, want := m.table.Marks().Len(), n; got != want {
		t.Errorf("%d rows are marked, want %d", got, want)
	}
	m.table.SetCursor(5)
	target := m.Focus().Target
	if want := message.Marked(in.Plain, n, nil).Text; target.Text != want {
		t.Errorf("target %q, want %q", target.Text, want)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := target.Connections(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled collection of marks: %v", err)
	}
	// More marks than are carried over are taken away, and that is said.
	s, requests := screentest.Send(m, message.Filtered{Active: []string{"x"}, Entries: message.All(n), Connections: some(5)})
	if len(requests) != 1 || marksOf(s) != 0 {
		t.Errorf("filtered: %d marks, requests %v", marksOf(s), requests)
	}
}

func TestEscape(t *testing.T) {
	in := screentest.Load(t)
	m, _ := pressed(t, opened(t, in, in.Plain), " ", "v")
	s, first := m.Escape()
	s, second := s.Escape()
	s, third := s.Escape()
	if !first || !second || third || marksOf(s) != 0 {
		t.Errorf("escape: %v %v %v, want true true false", first, second, third)
	}
}

func marksOf(s screen.Screen) int {
	m := s.(Model)
	return m.table.Marks().Len()
}

func TestCopy(t *testing.T) {
	in := screentest.Load(t)
	c := opened(t, in, in.Plain).Focus().Copy
	got, err := c.Text(context.Background())
	if err != nil || !strings.Contains(got, "wordpress@localhost") || c.What != "connection 2@1" {
		t.Errorf("%s: %q, %v", c.What, got, err)
	}
}

func BenchmarkAscending(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	keys := make([]uint64, 1_000_000)
	for k := range keys {
		keys[k] = r.Uint64() >> 30
	}
	b.SetBytes(int64(8 * len(keys)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ascending(context.Background(), keys); err != nil {
			b.Fatal(err)
		}
	}
}
