package ui

import (
	"strings"
	"testing"

	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// TestClassesThatAreThere: their keys are named as they are, and there is nothing
// to undo.
func TestClassesThatAreThere(t *testing.T) {
	s := begin(t, config(t), 120, 30)
	s.sees("✓ rank")
	for name, want := range map[string]string{
		"normal":       "there is such a class already: class normal has the key 0",
		"Login_Attack": "there is such a class already: class login_attack has the key 1",
	} {
		s.program.Send(message.AddClass{Name: name})
		s.sees(want)
	}
	s.press(globalKeys.Undo)
	s.sees("there is nothing to undo")
	s.program.Send(message.AddClass{Name: "recon"})
	s.sees("class recon has the key 4")
	for range 7 {
		s.program.Send(message.AddClass{Name: "more" + strings.Repeat("x", len(s.classes()))})
		s.until(func(a *app) bool { return !a.labels.busy })
	}
	s.sees("has no key; label with :label more")
	s.ends()
}

func (s *story) classes() (list []string) {
	s.until(func(a *app) bool { list = a.labels.set.Classes(); return true })
	return list
}

// TestNoLabelToTakeAway: nothing is reported as done that is not.
func TestNoLabelToTakeAway(t *testing.T) {
	s := begin(t, config(t), 120, 30)
	s.sees("✓ rank")
	name := ""
	s.press(widget.TableKeys().Down) // behind the incident
	s.until(func(a *app) bool { name = a.places.focus().Target.Text; return strings.HasPrefix(name, "connection ") })
	s.press(globalKeys.Unlabel)
	s.sees(name + " has no label")
	s.types("1")
	s.sees("login_attack: " + name)
	s.types("1")
	s.sees("login_attack: " + name + " (as before)")
	s.press(globalKeys.Undo)
	s.sees("undone: label login_attack")
	s.ends()
}
