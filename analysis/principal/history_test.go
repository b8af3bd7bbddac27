package principal

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
)

// maker makes up a log, entry by entry.
type maker struct {
	columns store.Columns
	rows    *store.Rows
	tracker *connection.Tracker
	digests *store.Dict
	tables  *store.Dict
	sent    []made
}

// made is an entry as it was made.
type made struct {
	digest string
	half   int64 // since 1970
	timed  bool
}

func newMaker() *maker {
	return &maker{rows: store.NewRows(), tracker: connection.NewTracker(), digests: store.NewLimitedDict(1 << 20), tables: store.NewLimitedDict(1 << 20)}
}

const untimed = time.Duration(-1)

// start is a midnight.
const start = 20_000 * 24 * time.Hour

// add adds an entry of a connection so long after start; a Query's text is its digest,
// of a table with the same first letters.
func (m *maker) add(at time.Duration, id uint64, command, text string) {
	i := m.columns.Len()
	e := made{digest: "-"}
	micros := int64(store.NoTime)
	if at != untimed {
		micros = (start + at).Microseconds()
		e.half, e.timed = int64((start+at)/(30*time.Minute)), true
	}
	key := store.Key{}
	if command == "Query" {
		e.digest = text
		key.Digest, key.Table = m.digests.Intern(text), m.tables.Intern(tableOf(text))
	}
	conn := m.tracker.Observe(i, id, command, []byte(text))
	m.columns.Append(store.Entry{Offset: int64(i), Time: micros, Connection: conn, Row: m.rows.Add(key, i)})
	m.sent = append(m.sent, e)
}

func tableOf(digest string) string { return "t" + digest[:min(2, len(digest))] }

// login adds a login that was accepted.
func (m *maker) login(at time.Duration, id uint64, account string) {
	m.add(at, id, "Connect", account+" on d using TCP/IP")
}

// deny adds one that was refused.
func (m *maker) deny(at time.Duration, id uint64, user, host string) {
	m.add(at, id, "Connect", user+"@"+host+" on  using TCP/IP")
	m.add(at, id, "Connect", fmt.Sprintf("Access denied for user '%s'@'%s' (using password: YES)", user, host))
}

func (m *maker) learn(t testing.TB) *History { return m.learnWith(t, Options{}) }

func (m *maker) learnWith(t testing.TB, opt Options) *History {
	t.Helper()
	l := &loaded.Log{
		Entries: m.columns.View(), Rows: m.rows.Copy(), Digests: m.digests.Texts(), Tables: m.tables.Texts(), Facts: []fact.Set{""},
		Connections: m.tracker.View(), Files: []loaded.File{{Name: "made"}},
	}
	l.ByConnection = store.GroupByConnection(l.Entries, l.Connections.Len())
	h, err := Learn(context.Background(), l, opt)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// text returns the number of a name.
func text(h *History, name string) uint32 {
	for n := range uint32(1 << 20) {
		switch h.log.Connections.Text(n) {
		case name:
			return n
		case "-":
			if n > 0 {
				return NoAccount
			}
		}
	}
	return NoAccount
}

const day = 24 * time.Hour

// Where a clock is set back, what lies between the first and the last half hour counts once.
func TestPresence(t *testing.T) {
	var p presence
	for _, half := range []int32{noHour, 2 * perDay, 2*perDay + 1, 5 * perDay, 5 * perDay, 3 * perDay, 2 * perDay, perDay, noHour, 4 * perDay} {
		p.add(half)
	}
	if p.Days() != 3 || p.HalfHours() != 4 || p.lowest != perDay || p.until != 5*perDay {
		t.Errorf("%+v", p)
	}
}

func TestLogins(t *testing.T) {
	m := newMaker()
	m.deny(0, 1, "root", "10.0.0.9") // 0, 1
	m.login(1, 2, "app@10.0.0.1")    // 2
	m.add(2, 2, "Query", "A")        // 3
	m.deny(3, 3, "app", "10.0.0.9")  // 4, 5
	m.login(4, 4, "app@10.0.0.9")    // 6
	m.add(5, 4, "Query", "A")        // 7
	m.login(6, 5, "app@10.0.0.9")    // 8, and nothing after it: no outcome
	h := m.learn(t)
	for _, c := range []struct {
		user, host string
		entry      int
		pair       Logins
		all, from  Logins // of the user, from the host
	}{
		{"app", "10.0.0.9", 0, Logins{0, 0}, Logins{0, 0}, Logins{0, 0}},
		{"app", "10.0.0.9", 4, Logins{0, 0}, Logins{1, 0}, Logins{0, 1}},
		{"app", "10.0.0.9", 6, Logins{0, 1}, Logins{1, 1}, Logins{0, 2}},
		{"app", "10.0.0.9", 9, Logins{1, 1}, Logins{2, 1}, Logins{1, 2}},
		{"root", "10.0.0.9", 9, Logins{0, 1}, Logins{0, 1}, Logins{1, 2}},
		{"root", "10.0.0.1", 9, Logins{0, 0}, Logins{0, 1}, Logins{1, 0}},
		{"nobody", "nowhere", 9, Logins{0, 0}, Logins{0, 0}, Logins{0, 0}},
	} {
		user, host := text(h, c.user), text(h, c.host)
		if pair, all, from := h.PairLogins(user, host, c.entry), h.UserLogins(user, c.entry), h.HostLogins(host, c.entry); pair != c.pair || all != c.all || from != c.from {
			t.Errorf("%s@%s before entry %d: %v, user %v, host %v, want %v, %v, %v", c.user, c.host, c.entry, pair, all, from, c.pair, c.all, c.from)
		}
	}
}

// Who never got in leaves no profile, and no room is lost for who does.
func TestFloodOfLogins(t *testing.T) {
	const flood = 1_000_000
	m := newMaker()
	for k := range uint64(flood) {
		m.deny(time.Duration(k), k+1, fmt.Sprint("u", k), "10.0.0.9")
	}
	m.login(time.Hour, flood+1, "u7@10.0.0.9")
	m.add(time.Hour, flood+1, "Query", "A")
	h := m.learn(t)
	if h.Accounts() != 1 || len(h.accounts) > maxAccounts {
		t.Errorf("%d profiles of %d accounts", h.Accounts(), len(h.accounts))
	}
	if !slices.Contains(h.Full, "accounts") {
		t.Errorf("full: %q", h.Full)
	}
	end := m.columns.Len()
	if got := h.HostLogins(text(h, "10.0.0.9"), end); got != (Logins{1, flood}) {
		t.Errorf("logins of the host: %v", got)
	}
	if profiles := len(h.users.list) + len(h.hosts.list) + len(h.networks.list); profiles != 3 || len(h.profiles) != 1 {
		t.Errorf("%d profiles of users, hosts and networks, %d of accounts", profiles, len(h.profiles))
	}
	if n, err := h.Novel(context.Background()); err != nil || n.Total > 6 || n.Users < 100_000 || n.Hosts != 0 {
		t.Errorf("%d are new, %d users turned away, error %v", n.Total, n.Users, err)
	}
	if got := h.PairLogins(text(h, "u7"), text(h, "10.0.0.9"), end); got != (Logins{1, 1}) {
		t.Errorf("logins of the account: %v", got)
	}
}

// What a history holds is what a look at each entry finds.
func TestHistoryIsWhatEntriesTell(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 3))
		m := newMaker()
		at := time.Duration(0)
		for k := range 2000 {
			at += time.Duration(rng.Int64N(int64(20 * time.Minute)))
			when := at
			if rng.IntN(50) == 0 {
				when = untimed
			}
			id := uint64(rng.IntN(6))
			account := fmt.Sprintf("u%d@h%d", rng.IntN(3), rng.IntN(2))
			switch r := rng.IntN(12); {
			case r == 0:
				m.deny(when, uint64(100+k), fmt.Sprint("u", rng.IntN(4)), "h1")
			case r == 1 || k < 6:
				m.login(when, id, account)
			case r == 2:
				m.add(when, id, "Change user", account+" on d using TCP/IP")
			case r == 3:
				m.add(when, id, "Quit", "")
			default:
				m.add(when, id, "Query", fmt.Sprint("D", rng.IntN(8)))
			}
		}
		compare(t, m, m.learn(t))
	}
}

// plainSent is Sent by plain means.
type plainSent struct {
	first, last, entries int
	halves, days         map[int64]bool
}

func compare(t *testing.T, m *maker, h *History) {
	t.Helper()
	conns := h.log.Connections
	sent := map[[2]uint32]*plainSent{}
	whole := map[uint32]*plainSent{}
	named := map[string]*plainSent{} // by kind and name
	note := func(p *plainSent, i int, half int64, timed bool) *plainSent {
		if p == nil {
			p = &plainSent{first: i, halves: map[int64]bool{}, days: map[int64]bool{}}
		}
		p.last = i
		p.entries++
		if timed {
			p.halves[half], p.days[half/48] = true, true
		}
		return p
	}
	half, timed := int64(0), false
	for i, e := range m.sent {
		if e.timed {
			half, timed = e.half, true
		}
		c := int(h.log.Entries.Connection(i))
		o := conns.Peek(c).Outcome
		if o == connection.Denied || o == connection.Failed || o == connection.Pending {
			continue
		}
		id := conns.Who(c, i)
		account := h.Number(id.User, id.Host)
		if account == NoAccount || account != h.Sender(i) {
			t.Fatalf("entry %d: account %d, sender %d", i, account, h.Sender(i))
		}
		digest := h.log.Key(i).Digest
		if digest > 0 {
			k := [2]uint32{account, digest}
			sent[k] = note(sent[k], i, half, timed)
			table := fmt.Sprint("table ", account, " ", tableOf(h.log.Digests[digest]))
			named[table] = note(named[table], i, half, timed)
		}
		for _, name := range []string{"user " + conns.Text(id.User), "host " + conns.Text(id.Host), "network " + NetworkOf(conns.Text(id.Host))} {
			named[name] = note(named[name], i, half, timed)
		}
		whole[account] = note(whole[account], i, half, timed)
	}
	checked := 0
	check := func(name string, first, last, entries uint32, p presence) {
		checked++
		want := named[name]
		if want == nil || int(first) != want.first || int(last) != want.last || int(entries) != want.entries || p.Days() != len(want.days) || p.HalfHours() != len(want.halves) {
			t.Fatalf("%s: %d to %d, %d entries, %d days, %d half hours, want %+v", name, first, last, entries, p.Days(), p.HalfHours(), want)
		}
	}
	for kind, g := range map[string]*group{"user ": &h.users, "host ": &h.hosts} {
		for k, text := range g.text {
			p := &g.list[k]
			check(kind+conns.Text(text), p.First, p.Last, p.Entries, p.presence)
			if kind == "host " {
				n := h.Network(text)
				check("network "+NetworkOf(conns.Text(text)), n.First, n.Last, n.Entries, n.presence)
				checked--
			}
		}
	}
	checked += len(h.networks.list)
	total := 0
	for n := range uint32(h.Accounts()) {
		a := h.Account(n)
		for _, x := range h.Touched(n) {
			check(fmt.Sprint("table ", n, " ", h.Table(x.Table)), x.First, x.Last, x.Entries, x.presence)
		}
		if p := whole[n]; p != nil && (int(a.First) != p.first || int(a.Last) != p.last || int(a.Entries) != p.entries || a.Days() != len(p.days) || a.HalfHours() != len(p.halves)) {
			t.Fatalf("account %d: %+v, want %+v", n, *a, *p)
		}
		for _, s := range h.Sent(n) {
			total++
			p := sent[[2]uint32{s.Account, s.Digest}]
			if p == nil || s.Account != n || int(s.First) != p.first || int(s.Last) != p.last || int(s.Entries) != p.entries || s.Days() != len(p.days) || s.HalfHours() != len(p.halves) {
				t.Fatalf("account %d: %+v, want %+v", n, s, p)
			}
			if got := h.Of(n, s.Digest); got == nil || *got != s {
				t.Fatalf("account %d, digest %d: %+v, want %+v", n, s.Digest, got, s)
			}
		}
	}
	if total != len(sent) {
		t.Fatalf("%d digests of accounts, want %d", total, len(sent))
	}
	if checked != len(named) {
		t.Fatalf("%d profiles, want %d", checked, len(named))
	}
}
