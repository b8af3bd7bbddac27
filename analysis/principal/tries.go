package principal

import "sort"

// Tries are the logins of a host, a user or an account, in order of the log.
type Tries struct {
	of       *logins
	from, to uint32 // places in it
}

// HostTries returns the logins from a host, UserTries those of a user from wherever,
// AccountTries those of an account by its number; all of them numbers below Names.
func (h *History) HostTries(host uint32) Tries { return h.byHost.tries(host) }

// UserTries returns the logins of a user.
func (h *History) UserTries(user uint32) Tries { return h.byUser.tries(user) }

// AccountTries returns the logins of an account.
func (h *History) AccountTries(account uint32) Tries {
	if int(account) >= len(h.accounts) {
		return Tries{}
	}
	return h.byPair.tries(account)
}

// Names returns a bound of the numbers of hosts and users that tried to log in, and
// Known one of the numbers of accounts.
func (h *History) Names() int { return max(0, len(h.byHost.start)-1) }

// Known returns how many accounts have a number, those that never got in included.
func (h *History) Known() int { return len(h.accounts) }

func (l *logins) tries(key uint32) Tries {
	if int(key)+1 >= len(l.start) {
		return Tries{}
	}
	return Tries{l, l.start[key], l.start[key+1]}
}

// Len returns how many there are.
func (t Tries) Len() int { return int(t.to - t.from) }

// Entry returns the entry of one.
func (t Tries) Entry(k int) int { return int(t.of.entry[int(t.from)+k]) }

// Accepted returns how many of the first n were accepted.
func (t Tries) Accepted(n int) int {
	if n == 0 {
		return 0
	}
	return t.of.accepted.within(t.from, t.from+uint32(n))
}

// Refused reports whether one was.
func (t Tries) Refused(k int) bool { return t.Accepted(k+1) == t.Accepted(k) }

// Before returns how many came before an entry.
func (t Tries) Before(entry int) int {
	return sort.Search(t.Len(), func(k int) bool { return t.Entry(k) >= entry })
}

// NextAccepted returns the first accepted one at or behind the k-th, false for none.
func (t Tries) NextAccepted(k int) (entry int, ok bool) {
	if k >= t.Len() {
		return 0, false
	}
	before := t.Accepted(k)
	k += sort.Search(t.Len()-k, func(i int) bool { return t.Accepted(k+i+1) > before })
	if k == t.Len() {
		return 0, false
	}
	return t.Entry(k), true
}
