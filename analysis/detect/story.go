package detect

import (
	"slices"

	"sqleuth/analysis/rule"
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

// The tactics of ATT&CK that a story is made of.
const (
	guessing   = "credential-access"
	access     = "initial-access"
	collection = "collection"
)

// has reports whether the rule of a detection has a tactic.
func (d *Detection) has(tactic string) bool { return slices.Contains(d.Rule.Tactics, tactic) }

// Guessing reports whether a detection is about failed logins.
func (d *Detection) Guessing() bool { return d.Logins && d.has(guessing) }

// Stories finds, in detections as Run returns them, every host for which guessing
// is followed by a login and that by collection. Steps are the host's detections
// from the first guesses on; habits and old passwords (low severity) begin no
// story, and what a filter of the site sets aside is no part of one.
func Stories(detections []Detection) []Story {
	var stories []Story
	done := map[string]bool{}
	for i := range detections {
		d := &detections[i]
		if d.Host == "" || d.Site != nil || done[d.Host] || d.Severity < rule.Medium || !d.Guessing() {
			continue
		}
		done[d.Host] = true
		if s, ok := storyOf(d.Host, detections[i:]); ok {
			stories = append(stories, s)
		}
	}
	return stories
}

// storyOf makes the story of a host whose guesses come first in detections.
func storyOf(host string, detections []Detection) (Story, bool) {
	s := Story{Host: host}
	passed, taken := false, false
	for _, d := range detections {
		if d.Host != host || d.Site != nil {
			continue
		}
		switch {
		case d.Logins && d.has(access):
			if d.Severity < rule.Medium {
				continue
			}
			passed = true
			if d.User != "" && !slices.Contains(s.Users, d.User) {
				s.Users = append(s.Users, d.User)
			}
		case d.has(collection):
			taken = taken || passed
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
	return s, taken
}
