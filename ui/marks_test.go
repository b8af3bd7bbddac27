package ui

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/synctest"

	"sqleuth/analysis/export"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// keys gives keys one by one, and after each waits for what it has set off.
func (d *desk) keys(names ...string) {
	for _, name := range names {
		d.give(screentest.Key(name))
		d.settles()
	}
}

// types gives what is typed into a prompt.
func (d *desk) types(text string) {
	for _, r := range text {
		d.keys(string(r))
	}
}

// TestReadMarkReadLabel: what is marked stays marked while it is read, while a
// filter hides it and on other screens, and is what a digit labels.
func TestReadMarkReadLabel(t *testing.T) {
	in := screentest.Load(t)
	for _, c := range []struct {
		name, home string
		first      []string // keys that mark a first row and lead to another
	}{
		{"overview", "f1", []string{"j", " "}},
		{"connections", "f2", []string{" "}},
		{"entries", "f3", []string{" ", "j", "j", "j", "j", "j"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, in)
				d.keys(c.home)
				d.keys(c.first...)
				d.keys("enter", "backspace", " ", "enter", "backspace", "tab", "shift+tab")
				if view := d.View(); !strings.Contains(view, ", 2 marked") {
					t.Errorf("two rows are not marked any more:\n%s", view)
				}
				d.keys("f")
				d.types("user:nobody")
				d.keys("enter", "0")
				if head := strings.Join(strings.Split(d.View(), "\n")[:3], "\n"); !strings.Contains(head, "2 marked (2 hidden)") {
					t.Errorf("the header does not count what is marked:\n%s", head)
				}
				d.keys("esc")
				if n := d.labels.set.Count(label.Normal); n != 0 {
					t.Errorf("%d connections were labelled that a filter hides", n)
				}
				d.keys("0")
				if n := d.labels.set.Count(label.Normal); n != 2 {
					t.Errorf("%d connections are labelled, 2 were marked:\n%s", n, d.View())
				}
				d.runs.wait()
			})
		})
	}
}

// TestMarksOfEveryScreenSurviveARestart on the rows that had them, whatever order and
// number these have then.
func TestMarksOfEveryScreenSurviveARestart(t *testing.T) {
	cfg := config(t)
	s := begin(t, cfg, 120, 40)
	s.sees("✓ rank")
	const charts = 7
	for at := range message.Tabs {
		s.program.Send(screentest.Key(globalKeys.Jump.Keys()[at]))
		times := 1
		if at == message.Charts {
			times = charts
		}
		for range times {
			for _, name := range []string{"j", " ", "j", " ", ">"} {
				s.program.Send(screentest.Key(name))
			}
		}
	}
	marks := func(a *app) map[string]string {
		out := map[string]string{}
		for at := range message.Tabs {
			for _, l := range a.places.lists(at) {
				if kept, _ := l.Kept(maxKept); l.Marks().Len() > 0 {
					out[l.Name()] = fmt.Sprintln(l.Marks().Len(), kept.Ranges, kept.Names)
				}
			}
		}
		return out
	}
	want := marks(s.ends())
	for _, name := range []string{"suspects", "connections", "entries", "templates", "chart by action", "chart ids by table", "detections", "findings"} {
		if want[name] == "" {
			t.Fatalf("nothing is marked in %s, but %v", name, want)
		}
	}
	cfg.Analysis = NewAnalysis(screentest.Open(t), pipeline.DefaultConfig(), export.Options{})
	again := begin(t, cfg, 120, 40)
	again.sees("✓ rank")
	again.until(func(a *app) bool { return maps.Equal(marks(a), want) })
	again.ends()
}

// TestDigitLabelsTheOpenRange, and none of the rows beside it.
func TestDigitLabelsTheOpenRange(t *testing.T) {
	in := screentest.Load(t)
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, in)
		d.keys("f2", "j", "v", "j", "j", "0")
		for c := range 5 {
			class := d.labels.set.Class(in.Labelled.Connections.Ref(c))
			if _, labelled := d.labels.set.Verdict(in.Labelled.Connections.Ref(c)); labelled != (c >= 1 && c <= 3) {
				t.Errorf("connection %d is %s", c, class)
			}
		}
		d.runs.wait()
	})
}

// TestEvidenceOpensOnItsFirstEntry, wherever the cursor was.
func TestEvidenceOpensOnItsFirstEntry(t *testing.T) {
	in := screentest.Load(t)
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, in)
		d.keys("f3", "G", "f7", "j", "enter")
		first := in.Labelled.Detections[0].Entries[0]
		want := message.One(in.Labelled, int(in.Labelled.Entries.Connection(int(first)))).Text
		if view := d.View(); d.places.focus().Target.Text != want || !strings.Contains(view, "1 of ") {
			t.Errorf("the cursor is on %s, want %s:\n%s", d.places.focus().Target.Text, want, view)
		}
		d.runs.wait()
	})
}
