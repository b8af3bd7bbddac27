package connections

import (
	"fmt"
	"math"
	"strings"
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/ui/list"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// data is what cells are made of.
type data struct {
	theme     *theme.Theme
	snapshot  *pipeline.Snapshot // nil until the first one
	labels    label.Set
	summaries summaries
}

// dayAndTime is a start where there is no room for the year.
const dayAndTime = "01-02 15:04:05"

// columns leave, in 80 cells, who connected when and from where, how that went and
// the label. Those that are known only after a look at all entries of a connection
// come from its summary.
var columns = []list.Column[data]{
	{
		Title: "id", Fit: func(d data, _ int) int {
			if s := d.snapshot; s != nil && s.Connections.Len() > 0 {
				return max(4, min(16, s.LongestName()))
			}
			return 5
		},
		Cell: func(d data, c int) widget.Cell {
			return widget.Cell{Text: d.snapshot.Connections.Name(c), Style: &d.theme.Strong}
		},
		Sort: list.Number(func(d data, c int) uint64 {
			k := d.snapshot.Connections.Peek(c)
			return uint64(min(k.Epoch, 1<<23-1))<<40 | min(k.ID, 1<<40-1)
		}),
	},
	{
		Title: "start", Zoned: true, Priority: 3,
		Fit: func(_ data, window int) int {
			if window < list.Wide {
				return len("before 15:04:05")
			}
			return len(time.DateTime)
		},
		Bar: func(d data, c, width int) widget.Cell {
			at := d.theme.Clock.Of(start(d.snapshot, c))
			if width < len(time.DateTime) && !at.Before {
				return widget.Cell{Text: at.Format(dayAndTime)}
			}
			return widget.Cell{Text: at.Brief()}
		},
		Sort: list.Number(func(d data, c int) int64 { return start(d.snapshot, c).Micros }),
		Term: func(d data, c int) string { return filter.Minute(start(d.snapshot, c)) }, // in which it began
	},
	{
		Title: "duration", Width: 8, Priority: 8, Right: true, LargestFirst: true,
		Cell: func(d data, c int) widget.Cell { return widget.Cell{Text: lasted(d, c)} },
		Sort: list.Number(func(d data, c int) int64 { return duration(d.snapshot, c) }),
	},
	{
		Title: "server", Priority: 4, Sort: list.Number(func(d data, c int) int { return d.snapshot.ServerOfConnection(c) }),
		Hidden: func(d data) bool { return d.snapshot == nil || !d.snapshot.SeveralServers() },
		Fit:    func(d data, _ int) int { return max(len("server"), min(16, d.snapshot.LongestServer())) },
		Cell: func(d data, c int) widget.Cell {
			return widget.Cell{Text: d.snapshot.ServerName(d.snapshot.ServerOfConnection(c))}
		},
		Term: func(d data, c int) string {
			return filter.Term("server", d.snapshot.ServerName(d.snapshot.ServerOfConnection(c)))
		},
	},
	named("user", list.Column[data]{Width: 9, Flex: true, Most: 20, Priority: 2}, "user", user),
	named("host", list.Column[data]{Width: 10, Flex: true, Most: 24}, "host", host),
	named("database", list.Column[data]{Width: 10, Flex: true, Most: 20, Priority: 9}, "db", database),
	{
		Title: "login", Width: 8, Priority: 4, LargestFirst: true,
		Cell: loginCell,
		Sort: list.Number(func(d data, c int) connection.Outcome { return d.snapshot.Connections.Peek(c).Outcome }),
	},
	{
		Title: "entries", Width: 7, Priority: 5, Right: true, LargestFirst: true,
		Cell: func(d data, c int) widget.Cell {
			return widget.Cell{Text: widget.Count(d.snapshot.Connections.Peek(c).Entries)}
		},
		Sort: list.Number(func(d data, c int) uint32 { return d.snapshot.Connections.Peek(c).Entries }),
	},
	{
		Title: "actions", Width: 14, Flex: true, Most: 28, Priority: 11, LargestFirst: true,
		Cell: summed(func(d data, sum summary) widget.Cell { return tallyCell(d.theme, sum.actions) }),
		Sort: byDistinct(func(s *pipeline.Snapshot, row int) uint32 { return s.Rows[row].Action }),
		Term: func(d data, c int) string {
			return d.summaries.first("action", c, func(s summary) []string { return s.actions.names })
		},
	},
	{
		Title: "tables", Width: 16, Flex: true, Most: 36, Priority: 10, LargestFirst: true,
		Cell: summed(func(d data, sum summary) widget.Cell { return tallyCell(d.theme, sum.tables) }),
		Sort: byDistinct(func(s *pipeline.Snapshot, row int) uint32 { return s.Rows[row].Table }),
		Term: func(d data, c int) string {
			return d.summaries.first("table", c, func(s summary) []string { return s.tables.names })
		},
	},
	{
		Title: "rarest template", Width: 24, Flex: true, Priority: 12,
		Cell: summed(rarestCell),
		Sort: byRarest,
		Term: func(d data, c int) string {
			if sum, ok := d.summaries.of(c); ok && sum.rarest >= 0 {
				return filter.Term("template", d.snapshot.Templates[sum.rarest].EventID)
			}
			return ""
		},
	},
	{
		Title: "iforest", Width: 7, Priority: 7, Right: true, LargestFirst: true,
		Cell: summed(func(d data, sum summary) widget.Cell { return scoreCell(d.theme, sum.isolation, sum.outlier) }),
		Sort: byScore(func(isolation, _ float64) float64 { return isolation }),
	},
	{
		Title: "rforest", Width: 7, Priority: 7, Right: true, LargestFirst: true,
		Cell: summed(func(d data, sum summary) widget.Cell { return scoreCell(d.theme, sum.random, sum.anomaly) }),
		Sort: byScore(func(_, random float64) float64 { return random }),
	},
	{
		Title: "learned", Width: 7, Priority: 12, Right: true, LargestFirst: true,
		Cell: learnedCell(func(d data, c int) float64 { return d.snapshot.Learned.Anomaly(c) }),
		Sort: byLearned(func(d data, c int) float64 { return d.snapshot.Learned.Anomaly(c) }),
	},
	{
		Title: unsure, Width: 7, Priority: 13, Right: true, LargestFirst: true,
		Cell: learnedCell(func(d data, c int) float64 { return d.snapshot.Learned.Uncertain(c) }),
		Sort: byLearned(uncertain),
	},
	{
		Title: "detections", Width: 10, Priority: 6, LargestFirst: true,
		Cell: summed(func(d data, sum summary) widget.Cell {
			if len(sum.rules) == 0 {
				return widget.None(d.theme)
			}
			return widget.Cell{Text: strings.Join(sum.rules, " "), Style: &d.theme.Warn}
		}),
		Sort: byRules,
		Term: func(d data, c int) string {
			return d.summaries.first("detection", c, func(s summary) []string { return s.rules })
		},
	},
	{
		Title: "incident", Width: 8, Priority: 12,
		Cell: func(d data, c int) widget.Cell {
			if k := d.snapshot.IncidentOf(uint32(c)); k >= 0 {
				return widget.Cell{Text: incident.Letter(k), Style: &d.theme.Warn}
			}
			return widget.None(d.theme)
		},
		// Those of none come last.
		Sort: list.Number(func(d data, c int) uint32 { return uint32(d.snapshot.IncidentOf(uint32(c))) }),
		Term: func(d data, c int) string {
			if k := d.snapshot.IncidentOf(uint32(c)); k >= 0 {
				return filter.Term("incident", d.snapshot.Incidents[k].ID)
			}
			return ""
		},
	},
	{
		Title: "label", Width: 14, Priority: 1, LargestFirst: true,
		Cell: labelCell,
		Sort: byLabel,
		Term: func(d data, c int) string {
			if v, ok := d.labels.Verdict(d.snapshot.Connections.Ref(c)); ok {
				return filter.Term("label", v.Class)
			}
			return filter.Term("label", label.Normal)
		},
	},
}

// named completes a column of user, host or database.
func named(title string, col list.Column[data], field string, text func(s *pipeline.Snapshot, c int) string) list.Column[data] {
	col.Title = title
	col.Cell = func(d data, c int) widget.Cell {
		if text := text(d.snapshot, c); text != "-" {
			return widget.Cell{Text: text}
		}
		return widget.None(d.theme)
	}
	col.Sort = list.Text(func(d data, c int) string { return text(d.snapshot, c) })
	col.Term = func(d data, c int) string { return filter.Term(field, text(d.snapshot, c)) }
	return col
}

func user(s *pipeline.Snapshot, c int) string {
	return s.Connections.Text(s.Connections.Peek(c).User)
}

func host(s *pipeline.Snapshot, c int) string {
	return s.Connections.Text(s.Connections.Peek(c).Host)
}

func database(s *pipeline.Snapshot, c int) string {
	return s.Connections.Text(s.Connections.Peek(c).Database)
}

// start is the time of a connection's first entry.
func start(s *pipeline.Snapshot, c int) store.Moment {
	return s.Moment(int(s.Connections.Peek(c).First))
}

// duration is the time between the first and the last entry of a connection, in
// microseconds; 0 where that is not known.
func duration(s *pipeline.Snapshot, c int) int64 {
	took, _ := s.Moment(int(s.Connections.Peek(c).Last)).Since(start(s, c))
	return took
}

// summed draws a cell from a connection's summary, empty until it is known.
func summed(cell func(d data, sum summary) widget.Cell) func(d data, c int) widget.Cell {
	return func(d data, c int) widget.Cell {
		if sum, ok := d.summaries.of(c); ok {
			return cell(d, sum)
		}
		return widget.Cell{}
	}
}

func tallyCell(t *theme.Theme, names tally) widget.Cell {
	if names.total == 0 {
		return widget.None(t)
	}
	return widget.Cell{Text: names.String()}
}

func rarestCell(d data, sum summary) widget.Cell {
	if sum.rarest < 0 {
		return widget.Cell{}
	}
	r := d.snapshot.Templates[sum.rarest]
	return widget.Cell{Spans: []widget.Span{{Text: widget.Count(r.Count) + ": ", Style: &d.theme.Faint}, {Text: head(r.Text)}}}
}

// loginCell draws an outcome in words that fit into a narrow column.
func loginCell(d data, c int) widget.Cell {
	switch o := d.snapshot.Connections.Peek(c).Outcome; o {
	case connection.Denied, connection.Failed:
		return widget.Cell{Text: o.String(), Style: &d.theme.Warn}
	case connection.Pending:
		return widget.Cell{Text: "no word", Style: &d.theme.Faint}
	case connection.Unseen:
		return widget.Cell{Text: o.String(), Style: &d.theme.Faint}
	default:
		return widget.Cell{Text: o.String()}
	}
}

// scoreCell draws a score with a sign where the model finds it abnormal.
func scoreCell(t *theme.Theme, v float64, flagged bool) widget.Cell {
	switch {
	case math.IsNaN(v):
		return widget.None(t)
	case flagged:
		return widget.Cell{Text: fmt.Sprintf("%.3f!", v), Style: &t.Warn}
	}
	return widget.Cell{Text: fmt.Sprintf("%.3f ", v)}
}

// labelCell draws the class; a star marks a note.
func labelCell(d data, c int) widget.Cell {
	t, ref := d.theme, d.snapshot.Connections.Ref(c)
	star := ""
	if _, ok := d.labels.Note(ref); ok {
		star = "*"
	}
	v, ok := d.labels.Verdict(ref)
	switch {
	case !ok && star == "":
		return widget.None(t)
	case !ok:
		return widget.Cell{Text: star + t.Glyph.Dash}
	case v.Class == label.Normal:
		return widget.Cell{Text: star + v.Class, Style: &t.Good}
	case !d.snapshot.Reading.Anomaly(v.Class):
		return widget.Cell{Text: star + v.Class, Style: &t.Text} // a class that the notebook does not know
	}
	return widget.Cell{Text: star + v.Class, Style: &t.Bad}
}

// lasted is how long a connection is seen in the log, a dash for one of a single
// moment.
func lasted(d data, c int) string {
	if took := duration(d.snapshot, c); took != 0 {
		return widget.Elapsed(took)
	}
	return d.theme.Glyph.Dash
}
