package message

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
)

// Request makes a command of a request: return message.Request(OpenEntries{...}).
func Request(m tea.Msg) tea.Cmd { return func() tea.Msg { return m } }

// Screen names a screen, in the order of the tabs.
type Screen uint8

// The screens.
const (
	Overview Screen = iota
	Connections
	Entries
	Templates
	Charts
	Models
	Detections
	Findings
	Accounts // a view of Connections, under whose tab it is
	Screens  // how many there are
)

// Tabs is how many screens have a tab of their own; they come first.
const Tabs = Accounts

// Tab returns the screen whose tab a screen is under.
func (s Screen) Tab() Screen {
	if s == Accounts {
		return Connections
	}
	return s
}

// Goto asks for another screen; backspace leads back.
type Goto struct{ Screen Screen }

// OpenConnection asks for the transcript of a connection: the Entries screen,
// filtered to it, with the cursor on entry At (-1: the first).
type OpenConnection struct {
	Connection int
	At         int
}

// OpenEntries asks for the entries behind something (the cell of a confusion
// matrix, a template, a bar): the Entries screen with one more filter. Backspace
// leads back to the filters of before. Exactly one of Term and Pick is set.
type OpenEntries struct {
	// Title is what the header calls the filter, where Pick is set.
	Title string
	// Term is a filter as an analyst would type it.
	Term string
	// Pick reports whether entry i is meant, for what no term can express. It is
	// called in the background, for every entry, by several goroutines.
	Pick func(s *pipeline.Snapshot, i int) bool
	// Whole: the figure counts the whole log, whatever is filtered. The other
	// filters are switched off, so that as many entries are shown as the figure
	// has.
	Whole bool
}

// OpenConnections asks for the Connections screen with one more filter: Term, or
// where no term can express it, Pick, as of OpenEntries.
type OpenConnections struct {
	// Title is what the header calls the filter where its term is too long to be
	// read, or where there is none.
	Title string
	Term  string
	Pick  func(s *pipeline.Snapshot, i int) bool
}

// Disagreeing asks for the connections whose labels and predictions differ; one
// that nobody labelled counts as normal.
var Disagreeing = OpenConnections{Title: "model and you disagree", Term: "(label:normal learned>0.5) or (not label:normal learned<0.5)"}

// Tally asks to list how many rows have which value of a column, most first.
type Tally struct {
	By     string // the title of the column
	Rows   int    // all of them
	Values []Value
}

// Value is a value of a column, as the filter term that selects it.
type Value struct {
	Term string
	Rows int
}

// ShowEntry asks for the Entries screen with the cursor on entry Index; filters
// that hide it are switched off.
type ShowEntry struct{ Index int }

// OpenIncident asks for the Overview with the cursor on an incident.
type OpenIncident struct{ ID string }

// ShowTemplate asks for the Templates screen with the cursor on a template.
type ShowTemplate struct{ Index int }

// Label asks to give the connections of a target a class.
type Label struct {
	Target Target
	Class  string
}

// Accept asks to give a target's connections the classes that the model predicts.
type Accept struct{ Target Target }

// Unlabel asks to take the label of a target's connections away.
type Unlabel struct{ Target Target }

// Note asks to replace the note on a target's connections; an empty text
// removes it.
type Note struct {
	Target Target
	Text   string
}

// Incident is one that something is decided on.
type Incident struct {
	ID       string // empty for none
	Formerly []string
	Name     string // "incident A"
}

// Decide asks to decide on an incident; label.Open without a note takes back what was
// decided.
type Decide struct {
	Incident Incident
	Outcome  label.Outcome
	Note     string
}

// Declare asks to take something for normal from now on, wherever it is alike.
type Declare struct {
	// Usual returns what is meant. It runs in the background.
	Usual func(ctx context.Context) ([]label.Usual, error)
}

// Revoke asks to take back that something is normal.
type Revoke struct{ Usual label.Usual }

// Enter asks to do what the key does here.
type Enter struct{}

// Undo asks to take the last change of labels back.
type Undo struct{}

// Redo asks to do again what was undone.
type Redo struct{}

// AddClass asks for a further class; it gets the next digit.
type AddClass struct{ Name string }

// AddFilter asks to put a term on the stack of filters.
type AddFilter struct{ Term string }

// KeepOrHide asks to keep only what the term selects, or to hide it.
type KeepOrHide struct {
	Term string
	Hide bool
}

// SetOption asks to run the models again with another parameter: "contamination",
// "seed" or "trees".
type SetOption struct{ Name, Value string }

// Copy asks to send text to the terminal's clipboard (OSC 52). Text runs in the
// background, because it may read the log.
type Copy struct {
	What string // "entry 17", for the notice
	Text func(ctx context.Context) (string, error)
}

// Export asks to write the export files into a folder.
type Export struct {
	Dir   string
	Force bool // overwrite files that exist
}

// Cancel asks to stop the running analysis; screens keep the last snapshot.
type Cancel struct{}

// Quit asks to end the program, once what must not be lost is saved.
type Quit struct{}

// Notice asks to show a line in the footer until the next key.
type Notice struct{ Text string }

// Failed asks to show in the footer that something could not be done, and why.
type Failed struct {
	What string // "export to out", without "could not"
	Err  error
	// Sought is the text that a search has not found; the nearest in the log is
	// offered instead.
	Sought string
}
