package rule

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
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

// Evidence returns all hits down to those of entries and logins, also those that
// made its parts true, up to the last of its own.
func (m *Match) Evidence() []Hit {
	all, last := slices.Clone(m.Hits), m.Hits[len(m.Hits)-1].Time
	for _, part := range m.Parts {
		for _, h := range part.Evidence() {
			if h.Time <= last {
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
	MaxHits int // see the constant
	// Name returns what events have for the connection of a hit; nil for its number.
	Name  func(connection uint32) string
	order []*Rule // correlations, those that others need first
	bases map[*Rule]*base
}

// base is the hits of a rule that correlations refer to. Their events are the same to
// correlations where they have the same values in the fields asked for: a tuple. A log
// may have a connection for each statement, so that those are told apart by number.
type base struct {
	fields       []Field // that correlations ask for
	byConnection bool    // correlations group by connection too
	hits         []baseHit
	values       lists             // of each field
	number       map[uint64]uint32 // of a tuple, by its values and connection
	tuples       []tuple
	lost         int    // hits not kept
	now          []byte // the values of the present hit
}

type tuple struct {
	values, connection uint32
	kept, left         int // hits
}

// baseHit is a hit with the number of its tuple.
type baseHit struct {
	time                     int64
	entry, connection, tuple uint32
}

// NewEngine prepares the correlations of a set.
func NewEngine(s *Set) *Engine {
	e := &Engine{MaxHits: MaxHits, bases: map[*Rule]*base{}}
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
			b = &base{values: newLists(), number: map[uint64]uint32{}}
			e.bases[target] = b
		}
		asked := slices.Clone(r.Correlated.values[i])
		for at, k := range r.Correlated.keys[i] {
			if at == r.Correlated.connection {
				b.byConnection = true
			} else {
				asked = append(asked, k)
			}
		}
		for _, k := range asked {
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
		b.now = appendList(b.now, values)
	}
	now := tuple{values: b.values.number(b.now)}
	if b.byConnection {
		now.connection = h.Connection
	}
	key := uint64(now.values)<<32 | uint64(now.connection)
	n, ok := b.number[key]
	if !ok {
		n = uint32(len(b.tuples))
		b.tuples = append(b.tuples, now)
		b.number[key] = n
	}
	t := &b.tuples[n]
	if n := len(b.hits); n >= e.MaxHits && t.kept >= manyHits || n >= 2*e.MaxHits {
		t.left++
		b.lost++
		return
	}
	t.kept++
	b.hits = append(b.hits, baseHit{h.Time, uint32(h.Entry), h.Connection, n})
}

// lists numbers lists of values, see appendList, as they come.
type lists struct {
	numbers map[string]uint32
	texts   []string // by number
}

func newLists() lists { return lists{numbers: map[string]uint32{}} }

func (l *lists) number(text []byte) uint32 {
	n, ok := l.numbers[string(text)]
	if !ok {
		n = uint32(len(l.texts))
		l.texts = append(l.texts, string(text))
		l.numbers[l.texts[n]] = n
	}
	return n
}

// appendList appends a list of values as a text that no other list has.
func appendList(dst []byte, values []string) []byte {
	dst = append(strconv.AppendInt(dst, int64(len(values)), 10), ' ')
	for _, v := range values {
		dst = append(strconv.AppendInt(dst, int64(len(v)), 10), ' ')
		dst = append(dst, v...)
	}
	return dst
}

// cutList appends the list at the beginning of a text to values and returns what is
// behind it.
func cutList(values []string, text string) (list []string, rest string) {
	number := func() int {
		var digits string
		digits, text, _ = strings.Cut(text, " ")
		n, _ := strconv.Atoi(digits)
		return n
	}
	for range number() {
		n := number()
		values, text = append(values, text[:n]), text[n:]
	}
	return values, text
}

// Matches returns the matches of all correlations in order of time, and how many
// hits of which rules were not kept because there were too many.
func (e *Engine) Matches() (matches []*Match, left map[*Rule]int) {
	found := map[*Rule][]*Match{}
	for _, r := range e.order {
		s := &stage{rule: r, name: e.Name, groups: newLists(), counted: newLists(), left: map[uint64]int{}}
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
	name    func(connection uint32) string
	list    []occurrence
	groups  lists          // the values of each
	counted lists          // of values to count
	left    map[uint64]int // by group, hits not kept
	group   []string       // the present one
	text    []byte         // of a list
}

// occurrence is a hit in a group.
type occurrence struct {
	Hit
	group uint64 // the number of its values, and below it the connection if it is of one
	value uint32 // to count
	ref   uint32 // place of its rule in the correlation
	part  *Match // nil for an entry or login
}

// place is where hits belong: a group but for the connection, and what they count as
// in it.
type place struct {
	group  uint32
	values []uint32 // none where one is missing
}

// addHits adds the hits of a rule.
func (s *stage) addHits(ref int, b *base) {
	places := make([]place, len(b.values.texts))
	values := make([][]string, len(b.fields))
	for k, rest := range b.values.texts {
		for f := range values {
			values[f], rest = cutList(values[f][:0], rest)
		}
		places[k] = s.place(ref, func(k key) []string { return values[slices.Index(b.fields, k.field)] })
	}
	n := 0
	for _, t := range b.tuples {
		p := places[t.values]
		n += len(p.values) * t.kept
		if t.left > 0 && len(p.values) > 0 {
			s.left[s.groupOf(p, t.connection)] += t.left
		}
	}
	s.list = slices.Grow(s.list, n)
	for _, h := range b.hits {
		s.add(ref, places[b.tuples[h.tuple].values], Hit{h.time, int(h.entry), h.connection}, nil)
	}
}

// addMatches adds the matches of a correlation.
func (s *stage) addMatches(ref int, matches []*Match) {
	for _, m := range matches {
		p := s.place(ref, func(k key) []string { return m.Group[k.group : k.group+1] })
		for _, h := range m.Hits[m.Reached:] {
			s.add(ref, p, h, m)
		}
	}
}

func (s *stage) add(ref int, p place, h Hit, part *Match) {
	group := s.groupOf(p, h.Connection)
	for _, v := range p.values {
		s.list = append(s.list, occurrence{h, group, v, uint32(ref), part})
	}
}

// groupOf returns the group of hits of a connection.
func (s *stage) groupOf(p place, connection uint32) uint64 {
	if s.rule.Correlated.connection < 0 {
		connection = 0
	}
	return uint64(p.group)<<32 | uint64(connection)
}

// valuesOf returns the values of a group.
func (s *stage) valuesOf(group uint64) []string {
	values, _ := cutList(nil, s.groups.texts[group>>32])
	at, connection := s.rule.Correlated.connection, uint32(group)
	if at < 0 {
		return values
	}
	if values[at] = strconv.Itoa(int(connection)); s.name != nil {
		values[at] = s.name(connection)
	}
	return values
}

// maxCombinations bounds the combinations of values that one hit counts with.
const maxCombinations = 1000

// place finds the place of hits of a rule that have values in common. Several values
// of one field are one of the group; of fields whose values are counted each
// combination counts.
func (s *stage) place(ref int, valuesOf func(key) []string) (p place) {
	c := s.rule.Correlated
	combinations := everything
	for _, k := range c.values[ref] {
		var product [][]string
		for _, before := range combinations {
			for _, v := range valuesOf(k) {
				product = append(product, append(slices.Clip(before), v))
			}
		}
		combinations = product[:min(len(product), maxCombinations)]
	}
	group := s.group[:0]
	for at, k := range c.keys[ref] {
		if at == c.connection {
			group = append(group, "")
			continue
		}
		values := valuesOf(k)
		if len(values) == 0 {
			return place{}
		}
		group = append(group, strings.Join(values, ", "))
	}
	p.values = slices.Grow(p.values, len(combinations))
	for _, values := range combinations {
		s.text = appendList(s.text[:0], values)
		p.values = append(p.values, s.counted.number(s.text))
	}
	if s.group = group; len(p.values) > 0 {
		s.text = appendList(s.text[:0], group)
		p.group = s.groups.number(s.text)
	}
	return p
}

// everything is the combination of no values.
var everything = [][]string{nil}

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
	w := newWindow(s.rule.Correlated)
	for rest := s.list; len(rest) > 0; {
		group, n := rest[0].group, 1
		for n < len(rest) && rest[n].group == group {
			n++
		}
		found := w.slide(rest[:n])
		for _, m := range found {
			m.Rule, m.Group = s.rule, s.valuesOf(group)
		}
		if len(found) > 0 {
			found[len(found)-1].Count += s.left[group]
		}
		matches, rest = append(matches, found...), rest[n:]
	}
	return matches
}
