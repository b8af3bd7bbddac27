package integrity_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/connection/servertest"
	"sqleuth/analysis/integrity"
)

var (
	firstServer = flag.Uint64("server", 0, "seed of the first server")
	servers     = flag.Uint64("servers", 300, "how many servers; a fifteenth of them with -short")
)

// figures is what came of some servers.
type figures struct {
	servers, connections    int
	wrong, wrongConnections int // something is read that is not true, and integrity does not report it
	wrongRuns               int // the number of runs is not true
	named                   int // connections in doubt
}

func (f figures) String() string {
	return fmt.Sprintf("%d servers of %d read wrongly (%d in their runs), %d connections of %d; %d in doubt (%.2f %%)",
		f.wrong, f.servers, f.wrongRuns, f.wrongConnections, f.connections, f.named, 100*float64(f.named)/float64(f.connections))
}

// Whatever servers do and attackers log in as: each connection's user, host,
// database, outcome, run and entries are what they were, or integrity names it. For
// other servers than those of each test: -args -server 300 -servers 2700.
func TestServers(t *testing.T) {
	for _, o := range []servertest.Options{{Short: true}, {}, {Short: true, Hostile: true}, {Hostile: true}} {
		t.Run(fmt.Sprintf("short %v, hostile %v", o.Short, o.Hostile), func(t *testing.T) {
			n := *servers
			if testing.Short() {
				n /= 15
			}
			var f figures
			for seed := range n {
				f.add(t, *firstServer+seed, servertest.New(*firstServer+seed, o))
			}
			t.Log(f)
			if f.wrong > 0 {
				t.Errorf("%d servers are read wrongly", f.wrong)
			}
			if !o.Hostile && f.named*100 > f.connections {
				t.Errorf("%d connections of %d honest ones are in doubt", f.named, f.connections)
			}
		})
	}
}

// add reads the log of a server and compares.
func (f *figures) add(t *testing.T, seed uint64, log *servertest.Log) {
	in := load(t, string(log.Bytes))
	report := examine(t, in)
	doubtful := inDoubt(in, report)
	f.servers++
	f.connections += len(log.Connections)
	seen := make(map[int]uint32, len(log.Connections))
	taken := make(map[uint32]int, len(log.Connections))
	open := map[uint32]bool{}
	wrong, named := map[int]string{}, make([]bool, len(log.Connections))
	v := in.Connections
	for i := range in.Entries.Len() {
		e, first := log.Owner(in.Entries.Offset(i))
		got := in.Entries.Connection(i)
		if !first {
			// An attacker wrote it. Where logins have no end, the report states that
			// this cannot be known.
			if v.OpenLogins && !doubtful[got] {
				open[got] = true
			}
			continue
		}
		was, known := seen[e.Connection]
		other, used := taken[got]
		switch {
		case known && was != got:
			wrong[e.Connection] = fmt.Sprintf("entry %d is of %s, others of %s", i, v.Name(int(got)), v.Name(int(was)))
		case used && other != e.Connection:
			wrong[e.Connection] = fmt.Sprintf("entry %d is of %s, which is another connection's", i, v.Name(int(got)))
		}
		seen[e.Connection], taken[got] = got, e.Connection
		named[e.Connection] = named[e.Connection] || doubtful[got]
	}
	shifts, shift := runShifts(in, report, log, seen, named)
	for k, got := range seen {
		c := log.Connections[k]
		c.Run += shifts[k]
		if diff := difference(v, v.Peek(int(got)), &c); diff != "" && wrong[k] == "" {
			wrong[k] = diff
		}
	}
	runs := int(v.Runs) - log.Runs
	for k := range log.Connections {
		// The report states what cannot be known: where logins have no end, or a
		// whole second is easily guessed.
		db := log.Connections[k].Database
		untold := v.OpenLogins && (open[seen[k]] || strings.Contains(db, "\n")) || in.Unzoned && strings.Contains(db, " using TCP/IP\n")
		if named[k] || untold {
			f.named++
			delete(wrong, k)
		}
	}
	f.wrongConnections += len(wrong)
	if runs != 0 {
		f.wrongRuns++
	}
	if len(wrong) > 0 || runs != shift {
		f.wrong++
		if f.wrong <= 6 {
			for k, why := range wrong {
				c := log.Connections[k]
				t.Logf("seed %d: run %d id %d: %s", seed, c.Run, c.ID, why)
				break
			}
			if runs != shift {
				t.Logf("seed %d: %d runs, want %d", seed, in.Connections.Runs, log.Runs)
			}
		}
	}
}

// runShifts returns how many runs too many are counted at each connection, and at the
// end, as far as integrity states where: a run that may be none, or that is not seen,
// changes the numbers of all behind it.
func runShifts(in *input, r integrity.Report, log *servertest.Log, seen map[int]uint32, named []bool) (at map[int]int, end int) {
	starts := doubtfulStarts(in, r)
	at = make(map[int]int, len(seen))
	peek := func(k int) *connection.Connection { return in.Connections.Peek(int(seen[k])) }
	order := slices.SortedFunc(maps.Keys(seen), func(a, b int) int { return cmp.Compare(peek(a).First, peek(b).First) })
	from := 0
	for _, k := range order {
		p := peek(k)
		if !named[k] {
			if s := int(p.Epoch) - log.Connections[k].Run; s != end && starts(from, int(p.First)) {
				end = s
			}
			from = int(p.First)
		}
		at[k] = end
	}
	if s := int(in.Connections.Runs) - log.Runs; s != end && starts(from, in.Entries.Len()) {
		end = s
	}
	return at, end
}

// doubtfulStarts returns a function that reports whether integrity states that a server
// run may begin, or may not, at or between two entries.
func doubtfulStarts(in *input, r integrity.Report) func(from, to int) bool {
	var at []int
	for k := range in.Connections.Len() {
		switch p := in.Connections.Peek(k); p.Doubt {
		case connection.Displaced, connection.Unstarted, connection.Survived:
			at = append(at, int(p.First))
		}
	}
	for _, f := range r.Findings {
		if f.Kind == integrity.RunWithout {
			at = append(at, f.Entries...)
		}
	}
	return func(from, to int) bool {
		return slices.ContainsFunc(at, func(i int) bool { return from <= i && i <= to })
	}
}

func difference(v connection.View, p *connection.Connection, c *servertest.Connection) string {
	text := func(user, host, database string, o connection.Outcome, run int) string {
		return fmt.Sprintf("%q@%q on %q, %v, run %d", user, host, database, o, run)
	}
	got, want := text(v.Text(p.User), v.Text(p.Host), v.Text(p.Database), p.Outcome, int(p.Epoch)), text(c.User, c.Host, c.Database, c.Outcome, c.Run)
	if got == want {
		return ""
	}
	return "got " + got + ", want " + want
}

// inDoubt lists the connections of which integrity states that they may not be what
// they seem.
func inDoubt(in *input, r integrity.Report) map[uint32]bool {
	doubtful := map[uint32]bool{}
	for k := range in.Connections.Len() {
		if in.Connections.Peek(k).Doubt != connection.NoDoubt {
			doubtful[uint32(k)] = true
		}
	}
	for _, i := range in.Connections.Ambiguous {
		doubtful[in.Entries.Connection(int(i))] = true
	}
	mark := func(i int) { doubtful[in.Entries.Connection(i)] = true }
	for _, f := range r.Findings {
		if f.Kind == integrity.Forged {
			for _, i := range f.Entries {
				mark(i)
			}
		}
	}
	for _, e := range r.Embedded {
		for i := e.Opener; i <= e.Last && i < in.Entries.Len(); i++ {
			mark(i)
		}
	}
	return doubtful
}
