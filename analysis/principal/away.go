package principal

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

// Away is how the account of a program came to a network from which nobody had got in
// before.
type Away struct {
	Logins int // accepted ones of its user before, all of them from elsewhere
	Homes  int // from how many networks these came
}

// steadyPresence is in what share of a log's half hours a program is active at least:
// people who work forty hours a week are in less. Where they log in from changes.
const steadyPresence = 0.25

// Program reports whether a user is active like a program: all day, every day.
func (h *History) Program(user uint32) bool { return h.Presence(user) >= steadyPresence }

// AwayOf returns how an account first got in, none where its user is no program or had
// not got in before, or somebody had from its network.
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
		seen, homes = map[string]bool{}, map[string]map[string]bool{}
		if b := h.Baseline; b != nil {
			for a := range b.accounts {
				arrive(a.user, homeOf(a.host))
			}
		}
	}
	names := map[uint32]string{} // of networks, by host
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
		if n := len(homes[user]); n > 0 && !seen[network] && h.Program(a.User) {
			h.away[x.account] = Away{Logins: h.UserLogins(a.User, x.entry).Accepted, Homes: n}
		}
		arrive(user, network)
	}
}

// homeOf returns the network of a host; names without a domain are of one, the server's.
func homeOf(host string) string {
	if _, err := netip.ParseAddr(host); err != nil && !strings.Contains(host, ".") {
		return ""
	}
	return NetworkOf(host)
}
