package rule

import (
	"cmp"
	"encoding/binary"
	"slices"
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

// MaxHits is how many hits an Engine keeps for each correlation before it begins to
// leave out those of groups that have many already. Each takes 48 bytes.
const MaxHits = 4 << 20

// manyHits is how many hits a group may add when MaxHits is reached.
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
	stages  []*stage
	wanted  map[*Rule][]consumer
}

// consumer is a correlation with the place that a rule has in it.
type consumer struct {
	stage *stage
	ref   int
}

// stage is one correlation with what was added for it.
type stage struct {
	rule     *Rule
	list     []occurrence
	groups   map[string]uint32
	texts    []string // by group
	added    []uint32 // by group, occurrences kept
	left     []uint32 // by group, occurrences not kept
	values   map[string]uint32
	scratch  []byte
	anyLeft  int
	finished []*Match
}

// occurrence is a hit in a group.
type occurrence struct {
	Hit
	group uint32
	value uint32 // to count
	ref   uint32 // place of its rule in the correlation
	part  *Match // nil for an entry or login
}

// NewEngine prepares the correlations of a set.
func NewEngine(s *Set) *Engine {
	e := &Engine{MaxHits: MaxHits, wanted: map[*Rule][]consumer{}}
	done := map[*Rule]bool{}
	var visit func(r *Rule)
	visit = func(r *Rule) {
		if r.Correlated == nil || done[r] {
			return
		}
		done[r] = true
		for _, target := range r.Correlated.Rules {
			visit(target)
		}
		st := &stage{rule: r, groups: map[string]uint32{}, values: map[string]uint32{}}
		e.stages = append(e.stages, st)
		for i, target := range r.Correlated.Rules {
			if slices.Index(r.Correlated.Rules, target) == i {
				e.wanted[target] = append(e.wanted[target], consumer{st, i})
			}
		}
	}
	for _, r := range s.Rules {
		visit(r)
	}
	return e
}

// Wants reports whether a correlation refers to a rule.
func (e *Engine) Wants(r *Rule) bool { return len(e.wanted[r]) > 0 }

// Add notes a hit of a rule. The event is asked for the values of groups.
func (e *Engine) Add(r *Rule, h Hit, event Event) {
	for _, c := range e.wanted[r] {
		of := c.stage.rule.Correlated
		group, ok := c.stage.group(of.keys[c.ref], func(k key) ([]string, bool) { return event.Values(k.field) })
		if !ok {
			continue
		}
		o := occurrence{Hit: h, group: group, ref: uint32(c.ref)}
		c.stage.addValues(o, of.values[c.ref], e.MaxHits, func(k key) ([]string, bool) { return event.Values(k.field) })
	}
}

// group returns the number of the group of some values, false where one is missing.
// Several values of one field are one of the group.
func (s *stage) group(keys []key, values func(key) ([]string, bool)) (uint32, bool) {
	s.scratch = s.scratch[:0]
	for _, k := range keys {
		list, known := values(k)
		if len(list) == 0 || !known {
			return 0, false
		}
		s.scratch = appendText(s.scratch, strings.Join(list, ", "))
	}
	group, ok := s.groups[string(s.scratch)]
	if !ok {
		group = uint32(len(s.texts))
		s.texts = append(s.texts, string(s.scratch))
		s.groups[s.texts[group]] = group
		s.added, s.left = append(s.added, 0), append(s.left, 0)
	}
	return group, true
}

// addValues adds an occurrence for each value to count, or one where none is
// counted.
func (s *stage) addValues(o occurrence, keys []key, limit int, values func(key) ([]string, bool)) {
	combinations := []string{""}
	for _, k := range keys {
		list, known := values(k)
		if !known || len(list) == 0 {
			return
		}
		var product []string
		for _, before := range combinations {
			for _, v := range list {
				product = append(product, string(appendText([]byte(before), v)))
			}
		}
		combinations = product[:min(len(product), manyHits)]
	}
	for _, text := range combinations {
		value, ok := s.values[text]
		if !ok {
			value = uint32(len(s.values))
			s.values[text] = value
		}
		o.value = value
		s.add(o, limit)
	}
}

func (s *stage) add(o occurrence, limit int) {
	full := len(s.list) >= limit && s.added[o.group] >= manyHits || len(s.list) >= 2*limit
	if full {
		s.left[o.group]++
		s.anyLeft++
		return
	}
	s.added[o.group]++
	s.list = append(s.list, o)
}

// appendText appends a text so that several can be told apart again.
func appendText(to []byte, text string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(text))), text...)
}

// cutTexts undoes appendText.
func cutTexts(joined string) []string {
	var list []string
	for len(joined) > 0 {
		n, skip := binary.Uvarint([]byte(joined[:min(len(joined), binary.MaxVarintLen64)]))
		list = append(list, joined[skip:skip+int(n)])
		joined = joined[skip+int(n):]
	}
	return list
}

// Matches returns the matches of all correlations in order of time, and how many
// hits of which correlations were not kept because there were too many.
func (e *Engine) Matches() (matches []*Match, left map[*Rule]int) {
	left = map[*Rule]int{}
	for _, s := range e.stages {
		s.find()
		matches = append(matches, s.finished...)
		if s.anyLeft > 0 {
			left[s.rule] = s.anyLeft
		}
		for _, m := range s.finished {
			e.pass(m)
		}
		s.list, s.groups, s.values = nil, nil, nil
	}
	slices.SortStableFunc(matches, func(a, b *Match) int {
		return cmp.Or(a.Hits[0].compare(b.Hits[0]), byName(a.Rule, b.Rule))
	})
	return matches, left
}

// pass adds a match to the correlations that want it.
func (e *Engine) pass(m *Match) {
	values := func(k key) ([]string, bool) { return m.Group[k.group : k.group+1], true }
	for _, c := range e.wanted[m.Rule] {
		of := c.stage.rule.Correlated
		group, _ := c.stage.group(of.keys[c.ref], values)
		for _, h := range m.Hits[m.Reached:] {
			c.stage.addValues(occurrence{Hit: h, group: group, ref: uint32(c.ref), part: m}, of.values[c.ref], e.MaxHits, values)
		}
	}
}

// isPart is 1 for a hit of a match, which comes behind the entry that made it.
func isPart(o occurrence) int {
	if o.part != nil {
		return 1
	}
	return 0
}

// find evaluates the correlation on each group.
func (s *stage) find() {
	slices.SortStableFunc(s.list, func(a, b occurrence) int {
		return cmp.Or(cmp.Compare(a.group, b.group), a.Hit.compare(b.Hit), isPart(a)-isPart(b))
	})
	least := s.rule.Correlated.least()
	for rest := s.list; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].group == rest[0].group {
			n++
		}
		group, list := rest[0].group, rest[:n]
		if rest = rest[n:]; n < least {
			continue
		}
		found := newWindow(s.rule, list).slide()
		for _, m := range found {
			m.Rule, m.Group = s.rule, cutTexts(s.texts[group])
		}
		if len(found) > 0 {
			found[len(found)-1].Count += int(s.left[group])
		}
		s.finished = append(s.finished, found...)
	}
}
