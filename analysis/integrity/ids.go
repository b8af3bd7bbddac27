package integrity

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/wording"
)

// concurrency is how far ids may be out of order where connections are made at
// the same moment.
const concurrency = 64

// segment is a stretch in which the server wrote the log without a break that
// is known of: the log began, was opened again, or another file begins. Ids
// that were given out before it need not have a Connect in it.
type segment struct {
	entry int
	first uint64 // id of its first Connect, all ones where it has none
}

// mapConnections finds server runs and segments. Connections are listed in the
// order of their first entries.
func (c *check) mapConnections() {
	n := c.Connections.Len()
	at := uint32(0)
	for k := range n {
		p := c.Connections.Peek(k)
		if p.Epoch != at && p.Epoch <= connection.NeverBegun {
			at = p.Epoch
			c.runs = append(c.runs, serverRun{entry: int(p.First), from: k, to: k})
		}
		c.runs[len(c.runs)-1].to = k + 1
	}
	c.mapRuns()
	starts := []int{0}
	for _, o := range c.opened {
		starts = append(starts, o.entry)
	}
	for _, r := range c.runs {
		starts = append(starts, r.entry)
	}
	for _, f := range c.Files {
		starts = append(starts, c.entryBehind(f.Base))
	}
	slices.Sort(starts)
	for _, at := range slices.Compact(starts) {
		c.segments = append(c.segments, segment{at, ^uint64(0)})
	}
	s := -1
	for k := range n {
		p := c.Connections.Peek(k)
		for s+1 < len(c.segments) && c.segments[s+1].entry <= int(p.First) {
			s++
		}
		if seg := &c.segments[s]; seg.first == ^uint64(0) && p.Outcome != connection.Unseen && !c.jumps(k) {
			seg.first = p.ID
		}
	}
}

// jumps reports whether connection k has an id far above those before and behind
// it: ids only grow within a server run.
func (c *check) jumps(k int) bool {
	if k == 0 || k+1 == c.Connections.Len() {
		return false
	}
	before, p, behind := c.Connections.Peek(k-1), c.Connections.Peek(k), c.Connections.Peek(k+1)
	return before.Epoch == p.Epoch && behind.Epoch == p.Epoch && p.ID > before.ID && p.ID-before.ID > concurrency &&
		p.ID > behind.ID && p.ID-behind.ID > concurrency
}

// older reports whether connection k was, by its id, made before the log or the
// part of it in which it is seen first.
func (c *check) older(k int) bool {
	p := c.Connections.Peek(k)
	s := sort.Search(len(c.segments), func(s int) bool { return c.segments[s].entry > int(p.First) }) - 1
	return p.ID < c.segments[s].first
}

// ownThread reports whether a command is one that the server's own threads log,
// which never connect.
func ownThread(command string) bool {
	switch command {
	case "Connect Out", "Daemon", "Slave_IO", "Slave_SQL", "Slave_worker", "Group Replication Data Stream subscription":
		return true
	}
	return false
}

// manyUnseen is how many ids without a Connect, if they are also one in twenty,
// are taken for a habit of the server.
const manyUnseen = 20

// neverConnected looks for ids that appear without a Connect although the log
// was being written when they were given out.
func (c *check) neverConnected() error {
	var first few
	var names []string
	total := c.Connections.Len()
	for k := range total {
		p := c.Connections.Peek(k)
		switch {
		case p.Outcome != connection.Unseen || ownThread(c.command(int(p.First))):
		case c.older(k):
			c.unseen++
		default:
			first.add(int(p.First))
			if len(names) < 5 {
				names = append(names, c.Connections.Name(k))
			}
		}
	}
	n := first.count
	if n == 0 {
		return nil
	}
	f := Finding{Kind: NeverConnected, Severity: rule.Low, Count: n}
	f.Summary = fmt.Sprintf("%s without a Connect, although logins were being logged when %s given out: %s",
		wording.Counted(n, "id appears", "ids appear"), wasWere(n), listed(names, n))
	if n > manyUnseen && n*20 > total {
		f.Severity = rule.Context
		f.Summary += "; so many are more likely the server's own threads (scheduled events, replication)"
	} else {
		f.Summary += "; the server's own threads (scheduled events, replication) look the same"
	}
	c.add(f, first.list...)
	return nil
}

func wasWere(n int) string {
	if n == 1 {
		return "it was"
	}
	return "they were"
}

// listed joins the first texts of n.
func listed(texts []string, n int) string {
	s := strings.Join(texts, ", ")
	if n > len(texts) {
		s += ", …"
	}
	return s
}

// idRange is a run of ids that no entry has.
type idRange struct{ from, to uint64 }

func (r idRange) count() uint64 { return r.to - r.from + 1 }

func (r idRange) String() string {
	if r.from == r.to {
		return fmt.Sprint(r.from)
	}
	return fmt.Sprintf("%d to %d", r.from, r.to)
}

// largeRange is how many missing ids in a row are worth an analyst's time. A
// health check or a port scan uses up one or a few.
const largeRange = 100

// maxRuns is how many server runs with missing ids are listed.
const maxRuns = 20

// missingIDs looks for ids that were given out and appear nowhere.
func (c *check) missingIDs() error {
	listed := 0
	for k := range c.runs {
		if listed == maxRuns {
			break
		}
		if c.missingOf(k) {
			listed++
		}
	}
	return nil
}

// missingOf looks at the ids of one server run, from its first Connect on, and
// reports whether some are missing.
func (c *check) missingOf(run int) bool {
	r := &c.runs[run]
	s := sort.Search(len(c.segments), func(s int) bool { return c.segments[s].entry > r.entry }) - 1
	ids := make([]uint64, 0, r.to-r.from)
	highest := uint64(0) // of the ids that are not in doubt
	for k := r.from; k < r.to; k++ {
		if id := c.Connections.Peek(k).ID; !c.doubtful[k] {
			highest = max(highest, id)
		}
	}
	for k := r.from; k < r.to; k++ {
		if id := c.Connections.Peek(k).ID; id >= c.segments[s].first && id <= highest {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var missing uint64
	var ranges int
	var large []idRange // the largest ones, descending
	for k := 1; k < len(ids); k++ {
		if ids[k]-ids[k-1] <= 1 {
			continue
		}
		g := idRange{ids[k-1] + 1, ids[k] - 1}
		missing += g.count()
		ranges++
		at := sort.Search(len(large), func(i int) bool { return large[i].count() < g.count() })
		if at < maxRanges {
			large = slices.Insert(large, at, g)
			large = large[:min(len(large), maxRanges)]
		}
	}
	if missing == 0 {
		return false
	}
	f := Finding{Kind: MissingIDs, Severity: rule.Context, Count: int(min(missing, 1<<40))}
	of := ""
	if len(c.runs) > 1 {
		of = fmt.Sprintf(" of server run %d", run+1)
	}
	f.Summary = fmt.Sprintf("of the ids %d to %d%s, %d appear nowhere, in %s: %s", ids[0], ids[len(ids)-1], of, missing,
		wording.Counted(ranges, "range", "ranges"), listedRanges(large, ranges))
	if large[0].count() >= largeRange {
		f.Severity = rule.Low
		f.Summary += "; entries may have been cut out, logging may have been off, or clients never came as far as a login (port scans, health checks)"
	} else {
		f.Summary += "; clients that never come as far as a login (port scans, health checks) use up ids"
	}
	c.add(f, c.behindRanges(r, large)...)
	return true
}

// maxRanges is how many ranges of missing ids a summary names.
const maxRanges = 5

func listedRanges(large []idRange, n int) string {
	texts := make([]string, len(large))
	for i, g := range large {
		texts[i] = g.String()
	}
	return listed(texts, n)
}

// behindRanges returns the first entries of the connections whose ids follow
// the ranges.
func (c *check) behindRanges(r *serverRun, ranges []idRange) (entries []int) {
	for k := r.from; k < r.to; k++ {
		p := c.Connections.Peek(k)
		if slices.ContainsFunc(ranges, func(g idRange) bool { return g.to+1 == p.ID }) {
			entries = append(entries, int(p.First))
		}
	}
	return entries
}

// idsUsedBefore returns how many ids were given out between entry i and the one
// before it by the ids of connections on both sides; known is false where they do
// not show it, as across server runs.
func (c *check) idsUsedBefore(i int) (ids uint64, known bool) {
	n := c.Connections.Len()
	k := sort.Search(n, func(k int) bool { return int(c.Connections.Peek(k).First) >= i })
	if k == 0 || k == n || c.Connections.Peek(k).Epoch != c.Connections.Peek(k-1).Epoch {
		return 0, false
	}
	// Logins of one moment may be out of order, so a few on each side are asked.
	before, behind := uint64(0), ^uint64(0)
	for j := max(0, k-concurrency); j < min(n, k+concurrency); j++ {
		p := c.Connections.Peek(j)
		switch {
		case p.Epoch != c.Connections.Peek(k).Epoch || p.Outcome == connection.Unseen || c.jumps(j):
		case j < k:
			before = max(before, p.ID)
		default:
			behind = min(behind, p.ID)
		}
	}
	switch {
	case before == 0 || behind == ^uint64(0):
		return 0, false
	case behind <= before+1:
		return 0, true
	}
	return behind - before - 1, true
}
