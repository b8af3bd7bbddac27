package incident

import (
	"context"
	"fmt"
	"slices"

	"sqleuth/analysis/detect"
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
						h.reuses, h.reused = w.by, p.user
					}
					continue
				}
				found[host] = &hostile{number: host, earliest: uint32(first), firstIn: noEntry, reuses: w.by, reused: p.user}
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

// joinReused merges the hosts that use what was guessed with those that guessed it.
func (f *finder) joinReused(list []*hostile, merge func(a, b int, why string)) {
	for k, h := range list {
		if h.reuses == nil {
			continue
		}
		if by := slices.Index(list, h.reuses); by >= 0 {
			merge(by, k, fmt.Sprintf("%s, whose password was guessed, came from another network next", f.Connections.Text(h.reused)))
		}
	}
}
