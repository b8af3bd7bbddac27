package principal

import (
	"net/netip"
	"slices"
	"strings"

	"sqleuth/analysis/fact"
)

// maxBegins bounds the half hours of a server whose first entries are known: 3.7 years.
const maxBegins = 1 << 16

// group is profiles by number of a text.
type group struct {
	index map[uint32]uint32 // by number of the text, place in list
	text  []uint32          // and back
	list  []Profile
}

// of returns the place of a text, a new one for a new text.
func (g *group) of(text uint32) uint32 {
	at, ok := g.index[text]
	if !ok {
		if g.index == nil {
			g.index = map[uint32]uint32{}
		}
		at = uint32(len(g.list))
		g.index[text] = at
		g.text = append(g.text, text)
		g.list = append(g.list, Profile{})
	}
	return at
}

func (g *group) profile(text uint32) *Profile {
	if at, ok := g.index[text]; ok {
		return &g.list[at]
	}
	return nil
}

// gather adds an account's figures. What was when is not among them: that is counted
// as the entries pass, since half hours of several accounts do not add up.
func (p *Profile) gather(a *Profile) {
	if a.Entries == 0 {
		return
	}
	if p.Entries == 0 || a.First < p.First {
		p.First = a.First
	}
	p.Last = max(p.Last, a.Last)
	p.Entries += a.Entries
	p.asked |= a.asked
}

// Days returns on how many days there was something, HalfHours in how many half hours.
func (p *presence) Days() int      { return int(p.days) }
func (p *presence) HalfHours() int { return int(p.halfHours) }

// User returns the profile of a user with all its hosts, nil where no login of it was
// accepted. The number is that of connection.View.Text.
func (h *History) User(user uint32) *Profile { return h.users.profile(user) }

// Host returns the profile of a host with all its users, as User does.
func (h *History) Host(host uint32) *Profile { return h.hosts.profile(host) }

// Network returns the profile of the network of a host, as User does.
func (h *History) Network(host uint32) *Profile {
	at, ok := h.hosts.index[host]
	if !ok {
		return nil
	}
	return &h.networks.list[h.networkOf[at]]
}

// Touched returns the tables that an account named, by number. The slice must not be
// written to.
func (h *History) Touched(account uint32) []Touched {
	if int(account) >= len(h.profiles) {
		return nil
	}
	return h.touched[h.startOf[account]:h.startOf[account+1]:h.startOf[account+1]]
}

// Table returns the name of a table by number, as statements write it.
func (h *History) Table(n uint32) string { return h.tables[n] }

// Questions returns which kinds of questions a principal asked, in order of the
// alphabet: of fact.Questions, fact.TableKinds and fact.Files.
func (h *History) Questions(p *Profile) []string {
	var list []string
	for k, q := range h.questions {
		if p.asked>>k&1 == 1 {
			list = append(list, q)
		}
	}
	return list
}

// Presence returns in what share of the half hours of the log of its server a user does something,
// from wherever: programs do in most, people in few.
func (h *History) Presence(user uint32) float64 {
	p := h.User(user)
	if p == nil {
		return 0
	}
	return float64(p.halfHours) / float64(max(1, h.courseOf(int(p.First)).halfHours))
}

// Share returns in what share of the half hours of the log of its server an account does
// something, 0 for one that has no profile.
func (h *History) Share(account uint32) float64 {
	a := h.Account(account)
	if a == nil {
		return 0
	}
	return float64(a.halfHours) / float64(max(1, h.courseOf(int(a.First)).halfHours))
}

// Part returns in which part of the log of its server an entry is, from 0 to below 1:
// the share of the half hours with entries that had passed before it. In a log without
// times it is the share of the entries.
func (h *History) Part(entry int) float64 {
	begins := h.courseOf(entry).begins
	if len(begins) == 0 {
		from, to := h.log.EntriesOf(h.log.ServerOf(entry))
		return float64(entry-from) / float64(max(1, to-from))
	}
	n, _ := slices.BinarySearch(begins, uint32(entry)+1)
	return float64(max(0, n-1)) / float64(len(begins))
}

// TurnedAway counts the users and hosts whose logins were refused each time.
func (h *History) TurnedAway() (users, hosts int) { return h.byUser.refused(), h.byHost.refused() }

// questionsOf numbers the kinds of questions of all facts, and returns those of each
// set of facts as bits.
func (h *History) questionsOf() []uint64 {
	values := make([][]string, len(h.log.Facts))
	seen := map[string]bool{}
	for n, set := range h.log.Facts {
		for f, v := range fact.Resolve(set, "").All() {
			if f == fact.Questions || f == fact.Files || f == fact.TableKinds && v != "application" {
				values[n] = append(values[n], v)
				seen[v] = true
			}
		}
	}
	for v := range seen {
		h.questions = append(h.questions, v)
	}
	slices.Sort(h.questions)
	h.questions = h.questions[:min(len(h.questions), 64)]
	masks := make([]uint64, len(values))
	for n, list := range values {
		for _, v := range list {
			if k, ok := slices.BinarySearch(h.questions, v); ok {
				masks[n] |= 1 << k
			}
		}
	}
	return masks
}

// NetworkOf returns the name of the network that a host is taken to be of: the first 24
// bits of an IPv4 address, the first 64 of an IPv6 address, of a name what is behind
// its first dot, or the whole name.
func NetworkOf(host string) string {
	if a, err := netip.ParseAddr(host); err == nil {
		bits := 24
		if a = a.Unmap().WithZone(""); a.Is6() {
			bits = 64
		}
		if p, err := a.Prefix(bits); err == nil {
			return p.String()
		}
	}
	if _, domain, ok := strings.Cut(host, "."); ok && domain != "" {
		return "*." + domain
	}
	return host
}
