package connections

import (
	"strings"
	"time"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/widget"
)

// columnID is a column of the table, and its place in it.
type columnID int

const (
	columnName columnID = iota
	columnStart
	columnDuration
	columnUser
	columnHost
	columnDatabase
	columnLogin
	columnEntries
	columnActions
	columnTables
	columnRarest
	columnIsolation
	columnRandom
	columnDetections
	columnLabel
	columnCount
)

// layout is the columns in the order of columnID. The priorities leave, in 80
// cells, who connected when and from where, how that went and the label.
var layout = [columnCount]widget.Column{
	columnName:       {Title: "id", Width: 5},
	columnStart:      {Title: "start (UTC)", Width: 19, Priority: 3},
	columnDuration:   {Title: "duration", Width: 8, Priority: 8, Right: true},
	columnUser:       {Title: "user", Width: 9, Flex: true, Priority: 2},
	columnHost:       {Title: "host", Width: 10, Flex: true},
	columnDatabase:   {Title: "database", Width: 10, Flex: true, Priority: 9},
	columnLogin:      {Title: "login", Width: 8, Priority: 4},
	columnEntries:    {Title: "entries", Width: 7, Priority: 5, Right: true},
	columnActions:    {Title: "actions", Width: 14, Flex: true, Priority: 11},
	columnTables:     {Title: "tables", Width: 16, Flex: true, Priority: 10},
	columnRarest:     {Title: "rarest template", Width: 24, Flex: true, Priority: 12},
	columnIsolation:  {Title: "iforest", Width: 7, Priority: 7, Right: true},
	columnRandom:     {Title: "rforest", Width: 7, Priority: 7, Right: true},
	columnDetections: {Title: "detections", Width: 10, Priority: 6},
	columnLabel:      {Title: "label", Width: 14, Priority: 1},
}

// largestFirst says how the column is sorted first: by what stands out.
func (c columnID) largestFirst() bool {
	switch c {
	case columnDuration, columnLogin, columnEntries, columnActions, columnTables, columnIsolation, columnRandom, columnDetections, columnLabel:
		return true
	}
	return false
}

// text gives the number of a connection's text in a column of texts.
func (c columnID) text(s *pipeline.Snapshot, connection int) uint32 {
	k := s.Connections.Peek(connection)
	switch c {
	case columnUser:
		return k.User
	case columnHost:
		return k.Host
	}
	return k.Database
}

// changed says whether a newer snapshot may sort the column in another way,
// other than by connections that grew, of which Filtered tells.
func (c columnID) changed(old, s *pipeline.Snapshot) bool {
	switch c {
	case columnActions, columnTables, columnRarest:
		return old.ByConnection.Len() != s.ByConnection.Len()
	case columnIsolation:
		return old.Isolation != s.Isolation && (old.Isolation == nil || s.Isolation == nil || old.Isolation.Forest != s.Isolation.Forest)
	case columnRandom:
		return old.Random != s.Random
	case columnDetections:
		return len(old.Detections) != len(s.Detections)
	}
	return false
}

// columns returns the columns as they are shown now: the chosen one in brackets
// and shown however narrow the window is.
func (m Model) columns() []widget.Column {
	out := make([]widget.Column, columnCount)
	copy(out, layout[:])
	if s := m.snapshot; s != nil && s.Connections.Len() > 0 {
		// Ids grow, so that of the last connection is about the longest.
		out[columnName].Width = max(4, min(16, len(s.Connections.Name(s.Connections.Len()-1))))
	}
	for i := range out {
		out[i].Sortable, out[i].LargestFirst = true, columnID(i).largestFirst()
		if i == int(columnStart) && m.snapshot != nil && m.snapshot.Unzoned {
			out[i].Title = "start (local)"
		}
		if i == int(m.column) {
			out[i].Priority = 0
			out[i].Title = "[" + out[i].Title + "]"
			out[i].Width = max(out[i].Width, len(out[i].Title)+1) // as wide once it is sorted by
		}
	}
	return out
}

// term returns the filter that selects what a cell shows, empty where no filter
// can.
func (m Model) term(column columnID, c int) string {
	s := m.snapshot
	k := s.Connections.Peek(c)
	sum, known := m.summaries.of(c)
	switch column {
	case columnUser:
		return filter.Term("user", s.Connections.Text(k.User))
	case columnHost:
		return filter.Term("host", s.Connections.Text(k.Host))
	case columnDatabase:
		return filter.Term("db", s.Connections.Text(k.Database))
	case columnStart:
		// The minute in which it began.
		return filter.Minute(s.Moment(int(k.First)))
	case columnActions:
		if known && len(sum.actions.names) > 0 {
			return filter.Term("action", sum.actions.names[0])
		}
	case columnTables:
		if known && len(sum.tables.names) > 0 {
			return filter.Term("table", sum.tables.names[0])
		}
	case columnRarest:
		if known && sum.rarest >= 0 {
			return filter.Term("template", s.Templates[sum.rarest].EventID)
		}
	case columnDetections:
		if known && len(sum.rules) > 0 {
			return filter.Term("detection", sum.rules[0])
		}
	case columnLabel:
		if v, ok := m.labels.Verdict(s.Connections.Ref(c)); ok {
			return filter.Term("label", v.Class)
		}
		return filter.Term("label", label.Normal)
	}
	return filter.Term("id", s.Connections.Name(c))
}

// duration is the time between the first and the last entry of a connection, in
// microseconds.
func duration(s *pipeline.Snapshot, c int) int64 {
	k := s.Connections.Peek(c)
	took, _ := s.Moment(int(k.Last)).Since(s.Moment(int(k.First)))
	return took
}

// account writes user and host as MySQL does.
func account(s *pipeline.Snapshot, c int) string {
	k := s.Connections.Peek(c)
	return s.Connections.Text(k.User) + "@" + s.Connections.Text(k.Host)
}

// copied is what y copies of a connection: what a ticket needs to name it.
func copied(s *pipeline.Snapshot, c int) string {
	k := s.Connections.Peek(c)
	return strings.Join([]string{
		"connection " + s.Connections.Name(c),
		s.Moment(int(k.First)).Format(time.DateTime) + " to " + s.Moment(int(k.Last)).Format(time.DateTime) + " UTC",
		account(s, c), "database " + s.Connections.Text(k.Database), "login " + k.Outcome.String(),
		widget.Count(k.Entries) + " entries",
	}, ", ")
}
