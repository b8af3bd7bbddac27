package principal

import (
	"context"
	"slices"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
)

// Bounds of what is kept. Who tries to log in, and by what name, is for anyone to
// choose: accounts that got in are kept before those that only tried.
const (
	maxAccounts = 1 << 17
	maxSent     = 1 << 20 // digests of all accounts
)

// NoAccount is the number of no account.
const NoAccount = ^uint32(0)

// pair is a user with the host that it came from, as numbers of connection.View.Text.
type pair struct{ user, host uint32 }

// History is what was learnt about a log. It is immutable.
type History struct {
	// Full names what the log has more of than is kept: "accounts", "digests of
	// accounts". Of the rest nothing is known.
	Full []string

	log      *loaded.Log
	past     presence // of the log as a whole
	accounts map[pair]uint32
	profiles []Account // of those that got in; their numbers are the first
	sent     []Sent    // by account
	start    []uint32  // by account, where its digests begin; one more at the end
	hosts    logins
	users    logins
	pairs    logins // by number of the account
}

// Account is what a user from a host did in all of a log. Accounts that were turned
// away each time have none.
type Account struct {
	User, Host  uint32 // numbers of connection.View.Text
	First, Last uint32 // entries
	Entries     uint32 // without refused logins
	presence
}

// Days returns on how many days it did something, HalfHours in how many half hours.
func (a *Account) Days() int      { return int(a.days) }
func (a *Account) HalfHours() int { return int(a.halfHours) }

// Sent is a digest with what an account did with it in all of a log.
type Sent struct {
	Account     uint32
	Digest      uint32 // store.Key.Digest
	First, Last uint32 // entries
	Entries     uint32
	presence
}

// Days returns on how many days it was sent, HalfHours in how many half hours.
func (s *Sent) Days() int      { return int(s.days) }
func (s *Sent) HalfHours() int { return int(s.halfHours) }

// Learn learns the history of a loaded log in one pass over its entries. Its error is
// ctx.Err().
func Learn(ctx context.Context, l *loaded.Log) (*History, error) {
	h := &History{log: l, accounts: map[pair]uint32{}}
	pass := h.newLearner()
	h.logins(h.attempts(pass.sender))
	if err := pass.run(ctx); err != nil {
		return nil, err
	}
	if len(h.accounts) == maxAccounts {
		h.Full = append(h.Full, "accounts")
	}
	if len(h.sent) == maxSent {
		h.Full = append(h.Full, "digests of accounts")
	}
	return h, nil
}

// logins groups all that tried to log in.
func (h *History) logins(list []attempt) {
	texts, accounts := 0, len(h.accounts)
	for i := range list {
		a := &list[i]
		texts = max(texts, int(a.user)+1, int(a.host)+1)
		if a.account == NoAccount {
			a.account = uint32(accounts) // a key that nobody asks for
		}
	}
	h.hosts = groupLogins(list, texts, func(a *attempt) uint32 { return a.host })
	h.users = groupLogins(list, texts, func(a *attempt) uint32 { return a.user })
	h.pairs = groupLogins(list, accounts+1, func(a *attempt) uint32 { return a.account })
}

// add returns the number of an account, a new one for a new account; NoAccount where
// there is no room for it.
func (h *History) add(user, host uint32) uint32 {
	p := pair{user, host}
	n, ok := h.accounts[p]
	if ok {
		return n
	}
	if len(h.accounts) == maxAccounts {
		return NoAccount
	}
	n = uint32(len(h.accounts))
	h.accounts[p] = n
	return n
}

// Number returns the number of the account of a user and a host, NoAccount where it
// never tried to log in or is not kept.
func (h *History) Number(user, host uint32) uint32 {
	if n, ok := h.accounts[pair{user, host}]; ok {
		return n
	}
	return NoAccount
}

// Sender returns the number of the account that sent entry i, as Number does.
func (h *History) Sender(i int) uint32 {
	id := h.log.Connections.Who(int(h.log.Entries.Connection(i)), i)
	return h.Number(id.User, id.Host)
}

// Accounts returns how many accounts have a profile; their numbers are the first.
func (h *History) Accounts() int { return len(h.profiles) }

// Account returns the profile of an account, nil for one that has none.
func (h *History) Account(n uint32) *Account {
	if int(n) >= len(h.profiles) {
		return nil
	}
	return &h.profiles[n]
}

// Sent returns what an account sent, by number of the digest. The slice must not be
// written to.
func (h *History) Sent(account uint32) []Sent {
	if int(account) >= len(h.profiles) {
		return nil
	}
	return h.sent[h.start[account]:h.start[account+1]:h.start[account+1]]
}

// Of returns what an account did with a digest, nil for nothing.
func (h *History) Of(account, digest uint32) *Sent {
	list := h.Sent(account)
	k, ok := slices.BinarySearchFunc(list, digest, func(s Sent, digest uint32) int { return int(s.Digest) - int(digest) })
	if !ok {
		return nil
	}
	return &list[k]
}

// HostLogins counts the logins from a host before an entry.
func (h *History) HostLogins(host uint32, entry int) Logins { return h.hosts.before(host, entry) }

// UserLogins counts the logins of a user before an entry, from wherever.
func (h *History) UserLogins(user uint32, entry int) Logins { return h.users.before(user, entry) }

// PairLogins counts the logins of a user from a host before an entry.
func (h *History) PairLogins(user, host uint32, entry int) Logins {
	return h.pairs.before(h.Number(user, host), entry)
}

// Familiarity is whether a digest is known of an account.
type Familiarity uint8

// KnownDays is on how many days an account must have sent a digest before the day of
// an entry for it to be known of it.
const KnownDays = 2

// The degrees of familiarity.
const (
	// NoPast: it cannot be known; there are not KnownDays days of the log
	// before, or more digests than are kept.
	NoPast Familiarity = iota
	New
	Known
)

// Familiar returns whether a digest is known of an account at an entry, the digest a
// number of store.Key.Digest.
func (h *History) Familiar(account, digest uint32, entry int) Familiarity {
	day := h.day(entry)
	s := h.Of(account, digest)
	switch {
	case h.log.Digests[digest] == store.Others:
		return NoPast
	case s != nil && s.before(entry, day) >= KnownDays:
		return Known
	case h.past.before(entry, day) < KnownDays, s == nil && len(h.Full) > 0:
		return NoPast
	}
	return New
}

// DaysBefore returns on how many days before the day of an entry an account had sent a
// digest; KnownDays+1 may be more.
func (h *History) DaysBefore(account, digest uint32, entry int) int {
	if s := h.Of(account, digest); s != nil {
		return s.before(entry, h.day(entry))
	}
	return 0
}

// day returns the day of an entry, as the history counts it.
func (h *History) day(entry int) int32 {
	t := h.log.Entries.Time(entry)
	if t == store.NoTime {
		before, ok := h.log.Entries.TimedBefore(entry)
		if !ok {
			return noHour
		}
		t = h.log.Entries.Time(before)
	}
	c := newClock()
	return dayOf(c.at(t))
}
