package connections

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/ui/list"
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
		m.list.Choose("rarest template")
		m, _ = pressed(t, m, "s", " ", "v", "j")
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
	_, got := screentest.Press(t, m, list.Keys().Open)
	if want := []tea.Msg{message.OpenConnection{Connection: 2, At: -1}}; !slices.Equal(got, want) {
		t.Errorf("enter on the third row: %v, want %v", got, want)
	}
}

// Of several servers each row names its own; of one there is no column.
func TestServers(t *testing.T) {
	in := screentest.Load(t)
	if view := opened(t, in, in.Plain).View(); strings.Contains(view, "server") {
		t.Errorf("one server, and a column of servers in\n%s", view)
	}
	s := *in.Plain
	s.Servers = []loaded.Server{loaded.NewServer("first", 0, 0, 0), loaded.NewServer("second", 1, 2, 1)}
	lines := strings.Split(opened(t, in, &s).View(), "\n")
	if !strings.Contains(lines[0], " server ") || !strings.Contains(lines[2], " first ") || !strings.Contains(lines[3], " second ") {
		t.Errorf("no servers beside the second and third connection in\n%s", strings.Join(lines, "\n"))
	}
	if term := columns[slices.IndexFunc(columns, func(c list.Column[data]) bool { return c.Title == "server" })].Term(data{snapshot: &s}, 2); term != "server:second" {
		t.Errorf("the term of the third connection is %q", term)
	}
}

func TestSortsByEveryColumn(t *testing.T) {
	in := screentest.Load(t)
	s := in.Labelled
	// The keys of every column by a way of its own: one connection at a time.
	less := map[string]func(a, b int) bool{
		"id":       func(a, b int) bool { return s.Connections.Ref(a).Compare(s.Connections.Ref(b)) < 0 },
		"start":    func(a, b int) bool { return start(s, a).Micros < start(s, b).Micros },
		"duration": func(a, b int) bool { return duration(s, a) < duration(s, b) },
		"user":     func(a, b int) bool { return user(s, a) < user(s, b) },
		"host":     func(a, b int) bool { return host(s, a) < host(s, b) },
		"database": func(a, b int) bool { return database(s, a) < database(s, b) },
		"login":    func(a, b int) bool { return s.Connections.At(a).Outcome < s.Connections.At(b).Outcome },
		"entries":  func(a, b int) bool { return s.Connections.At(a).Entries < s.Connections.At(b).Entries },
		"actions":  func(a, b int) bool { return summarise(s, a).actions.total < summarise(s, b).actions.total },
		"tables":   func(a, b int) bool { return summarise(s, a).tables.total < summarise(s, b).tables.total },
		"rarest template": func(a, b int) bool {
			return s.Templates[summarise(s, a).rarest].Count < s.Templates[summarise(s, b).rarest].Count
		},
		"iforest": func(a, b int) bool { x, _ := s.MaxScores(a); y, _ := s.MaxScores(b); return x < y },
		"rforest": func(a, b int) bool { _, x := s.MaxScores(a); _, y := s.MaxScores(b); return x < y },
		"learned": func(a, b int) bool { return s.Learned.Anomaly(a) < s.Learned.Anomaly(b) },
		unsure: func(a, b int) bool {
			of := func(c int) float64 {
				if _, ok := in.Labels.Verdict(s.Connections.Ref(c)); ok {
					return -1
				}
				return s.Learned.Uncertain(c)
			}
			return of(a) < of(b)
		},
		"detections": func(a, b int) bool { return len(rulesOf(s, a)) < len(rulesOf(s, b)) },
		"incident":   func(a, b int) bool { return uint32(s.IncidentOf(uint32(a))) < uint32(s.IncidentOf(uint32(b))) },
		"server":     func(a, b int) bool { return s.ServerOfConnection(a) < s.ServerOfConnection(b) },
		"label":      func(a, b int) bool { return digit(in.Labels, s, a) < digit(in.Labels, s, b) },
	}
	for _, column := range columns {
		less := less[column.Title]
		t.Run(column.Title, func(t *testing.T) {
			want := make([]int, s.Connections.Len())
			for c := range want {
				want[c] = c
			}
			for _, descending := range []bool{false, true} {
				slices.SortStableFunc(want, func(a, b int) int {
					switch {
					case less(a, b) != descending && (less(a, b) || less(b, a)):
						return -1
					case less(a, b) || less(b, a):
						return 1
					}
					return a - b
				})
				m := opened(t, in, s)
				cmd := m.list.SortBy(column.Title, descending)
				sorted, _ := screentest.Send(m, screentest.Messages(cmd)...)
				m = sorted.(Model)
				var got []int
				for k := range m.list.Len() {
					got = append(got, m.list.At(k))
				}
				if !slices.Equal(got, want) {
					t.Errorf("descending %v:\n got %v\nwant %v", descending, got, want)
				}
			}
		})
	}
}

func rulesOf(s *pipeline.Snapshot, c int) map[string]bool {
	rules := map[string]bool{}
	for _, d := range s.Detections {
		if slices.Contains(d.Connections, uint32(c)) {
			rules[d.Rule.Name] = true
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

// TestSortingCanBeCancelled where it looks at every entry of the log.
func TestSortingCanBeCancelled(t *testing.T) {
	in := screentest.Load(t)
	long := *in.Labelled
	n := 3 * checkEvery
	long.ByConnection = store.GroupByConnection(repeated(n), in.Labelled.Connections.Len())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, title := range []string{"actions", "tables", "rarest template", "iforest", "rforest"} {
		if _, err := spec.Column(title).Sort(ctx, data{snapshot: &long}, message.All(1)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", title, err)
		}
	}
}

// repeated is n entries of the first connection.
func repeated(n int) store.View {
	var columns store.Columns
	for range n {
		columns.Append(store.Entry{})
	}
	return columns.View()
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

// TestFilterHidesMarks, but does not take them away.
func TestFilterHidesMarks(t *testing.T) {
	in := screentest.Load(t)
	m, _ := pressed(t, opened(t, in, in.Labelled), "j", " ", " ")
	targets := func(s screen.Screen) []int {
		t.Helper()
		list, err := s.Focus().Target.Connections(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	filtered := message.Filtered{Active: []string{"x"}, Entries: message.All(0), Connections: some(2, 5)}
	s, _ := screentest.Send(m, filtered)
	if got := targets(s); !slices.Equal(got, []int{2}) {
		t.Errorf("of the marked connections 1 and 2, a filter leaves 2; a digit labels %v", got)
	}
	s, _ = screentest.Send(s, screentest.Unfiltered(in.Labelled))
	if got := targets(s); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("a digit labels %v, want [1 2]", got)
	}
}

func TestCursorAt(t *testing.T) {
	in := screentest.Load(t)
	m := opened(t, in, in.Plain)
	for _, keys := range [][]string{nil, {"s"}} {
		m, _ := pressed(t, m, keys...)
		s, _ := screentest.Send(m, message.CursorAt{Index: 9})
		if c := at(s); c != 9 {
			t.Errorf("after %v the cursor is on connection %d, want 9", keys, c)
		}
	}
}

func TestTerms(t *testing.T) {
	in := screentest.Load(t)
	s, _ := screentest.Send(opened(t, in, in.Labelled), message.Search{Text: "127.0.0.66", Backwards: true})
	m := s.(Model)
	want := map[string]string{
		"id": "id:24", "start": "time:", "duration": "id:24", "user": "user:root", "host": "host:127.0.0.66",
		"database": "db:-", "actions": "action:SELECT", "tables": "table:", "rarest template": "template:", "label": "label:get_user_table",
		"detections": "detection:",
	}
	for column, prefix := range want {
		m.list.Choose(column)
		got := m.Focus().Term
		if !strings.HasPrefix(got, prefix) {
			t.Errorf("%s: %q, want %q", column, got, prefix)
		}
		if _, err := filter.Parse(got); err != nil {
			t.Errorf("%s: %q: %v", column, got, err)
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
		if got := in.Plain.Connections.Name(at(s)); got != c.want {
			t.Errorf("search %q, backwards %v: connection %s, want %s (%v)", c.text, c.backwards, got, c.want, requests)
		}
	}
}

// at is the connection under the cursor.
func at(s screen.Screen) int {
	m := s.(Model)
	c, _ := m.list.Current()
	return c
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
	if got, want := m.list.Marks().Len(), n; got != want {
		t.Errorf("%d rows are marked, want %d", got, want)
	}
	m, _ = pressed(t, m, "g")
	target := m.Focus().Target
	if want := "10,000,000 marked connections"; target.Text != want {
		t.Errorf("target %q, want %q", target.Text, want)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := target.Connections(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled collection of marks: %v", err)
	}
}

func TestCopy(t *testing.T) {
	in := screentest.Load(t)
	c := opened(t, in, in.Plain).Focus().Copy
	got, err := c.Text(context.Background())
	if err != nil || !strings.Contains(got, "wordpress@localhost") || c.What != "connection 2@1" {
		t.Errorf("%s: %q, %v", c.What, got, err)
	}
}
