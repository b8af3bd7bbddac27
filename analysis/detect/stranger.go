package detect

import (
	"cmp"
	"slices"
	"sync"

	"sqleuth/analysis/connection"
)

// strangers are the refused logins of a host as users who had not got in from there
// before. Those of others are no guesses: their password was known there once, and
// is mistyped or out of date.
type strangers struct {
	entries []uint32    // ascending
	user    uint32      // of the first
	alone   bool        // of all
	steady  func() bool // see atPace
}

// strangersOf returns the strangers of a host, nil for none.
func (r *run) strangersOf(host uint32) *strangers {
	return r.strangers()[host]
}

func (r *run) listStrangers() map[uint32]*strangers {
	all := map[uint32]*strangers{}
	for k := range r.logins.Len() {
		l := r.logins.get(k)
		if l.outcome == connection.Accepted || r.history.PairLogins(l.user, l.host, l.entry).Accepted > 0 {
			continue
		}
		s := all[l.host]
		if s == nil {
			s = &strangers{user: l.user, alone: true}
			s.steady = sync.OnceValue(func() bool { return s.atPace(r) })
			all[l.host] = s
		}
		s.alone = s.alone && s.user == l.user
		s.entries = append(s.entries, uint32(l.entry))
	}
	for _, s := range all {
		slices.SortFunc(s.entries, cmp.Compare[uint32])
	}
	return all
}

// atPace reports whether the logins come at a steady pace: a program that was never
// given the right password is no evidence about other accounts of its host.
func (s *strangers) atPace(r *run) bool {
	_, ok := usualPace.of(r.timesOf(s.entries))
	return ok
}
