package incident

import (
	"cmp"
	"slices"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/rule"
)

const (
	// pause is how long an account that is spoken through may be quiet within a burst,
	// in microseconds: somebody who reads answers and thinks.
	pause = 60 * 60 * 1e6
	// near is how close a statement that is merely broken must be to one that adds SQL
	// to be of the same burst, in microseconds: a name with an apostrophe breaks a
	// statement too.
	near = 10 * 60 * 1e6
	// enough is how many statements of a burst add SQL, where none of them is of high
	// severity, and how many of a sitting end data, where one rule alone speaks of it.
	enough = 3
)

// hit is a statement that a detection speaks of.
type hit struct {
	entry     uint32
	detection int32
}

// spokenEntry is a statement of an account with what speaks against it.
type spokenEntry struct {
	entry    uint32
	time     int64
	adds     bool          // it adds SQL, or does what a rule of high severity looks for
	injected bool          // it adds SQL
	again    bool          // it leaves behind what an earlier burst did
	severity rule.Severity // of the gravest detection of it
	deeds    deeds
	beside   []*rule.Rule // of medium severity, that speak of it too
}

// bursts finds the accounts that somebody else speaks through. Their bursts that asked
// for more than whether they can are one incident of the account, the others another
// one: who only tries a hole is rarely the one who goes through it. What a program does
// from several hosts is taken together: requests of one visitor go to any of them.
func (f *finder) bursts() {
	keys := make([]pairKey, 0, len(f.spoken))
	for key := range f.spoken {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b pairKey) int { return cmp.Or(cmp.Compare(a.user, b.user), cmp.Compare(a.host, b.host)) })
	for len(keys) > 0 {
		n := 1
		for f.History != nil && n < len(keys) && keys[n].user == keys[0].user && f.History.Program(keys[0].user) {
			n++
		}
		var tries, reached actor
		for _, burst := range f.burstsOf(keys[:n]) {
			a := &tries
			if f.reaches(burst) {
				a = &reached
			}
			for _, s := range burst {
				a.entries = append(a.entries, s.entry)
			}
		}
		reached.reached = true
		for _, a := range []actor{reached, tries} {
			if len(a.entries) == 0 {
				continue
			}
			a.Kind = Account
			slices.Sort(a.entries)
			for _, e := range a.entries {
				id := f.Connections.Who(int(f.Log.Entries.Connection(int(e))), int(e))
				if key := (pairKey{id.User, id.Host}); !slices.Contains(a.pairs, key) {
					a.pairs = append(a.pairs, key)
				}
				a.connections = append(a.connections, f.Log.Entries.Connection(int(e)))
			}
			slices.Sort(a.connections)
			a.connections = slices.Compact(a.connections)
			f.actors = append(f.actors, a)
		}
		keys = keys[n:]
	}
}

// burstsOf parts what is spoken through accounts by pauses, and leaves out what is
// merely broken and alone, and until one of them is grave what adds little.
func (f *finder) burstsOf(keys []pairKey) (bursts [][]spokenEntry) {
	list := f.spokenEntries(keys)
	last := -1 // the last that adds, in list
	var burst []spokenEntry
	var left []*rule.Rule // of what was left behind in earlier bursts
	end := func() {
		// Of a hole that somebody went through, what adds SQL later is no mistake any more,
		// nor is what leaves the same behind again.
		if grave(burst) || len(bursts) > 0 && slices.ContainsFunc(burst, func(s spokenEntry) bool { return s.injected || s.again }) {
			bursts = append(bursts, burst)
			for _, s := range burst {
				left = append(append(left, s.deeds.rules...), s.beside...)
			}
		}
		burst = nil
	}
	for i, s := range list {
		if len(burst) > 0 && s.time-burst[len(burst)-1].time > pause {
			end()
		}
		s.again = slices.ContainsFunc(s.beside, func(r *rule.Rule) bool {
			return slices.Contains(r.Tactics, tacticPersistence) && slices.Contains(left, r)
		})
		s.adds = s.adds || s.again
		next := i
		for next < len(list) && !list[next].adds && list[next].time-s.time <= near {
			next++
		}
		before := last >= 0 && s.time-list[last].time <= near
		after := next < len(list) && list[next].adds && list[next].time-s.time <= near
		if !s.adds && !before && !after {
			continue
		}
		burst = append(burst, s)
		if s.adds {
			last = i
		}
	}
	end()
	return bursts
}

// grave reports whether a burst is more than what an account does now and then: SQL
// that was added beyond doubt, or several statements of which each adds some, or deeds
// that not one rule alone speaks of.
func grave(burst []spokenEntry) bool {
	n, all := 0, deeds{}
	var beside []*rule.Rule
	for _, s := range burst {
		if s.injected {
			if n++; s.severity >= rule.High {
				return true
			}
		}
		all.critical = all.critical || s.deeds.critical
		for _, r := range s.deeds.rules {
			if !slices.Contains(all.rules, r) {
				all.rules = append(all.rules, r)
			}
		}
		beside = append(beside, s.beside...)
	}
	other := func(r *rule.Rule) bool { return !slices.Contains(all.rules, r) }
	return n >= enough || all.certain() || len(all.rules) > 0 && slices.ContainsFunc(beside, other)
}

// spokenEntries are the statements of accounts that detections of medium severity
// and more speak of, in order, without those of connections that have an actor.
func (f *finder) spokenEntries(keys []pairKey) (list []spokenEntry) {
	var hits []hit
	for _, key := range keys {
		hits = append(hits, f.spoken[key]...)
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.entry, b.entry), cmp.Compare(a.detection, b.detection))
	})
	for _, h := range hits {
		if bit(f.taken, f.Log.Entries.Connection(int(h.entry))) {
			continue
		}
		d := &f.Detections[h.detection]
		if n := len(list); n == 0 || list[n-1].entry != h.entry {
			list = append(list, spokenEntry{entry: h.entry, time: f.Approximate(int(h.entry))})
		}
		s := &list[len(list)-1]
		switch {
		case injects(d) && (d.Severity >= rule.High || !merelyBroken(f.factsOf(h.entry))):
			s.adds, s.injected, s.severity = true, true, max(s.severity, d.Severity)
		case !injects(d) && d.Severity >= rule.High:
			s.adds = true
			s.deeds.add(d)
		case !injects(d):
			s.beside = append(s.beside, d.Rule)
		}
	}
	return list
}

// merelyBroken reports whether nothing but an open end or a break is odd about a
// statement, as where a name with an apostrophe was put into it.
func merelyBroken(s fact.Set) bool {
	broken := false
	for field, value := range s.All() {
		switch field {
		case fact.Open, fact.Broken:
			broken = true
		case fact.Union, fact.Constants, fact.CommentCut, fact.Encoding, fact.Nesting, fact.Questions:
			return false
		case fact.Statements:
			if value != "1" {
				return false
			}
		}
	}
	return broken
}

// reaches reports whether a burst asks for more than whether it can.
func (f *finder) reaches(burst []spokenEntry) bool {
	for _, s := range burst {
		if st, ok := f.stageOf(s.entry, true); ok && gravity[st] > gravity[Injection] {
			return true
		}
	}
	return false
}
