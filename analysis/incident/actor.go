package incident

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"slices"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/rule"
)

// The tactics of ATT&CK that decide what a detection speaks of.
const (
	tacticAccess      = "initial-access"
	tacticImpact      = "impact"
	tacticPersistence = "persistence"
)

const (
	// sharedAccounts is how many accounts of the server two hosts must both have
	// tried to be taken for one actor: one name may be on every list of guesses, and
	// a second by chance; three that exist here were known to the one who tried them.
	sharedAccounts = 3
	// commonAccount is from how many hostile hosts an account that is tried no
	// longer connects them: everybody tries it.
	commonAccount = 64
	// usual is from how many logins on a pair of user and host has a habit, of which
	// a single act does not make an attacker.
	usual = 20
	// suspicious is from which score on a connection speaks for itself.
	suspicious = 0.5
	// strayHosts is from how many hosts on refused logins are a pattern.
	strayHosts = 3
)

// finder is one search.
type finder struct {
	In
	*loaded.Log
	hosts  map[uint32]*hostile  // by number of the host
	acted  map[pairKey]*deeds   // did what rules of high severity look for
	spoken map[pairKey][]hit    // statements that may not be the account's own
	slips  map[pairKey][]uint32 // statements that broke at an apostrophe within a word
	graded []uint64             // a bit for each connection that is in a detection of medium severity and more
	marks  map[uint32]mark      // by entry
	facts  map[resolved]fact.Set
	lists  []fieldList // see fieldLists
	events events
	actors []actor
	taken  []uint64 // a bit for each connection that has an actor, or all of whose account was declared normal

	// What honest causes are weighed by; see census.
	elsewhere map[uint32]map[uint32]int
	logins    map[pairKey]int
	spokenIn  map[uint32]bool
}

// hostile is a host that a detection speaks against.
type hostile struct {
	number  uint32
	guesses bool     // accounts were guessed from it
	follows *hostile // the host of an actor from which this one was found, nil for all others
	why     string   // why they are one actor
	among   bool     // it is one of many from which an account was tried, nothing else speaks against it
	pairs   []*pair
	// earliest is the first hostile entry, firstIn the first login of its own that got
	// in, by whomever.
	earliest, firstIn uint32
}

// deeds are what rules of high severity found of an account.
type deeds struct {
	critical bool
	rules    []*rule.Rule // each once
	first    uint32       // entry
}

func (a *deeds) add(d *detect.Detection) {
	a.critical = a.critical || d.Severity == rule.Critical
	if !slices.Contains(a.rules, d.Rule) {
		a.rules = append(a.rules, d.Rule)
	}
}

// certain reports whether one rule alone is not all that speaks against an account: an
// administrator at a new desk does one such thing too.
func (a *deeds) certain() bool { return a != nil && (a.critical || len(a.rules) > 1) }

// pairKey is a user and a host by their numbers.
type pairKey struct{ user, host uint32 }

// pair is a user from a hostile host.
type pair struct {
	pairKey
	connections []uint32
	refused, in int
	refusedNow  bool   // the first login was refused
	first       uint32 // entry
	firstIn     uint32 // entry of the first login that got in
	lastIn      uint32 // last entry of those that got in
	graded      int    // of those that got in, how many have evidence of their own
	away        bool   // see principal.Away
	member      bool   // belongs to the actor
}

// habit reports whether what a pair does does not speak for itself. Away from home
// nobody has one.
func (p *pair) habit() bool { return p.in > usual && 2*p.graded < p.in && !p.away }

const noEntry = ^uint32(0)

// actor is an actor with what is his.
type actor struct {
	Actor
	hosts       []*hostile
	pair        pairKey   // whose sitting it is
	pairs       []pairKey // of an account that is spoken through, by first entry
	connections []uint32  // ascending
	entries     []uint32  // own entries, ascending; nil where all of the connections are
	logins      []int     // detections of its logins, ascending
	reached     bool      // of bursts: they asked for more than whether they can
}

func has(d *detect.Detection, tactic string) bool { return slices.Contains(d.Rule.Tactics, tactic) }

// injects reports whether a detection is about a statement that got in through an
// application.
func injects(d *detect.Detection) bool { return !d.Logins && has(d, tacticAccess) }

// gotIn reports whether a login was not refused. Who leaves at once without a word
// leaves no other trace of having got in.
func gotIn(o connection.Outcome) bool { return o == connection.Accepted || o == connection.Pending }

// tried reports whether a login is seen, whatever came of it.
func tried(o connection.Outcome) bool { return gotIn(o) || o.Refused() }

func bit(set []uint64, k uint32) bool { return set[k/64]>>(k%64)&1 == 1 }

func setBit(set []uint64, k uint32) { set[k/64] |= 1 << (k % 64) }

// seed finds in the detections which hosts are hostile and what was sent through
// accounts. What was declared normal speaks against nobody, also where a detection has
// entries of others too.
func (f *finder) seed() {
	n := (f.Connections.Len() + 63) / 64
	f.graded, f.taken = make([]uint64, n), make([]uint64, n)
	f.facts = map[resolved]fact.Set{}
	f.hosts, f.acted, f.spoken = map[uint32]*hostile{}, map[pairKey]*deeds{}, map[pairKey][]hit{}
	f.slips = map[pairKey][]uint32{}
	f.setAside()
	for i := range f.Detections {
		d := &f.Detections[i]
		switch {
		case d.Site != nil, len(d.Entries) == 0:
			continue
		case d.Severity < rule.Medium:
			f.seedSlips(d)
			continue
		}
		for _, c := range d.Connections {
			setBit(f.graded, c)
		}
		if d.Logins {
			switch {
			case len(d.Hosts) == 1 && (d.Guessing() || d.Severity >= rule.High):
				f.host(f.Connections.Peek(int(d.Connections[0])).Host, d.Entries[0]).guesses = true
			case d.Guessing():
				f.seedAmong(d)
			}
			continue
		}
		for _, e := range d.Entries {
			id := f.Connections.Who(int(f.Log.Entries.Connection(int(e))), int(e))
			key := pairKey{id.User, id.Host}
			if f.usual(key, e) || f.scheduled(f.Log.Entries.Connection(int(e))) {
				continue
			}
			f.spoken[key] = append(f.spoken[key], hit{entry: e, detection: int32(i)})
			if d.Severity >= rule.High && !injects(d) {
				if f.acted[key] == nil {
					f.acted[key] = &deeds{first: e}
				}
				f.acted[key].add(d)
				f.acted[key].first = min(f.acted[key].first, e)
				f.host(id.Host, e)
			}
		}
	}
}

// setAside marks the connections of accounts all of whose doings were declared normal, so
// that no actor is given them.
func (f *finder) setAside() {
	if f.History == nil || !f.History.AnyUsual() {
		return
	}
	for c := range f.Connections.Len() {
		if x := f.Connections.Peek(c); f.History.UsualAccount(x.User, x.Host) {
			setBit(f.taken, uint32(c))
		}
	}
}

// usual reports whether entry e of an account was declared normal.
func (f *finder) usual(key pairKey, e uint32) bool {
	return f.History != nil && f.History.AnyUsual() &&
		(f.History.UsualAccount(key.user, key.host) || f.History.Usual(f.History.Number(key.user, key.host), f.Key(int(e)).Digest))
}

// seedSlips keeps the statements of a detection that broke at an apostrophe within a word.
func (f *finder) seedSlips(d *detect.Detection) {
	if !injects(d) {
		return
	}
	for _, e := range d.Entries {
		if f.factsOf(e).Has(fact.Marks, "apostrophe") {
			id := f.Connections.Who(int(f.Log.Entries.Connection(int(e))), int(e))
			key := pairKey{id.User, id.Host}
			f.slips[key] = append(f.slips[key], e)
		}
	}
}

// host returns the hostile host of a number, against which entry e speaks.
func (f *finder) host(number, e uint32) *hostile {
	h := f.hosts[number]
	if h == nil {
		h = &hostile{number: number, earliest: e, firstIn: noEntry}
		f.hosts[number] = h
	}
	h.among = false
	h.earliest = min(h.earliest, e)
	return h
}

// pairs gathers what the users of hosts did there.
func (f *finder) pairs(ctx context.Context, hosts map[uint32]*hostile) error {
	if len(hosts) == 0 {
		return nil
	}
	of := map[pairKey]*pair{}
	for c := range f.Connections.Len() {
		if c%(1<<14) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		x := f.Connections.Peek(c)
		h := hosts[x.Host]
		if h == nil || bit(f.taken, uint32(c)) || f.scheduled(uint32(c)) {
			continue
		}
		key := pairKey{x.User, x.Host}
		p := of[key]
		if p == nil {
			p = &pair{pairKey: key, first: x.First, firstIn: noEntry, refusedNow: x.Outcome.Refused(), away: f.away(key)}
			of[key] = p
			h.pairs = append(h.pairs, p)
		}
		p.connections = append(p.connections, uint32(c))
		if x.Outcome.Refused() {
			p.refused++
			continue
		}
		if !gotIn(x.Outcome) {
			continue
		}
		p.in++
		p.firstIn, p.lastIn = min(p.firstIn, x.First), max(p.lastIn, x.Last)
		h.firstIn = min(h.firstIn, x.First)
		if bit(f.graded, uint32(c)) || f.Score(uint32(c)) >= suspicious {
			p.graded++
		}
	}
	return nil
}

// returns reports whether a pair got in a day and more before it did what a rule of high
// severity looks for.
func (f *finder) returns(p *pair) bool {
	deeds := f.acted[p.pairKey]
	return deeds != nil && !p.away && f.Approximate(int(deeds.first))-f.Approximate(int(p.firstIn)) > 24*pause
}

// away reports whether a user came to a host where it is not at home, see principal.Away.
func (f *finder) away(key pairKey) bool {
	return f.History != nil && f.History.AwayOf(f.History.Number(key.user, key.host)).Homes > 0
}

// shares reports whether a user is one of many that share a host, see principal.Shares.
func (f *finder) shares(key pairKey) bool {
	return f.History != nil && f.History.Shares(f.History.Number(key.user, key.host))
}

// members decides which pairs of a hostile host are the actor's: those that never got
// in, those that were refused before they did, but for one of many who share the host, those
// that did what a rule of high severity looks for, who got in behind guesses at others; and where nobody had got in from the host before it was hostile,
// those that came once the actor was in. A pair with a habit is none of them, unless
// most of what it does speaks for itself, nor is one that got in on a day before it did
// what is looked for: of that the sitting is the actor's, and no other.
func (f *finder) members() {
	for _, h := range f.hosts {
		in := noEntry
		right := h.rightGuess()
		h.guesses = h.guesses || h.among && right != nil
		for _, p := range h.pairs {
			switch {
			case p.habit():
			case p.in == 0:
				p.member = p.refused > 0 && h.guesses || f.acted[p.pairKey] != nil
			default:
				p.member = (p.refusedNow && !f.shares(p.pairKey) || p == right) && h.guesses || f.acted[p.pairKey] != nil && !f.returns(p)
			}
			if p.member && p.in > 0 {
				in = min(in, p.firstIn)
			}
		}
		for _, p := range h.pairs {
			if !p.member && !p.habit() && in != noEntry && h.firstIn >= in && p.first >= in {
				p.member = true
			}
		}
	}
	// The order of maps is none.
	list := make([]*hostile, 0, len(f.hosts))
	for _, h := range f.hosts {
		if slices.ContainsFunc(h.pairs, func(p *pair) bool { return p.member }) {
			list = append(list, h)
		}
	}
	slices.SortFunc(list, func(a, b *hostile) int {
		return cmp.Or(cmp.Compare(a.earliest, b.earliest), cmp.Compare(a.number, b.number))
	})
	for _, h := range list {
		f.actors = append(f.actors, actor{hosts: []*hostile{h}})
	}
}

// join takes hosts for one actor where they used one account in turn, or tried the
// same accounts of this server.
func (f *finder) join() {
	parent := make([]int, len(f.actors))
	for k := range parent {
		parent[k] = k
	}
	root := func(k int) int {
		for parent[k] != k {
			k = parent[k]
		}
		return k
	}
	why := map[int]string{}
	merge := func(a, b int, reason string) {
		if a, b = root(a), root(b); a > b {
			a, b = b, a
		}
		parent[b] = a
		if why[a] == "" {
			why[a] = reason
		}
	}
	first := make([]*hostile, len(f.actors)) // the hosts, in order
	for k := range f.actors {
		first[k] = f.actors[k].hosts[0]
	}
	f.joinServers(first, merge)
	f.joinFound(first, merge)
	f.joinInTurn(first, merge)
	f.joinByKnowledge(first, merge)
	turns := f.turns()
	for k, h := range first {
		if r := root(k); r != k {
			f.actors[r].hosts = append(f.actors[r].hosts, h)
		}
	}
	for k := range f.actors {
		a := &f.actors[k]
		if root(k) != k {
			a.hosts = nil
			continue
		}
		if len(a.hosts) == 1 && (a.hosts[0].among || turns[a.hosts[0].number] && f.fewGuesses(a.hosts[0])) {
			a.hosts = nil // one of strays
			continue
		}
		if f.addresses(a.hosts) > 1 {
			a.Kind, a.Inferred, a.Why = Hosts, true, why[k]
		}
		f.follow(a)
		for _, h := range a.hosts {
			for _, p := range h.pairs {
				if p.member {
					a.connections = append(a.connections, p.connections...)
				}
			}
		}
		slices.Sort(a.connections)
		for _, c := range a.connections {
			setBit(f.taken, c)
		}
	}
}

// follow makes the accounts that the actor got in as his on his other hosts too, where
// they came later and have no habit.
func (f *finder) follow(a *actor) {
	in := map[uint32]uint32{} // by user, the first entry
	for _, h := range a.hosts {
		for _, p := range h.pairs {
			if p.member && p.in > 0 {
				if e, ok := in[p.user]; !ok || p.firstIn < e {
					in[p.user] = p.firstIn
				}
			}
		}
	}
	for _, h := range a.hosts {
		for _, p := range h.pairs {
			if e, ok := in[p.user]; ok && p.first >= e && !p.habit() {
				p.member = true
			}
		}
	}
}

// addresses counts the hosts that have another name.
func (f *finder) addresses(hosts []*hostile) int {
	names := map[string]bool{}
	for _, h := range hosts {
		names[f.Connections.Text(h.number)] = true
	}
	return len(names)
}

// joinServers merges what is hostile of one host at several servers. What a server
// calls itself is another host at each.
func (f *finder) joinServers(list []*hostile, merge func(a, b int, why string)) {
	if !f.SeveralServers() {
		return
	}
	seen := map[string]int{}
	for k, h := range list {
		name := f.Connections.Text(h.number)
		if ip, err := netip.ParseAddr(name); h.number == 0 || name == "localhost" || err == nil && ip.IsLoopback() {
			continue
		}
		if first, ok := seen[name]; ok {
			merge(first, k, "")
		} else {
			seen[name] = k
		}
	}
}

// joinInTurn merges the hosts from which one account got in while it was in use from
// another of them. Users of a server share names, but strangers who found the same
// password come each in their own time.
func (f *finder) joinInTurn(list []*hostile, merge func(a, b int, why string)) {
	type use struct {
		p     *pair
		actor int
	}
	uses := map[uint32][]use{}
	var users []uint32
	for k, h := range list {
		for _, p := range h.pairs {
			if p.member && p.in > 0 {
				if uses[p.user] == nil {
					users = append(users, p.user)
				}
				uses[p.user] = append(uses[p.user], use{p, k})
			}
		}
	}
	for _, user := range users {
		of := uses[user]
		slices.SortFunc(of, func(a, b use) int { return cmp.Compare(a.p.firstIn, b.p.firstIn) })
		open := 0 // the one that ends last so far
		for i := 1; i < len(of); i++ {
			if of[i].p.firstIn < of[open].p.lastIn {
				merge(of[i].actor, of[open].actor, fmt.Sprintf("%s was in use from them in turn", f.Connections.Text(user)))
			}
			if of[i].p.lastIn > of[open].p.lastIn {
				open = i
			}
		}
	}
}

// joinByKnowledge merges hosts that tried the same accounts of this server.
func (f *finder) joinByKnowledge(list []*hostile, merge func(a, b int, why string)) {
	tried := map[uint32][]int{} // by user, the hosts
	for k, h := range list {
		for _, p := range h.pairs {
			if p.member && p.refused > 0 {
				tried[p.user] = append(tried[p.user], k)
			}
		}
	}
	if len(tried) < sharedAccounts {
		return
	}
	exists := map[uint32]bool{}
	for c := range f.Connections.Len() {
		if x := f.Connections.Peek(c); x.Outcome == connection.Accepted && f.hosts[x.Host] == nil {
			exists[x.User] = true
		}
	}
	shared := map[[2]int]int{}
	for user, of := range tried {
		if !exists[user] || len(of) > commonAccount {
			continue
		}
		for i, a := range of {
			for _, b := range of[:i] {
				shared[[2]int{min(a, b), max(a, b)}]++
			}
		}
	}
	couples := make([][2]int, 0, len(shared))
	for couple, n := range shared {
		if n >= sharedAccounts {
			couples = append(couples, couple)
		}
	}
	slices.SortFunc(couples, func(a, b [2]int) int { return cmp.Or(a[0]-b[0], a[1]-b[1]) })
	for _, c := range couples {
		merge(c[0], c[1], fmt.Sprintf("they tried accounts of this server that few know, %d or more in common", sharedAccounts))
	}
}

// strays gathers logins from hosts that are in no other incident, and from which nobody
// got in or somebody among guesses, where an account was tried from many hosts. What a rule calls
// a habit, as an old password at a steady pace, is none.
func (f *finder) strays(ctx context.Context) error {
	pattern := false
	habit := make([]uint64, len(f.taken))
	for i := range f.Detections {
		d := &f.Detections[i]
		switch {
		case d.Site != nil || !d.Guessing():
		case d.Severity < rule.Medium:
			for _, c := range d.Connections {
				setBit(habit, c)
			}
		case len(d.Hosts) > 1:
			pattern = true
		}
	}
	if !pattern {
		return nil
	}
	hosts := map[uint32]*visitors{}
	for c := range f.Connections.Len() {
		if c%(1<<14) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		x := f.Connections.Peek(c)
		if !tried(x.Outcome) {
			continue
		}
		v := hosts[x.Host]
		if v == nil {
			v = &visitors{}
			hosts[x.Host] = v
		}
		v.add(x.User, x.Outcome.Refused())
	}
	a := actor{Actor: Actor{Kind: Strays}}
	from, right := map[string]bool{}, false
	for c := range f.Connections.Len() {
		x := f.Connections.Peek(c)
		if v := hosts[x.Host]; !tried(x.Outcome) || v == nil || !v.stray() || bit(f.taken, uint32(c)) || bit(habit, uint32(c)) {
			continue
		}
		a.connections = append(a.connections, uint32(c))
		from[f.Connections.Text(x.Host)] = true
		h := f.hosts[x.Host]
		right = right || h != nil && h.among && h.guesses
	}
	if len(from) < strayHosts && !right {
		return nil
	}
	for _, c := range a.connections {
		setBit(f.taken, c)
	}
	f.actors = append(f.actors, a)
	return nil
}

// visitors is who tried to log in from a host.
type visitors struct {
	in, refused int
	users       []uint32 // that were refused, the first three
	entered     []uint32 // that got in, the first two
}

func (v *visitors) add(user uint32, refused bool) {
	n, users, most := &v.in, &v.entered, 2
	if refused {
		n, users, most = &v.refused, &v.users, 3
	}
	*n++
	if len(*users) < most && !slices.Contains(*users, user) {
		*users = append(*users, user)
	}
}

// stray reports whether nobody ever got in, or one user, in fewer logins than those in
// which two others and more were refused: a guess that was right.
func (v *visitors) stray() bool {
	if v.in == 0 {
		return v.refused > 0
	}
	if len(v.entered) > 1 || v.in >= v.refused {
		return false
	}
	others := len(v.users)
	if slices.Contains(v.users, v.entered[0]) {
		others--
	}
	return others >= 2
}
