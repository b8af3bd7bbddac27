package integrity_test

import (
	"fmt"
	"strings"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/connection/servertest"
	"sqleuth/analysis/integrity"
)

// figures is what came of some servers.
type figures struct {
	servers, connections    int
	wrong, wrongConnections int // something is read that is not true, and integrity does not say so
	wrongRuns               int // the number of runs is not true
	named                   int // connections in doubt
}

func (f figures) String() string {
	return fmt.Sprintf("%d servers of %d read wrongly (%d in their runs), %d connections of %d; %d in doubt (%.2f %%)",
		f.wrong, f.servers, f.wrongRuns, f.wrongConnections, f.connections, f.named, 100*float64(f.named)/float64(f.connections))
}

// Whatever servers do and attackers log in as: each connection's user, host,
// database, outcome, run and entries are what they were, or integrity names it.
func TestServers(t *testing.T) {
	const servers = 300
	for _, o := range []servertest.Options{{Short: true}, {}, {Short: true, Hostile: true}, {Hostile: true}} {
		t.Run(fmt.Sprintf("short %v, hostile %v", o.Short, o.Hostile), func(t *testing.T) {
			var f figures
			for seed := range uint64(servers) {
				f.add(t, seed, servertest.New(seed, o))
			}
			t.Log(f)
			// Who attacks without being seen is described in the package of connections.
			if !o.Hostile && f.wrong > 0 || f.wrong*40 > servers {
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
			// this cannot be told.
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
	runs := in.Connections.Runs != uint32(log.Runs)
	for k, c := range log.Connections {
		got, ok := seen[k]
		if !ok {
			continue
		}
		p := v.Peek(int(got))
		if diff := difference(v, p, &c); diff != "" && wrong[k] == "" {
			wrong[k] = diff
		}
	}
	for k := range log.Connections {
		// The report states what cannot be told: where logins have no end, or a whole
		// second is easily guessed.
		db := log.Connections[k].Database
		untold := v.OpenLogins && (open[seen[k]] || strings.Contains(db, "\n")) || in.Unzoned && strings.Contains(db, " using TCP/IP\n")
		if named[k] || untold {
			f.named++
			delete(wrong, k)
		}
	}
	f.wrongConnections += len(wrong)
	if runs {
		f.wrongRuns++
	}
	if len(wrong) > 0 || runs {
		f.wrong++
	}
	if len(wrong) > 0 || runs {
		if f.wrong <= 6 {
			for k, why := range wrong {
				c := log.Connections[k]
				t.Logf("seed %d: run %d id %d: %s", seed, c.Run, c.ID, why)
				break
			}
			if runs {
				t.Logf("seed %d: %d runs, want %d", seed, in.Connections.Runs, log.Runs)
			}
		}
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
