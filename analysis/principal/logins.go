package principal

import (
	"cmp"
	"math/bits"
	"slices"

	"sqleuth/analysis/connection"
)

// Logins are what somebody had tried before a moment.
type Logins struct {
	Accepted int // those of the baseline too, whenever they were
	Failed   int
	First    int // entry of the first accepted one before the moment, -1 for none
}

// attempt is a login, or a change of the user within a connection.
type attempt struct {
	entry      uint32
	user, host uint32
	account    uint32
	failed     bool
	base       bool // within the period of the baseline
}

// attempts lists the logins whose outcome is known, in order of the log. One whose
// account is not in the log is left out. senders are the accounts of connections.
func (h *History) attempts(senders []uint32) []attempt {
	v := h.log.Connections
	list := make([]attempt, 0, v.Len())
	for i := range v.Len() {
		switch c := v.Peek(i); {
		case c.Outcome == connection.Accepted:
			list = append(list, attempt{c.First, c.User, c.Host, senders[i], false, h.inPeriod(c.First)})
		case turnedAway(c.Outcome) && c.Host != 0:
			list = append(list, attempt{c.First, c.User, c.Host, h.add(c.User, c.Host), true, false})
		}
	}
	for _, c := range v.UserChanges() {
		list = append(list, attempt{c.Entry, c.User, c.Host, h.add(c.User, c.Host), c.Refused, !c.Refused && h.inPeriod(c.Entry)})
	}
	byEntry := func(a, b attempt) int { return cmp.Compare(a.entry, b.entry) }
	if !slices.IsSortedFunc(list, byEntry) {
		slices.SortStableFunc(list, byEntry)
	}
	return list
}

// marks are some of the items of a list, at little more than a bit each.
type marks struct {
	bits   []uint64
	before []uint32 // by word of bits, how many there are in the words before it
}

func newMarks(items int) marks {
	return marks{make([]uint64, items/64+1), make([]uint32, items/64+1)}
}

// set marks an item; count must follow before anything is asked.
func (m *marks) set(item uint32) { m.bits[item/64] |= 1 << (item % 64) }

func (m *marks) count() {
	n := uint32(0)
	for k, word := range m.bits {
		m.before[k] = n
		n += uint32(bits.OnesCount64(word))
	}
}

// within returns how many items from <= i < to are marked.
func (m *marks) within(from, to uint32) int { return int(m.below(to) - m.below(from)) }

func (m *marks) below(item uint32) uint32 {
	k := item / 64
	return m.before[k] + uint32(bits.OnesCount64(m.bits[k]&(1<<(item%64)-1)))
}

func turnedAway(o connection.Outcome) bool { return o == connection.Denied || o == connection.Failed }

// logins lists attempts by a key, in order of the log.
type logins struct {
	start    []uint32 // by key, where its attempts begin; one more at the end
	entry    []uint32
	accepted marks    // which of them were
	base     []uint32 // how many of a key's up to this one were in the period of the baseline; nil where it has none
}

// groupLogins groups attempts by keys from 0 to keys-1.
func groupLogins(list []attempt, keys int, key func(a *attempt) uint32) logins {
	l := logins{start: make([]uint32, keys+1), entry: make([]uint32, len(list)), accepted: newMarks(len(list))}
	if slices.ContainsFunc(list, func(a attempt) bool { return a.base }) {
		l.base = make([]uint32, len(list))
	}
	for i := range list {
		l.start[key(&list[i])+1]++
	}
	for k := range keys {
		l.start[k+1] += l.start[k]
	}
	next := slices.Clone(l.start[:keys])
	for i := range list {
		k := key(&list[i])
		at := next[k]
		next[k]++
		l.entry[at] = list[i].entry
		if !list[i].failed {
			l.accepted.set(at)
		}
		if l.base == nil {
			continue
		}
		if at > l.start[k] {
			l.base[at] = l.base[at-1]
		}
		if list[i].base {
			l.base[at]++
		}
	}
	l.accepted.count()
	return l
}

// refused counts the keys with attempts none of which was accepted.
func (l *logins) refused() (n int) {
	for k := 1; k < len(l.start); k++ {
		if l.start[k] > l.start[k-1] && l.accepted.within(l.start[k-1], l.start[k]) == 0 {
			n++
		}
	}
	return n
}

// before counts the attempts of a key before an entry, and the accepted ones of the
// baseline's period.
func (l *logins) before(key uint32, entry int) Logins {
	out := Logins{First: -1}
	if int(key)+1 >= len(l.start) {
		return out
	}
	from, to := l.start[key], l.start[key+1]
	n, _ := slices.BinarySearchFunc(l.entry[from:to], entry, func(e uint32, entry int) int { return cmp.Compare(int(e), entry) })
	if n > 0 {
		out.Accepted = l.accepted.within(from, from+uint32(n))
		out.Failed = n - out.Accepted
	}
	if out.Accepted > 0 {
		first, _ := Tries{l, from, to}.NextAccepted(0)
		out.First = first
	}
	if l.base != nil && from < to {
		out.Accepted += int(l.base[to-1])
		if n > 0 {
			out.Accepted -= int(l.base[int(from)+n-1])
		}
	}
	return out
}
