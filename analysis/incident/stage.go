package incident

import (
	"cmp"
	"slices"
	"strings"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
)

// byTactic is the stage of a detection's first tactic.
var byTactic = map[string]StageName{
	"reconnaissance": Reconnaissance, "credential-access": Collection, "initial-access": Injection, "discovery": Enumeration,
	"collection": Collection, "exfiltration": Collection, "persistence": Persistence, "execution": Persistence,
	"privilege-escalation": Persistence, "impact": Destruction, "defense-impairment": CoveringTracks, "stealth": CoveringTracks,
	"defense-evasion": CoveringTracks,
}

// mark is what detections found in an entry.
type mark struct {
	stage     StageName
	severity  rule.Severity
	detection int32 // of the severity
}

// mark gathers what detections of statements found in the entries of interest: those
// that may be spoken through an account, and those of connections that have an actor.
func (f *finder) mark() {
	wanted := make([]uint64, (f.Log.Entries.Len()+63)/64)
	for _, hits := range f.spoken {
		for _, h := range hits {
			setBit(wanted, h.entry)
		}
	}
	for k := range f.actors {
		for _, c := range f.actors[k].connections {
			for _, e := range f.ByConnection.Entries(int(c)) {
				setBit(wanted, e)
			}
		}
	}
	f.marks = map[uint32]mark{}
	for i := range f.Detections {
		d := &f.Detections[i]
		if d.Site != nil || d.Logins || len(d.Rule.Tactics) == 0 {
			continue
		}
		st, ok := byTactic[d.Rule.Tactics[0]]
		if injects(d) {
			st = Injection
		}
		// What is of low severity may be read beside others: it shows what was asked,
		// not what was done.
		if !ok || d.Severity < rule.Medium && gravity[st] > gravity[Collection] {
			continue
		}
		for _, e := range d.Entries {
			if !bit(wanted, e) {
				continue
			}
			st := st
			// Of the statements that a correlation joins, those that ask about the schema led
			// to what the rule is about.
			if d.Rule.Kind == rule.Correlation && st == Collection && asks(f.factsOf(e)) {
				st = Enumeration
			}
			m, old := f.marks[e]
			if !old || gravity[st] > gravity[m.stage] {
				m.stage = st
			}
			if !old || d.Severity > m.severity {
				m.severity, m.detection = d.Severity, int32(i)
			}
			f.marks[e] = m
		}
	}
}

// resolved is what facts are in a database.
type resolved struct{ fact, database uint32 }

// factsOf returns the facts of an entry in its current database.
func (f *finder) factsOf(e uint32) fact.Set {
	i := int(e)
	id := f.Connections.Who(int(f.Log.Entries.Connection(i)), i)
	key := resolved{f.Key(i).Fact, id.Database}
	if set, ok := f.facts[key]; ok {
		return set
	}
	set := fact.Resolve(f.Facts[key.fact], f.database(id.Database))
	f.facts[key] = set
	return set
}

func (f *finder) database(n uint32) string {
	if name := f.Connections.Text(n); name != "-" {
		return strings.ToLower(name)
	}
	return ""
}

// changed returns the tables that a statement writes to, makes or drops.
func (f *finder) changed(e uint32) []string {
	id := f.Connections.Who(int(f.Log.Entries.Connection(int(e))), int(e))
	return fact.Changed(f.Facts[f.Key(int(e)).Fact], f.database(id.Database))
}

// rights returns the tables of people that a statement writes passwords or rights into.
func (f *finder) rights(e uint32) []string {
	id := f.Connections.Who(int(f.Log.Entries.Connection(int(e))), int(e))
	return fact.Rights(f.Facts[f.Key(int(e)).Fact], f.database(id.Database))
}

// stageOf returns the stage of a statement, false for none. In a statement that was
// spoken through an account the account's own part does not count.
func (f *finder) stageOf(e uint32, spoken bool) (StageName, bool) {
	m, ok := f.marks[e]
	st := m.stage
	set := f.factsOf(e)
	if spoken {
		switch {
		case asks(set) && (!ok || gravity[st] < gravity[Enumeration]):
			st, ok = Enumeration, true
		case !asks(set) && handsOut(set) && (!ok || gravity[st] < gravity[Collection]):
			st, ok = Collection, true
		}
		if len(f.stacked(e)) > 0 && gravity[st] < gravity[Persistence] {
			st, ok = Destruction, true
		}
		return st, ok
	}
	// An actor who is logged in himself injects nothing.
	ok = ok && st != Injection
	by, known := byFacts(set)
	if known && (!ok || gravity[by] > gravity[st]) {
		return by, true
	}
	return st, ok
}

// stacked returns the tables that a statement which was put behind one of an application's
// that reads only changes.
func (f *finder) stacked(e uint32) []string {
	if f.factsOf(e).Has(fact.Statements, "1") || f.Action(int(e)) != "SELECT" || !f.injected(e) {
		return nil
	}
	return f.changed(e)
}

// asks reports whether a statement asks the server about itself.
func asks(set fact.Set) bool {
	for range set.Values(fact.Questions) {
		return true
	}
	return set.Has(fact.TableKinds, "catalogue")
}

// handsOut reports whether a UNION brings rows of a table: what a table is called decides
// nothing, since names are in any language.
func handsOut(set fact.Set) bool {
	return set.Has(fact.Union, "true") && !set.Has(fact.Union, "no_table") && !set.Has(fact.Union, "constants")
}

// headStages are those of statements by their leading keywords.
var headStages = map[string]StageName{
	"drop table": Destruction, "drop database": Destruction, "drop schema": Destruction, "drop view": Destruction, "truncate table": Destruction, "truncate": Destruction,
	"create user": Persistence, "alter user": Persistence, "drop user": Persistence, "rename user": Persistence, "grant": Persistence, "set password": Persistence, "revoke": Persistence,
	"create function": Persistence, "drop function": Persistence, "create procedure": Persistence, "create trigger": Persistence, "create event": Persistence,
	"install plugin": Persistence, "install soname": Persistence, "install component": Persistence,
}

// byFacts returns the stage of a statement by what it asks for, the gravest.
func byFacts(set fact.Set) (st StageName, ok bool) {
	take := func(s StageName) {
		if !ok || gravity[s] > gravity[st] {
			st, ok = s, true
		}
	}
	for field, value := range set.All() {
		switch field {
		case fact.Head:
			if s, known := headStages[value]; known {
				take(s)
			} else if value == "use" || strings.HasPrefix(value, "show") || strings.HasPrefix(value, "describe") {
				take(Enumeration)
			}
		case fact.Questions:
			take(Enumeration)
		case fact.Reads:
			kind, rest, _ := strings.Cut(value, " ")
			switch {
			case kind == "catalogue", strings.HasSuffix(rest, " aggregate"), strings.HasSuffix(rest, " constant"):
				take(Enumeration)
			default:
				take(Collection)
			}
		case fact.Changes:
			if strings.Contains(value, " all ") && set.Has(fact.Verb, "delete") {
				take(Destruction)
			}
			if strings.HasSuffix(value, " privilege") {
				take(Persistence)
			}
		case fact.Files:
			if strings.HasPrefix(value, "write") {
				take(Persistence)
			} else {
				take(Collection)
			}
		case fact.Sets:
			if strings.HasPrefix(value, "general_log") || strings.HasPrefix(value, "slow_query_log") || strings.HasPrefix(value, "sql_log_bin") || strings.HasPrefix(value, "log_output") {
				take(CoveringTracks)
			}
		}
	}
	return st, ok
}

// staged is an entry of an actor with its stage.
type staged struct {
	entry uint32
	stage StageName
}

// course gives the entries of an actor their stages.
func (f *finder) course(a *actor) (list []staged) {
	if a.Kind == Account {
		for _, e := range a.entries {
			st, ok := f.stageOf(e, true)
			if !ok {
				st = Injection
			}
			list = append(list, staged{e, st})
		}
		return list
	}
	own := map[string]bool{} // tables that the actor made
	looks := f.looks(a.connections)
	for _, c := range a.connections {
		x := f.Connections.Peek(int(c))
		first := true
		for _, e := range f.ByConnection.Entries(int(c)) {
			if first || x.Outcome.Refused() {
				st := Access
				switch {
				case x.Outcome.Refused() && looks[pairKey{x.User, x.Host}]:
					st = Reconnaissance
				case x.Outcome.Refused():
					st = Guessing
				}
				first = false
				list = append(list, staged{e, st})
				continue
			}
			st, ok := f.stageOf(e, false)
			if clears := f.clearsOwn(e, own); !ok || clears && st == Destruction {
				continue
			}
			list = append(list, staged{e, st})
		}
	}
	slices.SortFunc(list, func(a, b staged) int { return cmp.Compare(a.entry, b.entry) })
	return list
}

// clearsOwn reports whether a statement drops or empties only what the actor had made; what
// it makes is added to own.
func (f *finder) clearsOwn(e uint32, own map[string]bool) bool {
	set := f.factsOf(e)
	makes := set.Has(fact.Head, "create table")
	drops := set.Has(fact.Head, "drop table") || set.Has(fact.Verb, "truncate") || set.Has(fact.Verb, "delete")
	if !makes && !drops {
		return false
	}
	tables := f.changed(e)
	for _, t := range tables {
		if makes {
			own[t] = true
		} else if !own[t] {
			return false
		}
	}
	return drops && len(tables) > 0
}

// looks finds the accounts that were tried without a name or never with a password:
// somebody looks what answers.
func (f *finder) looks(connections []uint32) map[pairKey]bool {
	looks := map[pairKey]bool{}
	for _, c := range connections {
		x := f.Connections.Peek(int(c))
		key := pairKey{x.User, x.Host}
		user := f.Connections.Text(x.User)
		look := user == "" || x.Outcome.Refused() && strings.Contains(f.Connections.Text(x.Reason), "using password: NO")
		if before, ok := looks[key]; ok {
			look = look && before
		}
		looks[key] = look
	}
	return looks
}

// stages makes the stages of an actor, in order of their first entries; of several
// servers, in order of time.
func (f *finder) stages(list []staged, logins []int) (stages []Stage) {
	at := [stageNames]int{}
	for i := range at {
		at[i] = -1
	}
	for _, s := range list {
		if at[s.stage] < 0 {
			at[s.stage] = len(stages)
			stages = append(stages, Stage{Name: s.stage})
		}
		st := &stages[at[s.stage]]
		st.Entries = append(st.Entries, s.entry)
		st.Connections = append(st.Connections, f.Log.Entries.Connection(int(s.entry)))
	}
	for k := range stages {
		st := &stages[k]
		slices.Sort(st.Connections)
		st.Connections = slices.Compact(st.Connections)
		st.First, st.Last = f.span(st.Entries)
		st.Telling = f.telling(st.Entries)
		st.Detections = f.detectionsOf(st, logins)
	}
	if f.SeveralServers() {
		slices.SortStableFunc(stages, func(a, b Stage) int { return a.First.Compare(b.First) })
	}
	return stages
}

// span returns the first and the last moment of entries.
func (f *finder) span(entries []uint32) (first, last store.Moment) {
	first = f.Moment(int(entries[0]))
	last = first
	for _, e := range entries {
		if m := f.Moment(int(e)); m.Compare(last) > 0 {
			last = m
		} else if m.Compare(first) < 0 {
			first = m
		}
	}
	return first, last
}

// telling chooses the entries to read first: the most severe, no two of one digest as
// long as there are others.
func (f *finder) telling(entries []uint32) []uint32 {
	digest := func(e uint32) uint32 { return f.Key(int(e)).Digest }
	by := func(a, b uint32) int {
		return cmp.Or(cmp.Compare(f.marks[b].severity, f.marks[a].severity), cmp.Compare(a, b))
	}
	best := map[uint32]uint32{} // by digest
	for _, e := range entries {
		if old, ok := best[digest(e)]; !ok || by(e, old) < 0 {
			best[digest(e)] = e
		}
	}
	out := make([]uint32, 0, len(best))
	for _, e := range best {
		out = append(out, e)
	}
	slices.SortFunc(out, by)
	out = out[:min(len(out), MaxTelling)]
	slices.Sort(out)
	return out
}

// detectionsOf lists the detections that a stage rests on.
func (f *finder) detectionsOf(st *Stage, logins []int) (list []int) {
	if st.Name == Guessing || st.Name == Reconnaissance || st.Name == Access {
		for _, i := range logins {
			if f.Detections[i].Guessing() == (st.Name != Access) {
				list = append(list, i)
			}
		}
		return list
	}
	for _, e := range st.Entries {
		if m, ok := f.marks[e]; ok {
			list = append(list, int(m.detection))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
