package list

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// names is data: a row is an index into it, and has the same name in later data.
type names []string

const hostile = "\x1b[2J\u202e日本語 "

func numbered(n int) names {
	out := make(names, n)
	for i := range out {
		out[i] = fmt.Sprintf("row %d", i)
	}
	return out
}

var (
	nameColumn = Column[names]{
		Title: "name", Width: 8,
		Cell: func(d names, row int) widget.Cell { return widget.Cell{Text: d[row]} },
		Sort: Text(func(d names, row int) string { return d[row] }),
		Term: func(d names, row int) string { return "name:" + d[row] },
	}
	lengthColumn = Column[names]{
		Title: "length", Width: 6, Priority: 1, Right: true, LargestFirst: true,
		Cell: func(d names, row int) widget.Cell { return widget.Cell{Text: fmt.Sprint(len(d[row]))} },
		Sort: Number(func(d names, row int) int { return len(d[row]) }),
	}
	hostColumn = Column[names]{
		Title: "host", Width: 10, Priority: 2,
		Cell: func(names, int) widget.Cell { return widget.Cell{Text: "10.0.0.1"} },
	}
	textColumn = Column[names]{
		Title: "text", Width: 12, Flex: true,
		Cell: func(d names, row int) widget.Cell {
			return widget.Cell{Spans: []widget.Span{{Text: d[row] + " "}, {Text: hostile}, {Text: "end"}}}
		},
	}
)

func spec() *Spec[names] {
	return &Spec[names]{
		Columns: []Column[names]{nameColumn, lengthColumn, hostColumn, textColumn},
		Start:   "name",
		Len:     func(d names) int { return len(d) },
		Term:    func(d names, row int) string { return fmt.Sprintf("row:%d", row) },
		Unit:    [2]string{"row", "rows"},
		Missing: "no row has it",
		Copy: func(d names, row int) message.Copy {
			return message.Copy{What: d[row], Text: func(context.Context) (string, error) { return d[row] + "\n", nil }}
		},
		Match: func(d names, re *regexp.Regexp) func(int) bool {
			return func(row int) bool { return re.MatchString(d[row]) }
		},
	}
}

// following is a spec of rows that are known by their names.
func following() *Spec[names] {
	s := spec()
	s.Identity = &Identity[names]{
		Name: func(d names, row int) string { return d[row] },
		Row: func(d names, name string) (int, bool) {
			k := slices.Index(d, name)
			return k, k >= 0
		},
	}
	return s
}

func listOf(s *Spec[names], d names) *List[names] {
	l := New(theme.Plain(), s)
	l.SetSize(60, 11)
	deliver(&l, l.Show(d, message.All(len(d)), true))
	return &l
}

// deliver runs a command and hands its answers to the list until nothing is left
// but requests, which come back.
func deliver(l *List[names], cmd tea.Cmd) (requests []tea.Msg) {
	for _, m := range screentest.Messages(cmd) {
		next, ok := l.Update(m)
		if !ok {
			requests = append(requests, m)
		}
		requests = append(requests, deliver(l, next)...)
	}
	return requests
}

func press(l *List[names], bindings ...key.Binding) (requests []tea.Msg) {
	for _, b := range bindings {
		cmd, _ := l.Update(screentest.Key(b.Keys()[0]))
		requests = append(requests, deliver(l, cmd)...)
	}
	return requests
}

func shown(l *List[names]) (out []string) {
	for k := range l.Len() {
		out = append(out, l.data[l.At(k)])
	}
	return out
}

func current(t *testing.T, l *List[names]) string {
	t.Helper()
	row, ok := l.Current()
	if !ok {
		t.Fatal("no row is under the cursor")
	}
	return l.data[row]
}

func marked(l *List[names]) (out []string) {
	for row := range l.marks.Rows() {
		out = append(out, l.data[row])
	}
	return out
}

// some is a selection of a few rows.
type some []int

func (s some) Len() int               { return len(s) }
func (s some) At(k int) int           { return s[k] }
func (s some) Find(i int) (int, bool) { return slices.BinarySearch(s, i) }

func TestFitsEveryWindow(t *testing.T) {
	for width := range 60 {
		for height := range 12 {
			l := listOf(spec(), numbered(50))
			l.SetSize(width, height)
			l.move(30)
			press(l, keys.ScrollRight)
			view := l.View()
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

func TestColumnsGoByPriority(t *testing.T) {
	for _, tt := range []struct {
		width int
		want  string
	}{
		{60, "[name] length host text"}, {41, "[name] length host text"}, {40, "[name] length text"}, {29, "[name] text"}, {14, "[name] tex"},
	} {
		l := listOf(spec(), numbered(3))
		l.SetSize(tt.width, 5)
		head, _, _ := strings.Cut(l.View(), "\n")
		if got := strings.Join(strings.Fields(strings.ReplaceAll(head, "…", "")), " "); !strings.HasPrefix(tt.want, got) || len(strings.Fields(got)) != len(strings.Fields(tt.want)) {
			t.Errorf("width %d shows %q, want %q", tt.width, got, tt.want)
		}
	}
}

// TestColumnCursor: the column under it is shown however narrow the window is, s
// sorts by it and again reverses, and its cells are the filter terms.
func TestColumnCursor(t *testing.T) {
	l := listOf(spec(), names{"bb", "a", "ccc", "a"})
	for _, step := range []struct {
		press key.Binding
		want  []string
		head  string
		term  string
	}{
		{keys.Sort, []string{"a", "a", "bb", "ccc"}, "[name]▲", "name:a"},
		{keys.Sort, []string{"ccc", "bb", "a", "a"}, "[name]▼", "name:ccc"},
		{keys.Right, []string{"ccc", "bb", "a", "a"}, "[length]", "row:2"},
		{keys.Sort, []string{"ccc", "bb", "a", "a"}, "[length]▼", "row:2"},
		{keys.Sort, []string{"a", "a", "bb", "ccc"}, "[length]▲", "row:1"},
		{keys.Reverse, []string{"bb", "a", "ccc", "a"}, "[length]", "row:0"},
		{keys.Right, []string{"bb", "a", "ccc", "a"}, "[host]", "row:0"},
		{keys.Left, []string{"bb", "a", "ccc", "a"}, "[length]", "row:0"},
	} {
		press(l, step.press)
		if got := shown(l); !slices.Equal(got, step.want) {
			t.Errorf("%s: %v, want %v", step.press.Help().Key, got, step.want)
		}
		for _, width := range []int{24, 80} {
			l.SetSize(width, 8)
			if head, _, _ := strings.Cut(l.View(), "\n"); !strings.Contains(head, step.head) {
				t.Errorf("%s at %d cells: %q does not have %q", step.press.Help().Key, width, head, step.head)
			}
		}
		if got := l.Focus().Term; got != step.term {
			t.Errorf("%s: term %q, want %q", step.press.Help().Key, got, step.term)
		}
	}
	l.Choose("host")
	if requests := press(l, keys.Sort); len(requests) != 1 {
		t.Errorf("a column without an order is sorted by: %v", requests)
	}
}

// TestCursorAndMarksStay with their rows, in ways that change positions.
func TestCursorAndMarksStay(t *testing.T) {
	before := names{"f", "e", "d", "c", "b", "a"}
	for name, change := range map[string]func(l *List[names]) tea.Cmd{
		"sorted":   func(l *List[names]) tea.Cmd { return l.SortBy("name", false) },
		"filtered": func(l *List[names]) tea.Cmd { return l.Show(before, some{1, 2, 4, 5}, true) },
		"sorted, then filtered": func(l *List[names]) tea.Cmd {
			deliver(l, l.SortBy("name", false))
			return l.Show(before, some{1, 2, 4, 5}, true)
		},
		"renumbered": func(l *List[names]) tea.Cmd {
			return l.Show(names{"x", "a", "b", "e", "d"}, message.All(5), true)
		},
	} {
		s := spec()
		if name == "renumbered" {
			s = following()
		}
		l := listOf(s, before)
		press(l, keys.Down, keys.Mark, keys.Down, keys.Down, keys.Mark)
		l.move(2)
		deliver(l, change(l))
		if strings.HasPrefix(name, "sorted") {
			if l.cursor != 0 {
				t.Errorf("%s: the cursor does not show what comes first", name)
			}
		} else if got := current(t, l); got != "d" {
			t.Errorf("%s: the cursor is on %s", name, got)
		}
		got := marked(l)
		slices.Sort(got)
		if want := []string{"b", "e"}; !slices.Equal(got, want) {
			t.Errorf("%s: marked are %v, want %v", name, got, want)
		}
		if want := " of " + fmt.Sprint(l.Len()) + ", 2 marked"; !strings.HasSuffix(l.Status(), want) {
			t.Errorf("%s: status %q, want %q", name, l.Status(), want)
		}
	}
}

// TestOpenRangeStays open as long as its rows are the same: what a digit has
// labelled is drawn anew while the range is open.
func TestOpenRangeStays(t *testing.T) {
	d := names{"f", "e", "d", "c", "b", "a"}
	for _, c := range []struct {
		name string
		spec *Spec[names]
		rows []int // shown at first
		then func(l *List[names]) tea.Cmd
		want string // to be marked
	}{
		{"all again", spec(), nil, func(l *List[names]) tea.Cmd { return l.Show(d, message.All(6), false) }, "e d"},
		{"grown", spec(), nil, func(l *List[names]) tea.Cmd { return l.Show(append(d, "x"), message.All(7), false) }, "e d"},
		{"filtered again", spec(), []int{1, 2, 4}, func(l *List[names]) tea.Cmd { return l.Show(d, some{1, 2, 4}, true) }, "d b"},
		{"more above", spec(), []int{1, 2, 4}, func(l *List[names]) tea.Cmd { return l.Show(d, some{0, 1, 2, 4}, true) }, "d b"},
		{"one between", spec(), []int{1, 2, 4}, func(l *List[names]) tea.Cmd { return l.Show(d, some{1, 2, 3, 4}, true) }, ""},
		{"one gone", spec(), []int{1, 2, 4}, func(l *List[names]) tea.Cmd { return l.Show(d, some{1, 4}, true) }, ""},
		{"renumbered", following(), nil, func(l *List[names]) tea.Cmd { return l.Show(append(names{"x"}, d...), message.All(7), true) }, "e d"},
		{"other order", following(), nil, func(l *List[names]) tea.Cmd { return l.Show(names{"d", "e", "f"}, message.All(3), true) }, ""},
		{"sorted", spec(), nil, func(l *List[names]) tea.Cmd { return l.SortBy("name", false) }, ""},
	} {
		for _, back := range []bool{false, true} {
			l := listOf(c.spec, d)
			if c.rows != nil {
				deliver(l, l.Show(d, some(c.rows), true))
			}
			press(l, keys.Down)
			if back {
				press(l, keys.Down, keys.Range, keys.Up)
			} else {
				press(l, keys.Range, keys.Down)
			}
			deliver(l, c.then(l))
			if _, _, open := l.openRange(); open != (c.want != "") {
				t.Errorf("%s: the range is open: %v", c.name, open)
			} else if open {
				press(l, keys.Range)
			}
			if got := strings.Join(marked(l), " "); got != c.want {
				t.Errorf("%s: marked is %q, want %q", c.name, got, c.want)
			}
		}
	}
}

// TestKeptMarks come back on the rows that have their names, as soon as there are
// such rows, and are kept until then.
func TestKeptMarks(t *testing.T) {
	s := following()
	s.Kept = "names"
	l := New(theme.Plain(), s)
	l.SetSize(60, 11)
	kept := func() string {
		m, ok := l.Kept(5)
		return fmt.Sprint(ok, m.Names)
	}
	tell := func(m message.Marks) {
		cmd, _ := l.Update(m)
		deliver(&l, cmd)
	}
	tell(message.Marks{List: "others", Names: []string{"a"}})
	tell(message.Marks{List: "names", Names: []string{"a", "c", `"\xff"`}})
	for _, step := range []struct {
		d            names
		marked, kept string
	}{
		{names{"x", "b"}, "", `true ["\xff" a c]`},
		{names{"c", "b"}, "c", `true ["\xff" a c]`},
		{names{"b", "a", "c", "\xff"}, "a c \xff", `true ["\xff" a c]`},
		{names{"b", "c"}, "c", `true ["\xff" a c]`},
	} {
		deliver(&l, l.Show(step.d, message.All(len(step.d)), true))
		if got := strings.Join(marked(&l), " "); got != step.marked || kept() != step.kept {
			t.Errorf("of %q are marked %q and kept %s, want %q and %s", step.d, got, kept(), step.marked, step.kept)
		}
	}
	l.Escape()
	if got := kept(); got != "true []" {
		t.Errorf("of marks that were taken away %s are kept", got)
	}
	tell(message.Marks{List: "names", Names: []string{"1", "2", "3", "4", "5", "6"}})
	if got := kept(); got != "false []" {
		t.Errorf("of more than five %s are kept", got)
	}
}

// TestHiddenMarks are kept, counted, and left alone by the keys that act on what
// is marked.
func TestHiddenMarks(t *testing.T) {
	l := listOf(spec(), numbered(6))
	press(l, keys.Mark, keys.Mark, keys.Mark)
	deliver(l, l.Show(l.data, some{2, 3, 4}, true))
	if got, want := l.Status(), "2 of 3, 3 marked (2 hidden)"; got != want {
		t.Errorf("status %q, want %q", got, want)
	}
	if got := copied(t, l); got != "row 2\n" {
		t.Errorf("copied %q", got)
	}
	deliver(l, l.Show(l.data, some{3, 4}, true))
	if got := copied(t, l); got != "row 3\n" {
		t.Errorf("with all marks hidden, %q is copied and not what is under the cursor", got)
	}
	if l.Escape() {
		t.Error("escape takes marks away that nobody sees")
	}
	deliver(l, l.Show(l.data, message.All(6), true))
	if got := copied(t, l); got != "row 0\nrow 1\nrow 2\n" {
		t.Errorf("copied %q", got)
	}
}

func copied(t *testing.T, l *List[names]) string {
	t.Helper()
	text, err := l.Focus().Copy.Text(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestOpenRange is what keys act on, before it is marked, while that is under way
// and when it is done; in sorted rows as well.
func TestOpenRange(t *testing.T) {
	const n = 3 * checkEvery
	for _, sorted := range []bool{false, true} {
		l := listOf(spec(), numbered(n))
		l.Choose("length")
		if sorted {
			press(l, keys.Sort)
		}
		press(l, keys.Down, keys.Range, keys.Down, keys.Down)
		want := strings.Join(shown(l)[1:4], "\n") + "\n"
		if got := copied(t, l); got != want || l.Focus().Copy.What != "the range of 3 rows" {
			t.Errorf("sorted %v: %s: %q, want %q", sorted, l.Focus().Copy.What, got, want)
		}
		press(l, keys.Bottom)
		cmd, _ := l.Update(screentest.Key(keys.Range.Keys()[0]))
		if got := l.Focus().Copy.What; sorted && got != "the range of "+widget.Count(n-1)+" rows" {
			t.Errorf("while the range is being marked, keys act on %s", got)
		}
		if sorted {
			press(l, keys.Mark) // the last row, which the range adds again
		}
		deliver(l, cmd)
		if l.marks.Len() != n-1 || l.Focus().Copy.What != widget.Count(n-1)+" marked rows" {
			t.Errorf("sorted %v: %d marked, %s", sorted, l.marks.Len(), l.Focus().Copy.What)
		}
	}
}

func TestNextAndPreviousMark(t *testing.T) {
	l := listOf(spec(), numbered(30))
	if requests := press(l, keys.NextMark); len(requests) != 1 {
		t.Errorf("nothing says that nothing is marked: %v", requests)
	}
	for _, k := range []int{3, 20} {
		l.move(k)
		press(l, keys.Mark)
	}
	l.move(5)
	for _, step := range []struct {
		press key.Binding
		want  int
	}{{keys.NextMark, 20}, {keys.NextMark, 3}, {keys.PreviousMark, 20}, {keys.PreviousMark, 3}} {
		press(l, step.press)
		if l.cursor != step.want {
			t.Errorf("%s leads to %d, want %d", step.press.Help().Desc, l.cursor, step.want)
		}
	}
}

func TestEscapeTakesOneThingAway(t *testing.T) {
	l := listOf(spec(), numbered(30))
	press(l, keys.Mark)
	deliver(l, l.find(message.Search{Text: "row 2"}))
	press(l, keys.Range)
	for _, want := range []string{", marking 1, 1 marked, /row 2: ", ", 1 marked, /row 2: ", ", /row 2: ", " of 30"} {
		if got := l.Status(); !strings.Contains(got, want) {
			t.Errorf("status %q, want %q", got, want)
		}
		if got := l.Escape(); got != (want != " of 30") {
			t.Errorf("escape at %q: %v", want, got)
		}
	}
}

// TestCursorWaitsForItsRow: what a filter selects comes bit by bit.
func TestCursorWaitsForItsRow(t *testing.T) {
	for _, by := range []string{"", "length"} {
		l := listOf(spec(), numbered(30))
		if by != "" {
			deliver(l, l.SortBy(by, true))
		}
		row := 17
		deliver(l, l.GoTo(func(names) (int, bool) { return row, true }))
		for _, rows := range []message.Rows{some{1, 2, 3}, some{1, 2, 3, 18}, some{1, 2, 3, 17, 18}} {
			deliver(l, l.Show(l.data, rows, false))
		}
		if got := current(t, l); got != "row 17" {
			t.Errorf("by %q: the cursor is on %s", by, got)
		}
		deliver(l, l.Show(l.data, some{1, 2}, false))
		press(l, keys.Top)
		deliver(l, l.Show(l.data, message.All(30), false))
		if got := current(t, l); got != "row 1" {
			t.Errorf("by %q: a key has put the cursor on row 1, it is on %s", by, got)
		}
	}
}

// TestUntouchedCursor stays on the first row where Spec.Top is set.
func TestUntouchedCursor(t *testing.T) {
	s := following()
	s.Top = true
	l := listOf(s, names{"b", "c"})
	deliver(l, l.Show(names{"a", "b", "c"}, message.All(3), false))
	if got := current(t, l); got != "a" {
		t.Errorf("a cursor that nobody has moved is on %s", got)
	}
	press(l, keys.Down)
	deliver(l, l.Show(names{"0", "a", "b", "c"}, message.All(4), false))
	if got := current(t, l); got != "b" {
		t.Errorf("the cursor has gone from b to %s", got)
	}
}

// TestCursorStays in its place where its row is one that goes without it.
func TestCursorStays(t *testing.T) {
	s := following()
	s.Stay = func(_, now names, row int) bool { return slices.Contains(now, "labelled") }
	l := listOf(s, names{"a", "b", "c"})
	press(l, keys.Down)
	deliver(l, l.Show(names{"a", "c", "b"}, message.All(3), false))
	if got := current(t, l); got != "b" {
		t.Errorf("the cursor has gone from b to %s", got)
	}
	press(l, keys.Up)
	deliver(l, l.Show(names{"a", "labelled", "c", "b"}, message.All(4), false))
	if l.cursor != 1 {
		t.Errorf("the cursor went to %d with its row", l.cursor)
	}
}

// TestMovingWhileSorting: cursor and marks of now count, not those of the question.
func TestMovingWhileSorting(t *testing.T) {
	l := listOf(spec(), numbered(30))
	cmd := l.SortBy("name", true)
	press(l, keys.Down, keys.Mark, keys.Down)
	want := current(t, l)
	deliver(l, cmd)
	if got := current(t, l); got != want || !slices.Equal(marked(l), []string{"row 1"}) || l.arrange.Running() {
		t.Errorf("the cursor is on %s, was on %s; marked %v", got, want, marked(l))
	}
}

func TestLateAnswersAreDropped(t *testing.T) {
	l := listOf(spec(), numbered(30))
	late := l.SortBy("name", true)
	deliver(l, l.SortBy("length", false))
	want := shown(l)
	deliver(l, late)
	if got := shown(l); !slices.Equal(got, want) {
		t.Errorf("a late order is shown: %v", got)
	}
	late = l.find(message.Search{Text: "row 2"})
	deliver(l, l.find(message.Search{Text: "row 5"}))
	was := l.cursor
	deliver(l, late)
	if l.cursor != was {
		t.Error("the answer to an earlier search moved the cursor")
	}
}

// TestArrangementsWait for each other, and the newest is made in the end.
func TestArrangementsWait(t *testing.T) {
	l := listOf(spec(), numbered(30))
	deliver(l, l.SortBy("name", true))
	made := 0
	load := func(n int) tea.Cmd {
		return l.Load(false, func(context.Context) (names, message.Rows, error) {
			made++
			return numbered(n), message.All(n), nil
		})
	}
	first := load(40)
	for n := 41; n < 50; n++ {
		if load(n) != nil {
			t.Fatal("two at a time")
		}
	}
	deliver(l, first)
	if l.Len() != 49 || made != 2 {
		t.Errorf("%d rows after %d arrangements", l.Len(), made)
	}
}

func TestSearchCounts(t *testing.T) {
	l := listOf(spec(), numbered(2*searchStep))
	text := "row 7"
	n := 0
	for _, name := range l.data {
		if strings.Contains(name, text) {
			n++
		}
	}
	look := func(backwards bool) []tea.Msg {
		return deliver(l, l.find(message.Search{Text: text, Backwards: backwards}))
	}
	for _, step := range []struct {
		backwards bool
		want      string
		wrapped   bool
	}{{false, "row 7", false}, {false, "row 70", false}, {true, "row 7", false}, {true, fmt.Sprintf("row %d", 79_999), true}} {
		requests := look(step.backwards)
		if got := current(t, l); got != step.want && !(step.wrapped && strings.HasPrefix(got, text)) || len(requests) > 0 != step.wrapped {
			t.Errorf("backwards %v: on %s, want %s, %v", step.backwards, got, step.want, requests)
		}
	}
	if want := fmt.Sprintf("/row 7: %s of %s", widget.Count(n), widget.Count(n)); !strings.HasSuffix(l.Status(), want) {
		t.Errorf("status %q, want %q", l.Status(), want)
	}
	press(l, keys.Up)
	if want := widget.Count(n) + " found"; !strings.HasSuffix(l.Status(), want) && !strings.Contains(l.Status(), " of "+widget.Count(n)) {
		t.Errorf("status %q, want %q", l.Status(), want)
	}
	// Rows that come are looked through, others are looked through again.
	more := append(slices.Clone(l.data), "row 7 again")
	deliver(l, l.Show(more, message.All(len(more)), false))
	if got := l.search.hits.Len(); got != n+1 {
		t.Errorf("%d hits in the rows that have grown, want %d", got, n+1)
	}
	deliver(l, l.Show(more, some{7, 8, len(more) - 1}, false))
	if got := l.search.hits.Len(); got != 2 {
		t.Errorf("%d hits in three rows, want 2", got)
	}
	for _, wrong := range []string{"nowhere", "/(/"} {
		requests := deliver(l, l.find(message.Search{Text: wrong}))
		if len(requests) != 1 {
			t.Errorf("search for %s: %v", wrong, requests)
			continue
		}
		if _, failed := requests[0].(message.Failed); !failed {
			t.Errorf("search for %s: %v", wrong, requests)
		}
	}
}

// TestNextHitWhileCounting: what is known is not looked for again, and so the
// count comes to its end however often n is pressed.
func TestNextHitWhileCounting(t *testing.T) {
	l := listOf(spec(), numbered(3*searchStep))
	l.move(10)
	text := "row 7"
	step, _ := l.Update(screentest.Messages(l.find(message.Search{Text: text}))[0])
	number := l.search.Number
	for _, c := range []struct {
		backwards bool
		want      string
	}{{false, "row 71"}, {false, "row 72"}, {true, "row 71"}, {true, "row 70"}} {
		if cmd := l.find(message.Search{Text: text, Backwards: c.backwards}); cmd != nil || current(t, l) != c.want {
			t.Errorf("backwards %v: on %s, want %s", c.backwards, current(t, l), c.want)
		}
	}
	if l.search.Number != number {
		t.Error("the search has begun anew")
	}
	// What lies before the beginning is not known yet.
	if cmd := l.find(message.Search{Text: text, Backwards: true}); cmd == nil || l.search.Number == number {
		t.Error("a hit that is not known is not looked for")
	}
	_ = step
}

// TestMatchesAreMarked, on the row under the cursor as well.
func TestMatchesAreMarked(t *testing.T) {
	l := listOf(spec(), names{"a needle here", "nothing"})
	th := theme.Plain()
	th.Match = th.Match.Transform(func(s string) string { return "<" + s + ">" })
	th.Cursor = th.Cursor.Transform(func(s string) string { return "{" + s + "}" })
	l.theme = th
	l.search.pattern = regexp.MustCompile("needle|e h")
	l.Choose("name")
	for _, want := range []string{"a }<needle>{ her", "a <needle> her"} {
		if view := l.View(); !strings.Contains(view, want) {
			t.Errorf("no %q in\n%s", want, view)
		}
		press(l, keys.Down)
	}
}

func TestPastedKeysAreText(t *testing.T) {
	l := listOf(spec(), numbered(10))
	if _, ok := l.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("G"), Paste: true}); ok || l.cursor != 0 {
		t.Error("a pasted G is a key")
	}
}

func TestDataMayBeBehind(t *testing.T) {
	l := listOf(spec(), numbered(3))
	deliver(l, l.Show(numbered(3), message.All(10), false))
	press(l, keys.Bottom, keys.Mark, keys.Range, keys.Top)
	screentest.Fits(t, l.View(), screentest.Size{Width: 60, Height: 11})
	for range 2 {
		deliver(l, l.sortByColumn())
		press(l, keys.Bottom)
		l.View()
		l.Focus()
	}
}

func BenchmarkView(b *testing.B) {
	for _, n := range []int{1_000, 10_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := spec()
			s.Len = func(names) int { return n }
			for c := range s.Columns {
				s.Columns[c].Cell = func(names, int) widget.Cell { return widget.Cell{Text: "text " + hostile} }
			}
			l := New(theme.Plain(), s)
			l.SetSize(120, 40)
			l.Show(nil, message.All(n), true)
			b.ReportAllocs()
			for b.Loop() {
				l.Update(screentest.Key(keys.PageDown.Keys()[0]))
				l.View()
			}
		})
	}
}

// TestRowsChangeWhileSearching: the hit is a row, wherever it is shown by then.
func TestRowsChangeWhileSearching(t *testing.T) {
	for name, c := range map[string]struct {
		later names
		rows  message.Rows
		want  string
	}{
		"turned": {names{"needle", "b", "a"}, message.All(3), "needle"},
		"hidden": {names{"a", "b", "needle"}, some{0, 1}, "a"},
		"grown":  {names{"a", "b", "needle", "c"}, message.All(4), "needle"},
	} {
		l := listOf(following(), names{"a", "b", "needle"})
		asked := l.find(message.Search{Text: "needle"})
		again := l.Show(c.later, c.rows, false)
		failed := false
		for _, cmd := range []tea.Cmd{again, asked} {
			for _, r := range deliver(l, cmd) {
				_, is := r.(message.Failed)
				failed = failed || is
			}
		}
		if got := current(t, l); got != c.want || failed != (name == "hidden") {
			t.Errorf("%s: the cursor is on %s, want %s, failed %v", name, got, c.want, failed)
		}
	}
}
