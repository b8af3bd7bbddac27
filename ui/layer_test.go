package ui

import (
	"strings"
	"testing"

	"sqleuth/ui/message"
)

// TestLongListsOfIDsAreShortened on the screen, and nothing else is.
func TestLongListsOfIDsAreShortened(t *testing.T) {
	const long = "id:1-3,5,7@2,9,11,13,15-17"
	for _, c := range []struct {
		l    layer
		want string
	}{
		{layer{title: "id:1,5,9-12", name: "connections of D7"}, "id:1,5,9-12"},
		{layer{title: long}, "id:1-3,5,7@2,9,11 and 2 more"},
		{layer{title: "not " + long}, "not id:1-3,5,7@2,9,11 and 2 more"},
		{layer{title: "(" + long + " or user:a) id:1"}, "(id:1-3,5,7@2,9,11 and 2 more or user:a) id:1"},
		{layer{title: long, name: "connections of D7"}, "connections of D7"},
		{layer{title: "user:a,b,c,d,e,f,g,h"}, "user:a,b,c,d,e,f,g,h"},
	} {
		if got := c.l.shown(); got != c.want {
			t.Errorf("%+v is shown as %q, want %q", c.l, got, c.want)
		}
	}
}

// TestEscapeTakesTheLastFilter, also one that is off.
func TestEscapeTakesTheLastFilter(t *testing.T) {
	a := newApp(t.Context(), config(t))
	defer a.runs.wait()
	for _, term := range []string{"user:a", "user:b"} {
		a.Update(message.AddFilter{Term: term})
	}
	for i := range a.filters.stack {
		a.filters.stack[i].on = false
	}
	for _, want := range []string{"which was off: user:b", "which was off: user:a", "there is nothing to take away"} {
		a.frame.notice = notice{}
		act(a, a.places.escape())
		if !strings.Contains(a.frame.notice.text, want) {
			t.Errorf("it says %q, want %q", a.frame.notice.text, want)
		}
	}
}
