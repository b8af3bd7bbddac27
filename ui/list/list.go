package list

import (
	"regexp"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Spec describes a list of rows of D. It never changes; every function gets the
// data to work on. What draws (Cell, Name, Fit and Hidden of columns, About, Facts,
// Room, Zone) runs for every frame, the rest may run in the background.
type Spec[D any] struct {
	Columns []Column[D]
	// Start is the title of the column that the column cursor is on at first.
	Start string
	// SortedBy is the title of the column that the rows are sorted by at first;
	// empty for Order.
	SortedBy string
	// Order is the order of rows that no column sorts; nil is ascending.
	Order Sort[D]

	// Len is how many rows the data knows. Rows that are shown may be more: the
	// filters have seen a later log.
	Len func(d D) int
	// Kept is what the case file and the configuration call the list; empty where
	// neither marks nor columns are kept.
	Kept string
	// Fixed is that the columns are what they are: a chart's.
	Fixed bool
	// Identity is what a row is known by; nil where rows keep their numbers.
	Identity *Identity[D]
	// Few promises that there are so few rows that Update may look at all of them.
	Few bool
	// Top keeps a cursor that nobody has moved on the first row.
	Top bool
	// Stay reports whether the cursor keeps its place rather than go with its
	// row: because the row was labelled, and the next one to be read is behind it.
	Stay func(old, now D, row int) bool
	// Back returns the row that an undo has brought back, to which the cursor goes; nil
	// where rows are not moved by what is undone.
	Back func(old, now D) (row int, ok bool)

	// Parent is the row that a row is under, -1 for none: whatever sorts the rows,
	// it is there. nil where rows are by themselves.
	Parent func(d D, row int) int

	// Time is when a row was or begins; nil where rows have no time.
	Time func(d D, row int) store.Moment
	// Zone is that of times in the log.
	Zone func(d D) string
	// Term is the filter term of a row, for cells that have none of their own.
	Term func(d D, row int) string
	// Target is what a digit labels where nothing is marked; nil where rows have
	// no connections.
	Target func(d D, row int) message.Target
	// Connections adds the connections of a marked row.
	Connections func(d D, row int, add func(connection int))
	// Snapshot is what connections are indices of.
	Snapshot func(d D) *pipeline.Snapshot
	// Many is set where rows have connections rather than are some.
	Many bool
	// Signed reports whether a row bears a sign that it is worth a look, to which the keys
	// lead that go to marks where nothing is marked; nil where rows bear none.
	Signed func(d D, row int) bool
	// Unit is what rows are called: "row", "rows".
	Unit [2]string
	// Copy is what y copies of a row.
	Copy func(d D, row int) message.Copy

	// Open is what enter asks for, and Opens names it: "transcript". It is
	// nil where enter is the screen's.
	Open  func(d D, row int) tea.Msg
	Opens string
	// OpenEntries and OpenConnections are terms of what o and c lead to; nil where
	// there is no such key, or it is the screen's.
	OpenEntries, OpenConnections func(d D, row int) string

	// Aside describes what is between the rows; nil for nothing.
	Aside *Aside[D]

	// Match returns a test of rows, for a search.
	Match func(d D, re *regexp.Regexp) func(row int) bool
	// Scan, where set, searches instead, in blocks of rows.
	Scan Scan[D]
	// Missing is what a search without a hit comes to: "no template has it".
	Missing string

	// About returns in full what is known of a row, for the pane below the rows.
	// The first paragraph is a title.
	About func(d D, row int) []string
	// Facts returns the same for the few lines that Room leaves.
	Facts func(d D, row int) []string
	// Room shares a body of some height out; what is left is for the rows.
	Room func(d D, height int) Room
}

// Room is the lines of a body beside the rows.
type Room struct {
	Heading int // above the rows
	Status  int // below them: position, order, terms; 0 or 1
	Facts   int // about the row under the cursor
}

// List is a list of rows. Its methods take a pointer and are for the copy that a
// screen's Update has.
type List[D any] struct {
	spec          *Spec[D]
	theme         *theme.Theme
	width, height int // of the body
	details       widget.Details

	data     D
	rows     rows
	column   int // under the column cursor
	arranged arrangement
	sort     order
	cursor   int // position
	top      int // position of the first row on the screen
	left     int // cells by which flexible columns are scrolled, or beginning
	moved    bool
	toTop    bool // the cursor shall go to the first row once the rows are arranged
	grows    bool // rows may come behind the last one
	atEnd    bool // and a key has put the cursor on that
	want     want[D]
	asked    bool // want is of GoTo: the row may come later
	change   int  // grows whenever cursor or marks change

	marks  Marks
	lost   []string // names of marked rows that the data does not have, or not yet
	anchor int      // position where the open range begins, -1 for none
	adding adding
	seek   seeking[D]
	later  []move[D] // whose turn has not come
	tally  screen.Job

	source  source[D]
	arrange screen.Job
	search  search[D]
	cached  *matchCache
}

// order is what rows are sorted by: a column, or Spec.Order where it is negative.
type order struct {
	column     int
	descending bool
}

// want finds the row where the cursor belongs until a key moves it; nil where it
// is on its row.
type want[D any] func(d D) (row int, ok bool)

// New makes a list without rows.
func New[D any](t *theme.Theme, spec *Spec[D]) List[D] {
	l := List[D]{spec: spec, theme: t, anchor: -1, details: widget.NewDetails(t), cached: &matchCache{}, column: spec.index(spec.Start)}
	l.arranged = arrangementOf(nil, len(spec.Columns), nil)
	l.sort = l.firstOrder()
	return l
}

// firstOrder is the order of the start.
func (l *List[D]) firstOrder() order {
	if l.spec.SortedBy == "" {
		return order{column: -1}
	}
	c := l.spec.index(l.spec.SortedBy)
	return order{c, l.spec.Columns[c].LargestFirst}
}

// SetSize sets the size of the body in cells.
func (l *List[D]) SetSize(width, height int) {
	l.width, l.height = width, height
	l.details.SetSize(width, height)
	l.follow()
}

// SetData replaces the data that rows are drawn with; rows are of the same things
// as before.
func (l *List[D]) SetData(d D) {
	l.data = d
	l.follow()
}

// Data returns the data of the rows that are shown.
func (l *List[D]) Data() D { return l.data }

// Len returns how many rows are shown, and asides between them.
func (l *List[D]) Len() int { return l.rows.len() }

// At returns the row at a position, ^k for aside k.
func (l *List[D]) At(k int) int { return l.rows.at(k) }

// Visible returns the positions that are on the screen, to not included.
func (l *List[D]) Visible() (from, to int) {
	return l.top, min(l.rows.len(), l.top+l.page())
}

// Current returns the row under the cursor, false where there is none.
func (l *List[D]) Current() (row int, ok bool) {
	if l.cursor >= l.rows.len() {
		return 0, false
	}
	row = l.rows.at(l.cursor)
	return row, row >= 0 && row < l.spec.Len(l.data)
}

// Update handles the list's own answers, searches, and keys. What is handled is
// none of the screen's any more.
func (l *List[D]) Update(msg tea.Msg) (cmd tea.Cmd, handled bool) {
	switch msg := msg.(type) {
	case arranged[D]:
		return l.arrive(msg), true
	case found[D]:
		return l.foundSome(msg), true
	case added[D]:
		return l.addedMarks(msg), true
	case tallied[D]:
		return l.tallied(msg), true
	case sought[D]:
		return l.soughtRow(msg), true
	case message.Following:
		l.grows = msg.On
		return nil, true
	case message.Search:
		return l.searchFor(msg), true
	case message.AtTime:
		return l.goToTime(msg), true
	case message.Marks:
		return l.restore(msg), true
	case message.Click:
		return l.click(msg), true
	case message.Columns:
		l.arrangeColumns(msg)
		return nil, true
	case Held:
		return l.hold(msg), true
	case tea.KeyMsg:
		if msg.Paste { // pasted text is never a command
			return nil, false
		}
		return l.press(msg)
	}
	return nil, false
}

func (l *List[D]) press(msg tea.KeyMsg) (cmd tea.Cmd, handled bool) {
	if l.spec.About != nil && !key.Matches(msg, keys.Open, keys.Entries, keys.Connections) && l.details.Update(msg, l.about()) {
		return nil, true
	}
	page := max(1, l.page()-1)
	switch {
	case key.Matches(msg, keys.Up):
		l.move(l.cursor - 1)
	case key.Matches(msg, keys.Down):
		l.move(l.cursor + 1)
	case key.Matches(msg, keys.PageUp):
		l.move(l.cursor - page)
	case key.Matches(msg, keys.PageDown):
		l.move(l.cursor + page)
	case key.Matches(msg, keys.Top):
		l.move(0)
	case key.Matches(msg, keys.Bottom):
		l.move(l.rows.len() - 1)
	case key.Matches(msg, keys.Left):
		l.choose(-1)
	case key.Matches(msg, keys.Right):
		l.choose(1)
	case key.Matches(msg, keys.ScrollLeft):
		l.scroll(-scrollStep)
	case key.Matches(msg, keys.ScrollRight):
		l.scroll(scrollStep)
	case key.Matches(msg, keys.Sort, keys.Reverse) && l.rows.len() == 0:
	case key.Matches(msg, keys.Sort):
		return l.sortByColumn(), true
	case key.Matches(msg, keys.Reverse) && !l.Sorted():
	case key.Matches(msg, keys.Reverse):
		return l.resort(l.firstOrder()), true
	case key.Matches(msg, keys.Tally):
		return l.tallyColumn(), true
	case key.Matches(msg, keys.Mark):
		return l.toggle(), true
	case key.Matches(msg, keys.Range):
		return l.markRange(), true
	case key.Matches(msg, keys.Open) && l.spec.Open != nil:
		return l.open(), true
	case key.Matches(msg, keys.Entries) && l.spec.OpenEntries != nil:
		return l.openEntries(), true
	case key.Matches(msg, keys.Connections) && l.spec.OpenConnections != nil:
		return l.OpenConnections(), true
	case key.Matches(msg, keys.NextMark):
		return l.inTurn(func(l *List[D]) tea.Cmd { return l.seekMark(1) }), true
	case key.Matches(msg, keys.PreviousMark):
		return l.inTurn(func(l *List[D]) tea.Cmd { return l.seekMark(-1) }), true
	default:
		return nil, false
	}
	return nil, true
}

// scrollStep is how many cells a key scrolls.
const scrollStep = 8

// scroll moves the text of flexible columns; left of 0 is beginning where that shows
// something else.
func (l *List[D]) scroll(by int) {
	switch {
	case by > 0 && l.left == beginning:
		if l.left = 0; !l.elided() {
			l.left = by
		}
	case by > 0, l.left > 0:
		l.left = max(0, l.left+by)
	case l.elided():
		l.left = beginning
	}
}

// move puts the cursor on a position, or the nearest that there is, where it
// stays.
func (l *List[D]) move(k int) {
	l.want, l.asked, l.toTop, l.moved = nil, false, false, true
	l.atEnd = k > 0 && k >= l.rows.len()-1
	l.change++
	l.put(k)
}

// put shows the cursor at a position.
func (l *List[D]) put(k int) {
	l.cursor = max(0, min(k, l.rows.len()-1))
	l.follow()
}

// follow moves the window so that it shows the cursor and no more empty lines
// than it must.
func (l *List[D]) follow() {
	page := max(1, l.page())
	l.top = min(l.top, l.cursor)
	l.top = max(l.top, l.cursor-page+1)
	l.top = max(0, min(l.top, l.rows.len()-page))
}

// reveal puts the cursor on a position that the analyst has not seen yet: the
// rows around it are shown too.
func (l *List[D]) reveal(k int) {
	from, to := l.Visible()
	l.move(k)
	if context := min(contextRows, (l.page()-1)/2); k < from+context || k >= to-context {
		l.top = max(0, min(l.cursor-l.page()/3, l.rows.len()-max(1, l.page())))
		l.follow()
	}
	l.details.Rewind()
}

// contextRows is how many rows are shown above and below one that was jumped to.
const contextRows = 3

// choose moves the column cursor, over the columns that make sense now.
func (l *List[D]) choose(step int) {
	order := l.arranged.order
	n, at := len(order), slices.Index(order, l.column)
	for range n {
		at = (at + step + n) % n
		if l.column = order[at]; !l.hidden(l.column) {
			return
		}
	}
}

// Column returns the title of the column under the column cursor.
func (l *List[D]) Column() string { return l.spec.Columns[l.column].Title }

// Width returns the cells of a line.
func (l *List[D]) Width() int { return l.width }

// Choose puts the column cursor on the column of a title.
func (l *List[D]) Choose(title string) { l.column = l.spec.index(title) }

// sortByColumn sorts by the column under the cursor, or reverses that order.
func (l *List[D]) sortByColumn() tea.Cmd {
	col := &l.spec.Columns[l.column]
	switch {
	case col.Sort == nil:
		return message.Request(message.Notice{Text: "rows cannot be sorted by " + l.title(l.column)})
	case l.sort.column == l.column:
		return l.resort(order{l.column, !l.sort.descending})
	}
	return l.resort(order{l.column, col.LargestFirst})
}

// SortBy sorts by the column of a title.
func (l *List[D]) SortBy(title string, descending bool) tea.Cmd {
	return l.resort(order{l.spec.index(title), descending})
}

// SortColumn returns the title of the column that the rows are sorted by, empty
// where none sorts them.
func (l *List[D]) SortColumn() string {
	if l.sort.column < 0 {
		return ""
	}
	return l.spec.Columns[l.sort.column].Title
}

// resort puts the rows in another order, to show what comes first.
func (l *List[D]) resort(by order) tea.Cmd {
	l.giveUp()
	l.sort, l.want, l.asked, l.toTop, l.atEnd = by, nil, false, true, false
	l.change++
	return l.arrangeRows(true)
}

// StopSearch gives up looking for the next hit, or for another row; false where that is
// not under way.
func (l *List[D]) StopSearch() bool {
	was := l.moves()
	l.giveUp()
	return was
}

// Escape takes the topmost thing away that the analyst put on the list: a search
// under way, the pane in full, the open range, the marks, what a search has found;
// false where there is none. Marks that the filters hide stay until they are seen.
func (l *List[D]) Escape() bool {
	if !l.Escapes() {
		return false
	}
	switch {
	case l.StopSearch():
	case l.details.Escape():
	case l.anchor >= 0:
		l.anchor = -1
		l.change++
	case l.adding.Running():
		l.adding.Job = l.adding.Stop()
	case l.showsMarks():
		l.marks, l.lost = Marks{}, nil
		l.change++
	default:
		l.search = search[D]{Job: l.search.Stop()}
	}
	return true
}

// Escapes reports whether there is something that Escape would take away.
func (l *List[D]) Escapes() bool {
	return l.details.Whole() || l.anchor >= 0 || l.adding.Running() || l.showsMarks() || l.search.pattern != nil || l.moves()
}

// Close gives the rows back the place of a pane that has the whole body; false
// where none has.
func (l *List[D]) Close() bool { return l.details.Escape() }
