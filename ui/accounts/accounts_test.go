package accounts

import (
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

var _ screen.Screen = Model{}

// opened is the screen with a snapshot, as it is shown.
func opened(t *testing.T, s *pipeline.Snapshot, more ...tea.Msg) Model {
	t.Helper()
	msgs := slices.Concat(screentest.Facts(s, label.Set{}), []tea.Msg{message.Shown{}}, more)
	m, requests := screentest.Send(New(theme.Plain()).SetSize(120, 30), msgs...)
	if len(requests) > 0 {
		t.Errorf("facts were answered with requests: %v", requests)
	}
	return m.(Model)
}

// pressed sends keys with what they answer.
func pressed(m Model, names ...string) (Model, []tea.Msg) {
	var msgs []tea.Msg
	for _, n := range names {
		msgs = append(msgs, screentest.Key(n))
	}
	s, requests := screentest.Send(m, msgs...)
	return s.(Model), requests
}

// shown are the names of the rows, those under another indented.
func shown(m Model) (out []string) {
	l := &m.views[m.by].list
	d := l.Data()
	for k := range l.Len() {
		r := &d.table.Rows[l.At(k)]
		text := r.Name()
		if r.Parent >= 0 {
			text = "  " + text
		}
		out = append(out, text)
	}
	return out
}

// on moves the cursor to a row.
func on(t *testing.T, m Model, row string) Model {
	t.Helper()
	k := slices.Index(shown(m), row)
	if k < 0 {
		t.Fatalf("%q is not among %q", row, shown(m))
	}
	m, _ = pressed(m, append([]string{"g"}, slices.Repeat([]string{"j"}, k)...)...)
	return m
}

func TestView(t *testing.T) {
	in := screentest.Load(t)
	next := message.NextAccounts{}
	open := []tea.Msg{screentest.Key("right"), screentest.Key("j")}
	t.Run("nothing", func(t *testing.T) { screentest.Golden(t, New(theme.Plain())) })
	t.Run("loading", func(t *testing.T) { screentest.Golden(t, opened(t, in.Loading)) })
	t.Run("by user", func(t *testing.T) { screentest.Golden(t, opened(t, in.Plain, open...)) })
	t.Run("by host", func(t *testing.T) { screentest.Golden(t, opened(t, in.Plain, append([]tea.Msg{next}, open...)...)) })
	t.Run("by pair", func(t *testing.T) { screentest.Golden(t, opened(t, in.Plain, next, next)) })
	none := message.Filtered{Active: []string{"user:nobody"}, Entries: message.All(0), Connections: message.All(0)}
	t.Run("none", func(t *testing.T) { screentest.Golden(t, opened(t, in.Plain, none)) })
	screentest.FitsEverywhere(t, opened(t, in.Plain), false)
	screentest.FitsEverywhere(t, New(theme.PlainASCII()), true)
}

// TestOpenAndClose: right opens a row and left closes it, from the rows under it too.
func TestOpenAndClose(t *testing.T) {
	m := opened(t, screentest.Load(t).Plain)
	closed := shown(m)
	k := slices.IndexFunc(closed, func(n string) bool { return strings.HasPrefix(n, "root") })
	m = on(t, m, closed[k])
	m, _ = pressed(m, "right")
	open := shown(m)
	if len(open) < len(closed)+2 || !strings.HasPrefix(open[k+1], "  root@") || open[k] != closed[k] {
		t.Fatalf("right shows %q", open)
	}
	for _, keys := range [][]string{{"left"}, {"j", "j", "left"}} {
		got, _ := pressed(m, keys...)
		if !slices.Equal(shown(got), closed) {
			t.Errorf("%v leaves %q", keys, shown(got))
		}
		if row, _ := got.views[got.by].list.Current(); got.views[got.by].list.Data().table.Rows[row].Name() != closed[k] {
			t.Errorf("%v leads to row %d", keys, row)
		}
	}
	m, _ = pressed(m, "right") // it is open: the next column
	if got := m.views[m.by].list.Column(); got == nameTitle {
		t.Errorf("the column cursor is still on %q", got)
	}
}

// TestSortedRowsStayUnderTheirOwn, in both directions.
func TestSortedRowsStayUnderTheirOwn(t *testing.T) {
	m := opened(t, screentest.Load(t).Plain)
	for k := len(shown(m)) - 1; k >= 0; k-- {
		m = on(t, m, shown(m)[k])
		m, _ = pressed(m, "right")
		m.views[m.by].list.Choose(nameTitle)
	}
	for _, title := range []string{nameTitle, "tries", "refused", "first in", "why here, or why not"} {
		m.views[m.by].list.Choose(title)
		for range 2 {
			m, _ = pressed(m, "s")
			user := ""
			for _, n := range shown(m) {
				if under, ok := strings.CutPrefix(n, "  "); !ok {
					user = n
				} else if !strings.HasPrefix(under, user+"@") {
					t.Errorf("by %s %q stands under %q", title, under, user)
				}
			}
		}
	}
}

// TestKeys: what a row leads to and is filtered by; no digit labels it.
func TestKeys(t *testing.T) {
	s := screentest.Load(t).Plain
	m := on(t, opened(t, s), "root")
	for key, want := range map[string]tea.Msg{
		"enter": message.OpenConnections{Term: "user:root"}, "c": message.OpenConnections{Term: "user:root"}, "o": message.OpenEntries{Term: "user:root"},
	} {
		if _, got := pressed(m, key); len(got) != 1 || !sameTerm(got[0], want) {
			t.Errorf("%s asks for %#v", key, got)
		}
	}
	if f := m.Focus(); f.Term != "user:root" || !f.Target.Empty() {
		t.Errorf("the row offers %q and %q", f.Term, f.Target.Text)
	}
	m, _ = pressed(m, "right", "j")
	name := strings.TrimSpace(shown(m)[slices.Index(shown(m), "root")+1])
	host := strings.TrimPrefix(name, "root@")
	if f := m.Focus(); f.Term != "user:root host:"+host {
		t.Errorf("a host of root offers %q", f.Term)
	}
	m, _ = pressed(m, " ", " ")
	if f := m.Focus(); !f.Target.Empty() || !strings.Contains(f.Term, " or ") {
		t.Errorf("marked rows offer %q and %q", f.Term, f.Target.Text)
	}
}

func sameTerm(got, want tea.Msg) bool {
	switch want := want.(type) {
	case message.OpenConnections:
		g, ok := got.(message.OpenConnections)
		return ok && g.Term == want.Term
	case message.OpenEntries:
		g, ok := got.(message.OpenEntries)
		return ok && g.Term == want.Term
	}
	return false
}

// TestFiltered: rows count the connections that the filters leave.
func TestFiltered(t *testing.T) {
	s := screentest.Load(t).Plain
	few := message.Filtered{Active: []string{"id:1"}, Entries: message.All(1), Connections: message.All(2)}
	m := opened(t, s, few)
	if got := m.views[m.by].list.Data().table.Total.Tries; got > 2 || got == 0 {
		t.Errorf("%d tries in two connections", got)
	}
	again, _ := screentest.Send(m, screentest.Unfiltered(s))
	m = again.(Model)
	if got := m.views[m.by].list.Data().table.Total.Tries; got <= 2 {
		t.Errorf("%d tries without a filter", got)
	}
}

// TestNothingIsCountedBeforeItIsShown, nor twice.
func TestNothingIsCountedBeforeItIsShown(t *testing.T) {
	s := screentest.Load(t).Plain
	hidden, _ := screentest.Send(New(theme.Plain()).SetSize(80, 24), screentest.Facts(s, label.Set{})...)
	if m := hidden.(Model); m.views[m.by].listing != nil {
		t.Error("it counts while it is hidden")
	}
	m := opened(t, s)
	table := m.views[m.by].list.Data().table
	m, _ = pressed(m, "right", "left", "s", "s")
	if m.views[m.by].list.Data().table != table {
		t.Error("keys count again")
	}
}
