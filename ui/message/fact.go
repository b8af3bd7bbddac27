// Package message holds every message that screens and the root model exchange.
//
// A message is either a fact, which the root sends to every screen, or a
// request, which a screen's command returns to the root; never both. The root
// acts on a request and answers with facts. Messages that only one screen needs
// (the result of its own sorting, say) are private types of that screen: the
// root hands what it does not know to every screen.
package message

import (
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
)

// Snapshot reports that more is known about the log: some ten times a second while
// it loads, then after each stage. Screens replace the snapshot they hold.
type Snapshot struct{ *pipeline.Snapshot }

// Labels reports that the analyst's labels or notes are now these. Models follow
// later, with a Snapshot.
type Labels struct{ label.Set }

// Filtered reports which rows the active filters leave. It comes again when a
// filter changes and when the log grows; Active is empty where none is on.
type Filtered struct {
	Active      []string // the terms that are on, as the header shows them
	Entries     Rows     // entries, by index
	Connections Rows     // connections that have one of these entries, by index
}

// Progress reports how a stage of the running analysis does.
type Progress struct {
	Stage       pipeline.Stage
	State       State
	Done, Total int64 // bytes for Load, trees for the forests; Total 0: unknown
}

// Unread reports that what depends on the whole log will not come any more, why,
// and what to do: "reading was cancelled at 26 % of the log; start sqleuth again".
type Unread struct{ Why string }

// State is how far a stage is.
type State uint8

// The states of a stage.
const (
	Waiting State = iota
	Running
	Finished
	Cancelled
	Broken
)

// Marks is the marked rows of a list as the case file keeps them: by number where
// rows keep theirs, by name elsewhere. As a fact it holds those that were marked
// when the case was last left.
type Marks struct {
	List   string
	Ranges [][2]int // the second not included
	Names  []string
}

// Columns is how the columns of a list are arranged from now on, from left to right;
// those that are not named are hidden, and none at all is the arrangement of the start.
type Columns struct {
	List    string
	Columns []Column
}

// Column is a column of a list, by its title.
type Column struct {
	Title  string
	Hidden bool
	Width  int // in cells, 0 for its own
}

// Click reports a click on the list of this name, on a screen that is drawn as these
// lines. Only the screen in front gets it.
type Click struct {
	List  string
	X, Y  int // cell and line
	Lines []string
}

// NextAccounts makes Accounts show the next of its tables: by user, by host, by
// both.
type NextAccounts struct{}

// Shown reports that this screen is now the one in front of the analyst; only that
// screen gets it. Screens use it to fetch what they let lie while hidden.
type Shown struct{}

// OpenedConnection makes the Entries screen show this connection's entries as its
// transcript, with the cursor on entry At (-1: the first).
type OpenedConnection struct {
	Connection int
	At         int
}

// CursorAt makes the receiving screen put its cursor on the row of this index: an
// entry for Entries, a connection for Connections, a template for Templates. -1 is
// the first of the rows that are shown next.
type CursorAt struct{ Index int }

// NextGap asks the timeline to put its cursor on the next gap, bins without an
// entry, or on the one before, seen from a time where it has not been entered; only the
// screen in front gets it.
type NextGap struct {
	Micros int64
	Back   bool
}

// AtTime asks the receiving screen to put its cursor on the first row at or after
// a time, in microseconds since 1970, or with Back on the last row before it; only the
// screen in front gets it.
type AtTime struct {
	Micros int64
	Back   bool
}

// Following reports whether the log is followed as it grows: a list whose cursor is on its
// last row then keeps it on the last row.
type Following struct{ On bool }

// Replaced announces that the next snapshot is of a log which does not begin with what the one
// before was of: entries and connections have other numbers.
type Replaced struct{}

// ShowIncident asks the Overview to put its cursor on an incident; only that screen gets
// it.
type ShowIncident struct{ ID string }
