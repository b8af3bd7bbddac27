package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/label"
	"sqleuth/ui/message"
)

// part is a component of the root: what it keeps is its own, and it hears of the
// others by facts.
type part interface {
	// Update takes a fact, a request, or an answer to the part itself; mine
	// reports that nobody else is to hear it. The root runs the command as it
	// does a screen's: facts and requests take no time, and what does is
	// wrapped by screen.Work.
	Update(msg tea.Msg) (cmd tea.Cmd, mine bool)
}

// Facts that parts of the root send one another; screens do not get them.
type (
	// labelsChanged reports that the labels are now set.
	labelsChanged struct {
		set  label.Set
		step label.Step // that changed them
		// quiet is that the case file knows them already.
		quiet bool
		// known is what the models were asked with when the step began, and
		// unchanged that the labels are the same as that: undo leads back there.
		known     label.Set
		unchanged bool
	}
	// filtersChanged asks the case to keep these filters now.
	filtersChanged struct{ kept []casefile.Filter }
	// caseMerged reports that another program has written labels to the case, since
	// ours were sent.
	caseMerged struct{ sent, now label.Set }
	// settled reports that no run is under way, and none is wanted.
	settled struct{}
	// runFailed reports that the last run has broken.
	runFailed struct{}
)

// tell returns a command that sends a fact.
func tell(fact tea.Msg) tea.Cmd { return message.Request(fact) }

// say and failed return commands that put a line into the footer.
func say(text string) tea.Cmd { return message.Request(message.Notice{Text: text}) }

func failed(what string, err error) tea.Cmd {
	return message.Request(message.Failed{What: what, Err: err})
}
