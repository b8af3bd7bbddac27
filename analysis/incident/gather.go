package incident

import (
	"cmp"
	"slices"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
)

// incident makes the incident of an actor.
func (f *finder) incident(a *actor) Incident {
	x := Incident{Actor: a.Actor, Connections: a.connections, Entries: a.entries}
	if a.Kind == Account {
		x.Actor.Users = []string{f.Connections.Text(a.pairs[0].user)}
		for _, p := range a.pairs {
			x.Actor.Hosts = append(x.Actor.Hosts, f.Connections.Text(p.host))
		}
	} else {
		for _, c := range a.connections {
			x.Entries = append(x.Entries, f.ByConnection.Entries(int(c))...)
		}
		slices.Sort(x.Entries)
		x.Logins = f.loginsOf(a.connections)
		x.Actor.Hosts, x.Actor.Users = names(x.Logins)
	}
	for _, c := range x.Connections {
		if name := f.ServerName(f.ServerOfConnection(int(c))); name != "" && !slices.Contains(x.Servers, name) {
			x.Servers = append(x.Servers, name)
		}
	}
	course := f.course(a)
	x.Stages = f.stages(course, a.logins)
	x.First, x.Last = f.span(x.Entries)
	x.Tables = f.tables(course)
	x.Severity = f.severity(&x, a)
	f.describe(&x, a)
	f.after(&x)
	x.ID = f.name(&x)
	return x
}

// loginsOf counts the logins of an actor by account, those that got in first, then most tries first.
func (f *finder) loginsOf(connections []uint32) (list []Login) {
	at := map[pairKey]int{}
	for _, c := range connections {
		if f.scheduled(c) {
			continue
		}
		x := f.Connections.Peek(int(c))
		key := pairKey{x.User, x.Host}
		k, ok := at[key]
		if !ok {
			k = len(list)
			at[key] = k
			list = append(list, Login{User: f.Connections.Text(x.User), Host: f.Connections.Text(x.Host), Server: f.ServerName(f.ServerOfConnection(int(c))), First: store.Unknown})
		}
		l := &list[k]
		if tried(x.Outcome) {
			l.Tries++
		}
		switch {
		case x.Outcome.Refused():
			l.Refused++
		case gotIn(x.Outcome):
			if l.In++; l.In == 1 {
				l.First = f.Moment(int(x.First))
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Login) int {
		return cmp.Or(cmp.Compare(min(b.In, 1), min(a.In, 1)), cmp.Compare(b.Tries, a.Tries))
	})
	return list
}

// names returns the hosts of logins, and the users that got in, else all of them, most
// connections first.
func names(logins []Login) (hosts, users []string) {
	in := slices.ContainsFunc(logins, func(l Login) bool { return l.In > 0 })
	h, u := map[string]int{}, map[string]int{}
	for _, l := range logins {
		h[l.Host] += l.Tries
		if !in || l.In > 0 {
			u[l.User] += l.Tries
		}
	}
	return byCount(h), byCount(u)
}

// byCount returns names, the most frequent first.
func byCount(counts map[string]int) []string {
	list := make([]string, 0, len(counts))
	for name := range counts {
		list = append(list, name)
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	return list
}

// loginDetections gives the actors the detections of logins that have a connection of
// theirs.
func (f *finder) loginDetections() {
	owner := make([]int32, f.Connections.Len()) // from 1; 0 for none
	for k := range f.actors {
		if f.actors[k].Kind == Account {
			continue
		}
		for _, c := range f.actors[k].connections {
			owner[c] = int32(k) + 1
		}
	}
	for i := range f.Detections {
		d := &f.Detections[i]
		if d.Site != nil || !d.Logins || d.Severity < rule.Low {
			continue
		}
		for _, c := range d.Connections {
			if k := owner[c]; k > 0 {
				if a := &f.actors[k-1]; len(a.logins) == 0 || a.logins[len(a.logins)-1] != i {
					a.logins = append(a.logins, i)
				}
			}
		}
	}
}

// tables lists the tables that statements of the stages name, most entries first.
func (f *finder) tables(course []staged) []string {
	counts := map[string]int{}
	for _, s := range course {
		for t := range f.factsOf(s.entry).Values(fact.Tables) {
			counts[t]++
		}
	}
	return byCount(counts)
}

// doubtful reports whether nothing but one rule speaks against an actor who did not
// guess and is not away from home.
func (f *finder) doubtful(a *actor) bool {
	for _, h := range a.hosts {
		if h.guesses {
			return false
		}
		for _, p := range h.pairs {
			if deeds := f.acted[p.pairKey]; p.member && (deeds.certain() || deeds != nil && p.away) {
				return false
			}
		}
	}
	return true
}

// ofProgram reports whether the user of an actor's account is a program: what a person does
// at a new desk, a program does not.
func (f *finder) ofProgram(a *actor) bool {
	for _, h := range a.hosts {
		for _, p := range h.pairs {
			if p.member && f.acted[p.pairKey] != nil && f.History != nil && f.History.Program(p.user) {
				return true
			}
		}
	}
	return false
}

// severity rates an incident by how far it came: guesses that never got in are
// medium, as is a sitting of which one rule of high severity speaks, and what one speaks of
// a program's user; strays and what only one rule speaks of otherwise low;
// who got in and asked for nothing is high, as are questions of a statement that was put into an application's; who asked for data, left code or
// dropped something is critical.
func (f *finder) severity(x *Incident, a *actor) rule.Severity {
	switch g := x.Gravest(); {
	case a.Kind == Host && f.doubtful(a) && f.ofProgram(a):
		return rule.Medium
	case a.Kind == Strays && x.In() == 0, a.Kind == Host && f.doubtful(a):
		return rule.Low
	case a.Kind == Account && !a.reached, a.Kind == Sitting && !f.acted[a.pair].certain():
		return rule.Medium
	case gravity[g] >= gravity[CoveringTracks]:
		return rule.Critical
	case gravity[g] >= gravity[Access]:
		return rule.High
	}
	return rule.Medium
}
