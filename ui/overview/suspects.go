package overview

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/suspicion"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/selection"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// data is what the list of suspects is made of: a row is an index into
// the first suspects of its ranking.
type data struct {
	theme    *theme.Theme
	snapshot *pipeline.Snapshot // nil before the first
	labels   label.Set
	ranked   label.Set      // that the order knows
	at       map[uint32]int // rows, by connection
	widest   map[string]int // cell of a column, in cells
}

// data is that of now. There are no more suspects than suspicion.Shown, so
// this may look at all of them.
func (m *Model) data() data {
	d := data{theme: m.theme, snapshot: m.snapshot, labels: m.labels, ranked: m.ranked, at: map[uint32]int{}, widest: map[string]int{}}
	if m.snapshot == nil {
		return d
	}
	for row := range m.snapshot.Ranking.First() {
		d.at[m.snapshot.Ranking.First()[row].Connection] = row
	}
	for _, c := range columns {
		if c.Flex {
			continue
		}
		widest := len(c.Title)
		for row := range m.snapshot.Ranking.First() {
			widest = max(widest, ansi.StringWidth(widget.Clip(m.theme, c.Cell(d, row).Text, c.Width)))
		}
		d.widest[c.Title] = widest
	}
	return d
}

// left is the suspects that the filters leave.
func (m *Model) left() message.Rows {
	suspects := m.snapshot.Ranking.First()
	if len(m.filtered.Active) == 0 {
		return message.All(len(suspects))
	}
	shown := selection.NewBuilder(len(suspects))
	for row := range suspects {
		if _, left := m.filtered.Connections.Find(int(suspects[row].Connection)); left {
			shown.Add(row)
		}
	}
	return shown.Bits()
}

func (d data) suspect(row int) *suspicion.Suspect { return &d.snapshot.Ranking.First()[row] }

func (d data) connection(row int) int { return int(d.suspect(row).Connection) }

func (d data) name(row int) string { return d.snapshot.Connections.Name(d.connection(row)) }

func (d data) user(row int) string {
	return d.snapshot.Connections.Text(d.snapshot.Connections.Peek(d.connection(row)).User)
}

func (d data) host(row int) string {
	return d.snapshot.Connections.Text(d.snapshot.Connections.Peek(d.connection(row)).Host)
}

func (d data) class(row int) string {
	return d.labels.Class(d.snapshot.Connections.Ref(d.connection(row)))
}

// labelledSince reports whether a suspect has got another class since an older
// order. Snapshots between two rankings know it already.
func labelledSince(old, now data, row int) bool {
	ref := old.snapshot.Connections.Ref(old.connection(row))
	return old.ranked.Class(ref) != now.ranked.Class(ref)
}

// fitting makes a column no wider than what is in it, so that the reasons have
// room in a narrow window.
func fitting(c list.Column[data]) list.Column[data] {
	title := c.Title
	c.Fit = func(d data, _ int) int { return d.widest[title] }
	return c
}

var spec = list.Spec[data]{
	Columns: columns,
	Start:   "reasons",
	Few:     true,
	Stay:    labelledSince,
	Unit:    [2]string{"connection", "connections"},
	Missing: "no suspect that is shown has it; the other screens search the log",
	Len: func(d data) int {
		if d.snapshot == nil {
			return 0
		}
		return len(d.snapshot.Ranking.First())
	},
	Kept: "suspects",
	Identity: list.Numbered(func(d data, row int) uint32 { return d.suspect(row).Connection }, func(d data, connection uint32) (int, bool) {
		at, ok := d.at[connection]
		return at, ok
	}),
	Term:            term,
	OpenEntries:     term,
	OpenConnections: term,
	Open: func(d data, row int) tea.Msg {
		return message.OpenConnection{Connection: d.connection(row), At: -1}
	},
	Opens:       "read the connection",
	Target:      func(d data, row int) message.Target { return message.One(d.snapshot, d.connection(row)) },
	Connections: func(d data, row int, add func(int)) { add(d.connection(row)) },
	Snapshot:    func(d data) *pipeline.Snapshot { return d.snapshot },
	Copy: func(d data, row int) message.Copy {
		return message.Copy{What: "connection " + d.name(row), Text: func(context.Context) (string, error) {
			text := fmt.Sprintf("connection %s, score %.2f", d.name(row), d.suspect(row).Score)
			for _, r := range d.suspect(row).Reasons {
				text += "\n- " + r
			}
			return text + "\n", nil
		}}
	},
	Match: func(d data, re *regexp.Regexp) func(int) bool {
		return func(row int) bool {
			for _, c := range columns {
				if !c.Flex && re.MatchString(c.Cell(d, row).Text) {
					return true
				}
			}
			return slices.ContainsFunc(d.suspect(row).Reasons, re.MatchString)
		}
	},
}

var columns = []list.Column[data]{
	fitting(list.Column[data]{
		Title: "conn", Width: 12, Right: true,
		Cell: func(d data, row int) widget.Cell { return widget.Cell{Text: d.name(row), Style: &d.theme.Strong} },
		Sort: list.Number(func(d data, row int) uint32 { return d.suspect(row).Connection }),
	}),
	fitting(list.Column[data]{
		Title: "score", Width: 5, Right: true, LargestFirst: true,
		Cell: func(d data, row int) widget.Cell { return widget.Cell{Text: fmt.Sprintf("%.2f", d.suspect(row).Score)} },
		Sort: list.Compare(func(d data, a, b int) int { return cmp.Compare(d.suspect(a).Score, d.suspect(b).Score) }),
	}),
	fitting(list.Column[data]{
		Title: "class", Width: 14, Priority: 1,
		Cell: classCell,
		Sort: list.Text(func(d data, row int) string { return classCell(d, row).Text }),
		Term: func(d data, row int) string { return filter.Term("label", d.class(row)) },
	}),
	fitting(list.Column[data]{
		Title: "user", Width: 12, Priority: 3,
		Cell: func(d data, row int) widget.Cell { return widget.Cell{Text: d.user(row)} },
		Sort: list.Text(data.user),
		Term: func(d data, row int) string { return filter.Term("user", d.user(row)) },
	}),
	fitting(list.Column[data]{
		Title: "host", Width: 15, Priority: 2,
		Cell: func(d data, row int) widget.Cell { return widget.Cell{Text: d.host(row)} },
		Sort: list.Text(data.host),
		Term: func(d data, row int) string { return filter.Term("host", d.host(row)) },
	}),
	{
		Title: "reasons", Width: 12, Flex: true,
		Cell: func(d data, row int) widget.Cell {
			return widget.Cell{Text: strings.Join(d.suspect(row).Reasons, "; ")}
		},
	},
}

func term(d data, row int) string { return filter.Term("id", d.name(row)) }

// classCell draws a label. Labelled as normal is not the same as not looked at.
func classCell(d data, row int) widget.Cell {
	t := d.theme
	v, ok := d.labels.Verdict(d.snapshot.Connections.Ref(d.connection(row)))
	switch {
	case !ok:
		return widget.None(t)
	case v.Class == label.Normal:
		return widget.Cell{Text: v.Class, Style: &t.Good}
	}
	return widget.Cell{Text: v.Class, Style: &t.Bad}
}
