package stages

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// data is what rows are made of: row 0 is the incident as a whole, row k its stage k.
type data struct {
	theme    *theme.Theme
	snapshot *pipeline.Snapshot
	incident *incident.Incident // nil before one is opened
	letter   string
	told     [][]told // by row, the most telling first; nil before they are read
}

func (d data) len() int {
	if d.incident == nil {
		return 0
	}
	return 1 + len(d.incident.Stages)
}

// stage returns the stage of a row, nil for the incident as a whole.
func (d data) stage(row int) *incident.Stage {
	if row == 0 {
		return nil
	}
	return &d.incident.Stages[row-1]
}

// name is what a row is called in a filter, behind the id of the incident.
func (d data) name(row int) string {
	if st := d.stage(row); st != nil {
		return st.Name.String()
	}
	return "all"
}

// about names a row in a sentence.
func (d data) about(row int) string {
	if row == 0 {
		return "incident " + d.letter
	}
	return fmt.Sprintf("stage %d, %s, of incident %s", row, d.name(row), d.letter)
}

func (d data) span(row int) (first, last store.Moment) {
	if st := d.stage(row); st != nil {
		return st.First, st.Last
	}
	return d.incident.First, d.incident.Last
}

// sent returns the entries of a row and its connections.
func (d data) sent(row int) (entries, connections []uint32) {
	if st := d.stage(row); st != nil {
		return st.Entries, st.Connections
	}
	return d.incident.Entries, d.incident.Connections
}

// after returns what came after.
func (d data) after(row int) string {
	list := d.incident.After
	if st := d.stage(row); st != nil {
		list = st.After
	}
	return words(list)
}

// tells returns the most telling statements of a row, as far as they are read.
func (d data) tells(row int) []told {
	if d.told == nil {
		return nil
	}
	return d.told[row]
}

var spec = list.Spec[data]{
	Columns: []list.Column[data]{
		{
			Title: "stage", Width: 18,
			Cell: func(d data, row int) widget.Cell {
				if row == 0 {
					return widget.Cell{Text: "all of " + d.letter, Style: &d.theme.Strong}
				}
				return widget.Cell{Text: strconv.Itoa(row) + " " + d.name(row)}
			},
		},
		{
			Title: "from", Width: 14, Priority: 3,
			Cell: func(d data, row int) widget.Cell {
				first, _ := d.span(row)
				return widget.Cell{Text: d.theme.Clock.Of(first).Format("01-02 15:04:05")}
			},
			Term: func(d data, row int) string {
				first, _ := d.span(row)
				return filter.Minute(first)
			},
		},
		{
			Title: "lasted", Width: 7, Priority: 4, Right: true,
			Cell: func(d data, row int) widget.Cell {
				first, last := d.span(row)
				if us, ok := last.Since(first); ok && us > 0 {
					return widget.Cell{Text: widget.Elapsed(us)}
				}
				return widget.None(d.theme)
			},
		},
		{
			Title: "sent", Width: 6, Right: true,
			Cell: func(d data, row int) widget.Cell {
				entries, _ := d.sent(row)
				return widget.Cell{Text: widget.Count(len(entries))}
			},
		},
		{
			Title: "tells most", Width: 12, Flex: true,
			Cell: func(d data, row int) widget.Cell {
				if row == 0 {
					return widget.Cell{Text: d.incident.Asked, Style: &d.theme.Strong}
				}
				return d.statement(row)
			},
		},
		{
			Title: "then sent", Width: 28, Priority: 5,
			Fit:    func(_ data, window int) int { return min(48, window/4) },
			Hidden: func(d data) bool { return d.incident == nil || len(d.incident.After) == 0 },
			Cell:   func(d data, row int) widget.Cell { return widget.Cell{Text: d.after(row)} },
		},
	},
	Start: "tells most",
	Few:   true,
	Many:  true,
	Unit:  [2]string{"stage", "stages"},
	Len:   data.len,
	Identity: &list.Identity[data]{
		Name: data.name,
		Row: func(d data, name string) (int, bool) {
			if name == "all" {
				return 0, true
			}
			k := slices.IndexFunc(d.incident.Stages, func(st incident.Stage) bool { return st.Name.String() == name })
			return 1 + k, k >= 0
		},
	},
	Time: func(d data, row int) store.Moment {
		first, _ := d.span(row)
		return first
	},
	Missing:         "nothing that is said of this incident has it; Entries searches the log",
	Zone:            func(d data) string { return d.theme.Clock.Zone(d.snapshot.Zone()) },
	Term:            term,
	OpenEntries:     term,
	OpenConnections: term,
	Open: func(d data, row int) tea.Msg {
		return message.OpenEntries{Title: "statements of " + d.about(row), Term: term(d, row)}
	},
	Opens:  "statements",
	Target: target,
	Connections: func(d data, row int, add func(int)) {
		_, connections := d.sent(row)
		for _, c := range connections {
			add(int(c))
		}
	},
	Snapshot: func(d data) *pipeline.Snapshot { return d.snapshot },
	Copy: func(d data, row int) message.Copy {
		return message.Copy{What: d.about(row), Text: func(context.Context) (string, error) { return Text(d.lines(row)), nil }}
	},
	Match: func(d data, re *regexp.Regexp) func(int) bool {
		return func(row int) bool {
			return re.MatchString(d.about(row)) || slices.ContainsFunc(d.lines(row), func(l Line) bool { return re.MatchString(l.Text) })
		}
	},
}

// term selects the statements of a row.
func term(d data, row int) string {
	if row == 0 {
		return filter.Term("incident", d.incident.ID)
	}
	return filter.Term("incident", d.incident.ID+"/"+d.name(row))
}

// target is all connections of the incident, or of a stage; the entry is the most
// telling one.
func target(d data, row int) message.Target {
	_, connections := d.sent(row)
	t := Target(d.snapshot, connections, d.about(row))
	if told := d.tells(row); len(told) > 0 {
		t.Entry = told[0].entry + 1
	}
	return t
}

// Target is all of some connections, of an incident or a stage that is named.
func Target(s *pipeline.Snapshot, connections []uint32, of string) message.Target {
	name, _, _ := strings.Cut(of, ",")
	text, brief := "all "+widget.Number(len(connections), "connection", "connections")+" of "+of, "all "+widget.Count(len(connections))+" of "+name
	if len(connections) == 1 {
		text, brief = "the connection of "+of, "that of "+name
	}
	t := message.Taken(s, text, func(_ context.Context, add func(connection int)) error {
		for _, c := range connections {
			add(int(c))
		}
		return nil
	})
	t.Brief, t.Source = brief, label.ByIncident
	return t
}

// lead is how much of a statement a cell shows in front of what was added, in bytes.
const lead = 12

// statement is the cell of the most telling statement, with what was added in
// brackets.
func (d data) statement(row int) widget.Cell {
	told := d.tells(row)
	if len(told) == 0 {
		return widget.Cell{}
	}
	t := &told[0]
	switch {
	case t.err != nil:
		return widget.Cell{Text: "cannot be read: " + t.err.Error(), Style: &d.theme.Bad}
	case t.text == "" || t.text == "-":
		return widget.None(d.theme)
	case t.from >= t.to:
		return widget.Cell{Text: t.text}
	}
	front := t.text[:t.from]
	if len(front) > lead {
		front = d.theme.Glyph.Ellipsis + strings.ToValidUTF8(front[len(front)-lead:], "")
	}
	return widget.Cell{Spans: []widget.Span{
		{Text: front},
		{Text: "[" + t.text[t.from:t.to] + "]", Style: &d.theme.Injected},
		{Text: t.text[t.to:]},
	}}
}
