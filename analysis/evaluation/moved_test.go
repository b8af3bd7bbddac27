package evaluation

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
)

// change is how a log is written again.
type change struct {
	name  string
	place float64 // where the middle of the attack comes to lie, 0 to 1; below 0: where it is
	keep  int     // one connection in so many of the honest ones stays
}

// rewrite writes the log of a capture with its attack at another place of its time and
// fewer honest connections. The moved connections keep their length and the gaps
// between each other; what would lie behind the end comes at the beginning.
func (c *Capture) rewrite(t *testing.T, ch change) *Capture {
	t.Helper()
	s := c.Snapshot
	lo, hi, _ := s.Entries.Times()
	var attack []int64
	for conn := range c.Truth.Stage {
		attack = append(attack, s.Approximate(int(s.Connections.Peek(int(conn)).First)))
	}
	slices.Sort(attack)
	shift := int64(0)
	if ch.place >= 0 {
		shift = lo + int64(ch.place*float64(hi-lo)) - attack[len(attack)/2]
	}
	type line struct {
		at    int64
		entry int
	}
	var lines []line
	for i := range s.Len() {
		conn := s.Entries.Connection(i)
		k := s.Connections.Peek(int(conn))
		_, hostile := c.Truth.Stage[conn]
		at := s.Approximate(i)
		switch {
		case hostile || c.Truth.LeftOut[conn]:
			first := s.Approximate(int(k.First))
			moved := first + shift
			for moved > hi {
				moved -= hi - lo
			}
			for moved < lo {
				moved += hi - lo
			}
			at += moved - first
		case int(conn)%ch.keep != 0:
			continue
		}
		lines = append(lines, line{at, i})
	}
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.at, b.at) })
	text := pipeline.NewText(c.set)
	var log bytes.Buffer
	ids := map[uint32]int{}
	for _, l := range lines {
		conn := s.Entries.Connection(l.entry)
		if ids[conn] == 0 {
			ids[conn] = len(ids) + 1
		}
		r, err := text.Record(&s.Log, l.entry)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&log, "%s\t%5d %s\t%s\n", time.UnixMicro(l.at).UTC().Format("2006-01-02T15:04:05.000000Z"), ids[conn], s.Command(l.entry), r.Text)
	}
	again, err := logfile.OpenBytes("moved.log", log.Bytes(), logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	out := &Capture{Name: c.Name + ", " + ch.name}
	if out.Snapshot, err = pipeline.Run(context.Background(), pipeline.DefaultConfig(), again, nil, func(pipeline.Event) {}); err != nil {
		t.Fatal(err)
	}
	if out.Snapshot.Len() != len(lines) {
		t.Fatalf("%s: %d entries, want %d", out.Name, out.Snapshot.Len(), len(lines))
	}
	var labels, leftOut, entries strings.Builder
	labels.WriteString("id,class,stage\n")
	leftOut.WriteString("id\n")
	entries.WriteString("entry,class\n")
	for conn, id := range ids {
		if stage, ok := c.Truth.Stage[conn]; ok {
			fmt.Fprintf(&labels, "%d,%s,%s\n", id, c.Truth.Class[conn], stage)
		}
		if c.Truth.LeftOut[conn] {
			fmt.Fprintf(&leftOut, "%d\n", id)
		}
	}
	for k, l := range lines {
		if c.Truth.Entries[l.entry] {
			fmt.Fprintf(&entries, "%d,attack\n", k+1)
		}
	}
	for _, err := range []error{
		out.Truth.ReadConnections(strings.NewReader(labels.String()), out.Snapshot.Connections),
		out.Truth.ReadLeftOut(strings.NewReader(leftOut.String()), out.Snapshot.Connections),
		out.Truth.ReadEntries(strings.NewReader(entries.String()), out.Snapshot.Len()),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if c.Truth.Entries == nil {
		out.Truth.Entries = nil
	}
	return out
}

// The order does not hang on where in the log an attack lies, nor on how busy the
// server is.
func TestMovedAndThinned(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute under the race detector and starts no goroutine that other tests do not")
	}
	for _, name := range attacked {
		t.Run(name, func(t *testing.T) {
			c := capture(t, name)
			for _, ch := range []change{{"at the start", 0.05, 1}, {"in the middle", 0.5, 1}, {"at the end", 0.9, 1}, {"a third of the rest", -1, 3}} {
				moved := c.rewrite(t, ch)
				r := Measure(moved.Snapshot, &moved.Truth)
				t.Logf("%s: average precision %.3f, %.0f %% above one half, %d honest ones", moved.Name, r.Ranking.AveragePrecision, 100*r.Ranking.Above, r.Ranking.FalseAbove)
				if first := moved.Snapshot.Ranking.FromTheStart(); ch.place == 0.05 && !first || ch.place == 0.9 && first && name == "webapp-sqli" {
					t.Errorf("%s: the log begins with suspicious connections: %v", moved.Name, first)
				}
				if r.Ranking.AveragePrecision < 0.9 && ch.name != "at the start" {
					t.Errorf("%s: average precision %.3f", moved.Name, r.Ranking.AveragePrecision)
				}
			}
		})
	}
}
