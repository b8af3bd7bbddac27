package detect

import (
	"context"
	"slices"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
	"sqleuth/analysis/wording"
)

// Options are the thresholds of the rules. Times are in microseconds.
type Options struct {
	Failures    int   // D1: failed logins within Window. Default 10
	Window      int64 // D1, D2: and the longest pause between failures of one attack. Default 5 minutes
	SprayUsers  int   // D2: users refused in one attack. Default 5
	SprayTries  int   // D2: tries per user that are few (the median user's). Default 3
	After       int64 // D3: how long after the failures a login still counts. Default 7 days
	Tables      int   // D7: tables asked for as a whole by one connection. Default 5
	Kinds       int   // D8: kinds of questions within KindsWindow. Default 8
	KindsWindow int64 // D8. Default 2 minutes
	Backwards   int64 // D24: steps back that are none: entries of one moment are logged out of order. Default 2 seconds
	Pause       int64 // statement rules: hits of one user and host that lie closer are one detection. Default 30 minutes
	SameTime    int64 // backup or theft: how close to the minute of another day a habit is. Default 10 minutes
	Texts       int   // texts of entries that may be read. Default 64
}

const (
	second = int64(1_000_000)
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// DefaultOptions returns the documented defaults.
func DefaultOptions() Options {
	return Options{Failures: 10, Window: 5 * minute, SprayUsers: 5, SprayTries: 3, After: 7 * day, Tables: 5, Kinds: 8,
		KindsWindow: 2 * minute, Backwards: 2 * second, Pause: 30 * minute, SameTime: 10 * minute, Texts: 64}
}

// MaxEntries is how many entries a detection keeps.
const MaxEntries = 1000

// Detection is a rule's hit. Everything in it that was read from the log is
// attacker-written text.
type Detection struct {
	Rule        *Rule
	Severity    Severity
	Time        store.Moment // of the first entry
	Last        store.Moment // of the last entry
	User        string       // empty where several or not known
	Host        string       // empty where several or not known
	Users       []string     // D1, D2, D3: all of them, most failures first
	Connections []uint32     // indices, ascending
	Entries     []int        // indices, ascending, the first MaxEntries
	Count       int          // failed logins (D1, D2), connections (D3, D4), entries (the others)
	What        string       // what a connection of it did, to follow a name: "asked for wp_users without WHERE"
	Summary     string       // one sentence
}

// Run applies all rules and returns the detections in order of time, those of
// one moment in the order of the rules. text may be nil; it is called
// Options.Texts times at most. The error is that of ctx.
func Run(ctx context.Context, log *loaded.Log, text loaded.Text, opt Options) ([]Detection, error) {
	r := run{Log: log, readText: text, opt: opt}
	r.logins()
	r.judgeRows()
	if err := r.statements(ctx); err != nil {
		return nil, err
	}
	if err := r.sessions(ctx); err != nil {
		return nil, err
	}
	if err := r.timeBackwards(ctx); err != nil {
		return nil, err
	}
	slices.SortStableFunc(r.found, func(a, b Detection) int {
		switch {
		case a.Time != b.Time:
			return compare(a.Time.Micros, b.Time.Micros)
		case a.Rule != b.Rule:
			return compare(ruleOrder(a.Rule), ruleOrder(b.Rule))
		}
		return compare(first(a.Connections), first(b.Connections))
	})
	if r.Entries.Untimed() > 0 {
		for i := range r.found {
			r.date(&r.found[i])
		}
	}
	return r.found, nil
}

// date replaces the times of a detection that were made up for entries without
// one by what is known of them.
func (r *run) date(d *Detection) {
	entries := slices.Clone(d.Entries)
	for _, c := range d.Connections {
		k := r.Connections.Peek(int(c))
		entries = append(entries, int(k.First), int(k.Last))
	}
	of := func(t store.Moment) store.Moment {
		for _, i := range entries {
			if r.Entries.Time(i) == store.NoTime && r.Approximate(i) == t.Micros {
				return r.Moment(i)
			}
		}
		if _, _, ok := r.Entries.Times(); !ok {
			return store.Unknown
		}
		return t
	}
	d.Time, d.Last = of(d.Time), of(d.Last)
}

func compare[T int64 | uint32 | int](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func first(connections []uint32) uint32 {
	if len(connections) == 0 {
		return 0
	}
	return connections[0]
}

func ruleOrder(r *Rule) int {
	for i := range rules {
		if r == &rules[i] {
			return i
		}
	}
	return len(rules)
}

// run is the state of one Run.
type run struct {
	*loaded.Log
	readText loaded.Text
	opt      Options
	found    []Detection

	attacks   []attack         // failed logins in series of one host, in order of time
	attackers map[uint32]int64 // by host of an attack that is no old password, its first threshold
	facts     []facts          // what statements ask for, those of uninteresting rows left out
	factOf    []int32          // by row, index into facts, -1 for none
	inSchema  map[placed]int32 // the same for rows in the server's own schemas, where it may differ
	visitors  []bool           // connections that have been in one; nil for none
}

// source is who sent something: numbers of user and host in the texts of the
// connections.
type source struct{ user, host uint32 }

// source returns who connection conn was at one of its entries.
func (r *run) source(conn uint32, entry int) source {
	id := r.Connections.Who(int(conn), entry)
	return source{id.User, id.Host}
}

func (r *run) account(s source) string {
	if s.host == 0 {
		return "somebody whose login the log does not show"
	}
	return wording.Name(r.Connections.Text(s.user)) + "@" + wording.Name(r.Connections.Text(s.host))
}
