package ui

import (
	"os"
	"strings"
	"testing"

	"sqleuth/analysis/label"
	"sqleuth/ui/widget"
)

// TestHandOver: one analyst decides on the incident, labels and notes, and writes the
// case to a file; another takes it over, in one step that can be undone, with what they
// differ in listed.
func TestHandOver(t *testing.T) {
	t.Chdir(t.TempDir())
	start := func(name string) *story {
		cfg := config(t)
		cfg.Analyst = name
		s := begin(t, cfg, 120, 30)
		s.sees("✓ rank")
		return s
	}
	does := func(s *story, line, want string) {
		t.Helper()
		s.press(globalKeys.Command)
		s.types(line)
		s.press(widget.PromptKeys().Enter)
		s.sees(want)
	}

	ann := start("Ann")
	ann.press(globalKeys.Decide)
	ann.types("dismissed a test of ours")
	ann.press(widget.PromptKeys().Enter)
	ann.sees("dismissed by Ann on 2024-07-11: a test of ours")
	ann.sees("A-")
	ann.press(globalKeys.Note)
	ann.types(", see ticket 7")
	ann.press(widget.PromptKeys().Enter)
	ann.sees("dismissed by Ann on 2024-07-11: a test of ours, see ticket 7")
	ann.types("0")
	ann.sees("normal: ")
	does(ann, "case export ann.json", "case written to ann.json: ")
	does(ann, "case export ann.json", ":case export! replaces it")
	does(ann, "case export! ann.json", "case written to ann.json: ")
	does(ann, "case lend ann.json", "there is no :case lend")
	ann.press(globalKeys.Escape)
	does(ann, "decide perhaps", "write :decide open|accepted|dismissed")
	ann.press(globalKeys.Escape)
	ann.ends()

	bob := start("Bob")
	bob.types("1")
	bob.sees("login_attack: ")
	does(bob, "decide accepted", "accepted by Bob")
	does(bob, "case import gone.json", "no such file")
	does(bob, "case import ann.json", "conflicts, of which the later holds")
	bob.sees("of ours, see ticket 7 (Ann)")
	bob.press(overlayKeys.Close)
	var set label.Set
	bob.until(func(a *app) bool { set = a.labels.set; return !a.labels.working() && !a.keep.saving && !a.keep.unsaved })
	if len(set.Decisions()) != 1 || len(set.Decisions()[0].Given) != 3 {
		t.Errorf("decisions %+v", set.Decisions())
	}
	does(bob, "case import ann.json", "from Ann: nothing new")
	bob.press(globalKeys.Undo)
	bob.sees("undone: case taken over")
	bob.until(func(a *app) bool { return strings.Contains(a.View(), "accepted by Bob") })
	bob.ends()
	if _, err := os.Stat("ann.json"); err != nil {
		t.Error(err)
	}
}
