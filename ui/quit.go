package ui

import (
	"errors"

	tea "github.com/charmbracelet/bubbletea"
)

// quitting is how far the end of the program is.
type quitting uint8

const (
	running   quitting = iota
	warned             // said what would be lost; the next q quits
	saving             // quits as soon as everything is saved
	quit               // keys that were typed ahead do nothing
	abandoned          // quit, and what could not be saved is given up
)

// quit ends the program once nothing is unsaved. Where something cannot be saved
// it says so, and a second q quits all the same.
func (a *app) quit() {
	switch k := &a.keep; {
	case !a.exports.warned && a.exports.busy():
		a.exports.warned = true
		a.fail("leave yet", errors.New("an export is being written; q again leaves without it"))
		return
	case a.quitting == warned:
		a.end()
		a.quitting = abandoned
		return
	case a.cfg.CaseDir == "":
		a.end()
		return
	case a.labels.working() || k.saving:
		a.quitting = saving
		a.say("saving")
		return
	case !k.unsaved:
		a.end()
		return
	case k.file != nil: // an earlier save has failed
		a.quitting = saving
		a.take(k.save())
		return
	case a.labels.set.Labelled()+a.labels.set.Noted() == 0: // filters only
		a.end()
		return
	}
	a.quitting = warned
	a.fail("save the labels (q again leaves without them)", a.unsavable())
}

// unsavable is why there is no case file to save into.
func (a *app) unsavable() error {
	switch {
	case a.keep.err != nil:
		return a.keep.err
	case a.runs.halted():
		return errors.New("a case is known by the whole log, and this one was not read to its end")
	}
	return errors.New("they are kept once the log is read")
}

// quitWhenSaved ends the program if that is all it waits for; where it could not
// be saved, the next q quits.
func (a *app) quitWhenSaved(msg tea.Msg) {
	m, _ := msg.(saved)
	switch k := &a.keep; {
	case a.quitting != saving:
	case m.err != nil:
		a.quitting = warned
	case !k.saving && !k.unsaved && !a.labels.working():
		a.end()
	}
}

func (a *app) end() {
	a.quitting = quit
	a.work = append(a.work, tea.Quit)
}
