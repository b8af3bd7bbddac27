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
}

// logins groups all that tried to log in and whose outcome is known by host, user and
// account, those left out whose account is not in the log. A list of them all beside these
// would take more memory than anything after it.
func (l *learner) logins() {
	conns := l.log.Connections
	turned := func(c uint32) bool { k := conns.Peek(int(c)); return k.Outcome.Refused() && k.Host != 0 }
	for c := range l.sender {
		if turned(uint32(c)) {
			l.sender[c] = l.add(conns.Peek(c).User, conns.Peek(c).Host)
		}
	}
	for _, c := range conns.UserChanges() {
		l.add(c.User, c.Host)
	}
	attempts := func(yield func(a connection.Attempt) bool) {
		for _, a := range conns.Attempts {
			known := a.Change || a.Outcome == connection.Accepted || turned(a.Connection)
			if known && !yield(a) {
				return
			}
		}
	}
	nobody := uint32(len(l.accounts)) // a key that is not asked for
	account := func(a *connection.Attempt) uint32 {
		n := l.sender[a.Connection]
		if a.Change {
			n = l.Number(a.User, a.Host)
		}
		return min(n, nobody)
	}
	total, texts, base := 0, uint32(0), false
	for a := range attempts {
		total++
		texts = max(texts, a.User+1, a.Host+1)
		base = base || l.inBase(&a)
	}
	l.byHost, l.byUser, l.byPair = newLogins(texts, total, base), newLogins(texts, total, base), newLogins(nobody+1, total, base)
	for a := range attempts {
		l.byHost.start[a.Host+1]++
		l.byUser.start[a.User+1]++
		l.byPair.start[account(&a)+1]++
	}
	all := []*logins{&l.byHost, &l.byUser, &l.byPair}
	var next [3][]uint32
	for k, by := range all {
		next[k] = by.begin()
	}
	for a := range attempts {
		for k, key := range [...]uint32{a.Host, a.User, account(&a)} {
			all[k].place(next[k], key, &a, base && l.inBase(&a))
		}
	}
	for _, by := range all {
		by.accepted.count()
	}
	for c := range l.sender {
		if turned(uint32(c)) {
			l.sender[c] = NoAccount
		}
	}
}

// inBase reports whether an attempt got in within the period of the baseline.
func (h *History) inBase(a *connection.Attempt) bool {
	return a.Outcome == connection.Accepted && h.inPeriod(a.Entry)
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

// logins lists attempts by a key, in order of the log.
type logins struct {
	start    []uint32 // by key, where its attempts begin; one more at the end
	entry    []uint32
	accepted marks    // which of them were
	base     []uint32 // how many of a key's up to this one were in the period of the baseline; nil where it has none
}

// newLogins returns room for so many attempts by keys below keys.
func newLogins(keys uint32, attempts int, base bool) logins {
	l := logins{start: make([]uint32, keys+1), entry: make([]uint32, attempts), accepted: newMarks(attempts)}
	if base {
		l.base = make([]uint32, attempts)
	}
	return l
}

// begin makes starts of what was counted in start, one key further on, and returns where
// the next attempt of each key goes.
func (l *logins) begin() (next []uint32) {
	for k := range len(l.start) - 1 {
		l.start[k+1] += l.start[k]
	}
	return slices.Clone(l.start)
}

// place puts an attempt behind those of its key before it.
func (l *logins) place(next []uint32, key uint32, a *connection.Attempt, base bool) {
	at := next[key]
	next[key]++
	l.entry[at] = a.Entry
	if a.Outcome == connection.Accepted {
		l.accepted.set(at)
	}
	if l.base == nil {
		return
	}
	if at > l.start[key] {
		l.base[at] = l.base[at-1]
	}
	if base {
		l.base[at]++
	}
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
func (l *logins) before(key uint32, entry int) (out Logins) {
	if int(key)+1 >= len(l.start) {
		return out
	}
	from, to := l.start[key], l.start[key+1]
	n, _ := slices.BinarySearchFunc(l.entry[from:to], entry, func(e uint32, entry int) int { return cmp.Compare(int(e), entry) })
	if n > 0 {
		out.Accepted = l.accepted.within(from, from+uint32(n))
		out.Failed = n - out.Accepted
	}
	if l.base != nil && from < to {
		out.Accepted += int(l.base[to-1])
		if n > 0 {
			out.Accepted -= int(l.base[int(from)+n-1])
		}
	}
	return out
}
