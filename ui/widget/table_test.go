package widget

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

func table(rows int) Table {
	t := NewTable(theme.Plain(),
		Column{Title: "id", Width: 6, Right: true, Sortable: true},
		Column{Title: "user", Width: 8, Priority: 1, Sortable: true},
		Column{Title: "host", Width: 10, Priority: 2},
		Column{Title: "statement", Width: 12, Flex: true})
	t.SetLen(rows)
	return t
}

func numbered(from, to int) [][]Cell {
	var rows [][]Cell
	for i := from; i < to; i++ {
		rows = append(rows, []Cell{{Text: fmt.Sprint(i)}, {Text: "root"}, {Text: "10.0.0.1"}, {Text: hostile + fmt.Sprint(i)}})
	}
	return rows
}

func press(t *Table, b key.Binding) Event {
	return t.Update(screentest.Key(b.Keys()[0]))
}

func TestTableFitsEveryWindow(t *testing.T) {
	for width := range 60 {
		for height := range 12 {
			tab := table(50)
			tab.SetSize(width, height)
			tab.SetCursor(30)
			press(&tab, tableKeys.Right)
			view := tab.View(numbered)
			if width == 0 || height == 0 {
				if view != "" {
					t.Errorf("%dx%d: %q", width, height, view)
				}
				continue
			}
			screentest.Fits(t, view, screentest.Size{Width: width, Height: height})
			if !strings.Contains(view, "▌") {
				t.Errorf("%dx%d: no cursor:\n%s", width, height, view)
			}
		}
	}
}

func TestTableDropsColumnsByPriority(t *testing.T) {
	for _, tt := range []struct {
		width int
		want  string
	}{
		{60, "id user host statement"},
		{41, "id user host statement"},
		{40, "id user statement"},
		{29, "id statement"},
		{15, "id stateme"},
	} {
		tab := table(3)
		tab.SetSize(tt.width, 5)
		head, _, _ := strings.Cut(tab.View(numbered), "\n")
		if got := strings.Join(strings.Fields(strings.ReplaceAll(head, "…", "")), " "); !strings.HasPrefix(tt.want, got) || len(strings.Fields(got)) != len(strings.Fields(tt.want)) {
			t.Errorf("width %d shows %q, want %q", tt.width, got, tt.want)
		}
	}
}

func TestTableAsksOnlyForWhatItShows(t *testing.T) {
	tab := table(10_000_000)
	tab.SetSize(60, 11)
	asked := 0
	for _, b := range []key.Binding{tableKeys.Bottom, tableKeys.PageUp, tableKeys.Top, tableKeys.PageDown, tableKeys.Down} {
		press(&tab, b)
		tab.View(func(from, to int) [][]Cell {
			asked += to - from
			if i, _ := tab.Cursor(); i < from || i >= to {
				t.Errorf("cursor %d is not on the screen %d to %d", i, from, to)
			}
			return numbered(from, to)
		})
	}
	if asked != 5*10 {
		t.Errorf("asked for %d rows, 10 are shown", asked)
	}
}

func TestTableMarks(t *testing.T) {
	tab := table(10)
	tab.SetSize(60, 8)
	press(&tab, tableKeys.Mark)
	press(&tab, tableKeys.Mark)
	if i, _ := tab.Cursor(); i != 2 || tab.Marks().Len() != 2 {
		t.Errorf("cursor %d, %d marks", i, tab.Marks().Len())
	}
	tab.SetCursor(7)
	press(&tab, tableKeys.Range)
	tab.SetCursor(4)
	if got := tab.Status(); got != "5 of 10, marking 4, 2 marked" {
		t.Errorf("status %q", got)
	}
	press(&tab, tableKeys.Range)
	if tab.Marks().Len() != 6 {
		t.Errorf("%d marks", tab.Marks().Len())
	}
	tab.SetLen(5)
	if tab.Marks().Len() != 3 {
		t.Errorf("%d marks in 5 rows", tab.Marks().Len())
	}
	if !tab.Escape() || tab.Escape() {
		t.Error("escape takes marks away once")
	}
}

func TestTableSorts(t *testing.T) {
	tab := table(10)
	tab.SetSize(60, 8)
	for _, want := range []int{0, 1, -1, 0} {
		if e := press(&tab, tableKeys.Sort); e != Sorted || tab.SortColumn != want {
			t.Errorf("event %d, column %d, want %d", e, tab.SortColumn, want)
		}
	}
	if e := press(&tab, tableKeys.Reverse); e != Sorted || !tab.Descending {
		t.Errorf("event %d, descending %v", e, tab.Descending)
	}
	if view := tab.View(numbered); !strings.Contains(view, "id▼") {
		t.Errorf("no sign of the order in\n%s", view)
	}
}

func TestTableIgnoresPastedKeys(t *testing.T) {
	tab := table(10)
	tab.SetSize(60, 8)
	if e := tab.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("G"), Paste: true}); e != Ignored {
		t.Errorf("a pasted G is %d", e)
	}
}

func TestTableSpansScrollTogether(t *testing.T) {
	th := theme.Plain()
	tab := NewTable(th, Column{Title: "text", Width: 10, Flex: true})
	tab.SetLen(1)
	tab.SetSize(14, 2)
	rows := func(int, int) [][]Cell {
		return [][]Cell{{{Spans: []Span{{"SELECT ", &th.Keyword}, {"'\x1b[2J'", &th.String}, {" FROM wp_users", nil}}}}}
	}
	for _, want := range []string{"▌ SELECT '␛[2…", "▌ ␛[2J' FROM …"} {
		if got := tab.View(rows); !strings.HasSuffix(strings.TrimRight(got, " \n"), want) && !strings.Contains(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		press(&tab, tableKeys.Right)
	}
}

func BenchmarkTableView(b *testing.B) {
	for _, n := range []int{1_000, 10_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			tab := table(n)
			tab.SetSize(120, 40)
			b.ReportAllocs()
			for b.Loop() {
				press(&tab, tableKeys.PageDown)
				tab.View(numbered)
			}
		})
	}
}

func TestRearrange(t *testing.T) {
	tab := table(100)
	tab.SetSize(80, 10)
	tab.SetCursor(40)
	tab.SetMarks(Marks{}.Add(10, 13).Add(99, 100))
	// Every second row goes, the others turn round.
	turned := func(row int) (int, bool) { return 49 - row/2, row%2 == 0 }
	if lost := tab.Rearrange(50, turned); lost {
		t.Error("few marks are lost")
	}
	if k, _ := tab.Cursor(); k != 29 {
		t.Errorf("the cursor is on row %d, want 29", k)
	}
	if got := slices.Collect(tab.Marks().Rows()); !slices.Equal(got, []int{43, 44}) {
		t.Errorf("marked %v, want [43 44]", got)
	}
	tab.Rearrange(3, func(int) (int, bool) { return 0, false })
	if k, ok := tab.Cursor(); k != 2 || !ok || tab.Marks().Len() != 0 {
		t.Errorf("of rows that are gone the cursor is on %d, %d marked", k, tab.Marks().Len())
	}
	tab.Rearrange(0, func(int) (int, bool) { return 0, false })
	tab.Rearrange(5, func(row int) (int, bool) {
		t.Errorf("asked for row %d of none", row)
		return 0, false
	})
	many := table(10 * MaxKept)
	many.SetMarks(Marks{}.Add(0, MaxKept+1))
	if lost := many.Rearrange(many.Len(), func(row int) (int, bool) { return row, true }); !lost || many.Marks().Len() != 0 {
		t.Errorf("too many marks: lost %v, %d left", lost, many.Marks().Len())
	}
}

// TestSignOfTheOrder stands beside a title that fills its column, and a column
// that is sorted by is shown however narrow the window is.
func TestSignOfTheOrder(t *testing.T) {
	tab := NewTable(theme.Plain(),
		Column{Title: "statement", Width: 9, Flex: true},
		Column{Title: "duration", Width: 8, Right: true, Sortable: true, LargestFirst: true, Priority: 1},
		Column{Title: "user", Width: 4, Sortable: true, Priority: 2})
	tab.SetLen(1)
	cells := func(from, to int) [][]Cell { return [][]Cell{{{Text: "SELECT"}, {Text: "12"}, {Text: "root"}}} }
	for _, want := range []string{"duration▼", "user▲"} {
		if press(&tab, tableKeys.Sort) != Sorted {
			t.Fatal("s does not sort")
		}
		for _, width := range []int{22, 40, 80} {
			tab.SetSize(width, 5)
			lines := strings.Split(tab.View(cells), "\n")
			if !strings.Contains(lines[0], want) {
				t.Errorf("%d cells: %q does not say %q", width, lines[0], want)
			}
			screentest.Fits(t, tab.View(cells), screentest.Size{Width: width, Height: 5})
		}
	}
}
