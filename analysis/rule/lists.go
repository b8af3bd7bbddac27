package rule

import (
	"encoding/binary"
	"strings"
)

// lists numbers lists of values, so that hits are compared by numbers. That of the
// empty list is 0.
type lists struct {
	single  map[string]uint32
	several map[string]uint32 // by the numbers of the values
	all     []list            // by number
	itself  []uint32          // the number, by number
	key     []byte
}

// list is some values of one field.
type list struct {
	text   string   // all of them, for a group
	joined uint32   // number of the list whose one value is text
	each   []uint32 // numbers of the lists of one value each
}

func newLists() lists {
	return lists{single: map[string]uint32{}, several: map[string]uint32{}, all: make([]list, 1), itself: make([]uint32, 1)}
}

// number returns the number of a list.
func (l *lists) number(values []string) uint32 {
	switch len(values) {
	case 0:
		return 0
	case 1:
		return l.one(values[0])
	}
	l.key = l.key[:0]
	for _, v := range values {
		l.key = binary.LittleEndian.AppendUint32(l.key, l.one(v))
	}
	n, ok := l.several[string(l.key)]
	if !ok {
		text := strings.Join(values, ", ")
		n = l.add(list{text: text, joined: l.one(text), each: numbersIn(l.key)})
		l.several[string(l.key)] = n
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

// numbersIn returns the numbers that a key is made of.
func numbersIn(key []byte) (numbers []uint32) {
	for ; len(key) > 0; key = key[4:] {
		numbers = append(numbers, binary.LittleEndian.Uint32(key))
	}
	return numbers
}
