package handover

import (
	"context"
	"net/netip"
	"slices"

	"sqleuth/analysis/incident"
)

// honest is what hosts and users do beside the incidents: who has honest traffic is
// not to be locked or blocked.
type honest struct {
	hosts map[string]int            // connections that got in and are no actor's, by host
	users map[string]map[string]int // likewise by user and host
}

// count counts connections that got in and belong to nobody who came from outside:
// those of an account that is spoken through are the application's own.
func (b *builder) count(ctx context.Context) error {
	s := b.s
	var theirs []uint32
	b.hosts, b.users = map[string]int{}, map[string]map[string]int{}
	named := map[string]bool{} // hosts
	for i := range s.Incidents {
		x := &s.Incidents[i]
		for _, h := range x.Actor.Hosts {
			named[h] = true
		}
		for _, u := range x.Actor.Users {
			b.users[u] = map[string]int{}
		}
		if x.Actor.Kind != incident.Account {
			theirs = append(theirs, x.Connections...)
		}
	}
	slices.Sort(theirs)
	for c := range s.Connections.Len() {
		if c%(1<<14) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		x := s.Connections.Peek(c)
		host, of := s.Connections.Text(x.Host), b.users[s.Connections.Text(x.User)]
		if x.Outcome.Refused() || !named[host] && of == nil {
			continue
		}
		if _, ok := slices.BinarySearch(theirs, uint32(c)); ok {
			continue
		}
		if named[host] {
			b.hosts[host]++
		}
		if of != nil {
			of[host]++
		}
	}
	return nil
}

// usedFrom returns from where a user has honest traffic, most connections first, and
// how many there are.
func (h *honest) usedFrom(user string) (hosts []string, connections int) {
	for host, n := range h.users[user] {
		hosts = append(hosts, host)
		connections += n
	}
	slices.SortFunc(hosts, func(a, b string) int {
		if d := h.users[user][b] - h.users[user][a]; d != 0 {
			return d
		}
		if a < b {
			return -1
		}
		return 1
	})
	return hosts, connections
}

// place is where a host is, as far as its name shows.
type place uint8

const (
	outside place = iota
	inside        // an address of a private network
	itself        // the server's own machine, or not known
)

func placeOf(host string) place {
	if host == "" || host == "localhost" || host == "%" {
		return itself
	}
	a, err := netip.ParseAddr(host)
	switch {
	case err != nil:
		return outside
	case a == netip.AddrFrom4([4]byte{127, 0, 0, 1}), a == netip.IPv6Loopback(), a.IsUnspecified():
		return itself
	case a.IsPrivate(), a.IsLinkLocalUnicast():
		return inside
	}
	return outside
}
