package rule

import "strings"

// lists numbers lists of values, so that hits are compared by numbers. That of the
// empty list is 0.
type lists struct {
	single  map[string]uint32
	several map[uint32]uint32 // by the joined numbers of the values
	texts   []string          // by number, all values, for a group
	itself  []uint32          // by number, the number
	long    map[uint32]long   // of lists of several values
	pairs   map[[2]uint32]uint32
}

// long is what only a list of several values has.
type long struct {
	joined uint32   // number of the list whose one value is the text of this one
	each   []uint32 // numbers of the lists of one value each
}

func newLists() lists {
	l := lists{single: map[string]uint32{}, several: map[uint32]uint32{}, long: map[uint32]long{}, pairs: map[[2]uint32]uint32{}}
	l.add("")
	return l
}

// number returns the number of a list.
func (l *lists) number(values []string) uint32 {
	switch len(values) {
	case 0:
		return 0
	case 1:
		return l.one(values[0])
	}
	each := make([]uint32, len(values))
	for k, v := range values {
		each[k] = l.one(v)
	}
	n, ok := l.several[l.join(each)]
	if !ok {
		n = l.add(strings.Join(values, ", "))
		l.long[n] = long{l.one(l.texts[n]), each}
		l.several[l.join(each)] = n
	}
	return n
}

// one returns the number of a list of one value.
func (l *lists) one(value string) uint32 {
	n, ok := l.single[value]
	if !ok {
		n = l.add(value)
		l.single[value] = n
	}
	return n
}

func (l *lists) add(text string) uint32 {
	n := uint32(len(l.texts))
	l.texts, l.itself = append(l.texts, text), append(l.itself, n)
	return n
}

// asOne returns the number of the list whose one value is all of a list.
func (l *lists) asOne(n uint32) uint32 {
	if long, ok := l.long[n]; ok {
		return long.joined
	}
	return n
}

// each returns the numbers of the lists of one value of a list each.
func (l *lists) each(n uint32) []uint32 {
	if long, ok := l.long[n]; ok {
		return long.each
	}
	return l.itself[n : n+1][:min(n, 1)]
}

// join returns one number for several: itself for one, 0 for none.
func (l *lists) join(numbers []uint32) (n uint32) {
	for k, m := range numbers {
		if k == 0 {
			n = m
		} else {
			n = l.pair(n, m)
		}
	}
	return n
}

// isPair is set in the number of a pair, which no list has.
const isPair = 1 << 31

// pair returns the number of a pair of numbers.
func (l *lists) pair(a, b uint32) uint32 {
	n, ok := l.pairs[[2]uint32{a, b}]
	if !ok {
		n = isPair | uint32(len(l.pairs))
		l.pairs[[2]uint32{a, b}] = n
	}
	return n
}
