package ui

import (
	"os"
	"strings"
	"testing"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/label"
	"sqleuth/ui/widget"
)

// handOver begins a story of an analyst.
func handOver(t *testing.T, name string) *story {
	t.Helper()
	cfg := config(t)
	cfg.Analyst = name
	s := begin(t, cfg, 120, 30)
	s.sees("✓ rank")
	return s
}

// does types a command, and waits for what comes of it.
func (s *story) does(line, want string) {
	s.Helper()
	s.press(globalKeys.Command)
	s.types(line)
	s.press(widget.PromptKeys().Enter)
	s.sees(want)
}

// TestHandOver: one analyst decides on the incident, labels and notes, and writes the
// case to a file; another takes it over, in one step that can be undone, with what they
// differ in listed.
func TestHandOver(t *testing.T) {
	t.Chdir(t.TempDir())
	ann := handOver(t, "Ann")
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
	ann.does("case export ann.json", "case written to ann.json: ")
	ann.does("case export ann.json", ":case export! replaces it")
	ann.does("case export! ann.json", "case written to ann.json: ")
	ann.does("case lend ann.json", "there is no :case lend")
	ann.press(globalKeys.Escape)
	ann.does("decide perhaps", "write :decide open|accepted|dismissed")
	ann.press(globalKeys.Escape)
	ann.ends()

	bob := handOver(t, "Bob")
	bob.types("1")
	bob.sees("login_attack: ")
	bob.does("decide accepted", "accepted by Bob")
	bob.does("case import gone.json", "no such file")
	bob.does("case import ann.json", "conflicts, of which the later holds")
	bob.sees("of ours, see ticket 7 (Ann)")
	bob.press(overlayKeys.Close)
	var set label.Set
	bob.until(func(a *app) bool { set = a.labels.set; return !a.labels.working() && !a.keep.saving && !a.keep.unsaved })
	if len(set.Decisions()) != 1 || len(set.Decisions()[0].Given) != 3 {
		t.Errorf("decisions %+v", set.Decisions())
	}
	bob.does("case import ann.json", "from Ann: nothing new")
	bob.press(globalKeys.Undo)
	bob.sees("undone: case taken over")
	bob.until(func(a *app) bool { return strings.Contains(a.View(), "accepted by Bob") })
	bob.ends()
	if _, err := os.Stat("ann.json"); err != nil {
		t.Error(err)
	}
}

// TestHandOverMarksOfAnotherReading: rows that are marked in the other reading are kept
// beside ours, so that taking them over again brings nothing.
func TestHandOverMarksOfAnotherReading(t *testing.T) {
	t.Chdir(t.TempDir())
	bob := handOver(t, "Bob")
	var log casefile.Log
	bob.until(func(a *app) bool { log = logOf(a.places.snapshot); return true })
	theirs := casefile.Marks{List: "entries", Reading: "notebook", Ranges: [][2]int{{3, 5}}}
	data, err := casefile.Handed{Case: casefile.Case{Marks: []casefile.Marks{theirs}}, Log: log, From: "Ann"}.Encode()
	if err == nil {
		err = os.WriteFile("ann.json", data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	bob.does("case import ann.json", "from Ann: 2 marked rows")
	bob.until(func(a *app) bool {
		return len(a.keep.ours.Marks) == 1 && a.keep.ours.Marks[0].Equal(theirs) && !a.keep.saving && !a.keep.unsaved
	})
	bob.does("case import ann.json", "from Ann: nothing new")
	bob.ends()
}
