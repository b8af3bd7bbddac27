package principal

import (
	"slices"
	"strings"

	"sqleuth/analysis/wording"
)

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
	// fewNames is how many names that are like none of those at home somebody may try on a
	// shared host by mistake or out of curiosity; more are a list.
	fewNames = 5
)

// shared is who comes from a host.
type shared struct {
	users   int      // at home there
	names   []string // of these, folded
	strange int      // names that never got in from there and are like none of them, up to one more than fewNames
}

// findShared counts the users that are at home on each host: who comes on several days,
// and had not been refused often before the first login.
func (h *History) findShared() {
	h.shared = map[uint32]shared{}
	for n := range h.profiles {
		if h.atHome(uint32(n)) {
			s := h.shared[h.profiles[n].Host]
			s.users++
			s.names = append(s.names, h.folded(h.profiles[n].User))
			h.shared[h.profiles[n].Host] = s
		}
	}
	for p, n := range h.accounts {
		if s := h.shared[p.host]; s.users >= sharing && s.strange <= fewNames && h.stray(n) && !s.knows(h.folded(p.user)) {
			s.strange++
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

// stray reports whether an account never got in.
func (h *History) stray(account uint32) bool {
	tries := h.AccountTries(account)
	return tries.Accepted(tries.Len()) == 0
}

func (h *History) folded(user uint32) string { return strings.ToLower(h.log.Connections.Text(user)) }

// knows reports whether a name is like one of those at home.
func (s shared) knows(name string) bool {
	return slices.ContainsFunc(s.names, func(home string) bool { return alike(home, name) })
}

// alike reports whether two names are the same but for a letter that is missing, added or
// wrong.
func alike(a, b string) bool {
	return max(len(a), len(b))-min(len(a), len(b)) <= 1 && wording.Distance(a, b) <= 1
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
// somebody who gets in soon, before a tenth try, or under a name that never gets in, soon
// before somebody at home does, of which there are few but for those like the names at home,
// each tried no more often than once for each who is at home there. A list that is tried has
// more names, or goes on when nobody is there.
func (h *History) Mistyped(user, host uint32, entry int) bool {
	sharers := h.Sharers(host)
	if sharers == 0 {
		return false
	}
	account := h.Number(user, host)
	if h.stray(account) {
		return h.shared[host].strange <= fewNames && h.AccountTries(account).Len() <= sharers && h.followed(host, entry)
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

// followed reports whether somebody at home gets in from a host soon after an entry.
func (h *History) followed(host uint32, entry int) bool {
	tries := h.HostTries(host)
	for k := tries.Before(entry); ; {
		in, ok := tries.NextAccepted(k)
		if !ok || h.log.Approximate(in)-h.log.Approximate(entry) > soon {
			return false
		}
		user := h.log.Connections.Who(int(h.log.Entries.Connection(in)), in).User
		if h.atHome(h.Number(user, host)) {
			return true
		}
		k = tries.Before(in) + 1
	}
}
