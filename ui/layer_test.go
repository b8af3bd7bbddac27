package ui

import (
	"strings"
	"testing"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/pipeline"
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

// TestIncidentsAreShownByTheirLetters, under whatever they are kept.
func TestIncidentsAreShownByTheirLetters(t *testing.T) {
	s := &pipeline.Snapshot{Analysis: pipeline.Analysis{Incidents: []incident.Incident{{ID: "0123abcd"}, {ID: "4567abcd", Formerly: []string{"89ababcd"}}}}}
	for title, want := range map[string]string{
		"incident:0123abcd":                               "incident:A",
		"not incident:4567abcd/collection user:a":         "not incident:B/collection user:a",
		"(incident:89ababcd,0123abcd or digest:0123abcd)": "(incident:B,A or digest:0123abcd)",
		"incident:00000000":                               "incident:00000000",
	} {
		l := layer{title: title}
		if got := l.named(s); got != want || l.named(nil) != title {
			t.Errorf("%s is shown as %q, want %q, and without a log as %q", title, got, want, l.named(nil))
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
