package principal

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

// Away is how the account of a program came to a network from which nobody had got in
// before, or to a host of a network that is known. Where it is there long enough for that
// to be seen, it does little of what its user does elsewhere.
type Away struct {
	Logins int // accepted ones of its user before, all of them from elsewhere
	Homes  int // from how many networks these came
	// Usual is how many statements its user sends as a matter of course from the host
	// where it is most, and Missing how many of them it never sends from this one. Usual
	// is 0 for a network that was new.
	Usual, Missing int
}

// steadyPresence is in what share of a log's half hours a program is active at least:
// people who work forty hours a week are in less. Where they log in from changes.
const steadyPresence = 0.25

// Program reports whether a user is active like a program: all day, every day.
func (h *History) Program(user uint32) bool { return h.Presence(user) >= steadyPresence }

// AwayOf returns how an account first got in, none where its user is no program or had
// not got in before, or somebody had from its network and it does there what it does elsewhere.
func (h *History) AwayOf(account uint32) Away { return h.away[account] }

// Earlier returns from how many other hosts its user had got in when an account first did.
func (h *History) Earlier(account uint32) int {
	if int(account) >= len(h.earlier) {
		return 0
	}
	return int(h.earlier[account])
}

// findAway finds the accounts that came to a new network as a program that was at home
// in others of the same server. What a baseline has came before everything else.
func (h *History) findAway() {
	type arrival struct {
		account uint32
		entry   int
	}
	var list []arrival
	for account := range h.profiles {
		if entry, ok := h.AccountTries(uint32(account)).NextAccepted(0); ok {
			list = append(list, arrival{uint32(account), entry})
		}
	}
	slices.SortFunc(list, func(a, b arrival) int { return cmp.Compare(a.entry, b.entry) })
	h.away, h.earlier = map[uint32]Away{}, make([]uint32, len(h.profiles))
	hosts := map[uint32]uint32{} // by user, from how many it had got in
	var seen map[string]bool
	var came map[string]int              // from a network that was new, how many accounts
	var homes map[string]map[string]bool // by user, networks
	arrive := func(user, network string) {
		seen[network] = true
		if homes[user] == nil {
			homes[user] = map[string]bool{}
		}
		homes[user][network] = true
	}
	server := -1
	begin := func() {
		seen, came, homes = map[string]bool{}, map[string]int{}, map[string]map[string]bool{}
		if b := h.Baseline; b != nil {
			for a := range b.accounts {
				arrive(a.user, homeOf(a.host))
			}
		}
	}
	names := map[uint32]string{} // of networks, by host
	most := map[uint32]uint32{}  // by user, its account that does something in most half hours, of those that came before
	for _, x := range list {
		if k := h.log.ServerOf(x.entry); k != server {
			server = k
			begin()
		}
		a := &h.profiles[x.account]
		h.earlier[x.account] = hosts[a.User]
		hosts[a.User]++
		user := h.log.Connections.Text(a.User)
		network, ok := names[a.Host]
		if !ok {
			network = homeOf(h.log.Connections.Text(a.Host))
			names[a.Host] = network
		}
		main, known := most[a.User]
		strange := false
		if n := len(homes[user]); n > 0 && h.Program(a.User) {
			away := Away{Logins: h.UserLogins(a.User, x.entry).Accepted, Homes: n}
			usual, missing := 0, 0
			if known {
				usual, missing = h.lacks(x.account, main)
			}
			apart := missing*3 >= usual*2
			switch {
			case !seen[network] && (usual == 0 || apart):
				h.away[x.account] = away
				strange = true
			case seen[network] && usual > 0 && apart && a.lowest-h.profiles[main].lowest >= settling && !h.resident(a, x.entry):
				away.Usual, away.Missing = usual, missing
				h.away[x.account] = away
			}
		}
		// Whoever comes to a network with one host next comes with another.
		if came[network]++; !strange || came[network] >= fewHosts {
			arrive(user, network)
		}
		if !known || a.HalfHours() > h.profiles[main].HalfHours() {
			most[a.User] = x.account
		}
	}
}

const (
	// settling is after how many half hours of a user it is known where it is at home:
	// what comes every day has come.
	settling = perDay
	// fewHosts is how many accounts, each from a host of its own, may come to a network
	// before it is one that the server's programs are in.
	fewHosts = 3
	// apartHalfHours is in how many half hours an account must do something for what it
	// does not do to mean anything: of what is sent in a quarter of them, a tenth is
	// missing by chance.
	apartHalfHours = 8
	// usualShare is the share of the half hours of an account, one in so many, in which
	// it sends what it sends as a matter of course.
	usualShare = 4
	// leastUsual is of how many such statements on a program is known by them.
	leastUsual = 6
)

// lacks counts the statements that the main account of a user, which came before, sends
// as a matter of course, and those of them that another one never sends. A host that was
// added does what the others do; one that lacks two thirds and more is apart. It returns
// 0 where that cannot be known.
func (h *History) lacks(account, main uint32) (usual, missing int) {
	a, m := &h.profiles[account], &h.profiles[main]
	if a.HalfHours() < apartHalfHours || a.lowest == noHour || m.lowest == noHour {
		return 0, 0
	}
	for _, s := range h.Sent(main) {
		if s.HalfHours()*usualShare < m.HalfHours() {
			continue
		}
		usual++
		if h.Of(account, s.Digest) == nil {
			missing++
		}
	}
	if usual < leastUsual {
		return 0, 0
	}
	return usual, missing
}

// resident reports whether an account is active in half of the half hours since it first
// got in by an entry, as a host is that was added for one of a program's jobs.
func (h *History) resident(a *Account, entry int) bool {
	return 2*float64(a.HalfHours()) >= float64(h.courseOf(entry).halfHours)*(1-h.Part(entry))
}

// homeOf returns the network of a host; names without a domain are of one, the server's.
func homeOf(host string) string {
	if _, err := netip.ParseAddr(host); err != nil && !strings.Contains(host, ".") {
		return ""
	}
	return NetworkOf(host)
}
