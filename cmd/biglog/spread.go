package main

import (
	"fmt"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/genlog"
)

// kind is what an entry does to its connection.
type kind uint8

const (
	statement kind = iota // or any other command that a client sends
	login                 // Connect
	otherwise             // a refusal, or Change user: nothing that a new login could repeat
	quit
)

func kindOf(r *genlog.Record) kind {
	switch string(r.Command) {
	case "Connect":
		if l := connection.ParseLogin(r.Argument); l.Host != nil && !l.Denied {
			return login
		}
		return otherwise
	case "Change user":
		return otherwise
	case "Quit":
		return quit
	}
	return statement
}

// spread spreads a log over more connections than the capture has: it cuts
// sessions between two statements, where the client quits and logs in again as
// it did before. Ids count up in the order of the logins.
type spread struct {
	entries, cuts int64 // of the whole log
	written, made int64 // of them so far
	next          int64 // id
	sessions      []part
}

// part is what the entries of a slot belong to.
type part struct {
	id         int64  // 0 before the first entry
	login      []byte // body of its Connect; nil for none that can be repeated
	statements bool   // it has some
}

// minEntries is the least entries of a connection that was cut: login,
// statement, Quit.
const minEntries = 3

func newSpread(c *capture, entries, connections int64) (*spread, error) {
	recorded := c.connections(entries)
	if most := entries / minEntries; connections < recorded || connections > most {
		return nil, fmt.Errorf("a log of %d entries can have from %d to %d connections, not %d", entries, recorded, most, connections)
	}
	// A cut adds a connection, and takes the room of two entries with their share
	// of recorded ones.
	share := float64(recorded) / float64(entries)
	cuts := float64(connections-recorded) / (1 - 2*share)
	return &spread{entries: entries, cuts: int64(cuts), next: c.lowest, sessions: make([]part, len(c.classes))}, nil
}

// connections counts the connections of a log of that many entries as the
// capture has them.
func (c *capture) connections(entries int64) int64 {
	count := func(entries []entry) (n int64) {
		seen := make([]bool, len(c.classes))
		for _, e := range entries {
			if !seen[e.slot] {
				seen[e.slot] = true
				n++
			}
		}
		return n
	}
	round := int64(len(c.entries))
	return entries/round*count(c.entries) + count(c.entries[:entries%round])
}

// cutsBefore reports whether a session is to be cut before this entry of it: where the
// log has had fewer cuts than its share of them by now.
func (s *spread) cutsBefore(e *entry) bool {
	p := &s.sessions[e.slot]
	return e.kind == statement && p.statements && p.login != nil &&
		s.made*s.entries < s.cuts*s.written && s.entries-s.written >= minEntries
}

// cut gives the session of a slot another connection.
func (s *spread) cut(slot uint32) {
	s.open(slot, s.sessions[slot].login)
	s.made++
	s.written += 2 // Quit and Connect
}

// open gives the slot the next id.
func (s *spread) open(slot uint32, login []byte) {
	s.sessions[slot] = part{id: s.next, login: login}
	s.next++
}

// observe returns the id of an entry with that body.
func (s *spread) observe(e *entry, body []byte) int64 {
	p := &s.sessions[e.slot]
	if p.id == 0 {
		s.open(e.slot, nil)
	}
	switch e.kind {
	case statement:
		p.statements = true
	case login:
		p.login = body
	case otherwise:
		p.login = nil
	}
	s.written++
	return p.id
}
