package ui

import (
	"testing"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// TestOneHistory: u takes back what was done last, whatever it was, and ctrl+r does it
// again.
func TestOneHistory(t *testing.T) {
	d := newDesk(t, screentest.Load(t))
	defer d.runs.wait()
	keys := func(names ...string) {
		for _, name := range names {
			d.give(screentest.Key(name))
			d.settles()
		}
	}
	type state struct {
		filters  string
		labelled int
		marked   int
	}
	now := func() state {
		s := state{labelled: d.labels.set.Labelled(), marked: d.places.lists(message.Connections)[0].Marks().Len()}
		for _, f := range d.filters.kept() {
			s.filters += f.Term + map[bool]string{true: " on; ", false: " off; "}[f.On]
		}
		return s
	}
	keys("f2")
	after := []state{now()} // by how many changes can be undone
	for _, step := range []func(){
		func() { d.give(message.AddFilter{Term: "user:root,wordpress"}) },
		func() { keys("0") },
		func() { keys("0") }, // as before: no change
		func() { keys("F", " ", "esc") },
		func() { keys("F", "x", "esc") },
		func() { keys("+") },
		func() { keys("esc") }, // the filter
		func() { d.give(message.AddFilter{Term: "host:*"}) },
		func() { keys(" ", " ") },
		func() { keys("esc") }, // the marks
	} {
		step()
		d.settles()
		after = append(after[:min(len(after), len(d.history.done))], now())
	}
	n := len(after) - 1
	if after[1].filters != "user:root,wordpress on; " || after[n-1].marked != 2 || after[n].marked != 0 || n != 8 {
		t.Errorf("%d changes: %+v", n, after)
	}
	for k := n - 1; k >= -1; k-- {
		keys("u")
		if got, want := now(), after[max(k, 0)]; got.filters != want.filters || got.labelled != want.labelled || k == n-1 && got.marked != want.marked {
			t.Errorf("undone down to %d: %+v, was %+v", k, got, want)
		}
	}
	for k := 1; k <= n+1; k++ {
		keys("ctrl+r")
		if got, want := now(), after[min(k, n)]; got.filters != want.filters || got.labelled != want.labelled || k >= n && got.marked != 0 {
			t.Errorf("done again up to %d: %+v, was %+v", k, got, want)
		}
	}
}
