package principal

import (
	"context"
	"slices"

	"sqleuth/analysis/loaded"
)

// Bounds of what is kept. Who tries to log in, and by what name, is for anyone to
// choose: accounts that got in are kept before those that only tried.
const (
	maxAccounts = 1 << 17
	maxSent     = 1 << 20 // digests of all accounts
	maxTouched  = 1 << 18 // tables of all accounts
	maxKin      = 64      // hosts of a user that are compared with one
)

// NoAccount is the number of no account.
const NoAccount = ^uint32(0)

// pair is a user with the host that it came from, as numbers of connection.View.Text:
// an account is one of a server. Who has neither is one for all servers.
type pair struct{ user, host uint32 }

// History is what was learnt about a log. It is immutable.
type History struct {
	// Full names what the log has more of than is kept: "accounts", "digests of
	// accounts", "tables of accounts". Of the rest nothing is known.
	Full []string
	// Baseline is what was given as ordinary, nil where the log has only itself to
	// be compared with.
	Baseline *Baseline

	log       *loaded.Log
	courses   []course // by server
	accounts  map[pair]uint32
	profiles  []Account // of those that got in; their numbers are the first
	users     group     // by number of the user's text
	hosts     group
	networks  group    // by number of networkNames
	networkOf []uint32 // by place of a host in hosts, place of its network in networks
	sent      []Sent   // by account
	start     []uint32 // by account, where its digests begin; one more at the end
	touched   []Touched
	startOf   []uint32 // as start, of touched
	tables    []string // by Touched.Table
	questions []string // by bit of Profile.asked
	byHost    logins
	byUser    logins
	byPair    logins              // by number of the account
	away      map[uint32]Away     // by account
	earlier   []uint32            // by account, see Earlier
	ofUser    map[uint32][]uint32 // by user, accounts of its first maxKin hosts
	shared    map[uint32]shared   // by host
	usual     *usual              // nil for nothing
}

// course is when a server did anything.
type course struct {
	presence
	begins []uint32 // the first entries of its half hours, in order of the log; the first maxBegins
}

// courseOf returns the course of the server that wrote an entry.
func (h *History) courseOf(entry int) *course { return &h.courses[h.log.ServerOf(entry)] }

// Profile is what a principal did in all of a log: an account, a user or a host with
// all its accounts, or a network with all its hosts. Refused logins are no part of it.
type Profile struct {
	First, Last uint32 // entries
	Entries     uint32
	InBaseline  bool   // it is in the baseline; false where none was given
	asked       uint64 // bits of History.questions
	presence
}

// Account is the profile of a user from a host. Those that were turned away each time
// have none.
type Account struct {
	User, Host uint32 // numbers of connection.View.Text
	Peak       uint32 // its entries in the half hour with the most
	before     uint32 // its entries before the half hour of the last one
	Profile
}

// Sent is a digest with what an account did with it in all of a log.
type Sent struct {
	Account     uint32
	Digest      uint32 // store.Key.Digest
	First, Last uint32 // entries
	Entries     uint32
	InBaseline  bool
	presence
}

// Touched is a table that statements of an account name, as written.
type Touched struct {
	Account     uint32
	Table       uint32 // number of History.Table
	First, Last uint32 // entries
	Entries     uint32 // of digests that name it
	InBaseline  bool
	presence
}

// Options are what a history is learnt with beside the log.
type Options struct {
	// Baseline is what is ordinary; nil for none: the log is compared with itself.
	Baseline *Baseline
}

// Learn learns the history of a loaded log in one pass over its entries. Its error is
// ctx.Err().
func Learn(ctx context.Context, l *loaded.Log, opt Options) (*History, error) {
	h := &History{log: l, courses: make([]course, max(1, len(l.Servers))), accounts: map[pair]uint32{}, Baseline: opt.Baseline}
	pass := h.newLearner()
	pass.logins()
	if err := pass.run(ctx); err != nil {
		return nil, err
	}
	for _, x := range []struct {
		n, most int
		name    string
	}{{len(h.accounts), maxAccounts, "accounts"}, {len(h.sent), maxSent, "digests of accounts"}, {len(h.touched), maxTouched, "tables of accounts"}} {
		if x.n == x.most {
			h.Full = append(h.Full, x.name)
		}
	}
	h.findAway()
	h.findShared()
	h.ofUser = map[uint32][]uint32{}
	for n := range h.profiles {
		if of := h.ofUser[h.profiles[n].User]; len(of) < maxKin {
			h.ofUser[h.profiles[n].User] = append(of, uint32(n))
		}
	}
	h.recognise()
	return h, nil
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

// AccountsOf returns the accounts of a user that have a profile, by its hosts in order of the log,
// of the first 64.
func (h *History) AccountsOf(user uint32) []uint32 { return h.ofUser[user] }

// HostLogins counts the logins from a host before an entry. Accepted ones of the
// baseline count as before each entry.
func (h *History) HostLogins(host uint32, entry int) Logins {
	l := h.byHost.before(host, entry)
	if b := h.Baseline; b != nil {
		l.Accepted += b.hosts[h.log.Connections.Text(host)]
	}
	return l
}

// UserLogins counts the logins of a user before an entry, from wherever, as
// HostLogins does.
func (h *History) UserLogins(user uint32, entry int) Logins {
	l := h.byUser.before(user, entry)
	if b := h.Baseline; b != nil {
		l.Accepted += b.users[h.log.Connections.Text(user)]
	}
	return l
}

// PairLogins counts the logins of a user from a host before an entry, as HostLogins
// does.
func (h *History) PairLogins(user, host uint32, entry int) Logins {
	l := h.byPair.before(h.Number(user, host), entry)
	if b := h.Baseline; b != nil {
		l.Accepted += b.of(h.log, user, host).logins()
	}
	return l
}
