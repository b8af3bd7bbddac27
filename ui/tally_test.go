package ui

import (
	"strings"
	"testing"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// TestColumnsAreCounted: # lists how many rows have which value; enter narrows to one, +
// and - make a filter.
func TestColumnsAreCounted(t *testing.T) {
	d := newDesk(t, screentest.Load(t))
	defer d.runs.wait()
	keys := func(names ...string) {
		for _, name := range names {
			d.give(screentest.Key(name))
			d.settles()
		}
	}
	sees := func(texts ...string) {
		t.Helper()
		for _, text := range texts {
			if !strings.Contains(d.View(), text) {
				t.Errorf("%q is not in\n%s", text, d.View())
			}
		}
	}
	keys("f2", "#") // by host
	sees("host: 3 values of 27 rows", "15   55.56 %  host:127.0.0.66", "2    7.41 %  host:10.0.0.7")
	keys("down", "enter")
	if rows := d.filters.shown.Connections.Len(); d.places.at != message.Connections || rows != 10 && rows != 15 {
		t.Errorf("enter leaves %d connections on screen %d", rows, d.places.at)
	}
	keys("ctrl+o", "#", "-")
	if f := d.filters.kept(); len(f) != 1 || f[0].Term != "not host:127.0.0.66" {
		t.Errorf("- makes the filters %v", f)
	}
	keys("u", "f3", "#")
	sees("values of 71 rows", "template:")
	keys("+")
	if f := d.filters.kept(); len(f) != 1 || !strings.HasPrefix(f[0].Term, "template:") {
		t.Errorf("+ makes the filters %v", f)
	}
}
