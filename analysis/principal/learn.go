package principal

import (
	"cmp"
	"context"
	"slices"

	"sqleuth/analysis/connection"
)

// learner passes over the entries.
type learner struct {
	*History
	sender  []uint32            // by connection, the account that it is now; NoAccount for one that was turned away
	changes []change            // to come, in order of the log
	index   map[[2]uint32]int32 // by account and digest, index in sent
	recent  []recent            // by a few bits of row and account, so that the index is seldom asked
}

// change is the entry from which on a connection is another account.
type change struct {
	entry, connection, account uint32
}

// recent is where a row of an account is counted.
type recent struct {
	row, account uint32
	sent         int32 // index in sent, -1 where the digest is not kept
}

const recentBits = 16

// newLearner finds which account each connection begins as, and when that changes. It
// numbers the accounts that were not turned away; they have profiles.
func (h *History) newLearner() *learner {
	conns := h.log.Connections
	l := &learner{History: h, sender: make([]uint32, conns.Len()), index: map[[2]uint32]int32{}, recent: make([]recent, 1<<recentBits)}
	for c := range l.sender {
		k := conns.Peek(c)
		if turnedAway(k.Outcome) || k.Outcome == connection.Pending {
			l.sender[c] = NoAccount
			continue
		}
		l.sender[c] = h.add(k.User, k.Host)
		if !conns.Changes(c) {
			continue
		}
		conns.Identities(c, func(from int, id connection.Identity) bool {
			l.changes = append(l.changes, change{uint32(from), uint32(c), h.add(id.User, id.Host)})
			return true
		})
	}
	slices.SortFunc(l.changes, func(a, b change) int { return cmp.Compare(a.entry, b.entry) })
	h.profiles = make([]Account, len(h.accounts))
	for p, n := range h.accounts {
		h.profiles[n].User, h.profiles[n].Host = p.user, p.host
	}
	for i := range l.recent {
		l.recent[i].account = NoAccount
	}
	return l
}

// run fills profiles and sent.
func (l *learner) run(ctx context.Context) error {
	v := l.log.Entries
	now := newClock()
	for s := range v.Spans() {
		if err := ctx.Err(); err != nil {
			return err
		}
		span := v.Span(s)
		for j, row := range span.Row {
			l.entry(uint32(span.First+j), span.Connection[j], row, now.at(span.Time[j]))
		}
	}
	l.arrange()
	return nil
}

// entry adds an entry of a half hour.
func (l *learner) entry(i, conn, row uint32, half int32) {
	for len(l.changes) > 0 && l.changes[0].entry <= i {
		l.sender[l.changes[0].connection] = l.changes[0].account
		l.changes = l.changes[1:]
	}
	l.past.add(i, half)
	account := l.sender[conn]
	if int(account) >= len(l.profiles) {
		return
	}
	a := &l.profiles[account]
	if a.Entries == 0 {
		a.First = i
	}
	a.Last = i
	a.Entries++
	a.add(i, half)
	digest := l.log.Rows[row].Digest
	if digest == 0 {
		return
	}
	r := &l.recent[(row*0x9e3779b1^account*0x85ebca6b)>>(32-recentBits)]
	if r.row != row || r.account != account {
		*r = recent{row, account, l.find(account, digest, i)}
	}
	if r.sent < 0 {
		return
	}
	s := &l.sent[r.sent]
	s.Last = i
	s.Entries++
	s.add(i, half)
}

// find returns the index of an account's digest in sent, -1 where there is no room
// for it.
func (l *learner) find(account, digest, entry uint32) int32 {
	k := [2]uint32{account, digest}
	at, ok := l.index[k]
	switch {
	case ok:
		return at
	case len(l.sent) == maxSent:
		return -1
	}
	at = int32(len(l.sent))
	l.index[k] = at
	l.sent = append(l.sent, Sent{Account: account, Digest: digest, First: entry})
	return at
}

// arrange sorts what was sent by account and digest.
func (l *learner) arrange() {
	slices.SortFunc(l.sent, func(a, b Sent) int { return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Digest, b.Digest)) })
	l.start = make([]uint32, len(l.profiles)+1)
	for i := range l.sent {
		l.start[l.sent[i].Account+1]++
	}
	for a := range l.profiles {
		l.start[a+1] += l.start[a]
	}
}
