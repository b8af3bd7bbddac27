package timeline

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
)

// contents is what is in a span of time, as the filters leave it.
type contents struct {
	span
	connections int
	accounts    []account // those with most entries first
	of          []sent    // by incident with an entry then
	fresh       []digest  // that nobody had sent before, in order; of the whole log
	news        int       // how many there are of them
}

// account is who sent something.
type account struct {
	name                 string
	entries, connections int
}

// sent counts the entries of an incident.
type sent struct {
	letter  string
	entries int
}

// most is how many digests are listed.
const most = 40

// contentsOf looks at the entries of a span, and at the digests of the log. The error is
// that of ctx.
func contentsOf(ctx context.Context, s *pipeline.Snapshot, filtered message.Filtered, digests []digest, in span) (*contents, error) {
	c := &contents{span: in}
	if len(filtered.Active) == 0 {
		from, to := since(digests, in.from), since(digests, in.to)
		c.news, c.fresh = to-from, digests[from:min(to, from+most)]
	}
	// Connections that are near in time are near by number too: their counts need no
	// room for all others.
	lo, hi := uint32(math.MaxUint32), uint32(0)
	err := each(ctx, s, filtered, in, func(connection uint32) { lo, hi = min(lo, connection), max(hi, connection) })
	if err != nil {
		return nil, err
	}
	if lo <= hi {
		counts := make([]int32, hi-lo+1)
		if err := each(ctx, s, filtered, in, func(connection uint32) { counts[connection-lo]++ }); err != nil {
			return nil, err
		}
		c.count(s, lo, counts)
	}
	for k := range s.Incidents {
		n := 0
		for _, e := range s.Incidents[k].Entries {
			if t := s.Entries.Time(int(e)); in.from <= t && t < in.to {
				n++
			}
		}
		if n > 0 {
			c.of = append(c.of, sent{incident.Letter(k), n})
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return c, nil
}

// since returns the position of the first digest that was sent at a time or later.
func since(digests []digest, t int64) int {
	k, _ := slices.BinarySearchFunc(digests, t, func(d digest, t int64) int { return cmp.Compare(d.at, t) })
	return k
}

// each calls do with the connection of each entry of a span that is left.
func each(ctx context.Context, s *pipeline.Snapshot, filtered message.Filtered, in span, do func(connection uint32)) error {
	if len(filtered.Active) > 0 {
		for k := range filtered.Entries.Len() {
			i := filtered.Entries.At(k)
			if i >= s.Len() {
				break // the filters know of entries that came after this snapshot
			}
			if t := s.Entries.Time(i); in.from <= t && t < in.to {
				do(s.Entries.Connection(i))
			}
			if k%checkEvery == 0 {
				runtime.Gosched() // keys must not wait for it
				if ctx.Err() != nil {
					return ctx.Err()
				}
			}
		}
		return nil
	}
	for k := range s.Entries.Spans() {
		part := s.Entries.Span(k)
		for i, t := range part.Time {
			if in.from <= t && t < in.to {
				do(part.Connection[i])
			}
		}
		runtime.Gosched()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// count sums up the entries of connections, of which the first has the number lo, by
// account.
func (c *contents) count(s *pipeline.Snapshot, lo uint32, counts []int32) {
	type who struct{ user, host uint32 }
	accounts := map[who]*account{}
	for k, n := range counts {
		if n == 0 {
			continue
		}
		p := s.Connections.Peek(int(lo) + k)
		a := accounts[who{p.User, p.Host}]
		if a == nil {
			a = &account{name: s.Connections.Text(p.User) + "@" + s.Connections.Text(p.Host)}
			accounts[who{p.User, p.Host}] = a
		}
		a.entries += int(n)
		a.connections++
		c.connections++
	}
	for _, a := range accounts {
		c.accounts = append(c.accounts, *a)
	}
	slices.SortFunc(c.accounts, func(a, b account) int {
		return cmp.Or(cmp.Compare(b.entries, a.entries), cmp.Compare(a.name, b.name))
	})
}
