package detect

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"

	"sqleuth/analysis/store"
	"sqleuth/analysis/wording"
)

// session is what one connection asked for as a whole.
type session struct {
	conn      uint32
	tables    []uint32 // asked for as a whole, in order, each once, the first maxWhole
	names     []string
	ordered   bool // in order of their names
	marker    bool
	backup    backupSign
	people    int // of the tables, those of users
	time      int64
	last      int64
	entries   []int
	count     int
	burst     uint32 // kinds of questions of the densest moment
	burstTime int64
	burstLast int64
	questions []int
}

// never is a time before all others.
const never = math.MinInt64

// unasked is when each kind of question was asked last by a connection that has
// asked none. It is read only.
var unasked = func() (at [32]int64) {
	for i := range at {
		at[i] = never
	}
	return at
}()

// maxWhole is how many tables of a dump are told apart.
const maxWhole = 256

// sessions runs D7 and D8: one pass over the entries, connection by connection.
func (r *run) sessions(ctx context.Context) error {
	interesting := r.rowsWith(func(f *facts) bool { return f.kinds != 0 || f.whole != "" || f.marker || f.backup != 0 })
	var dumps, bursts []session
	for c := range r.ByConnection.Len() {
		if c%(1<<14) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s := session{conn: uint32(c), ordered: true}
		at := unasked
		for _, e := range r.ByConnection.Entries(c) {
			row := r.Entries.Row(int(e))
			if !interesting[row] {
				continue
			}
			if fact := r.fact(uint32(c), int(e), row); fact >= 0 {
				s.add(r, int(e), &r.facts[fact], &at)
			}
		}
		if s.marker || len(s.tables) >= r.opt.Tables {
			dumps = append(dumps, s)
		} else if bits.OnesCount32(s.burst) >= r.opt.Kinds {
			bursts = append(bursts, s)
		}
	}
	r.dumps(dumps)
	r.bursts(bursts)
	return nil
}

// source returns who asked for the first of it.
func (s *session) source(r *run) source {
	switch {
	case len(s.entries) > 0:
		return r.source(s.conn, s.entries[0])
	case len(s.questions) > 0:
		return r.source(s.conn, s.questions[0])
	}
	return r.source(s.conn, int(r.Connections.Peek(int(s.conn)).First))
}

func (s *session) add(r *run, entry int, f *facts, at *[32]int64) {
	t := r.Approximate(entry)
	s.marker = s.marker || f.marker
	s.backup |= f.backup
	if f.whole != "" || f.marker {
		if f.whole != "" {
			s.table(f)
		}
		if s.count == 0 {
			s.time = t
		}
		s.last = t
		s.count++
		if len(s.entries) < MaxEntries {
			s.entries = append(s.entries, entry)
		}
	}
	if f.kinds == 0 {
		return
	}
	fresh := false
	for k := f.kinds; k != 0; k &= k - 1 {
		i := bits.TrailingZeros32(k)
		fresh = fresh || at[i] == never || t-at[i] > r.opt.KindsWindow
		at[i] = t
	}
	if !fresh {
		return // the kinds of the last minutes are the same as before
	}
	if len(s.questions) < MaxEntries {
		s.questions = append(s.questions, entry)
	}
	var now uint32
	from := t
	for i, last := range at {
		if last != never && t-last <= r.opt.KindsWindow {
			now |= 1 << i
			from = min(from, last)
		}
	}
	if bits.OnesCount32(now) > bits.OnesCount32(s.burst) {
		s.burst, s.burstTime, s.burstLast = now, from, t
	}
}

func (s *session) table(f *facts) {
	if len(s.tables) == maxWhole || slices.Contains(s.tables, f.table) {
		return
	}
	if n := len(s.names); n > 0 && strings.ToLower(s.names[n-1]) > strings.ToLower(f.whole) {
		s.ordered = false
	}
	s.tables = append(s.tables, f.table)
	s.names = append(s.names, f.whole)
	if UserTable(f.whole) || serverAccounts(f.whole) {
		s.people++
	}
}

// perSource is how many detections of D7 or D8 a user and host may have before
// they are taken together: what every connection does is how a program works.
const perSource = 20

// dumps adds D7 with the reasons for a backup and for a theft.
func (r *run) dumps(list []session) {
	habits := newCalendar(r.opt.SameTime)
	for i := range list {
		habits.add(episodeKey{list[i].source(r), dump}, list[i].time)
	}
	found := make([]Detection, 0, len(list))
	for i := range list {
		s := &list[i]
		src := s.source(r)
		d := Detection{Rule: &rules[dump], Time: store.At(s.time), Last: store.At(s.last), User: r.Connections.Text(src.user), Host: r.Connections.Text(src.host),
			Connections: []uint32{s.conn}, Entries: s.entries, Count: s.count}
		d.Users = []string{d.User}
		backup, theft := r.reasons(s, habits.otherDay(episodeKey{src, dump}, s.time))
		switch {
		case theft.weight > backup.weight:
			d.Severity = High
		case backup.weight > theft.weight:
			d.Severity = Low
		default:
			d.Severity = Medium
		}
		d.What = fmt.Sprintf("asked for %s as a whole (%s)", wording.Counted(len(s.tables), "table", "tables"), listed(s.names, nil))
		d.Summary = fmt.Sprintf("%s asked for %s as a whole%s (%s); for a backup: %s; for a theft: %s", r.account(src),
			wording.Counted(len(s.tables), "table", "tables"), r.took(s.time, s.last), listed(s.names, nil), backup, theft)
		found = append(found, d)
	}
	r.fold(found)
}

// reasons are what speaks for one reading of a dump.
type reasons struct {
	texts  []string
	weight int
}

func (r *reasons) add(holds bool, weight int, text string) {
	if holds {
		r.texts = append(r.texts, text)
		r.weight += weight
	}
}

// String lists the reasons.
func (r reasons) String() string {
	if len(r.texts) == 0 {
		return "nothing"
	}
	return strings.Join(r.texts, ", ")
}

// reasons weighs backup against theft. A login after failures and a taste for
// people weigh most, as does a habit; the statements of a dump program weigh
// little, since thieves use it too.
func (r *run) reasons(s *session, otherDay bool) (backup, theft reasons) {
	host := r.Connections.Text(s.source(r).host)
	backup.add(otherDay, 3, "same user and host at this time on another day")
	backup.add(s.backup&snapshotSign != 0, 1, "consistent snapshot")
	backup.add(s.backup&lockSign != 0, 1, "locks tables")
	backup.add(len(s.tables) >= r.opt.Tables && s.ordered, 1, "tables in order of names")
	backup.add(host != none && local(host), 1, "from the server itself")
	theft.add(r.attacker(s.conn), 5, "the host failed to log in many times before")
	theft.add(s.people > 0 && s.people == len(s.tables), 3, "only tables of users")
	theft.add(!otherDay, 1, "on no other day at this time")
	theft.add(s.backup == 0, 1, "no transaction or lock")
	return backup, theft
}

// attacker says whether a connection comes from a host that had failed to log
// in many times before.
func (r *run) attacker(conn uint32) bool {
	c := r.Connections.Peek(int(conn))
	t, ok := r.attackers[c.Host]
	return ok && t <= r.Approximate(int(c.First))
}

// bursts adds D8.
func (r *run) bursts(list []session) {
	found := make([]Detection, 0, len(list))
	for i := range list {
		s := &list[i]
		src := s.source(r)
		d := Detection{Rule: &rules[enumeration], Severity: rules[enumeration].Severity, Time: store.At(s.burstTime), Last: store.At(s.burstLast),
			User: r.Connections.Text(src.user), Host: r.Connections.Text(src.host), Connections: []uint32{s.conn}, Entries: s.questions,
			Count: len(s.questions)}
		d.Users = []string{d.User}
		if r.attacker(s.conn) {
			d.Severity = High
		}
		var kinds []string
		for k := s.burst; k != 0; k &= k - 1 {
			kinds = append(kinds, questionKinds[bits.TrailingZeros32(k)].name)
		}
		d.What = fmt.Sprintf("asked %d kinds of questions%s", len(kinds), r.took(s.burstTime, s.burstLast))
		d.Summary = fmt.Sprintf("%s %s: %s", r.account(src), d.What, strings.Join(kinds, ", "))
		found = append(found, d)
	}
	r.fold(found)
}

// fold adds detections of one rule, those of a user and host with more than
// perSource of them as one.
func (r *run) fold(found []Detection) {
	count := map[[2]string]int{}
	for i := range found {
		count[[2]string{found[i].User, found[i].Host}]++
	}
	folded := map[[2]string]int{} // index in r.found
	for _, d := range found {
		key := [2]string{d.User, d.Host}
		if count[key] <= perSource {
			r.found = append(r.found, d)
			continue
		}
		at, ok := folded[key]
		if !ok {
			folded[key] = len(r.found)
			d.Summary = fmt.Sprintf("%d connections of this user and host did the like; the first: %s", count[key], d.Summary)
			r.found = append(r.found, d)
			continue
		}
		f := &r.found[at]
		f.Time, f.Last = store.At(min(f.Time.Micros, d.Time.Micros)), store.At(max(f.Last.Micros, d.Last.Micros))
		f.Severity = max(f.Severity, d.Severity)
		f.Connections = append(f.Connections, d.Connections...)
		f.Count += d.Count
		f.Entries = append(f.Entries, d.Entries[:min(len(d.Entries), MaxEntries-len(f.Entries))]...)
	}
	for _, at := range folded {
		slices.Sort(r.found[at].Entries)
	}
}
