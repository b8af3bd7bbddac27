package principal

// Tries are the logins of a host, a user or an account, in order of the log.
type Tries struct {
	entry    []uint32
	accepted []uint32 // how many up to each
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
	from, to := l.start[key], l.start[key+1]
	return Tries{l.entry[from:to], l.accepted[from:to]}
}

// Len returns how many there are.
func (t Tries) Len() int { return len(t.entry) }

// Entry returns the entry of one.
func (t Tries) Entry(k int) int { return int(t.entry[k]) }

// Accepted returns how many of the first n were accepted.
func (t Tries) Accepted(n int) int {
	if n == 0 {
		return 0
	}
	return int(t.accepted[n-1])
}

// Refused reports whether one was.
func (t Tries) Refused(k int) bool { return t.Accepted(k+1) == t.Accepted(k) }

// Before returns how many came before an entry.
func (t Tries) Before(entry int) int {
	lo, hi := 0, len(t.entry)
	for lo < hi {
		if mid := (lo + hi) / 2; int(t.entry[mid]) < entry {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// NextAccepted returns the first accepted one at or behind the k-th, false for none.
func (t Tries) NextAccepted(k int) (entry int, ok bool) {
	want := uint32(t.Accepted(k)) + 1
	lo, hi := k, len(t.accepted)
	for lo < hi {
		if mid := (lo + hi) / 2; t.accepted[mid] < want {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(t.accepted) {
		return 0, false
	}
	return int(t.entry[lo]), true
}
