package incident_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/incident"
)

// TestSince: as a log grows, an actor is the same one whatever he is called by, and
// only what is new or graver is a change.
func TestSince(t *testing.T) {
	s := ordinary()
	at := func(k int) *script { return s.at(73*time.Hour + time.Duration(k)*time.Minute) }
	steps := []struct {
		write func()
		want  string
	}{
		{func() {}, ""},
		{func() { guesses(at(0), "192.0.2.7", 30, "root", "admin") }, "new medium 192.0.2.7"},
		{func() { guesses(at(5), "192.0.2.7", 30, "job") }, ""},
		{func() { at(10).login("job@192.0.2.7", "shop", "SELECT 1") }, "medium to high job@192.0.2.7"},
		{func() {
			at(11).login("web@10.0.0.5", "shop", "SELECT id, title FROM news WHERE topic = 'topic7' ORDER BY id LIMIT 40")
		}, ""},
		{func() { at(12).login("job@192.0.2.7", "shop", theft...) }, "high to critical job@192.0.2.7"},
		{func() {
			page := "SELECT id, title FROM news WHERE topic = '%s' ORDER BY id LIMIT 40"
			at(14).login("web@10.0.0.5", "shop", fmt.Sprintf(page, "x' UNION SELECT email,pw_hash FROM customers -- "))
		}, "new critical web@10.0.0.5"},
		{func() {
			guesses(at(20), "198.51.100.9", 30, "job")
			at(30).login("job@198.51.100.9", "shop", theft[1])
		}, "new critical job@198.51.100.9"},
		{func() { // in turn: the two are one
			at(150).login("job@192.0.2.7", "shop", theft[1])
			at(210).login("job@198.51.100.9", "shop", theft[1])
			at(270).login("job@192.0.2.7", "shop", theft[1])
		}, ""},
	}
	var before []incident.Incident
	var ids []string // of all that there were
	for k, step := range steps {
		step.write()
		now := find(t, analyse(t, []byte(s.String())))
		incident.Continue(before, now)
		var got []string
		for _, c := range incident.Since(before, now) {
			x := &now[c.Incident]
			if text := fmt.Sprintf("%s to %s %s", c.Was, x.Severity, x.Through); !c.New {
				got = append(got, text)
				continue
			}
			got = append(got, fmt.Sprintf("new %s %s", x.Severity, x.Through))
			ids = append(ids, x.ID)
		}
		if text := strings.Join(got, "; "); text != step.want {
			t.Errorf("step %d: %q, want %q", k, text, step.want)
		}
		for _, id := range ids {
			found := 0
			for i := range now {
				if now[i].Is(id) {
					found++
				}
			}
			if found != 1 {
				t.Errorf("step %d: %d incidents are %s", k, found, id)
			}
		}
		before = now
	}
	if len(before) != 2 || len(before[0].Formerly)+len(before[1].Formerly) < 3 {
		t.Errorf("in the end there are %d incidents, formerly %q", len(before), before[0].Formerly)
	}
}

// Two actors that are taken for one for a while have their own IDs again when they part.
func TestContinueParts(t *testing.T) {
	of := func(id string, entries ...uint32) incident.Incident {
		return incident.Incident{ID: id, Entries: entries}
	}
	two := func() []incident.Incident { return []incident.Incident{of("a", 1, 2), of("b", 3, 4)} }
	before, one, after := two(), []incident.Incident{of("a", 1, 2, 3, 4)}, two()
	incident.Continue(before, one)
	if !one[0].Is("a") || !one[0].Is("b") {
		t.Errorf("taken for one: %q", one[0].IDs())
	}
	incident.Continue(one, after)
	if after[0].Is("b") || !after[1].Is("b") {
		t.Errorf("parted: %q and %q", after[0].IDs(), after[1].IDs())
	}
}
