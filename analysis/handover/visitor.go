package handover

import (
	"cmp"
	"context"
	"iter"
	"net/netip"
	"regexp"
	"slices"
	"time"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/pipeline"
)

// visitor is an address that an application wrote into statements of its own in the
// connections of an incident: that of a request, as a table of failed logins has it.
type visitor struct {
	address string
	entries int    // of the incident's connections
	first   uint32 // the first of them
	times   []int64
	// honest counts entries of connections that nothing speaks against, at other times
	// than those of the incident: of one series of requests some look honest.
	honest int
}

const (
	maxOwn   = 50_000  // entries of an application beside an incident's that are read
	maxAlike = 200_000 // entries of the same digests that are read
)

// anAddress is a literal that may be an address and nothing else.
var anAddress = regexp.MustCompile(`['"]([0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7})['"]`)

// series is how long after another a request is taken for one of the same series.
const series = int64(15 * time.Minute / time.Microsecond)

// suspicious is from which score on a connection is no honest traffic: a half is more
// likely an attack than not.
const suspicious = 0.5

// visitors finds the addresses of the requests through which statements were put in,
// where the application wrote them down. What is in the statements that were put in
// is the attacker's own word and is not read.
func (b *builder) visitors(ctx context.Context, text pipeline.Text) error {
	s := b.s
	b.seen = map[int][]visitor{}
	own, theirs := b.besideInjected()
	if len(own) == 0 {
		return nil
	}
	digests := map[uint32]bool{}
	err := b.literals(ctx, text, func(i int) bool { _, ok := own[uint32(i)]; return ok }, func(i int, address string) {
		k := own[uint32(i)]
		if slices.Contains(s.Incidents[k].Actor.Hosts, address) {
			return
		}
		digests[s.Key(i).Digest] = true
		n := slices.IndexFunc(b.seen[k], func(v visitor) bool { return v.address == address })
		if n < 0 {
			n = len(b.seen[k])
			b.seen[k] = append(b.seen[k], visitor{address: address, first: uint32(i)})
		}
		v := &b.seen[k][n]
		v.entries++
		v.times = append(v.times, s.Approximate(i))
	})
	if err != nil || len(digests) == 0 {
		return err
	}
	for v := range b.everyVisitor() {
		slices.Sort(v.times)
	}
	left := maxAlike
	alike := func(i int) bool {
		c := s.Entries.Connection(i)
		return left > 0 && digests[s.Key(i).Digest] && !theirs[c] && s.Ranking.Score(c) < suspicious
	}
	err = b.literals(ctx, text, alike, func(i int, address string) {
		for v := range b.everyVisitor() {
			if v.address == address && !near(v.times, s.Approximate(i)) {
				v.honest++
			}
		}
		left--
	})
	for k := range b.seen {
		slices.SortStableFunc(b.seen[k], func(x, y visitor) int { return cmp.Compare(y.entries, x.entries) })
	}
	return err
}

// everyVisitor yields the visitors of all incidents.
func (b *builder) everyVisitor() iter.Seq[*visitor] {
	return func(yield func(*visitor) bool) {
		for _, list := range b.seen {
			for n := range list {
				if !yield(&list[n]) {
					return
				}
			}
		}
	}
}

// besideInjected returns the entries that an application sent by itself in connections
// in which statements were put into its own, with the incident, and these connections.
func (b *builder) besideInjected() (own map[uint32]int, theirs map[uint32]bool) {
	s := b.s
	own, theirs = map[uint32]int{}, map[uint32]bool{}
	for k := range s.Incidents {
		x := &s.Incidents[k]
		if x.Actor.Kind != incident.Account {
			continue
		}
		for _, c := range x.Connections {
			theirs[c] = true
			for _, e := range s.ByConnection.Entries(int(c)) {
				if _, put := slices.BinarySearch(x.Entries, e); !put && s.Key(int(e)).Digest != 0 && len(own) < maxOwn {
					own[e] = k
				}
			}
		}
	}
	return own, theirs
}

// literals calls fn for each address that is alone in a literal of a wanted entry.
func (b *builder) literals(ctx context.Context, text pipeline.Text, want func(i int) bool, fn func(i int, address string)) error {
	return text.Statements(&b.s.Log).Scan(ctx, 0, b.s.Len(), want, func(i int, text []byte) bool {
		for _, m := range anAddress.FindAllSubmatch(text[:min(len(text), maxText)], -1) {
			if a, err := netip.ParseAddr(string(m[1])); err == nil && placeOf(a.String()) != itself {
				fn(i, a.String())
			}
		}
		return true
	})
}

// near reports whether a time is of a series with one of a list.
func near(times []int64, at int64) bool {
	n, _ := slices.BinarySearch(times, at)
	return n < len(times) && times[n]-at <= series || n > 0 && at-times[n-1] <= series
}

// visitor returns the address that most of what the application wrote down has: a few
// honest visitors may be among those of an incident, as one whose name has an apostrophe.
func (b *builder) visitor(k int) (v visitor, others int, ok bool) {
	list := b.seen[k]
	all := 0
	for _, v := range list {
		all += v.entries
	}
	if len(list) == 0 || 2*list[0].entries <= all {
		return v, len(list), false
	}
	return list[0], len(list) - 1, true
}
