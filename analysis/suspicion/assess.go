package suspicion

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"sync"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/store"
	"sqleuth/analysis/trait"
)

// In is what a log is assessed by.
type In struct {
	Log        *loaded.Log
	History    *principal.History
	Detections []detect.Detection // those that no filter of a site sets aside
	Weights    *Weights           // nil: those of this package
}

// Assessment is what speaks against the connections of a log, without labels. It is
// immutable: 8 bytes a connection, and 12 for each entry that something of its own
// speaks against.
type Assessment struct {
	Traits *trait.Matrix // of the connections
	Forest *trait.Forest // over them

	in      In
	weights Weights
	odds    []float32 // by connection, without Learned; noOdds for no evidence
	hosts   map[uint32]*hostile
	rated   []rated // entries in detections about statements, ascending
	members func() store.Lists
	flagged []flagged          // most suspicious first
	series  map[uint32][]int64 // by account, the times of suspicious statements
	visits  map[uint32]*visits // by account, the suspicious connections that got in
}

// noOdds marks a connection that nothing speaks against.
const noOdds = -math.MaxFloat32

// rated is an entry with the severities of its detections.
type rated struct {
	entry uint32
	rules trait.Severities
}

// flagged is an entry that something of its own speaks against.
type flagged struct {
	entry uint32
	odds  float32
	like  float32 // see Evidence.like
}

// hostile is the most suspicious connections of a host, as far as they go by
// themselves.
type hostile struct {
	most, next float32 // scores
	of, then   uint32  // the connections that have them
	since      uint32  // entry from which on a connection scores above one half
	suspicious bool
}

// The forest does not depend on the options of the notebook's models: its scores of
// a log do not change with the way in which it is looked at.
const (
	forestTrees = 100
	forestSeed  = 42
)

// Assess measures the connections of a log. The error is that of ctx.
func Assess(ctx context.Context, in In) (*Assessment, error) {
	a := &Assessment{in: in, weights: fitted, hosts: map[uint32]*hostile{}, series: map[uint32][]int64{}, visits: map[uint32]*visits{}}
	if in.Weights != nil {
		a.weights = *in.Weights
	}
	a.members = sync.OnceValue(func() store.Lists { return membership(in.Detections, in.Log.Connections.Len()) })
	a.rateEntries()
	a.odds = make([]float32, in.Log.Connections.Len())
	var err error
	a.Traits, err = trait.Of(ctx, in.Log, in.History, in.Detections, func(m *trait.Measures) {
		x := a.own(m)
		a.odds[m.Connection] = a.oddsOf(&x)
	})
	if err != nil {
		return nil, err
	}
	if a.Forest, err = a.Traits.TrainForest(ctx, forestTrees, forestSeed); err != nil {
		return nil, err
	}
	if err := a.finish(ctx); err != nil {
		return nil, fmt.Errorf("assess connections: %w", err)
	}
	return a, nil
}

// oddsOf returns the log-odds of evidence, noOdds for none.
func (a *Assessment) oddsOf(x *Evidence) float32 {
	if !a.weights.any(x) {
		return noOdds
	}
	return float32(a.weights.logOdds(x))
}

// own is the evidence of a connection by itself, but for the forest.
func (a *Assessment) own(m *trait.Measures) (x Evidence) {
	x.ofLogin(m)
	if m.Refused {
		return x
	}
	for k := range m.Statements {
		x.ofStatement(&m.Statements[k].Statement, x[NewAccount])
	}
	x.ofRules(m.Rules)
	return x
}

// unlike is the evidence of the forest: how far a connection's score lies above that
// of the average one.
func (a *Assessment) unlike(c int) float64 {
	return above(a.Forest.Score(a.Traits.Row(c)), average)
}

// average is a score that connections of ordinary programs reach.
const average = 0.6

// finish adds the forest's score, what came at about the same time, then what an
// actor did in other connections.
func (a *Assessment) finish(ctx context.Context) error {
	conns := a.in.Log.Connections
	for c := range a.odds {
		if x := a.unlike(c); x > 0 {
			a.add(c, a.weights.Kinds[Unlike]*x)
		}
	}
	if err := a.listEntries(ctx); err != nil {
		return err
	}
	a.addCompany()
	for c := range a.odds {
		if a.odds[c] > noOdds {
			a.note(uint32(c), conns.Peek(c))
		}
	}
	for _, v := range a.visits {
		v.sort()
	}
	for c := range a.odds {
		if h := a.hosts[conns.Peek(c).Host]; h != nil && h.suspicious {
			actor, session := a.others(uint32(c), h)
			a.add(c, a.weights.Kinds[Actor]*actor+a.weights.Kinds[Session]*session)
		}
	}
	return nil
}

// addCompany adds to the entries, and to their connections, that others like them came
// from the same account at about the same time.
func (a *Assessment) addCompany() {
	for _, f := range a.flagged {
		if f.like > 0 && logistic(float64(f.odds)) > 0.5 {
			account := a.in.History.Sender(int(f.entry))
			a.series[account] = append(a.series[account], a.in.Log.Approximate(int(f.entry)))
		}
	}
	for _, times := range a.series {
		slices.Sort(times)
	}
	most := 0.0 // of a connection, whose entries follow each other
	for k := range a.flagged {
		f := &a.flagged[k]
		hostile := logistic(float64(f.odds)) > 0.5
		x := a.company(int(f.entry), float64(f.like), hostile)
		f.odds += float32(a.weights.Kinds[Company] * x)
		most = max(most, x)
		c := a.in.Log.Entries.Connection(int(f.entry))
		if k+1 == len(a.flagged) || a.in.Log.Entries.Connection(int(a.flagged[k+1].entry)) != c {
			a.add(int(c), a.weights.Kinds[Company]*most)
			most = 0
		}
	}
	slices.SortFunc(a.flagged, func(x, y flagged) int {
		return cmp.Or(cmp.Compare(y.odds, x.odds), cmp.Compare(x.entry, y.entry))
	})
	listed := sort.Search(len(a.flagged), func(k int) bool { return rounded(logistic(float64(a.flagged[k].odds))) < Least })
	a.flagged = slices.Clone(a.flagged[:listed])
}

// company is how many suspicious statements of the same account there are around an
// entry, for one that is like them; counted is that it is one of them itself.
func (a *Assessment) company(entry int, like float64, counted bool) float64 {
	if like == 0 {
		return 0
	}
	n := a.around(entry)
	if counted {
		n--
	}
	return like * saturating(n, 2)
}

// around counts the suspicious statements of an entry's account around it.
func (a *Assessment) around(entry int) int {
	times := a.series[a.in.History.Sender(entry)]
	if len(times) == 0 {
		return 0
	}
	t := a.in.Log.Approximate(entry)
	from, _ := slices.BinarySearch(times, t-nearby)
	to, _ := slices.BinarySearch(times, t+nearby+1)
	return to - from
}

// nearby is how far apart, in microseconds, entries of one series lie at most.
const nearby = 15 * 60 * 1e6

func (a *Assessment) add(c int, odds float64) {
	switch {
	case odds <= 0:
	case a.odds[c] == noOdds:
		a.odds[c] = float32(a.weights.Bias + odds)
	default:
		a.odds[c] += float32(odds)
	}
}

// note takes the score of a connection down for its host.
func (a *Assessment) note(c uint32, k *connection.Connection) {
	if k.Host == 0 {
		return
	}
	score := float32(logistic(float64(a.odds[c])))
	h := a.hosts[k.Host]
	if h == nil {
		h = &hostile{}
		a.hosts[k.Host] = h
	}
	if score > 0.5 && !h.suspicious {
		h.suspicious, h.since = true, k.First
	}
	if score > 0.5 && k.Outcome == connection.Accepted {
		if account := a.in.History.Number(k.User, k.Host); account != principal.NoAccount {
			v := a.visits[account]
			if v == nil {
				v = &visits{}
				a.visits[account] = v
			}
			v.list = append(v.list, visit{a.in.Log.Approximate(int(k.First)), c, score})
		}
	}
	switch {
	case score > h.most:
		h.next, h.then, h.most, h.of = h.most, h.of, score, c
	case score > h.next:
		h.next, h.then = score, c
	}
}

// sitting is how far apart, in microseconds, the connections of somebody who works at
// the server lie at most: he reads answers and thinks.
const sitting = 60 * 60 * 1e6

// others is how suspicious the other connections of an actor make a connection: those of
// its host, or where its account had been there before, those of the same sitting.
func (a *Assessment) others(c uint32, h *hostile) (actor, session float64) {
	if actor = a.actor(c, h); actor > 0 {
		return actor, 0
	}
	return 0, a.session(c)
}

// session is how suspicious others of a connection's account are at about its time, for
// an account that is seldom active: what it does then belongs together.
func (a *Assessment) session(c uint32) float64 {
	k := a.in.Log.Connections.Peek(int(c))
	if k.Outcome != connection.Accepted {
		return 0
	}
	account := a.in.History.Number(k.User, k.Host)
	seldom := a.Traits.Learned().Seldom(account)
	if seldom == 0 {
		return 0
	}
	v, ok := a.beside(c, account)
	if !ok {
		return 0
	}
	return above(float64(v.score), 0.5) * seldom
}

// beside returns the most suspicious other visit of an account within a sitting of a
// connection, the first of equal ones; false for none.
func (a *Assessment) beside(c, account uint32) (most visit, ok bool) {
	v := a.visits[account]
	if v == nil {
		return most, false
	}
	t := a.in.Log.Approximate(int(a.in.Log.Connections.Peek(int(c)).First))
	return v.most(t-sitting, t+sitting, visit{time: t, conn: c})
}

// actor is how suspicious the others of a connection's host are, for an account that
// came there after them, or first of all and away from home, and is not at home in the
// log.
func (a *Assessment) actor(c uint32, h *hostile) float64 {
	k := a.in.Log.Connections.Peek(int(c))
	_, other := a.other(c)
	x := above(other, 0.5)
	if x == 0 {
		return 0
	}
	account := a.in.History.Number(k.User, k.Host)
	if first, ok := a.in.History.AccountTries(account).NextAccepted(0); ok && first < int(h.since) && a.in.History.AwayOf(account).Homes == 0 {
		return 0
	}
	return x * a.Traits.Learned().Seldom(account)
}

// rateEntries collects the detections of entries.
func (a *Assessment) rateEntries() {
	for k := range a.in.Detections {
		d := &a.in.Detections[k]
		if d.Logins {
			continue
		}
		var s trait.Severities
		s.Add(trait.GroupOf(d), d.Severity)
		for _, e := range d.Entries {
			a.rated = append(a.rated, rated{e, s})
		}
	}
	slices.SortFunc(a.rated, func(x, y rated) int { return cmp.Compare(x.entry, y.entry) })
	out := a.rated[:0]
	for _, r := range a.rated {
		if n := len(out); n > 0 && out[n-1].entry == r.entry {
			out[n-1].rules.Merge(r.rules)
			continue
		}
		out = append(out, r)
	}
	a.rated = slices.Clip(out)
}

// rulesOf returns the severities of the detections about an entry.
func (a *Assessment) rulesOf(entry int) trait.Severities {
	k, ok := slices.BinarySearchFunc(a.rated, uint32(entry), func(r rated, e uint32) int { return cmp.Compare(r.entry, e) })
	if !ok {
		return 0
	}
	return a.rated[k].rules
}

// listEntries lists the entries that something of their own speaks against.
func (a *Assessment) listEntries(ctx context.Context) error {
	r := a.Traits.Learned().Reader()
	var m trait.Measures
	var room entryEvidence
	for c := range a.odds {
		if c%(1<<12) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if a.odds[c] == noOdds {
			continue
		}
		r.Measure(c, &m)
		a.entriesOf(r, &m, &room, func(entry int, x *Evidence) {
			if odds := a.oddsOf(x); odds > noOdds {
				a.flagged = append(a.flagged, flagged{uint32(entry), odds, float32(x.like())})
			}
		})
	}
	return nil
}

// entryEvidence is room for what speaks against entries, connection after connection.
type entryEvidence struct{ login, statement Evidence }

// entriesOf visits the entries of a connection with what speaks against each: its
// login, and its statements. What is visited is in the room given, and overwritten.
func (a *Assessment) entriesOf(r *trait.Reader, m *trait.Measures, room *entryEvidence, visit func(entry int, x *Evidence)) {
	room.login = Evidence{}
	room.login.ofLogin(m)
	stranger := room.login[NewAccount]
	visit(int(a.in.Log.Connections.Peek(m.Connection).First), &room.login)
	r.Statements(m.Connection, func(entry int, s *trait.Statement) {
		x := &room.statement
		*x = Evidence{}
		x.ofStatement(s, stranger)
		if m.Rules != 0 {
			x.ofRules(a.rulesOf(entry))
		}
		visit(entry, x)
	})
}

// Evidence returns what speaks against a connection, labels aside.
func (a *Assessment) Evidence(c int) Evidence {
	r := a.Traits.Learned().Reader()
	var m trait.Measures
	r.Measure(c, &m)
	return a.evidence(r, &m, new(entryEvidence))
}

func (a *Assessment) evidence(r *trait.Reader, m *trait.Measures, room *entryEvidence) Evidence {
	x := a.own(m)
	c := m.Connection
	x[Unlike] = a.unlike(c)
	if m.Rules != 0 || x[NewDigest] > 0 {
		a.entriesOf(r, m, room, func(entry int, own *Evidence) {
			if odds := a.oddsOf(own); odds > noOdds {
				x[Company] = max(x[Company], a.company(entry, float64(float32(own.like())), logistic(float64(odds)) > 0.5))
			}
		})
	}
	if h := a.hosts[a.in.Log.Connections.Peek(c).Host]; h != nil && h.suspicious {
		x[Actor], x[Session] = a.others(uint32(c), h)
	}
	return x
}

// Score returns the score of a connection without labels, 0 to 0.999, and 0 for one
// without evidence.
func (a *Assessment) Score(conn uint32) float64 {
	if a.odds[conn] == noOdds {
		return 0
	}
	return rounded(logistic(float64(a.odds[conn])))
}

// Anomaly returns how unlike the others a connection is, 0 to 1.
func (a *Assessment) Anomaly(c int) float64 { return a.Forest.Score(a.Traits.Row(c)) }
