package entries

import (
	"time"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/ui/widget"
)

// columnID is a column of the list. Which of them are there depends on what is
// shown: a transcript has no need of a connection in every row.
type columnID int

const (
	columnNumber columnID = iota
	columnDate
	columnTime
	columnElapsed
	columnConnection
	columnLabel
	columnCommand
	columnAction
	columnTable
	columnOutcome
	columnStatement
	columnCount
)

// layouts is the columns in the order of columnID.
var layouts = [columnCount]widget.Column{
	columnNumber:     {Title: "entry", Priority: 5, Right: true},
	columnDate:       {Title: "date", Width: 10, Priority: 8},
	columnTime:       {Title: "time (UTC)", Width: 15, Priority: 1},
	columnElapsed:    {Title: "gap", Width: 8, Priority: 2, Right: true},
	columnConnection: {Title: "conn", Priority: 3},
	columnLabel:      {Title: "label", Width: 14, Priority: 7},
	columnCommand:    {Title: "command", Width: 7, Priority: 4},
	columnAction:     {Title: "action", Width: 8, Priority: 9},
	columnTable:      {Title: "table", Width: 14, Priority: 6},
	columnOutcome:    {Title: "outcome", Width: 10, Priority: 5},
	columnStatement:  {Title: "statement", Flex: true},
}

// The time of an entry where there is no room for a column of dates: with its day
// in a list of datedWidth cells, in a narrower one only where the day is another
// than in the row above.
const (
	datedWidth = 100
	clock      = "15:04:05.000000"
	datedTime  = "01-02 " + clock
	dayChange  = "01-02 15:04:05"
)

// manyDays says that a time of day alone does not say when something was.
func (m Model) manyDays() bool {
	if m.snapshot == nil {
		return false
	}
	first, last, ok := m.snapshot.Entries.Times()
	return ok && day(first) != day(last)
}

// day counts days.
func day(micros int64) int64 { return time.UnixMicro(micros).UTC().Truncate(24 * time.Hour).Unix() }

// shownColumns returns the columns that make sense now, in order.
func (m Model) shownColumns() []columnID {
	_, transcript := m.transcript()
	out := make([]columnID, 0, columnCount)
	for c := range columnCount {
		switch c {
		case columnConnection, columnLabel:
			if transcript {
				continue
			}
		case columnOutcome:
			if m.snapshot == nil || !m.snapshot.Outcomes.Any() {
				continue
			}
		case columnElapsed:
			if marks := m.table.Marks(); !transcript && marks.Len() == 0 {
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

// columns returns the columns as they are shown in width cells: the chosen one
// in brackets, and there however narrow the window is.
func (m Model) columns(width int) []widget.Column {
	var out []widget.Column
	for _, c := range m.shownColumns() {
		col := layouts[c]
		switch c {
		case columnNumber:
			col.Width = 5
			if m.snapshot != nil {
				col.Width = max(5, len(widget.Count(m.snapshot.Len())))
			}
		case columnTime:
			if m.snapshot != nil && m.snapshot.Unzoned {
				col.Title = "time (local)"
			}
			if m.manyDays() && width >= datedWidth {
				col.Width = len(datedTime)
			}
		case columnElapsed:
			if marks := m.table.Marks(); marks.Len() > 0 {
				col.Title = "to mark"
			}
		case columnConnection:
			col.Width = 6
			if s := m.snapshot; s != nil && s.Connections.Len() > 0 {
				// Ids grow, so that of the last connection is about the
				// longest; a sign may stand behind it.
				col.Width = max(5, min(16, len(s.Connections.Name(s.Connections.Len()-1))+1))
			}
		case columnStatement:
			// Half of the line at least is for what was sent.
			col.Width = max(20, width*2/5)
		}
		if c == m.column {
			col.Priority = 0
			col.Title = "[" + col.Title + "]"
			col.Width = max(col.Width, len(col.Title))
		}
		out = append(out, col)
	}
	return out
}

// choose takes the next column that + and - can speak of, in a direction.
func (m Model) choose(step int) Model {
	shown := m.shownColumns()
	at := 0
	for k, c := range shown {
		if c == m.column {
			at = k
		}
	}
	for range shown {
		at = (at + step + len(shown)) % len(shown)
		if c := shown[at]; c != columnNumber && c != columnElapsed {
			m.column = c
			break
		}
	}
	return m.layOut()
}

// term returns the filter that selects what a cell shows.
func (m Model) term(column columnID, i int) string {
	s := m.snapshot
	at := s.Moment(i)
	conn := int(s.Entries.Connection(i))
	switch column {
	case columnDate:
		if !at.Known() {
			return filter.Untimed
		}
		return filter.Term("time", at.Format(time.DateOnly))
	case columnTime:
		return filter.Minute(at)
	case columnConnection:
		return filter.Term("id", s.Connections.Name(conn))
	case columnLabel:
		if v, ok := m.labels.Verdict(s.Connections.Ref(conn)); ok {
			return filter.Term("label", v.Class)
		}
		return filter.Term("label", label.Normal)
	case columnCommand:
		return filter.Term("cmd", s.Command(i))
	case columnAction:
		return filter.Term("action", s.Action(i))
	case columnTable:
		return filter.Term("table", s.Table(i))
	case columnOutcome:
		return filter.Outcome(s.Outcomes.At(i))
	}
	return filter.Term("template", s.Templates[s.Template(i)].EventID)
}
