package trait

import (
	"math"
	"net/netip"
	"slices"
	"strings"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/principal"
)

// hostLogins is what the refused logins of a host are in all of a log.
type hostLogins struct {
	strangers uint32 // as users that had not got in from there before
	users     uint32 // how many users these were
	network   uint32 // number of its network
}

// learnLogins counts strangers: refused logins of users that had not got in from the
// host before. Those of others are no guesses, their password was known there once.
func (l *Learned) learnLogins() {
	h := l.history
	n := h.Names()
	l.hosts, l.users = make([]hostLogins, n), make([]uint32, n)
	for _, c := range l.log.Connections.UserChanges() {
		l.changed[c.Entry] = c.User
	}
	type network struct {
		server int
		name   string
	}
	networks := map[network]uint32{}
	var names []uint32
	for host := range uint32(n) {
		tries := h.HostTries(host)
		if tries.Len() == 0 {
			continue
		}
		names = names[:0]
		x := &l.hosts[host]
		for k := range tries.Len() {
			if !tries.Refused(k) {
				continue
			}
			user := l.userAt(tries.Entry(k))
			if h.PairLogins(user, host, tries.Entry(k)).Accepted == 0 && !h.Mistyped(user, host, tries.Entry(k)) {
				names = append(names, user)
			}
		}
		x.strangers = uint32(len(names))
		slices.Sort(names)
		names = slices.Compact(names)
		x.users = uint32(len(names))
		for _, user := range names {
			l.users[user]++
		}
		key := network{l.log.ServerOfName(host), networkOf(l.log.Connections.Text(host))}
		at, ok := networks[key]
		if !ok {
			at = uint32(len(l.networks))
			networks[key] = at
			l.networks = append(l.networks, tries.Entry(0))
		}
		x.network = at
		l.networks[at] = min(l.networks[at], tries.Entry(0))
	}
	l.paces = make([]float32, h.Known())
	var times []int64
	for account := range l.paces {
		l.paces[account] = noPace
		tries := h.AccountTries(uint32(account))
		if tries.Len()-tries.Accepted(tries.Len()) < minPace {
			continue
		}
		times = times[:0]
		for k := range tries.Len() {
			if tries.Refused(k) {
				times = append(times, l.log.Approximate(tries.Entry(k)))
			}
		}
		l.paces[account] = pace(times)
	}
}

// userAt returns the user that logs in by an entry.
func (l *Learned) userAt(entry int) uint32 {
	c := int(l.log.Entries.Connection(entry))
	if k := l.log.Connections.Peek(c); int(k.First) == entry {
		return k.User
	}
	return l.changed[uint32(entry)]
}

const (
	// minPace is how many refused logins have a pace; noPace is that of fewer, and of
	// those that a tool sends as fast as it can.
	minPace = 6
	noPace  = 1
	// fastest is the shortest beat, in microseconds, of a program that was not
	// made to guess: it waits before it tries again.
	fastest = 10_000_000
)

// pace returns how badly times keep to a beat, tries in a row taken as one or not: the
// error that four in five gaps stay below, as multiples of the beat, doubled. A timer has about
// 0, also where some of its tries are missing; random gaps have 0.8, and 1 is the worst.
func pace(times []int64) float32 {
	slices.Sort(times)
	return min(beatError(times), beatError(detect.Beats(times)))
}

func beatError(times []int64) float32 {
	if len(times) < minPace {
		return noPace
	}
	gaps := make([]int64, len(times)-1)
	for k := range gaps {
		gaps[k] = times[k+1] - times[k]
	}
	slices.Sort(gaps)
	short, _ := slices.BinarySearch(gaps, gaps[len(gaps)/10]*3/2+1)
	beat := float64(gaps[short/2]) // the middle one of those that are one beat
	if beat < fastest {
		return noPace
	}
	errors := make([]float64, len(gaps))
	for k, g := range gaps {
		n := float64(g) / beat
		errors[k] = math.Abs(n - max(1, math.Round(n)))
	}
	slices.Sort(errors)
	return float32(min(1, 2*errors[len(errors)*4/5]))
}

// networkOf returns the network of a host: of addresses the first 24 bits, 64 of IPv6,
// of names all behind the first dot.
func networkOf(host string) string {
	if a, err := netip.ParseAddr(host); err == nil {
		bits := 24
		if a = a.Unmap(); a.Is6() {
			bits = 64
		}
		if p, err := a.Prefix(bits); err == nil {
			return p.String()
		}
	}
	if _, domain, ok := strings.Cut(host, "."); ok {
		return domain
	}
	return host
}

// loginMeasures fills in the measures of a connection that logins give.
func (l *Learned) loginMeasures(m *Measures, c *connection.Connection) {
	first := int(c.First)
	m.Refused = c.Outcome.Refused()
	m.Accepted = c.Outcome == connection.Accepted
	m.Mistyped = m.Refused && l.history.Mistyped(c.User, c.Host, first)
	m.Unseen = c.Outcome == connection.Unseen || c.Host == 0
	m.Pace = noPace
	if m.Unseen {
		return
	}
	h := l.history
	m.Account = h.Number(c.User, c.Host)
	pair, host, user := h.AccountTries(m.Account), h.HostTries(c.Host), h.UserTries(c.User)
	atPair, atHost, atUser := pair.Before(first), host.Before(first), user.Before(first)
	m.Pair = Tried{pair.Accepted(atPair), atPair - pair.Accepted(atPair), pair.Accepted(pair.Len())}
	m.Host = Tried{host.Accepted(atHost), atHost - host.Accepted(atHost), host.Accepted(host.Len())}
	m.User = Tried{user.Accepted(atUser), atUser - user.Accepted(atUser), user.Accepted(user.Len())}
	m.PairRefused = pair.Len() - m.Pair.Ever
	if h.Baseline != nil {
		for _, x := range []struct {
			of   *Tried
			have principal.Logins
		}{{&m.Pair, h.PairLogins(c.User, c.Host, first)}, {&m.Host, h.HostLogins(c.Host, first)}, {&m.User, h.UserLogins(c.User, first)}} {
			x.of.Accepted = x.have.Accepted
			x.of.Ever = max(x.of.Ever, x.have.Accepted)
		}
	}
	if int(c.Host) < len(l.hosts) {
		x := &l.hosts[c.Host]
		m.HostStrangers, m.HostUsers = int(x.strangers), int(x.users)
		m.NetworkFirst = l.Place(l.networks[x.network])
	}
	if int(c.User) < len(l.users) {
		m.UserHosts = int(l.users[c.User])
	}
	if int(m.Account) < len(l.paces) {
		m.Pace = float64(l.paces[m.Account])
	}
	m.HostBeganRefused = host.Len() > 0 && host.Refused(0)
	m.HostFirst, m.PairFirst, m.UserFirst = l.placeOf(host, first), l.placeOf(pair, first), l.placeOf(user, first)
	if m.Refused {
		m.Settled, m.HostSettled = l.until(pair, atPair, first), l.until(host, atHost, first)
	}
}

// until returns the seconds from an entry until a login of tries is accepted, the
// first at or behind the k-th, never for none.
func (l *Learned) until(tries principal.Tries, k, entry int) float64 {
	next, ok := tries.NextAccepted(k)
	if !ok {
		return never
	}
	return max(0, float64(l.log.Approximate(next)-l.log.Approximate(entry))/1e6)
}

// placeOf returns where in the log somebody first tried to log in.
func (l *Learned) placeOf(tries principal.Tries, otherwise int) float64 {
	if tries.Len() == 0 {
		return l.Place(otherwise)
	}
	return l.Place(tries.Entry(0))
}
