package rule

import (
	"cmp"
	"slices"
)

// Hit is an entry or login that a rule matched.
type Hit struct {
	Time       int64 // microseconds of the log's time
	Entry      int   // its place in the log
	Connection uint32
}

func (h Hit) compare(o Hit) int {
	return cmp.Or(cmp.Compare(h.Time, o.Time), cmp.Compare(h.Entry, o.Entry))
}

// Match is a series of hits of one group that a correlation looks for: all of its
// windows that have hits in common.
type Match struct {
	Rule    *Rule
	Group   []string // values, by Correlated.GroupBy; attacker-written
	Hits    []Hit    // in order of time, hits of one moment in the log's; each entry once
	Reached int      // index into Hits of the one with which the condition became true
	Count   int      // hits, those that were not kept too
	Maximum int      // of its windows: hits, or different values of value_count
	Parts   []*Match // matches of other correlations that it is made of
}

// First and Last are the times of the first and the last hit.
func (m *Match) First() int64 { return m.Hits[0].Time }
func (m *Match) Last() int64  { return m.Hits[len(m.Hits)-1].Time }

// Evidence returns all hits down to those of entries and logins, also those that
// made its parts true, up to the last of its own.
func (m *Match) Evidence() []Hit {
	all := slices.Clone(m.Hits)
	for _, part := range m.Parts {
		for _, h := range part.Evidence() {
			if h.Time <= m.Last() {
				all = append(all, h)
			}
		}
	}
	slices.SortFunc(all, Hit.compare)
	return slices.CompactFunc(all, func(a, b Hit) bool { return a.Entry == b.Entry })
}

// MaxHits is how many hits of a rule an Engine keeps before it begins to leave out
// those of accounts or hosts that have many already. Each takes 24 bytes, and 48
// more while the correlations of its rule are evaluated, one at a time.
const MaxHits = 8 << 20

// manyHits is how many hits with the same values are kept when MaxHits is reached.
const manyHits = 1000

// Engine finds the matches of a set's correlations.
//
//	Add      hits of rules in any order, each with its event
//	Matches  correlations in the order in which they need one another; of each,
//	         groups apart; of each, hits in order of time
//
// A window is the hits of one group within a timespan, both ends included. It
// slides: every hit ends one. Hits that lack a field of the group, or the value to
// count, take no part. The clock may step back: the order is that of the log's
// times, and of the log for hits of one time, so that no hit is lost or counted
// twice.
//
// Bounds that a growing count can only fall below (lt, lte, eq, neq) are asked of
// the fullest window of a match when it is complete; otherwise every flood would
// match "lte: 5" with its first hit.
//
// A match of a correlation is a hit for another at each of its hits from the one
// with which its condition became true; in a count it is one.
type Engine struct {
	MaxHits int     // see the constant
	order   []*Rule // correlations, those that others need first
	bases   map[*Rule]*base
	lists   lists
}

// base is the hits of a rule that correlations refer to.
type base struct {
	fields []Field // that correlations ask for
	hits   []baseHit
	tuples map[uint32]uint32 // by the joined numbers of lists
	lists  []uint32          // by tuple and field, the number of the values in Engine.lists
	added  []uint32          // by tuple, hits kept
	left   []uint32          // by tuple, hits not kept
	lost   int               // all hits not kept
	now    []uint32          // the lists of the present hit
}

// listsOf appends the numbers of the values that a tuple has in some fields.
func (b *base) listsOf(dst []uint32, tuple int, keys []key) []uint32 {
	for _, k := range keys {
		dst = append(dst, b.lists[tuple*len(b.fields)+slices.Index(b.fields, k.field)])
	}
	return dst
}

// baseHit is a hit with the number of the values that its event has in the fields.
type baseHit struct {
	time                     int64
	entry, connection, tuple uint32
}

// NewEngine prepares the correlations of a set.
func NewEngine(s *Set) *Engine {
	e := &Engine{MaxHits: MaxHits, bases: map[*Rule]*base{}, lists: newLists()}
	for _, r := range s.Rules {
		e.prepare(r)
	}
	return e
}

func (e *Engine) prepare(r *Rule) {
	if r.Correlated == nil || slices.Contains(e.order, r) {
		return
	}
	for i, target := range r.Correlated.Rules {
		if e.prepare(target); target.Correlated != nil {
			continue
		}
		b := e.bases[target]
		if b == nil {
			b = &base{tuples: map[uint32]uint32{}}
			e.bases[target] = b
		}
		for _, k := range append(slices.Clone(r.Correlated.keys[i]), r.Correlated.values[i]...) {
			if !slices.Contains(b.fields, k.field) {
				b.fields = append(b.fields, k.field)
			}
		}
	}
	e.order = append(e.order, r)
}

// Wants reports whether a correlation refers to a rule.
func (e *Engine) Wants(r *Rule) bool { return e.bases[r] != nil }

// Add notes a hit of a rule. The event is asked for the fields of correlations.
func (e *Engine) Add(r *Rule, h Hit, event Event) {
	b := e.bases[r]
	if b == nil {
		return
	}
	b.now = b.now[:0]
	for _, f := range b.fields {
		values, known := event.Values(f)
		if !known {
			values = nil
		}
		b.now = append(b.now, e.lists.number(values))
	}
	joined := e.lists.join(b.now)
	tuple, ok := b.tuples[joined]
	if !ok {
		tuple = uint32(len(b.added))
		b.tuples[joined] = tuple
		b.lists = append(b.lists, b.now...)
		b.added, b.left = append(b.added, 0), append(b.left, 0)
	}
	if n := len(b.hits); n >= e.MaxHits && b.added[tuple] >= manyHits || n >= 2*e.MaxHits {
		b.left[tuple]++
		b.lost++
		return
	}
	b.added[tuple]++
	b.hits = append(b.hits, baseHit{h.Time, uint32(h.Entry), h.Connection, tuple})
}

// Matches returns the matches of all correlations in order of time, and how many
// hits of which rules were not kept because there were too many.
func (e *Engine) Matches() (matches []*Match, left map[*Rule]int) {
	found := map[*Rule][]*Match{}
	for _, r := range e.order {
		s := &stage{rule: r, lists: &e.lists, groups: map[uint32]uint32{}, left: map[uint32]int{}}
		for ref, target := range r.Correlated.Rules {
			switch {
			case slices.Index(r.Correlated.Rules, target) != ref: // a rule that is listed twice
			case target.Correlated != nil:
				s.addMatches(ref, found[target])
			default:
				s.addHits(ref, e.bases[target])
			}
		}
		found[r] = s.find()
		matches = append(matches, found[r]...)
	}
	left = map[*Rule]int{}
	for r, b := range e.bases {
		if b.lost > 0 {
			left[r] = b.lost
		}
	}
	slices.SortStableFunc(matches, func(a, b *Match) int {
		return cmp.Or(a.Hits[0].compare(b.Hits[0]), byName(a.Rule, b.Rule))
	})
	return matches, left
}

// stage is one correlation with its hits.
type stage struct {
	rule    *Rule
	lists   *lists
	list    []occurrence
	groups  map[uint32]uint32 // by the joined numbers of lists
	members []uint32          // by group and key, numbers of lists
	left    map[uint32]int    // by group, hits not kept
}

// occurrence is a hit in a group.
type occurrence struct {
	Hit
	group uint32
	value uint32 // to count
	ref   uint32 // place of its rule in the correlation
	part  *Match // nil for an entry or login
}

// addHits adds the hits of a rule.
func (s *stage) addHits(ref int, b *base) {
	c := s.rule.Correlated
	groups, values := make([]uint32, len(b.added)), make([][]uint32, len(b.added))
	var numbers []uint32
	for tuple := range values {
		numbers = b.listsOf(numbers[:0], tuple, c.values[ref])
		if values[tuple] = s.valuesOf(numbers); values[tuple] == nil {
			continue
		}
		numbers = b.listsOf(numbers[:0], tuple, c.keys[ref])
		var ok bool
		if groups[tuple], ok = s.group(numbers); !ok {
			values[tuple] = nil
		} else if b.left[tuple] > 0 {
			s.left[groups[tuple]] += int(b.left[tuple])
		}
	}
	n := 0
	for tuple, list := range values {
		n += len(list) * int(b.added[tuple])
	}
	s.list = slices.Grow(s.list, n)
	for _, h := range b.hits {
		for _, v := range values[h.tuple] {
			hit := Hit{h.time, int(h.entry), h.connection}
			s.list = append(s.list, occurrence{Hit: hit, group: groups[h.tuple], value: v, ref: uint32(ref)})
		}
	}
}

// addMatches adds the matches of a correlation.
func (s *stage) addMatches(ref int, matches []*Match) {
	c := s.rule.Correlated
	for _, m := range matches {
		of := func(keys []key) (numbers []uint32) {
			for _, k := range keys {
				numbers = append(numbers, s.lists.number(m.Group[k.group:k.group+1]))
			}
			return numbers
		}
		group, _ := s.group(of(c.keys[ref]))
		values := s.valuesOf(of(c.values[ref]))
		for _, h := range m.Hits[m.Reached:] {
			for _, v := range values {
				s.list = append(s.list, occurrence{h, group, v, uint32(ref), m})
			}
		}
	}
}

// group returns the number of the group of some lists of values, false where one is
// empty. Several values of one field are one of the group.
func (s *stage) group(lists []uint32) (uint32, bool) {
	for k, n := range lists {
		if n == 0 {
			return 0, false
		}
		lists[k] = s.lists.asOne(n)
	}
	joined := s.lists.join(lists)
	group, ok := s.groups[joined]
	if !ok {
		group = uint32(len(s.groups))
		s.groups[joined] = group
		s.members = append(s.members, lists...)
	}
	return group, true
}

// maxCombinations bounds the combinations of values that one hit counts with.
const maxCombinations = 1000

// valuesOf returns the numbers of the values to count, or of their combinations
// where several fields are counted; one where none is, and none where one is
// missing.
func (s *stage) valuesOf(lists []uint32) []uint32 {
	if len(lists) == 0 {
		return s.lists.itself[:1]
	}
	combinations := s.lists.each(lists[0])
	for _, n := range lists[1:] {
		var product []uint32
		for _, before := range combinations {
			for _, v := range s.lists.each(n) {
				product = append(product, s.lists.pair(before, v))
			}
		}
		combinations = product[:min(len(product), maxCombinations)]
	}
	return combinations[:min(len(combinations), maxCombinations)]
}

// isPart is 1 for a hit of a match, which comes behind the entry that made it.
func isPart(o occurrence) int {
	if o.part != nil {
		return 1
	}
	return 0
}

// find evaluates the correlation on each group.
func (s *stage) find() (matches []*Match) {
	order := func(a, b occurrence) int {
		return cmp.Or(cmp.Compare(a.group, b.group), a.Hit.compare(b.Hit), isPart(a)-isPart(b))
	}
	if !slices.IsSortedFunc(s.list, order) {
		slices.SortStableFunc(s.list, order)
	}
	least := s.rule.Correlated.least()
	for rest := s.list; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].group == rest[0].group {
			n++
		}
		list := rest[:n]
		if rest = rest[n:]; n < least {
			continue
		}
		found := newWindow(s.rule, list).slide()
		for _, m := range found {
			m.Rule, m.Group = s.rule, s.groupOf(list[0].group)
		}
		if len(found) > 0 {
			found[len(found)-1].Count += s.left[list[0].group]
		}
		matches = append(matches, found...)
	}
	return matches
}

// groupOf returns the values of a group.
func (s *stage) groupOf(group uint32) (values []string) {
	n := len(s.rule.Correlated.GroupBy)
	for _, list := range s.members[int(group)*n:][:n] {
		values = append(values, s.lists.texts[list])
	}
	return values
}
