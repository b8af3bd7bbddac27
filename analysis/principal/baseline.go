package principal

import (
	"crypto/sha256"
	"math"
	"slices"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
)

// Baseline is what is ordinary: a period of the log itself, other logs, or both. It is
// written to until a history is learnt with it, and then no more.
type Baseline struct {
	// From and To are the period, in microseconds since 1970, To not included; both 0
	// for none.
	From, To int64
	// Files are the other logs, as they were read.
	Files []loaded.File
	// Full names what they have more of than is kept. What is not kept is not known
	// to be new either.
	Full []string

	accounts       map[account]*habits
	users, hosts   map[string]int // accepted logins
	networks       map[string]bool
	digests, named int // of all accounts
}

// account is a user and a host by name.
type account struct{ user, host string }

// digestKey is the beginning of a digest's SHA-256: a text that collides in so many
// bits cannot be made.
type digestKey [16]byte

func keyOfDigest(text string) digestKey {
	sum := sha256.Sum256([]byte(text))
	return digestKey(sum[:len(digestKey{})])
}

// habits are what an account did in other logs.
type habits struct {
	accepted int
	digests  map[digestKey]bool
	tables   map[string]bool
}

// logins returns how many of its logins were accepted, 0 for no account.
func (a *habits) logins() int {
	if a == nil {
		return 0
	}
	return a.accepted
}

// holds reports whether a time is in the period.
func (b *Baseline) holds(t int64) bool { return b != nil && b.From <= t && t < b.To }

// of returns the habits of a user and a host, by numbers of the texts of a log's
// connections; nil for none.
func (b *Baseline) of(l *loaded.Log, user, host uint32) *habits {
	if len(b.accounts) == 0 {
		return nil
	}
	return b.accounts[account{l.Connections.Text(user), l.Connections.Text(host)}]
}

// Add adds what principals did in another log.
func (b *Baseline) Add(h *History) {
	b.Files = append(b.Files, h.log.Files...)
	if b.accounts == nil {
		b.accounts, b.users, b.hosts, b.networks = map[account]*habits{}, map[string]int{}, map[string]int{}, map[string]bool{}
	}
	full := map[string]bool{}
	for _, what := range h.Full {
		full[what] = true
	}
	keys := make([]digestKey, len(h.log.Digests))
	for n := range uint32(len(h.profiles)) {
		p := h.Account(n)
		user, host := h.log.Connections.Text(p.User), h.log.Connections.Text(p.Host)
		a := b.accounts[account{user, host}]
		if a == nil {
			if len(b.accounts) == maxAccounts {
				full["accounts"] = true
				continue
			}
			a = &habits{digests: map[digestKey]bool{}, tables: map[string]bool{}}
			b.accounts[account{user, host}] = a
		}
		accepted := h.PairLogins(p.User, p.Host, math.MaxInt).Accepted
		a.accepted += accepted
		b.users[user] += accepted
		b.hosts[host] += accepted
		b.networks[NetworkOf(host)] = true
		for _, s := range h.Sent(n) {
			text := h.log.Digests[s.Digest]
			if text == store.Others {
				full["digests of accounts"] = true
				continue
			}
			if keys[s.Digest] == (digestKey{}) {
				keys[s.Digest] = keyOfDigest(text)
			}
			if !keep(a.digests, keys[s.Digest], &b.digests, maxSent) {
				full["digests of accounts"] = true
			}
		}
		for _, t := range h.Touched(n) {
			if !keep(a.tables, h.tables[t.Table], &b.named, maxTouched) {
				full["tables of accounts"] = true
			}
		}
	}
	b.Full = b.Full[:0]
	for _, what := range []string{"accounts", "digests of accounts", "tables of accounts"} {
		if full[what] {
			b.Full = append(b.Full, what)
		}
	}
}

// keep adds a value to a set, of which there may be so many in all.
func keep[K comparable](set map[K]bool, value K, n *int, most int) bool {
	if set[value] {
		return true
	}
	if *n == most {
		return false
	}
	*n++
	set[value] = true
	return true
}

// inPeriod reports whether an entry is in the period of the baseline.
func (h *History) inPeriod(entry uint32) bool {
	if h.Baseline == nil || h.Baseline.To == 0 {
		return false
	}
	t := h.log.Entries.Time(int(entry))
	return t != store.NoTime && h.Baseline.holds(t)
}

// recognise marks what the other logs of the baseline have, and what groups of
// accounts have in common with it.
func (h *History) recognise() {
	if b := h.Baseline; b != nil && len(b.accounts) > 0 {
		keys := make([]digestKey, len(h.log.Digests))
		for n := range h.profiles {
			p := &h.profiles[n]
			a := b.of(h.log, p.User, p.Host)
			if a == nil {
				continue
			}
			p.InBaseline = true
			for k := h.start[n]; k < h.start[n+1]; k++ {
				s := &h.sent[k]
				if keys[s.Digest] == (digestKey{}) {
					keys[s.Digest] = keyOfDigest(h.log.Digests[s.Digest])
				}
				s.InBaseline = s.InBaseline || a.digests[keys[s.Digest]]
			}
			for k := h.startOf[n]; k < h.startOf[n+1]; k++ {
				t := &h.touched[k]
				t.InBaseline = t.InBaseline || a.tables[h.tables[t.Table]]
			}
		}
		for k, text := range h.users.text {
			_, known := b.users[h.log.Connections.Text(text)]
			h.users.list[k].InBaseline = known
		}
		for k, text := range h.hosts.text {
			host := h.log.Connections.Text(text)
			_, known := b.hosts[host]
			h.hosts.list[k].InBaseline = known
			if b.networks[NetworkOf(host)] {
				h.networks.list[h.networkOf[k]].InBaseline = true
			}
		}
	}
	for n := range h.profiles {
		if p := &h.profiles[n]; p.InBaseline {
			h.User(p.User).InBaseline = true
			h.Host(p.Host).InBaseline = true
			h.Network(p.Host).InBaseline = true
		}
	}
}

// Ordinary reports whether a digest is ordinary of an account, by a baseline or
// because somebody declared it (see WithUsual). ok is false where there is neither,
// or where the baseline has more than is kept.
func (h *History) Ordinary(account, digest uint32) (ordinary, ok bool) {
	if h.Usual(account, digest) {
		return true, true
	}
	b := h.Baseline
	if b == nil || h.log.Digests[digest] == store.Others {
		return false, false
	}
	s := h.Of(account, digest)
	if s != nil && s.InBaseline {
		return true, true
	}
	return false, len(b.Full) == 0 && (s != nil || len(h.Full) == 0)
}

// BaselineSeen reports whether the log has a principal of the baseline.
func (h *History) BaselineSeen() bool {
	return slices.ContainsFunc(h.profiles, func(a Account) bool { return a.InBaseline })
}
