package entries

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
	"sqleuth/ui/detail"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/statement"
	"sqleuth/ui/theme"
)

var _ screen.Screen = Model{}

// shown is the screen with a snapshot, the cursor on its first row.
func shown(t *testing.T, in screentest.Incident, s *pipeline.Snapshot) Model {
	t.Helper()
	labels := in.Labels
	if s != in.Labelled {
		labels = label.Set{}
	}
	m, requests := screentest.Send(New(theme.Plain(), in.Log).SetSize(120, 30), screentest.Facts(s, labels)...)
	if len(requests) > 0 {
		t.Errorf("facts were answered with requests: %v", requests)
	}
	return m.(Model)
}

// send gives the screen messages and runs what they answer with.
func send(m Model, msgs ...tea.Msg) (Model, []tea.Msg) {
	s, requests := screentest.Send(m, msgs...)
	return s.(Model), requests
}

func pressed(m Model, names ...string) Model {
	for _, n := range names {
		m, _ = send(m, screentest.Key(n))
	}
	return m
}

// opened reports whether the pane is open.
func opened(s screen.Screen) bool {
	m := s.(Model)
	return m.pane.Open()
}

// entry returns the index of the first entry whose text holds a part.
func entry(t *testing.T, in screentest.Incident, part string) int {
	t.Helper()
	for i := range in.Plain.Len() {
		r, err := in.Log.Record(&in.Plain.Log, i)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(r.Text, []byte(part)) {
			return i
		}
	}
	t.Fatalf("no entry holds %q", part)
	return -1
}

// selection is a few indices as rows.
type selection []int

func (s selection) Len() int               { return len(s) }
func (s selection) At(k int) int           { return s[k] }
func (s selection) Find(i int) (int, bool) { return slices.BinarySearch(s, i) }

// transcript is the screen as the root makes it for a connection.
func transcript(m Model, connection int) Model {
	s := m.snapshot
	var rows selection
	for _, i := range s.ByConnection.Entries(connection) {
		rows = append(rows, int(i))
	}
	m, _ = send(m, message.OpenedConnection{Connection: connection, At: -1}, message.Filtered{
		Active: []string{"id:" + s.Connections.Name(connection)}, Entries: rows, Connections: selection{connection},
	})
	return m
}

func TestView(t *testing.T) {
	in := screentest.Load(t)
	hostile := entry(t, in, "evil")
	t.Run("nothing", func(t *testing.T) { screentest.Golden(t, New(theme.Plain(), in.Log)) })
	t.Run("loading", func(t *testing.T) { screentest.Golden(t, shown(t, in, in.Loading)) })
	t.Run("plain", func(t *testing.T) { screentest.Golden(t, shown(t, in, in.Plain)) })
	t.Run("hostile", func(t *testing.T) {
		m, _ := send(shown(t, in, in.Labelled), message.CursorAt{Index: hostile})
		screentest.Golden(t, m)
	})
	t.Run("detail", func(t *testing.T) {
		m, _ := send(shown(t, in, in.Labelled), message.CursorAt{Index: hostile})
		screentest.Golden(t, pressed(m, "enter"))
	})
	t.Run("as sent", func(t *testing.T) {
		m, _ := send(shown(t, in, in.Plain), message.CursorAt{Index: entry(t, in, "WHERE ID = 41")})
		screentest.Golden(t, pressed(m, "enter", "t"))
	})
	t.Run("transcript", func(t *testing.T) {
		s := in.Labelled
		m := transcript(shown(t, in, s), int(s.Entries.Connection(hostile)))
		screentest.Golden(t, pressed(m, "j", "j"))
	})
	t.Run("marked", func(t *testing.T) {
		m, _ := send(shown(t, in, in.Labelled), message.CursorAt{Index: hostile - 8})
		screentest.Golden(t, pressed(m, " ", "j", "v", "j", "j"))
	})
	t.Run("filtered away", func(t *testing.T) {
		m, _ := send(shown(t, in, in.Plain), message.Filtered{
			Active: []string{"user:nobody", "not host:\x1b[31m\u202e"}, Entries: message.All(0), Connections: message.All(0),
		})
		screentest.Golden(t, m)
	})
}

// TestForged draws an entry that may be forged.
func TestForged(t *testing.T) {
	in := screentest.Tampered(t)
	m, _ := send(shown(t, in, in.Plain), message.CursorAt{Index: entry(t, in, "root@10.0.0.66")}, screentest.Key("enter"))
	screentest.Golden(t, m)
	screentest.FitsEverywhere(t, m, false)
}

func TestFitsEverywhere(t *testing.T) {
	in := screentest.Load(t)
	s, _ := screentest.Send(New(theme.PlainASCII(), in.Log).SetSize(200, 60), screentest.Facts(in.Labelled, in.Labels)...)
	m, _ := send(s.(Model), message.CursorAt{Index: entry(t, in, "evil")}, message.Search{Text: "wp_users"})
	for _, keys := range [][]string{nil, {"enter"}, {"t"}} {
		m = pressed(m, keys...)
		screentest.FitsEverywhere(t, m, true)
	}
}

func TestTitleNamesTheTranscript(t *testing.T) {
	in := screentest.Load(t)
	m := shown(t, in, in.Plain)
	if got := m.Title(); got != "Entries" {
		t.Errorf("title %q", got)
	}
	m = transcript(m, 0)
	if got, want := m.Title(), "Entries of 2@1"; got != want {
		t.Errorf("title %q, want %q", got, want)
	}
	if i, _ := m.current(); i != int(in.Plain.Connections.At(0).First) {
		t.Errorf("the cursor is on entry %d", i)
	}
	m, _ = send(m, message.Filtered{Entries: message.All(in.Plain.Len()), Connections: message.All(1)})
	if got := m.Title(); got != "Entries" {
		t.Errorf("title without the filter %q", got)
	}
}

func TestOpenedConnectionAtAnEntry(t *testing.T) {
	in := screentest.Load(t)
	c := int(in.Plain.Entries.Connection(entry(t, in, "evil")))
	m, _ := send(shown(t, in, in.Plain), message.OpenedConnection{Connection: c, At: entry(t, in, "evil")})
	m, _ = send(m, message.Filtered{Active: []string{"x"}, Entries: selection{0, 1}, Connections: message.All(1)}) // not there yet
	m, _ = send(m, message.Filtered{Active: []string{"x"}, Entries: selection{0, 1, entry(t, in, "evil")}, Connections: message.All(1)})
	if i, _ := m.current(); i != entry(t, in, "evil") {
		t.Errorf("the cursor is on entry %d", i)
	}
}

func TestEnterOpensAndClosesThePane(t *testing.T) {
	in := screentest.Load(t)
	m := shown(t, in, in.Plain)
	s, requests := screentest.Press(t, m, detail.OpenKey())
	if len(requests) != 1 || !opened(s) {
		t.Fatalf("enter: %v", requests)
	}
	m, _ = send(s.(Model), requests...)
	if got := ansi.Strip(m.View()); !strings.Contains(got, "Connect, entry 1,") {
		t.Errorf("the pane does not show the first entry:\n%s", got)
	}
	if m = pressed(m, "j"); !strings.Contains(m.View(), "Query, entry 2,") {
		t.Errorf("the pane does not follow the cursor:\n%s", m.View())
	}
	if m = pressed(m, "enter"); opened(m) {
		t.Error("enter did not close the pane")
	}
}

func TestEscape(t *testing.T) {
	in := screentest.Load(t)
	var s screen.Screen = pressed(shown(t, in, in.Plain), " ", "v", "enter")
	for k, want := range []bool{true, true, true, false} {
		var ok bool
		if s, ok = s.Escape(); ok != want {
			t.Errorf("escape %d: %v, want %v", k+1, ok, want)
		}
	}
	if m := s.(Model); opened(m) || m.list.Marks().Len() > 0 {
		t.Error("pane or marks are still there")
	}
}

func TestTargets(t *testing.T) {
	in := screentest.Load(t)
	s := in.Plain
	m := shown(t, in, s)
	if ref, ok := m.Focus().Target.Single(); !ok || ref != s.Connections.Ref(0) {
		t.Errorf("target of the first row: %v", m.Focus().Target.Text)
	}
	// All entries of the first connection and the first of the second.
	m = pressed(m, "v", "j", "j", "j", "j", "j", "j", "v")
	got, err := m.Focus().Target.Connections(context.Background())
	if want := []int{0, 1}; err != nil || !slices.Equal(got, want) {
		t.Errorf("marked entries stand for %v (%v), want %v", got, err, want)
	}
	// Another filter: the marks stay on their entries.
	m, _ = send(m, message.Filtered{Active: []string{"x"}, Entries: selection{3, 6, 20}, Connections: message.All(1)})
	if text := m.Focus().Target.Text; text != "the connections of 2 marked entries" || m.list.Marks().Len() != 7 {
		t.Errorf("of %d marked entries, a filter leaves %s", m.list.Marks().Len(), text)
	}
	if i, _ := m.current(); i != 6 {
		t.Errorf("the cursor is on entry %d, was on 6", i)
	}
}

func TestTerms(t *testing.T) {
	in := screentest.Load(t)
	m, _ := send(shown(t, in, in.Labelled), message.CursorAt{Index: entry(t, in, "user_login")})
	want := map[string]string{
		"entry": "template:", "date": "time:2024-07-10", "time": "time:2024-07-10T05:39", "conn": "id:24", "label": "label:get_user_table",
		"command": "cmd:Query", "action": "action:SELECT", "table": "table:", "statement": "template:",
	}
	for title, prefix := range want {
		m.list.Choose(title)
		got := m.Focus().Term
		if !strings.HasPrefix(got, prefix) {
			t.Errorf("%s: %q, want %q", title, got, prefix)
		}
		if _, err := filter.Parse(got); err != nil {
			t.Errorf("%s: %q: %v", title, got, err)
		}
	}
	// A column that makes no sense now is passed over.
	m.list.Choose("time")
	if m = pressed(m, "right"); !strings.HasPrefix(m.Focus().Term, "id:") {
		t.Errorf("right of the time the term is %q", m.Focus().Term)
	}
}

// TestLeadsToTheConnection of the entry under the cursor, or of what is marked.
func TestLeadsToTheConnection(t *testing.T) {
	in := screentest.Load(t)
	m := shown(t, in, in.Plain)
	_, got := send(pressed(m, "j"), screentest.Key("o"))
	if want := []tea.Msg{message.OpenConnection{Connection: 0, At: 1}}; !slices.Equal(got, want) {
		t.Errorf("o asks for %v, want %v", got, want)
	}
	_, got = send(pressed(m, "v", "j", "j", "j", "j", "j", "j", "v"), screentest.Key("c"))
	if open, ok := got[0].(message.OpenConnections); !ok || open.Term != "id:2@1 or id:3@1" {
		t.Errorf("c asks for %+v", got)
	}
}

func TestSearch(t *testing.T) {
	in := screentest.Load(t)
	m := shown(t, in, in.Plain)
	for _, c := range []struct {
		text      string
		from      int
		backwards bool
		want      int
	}{
		{"USER_LOGIN", 0, false, entry(t, in, "user_login")},
		{`/ID = 4[12]/`, 0, false, entry(t, in, "ID = 41")},
		{`/ID = 4[12]/`, entry(t, in, "ID = 41"), false, entry(t, in, "ID = 42")},
		{`/ID = 4[12]/`, entry(t, in, "ID = 42"), false, entry(t, in, "ID = 41")}, // wrapped
		{`/ID = 4[12]/`, entry(t, in, "ID = 42"), true, entry(t, in, "ID = 41")},
		{`/ID = 4[12]/`, entry(t, in, "ID = 41"), true, entry(t, in, "ID = 42")}, // wrapped
		{"ID = 41", entry(t, in, "ID = 41"), true, entry(t, in, "ID = 41")},      // itself
	} {
		m, _ := send(m, message.CursorAt{Index: c.from})
		m, _ = send(m, message.Search{Text: c.text, Backwards: c.backwards})
		if got, _ := m.current(); got != c.want {
			t.Errorf("search %q from %d, backwards %v: entry %d, want %d", c.text, c.from, c.backwards, got, c.want)
		}
	}
	for _, text := range []string{"nobody sent this", "/(/"} {
		if _, requests := send(m, message.Search{Text: text}); len(requests) != 1 {
			t.Errorf("search %q: %v", text, requests)
		} else if _, failed := requests[0].(message.Failed); !failed {
			t.Errorf("search %q: %v", text, requests)
		}
	}
	// Rows that a filter hides are not found.
	few, _ := send(m, message.Filtered{Active: []string{"x"}, Entries: selection{0, 1}, Connections: message.All(1)})
	if _, requests := send(few, message.Search{Text: "user_login"}); len(requests) != 1 {
		t.Errorf("a hidden entry was found: %v", requests)
	}
}

// bulk is a log that counts how often many statements are read at once.
type bulk struct {
	screen.Log
	scanned *int
}

func (b bulk) Statements(l *loaded.Log) filter.TextReader {
	*b.scanned++
	return b.Log.Statements(l)
}

func TestSearchReadsInBulk(t *testing.T) {
	in := screentest.Load(t)
	scanned := 0
	in.Log = bulk{in.Log, &scanned}
	m, _ := send(shown(t, in, in.Plain), message.Search{Text: "user_login"})
	if got, _ := m.current(); got != entry(t, in, "user_login") || scanned == 0 {
		t.Errorf("entry %d, bulk reader asked for %d times", got, scanned)
	}
}

func TestStaleSearchIsDropped(t *testing.T) {
	in := screentest.Load(t)
	m := shown(t, in, in.Plain)
	asked, cmd := m.Update(message.Search{Text: "user_login"})
	late := screentest.Messages(cmd)
	s, ok := asked.Escape()
	if !ok {
		t.Error("escape does not stop a search")
	}
	s, _ = screentest.Send(s, late...)
	if i, _ := s.(Model).current(); i != 0 {
		t.Errorf("the late answer moved the cursor to entry %d", i)
	}
}

// fake is a log whose entries all have one text.
type fake struct {
	screen.Log
	text []byte
	err  error
	read map[int]int // how often, by entry
}

func (f *fake) Record(_ *loaded.Log, i int) (reading.Record, error) {
	f.read[i]++
	return reading.Record{Text: f.text, Raw: f.text}, f.err
}

func TestReadsOnlyWhatIsNear(t *testing.T) {
	in := screentest.Load(t)
	f := &fake{text: []byte("SELECT 1"), read: map[int]int{}}
	s, _ := screentest.Send(New(theme.Plain(), f).SetSize(80, 10), screentest.Facts(in.Plain, label.Set{})...)
	m := pressed(s.(Model), "G", "g", "G", "g")
	for i, n := range f.read {
		if n > 1 {
			t.Errorf("entry %d was read %d times", i, n)
		}
	}
	f.err = errors.New("disk is gone")
	m.heads = statement.NewHeads(f)
	m.heads.Update(message.Snapshot{Snapshot: in.Plain})
	m, _ = send(m, message.Shown{})
	if got := m.View(); !strings.Contains(got, "disk is gone") {
		t.Errorf("the error is not shown:\n%s", got)
	}
}

func TestTenMillionRows(t *testing.T) {
	in := screentest.Load(t)
	const n = 10_000_000
	m, _ := send(shown(t, in, in.Plain), message.Filtered{Entries: message.All(n), Connections: message.All(n)})
	m = pressed(m, "v", "G", "v", "enter")
	screentest.Fits(t, m.View(), screentest.Size{Width: 120, Height: 30})
	if got := m.list.Marks().Len(); got != n {
		t.Errorf("%d rows are marked, want %d", got, n)
	}
	m = pressed(m, "g")
	got, err := m.Focus().Target.Connections(context.Background())
	if err != nil || len(got) != in.Plain.Connections.Len() {
		t.Errorf("%d connections, %v", len(got), err)
	}
	// More rows, or fewer: the marks stay.
	for _, rows := range []message.Rows{message.All(n + 1), selection{1}} {
		m, _ = send(m, message.Filtered{Entries: rows, Connections: message.All(n)})
		if got := m.list.Marks().Len(); got != n {
			t.Errorf("%d rows are marked after the log has changed, want %d", got, n)
		}
	}
}

func TestCopy(t *testing.T) {
	in := screentest.Load(t)
	m, _ := send(shown(t, in, in.Plain), message.CursorAt{Index: entry(t, in, "user_login")})
	c := m.Focus().Copy
	got, err := c.Text(context.Background())
	if err != nil || !strings.Contains(got, "\t   24 Query\tSELECT user_login") {
		t.Errorf("%s: %q, %v", c.What, got, err)
	}
}

func BenchmarkView(b *testing.B) {
	in := screentest.Load(b)
	f := &fake{text: []byte("SELECT " + strings.Repeat("wp_posts.ID, 'x', ", 1<<10)), read: map[int]int{}}
	s, _ := screentest.Send(New(theme.Plain(), f).SetSize(200, 60), screentest.Facts(in.Plain, label.Set{})...)
	s, _ = screentest.Send(s, message.Search{Text: "posts"})
	b.ReportAllocs()
	for b.Loop() {
		s.View()
	}
}

// TestDays: where there is no room for a column of dates, entries of different
// days do not look as if one followed the other.
func TestDays(t *testing.T) {
	in := screentest.Load(t)
	s := *in.Plain
	var columns store.Columns
	const perDay = 6
	for i := range s.Len() {
		e := in.Plain.Entries.At(i)
		e.Time += int64(i/perDay) * 24 * 3600 * 1e6
		columns.Append(e)
	}
	s.Entries = columns.View()
	m := shown(t, in, &s)
	texts := func(width int) (first string, changes, all int) {
		m := m.SetSize(width, 20).(Model)
		d := m.data()
		d.dateless = manyDays(m.theme, m.snapshot) && !m.list.Shows("date")
		from, to := m.list.Visible()
		d.top = m.list.At(from)
		column := spec.Column("time")
		for k := from; k < to; k++ {
			text := column.Cell(d, m.list.At(k)).Text
			if dated := strings.HasPrefix(text, "07-"); dated && k == from {
				first = text
			} else if dated {
				changes++
			}
			if ansi.StringWidth(text) > column.Fit(d, width) {
				t.Errorf("%d cells: %q does not fit", width, text)
			}
			all++
		}
		return first, changes, all
	}
	if first, changes, all := texts(80); first != "07-10 05:25:05" || changes != (all-1)/perDay {
		t.Errorf("80 cells: the first row says %q, then %d of %d", first, changes, all)
	}
	if first, changes, all := texts(120); first != "07-10 05:25:05.058758" || changes != all-1 {
		t.Errorf("120 cells: the first row says %q, then %d of %d", first, changes, all)
	}
	if first, changes, _ := texts(260); first != "" || changes != 0 {
		t.Errorf("beside a column of dates: %q, %d", first, changes)
	}
	short := s
	short.Files = slices.Clone(s.Files)
	for k := range short.Files {
		short.Files[k].Forms = genlog.Forms{Short: 1}
	}
	m = shown(t, in, &short)
	for _, width := range []int{80, 120} { // whole seconds leave the day its room
		if first, changes, all := texts(width); first != "07-10 05:25:05" || changes != all-1 {
			t.Errorf("whole seconds in %d cells: the first row says %q, then %d of %d", width, first, changes, all)
		}
	}
	m = shown(t, in, in.Plain)
	if _, changes, _ := texts(120); changes != 0 {
		t.Errorf("a log of one day: %d dates", changes)
	}
}
