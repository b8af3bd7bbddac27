package principal

import (
	"maps"

	"sqleuth/analysis/loaded"
)

// Usual is something that somebody declared normal: a digest of an account, all that
// an account does, or all that comes from a host.
type Usual struct {
	User, Host string // the user is empty for all of a host
	Digest     string // SHA-256 in hexadecimal digits; empty for all that the account does
}

// usual is a list of Usual by number.
type usual struct {
	hosts    map[uint32]bool
	accounts map[uint32]bool
	digests  map[[2]uint32]bool // by account and digest
}

// WithUsual returns a history that takes what a list names for ordinary, in place of
// what it took before. What the log does not have is passed over.
func (h *History) WithUsual(list []Usual) *History {
	out := *h
	out.usual = nil
	if len(list) == 0 {
		return &out
	}
	u := &usual{map[uint32]bool{}, map[uint32]bool{}, map[[2]uint32]bool{}}
	out.usual = u
	wanted := map[account]map[string]bool{} // digests by account
	hosts := map[string]bool{}
	for _, x := range list {
		if x.User == "" && x.Digest == "" {
			hosts[x.Host] = true
			continue
		}
		a := account{x.User, x.Host}
		if wanted[a] == nil {
			wanted[a] = map[string]bool{}
		}
		wanted[a][x.Digest] = true
	}
	for p, n := range h.accounts {
		user, host := h.log.Connections.Text(p.user), h.log.Connections.Text(p.host)
		if hosts[host] {
			u.hosts[p.host] = true
		}
		digests := wanted[account{user, host}]
		if digests == nil {
			continue
		}
		if digests[""] {
			u.accounts[n] = true
		}
		for _, s := range h.Sent(n) {
			if hash := loaded.DigestHash(h.log.Digests[s.Digest]); hash != "" && digests[hash] {
				u.digests[[2]uint32{n, s.Digest}] = true
			}
		}
	}
	return &out
}

// AnyUsual reports whether anything was declared normal.
func (h *History) AnyUsual() bool { return h.usual != nil }

// SameUsual reports whether two histories of a log take the same for ordinary.
func (h *History) SameUsual(o *History) bool {
	a, b := h.usual, o.usual
	if a == nil || b == nil {
		return a == b
	}
	return maps.Equal(a.hosts, b.hosts) && maps.Equal(a.accounts, b.accounts) && maps.Equal(a.digests, b.digests)
}

// UsualAccount reports whether all that a user does from a host was declared normal.
func (h *History) UsualAccount(user, host uint32) bool {
	return h.usual != nil && (h.usual.hosts[host] || h.usual.accounts[h.Number(user, host)])
}

// Usual reports whether a digest of an account was declared normal, or all that the
// account does.
func (h *History) Usual(account, digest uint32) bool {
	if h.usual == nil {
		return false
	}
	if a := h.Account(account); a != nil && h.UsualAccount(a.User, a.Host) {
		return true
	}
	return h.usual.digests[[2]uint32{account, digest}]
}
