package pipeline

import "sqleuth/analysis/fact"

// factDict numbers sets of facts in order of the log; 0 is the empty set.
//
// Their number is bounded, and yet none may hide behind a flood of others: from
// each of the bounds on, sets that are not known are made coarser. What is left at
// the end comes from a fixed vocabulary.
type factDict struct {
	index map[fact.Set]uint32
	sets  []fact.Set
	used  [len(factBounds)]factRoom
	full  bool
	// coarse remembers the answers of coarser, by level and number.
	coarse [len(factBounds) + 1]map[uint32]uint32
}

// factRoom is how many sets, and bytes of them, there are or may be.
type factRoom struct{ sets, bytes int }

// factBounds bound whole sets and coarse ones; by level, coarsen is what becomes of
// those beyond.
var (
	factBounds = [...]factRoom{{1 << 15, 16 << 20}, {1 << 15, 16 << 20}}
	coarsen    = [...]func(fact.Set) fact.Set{fact.Coarse, fact.Gravest}
)

func newFactDict() *factDict {
	return &factDict{index: map[fact.Set]uint32{"": 0}, sets: []fact.Set{""}}
}

// Intern returns the number of a set, a new one for a new set.
func (d *factDict) Intern(set string) uint32 { return d.intern(fact.Set(set), 0) }

// intern is Intern for a set that was made coarser so many times.
func (d *factDict) intern(s fact.Set, level int) uint32 {
	for ; level < len(factBounds); level++ {
		if n, ok := d.index[s]; ok {
			return n
		}
		if d.take(level, len(s)) {
			return d.add(s)
		}
		s = coarsen[level](s)
	}
	if n, ok := d.index[s]; ok {
		return n
	}
	return d.add(s)
}

// take reports whether there is room for one more set on a level. There is none any
// more from the first set on that found none.
func (d *factDict) take(level, size int) bool {
	used, bound := &d.used[level], &factBounds[level]
	if used.sets == bound.sets || used.bytes+size > bound.bytes {
		used.sets, d.full = bound.sets, true
		return false
	}
	used.sets++
	used.bytes += size
	return true
}

func (d *factDict) add(s fact.Set) uint32 {
	n := uint32(len(d.sets))
	d.index[s] = n
	d.sets = append(d.sets, s)
	return n
}

// coarser returns the number of what becomes of a set on a level.
func (d *factDict) coarser(n uint32, level int) uint32 {
	m, ok := d.coarse[level][n]
	if ok {
		return m
	}
	s := d.sets[n]
	for k := range level {
		s = coarsen[k](s)
	}
	if d.coarse[level] == nil {
		d.coarse[level] = map[uint32]uint32{}
	}
	m = d.intern(s, level)
	d.coarse[level][n] = m
	return m
}
