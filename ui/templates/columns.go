package templates

import (
	"context"
	"regexp"
	"strings"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// data is what cells are made of.
type data struct {
	theme    *theme.Theme
	*listing       // nil until the first one
	whole    usage // of the whole log
}

// used is the usage by the entries which the rows count.
func (d data) used() usage {
	if d.usage != nil {
		return *d.usage
	}
	return d.whole
}

func (d data) template(row int) *loaded.Template { return &d.snapshot.Templates[row] }

// class is the class of a template in the connections of the entries which its row
// counts.
func (d data) class(row int) class { return d.used().classOf(row, d.count[row]) }

// The columns leave, in 80 cells, count, spark line, connections, class, event id
// and half of the text.
var spec = list.Spec[data]{
	Start:    "template",
	SortedBy: "entries",
	Top:      true,
	Unit:     [2]string{"template", "templates"},
	Room:     room,
	Missing:  "no template that is shown has it",
	Zone:     func(d data) string { return d.theme.Clock.Zone(d.snapshot.Zone()) },
	Len: func(d data) int {
		if d.listing == nil {
			return 0
		}
		return len(d.count)
	},
	Kept: "templates",
	Identity: &list.Identity[data]{
		Name: func(d data, row int) string { return d.event(row) },
		Row:  func(d data, name string) (int, bool) { return d.listing.template(name) },
	},
	Term:            term,
	OpenEntries:     term,
	OpenConnections: term,
	Copy: func(d data, row int) message.Copy {
		text := d.template(row).Text
		return message.Copy{What: "template " + d.event(row), Text: func(context.Context) (string, error) { return text, nil }}
	},
	Match: func(d data, re *regexp.Regexp) func(int) bool {
		return func(row int) bool { return re.MatchString(d.template(row).Text) || re.MatchString(d.event(row)) }
	},
	Columns: []list.Column[data]{
		{
			Title: "entries", Width: 10, Right: true, LargestFirst: true,
			Cell: func(d data, row int) widget.Cell {
				return widget.Cell{Text: widget.Count(d.count[row]), Style: &d.theme.Strong}
			},
			Sort: list.Number(func(d data, row int) int { return d.count[row] }),
		},
		{
			Title: "share", Width: 8, Priority: 3, Right: true, LargestFirst: true,
			Cell: func(d data, row int) widget.Cell {
				return widget.Cell{Text: widget.Share(int64(d.count[row]), int64(d.total))}
			},
			Sort: list.Number(func(d data, row int) int { return d.count[row] }),
		},
		{
			Title: "over time", Width: sparkCells, Priority: 4,
			Cell: func(d data, row int) widget.Cell {
				return widget.Cell{Text: widget.Spark(d.theme, d.used().sparkOf(row), sparkCells)}
			},
		},
		{
			Title: "conns", Width: 7, Priority: 2, Right: true, LargestFirst: true,
			Cell: func(d data, row int) widget.Cell {
				n := d.used().connectionsOf(row)
				if n < 0 {
					return widget.None(d.theme)
				}
				return widget.Cell{Text: widget.Count(n)}
			},
			Sort: list.Number(func(d data, row int) int { return d.used().connectionsOf(row) }),
		},
		{
			Title: "class", Width: 9, Priority: 1,
			Cell: classCell,
			Sort: list.Number(data.class),
		},
		{
			Title: "first seen", Zoned: true, Width: 19, Priority: 5,
			Cell: func(d data, row int) widget.Cell {
				return widget.Cell{Text: d.theme.Clock.Of(d.time(d.first[row])).Brief()}
			},
			Sort: list.Number(func(d data, row int) int64 { return d.time(d.first[row]).Micros }),
			Term: func(d data, row int) string { return filter.Minute(d.time(d.first[row])) },
		},
		{
			Title: "last seen", Zoned: true, Width: 19, Priority: 6,
			Cell: func(d data, row int) widget.Cell {
				return widget.Cell{Text: d.theme.Clock.Of(d.time(d.last[row])).Brief()}
			},
			Sort: list.Number(func(d data, row int) int64 { return d.time(d.last[row]).Micros }),
			Term: func(d data, row int) string { return filter.Minute(d.time(d.last[row])) },
		},
		{
			Title: "event id", Width: 8, Priority: 2,
			Cell: func(d data, row int) widget.Cell { return widget.Cell{Text: d.event(row), Style: &d.theme.Faint} },
			Sort: list.Text(func(d data, row int) string { return d.event(row) }),
		},
		{
			// Who reads templates wants to read them: columns of figures leave them room.
			Title: "template", Fit: func(_ data, window int) int { return max(20, window*2/5) }, Flex: true, Alike: true,
			Cell: func(d data, row int) widget.Cell { return widget.Cell{Spans: spans(d.theme, d.template(row).Text)} },
			Sort: list.Text(func(d data, row int) string { return d.template(row).Text }),
		},
	},
}

func term(d data, row int) string { return filter.Term("template", d.event(row)) }

// time is that of an entry.
func (d data) time(entry int) store.Moment { return d.snapshot.Moment(entry) }

func classCell(d data, row int) widget.Cell {
	switch c := d.class(row); c {
	case unknown:
		return widget.None(d.theme)
	case onlyAnomalous:
		return widget.Cell{Text: c.String(), Style: &d.theme.Bad}
	case mixed:
		return widget.Cell{Text: c.String(), Style: &d.theme.Warn}
	default:
		return widget.Cell{Text: c.String()}
	}
}

// maxSpanned bounds what is looked at of a template: no window shows more.
const maxSpanned = 1 << 12

// spans gives wildcards their style.
func spans(t *theme.Theme, text string) []widget.Span {
	if len(text) > maxSpanned {
		text = text[:maxSpanned]
	}
	var spans []widget.Span
	for {
		before, after, found := strings.Cut(text, drain.Wildcard)
		if before != "" {
			spans = append(spans, widget.Span{Text: before})
		}
		if !found {
			return spans
		}
		spans = append(spans, widget.Span{Text: drain.Wildcard, Style: &t.Wildcard})
		text = after
	}
}
