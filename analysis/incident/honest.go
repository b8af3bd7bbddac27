package incident

import (
	"context"
	"fmt"
	"slices"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/wording"
)

// honest returns what speaks for or against an honest cause, each in a sentence that
// can be checked in the log.
func (f *finder) honest(x *Incident, a *actor) (list []string) {
	if x.Actor.Kind == Account {
		return f.honestAccount(x, a)
	}
	users, refused := map[string]int{}, 0
	for _, l := range x.Logins {
		users[l.User] += l.Tries
		refused += l.Refused
	}
	in := x.In()
	switch {
	case x.Actor.Kind == Strays && in > 0:
		list = append(list, fmt.Sprintf("whoever forgot a password tries his own account; %d were tried here, and one let somebody in", len(users)))
	case x.Actor.Kind == Strays:
		list = append(list, fmt.Sprintf("new hosts of one's own with a wrong password would look like this; these tried %s and never got in", listed(byCount(users), "account", "accounts")))
	case x.Tries() == 0: // its login is not in the log
	case in == 0 && len(users) == 1:
		list = append(list, "a program with a wrong password tries one account too, at a steady pace; no rule finds such a pace here")
	case in == 0:
		list = append(list, fmt.Sprintf("a program of one's own tries one account, as a rule; %d were tried here", len(users)))
	case len(users) > 1 && refused > 0:
		list = append(list, fmt.Sprintf("whoever forgot a password tries his own account; %d were tried here", len(users)))
	}
	for _, h := range a.hosts {
		if n := f.sharers(h.number); n > 0 {
			list = append(list, fmt.Sprintf("%d users come from %s on three days and more: many share it, and whoever mistypes a name there looks the same", n, wording.Name(f.Connections.Text(h.number))))
		}
	}
	if x.Actor.Kind != Strays && f.newHosts(a) {
		text := "none of the hosts was"
		if f.addresses(a.hosts) == 1 {
			text = "the host was not"
		}
		list = append(list, text+" in the log before")
	}
	told := map[uint32]bool{}
	for _, h := range a.hosts {
		for _, p := range h.pairs {
			if p.member && p.in > 0 && !told[p.user] && len(told) < maxListed {
				told[p.user] = true
				if text := f.homes(p.user); text != "" {
					list = append(list, text)
				}
			}
		}
	}
	if x.Actor.Kind == Sitting {
		if p := f.pairOf(a.pair); p.in > in {
			list = append(list, fmt.Sprintf("%s got in from %s at other times too, %s: its owner may do such work, or somebody has his password",
				wording.Name(f.Connections.Text(p.user)), wording.Name(f.Connections.Text(p.host)), wording.Counted(p.in-in, "time", "times")))
		}
	}
	if x.Stage(Destruction) != nil || x.Stage(Persistence) != nil {
		list = append(list, "an administrator may drop tables and install code too: somebody who knows can tell")
	}
	return list
}

// sharers returns how many users share a host, see principal.Sharers.
func (f *finder) sharers(host uint32) int {
	if f.History == nil {
		return 0
	}
	return f.History.Sharers(host)
}

// newHosts reports whether the hosts of an actor were not in the log before him, and
// the log had begun.
func (f *finder) newHosts(a *actor) bool {
	for _, h := range a.hosts {
		for _, p := range h.pairs {
			if !p.member && p.first < h.earliest {
				return false
			}
		}
		if h.number == 0 || f.BeginsServer(int(h.earliest)) {
			return false
		}
	}
	return len(a.hosts) > 0
}

// census counts, in one pass, the logins of the users that actors got in as, from hosts
// that are no actor's, and those of the accounts that were spoken through.
func (f *finder) census(ctx context.Context) error {
	f.elsewhere, f.logins = map[uint32]map[uint32]int{}, map[pairKey]int{}
	f.spokenIn = map[uint32]bool{}
	for k := range f.actors {
		a := &f.actors[k]
		if a.Kind == Account {
			for _, p := range a.pairs {
				f.logins[p] = 0
			}
			for _, c := range a.connections {
				f.spokenIn[c] = true
			}
		}
		for _, h := range a.hosts {
			for _, p := range h.pairs {
				if p.member && p.in > 0 {
					f.elsewhere[p.user] = map[uint32]int{}
				}
			}
		}
	}
	for c := range f.Connections.Len() {
		if c%(1<<14) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		x := f.Connections.Peek(c)
		if !gotIn(x.Outcome) {
			continue
		}
		if of := f.elsewhere[x.User]; of != nil && f.hosts[x.Host] == nil && !bit(f.taken, uint32(c)) {
			of[x.Host]++
		}
		if n, ok := f.logins[pairKey{x.User, x.Host}]; ok {
			f.logins[pairKey{x.User, x.Host}] = n + 1
		}
	}
	return nil
}

// homes describes the hosts from which a user logs in and which are no actor's.
func (f *finder) homes(user uint32) string {
	total, hosts := 0, map[string]int{}
	for host, n := range f.elsewhere[user] {
		total += n
		hosts[f.Connections.Text(host)] = n
	}
	if total == 0 {
		return ""
	}
	return fmt.Sprintf("%s logs in from %s too, %s", wording.Name(f.Connections.Text(user)), listed(byCount(hosts), "host", "hosts"), wording.Counted(total, "time", "times"))
}

// honestAccount describes what else an account sends that was spoken through.
func (f *finder) honestAccount(x *Incident, a *actor) (list []string) {
	broken, adds := map[uint32]bool{}, map[uint32]bool{}
	logins := 0
	for _, p := range a.pairs {
		logins += f.logins[p]
		for _, h := range f.spoken[p] {
			c := f.Log.Entries.Connection(int(h.entry))
			switch d := &f.Detections[h.detection]; {
			case f.spokenIn[c] || !injects(d):
			case merelyBroken(f.factsOf(h.entry)):
				broken[c] = true
			default:
				adds[c] = true
			}
		}
		for _, e := range f.slips[p] {
			if c := f.Log.Entries.Connection(int(e)); !f.spokenIn[c] {
				broken[c] = true
			}
		}
	}
	for c := range adds {
		delete(broken, c)
	}
	if others := logins - len(x.Connections); others > 0 {
		text := "none that is in no incident has"
		if n := len(adds); n > 0 {
			text = wording.Counted(n, "that is in no incident has", "that are in no incident have")
		}
		text = fmt.Sprintf("of its %s, %s a statement with SQL added", wording.Counted(others, "other connection", "other connections"), text)
		if n := len(broken); n > 0 {
			text += fmt.Sprintf("; %d sent one that broke at a text, as at a name with an apostrophe", n)
		}
		list = append(list, text)
	}
	if slices.ContainsFunc(x.Entries, f.injected) {
		text := "a scanner that the owner ordered sends such statements too"
		if a.reached && x.Stage(Collection) != nil {
			text += "; as a rule it does not read " + named(shortNames(x.Stage(Collection), f), "table", "tables")
		}
		list = append(list, text)
	}
	return list
}

// shortNames are the tables of a stage that hold people or accounts, else all.
func shortNames(st *Stage, f *finder) []string {
	grave, plain := map[string]int{}, map[string]int{}
	for _, e := range st.Entries {
		for t := range f.factsOf(e).Values(fact.Tables) {
			if graveTable(t) {
				grave[base(t)]++
			} else {
				plain[base(t)]++
			}
		}
	}
	if len(grave) > 0 {
		return byCount(grave)
	}
	return byCount(plain)
}

// unknown lists what the log does not show of an incident.
func (f *finder) unknown(x *Incident) (list []string) {
	has := func(name StageName) bool { return x.Stage(name) != nil }
	if has(Destruction) {
		list = append(list, "whether anything was dropped or changed")
	}
	if has(Persistence) {
		list = append(list, "whether the server made the code, files, accounts or rights that were asked for, and what was done with them")
	}
	if has(Collection) {
		list = append(list, "which rows came back")
	}
	if x.Actor.Kind == Account {
		list = append(list, "who sat behind the application, and requests that never reached the database")
	}
	if x.Actor.Kind != Account && x.In() == 0 && x.Tries() > 0 {
		list = append(list, "the passwords that were tried, and whether one of them works elsewhere")
	}
	if x.Actor.Inferred {
		list = append(list, "whether the hosts are one actor: that is inferred")
	}
	switch {
	case len(list) > 0:
	case x.Asks():
		list = append(list, "what was done with the answers")
	default:
		list = append(list, "what the password is used for since")
	}
	return list
}
