package incident

import (
	"cmp"
	"slices"

	"sqleuth/analysis/rule"
)

// sittings finds the accounts of people that did, at a time of their own, what two rules
// speak of, one of them of high severity. All that the account did about that time is
// the actor's; what it does on other days is not.
func (f *finder) sittings() {
	if f.History == nil {
		return
	}
	keys := make([]pairKey, 0, len(f.acted))
	for key := range f.acted {
		if !f.History.Program(key.user) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b pairKey) int { return cmp.Or(cmp.Compare(a.user, b.user), cmp.Compare(a.host, b.host)) })
	for _, key := range keys {
		p := f.pairOf(key)
		if p == nil {
			continue
		}
		a := actor{Actor: Actor{Kind: Sitting}, pair: key}
		for _, hits := range f.apart(f.spoken[key]) {
			if !f.wrecks(hits) {
				continue
			}
			from, to := f.Approximate(int(hits[0].entry))-pause, f.Approximate(int(hits[len(hits)-1].entry))+pause
			for _, c := range p.connections {
				x := f.Connections.Peek(int(c))
				if t := f.Approximate(int(x.First)); t >= from && t <= to && tried(x.Outcome) && !bit(f.taken, c) {
					a.connections = append(a.connections, c)
					setBit(f.taken, c)
				}
			}
		}
		if len(a.connections) > 0 {
			slices.Sort(a.connections)
			f.actors = append(f.actors, a)
		}
	}
}

// pairOf returns the pair of a hostile host, nil for one that never logged in as such: a
// user that a connection was changed to.
func (f *finder) pairOf(key pairKey) *pair {
	for _, p := range f.hosts[key.host].pairs {
		if p.pairKey == key {
			return p
		}
	}
	return nil
}

// apart parts hits by pauses.
func (f *finder) apart(hits []hit) (groups [][]hit) {
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.entry, b.entry), cmp.Compare(a.detection, b.detection))
	})
	start := 0
	for i := 1; i <= len(hits); i++ {
		if i == len(hits) || f.Approximate(int(hits[i].entry))-f.Approximate(int(hits[i-1].entry)) > pause {
			groups = append(groups, hits[start:i])
			start = i
		}
	}
	return groups
}

// wrecks reports whether two rules speak of hits, one of them of high severity, or one of
// critical severity, or one of several statements that end data. Who injects is not the
// account's owner.
func (f *finder) wrecks(hits []hit) bool {
	all, high, ends := deeds{}, false, 0
	for _, h := range hits {
		d := &f.Detections[h.detection]
		if injects(d) {
			return false
		}
		all.add(d)
		high = high || d.Severity >= rule.High
		if has(d, tacticImpact) {
			ends++
		}
	}
	return high && (all.certain() || ends >= enough)
}
