package ui

import (
	"errors"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// quitting is how far the end of the program is.
type quitting uint8

const (
	running   quitting = iota
	warned             // warned of what would be lost; the next q quits
	saving             // quits as soon as everything is saved
	quit               // keys that were typed ahead do nothing
	abandoned          // quit, and what could not be saved is given up
)

// leaving is the part that ends the program once nothing is unsaved.
type leaving struct {
	state   quitting
	kept    bool // a case file is wanted
	keep    *keeping
	labels  *labelling
	exports *exports
	runs    *runs
}

// Update takes the request to quit.
func (l *leaving) Update(msg tea.Msg) (tea.Cmd, bool) {
	if _, ok := msg.(message.Quit); ok {
		return l.quit(), true
	}
	return nil, false
}

// quit ends the program. Where something cannot be saved it warns, and a second q
// quits all the same.
func (l *leaving) quit() tea.Cmd {
	switch k := l.keep; {
	case !l.exports.warned && l.exports.busy():
		l.exports.warned = true
		return failed("leave yet", errors.New("an export is being written; q again leaves without it"))
	case l.state == warned:
		return l.end(abandoned)
	case !l.kept:
		return l.end(quit)
	case l.labels.working() || k.saving:
		l.state = saving
		return say("saving")
	case !k.unsaved:
		return l.end(quit)
	case k.file != nil: // an earlier save has failed
		l.state = saving
		return k.save()
	case l.labels.set.Labelled()+l.labels.set.Noted() == 0: // filters only
		return l.end(quit)
	}
	l.state = warned
	return failed("save the labels (q again leaves without them)", l.unsavable())
}

// stay takes a warning back: the analyst goes on.
func (l *leaving) stay() {
	l.exports.warned = false
	if l.state == warned {
		l.state = running
	}
}

// unsavable is why there is no case file to save into.
func (l *leaving) unsavable() error {
	switch {
	case l.keep.err != nil:
		return l.keep.err
	case l.runs.halted():
		return errors.New("a case is known by the whole log, and this one was not read to its end")
	}
	return errors.New("they are kept once the log is read")
}

// whenSaved ends the program if that is all it waits for, once the other parts have
// heard a message; where it could not be saved, the next q quits.
func (l *leaving) whenSaved(msg tea.Msg) tea.Cmd {
	m, _ := msg.(saved)
	switch k := l.keep; {
	case l.state != saving:
	case m.err != nil:
		l.state = warned
	case !k.saving && !k.unsaved && !l.labels.working():
		return l.end(quit)
	}
	return nil
}

func (l *leaving) end(how quitting) tea.Cmd {
	l.state = how
	return screen.Work(tea.Quit)
}
