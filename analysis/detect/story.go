package detect

import (
	"slices"

	"sqleuth/analysis/store"
)

// Story is an attack in the order in which it went: failed logins of a host, a
// login that got past, and what was asked for then.
type Story struct {
	Host        string
	Users       []string // who got past login, in order
	Time, Last  store.Moment
	Steps       []Detection
	Connections []uint32 // of all steps, ascending
}

// Stories finds, in detections as Run returns them, every host for which D1 or
// D2 is followed by D3 and that by D6 or D7. Steps are the host's detections
// from the first failures on; habits and old passwords (low severity) begin no
// story.
func Stories(detections []Detection) []Story {
	var stories []Story
	told := map[string]bool{}
	for i := range detections {
		d := &detections[i]
		if d.Host == "" || told[d.Host] || d.Severity < Medium || d.Rule != &rules[bruteForce] && d.Rule != &rules[spraying] {
			continue
		}
		told[d.Host] = true
		if s, ok := tell(d.Host, detections[i:]); ok {
			stories = append(stories, s)
		}
	}
	return stories
}

// tell makes the story of a host whose failures come first in detections.
func tell(host string, detections []Detection) (Story, bool) {
	s := Story{Host: host}
	passed, took := false, false
	for _, d := range detections {
		if d.Host != host {
			continue
		}
		switch d.Rule {
		case &rules[successAfterFailures]:
			if d.Severity < Medium {
				continue
			}
			passed = true
			if !slices.Contains(s.Users, d.User) {
				s.Users = append(s.Users, d.User)
			}
		case &rules[credentialRead], &rules[dump]:
			took = took || passed
		}
		if len(s.Steps) == 0 {
			s.Time, s.Last = d.Time, d.Last
		}
		if d.Last.Micros > s.Last.Micros {
			s.Last = d.Last
		}
		s.Steps = append(s.Steps, d)
		s.Connections = append(s.Connections, d.Connections...)
	}
	slices.Sort(s.Connections)
	s.Connections = slices.Compact(s.Connections)
	return s, took
}
