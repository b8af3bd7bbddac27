package rule

import "strings"

// lists numbers lists of values, so that hits are compared by numbers. That of the
// empty list is 0.
type lists struct {
	single  map[string]uint32
	several map[uint32]uint32 // by the joined numbers of the values
	all     []list            // by number
	itself  []uint32          // the number, by number
	pairs   map[[2]uint32]uint32
}

// list is some values of one field.
type list struct {
	text   string   // all of them, for a group
	joined uint32   // number of the list whose one value is text
	each   []uint32 // numbers of the lists of one value each
}

func newLists() lists {
	return lists{single: map[string]uint32{}, several: map[uint32]uint32{}, all: make([]list, 1), itself: make([]uint32, 1), pairs: map[[2]uint32]uint32{}}
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
		text := strings.Join(values, ", ")
		n = l.add(list{text: text, joined: l.one(text), each: each})
		l.several[l.join(each)] = n
	}
	return n
}

// one returns the number of a list of one value.
func (l *lists) one(value string) uint32 {
	n, ok := l.single[value]
	if !ok {
		n = l.add(list{text: value})
		l.all[n].joined, l.all[n].each = n, l.itself[n:]
		l.single[value] = n
	}
	return n
}

func (l *lists) add(entry list) uint32 {
	n := uint32(len(l.all))
	l.all, l.itself = append(l.all, entry), append(l.itself, n)
	return n
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
