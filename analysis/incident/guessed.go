package incident

import (
	"context"
	"slices"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/rule"
)

// seedAmong takes the hosts from which one account was tried, as from many others, for
// hostile ones where somebody got in from there behind guesses; members tells.
func (f *finder) seedAmong(d *detect.Detection) {
	for _, c := range d.Connections {
		x := f.Connections.Peek(int(c))
		if h := f.hosts[x.Host]; x.Host != 0 && h == nil {
			f.host(x.Host, x.First).among = true
		}
	}
}

const (
	// turnHosts is of how many hosts a detection speaks that take turns at guessing.
	turnHosts = 12
	// turnTries is how many logins of such a host were refused at most.
	turnTries = 12
)

// turns returns the hosts that take turns at guessing: what each of them tried is a part of
// one list.
func (f *finder) turns() map[uint32]bool {
	hosts := map[uint32]bool{}
	for i := range f.Detections {
		if d := &f.Detections[i]; d.Site == nil && d.Severity >= rule.Medium && d.Guessing() && len(d.Hosts) >= turnHosts {
			for _, c := range d.Connections {
				hosts[f.Connections.Peek(int(c)).Host] = true
			}
		}
	}
	return hosts
}

// fewGuesses reports whether a few logins of a host were refused and nobody got in.
func (f *finder) fewGuesses(h *hostile) bool {
	refused := 0
	for _, p := range h.pairs {
		refused += p.refused
		if p.in > 0 || f.acted[p.pairKey] != nil {
			return false
		}
	}
	return refused <= turnTries
}

// rightGuess returns the pair of a host that got in behind refused logins of two other
// users and more, where nobody else ever did and more logins were refused than accepted;
// nil for none. Somebody who forgot a password tries his own account.
func (h *hostile) rightGuess() (right *pair) {
	refused, others := 0, 0
	for _, p := range h.pairs {
		refused += p.refused
		switch {
		case p.in == 0:
			others++
		case right != nil:
			return nil
		default:
			right = p
		}
	}
	if right == nil || others < 2 || right.in >= refused {
		return nil
	}
	before := 0
	for _, p := range h.pairs {
		if p != right && p.first < right.firstIn {
			before++
		}
	}
	if before < 2 {
		return nil
	}
	return right
}

// guessed is a user whose password was guessed.
type guessed struct {
	by *hostile
	in uint32 // entry of the first login
}

// reuse finds the hosts from which programs' accounts came whose password had been
// guessed before, from a network that nobody had come from: who guesses sells, or goes
// on from elsewhere.
func (f *finder) reuse(ctx context.Context) error {
	if f.History == nil {
		return nil
	}
	won := map[uint32]guessed{}
	for k := range f.actors {
		h := f.actors[k].hosts[0]
		for _, p := range h.pairs {
			if p.member && p.in > 0 && h.guesses {
				if w, ok := won[p.user]; !ok || p.firstIn < w.in {
					won[p.user] = guessed{h, p.firstIn}
				}
			}
		}
	}
	found := map[uint32]*hostile{}
	var order []uint32
	for k := range f.actors { // in order, each user once
		for _, p := range f.actors[k].hosts[0].pairs {
			w, ok := won[p.user]
			if !ok || w.by != f.actors[k].hosts[0] {
				continue
			}
			for _, n := range f.History.AccountsOf(p.user) {
				host := f.History.Account(n).Host
				first, in := f.History.AccountTries(n).NextAccepted(0)
				if found[host] != nil || !in || uint32(first) <= w.in || f.History.AwayOf(n).Homes == 0 {
					continue
				}
				if h := f.hosts[host]; h != nil {
					if !h.guesses {
						h.follows, h.why = w.by, f.reusedWords(p.user)
					}
					continue
				}
				found[host] = &hostile{number: host, earliest: uint32(first), firstIn: noEntry, follows: w.by, why: f.reusedWords(p.user)}
				order = append(order, host)
			}
		}
	}
	if err := f.pairs(ctx, found); err != nil {
		return err
	}
	for _, host := range order {
		h := found[host]
		h.pairs = slices.DeleteFunc(h.pairs, func(p *pair) bool { w, ok := won[p.user]; return !ok || p.firstIn <= w.in || p.habit() })
		if len(h.pairs) == 0 {
			continue
		}
		for _, p := range h.pairs {
			p.member = true
		}
		f.hosts[host] = h
		f.actors = append(f.actors, actor{hosts: []*hostile{h}})
	}
	return nil
}

func (f *finder) reusedWords(user uint32) string {
	return f.Connections.Text(user) + ", whose password was guessed, came from another network next"
}

// scouts finds the hosts beside that of an actor from which his user came too, or was
// refused, where nobody had come from their network before and the user had from another:
// who tries a password and who uses it may have addresses next to each other.
func (f *finder) scouts(ctx context.Context) error {
	if f.History == nil {
		return nil
	}
	found := map[uint32]*hostile{}
	users := map[uint32]uint32{} // by host found, who led there
	var order []uint32
	for k := range f.actors {
		h := f.actors[k].hosts[0]
		for _, p := range h.pairs {
			if !p.member || p.in == 0 || !f.opensNetwork(p) {
				continue
			}
			for host, first := range f.beside(p) {
				if other := f.hosts[host]; other != nil && other.follows == nil && h.follows != other && h.earliest < other.earliest {
					other.follows, other.why = h, besideWords
				}
				if f.hosts[host] == nil && found[host] == nil {
					found[host] = &hostile{number: host, earliest: first, firstIn: noEntry, follows: h,
						why: besideWords}
					users[host] = p.user
					order = append(order, host)
				}
			}
		}
	}
	if err := f.pairs(ctx, found); err != nil {
		return err
	}
	slices.Sort(order) // beside has no order
	for _, host := range order {
		h := found[host]
		for _, p := range h.pairs {
			p.member = p.user == users[host] && !p.habit() || p.in == 0 && p.refused > 0
		}
		f.hosts[host] = h
		f.actors = append(f.actors, actor{hosts: []*hostile{h}})
	}
	return nil
}

const besideWords = "nobody else came from the network that they are of"

// opensNetwork reports whether the user of a pair was the first to get in from the network
// of its host, and had got in from another before.
func (f *finder) opensNetwork(p *pair) bool {
	network := f.History.Network(p.host)
	if network == nil {
		return false
	}
	e := int(network.First)
	home, ok := f.History.UserTries(p.user).NextAccepted(0)
	return ok && home < e && f.Connections.Who(int(f.Log.Entries.Connection(e)), e).User == p.user
}

// beside returns the hosts of the network of a pair's host from which its user tried to log
// in, each with the first entry.
func (f *finder) beside(p *pair) map[uint32]uint32 {
	network := principal.NetworkOf(f.Connections.Text(p.host))
	first, other := map[uint32]uint32{}, map[uint32]bool{p.host: true}
	tries := f.History.UserTries(p.user)
	for k := range tries.Len() {
		e := tries.Entry(k)
		host := f.Connections.Who(int(f.Log.Entries.Connection(e)), e).Host
		if _, known := first[host]; known || other[host] {
			continue
		}
		if other[host] = principal.NetworkOf(f.Connections.Text(host)) != network; !other[host] {
			first[host] = uint32(e)
		}
	}
	return first
}

// joinFound merges the hosts that were found from those of an actor with them.
func (f *finder) joinFound(list []*hostile, merge func(a, b int, why string)) {
	for k, h := range list {
		if h.follows == nil {
			continue
		}
		if by := slices.Index(list, h.follows); by >= 0 {
			merge(by, k, h.why)
		}
	}
}
