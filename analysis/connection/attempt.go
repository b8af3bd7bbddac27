package connection

import (
	"cmp"
	"slices"
)

// Attempt is a login, or a change of the user within a connection.
type Attempt struct {
	Connection uint32
	Entry      uint32 // the Connect or Change user
	User, Host uint32 // 0 where they are not in the log
	Outcome    Outcome
	Change     bool // of the user: it is Accepted or Denied
}

// Place is where an Attempt is found again: 4 bytes, since a log may hold millions.
type Place uint32

// changedHere marks a Place in View.userChanges; other places are connections.
const changedHere Place = 1 << 31

// Attempt returns the attempt at a place.
func (v View) Attempt(p Place) Attempt {
	if p&changedHere == 0 {
		c := v.Peek(int(p))
		return Attempt{uint32(p), c.First, c.User, c.Host, c.Outcome, false}
	}
	c := &v.userChanges[p&^changedHere]
	a := Attempt{c.Connection, c.Entry, c.User, c.Host, Accepted, true}
	if c.Refused {
		a.Outcome = Denied
	}
	return a
}

// Attempts calls yield for each attempt that the log holds, in order of the log, until
// that returns false.
func (v View) Attempts(yield func(p Place, a Attempt) bool) {
	changes := v.changesInOrder()
	// more yields the changes before an entry.
	more := func(entry uint32) bool {
		for len(changes) > 0 {
			a := v.Attempt(changes[0])
			if a.Entry >= entry {
				return true
			}
			if !yield(changes[0], a) {
				return false
			}
			changes = changes[1:]
		}
		return true
	}
	for i := range v.Len() { // in order of their first entries
		a := v.Attempt(Place(i))
		if a.Outcome == Unseen {
			continue
		}
		if !more(a.Entry) || !yield(Place(i), a) {
			return
		}
	}
	more(^uint32(0))
}

// changesInOrder lists the changes of users in order of the log; they are noted when
// their outcome is known.
func (v View) changesInOrder() []Place {
	places := make([]Place, len(v.userChanges))
	for k := range places {
		places[k] = Place(k) | changedHere
	}
	order := func(p, q Place) int {
		return cmp.Compare(v.userChanges[p&^changedHere].Entry, v.userChanges[q&^changedHere].Entry)
	}
	if !slices.IsSortedFunc(places, order) {
		slices.SortStableFunc(places, order)
	}
	return places
}
