package principal

const (
	// sharing is from how many users on a host is one that many share, as the gateway of a
	// school or an office, and sharedDays on how many days each of them comes at least.
	// Fewer are what a guesser may have found.
	sharing    = 10
	sharedDays = 3
	// mistakes is below how many refused logins somebody finds a password that he has, and
	// soon within how long, in microseconds.
	mistakes = 10
	soon     = 10 * 60 * micros
)

// shared is who comes from a host.
type shared struct {
	users  int // at home there
	strays int // refused logins of users that never got in from there, and were tried a few times each
}

// findShared counts the users that are at home on each host: who comes on several days,
// and had not been refused often before the first login.
func (h *History) findShared() {
	h.shared = map[uint32]shared{}
	for n := range h.profiles {
		if h.atHome(uint32(n)) {
			s := h.shared[h.profiles[n].Host]
			s.users++
			h.shared[h.profiles[n].Host] = s
		}
	}
	for p, n := range h.accounts {
		if s := h.shared[p.host]; s.users >= sharing && h.stray(n) {
			s.strays += h.AccountTries(n).Len()
			h.shared[p.host] = s
		}
	}
}

// atHome reports whether an account comes on several days, with few refused logins in front
// of the first.
func (h *History) atHome(account uint32) bool {
	p := h.Account(account)
	if p == nil || p.Days() < sharedDays {
		return false
	}
	tries := h.AccountTries(account)
	in, ok := tries.NextAccepted(0)
	return ok && tries.Before(in) < mistakes
}

// stray reports whether an account never got in and was tried a few times only.
func (h *History) stray(account uint32) bool {
	tries := h.AccountTries(account)
	return tries.Len() < mistakes && tries.Accepted(tries.Len()) == 0
}

// Sharers returns how many users are at home on a host that many share, 0 for others.
func (h *History) Sharers(host uint32) int {
	if n := h.shared[host].users; n >= sharing {
		return n
	}
	return 0
}

// Shares reports whether an account is one of those that share a host: that others are
// refused there is no evidence about it.
func (h *History) Shares(account uint32) bool {
	p := h.Account(account)
	return p != nil && h.Sharers(p.Host) > 0 && h.atHome(account)
}

// Mistyped reports whether a refused login is a mistake of one of many who share a host: of
// somebody who gets in soon, before a tenth try, or one of names that are tried a few times
// each, and together no more often than once for each of those who are at home there.
func (h *History) Mistyped(user, host uint32, entry int) bool {
	sharers := h.Sharers(host)
	if sharers == 0 {
		return false
	}
	account := h.Number(user, host)
	if h.stray(account) {
		return h.shared[host].strays <= sharers
	}
	tries := h.AccountTries(account)
	k := tries.Before(entry)
	in, ok := tries.NextAccepted(k)
	if !ok || !h.atHome(account) || h.log.Approximate(in)-h.log.Approximate(entry) > soon {
		return false
	}
	from := k
	for from > 0 && k-from < mistakes && tries.Refused(from-1) {
		from--
	}
	return tries.Before(in)-from < mistakes
}
