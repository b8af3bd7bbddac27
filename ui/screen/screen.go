// Package screen is the contract between the root model and the screens.
//
// A screen holds view state only: cursor, sizes, order of sorting, the last
// snapshot. It gets facts (package message) through Update, draws them in View,
// and returns requests as commands. Nothing that grows with the log runs in
// Update or View: a screen that sorts or reads does it in a command that
// returns a message of its own, and drops a result that comes too late (Job).
package screen

import (
	"github.com/charmbracelet/bubbles/help"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
	"sqleuth/ui/message"
)

// Screen is one of the eight. Methods return a changed copy, as Bubble Tea's
// models do.
type Screen interface {
	// KeyMap lists the keys that work in this screen and nowhere else: the
	// footer shows ShortHelp, the help overlay FullHelp. Global keys are added
	// by the root.
	help.KeyMap
	// Title is the name on the tab.
	Title() string
	// Update takes facts, and while the screen is focused the keys that are
	// not global, one at a time. The root runs the command before it handles
	// the next key: whatever takes time must be wrapped by Work.
	Update(tea.Msg) (Screen, tea.Cmd)
	// View draws the body: at most the height and width of SetSize.
	View() string
	// SetSize sets the size of the body in cells. Both may be as small as 1.
	SetSize(width, height int) Screen
	// Focus returns what is under the cursor, for the keys that mean the same
	// everywhere (digits, x, m, +, -, y).
	Focus() Focus
	// Escape takes the topmost thing away that the analyst put on this screen
	// (a pane, a range being marked, the marks), one at a time; false where
	// there is none.
	Escape() (Screen, bool)
}

// Closer is a screen on which something may lie over the rows, as a pane that has
// the whole body. Backspace closes that before it leads back.
type Closer interface {
	// Close takes the innermost such thing away; false where there is none.
	// Marks, ranges and what is searched for stay.
	Close() (Screen, bool)
}

// Focus is what is under the cursor. Whatever is zero makes no sense there, and
// its keys are not offered.
type Focus struct {
	// Target is what a digit labels, x clears and m annotates: only where a row
	// is a connection or an entry of one.
	Target message.Target
	// Term is the filter term that + keeps and - hides.
	Term string
	// Copy is what y sends to the clipboard.
	Copy message.Copy
	// At is the time of what is under the cursor, in microseconds since 1970; 0 where
	// it has none.
	At int64
	// Incident is what d decides on.
	Incident message.Incident
}

// Log is what screens ask for beside the snapshot, from commands only: it reads
// the files. It is safe for concurrent use.
type Log interface {
	// Record returns entry i with its text, as the log's reading sees it.
	Record(l *loaded.Log, i int) (reading.Record, error)
	// Rejected returns the text of a run that is not understood.
	Rejected(l *loaded.Log, r genlog.Reject) ([]byte, error)
	// Statements reads many statements at once, for searches.
	Statements(l *loaded.Log) filter.TextReader
}
