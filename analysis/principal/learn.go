package principal

import (
	"cmp"
	"context"
	"slices"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/store"
)

// learner passes over the entries.
type learner struct {
	*History
	sender  []uint32            // by connection, the account that it is now; NoAccount for one that was turned away
	changes []change            // to come, in order of the log
	index   map[[2]uint32]int32 // by account and digest, index in sent
	recent  []recent            // by a few bits of row and account, so that the index is seldom asked

	tableIndex map[[2]uint32]int32 // by account and table, index in touched
	rowTables  [][]uint32          // by row, the tables that its statements name
	asks       []uint64            // by number of facts
	userOf     []uint32            // by account, its place in users
	hostOf     []uint32
	others     uint32 // the digest of those that are not distinguished, 0 for none

	course *course // of the server
	until  int     // the first entry of the next server
}

// change is the entry from which on a connection is another account.
type change struct {
	entry, connection, account uint32
}

// recent is where a row of an account is counted.
type recent struct {
	row, account uint32
	sent         int32 // index in sent, -1 where the digest is not kept
}

const recentBits = 16

// newLearner finds which account each connection begins as, and when that changes. It
// numbers the accounts that were not turned away; they have profiles.
func (h *History) newLearner() *learner {
	conns := h.log.Connections
	l := &learner{History: h, sender: make([]uint32, conns.Len()), index: map[[2]uint32]int32{}, tableIndex: map[[2]uint32]int32{}, recent: make([]recent, 1<<recentBits)}
	for c := range l.sender {
		k := conns.Peek(c)
		if k.Outcome.Refused() || k.Outcome == connection.Pending {
			l.sender[c] = NoAccount
			continue
		}
		l.sender[c] = h.add(k.User, k.Host)
		if !conns.Changes(c) {
			continue
		}
		conns.Identities(c, func(from int, id connection.Identity) bool {
			l.changes = append(l.changes, change{uint32(from), uint32(c), h.add(id.User, id.Host)})
			return true
		})
	}
	slices.SortFunc(l.changes, func(a, b change) int { return cmp.Compare(a.entry, b.entry) })
	h.profiles = make([]Account, len(h.accounts))
	for p, n := range h.accounts {
		h.profiles[n].User, h.profiles[n].Host = p.user, p.host
	}
	if last := len(h.log.Digests) - 1; last > 0 && h.log.Digests[last] == store.Others {
		l.others = uint32(last)
	}
	l.group()
	l.tables, l.rowTables = h.nameTables()
	l.asks = h.questionsOf()
	for i := range l.recent {
		l.recent[i].account = NoAccount
	}
	return l
}

// group puts each account to its user, host and network.
func (l *learner) group() {
	type network struct {
		server int
		name   string
	}
	names := map[network]uint32{}
	l.userOf, l.hostOf = make([]uint32, len(l.profiles)), make([]uint32, len(l.profiles))
	for n := range l.profiles {
		a := &l.profiles[n]
		l.userOf[n], l.hostOf[n] = l.users.of(a.User), l.hosts.of(a.Host)
		if int(l.hostOf[n]) < len(l.networkOf) {
			continue
		}
		name := network{l.log.ServerOfName(a.Host), NetworkOf(l.log.Connections.Text(a.Host))}
		number, ok := names[name]
		if !ok {
			number = uint32(len(names))
			names[name] = number
		}
		l.networkOf = append(l.networkOf, l.networks.of(number))
	}
}

// nameTables numbers the tables that statements name, the main one and others, and
// lists them by row.
func (h *History) nameTables() (names []string, ofRow [][]uint32) {
	numbers := map[string]uint32{}
	number := func(name string) uint32 {
		n, ok := numbers[name]
		if !ok {
			n = uint32(len(names))
			numbers[name] = n
			names = append(names, name)
		}
		return n
	}
	ofRow = make([][]uint32, len(h.log.Rows))
	byKey := map[[2]uint32][]uint32{} // rows that differ in facts and digest alone share a list
	for i, row := range h.log.Rows {
		k := [2]uint32{uint32(row.Cluster), row.Table}
		list, ok := byKey[k]
		if !ok {
			if name := h.log.Tables[row.Table]; name != "-" && name != store.Others {
				list = append(list, number(name))
			}
			if int(row.Cluster) < len(h.log.OtherTables) {
				for _, name := range h.log.OtherTables[row.Cluster] {
					if n := number(name); !slices.Contains(list, n) {
						list = append(list, n)
					}
				}
			}
			byKey[k] = list
		}
		ofRow[i] = list
	}
	return names, ofRow
}

// run fills profiles and sent.
func (l *learner) run(ctx context.Context) error {
	v := l.log.Entries
	now := newClock()
	period, within := l.Baseline != nil && l.Baseline.To != 0, false
	for s := range v.Spans() {
		if err := ctx.Err(); err != nil {
			return err
		}
		span := v.Span(s)
		for j, row := range span.Row {
			t := span.Time[j]
			if i := span.First + j; i >= l.until {
				l.enter(i)
				now, within = newClock(), false
			}
			if period && t != store.NoTime {
				within = l.Baseline.holds(t)
			}
			l.entry(uint32(span.First+j), span.Connection[j], row, now.at(t), within)
		}
	}
	l.arrange()
	return nil
}

// entry adds an entry of a half hour, within the baseline's period or not.
func (l *learner) entry(i, conn, row uint32, half int32, within bool) {
	for len(l.changes) > 0 && l.changes[0].entry <= i {
		l.sender[l.changes[0].connection] = l.changes[0].account
		l.changes = l.changes[1:]
	}
	if past := l.course; half != past.last || past.halfHours == 0 {
		n := past.halfHours
		if past.add(half); past.halfHours > n && len(past.begins) < maxBegins {
			past.begins = append(past.begins, i)
		}
	}
	account := l.sender[conn]
	if int(account) >= len(l.profiles) {
		return
	}
	a := &l.profiles[account]
	if a.Entries == 0 || half != a.last && half != noHour {
		l.begin(a, account, i, half)
	}
	a.Last = i
	a.Entries++
	if within {
		a.InBaseline = true
	}
	key := &l.log.Rows[row]
	if key.Digest == 0 {
		a.asked |= l.asks[key.Fact]
		return
	}
	r := &l.recent[(row*0x9e3779b1^account*0x85ebca6b)>>(32-recentBits)]
	fresh := r.row != row || r.account != account
	if fresh {
		a.asked |= l.asks[key.Fact]
		*r = recent{row, account, l.find(account, key.Digest, i)}
	}
	if r.sent < 0 {
		if fresh {
			l.touch(account, row, i, half)
		}
		return
	}
	s := &l.sent[r.sent]
	s.Last = i
	s.Entries++
	if within {
		s.InBaseline = true
	}
	if s.Entries == 1 || half != s.last && half != noHour {
		s.add(half)
		l.touch(account, row, i, half)
	} else if fresh && key.Digest == l.others {
		l.touch(account, row, i, half) // the one digest of different tables
	}
}

// enter goes on to the server that wrote an entry.
func (l *learner) enter(entry int) {
	k := l.log.ServerOf(entry)
	l.course = &l.courses[k]
	_, l.until = l.log.EntriesOf(k)
}

// begin notes that an account does something in a half hour.
func (l *learner) begin(a *Account, account, i uint32, half int32) {
	if a.Entries == 0 {
		a.First = i
	}
	a.Peak = max(a.Peak, a.Entries-a.before)
	if half != noHour {
		a.before = a.Entries
	}
	a.add(half)
	host := l.hostOf[account]
	l.users.list[l.userOf[account]].add(half)
	l.hosts.list[host].add(half)
	l.networks.list[l.networkOf[host]].add(half)
}

// touch notes that an account named the tables of a row in a half hour.
func (l *learner) touch(account, row, i uint32, half int32) {
	for _, table := range l.rowTables[row] {
		k := [2]uint32{account, table}
		at, ok := l.tableIndex[k]
		switch {
		case ok:
		case len(l.touched) == maxTouched:
			continue
		default:
			at = int32(len(l.touched))
			l.tableIndex[k] = at
			l.touched = append(l.touched, Touched{Account: account, Table: table, First: i, Last: i})
		}
		l.touched[at].add(half)
	}
}

// find returns the index of an account's digest in sent, -1 where there is no room
// for it.
func (l *learner) find(account, digest, entry uint32) int32 {
	k := [2]uint32{account, digest}
	at, ok := l.index[k]
	switch {
	case ok:
		return at
	case len(l.sent) == maxSent:
		return -1
	}
	at = int32(len(l.sent))
	l.index[k] = at
	l.sent = append(l.sent, Sent{Account: account, Digest: digest, First: entry})
	return at
}

// arrange sorts what was sent by account and digest, the tables by account and number,
// and adds up what groups of accounts did.
func (l *learner) arrange() {
	l.addTables()
	slices.SortFunc(l.sent, func(a, b Sent) int { return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Digest, b.Digest)) })
	l.start = starts(len(l.profiles), len(l.sent), func(i int) uint32 { return l.sent[i].Account })
	slices.SortFunc(l.touched, func(a, b Touched) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Table, b.Table))
	})
	l.startOf = starts(len(l.profiles), len(l.touched), func(i int) uint32 { return l.touched[i].Account })
	for n := range l.profiles {
		p := &l.profiles[n]
		p.Peak = max(p.Peak, p.Entries-p.before)
		a, host := &p.Profile, l.hostOf[n]
		l.users.list[l.userOf[n]].gather(a)
		l.hosts.list[host].gather(a)
		l.networks.list[l.networkOf[host]].gather(a)
	}
}

// starts returns where the items of each account begin, one more at the end.
func starts(accounts, items int, account func(i int) uint32) []uint32 {
	start := make([]uint32, accounts+1)
	for i := range items {
		start[account(i)+1]++
	}
	for a := range accounts {
		start[a+1] += start[a]
	}
	return start
}

// addTables adds to tables what the digests that name them hold: counting both entry by
// entry would take twice as long.
func (l *learner) addTables() {
	of := map[uint32][]uint32{} // by digest; all rows of one name the same tables
	for i, row := range l.log.Rows {
		if _, ok := of[row.Digest]; !ok && row.Digest > 0 && l.log.Digests[row.Digest] != store.Others {
			of[row.Digest] = l.rowTables[i]
		}
	}
	for i := range l.sent {
		s := &l.sent[i]
		for _, table := range of[s.Digest] {
			if at, ok := l.tableIndex[[2]uint32{s.Account, table}]; ok {
				t := &l.touched[at]
				t.Last = max(t.Last, s.Last)
				t.Entries += s.Entries
				t.InBaseline = t.InBaseline || s.InBaseline
			}
		}
	}
}
