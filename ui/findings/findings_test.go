package findings

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/finding"
	"sqleuth/analysis/label"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

var _ screen.Screen = Model{}

func shown(t *testing.T, th *theme.Theme) (screen.Screen, screentest.Incident) {
	t.Helper()
	in := screentest.Load(t)
	s, requests := screentest.Send(New(th), screentest.Facts(in.Labelled, in.Labels)...)
	if len(requests) > 0 {
		t.Fatalf("unasked: %v", requests)
	}
	return s.SetSize(80, 24), in
}

// noted adds a hostile note to the connection of a row, as the root would.
func noted(t *testing.T, s screen.Screen, in screentest.Incident, row int, text string) screen.Screen {
	t.Helper()
	book := label.NewBook(in.Labels)
	ref := in.Labelled.Connections.Ref(int(findingAt(s, row).Connection))
	if _, err := book.Annotate(ref, text, time.Date(2024, 7, 11, 10, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	s, _ = screentest.Send(s, message.Labels{Set: book.Set()})
	return s
}

func TestEmpty(t *testing.T) { screentest.Golden(t, New(theme.Plain())) }

func TestLoading(t *testing.T) {
	in := screentest.Load(t)
	s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: in.Loading}, message.Labels{Set: in.Labels})
	screentest.Golden(t, s)
}

func TestLabelled(t *testing.T) {
	s, in := shown(t, theme.Plain())
	screentest.Golden(t, noted(t, s, in, 0, "password list \u202e, see ticket 12"))
}

func TestUnlabelled(t *testing.T) {
	in := screentest.Load(t)
	s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: in.Plain})
	screentest.Golden(t, s)
}

func TestNothing(t *testing.T) {
	in := screentest.Load(t)
	none := *in.Plain
	none.Detections = nil
	s, _ := screentest.Send(New(theme.Plain()), message.Snapshot{Snapshot: &none})
	screentest.Golden(t, s)
}

func TestWhole(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	s, _ = screentest.Press(t, s, widget.TableKeys().Bottom)
	table := s.View()
	s, _ = screentest.Press(t, s, list.Keys().Details)
	screentest.Golden(t, s)
	s, ok := s.Escape()
	if !ok || s.View() != table {
		t.Error("escape does not bring the table back")
	}
}

func TestEverySizeFits(t *testing.T) {
	for name, th := range map[string]*theme.Theme{"unicode": theme.Plain(), "ascii": theme.PlainASCII()} {
		s, in := shown(t, th)
		s = noted(t, s, in, 0, strings.Repeat("\u202e日本 ", 400))
		whole, _ := screentest.Press(t, s, list.Keys().Details)
		for _, s := range []screen.Screen{s, whole} {
			screentest.FitsEverywhere(t, s, name == "ascii")
		}
	}
}

// TestRows compares with what package finding gives, labels and all.
func TestRows(t *testing.T) {
	s, in := shown(t, theme.Plain())
	input := in.Labelled.Known()
	want, err := finding.Findings(t.Context(), input)
	if err != nil || len(want) == 0 {
		t.Fatalf("%d findings, %v", len(want), err)
	}
	if got := dataOf(s).findings; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestLabelsShowAtOnce: a class is shown as soon as it is given, a connection
// that was no finding before as soon as findings are gathered again.
func TestLabelsShowAtOnce(t *testing.T) {
	s, in := shown(t, theme.Plain())
	before := rows(s)
	book := label.NewBook(in.Labels)
	at := time.Date(2024, 7, 11, 10, 0, 0, 0, time.UTC)
	if _, err := book.AddClass("recon"); err != nil {
		t.Fatal(err)
	}
	first := in.Labelled.Connections.Ref(int(findingAt(s, 0).Connection))
	if _, err := book.Assign([]label.Ref{first, in.Labelled.Connections.Ref(0)}, "recon", label.ByAnalyst, at); err != nil {
		t.Fatal(err)
	}
	s, cmd := s.Update(message.Labels{Set: book.Set()})
	if view := s.View(); !strings.Contains(view, "recon 2") || strings.Count(view, "recon") < 2 {
		t.Errorf("the class is not shown before findings are gathered:\n%s", view)
	}
	s, _ = screentest.Send(s, screentest.Messages(cmd)...)
	if n := rows(s); n != before+1 {
		t.Errorf("%d findings, want %d", n, before+1)
	}
}

func TestEnterOpensTheTranscript(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	s, _ = screentest.Press(t, s, widget.TableKeys().Down)
	want := message.OpenConnection{Connection: int(findingAt(s, 1).Connection), At: -1}
	if _, got := screentest.Press(t, s, list.Keys().Open); len(got) != 1 || got[0] != want {
		t.Errorf("enter asks for %v, want %v", got, want)
	}
}

func TestFocus(t *testing.T) {
	s, in := shown(t, theme.Plain())
	f := s.Focus()
	ref, ok := f.Target.Single()
	if want := in.Labelled.Connections.Ref(int(findingAt(s, 0).Connection)); !ok || ref != want {
		t.Errorf("target %v, want %v", ref, want)
	}
	if _, err := filter.Parse(f.Term); err != nil {
		t.Errorf("term %q: %v", f.Term, err)
	}
	if text, err := f.Copy.Text(t.Context()); err != nil || !strings.Contains(text, "Connection "+findingAt(s, 0).Name) {
		t.Errorf("copies %q, %v", text, err)
	}
	for range 2 {
		s, _ = screentest.Press(t, s, widget.TableKeys().Mark)
	}
	got, err := s.Focus().Target.Connections(t.Context())
	want := []int{int(findingAt(s, 0).Connection), int(findingAt(s, 1).Connection)}
	slices.Sort(want)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("marked %v, %v, want %v", got, err, want)
	}
	s, ok = s.Escape()
	if _, again := s.Escape(); !ok || again {
		t.Error("escape does not take the marks away once")
	}
}

// TestOrders: marks stay on their rows, the cursor shows what comes first, and the
// column is on the screen.
func TestOrders(t *testing.T) {
	s, in := shown(t, theme.Plain())
	s = noted(t, s, in, 1, "ticket 12")
	s, _ = screentest.Press(t, s, widget.TableKeys().Mark)
	marked, _ := s.Focus().Target.Connections(t.Context())
	for _, c := range spec.Columns {
		for _, descending := range []bool{false, true} {
			m := s.(Model)
			cmd := m.list.SortBy(c.Title, descending)
			sorted, _ := screentest.Send(m, screentest.Messages(cmd)...)
			for k := 1; k < rows(sorted); k++ {
				a, b := findingAt(sorted, k-1), findingAt(sorted, k)
				if descending {
					a, b = b, a
				}
				if compare := compared[c.Title]; compare != nil && compare(a, b) > 0 {
					t.Errorf("column %q: row %d", c.Title, k)
				}
			}
			if first, _ := current(sorted); first != findingAt(sorted, 0) {
				t.Errorf("column %q: the cursor is not on the first row", c.Title)
			}
			if head := strings.Split(sorted.View(), "\n")[2]; !strings.Contains(head, "▲") && !strings.Contains(head, "▼") {
				t.Errorf("column %q: no sign of the order in %q", c.Title, head)
			}
			if now, _ := sorted.Focus().Target.Connections(t.Context()); !slices.Equal(now, marked) {
				t.Errorf("column %q: marked %v, were %v", c.Title, now, marked)
			}
		}
	}
}

// compared is the orders of columns that do not depend on labels.
var compared = map[string]func(a, b *finding.Finding) int{
	"connection":  func(a, b *finding.Finding) int { return cmp.Compare(a.Connection, b.Connection) },
	"first entry": func(a, b *finding.Finding) int { return a.First.Compare(b.First) },
	"user":        func(a, b *finding.Finding) int { return strings.Compare(a.User, b.User) },
	"host":        func(a, b *finding.Finding) int { return strings.Compare(a.Host, b.Host) },
	"entries":     func(a, b *finding.Finding) int { return cmp.Compare(a.Entries, b.Entries) },
	"detections":  func(a, b *finding.Finding) int { return cmp.Compare(len(a.Detections), len(b.Detections)) },
	"score":       func(a, b *finding.Finding) int { return cmp.Compare(a.Score, b.Score) },
	"reasons":     func(a, b *finding.Finding) int { return slices.Compare(a.Reasons, b.Reasons) },
}

// dataOf is what the rows are made of.
func dataOf(s screen.Screen) data {
	m := s.(Model)
	return m.list.Data()
}

func rows(s screen.Screen) int {
	m := s.(Model)
	return m.list.Len()
}

// findingAt is the finding at a position.
func findingAt(s screen.Screen, k int) *finding.Finding {
	m := s.(Model)
	return &m.found[m.list.At(k)]
}

// current is the finding under the cursor.
func current(s screen.Screen) (*finding.Finding, bool) {
	m := s.(Model)
	row, ok := m.list.Current()
	if !ok {
		return nil, false
	}
	return &m.found[row], true
}

func TestSortByClassPutsUnlabelledFirst(t *testing.T) {
	s, in := shown(t, theme.Plain())
	book := label.NewBook(in.Labels)
	normal := in.Labelled.Connections.Ref(int(findingAt(s, 1).Connection))
	if _, err := book.Assign([]label.Ref{normal}, label.Normal, label.ByAnalyst, time.Date(2024, 7, 11, 10, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	m := s.(Model)
	cmd := m.list.SortBy("class", false)
	sorted, _ := screentest.Send(m, append(screentest.Messages(cmd), message.Labels{Set: book.Set()})...)
	last, names, seen := -1, append([]string{""}, in.Labels.Classes()...), map[string]bool{}
	for k := range rows(sorted) {
		v, _ := book.Set().Verdict(in.Labelled.Connections.Ref(int(findingAt(sorted, k).Connection)))
		rank := slices.Index(names, v.Class)
		if rank < last {
			t.Errorf("row %d has %q", k, v.Class)
		}
		last, seen[v.Class] = rank, true
	}
	if len(seen) != len(names)-1 { // the log has no other attack
		t.Errorf("only %v are compared", seen)
	}
}

func TestFilters(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	all, lowest := rows(s), findingAt(s, 0).Connection
	for _, f := range s.(Model).found {
		lowest = min(lowest, f.Connection)
	}
	f := message.Filtered{Active: []string{"user:nobody"}, Entries: message.All(0), Connections: message.All(lowest + 1)}
	some, _ := screentest.Send(s, f)
	if n := rows(some); n != 1 || !strings.Contains(some.View(), fmt.Sprintf("filters hide %d", all-1)) {
		t.Errorf("%d of %d shown:\n%s", n, all, some.View())
	}
	f.Connections = message.All(0)
	// A cursor that nobody has put there does not go with its row.
	if all, _ := screentest.Send(some, screentest.Unfiltered(s.(Model).snapshot)); !strings.Contains(all.View(), fmt.Sprintf("1 of %d", len(s.(Model).found))) {
		t.Errorf("without the filter the cursor is elsewhere:\n%s", all.View())
	}
	none, _ := screentest.Send(s, f)
	if view := none.View(); !strings.Contains(view, "user:nobody") {
		t.Errorf("nothing says which filter hides everything:\n%s", view)
	}
}

func TestSearch(t *testing.T) {
	s, _ := shown(t, theme.Plain())
	for _, text := range []string{"GET_USER", "/^D7-program$/", "10.0.0.7"} {
		_, requests := screentest.Send(s, message.Search{Text: text})
		failed := len(requests) == 1
		if failed {
			_, failed = requests[0].(message.Failed)
		}
		if failed != (text == "10.0.0.7") {
			t.Errorf("search for %s says %v", text, requests)
		}
	}
	got, _ := screentest.Send(s, message.Search{Text: "get_user"})
	if f, _ := current(got); f.Verdict.Class != label.GetUserTable {
		t.Errorf("search ends on %s", f.Name)
	}
	if _, requests := screentest.Send(s, message.Search{Text: "/(/"}); len(requests) != 1 {
		t.Errorf("a broken pattern says %v", requests)
	}
}

func TestLateAnswersAreDropped(t *testing.T) {
	s, in := shown(t, theme.Plain())
	m := s.(Model)
	for _, late := range []tea.Msg{
		gathered{job: m.gathering.Number - 1, snapshot: in.Plain},
		gathered{job: m.gathering.Number, snapshot: in.Plain, err: context.Canceled},
	} {
		s, cmd := m.Update(late)
		if got := s.(Model); cmd != nil || got.foundIn != m.foundIn {
			t.Errorf("%T was taken", late)
		}
	}
}

// TestNewLabelsGiveUpOldGathering: of two questions the first is cancelled.
func TestNewLabelsGiveUpOldGathering(t *testing.T) {
	s, in := shown(t, theme.Plain())
	s, first := s.Update(message.Labels{})
	s, second := s.Update(message.Labels{Set: in.Labels})
	if got := screentest.Messages(first); len(got) != 1 || got[0].(gathered).err == nil {
		t.Errorf("the first question is answered with %v", got)
	}
	s, _ = screentest.Send(s, screentest.Messages(second)...)
	if n := dataOf(s).unjudged; n == len(dataOf(s).findings) {
		t.Error("the newest labels do not count")
	}
}

// TestNaturalOrder: labelled anomalies first, then what nobody has judged, then
// what is normal, each by score.
func TestNaturalOrder(t *testing.T) {
	s, in := shown(t, theme.Plain())
	m := s.(Model)
	first := findingAt(s, 0)
	if first.Score < findingAt(s, 1).Score {
		t.Errorf("%s with %v comes before %v", first.Name, first.Score, findingAt(s, 1).Score)
	}
	s, _ = screentest.Press(t, s, widget.TableKeys().Down)
	s, _ = screentest.Press(t, s, widget.TableKeys().Up)
	// Who judges the first row reads the next one in its place.
	book := label.NewBook(m.labels)
	if _, err := book.Assign([]label.Ref{in.Labelled.Connections.Ref(int(first.Connection))}, label.Normal, label.ByAnalyst, time.Date(2024, 7, 11, 10, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	next := findingAt(s, 1).Connection
	s, _ = screentest.Send(s, message.Labels{Set: book.Set()})
	if now, _ := current(s); now.Connection != next {
		t.Errorf("the cursor is on %s", now.Name)
	}
	if last := findingAt(s, rows(s)-1); last.Connection != first.Connection {
		t.Errorf("the last one is %s, not what is normal", last.Name)
	}
	last := 0
	for k := range rows(s) {
		rank := 1
		switch dataOf(s).verdict(listedAt(s, k)).Class {
		case label.LoginAttack, label.GetUserTable:
			rank = 0
		case label.Normal:
			rank = 2
		}
		if rank < last {
			t.Errorf("row %d stands behind less", k)
		}
		last = rank
	}
	// Where a label is taken back, the cursor goes back too.
	if _, err := book.Clear([]label.Ref{in.Labelled.Connections.Ref(int(first.Connection))}, label.ByAnalyst, time.Date(2024, 7, 11, 10, 1, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	s, _ = screentest.Send(s, message.Labels{Set: book.Set()})
	if now, _ := current(s); now.Connection != first.Connection {
		t.Errorf("the label of %s was taken back, the cursor is on %s", first.Name, now.Name)
	}
}

// listedAt is the row at a position.
func listedAt(s screen.Screen, k int) int {
	m := s.(Model)
	return m.list.At(k)
}
