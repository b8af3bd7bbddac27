package trait

import (
	"context"
	"math"
	"slices"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
)

// never is the number of seconds until what does not happen.
const never = 1e9

// Tried counts logins of somebody: accepted and refused ones before a connection, and
// accepted ones in all of the log.
type Tried struct{ Accepted, Refused, Ever int }

// Measures is what a connection is measured by. Times are in seconds, places in the
// log 0 to 1 between its first and last time.
type Measures struct {
	Connection                int
	Account                   uint32 // principal.NoAccount where it is not kept
	Refused, Accepted, Unseen bool
	Mistyped                  bool // see principal.Mistyped
	Usual                     bool // all that its account does was declared normal

	Pair, Host, User Tried
	PairRefused      int     // refused logins of the pair in all of the log
	HostStrangers    int     // refused logins from the host as users that had not got in from there before
	HostUsers        int     // how many users these were
	UserHosts        int     // from how many hosts the user was such a stranger
	HostBeganRefused bool    // the first login from the host was refused
	Pace             float64 // of the pair's refused logins: 0 a timer's, 0.8 random gaps, 1 too few to know
	Settled          float64 // until the pair gets in: 0 for a login that is not refused, never for not at all
	HostSettled      float64 // until anybody gets in from the host

	HostFirst, PairFirst, UserFirst, NetworkFirst float64 // places of first logins
	Days, HalfHours                               int     // of the account
	Share                                         float64 // of the log's half hours, in which the account did something
	PairNew, NetworkNew                           float64 // 0 to 1: first seen after much of the log, and seldom
	Away                                          float64 // 0 to 1: from a network that was new when the account came, its user, a program at home in few others, and seldom

	Entries   int
	Seconds   float64
	Digests   int     // different rows of statements
	Fresh     int     // of them, digests with Novelty above one half
	Novelty   float64 // highest of its statements
	Support   float64 // lowest
	Late      float64 // highest
	Burst     int     // highest
	Asked     Asked
	Grave     float64 // gravity of the gravest thing asked for
	NewGrave  float64 // highest product of gravity and novelty of a statement
	Questions int     // statements that ask about the server
	Whole     int     // statements that read tables as a whole
	Rules     Severities
	// Statements are those that the connection sent, of equal ones in a row the first.
	Statements []At
}

// Group is a kind of detections: tactics that mean the same to who reads a connection.
type Group uint8

// The groups.
const (
	Guessing Group = iota
	Access
	Injection
	Discovery
	Collection
	Persistence
	Impact
	Hiding
	Groups // how many there are
)

var groupNames = [Groups]string{"guessing", "access", "injection", "discovery", "collection", "persistence", "impact", "hiding"}

// String returns the group in one word.
func (g Group) String() string { return groupNames[g] }

// GroupOf returns the group of a detection: that of its rule's first tactic.
func GroupOf(d *detect.Detection) Group {
	tactic := ""
	if len(d.Rule.Tactics) > 0 {
		tactic = d.Rule.Tactics[0]
	}
	switch tactic {
	case "credential-access":
		return Guessing
	case "initial-access":
		if d.Logins {
			return Access
		}
		return Injection
	case "reconnaissance":
		if d.Logins {
			return Guessing
		}
		return Injection
	case "discovery":
		return Discovery
	case "collection", "exfiltration":
		return Collection
	case "persistence", "execution", "privilege-escalation":
		return Persistence
	case "impact":
		return Impact
	}
	return Hiding
}

// Severities holds for each group the gravest severity of detections, 4 bits each.
type Severities uint32

// Of returns 0 for no detection of a group, else its severity plus one.
func (s Severities) Of(g Group) int { return int(s >> (4 * g) & 15) }

// Add takes a detection in.
func (s *Severities) Add(g Group, level rule.Severity) {
	if n := int(level) + 1; n > s.Of(g) {
		*s = *s&^(15<<(4*g)) | Severities(n)<<(4*g)
	}
}

// Merge takes others in.
func (s *Severities) Merge(o Severities) {
	for g := range Groups {
		if n := o.Of(g); n > 0 {
			s.Add(g, rule.Severity(n-1))
		}
	}
}

// Statement is how a statement fits what its account does.
type Statement struct {
	Support float64 // share of the account's half hours in which its digest was sent
	Late    float64 // place of the digest's first time between the account's first and last entry
	Burst   int     // digests of the account that came up in the same half hour
	Novelty float64 // 0 to 1: after much of the account's past, and with small support
	Asked   Asked
	// Ordinary is a statement that a baseline has, or that somebody declared
	// normal.
	Ordinary bool
}

// Learned is what connections of a log are measured against.
type Learned struct {
	log      *loaded.Log
	history  *principal.History
	spans    []span // by server
	hosts    []hostLogins
	users    []uint32 // by number of a user: hosts from which it was a stranger
	paces    []float32
	networks []int             // by number of a network, its first login
	changed  map[uint32]uint32 // by entry of a Change user, the user
	bursts   [][]int32         // by account and index in what it sent
	rules    []Severities      // by connection
}

// span is from when to when a server's log goes.
type span struct {
	lo, hi    int64
	halfHours float64
}

// Learn prepares measuring connections of a log. Its error is ctx.Err().
func Learn(ctx context.Context, log *loaded.Log, history *principal.History, detections []detect.Detection) (*Learned, error) {
	l := &Learned{log: log, history: history, changed: map[uint32]uint32{}, rules: make([]Severities, log.Connections.Len())}
	for k := range max(1, len(log.Servers)) {
		lo, hi, _ := log.TimesOf(k)
		l.spans = append(l.spans, span{lo, hi, max(1, math.Ceil(float64(hi-lo)/halfHour))})
	}
	for k := range detections {
		d := &detections[k]
		group := GroupOf(d)
		for _, c := range d.Connections {
			l.rules[c].Add(group, d.Severity)
		}
	}
	l.learnLogins()
	l.bursts = make([][]int32, history.Accounts())
	for account := range l.bursts {
		if account%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		l.bursts[account] = l.burstsOf(uint32(account))
	}
	return l, ctx.Err()
}

const halfHour = 30 * 60 * 1e6 // microseconds

// burstsOf counts for each digest of an account how many came up within the same half
// hour, itself included.
func (l *Learned) burstsOf(account uint32) []int32 {
	sent := l.history.Sent(account)
	times := make([]int64, len(sent))
	for k := range sent {
		times[k] = l.log.Approximate(int(sent[k].First))
	}
	sorted := slices.Sorted(slices.Values(times))
	bursts := make([]int32, len(sent))
	for k, t := range times {
		from, _ := slices.BinarySearch(sorted, t-halfHour/2)
		to, _ := slices.BinarySearch(sorted, t+halfHour/2)
		bursts[k] = int32(max(1, to-from))
	}
	return bursts
}

// Place returns where in the log of its server an entry is, 0 to 1 between its first
// and last time.
func (l *Learned) Place(entry int) float64 {
	s := &l.spans[l.log.ServerOf(entry)]
	if s.hi <= s.lo {
		return 0
	}
	return float64(l.log.Approximate(entry)-s.lo) / float64(s.hi-s.lo)
}

// Statement returns how a statement with a digest fits what its account does; an
// account of which nothing is known has no new statements.
func (l *Learned) Statement(account, digest uint32) (s Statement) {
	s.Support = 1
	a := l.history.Account(account)
	if a == nil || digest == 0 || l.log.Digests[digest] == store.Others {
		return s
	}
	sent := l.history.Sent(account)
	k, ok := slices.BinarySearchFunc(sent, digest, func(s principal.Sent, digest uint32) int { return int(s.Digest) - int(digest) })
	if !ok {
		return s
	}
	x := &sent[k]
	s.Support = float64(x.HalfHours()) / float64(max(1, a.HalfHours()))
	s.Burst = int(l.bursts[account][k])
	first, last := l.log.Approximate(int(a.First)), l.log.Approximate(int(a.Last))
	if last > first {
		s.Late = min(1, max(0, float64(l.log.Approximate(int(x.First))-first)/float64(last-first)))
	}
	s.Novelty = certainty(s.Late*float64(a.HalfHours())) * scarcity(s.Support)
	if ordinary, ok := l.history.Ordinary(account, digest); ok {
		s.Ordinary = ordinary
		s.Novelty = 0
		if !ordinary {
			s.Novelty = scarcity(s.Support)
		}
	}
	return s
}

// HalfHours returns how many half hours the log of the server of an entry spans.
func (l *Learned) HalfHours(entry int) float64 { return l.spans[l.log.ServerOf(entry)].halfHours }

// Into returns how long after the beginning of the log of an entry's server a place in it
// is, in microseconds.
func (l *Learned) Into(place float64, entry int) int64 {
	s := &l.spans[l.log.ServerOf(entry)]
	return int64(math.Round(place * float64(s.hi-s.lo)))
}

// Seldom is how seldom an account does something, 0 to 1: 1 for one that never got in.
func (l *Learned) Seldom(account uint32) float64 {
	a := l.history.Account(account)
	if a == nil {
		return 1
	}
	return scarcity(float64(a.HalfHours()) / l.HalfHours(int(a.First)))
}

// certainty is how much n half hours of a past count, 0 to 1: a half at three.
func certainty(n float64) float64 { return n / (n + 3) }

// scarcity is 1 for what is never done and 0 for what is done all the time. The root
// spreads small shares: one in a hundred is 0.9, one in ten 0.7, one in two 0.3.
func scarcity(share float64) float64 { return 1 - math.Sqrt(min(1, share)) }

// roaming is how much one more host of a user counts that had got in from n, 0 to 1: a half
// at seven. Users that people share have a few hosts; from where programs in containers and
// people under way come next nobody knows.
func roaming(n int) float64 { return min(1, 4/float64(1+n)) }

// Reader measures connections one after the other. One goroutine uses it at a time.
type Reader struct {
	*Learned
	seen  [1 << seenBits]seen
	asked map[uint64]Asked
}

const seenBits = 12

// seen is a statement that was looked at lately.
type seen struct {
	row, account, database uint32
	valid                  bool
	Statement
}

// maxAsked bounds what is kept of sets of facts in databases.
const maxAsked = 1 << 16

// Reader returns a new reader.
func (l *Learned) Reader() *Reader { return &Reader{Learned: l, asked: map[uint64]Asked{}} }

// statement returns how the statements of a row fit what an account does, until
// the next call.
func (m *Reader) statement(row, account, database uint32) *Statement {
	s := &m.seen[(row*0x9e3779b1^account*0x85ebca6b^database*0xc2b2ae35)>>(32-seenBits)]
	if !s.valid || s.row != row || s.account != account || s.database != database {
		key := m.log.Rows[row].Key
		*s = seen{row, account, database, true, m.Learned.Statement(account, key.Digest)}
		if !s.Ordinary {
			s.Asked = m.askedOf(key.Fact, database)
		}
	}
	return &s.Statement
}

func (m *Reader) askedOf(facts, database uint32) Asked {
	if facts == 0 {
		return 0
	}
	at := uint64(facts)<<32 | uint64(database)
	a, ok := m.asked[at]
	if !ok {
		if len(m.asked) == maxAsked {
			clear(m.asked)
		}
		name := ""
		if database != 0 {
			name = m.log.Connections.Text(database)
		}
		a = AskedOf(m.log.Facts[facts], name)
		m.asked[at] = a
	}
	return a
}

// At is a statement with its entry.
type At struct {
	Entry int
	Statement
}

// Measure measures a connection. What out.Statements has is used again.
func (m *Reader) Measure(c int, out *Measures) {
	m.MeasureLogin(c, out)
	m.statements(c, false, func(entry int, s *Statement) { out.add(entry, s) })
}

// MeasureLogin measures a connection but for what depends on its statements, at a cost
// that does not depend on how many there are.
func (m *Reader) MeasureLogin(c int, out *Measures) {
	k := m.log.Connections.Peek(c)
	*out = Measures{Connection: c, Account: principal.NoAccount, Entries: int(k.Entries), Rules: m.rules[c], Support: 1, Statements: out.Statements[:0]}
	out.Seconds = max(0, float64(m.log.Approximate(int(k.Last))-m.log.Approximate(int(k.First)))/1e6)
	m.loginMeasures(out, k)
	out.Usual = m.history.UsualAccount(k.User, k.Host)
	all := m.HalfHours(int(k.First))
	if a := m.history.Account(out.Account); a != nil {
		out.Days, out.HalfHours = a.Days(), a.HalfHours()
		out.Share = min(1, float64(a.HalfHours())/all)
	}
	out.PairNew = certainty(out.PairFirst*all) * scarcity(out.Share) * roaming(m.history.Earlier(out.Account))
	out.NetworkNew = certainty(out.NetworkFirst*all) * scarcity(out.Share)
	if a := m.history.AwayOf(out.Account); a.Homes > 0 {
		out.Away = certainty(float64(a.Logins)/4) * 2 / float64(1+a.Homes) * scarcity(out.Share)
	}
}

// Statements visits the statements of a connection in order of the log. The visited
// values are overwritten.
func (m *Reader) Statements(c int, visit func(entry int, s *Statement)) { m.statements(c, true, visit) }

// Statement returns how the statement of an entry fits what its account does, until
// the next call; false for an entry that is none.
func (m *Reader) Statement(entry int) (*Statement, bool) {
	row := m.log.Entries.Row(entry)
	if m.log.Rows[row].Digest == 0 && m.log.Rows[row].Fact == 0 {
		return nil, false
	}
	id := m.log.Connections.Who(int(m.log.Entries.Connection(entry)), entry)
	return m.statement(row, m.history.Number(id.User, id.Host), id.Database), true
}

// statements visits the statements of a connection, of equal ones in a row the first
// only unless all are asked for.
func (m *Reader) statements(c int, all bool, visit func(entry int, s *Statement)) {
	conns := m.log.Connections
	k := conns.Peek(c)
	if k.Outcome.Refused() {
		return
	}
	changes := conns.Changes(c)
	account, database, last := m.history.Number(k.User, k.Host), k.Database, ^uint32(0)
	for _, e := range m.log.ByConnection.Entries(c) {
		row := m.log.Entries.Row(int(e))
		if row == last && !changes && !all {
			continue
		}
		last = row
		if m.log.Rows[row].Digest == 0 && m.log.Rows[row].Fact == 0 {
			continue
		}
		if changes {
			id := conns.Who(c, int(e))
			account, database = m.history.Number(id.User, id.Host), id.Database
		}
		visit(int(e), m.statement(row, account, database))
	}
}

func (m *Measures) add(entry int, s *Statement) {
	m.Statements = append(m.Statements, At{entry, *s})
	m.Digests++
	if s.Novelty > 0.5 {
		m.Fresh++
	}
	m.Novelty, m.Support, m.Late, m.Burst = max(m.Novelty, s.Novelty), min(m.Support, s.Support), max(m.Late, s.Late), max(m.Burst, s.Burst)
	m.Asked |= s.Asked
	grave := s.Asked.Gravity()
	m.Grave, m.NewGrave = max(m.Grave, grave), max(m.NewGrave, grave*s.Novelty)
	if s.Asked&AskQuestion != 0 {
		m.Questions++
	}
	if s.Asked&AskWhole != 0 {
		m.Whole++
	}
}
