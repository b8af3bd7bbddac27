package entries

import (
	"time"

	"github.com/charmbracelet/lipgloss"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/ui/detail"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/statement"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// data is what cells are made of: a row is an entry.
type data struct {
	theme      *theme.Theme
	log        screen.Log
	snapshot   *pipeline.Snapshot // nil until the first one
	labels     label.Set
	heads      *statement.Heads
	rows       message.Rows // those of the filters; nil until the first ones
	transcript bool         // of one connection
	signs      signs
	marked     int  // the first marked entry, -1 for none
	top        int  // the first entry on the screen
	width      int  // of the list
	dateless   bool // there is more than one day, and no column for it
	whole      bool // the log has no fractions of seconds
}

// The time of an entry where there is no room for a column of dates: with its day
// in a list of datedWidth cells, in a narrower one only where the day is another
// than in the row above. Whole seconds leave the day its room everywhere.
const (
	datedWidth = 100
	clock      = "15:04:05.000000"
	datedTime  = "01-02 " + clock
	dayChange  = "01-02 15:04:05"
)

// digestWidth is from how many cells on there is a column of digests.
const digestWidth = 150

// columns of the list. Which of them are there depends on what is shown: a
// transcript has no need of a connection in every row.
var columns = []list.Column[data]{
	{
		Title: "sev", Width: widget.SeverityWidth, Priority: 6,
		Hidden: func(d data) bool { return len(d.signs) == 0 },
		Cell: func(d data, i int) widget.Cell {
			sign, style := widget.Severity(d.theme, d.signs.of(i))
			return widget.Cell{Text: sign, Style: style}
		},
	},
	{
		Title: "entry", Priority: 5, Right: true,
		Fit: func(d data, _ int) int {
			if d.snapshot == nil {
				return 5
			}
			return max(5, len(widget.Count(d.snapshot.Len())))
		},
		Cell: func(d data, i int) widget.Cell { return widget.Cell{Text: widget.Count(i + 1), Style: &d.theme.Faint} },
	},
	{
		Title: "date", Width: 10, Priority: 9,
		Cell: func(d data, i int) widget.Cell {
			// Beside "before 16:59:40" the day belongs to that time.
			at := d.snapshot.Moment(i)
			if !at.Dated() {
				return widget.None(d.theme)
			}
			return widget.Cell{Text: d.theme.Clock.Time(at.Micros).Format(time.DateOnly)}
		},
		Aside: messageDate,
		Term: func(d data, i int) string {
			at := d.snapshot.Moment(i)
			if !at.Known() {
				return filter.Untimed
			}
			return filter.Term("time", at.Format(time.DateOnly))
		},
	},
	{
		Title: "time", Zoned: true, Priority: 1,
		Fit: func(d data, window int) int {
			if window >= datedWidth && manyDays(d.theme, d.snapshot) && !d.whole {
				return len(datedTime)
			}
			return len(clock)
		},
		Cell:  timeCell,
		Aside: messageTime,
		Term:  func(d data, i int) string { return filter.Minute(d.snapshot.Moment(i)) },
	},
	{
		Title: "gap", Width: 8, Priority: 2, Right: true,
		Name: func(d data) string {
			if d.marked >= 0 {
				return "to mark"
			}
			return "gap"
		},
		Hidden: func(d data) bool { return !d.transcript && d.marked < 0 },
		Cell:   gapCell,
	},
	{
		Title: "conn", Priority: 3,
		Hidden: func(d data) bool { return d.transcript },
		Fit: func(d data, _ int) int {
			if s := d.snapshot; s != nil && s.Connections.Len() > 0 {
				// A sign may follow it.
				return max(5, min(16, s.LongestName()+1))
			}
			return 6
		},
		Cell: func(d data, i int) widget.Cell {
			sign, style := d.sign(d.connection(i))
			return widget.Cell{Spans: []widget.Span{{Text: d.snapshot.Connections.Name(d.connection(i))}, {Text: sign, Style: style}}}
		},
		Aside: messageThread,
		Term:  connectionTerm,
	},
	{
		Title: "server", Priority: 4,
		Hidden: func(d data) bool { return d.transcript || d.snapshot == nil || !d.snapshot.SeveralServers() },
		Fit:    func(d data, _ int) int { return max(len("server"), min(16, d.snapshot.LongestServer())) },
		Cell: func(d data, i int) widget.Cell {
			return widget.Cell{Text: d.snapshot.ServerName(d.snapshot.ServerOf(i))}
		},
		Term: func(d data, i int) string {
			return filter.Term("server", d.snapshot.ServerName(d.snapshot.ServerOf(i)))
		},
	},
	{
		Title: "label", Width: 14, Priority: 8,
		Hidden: func(d data) bool { return d.transcript },
		Cell: func(d data, i int) widget.Cell {
			v, ok := d.labels.Verdict(d.snapshot.Connections.Ref(d.connection(i)))
			if !ok {
				return widget.None(d.theme)
			}
			_, style := d.sign(d.connection(i))
			return widget.Cell{Text: v.Class, Style: style}
		},
		Term: func(d data, i int) string {
			return filter.Term("label", d.labels.Class(d.snapshot.Connections.Ref(d.connection(i))))
		},
	},
	{
		Title: "command", Priority: 4,
		Fit: func(_ data, window int) int {
			if window < list.Wide {
				return len("command")
			}
			return len("Close stmt")
		},
		Cell:  func(d data, i int) widget.Cell { return widget.Cell{Text: d.snapshot.Command(i)} },
		Aside: messageKind,
		Term:  func(d data, i int) string { return filter.Term("cmd", d.snapshot.Command(i)) },
	},
	{
		Title: "action", Width: 8, Priority: 10,
		Cell: func(d data, i int) widget.Cell { return widget.OrNone(d.theme, d.snapshot.Action(i)) },
		Term: func(d data, i int) string { return filter.Term("action", d.snapshot.Action(i)) },
	},
	{
		Title: "table", Width: 14, Priority: 7,
		Cell: func(d data, i int) widget.Cell { return widget.OrNone(d.theme, d.snapshot.Table(i)) },
		Term: func(d data, i int) string { return filter.Term("table", d.snapshot.Table(i)) },
	},
	{
		Title: "outcome", Width: 10, Priority: 5,
		Hidden: func(d data) bool { return d.snapshot == nil || !d.snapshot.Outcomes.Any() },
		Cell:   outcomeCell,
		Term:   func(d data, i int) string { return filter.Outcome(d.snapshot.Outcomes.At(i)) },
	},
	{
		Title: "digest", Width: loaded.DigestPrefix, Priority: 11,
		Hidden: func(d data) bool { return d.width < digestWidth || d.snapshot == nil || len(d.snapshot.Digests) < 2 },
		Cell:   func(d data, i int) widget.Cell { return widget.OrNone(d.theme, detail.Digest(d.snapshot, i)) },
		Term:   func(d data, i int) string { return filter.Term("digest", detail.Digest(d.snapshot, i)) },
	},
	{
		Title: "statement", Flex: true, Alike: true,
		Fit:   func(_ data, window int) int { return max(20, window*2/5) }, // half of the line at least is for what was sent
		Cell:  statementCell,
		Aside: messageText,
	},
}

func connectionTerm(d data, i int) string {
	return filter.Term("id", d.snapshot.Connections.Name(d.connection(i)))
}

// connection is that of an entry.
func (d data) connection(i int) int { return int(d.snapshot.Entries.Connection(i)) }

// above is the entry in the row above, false where there is none.
func (d data) above(i int) (j int, ok bool) {
	if k, _ := d.rows.Find(i); k > 0 {
		j = d.rows.At(k - 1)
		return j, j < d.snapshot.Len()
	}
	return 0, false
}

// manyDays reports whether a time of day alone does not show when something was.
func manyDays(t *theme.Theme, s *pipeline.Snapshot) bool {
	if s == nil {
		return false
	}
	first, last, ok := s.Entries.Times()
	return ok && day(t, first) != day(t, last)
}

// day counts days, as times are shown.
func day(t *theme.Theme, micros int64) int64 {
	return t.Clock.Time(micros).Truncate(24 * time.Hour).Unix()
}

// timeCell draws the time of an entry, with its day where no column has it.
func timeCell(d data, i int) widget.Cell {
	at, form := d.snapshot.Moment(i), clock
	switch j, ok := d.above(i); {
	case d.whole:
		form = d.wholeTime()
	case !d.dateless:
	case d.width >= datedWidth:
		form = datedTime
	case i == d.top, ok && day(d.theme, d.snapshot.Moment(j).Micros) != day(d.theme, at.Micros):
		form = dayChange
	}
	return widget.Cell{Text: clockTime(d.theme.Clock.Of(at), form)}
}

// wholeTime is the layout of times of whole seconds.
func (d data) wholeTime() string {
	if d.dateless {
		return dayChange
	}
	return time.TimeOnly
}

// wholeSeconds reports whether all times of a log are of whole seconds, as MariaDB and
// old servers write them.
func wholeSeconds(s *pipeline.Snapshot) bool {
	whole, finer := 0, 0
	for k := range s.Files {
		f := &s.Files[k].Forms
		whole, finer = whole+f.Short+f.Same, finer+f.UTC+f.Offset
		if s.Files[k].Table != nil {
			return false
		}
	}
	return whole > 0 && finer == 0
}

// clockTime writes the time of day of an entry by a layout; to the second where
// the time is only one that it was before, so that it fits the same column.
func clockTime(at store.Moment, layout string) string {
	if at.Before {
		layout = time.TimeOnly
	}
	return at.Format(layout)
}

// gapCell draws the time since the first marked entry, or since the row above.
func gapCell(d data, i int) widget.Cell {
	from, ok := d.marked, d.marked >= 0 && d.marked != i && d.marked < d.snapshot.Len()
	if d.marked < 0 {
		from, ok = d.above(i)
	}
	if !ok {
		return widget.None(d.theme)
	}
	gap, ok := d.snapshot.Moment(i).Since(d.snapshot.Moment(from))
	if !ok {
		return widget.None(d.theme)
	}
	return widget.Cell{Text: widget.Elapsed(gap)}
}

// outcomeCell draws what the server answered to an entry.
func outcomeCell(d data, i int) widget.Cell {
	cell := widget.OrNone(d.theme, detail.Outcome(d.snapshot.Outcomes.At(i)))
	if d.snapshot.Outcomes.Failed(i) {
		cell.Style = &d.theme.Warn
	}
	return cell
}

// sign is what follows the name of a labelled connection.
func (d data) sign(conn int) (string, *lipgloss.Style) {
	t := d.theme
	v, ok := d.labels.Verdict(d.snapshot.Connections.Ref(conn))
	switch {
	case !ok:
		return "", nil
	case v.Class == label.Normal:
		return t.Glyph.Done, &t.Good
	case !d.snapshot.Reading.Anomaly(v.Class):
		return "?", &t.Text // a class that this reading does not count
	}
	return "!", &t.Bad
}

// statementCell draws the text of an entry; where it is not read yet, nothing.
func statementCell(d data, i int) widget.Cell {
	if maybeForged(d.snapshot, i) {
		return d.heads.Cell(d.theme, i, widget.Span{Text: "forged? ", Style: &d.theme.Warn})
	}
	return d.heads.Cell(d.theme, i)
}

// maybeForged reports whether entry i may be text of another statement; its pane names
// more.
func maybeForged(s *pipeline.Snapshot, i int) bool {
	e, ok := s.Integrity.EmbeddedAt(i)
	return ok && i > e.Opener
}
