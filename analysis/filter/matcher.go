package filter

import (
	"cmp"
	"context"
	"math/bits"
	"slices"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/store"
)

// A matcher is a part of a Program. Negations are within the terms.
type matcher interface {
	// word looks at 64 entries of a span from entry 64*k on, those whose bits
	// are set in mask. yes has the bits of entries that match for certain,
	// maybe those and the ones that only the statement's text decides.
	word(span *store.Span, k int, mask uint64) (yes, maybe uint64)

	// match decides about entry j of a span, given its text.
	match(span *store.Span, j int, text *statement) bool

	needsText() bool

	// cost orders the parts of conjunctions and disjunctions, the cheap ones
	// first.
	cost() int
}

// A statement is a text to be searched, with what searching it needs.
type statement struct {
	ctx    context.Context
	text   []byte
	folded []byte // scratch
}

// block returns the entries of a column that word k covers.
func block[T any](column []T, k int) []T {
	return column[k<<6 : min(len(column), k<<6+64)]
}

func bit(w bool) uint64 {
	if w {
		return 1
	}
	return 0
}

// columnsOnly is embedded by matchers that need no text.
type columnsOnly struct{}

func (columnsOnly) needsText() bool { return false }

type (
	everything struct{ columnsOnly }
	nothing    struct{ columnsOnly }
)

func constant(all bool) matcher {
	if all {
		return everything{}
	}
	return nothing{}
}

func (everything) word(_ *store.Span, _ int, mask uint64) (yes, maybe uint64) { return mask, mask }
func (everything) match(*store.Span, int, *statement) bool                    { return true }
func (everything) cost() int                                                  { return 0 }

func (nothing) word(*store.Span, int, uint64) (yes, maybe uint64) { return 0, 0 }
func (nothing) match(*store.Span, int, *statement) bool           { return false }
func (nothing) cost() int                                         { return 0 }

// rowSet matches the entries of a set of rows.
type rowSet struct {
	bits bitset
}

func (rowSet) needsText() bool { return false }
func (rowSet) cost() int       { return 2 }

func (s rowSet) word(span *store.Span, k int, mask uint64) (yes, maybe uint64) {
	w := s.bits.test(block(span.Row, k), mask)
	return w, w
}

func (s rowSet) match(span *store.Span, j int, _ *statement) bool {
	return s.bits.contains(span.Row[j])
}

// reduce returns a constant where the set holds all rows or none.
func (s rowSet) reduce(log *Subject) matcher { return reduce(s, s.bits, len(log.Rows)) }

// connectionSet matches the entries of a set of connections.
type connectionSet struct {
	bits bitset
}

func (connectionSet) needsText() bool { return false }
func (connectionSet) cost() int       { return 3 }

func (s connectionSet) word(span *store.Span, k int, mask uint64) (yes, maybe uint64) {
	w := s.bits.test(block(span.Connection, k), mask)
	return w, w
}

func (s connectionSet) match(span *store.Span, j int, _ *statement) bool {
	return s.bits.contains(span.Connection[j])
}

// reduce returns a constant where the set holds all connections or none.
func (s connectionSet) reduce(log *Subject) matcher { return reduce(s, s.bits, log.Connections.Len()) }

// identitySet matches the entries of connections by whom they were sent: first
// decides about those that were always the same.
type identitySet struct {
	first    matcher
	changing bitset // connections that were not
	held     map[connection.Identity]bool
	log      *Subject
}

func (identitySet) needsText() bool { return false }
func (identitySet) cost() int       { return 4 }

func (s identitySet) word(span *store.Span, k int, mask uint64) (yes, maybe uint64) {
	yes, _ = s.first.word(span, k, mask)
	changing := s.changing.test(block(span.Connection, k), mask)
	for w := changing; w != 0; w &= w - 1 {
		j := bits.TrailingZeros64(w)
		yes = yes&^(1<<j) | bit(s.held[s.who(span, k<<6+j)])<<j
	}
	return yes, yes
}

func (s identitySet) match(span *store.Span, j int, text *statement) bool {
	if s.changing.contains(span.Connection[j]) {
		return s.held[s.who(span, j)]
	}
	return s.first.match(span, j, text)
}

func (s identitySet) who(span *store.Span, j int) connection.Identity {
	return s.log.Connections.Who(int(span.Connection[j]), span.First+j)
}

func reduce(m matcher, set bitset, n int) matcher {
	switch set.len() {
	case 0:
		return nothing{}
	case n:
		return everything{}
	}
	return m
}

// timeSpan matches entries with from <= time < to, or the others. It is most filters of
// times, and its own loop, into which holds is inlined, is a third faster than timed.
type timeSpan struct {
	columnsOnly
	from, to int64 // microseconds since 1970 UTC
	outside  bool
}

// holds never finds an entry without a time within a span: from is later than
// store.NoTime.
func (s timeSpan) holds(t int64) bool { return (s.from <= t && t < s.to) != s.outside }

func (timeSpan) cost() int { return 1 }

func (s timeSpan) word(span *store.Span, k int, mask uint64) (yes, maybe uint64) {
	var w uint64
	for j, t := range block(span.Time, k) {
		w |= bit(s.holds(t)) << j
	}
	w &= mask
	return w, w
}

func (s timeSpan) match(span *store.Span, j int, _ *statement) bool { return s.holds(span.Time[j]) }

// times is a set of times, in microseconds since 1970 UTC or store.NoTime.
type times interface{ holds(t int64) bool }

// timed matches entries whose time is in a set.
type timed[S times] struct {
	columnsOnly
	set S
}

func (timed[S]) cost() int { return 2 }

func (m timed[S]) word(span *store.Span, k int, mask uint64) (yes, maybe uint64) {
	var w uint64
	for j, t := range block(span.Time, k) {
		w |= bit(m.set.holds(t)) << j
	}
	w &= mask
	return w, w
}

func (m timed[S]) match(span *store.Span, j int, _ *statement) bool {
	return m.set.holds(span.Time[j])
}

// timeSpans is several spans, or all times beside them.
type timeSpans struct {
	list    []timeSpan // ascending, apart from one another
	outside bool
}

func (s timeSpans) holds(t int64) bool {
	k, _ := slices.BinarySearchFunc(s.list, t, func(span timeSpan, t int64) int { return cmp.Compare(span.to, t+1) })
	return (k < len(s.list) && s.list[k].holds(t)) != s.outside
}

// dailySpan is a part of every day, or the rest of it. Its ends are in microseconds since
// midnight UTC; to is before from where the part is over midnight.
type dailySpan struct {
	from, to int64
	outside  bool
}

func (s dailySpan) holds(t int64) bool {
	if t == store.NoTime {
		return s.outside
	}
	t = mod(t, day)
	in := s.from <= t && t < s.to
	if s.to <= s.from {
		in = s.from <= t || t < s.to
	}
	return in != s.outside
}

// entryList matches the entries of a list, or the others.
type entryList struct {
	entries []uint32 // ascending
	outside bool
}

func (entryList) needsText() bool { return false }
func (entryList) cost() int       { return 4 }

func (l entryList) word(span *store.Span, k int, mask uint64) (yes, maybe uint64) {
	first := uint32(span.First + k<<6)
	i, _ := slices.BinarySearch(l.entries, first)
	var w uint64
	for ; i < len(l.entries) && l.entries[i] < first+64; i++ {
		w |= 1 << (l.entries[i] - first)
	}
	if l.outside {
		w = ^w
	}
	return w & mask, w & mask
}

func (l entryList) match(span *store.Span, j int, _ *statement) bool {
	_, found := slices.BinarySearch(l.entries, uint32(span.First+j))
	return found != l.outside
}

// statementTest matches entries by their text: those that hold a substring, or
// match a regular expression, or the others.
type statementTest struct {
	substring  *substring
	regexp     *regexpTerm // where substring is nil
	complement bool
}

func (statementTest) needsText() bool { return true }

func (t statementTest) cost() int {
	if t.substring != nil {
		return 100
	}
	return 1000
}

func (statementTest) word(_ *store.Span, _ int, mask uint64) (yes, maybe uint64) { return 0, mask }

func (t statementTest) match(_ *store.Span, _ int, s *statement) bool {
	if t.substring != nil {
		return t.substring.in(s.text, &s.folded) != t.complement
	}
	return t.regexp.match(s) != t.complement
}

// A meet matches what all of its parts match; a join what one of them does.
type (
	meet struct{ parts }
	join struct{ parts }
)

type parts struct {
	list []matcher
	text bool
}

func (p parts) members() []matcher { return p.list }

func (p parts) needsText() bool { return p.text }

func (p parts) cost() int {
	sum := 0
	for _, m := range p.list {
		sum += m.cost()
	}
	return sum
}

func newParts(list []matcher) parts {
	slices.SortStableFunc(list, func(a, b matcher) int { return cmp.Compare(a.cost(), b.cost()) })
	return parts{list, slices.ContainsFunc(list, matcher.needsText)}
}

func (m meet) word(span *store.Span, k int, mask uint64) (yes, maybe uint64) {
	yes, maybe = mask, mask
	for _, part := range m.list {
		y, mb := part.word(span, k, maybe)
		yes &= y
		if maybe &= mb; maybe == 0 {
			break
		}
	}
	return yes, maybe
}

func (m meet) match(span *store.Span, j int, text *statement) bool {
	for _, part := range m.list {
		if !part.match(span, j, text) {
			return false
		}
	}
	return true
}

func (m join) word(span *store.Span, k int, mask uint64) (yes, maybe uint64) {
	for _, part := range m.list {
		y, mb := part.word(span, k, mask&^yes)
		yes |= y
		if maybe |= mb; yes == mask {
			break
		}
	}
	return yes, maybe
}

func (m join) match(span *store.Span, j int, text *statement) bool {
	for _, part := range m.list {
		if part.match(span, j, text) {
			return true
		}
	}
	return false
}

// allOf joins matchers: sets of rows and of connections become one of each.
func allOf(log *Subject, list []matcher) matcher {
	rows, conns, rest := gather[meet](list, bitset.intersection)
	return assemble(log, rows, conns, rest, nothing{}, everything{}, func(p parts) matcher { return meet{p} })
}

// anyOf is allOf for alternatives.
func anyOf(log *Subject, list []matcher) matcher {
	rows, conns, rest := gather[join](list, bitset.union)
	return assemble(log, rows, conns, rest, everything{}, nothing{}, func(p parts) matcher { return join{p} })
}

// gather merges the sets of a list, and of the lists of the same kind in it.
func gather[L interface{ members() []matcher }](list []matcher, merge func(a, b bitset) bitset) (rows, conns bitset, rest []matcher) {
	put := func(set *bitset, more bitset) {
		if *set == nil {
			*set = more
		} else {
			*set = merge(*set, more)
		}
	}
	var walk func(list []matcher)
	walk = func(list []matcher) {
		for _, m := range list {
			switch m := m.(type) {
			case rowSet:
				put(&rows, m.bits)
			case connectionSet:
				put(&conns, m.bits)
			case L:
				walk(m.members())
			default:
				rest = append(rest, m)
			}
		}
	}
	walk(list)
	return rows, conns, rest
}

// assemble makes a list of merged sets and the rest; decisive decides the list,
// neutral does not matter in it.
func assemble(log *Subject, rows, conns bitset, rest []matcher, decisive, neutral matcher, list func(parts) matcher) matcher {
	if rows != nil {
		rest = append(rest, rowSet{rows}.reduce(log))
	}
	if conns != nil {
		rest = append(rest, connectionSet{conns}.reduce(log))
	}
	kept := rest[:0]
	for _, m := range rest {
		switch m {
		case decisive:
			return decisive
		case neutral:
		default:
			kept = append(kept, m)
		}
	}
	switch len(kept) {
	case 0:
		return neutral
	case 1:
		return kept[0]
	}
	return list(newParts(kept))
}
