package list

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
)

// Identity is what a row is known by in other data, and in the case file.
type Identity[D any] struct {
	Name func(d D, row int) string
	// Row returns the row that has a name.
	Row func(d D, name string) (row int, ok bool)
}

// follow returns the row of newer data that has the identity of a row of older
// data.
func (id *Identity[D]) follow(old, now D, row int) (int, bool) { return id.Row(now, id.Name(old, row)) }

// Numbered is the identity of rows about something which keeps its number.
func Numbered[D any](number func(d D, row int) uint32, row func(d D, number uint32) (int, bool)) *Identity[D] {
	return &Identity[D]{
		Name: func(d D, r int) string { return strconv.FormatUint(uint64(number(d, r)), 10) },
		Row: func(d D, name string) (int, bool) {
			n, err := strconv.ParseUint(name, 10, 32)
			if err != nil {
				return 0, false
			}
			return row(d, uint32(n))
		},
	}
}

// Any is a list of whatever data, as the root sees it.
type Any interface {
	Len() int // rows that are shown
	// Row returns the row under the cursor, false where there is none.
	Row() (row int, ok bool)
	// Idle returns why a key of the list does nothing now; empty for what is none of its
	// keys.
	Idle(msg tea.KeyMsg) string
	Escapes() bool
	Timed() bool // rows have times
	// Marking returns how many rows are marked, for the header; empty for none.
	Marking() string
	// Name is what the case file calls the list; empty where it keeps nothing of it.
	Name() string
	// Columns returns the columns, from left to right; none where they stay as they are.
	Columns() []ColumnState
	// Titles returns the titles of all columns that it may have.
	Titles() []string
	Marks() Marks
	// Kept returns what the case file keeps of the marks; false where they are more
	// than most.
	Kept(most int) (message.Marks, bool)
	// Held returns the marks as they are, to put them back later.
	Held() Held
}

// Held is the marks of a list at some time. As a message to its screen it puts them
// back, beside those of now.
type Held struct {
	list  string
	marks Marks
	names []string // instead, where rows change their numbers
	// Gone takes all marks away instead.
	Gone bool
}

// Len returns how many rows are marked.
func (h Held) Len() int { return h.marks.Len() + len(h.names) }

// Held returns the marks as they are.
func (l *List[D]) Held() Held {
	h := Held{list: l.spec.Kept, marks: l.marks}
	if id := l.spec.Identity; id != nil {
		h.marks, h.names = Marks{}, slices.Clone(l.lost)
		for row := range l.marks.Rows() {
			h.names = append(h.names, id.Name(l.data, row))
		}
	}
	return h
}

// hold puts marks back.
func (l *List[D]) hold(h Held) tea.Cmd {
	if h.list != l.spec.Kept || h.list == "" {
		return nil
	}
	l.change++
	if h.Gone {
		l.marks, l.lost = Marks{}, nil
		return nil
	}
	l.marks, l.lost = l.marks.union(h.marks), slices.Concat(l.lost, h.names)
	if len(h.names) == 0 {
		return nil
	}
	return l.arrangeRows(false)
}

// Row returns the row under the cursor.
func (l *List[D]) Row() (row int, ok bool) { return l.Current() }

// Name is what the case file calls the list.
func (l *List[D]) Name() string { return l.spec.Kept }

// Marks returns the marked rows.
func (l *List[D]) Marks() Marks { return l.marks }

// Kept returns the marks as the case file keeps them.
func (l *List[D]) Kept(most int) (m message.Marks, ok bool) {
	m.List = l.spec.Kept
	switch id := l.spec.Identity; {
	case id == nil:
		m.Ranges, ok = l.marks.Ranges(most)
		return m, ok
	case l.marks.Len()+len(l.lost) > most:
		return m, false
	default:
		for _, name := range l.lost {
			m.Names = append(m.Names, written(name))
		}
		for row := range l.marks.Rows() {
			m.Names = append(m.Names, written(id.Name(l.data, row)))
		}
	}
	slices.Sort(m.Names)
	return m, true
}

// restore adds marks that the case file has kept.
func (l *List[D]) restore(m message.Marks) tea.Cmd {
	if m.List != l.spec.Kept {
		return nil
	}
	l.change++
	for _, r := range m.Ranges {
		l.marks = l.marks.Add(r[0], r[1])
	}
	l.lost = slices.Clip(l.lost)
	for _, name := range m.Names {
		l.lost = append(l.lost, read(name))
	}
	return l.arrangeRows(false)
}

// written is a name as text: names come from the log, in any bytes.
func written(name string) string {
	if utf8.ValidString(name) && !strings.HasPrefix(name, `"`) {
		return name
	}
	return strconv.Quote(name)
}

// read is what written has made a text of.
func read(text string) string {
	if name, err := strconv.Unquote(text); err == nil && strings.HasPrefix(text, `"`) {
		return name
	}
	return text
}
