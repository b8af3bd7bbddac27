package principal

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
	"sqleuth/analysis/wording"
)

// Kind is what is new.
type Kind uint8

// The kinds, from the widest to the narrowest.
const (
	User Kind = iota
	Host
	Network
	Pair // user@host
	Table
	Digest
)

var kindText = [...]string{"user", "host", "network", "user@host", "table", "digest"}

// String returns the kind as files have it.
func (k Kind) String() string { return kindText[k] }

// Novelty is something that was not there before: a principal, or a table or a digest
// of an account.
type Novelty struct {
	Kind        Kind
	Name        string // of the user, host, network or table, or the digest's text
	User, Host  string // whose table or digest it is, or the pair; empty otherwise
	Hash        string // SHA-256 of a digest, empty otherwise
	First       int    // entry
	Entries     int
	Connections int
	HalfHours   int // in how many half hours it occurs
	Of          int // of how many in which the account is active, the log for principals
	// Whole is whether the account is new itself, so that all of it is.
	Whole bool
	// FirstTime is when it was first seen in the log; Unzoned: by a clock whose zone
	// is not known.
	FirstTime store.Moment
	Unzoned   bool
}

// Reason returns a sentence that explains why it is new.
func (n *Novelty) Reason() string {
	text := ""
	switch n.Kind {
	case Table:
		text = fmt.Sprintf("table %s new to %s: first named", wording.Name(n.Name), n.account())
	case Digest:
		text = fmt.Sprintf("digest new to %s: first sent", n.account())
	case Pair:
		text = n.account() + ": first seen"
	default:
		text = fmt.Sprintf("%s %s: first seen", n.Kind, wording.Name(n.Name))
	}
	if n.FirstTime.Known() {
		text += " " + n.FirstTime.Format("2006-01-02 15:04")
		if !n.Unzoned {
			text += " UTC"
		}
	} else {
		text += fmt.Sprintf(" in entry %d", n.First+1)
	}
	if n.Of > 0 {
		text += fmt.Sprintf(", in %d of %s", n.HalfHours, wording.Counted(n.Of, "half hour", "half hours"))
	}
	return text
}

func (n *Novelty) account() string {
	if n.User == "-" && n.Host == "-" {
		return "somebody whose login the log does not show"
	}
	return wording.Name(n.User) + "@" + wording.Name(n.Host)
}

// MaxNovel is how many new things are kept; those that come first in the log.
const MaxNovel = 1 << 16

// Without a baseline, what appears after the first part of the log is new where it
// occurs in a small share of the half hours, or in a single one.
const (
	settledPart  = 0.25
	smallShare   = 10 // one in so many
	alwaysFewest = 1
)

// Novel is what is new in a log.
type Novel struct {
	List []Novelty // by kind, then by first entry
	// Total counts what is new, more than in List where there is more than is kept.
	Total int
	// Users and Hosts count those that were turned away each time; none is in List.
	Users, Hosts int
}

// Against describes in words what Novel compares with.
func (h *History) Against() string {
	b := h.Baseline
	switch {
	case b == nil:
		return "the log itself: new is what appears after its first quarter, in one half hour or a tenth of them at most"
	case len(b.Files) > 0 && b.To != 0:
		return "the period and the logs of the baseline"
	case len(b.Files) > 0:
		return "the logs of the baseline"
	}
	return "the period of the baseline"
}

// Novel lists what is new against the baseline, or where there is none, against the
// beginning of the log. The log must know the entries of each connection. Its error is
// ctx.Err().
func (h *History) Novel(ctx context.Context) (*Novel, error) {
	s := h.newSifter()
	for k, text := range h.users.text {
		s.principal(User, &h.users.list[k], text)
	}
	for k, text := range h.hosts.text {
		s.principal(Host, &h.hosts.list[k], text)
	}
	for k := range h.networks.list {
		s.principal(Network, &h.networks.list[k], uint32(k))
	}
	for n := range h.profiles {
		s.account(uint32(n))
	}
	out := &Novel{Total: len(s.items)}
	out.Users, out.Hosts = h.TurnedAway()
	slices.SortFunc(s.items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.kind, b.kind), cmp.Compare(a.key, b.key), cmp.Compare(a.account, b.account))
	})
	s.items = s.items[:min(len(s.items), MaxNovel)]
	slices.SortStableFunc(s.items, func(a, b item) int { return cmp.Compare(a.kind, b.kind) })
	connections, err := s.connections(ctx)
	if err != nil {
		return nil, err
	}
	out.List = make([]Novelty, len(s.items))
	for k := range s.items {
		out.List[k] = s.novelty(&s.items[k])
		out.List[k].Connections = connections[k]
	}
	return out, nil
}

// item is a novelty in numbers.
type item struct {
	kind           Kind
	whole          bool
	key, account   uint32 // text of the user or host, place of the network, table, digest; account
	first, entries uint32
	halfHours, of  uint32
}

// sifter picks what is new.
type sifter struct {
	*History
	networkNames []string // by place
	items        []item
}

func (h *History) newSifter() *sifter {
	s := &sifter{History: h, networkNames: make([]string, len(h.networks.list))}
	for k, text := range h.hosts.text {
		s.networkNames[h.networkOf[k]] = NetworkOf(h.log.Connections.Text(text))
	}
	return s
}

// isNew reports whether something is new that is first seen at an entry and occurs in
// so many half hours of so many.
func (s *sifter) isNew(inBaseline bool, first, halfHours, of uint32) bool {
	if s.Baseline != nil {
		return !inBaseline
	}
	return s.Part(int(first)) >= settledPart && (halfHours <= alwaysFewest || halfHours*smallShare <= of)
}

func (s *sifter) principal(kind Kind, p *Profile, key uint32) {
	if kind != Network && key == 0 || p.Entries == 0 {
		return // what the log does not name
	}
	if all := s.courseOf(int(p.First)).halfHours; s.isNew(p.InBaseline, p.First, p.halfHours, all) {
		s.items = append(s.items, item{kind: kind, key: key, account: NoAccount, first: p.First, entries: p.Entries, halfHours: p.halfHours, of: all})
	}
}

// account picks an account, its tables and its digests, but for those that somebody
// declared normal.
func (s *sifter) account(n uint32) {
	a := &s.profiles[n]
	if a.Entries == 0 || s.UsualAccount(a.User, a.Host) {
		return
	}
	all := s.courseOf(int(a.First)).halfHours
	whole := s.isNew(a.InBaseline, a.First, a.halfHours, all)
	if whole && (a.User != 0 || a.Host != 0) {
		s.items = append(s.items, item{kind: Pair, account: n, first: a.First, entries: a.Entries, halfHours: a.halfHours, of: all})
	}
	for _, t := range s.Touched(n) {
		if whole || s.isNew(t.InBaseline, t.First, t.halfHours, a.halfHours) {
			s.items = append(s.items, item{Table, whole, t.Table, n, t.First, t.Entries, t.halfHours, a.halfHours})
		}
	}
	for _, x := range s.Sent(n) {
		if (whole || s.isNew(x.InBaseline, x.First, x.halfHours, a.halfHours)) && !s.Usual(n, x.Digest) && s.log.Digests[x.Digest] != store.Others {
			s.items = append(s.items, item{Digest, whole, x.Digest, n, x.First, x.Entries, x.halfHours, a.halfHours})
		}
	}
}

// novelty writes an item in words.
func (s *sifter) novelty(it *item) Novelty {
	n := Novelty{
		Kind: it.kind, Whole: it.whole, First: int(it.first), Entries: int(it.entries), HalfHours: int(it.halfHours), Of: int(it.of),
		FirstTime: s.log.Moment(int(it.first)), Unzoned: s.log.Unzoned,
	}
	if it.account != NoAccount {
		a := &s.profiles[it.account]
		n.User, n.Host = s.log.Connections.Text(a.User), s.log.Connections.Text(a.Host)
	}
	switch it.kind {
	case User, Host:
		n.Name = s.log.Connections.Text(it.key)
	case Network:
		n.Name = s.networkNames[it.key]
	case Pair:
		n.Name = n.User + "@" + n.Host
	case Table:
		n.Name = s.tables[it.key]
	case Digest:
		n.Name = s.log.Digests[it.key]
		n.Hash = loaded.DigestHash(n.Name)
	}
	return n
}

// place finds an item.
type place struct {
	kind         Kind
	key, account uint32
}

// connections counts the connections of each item: connection by connection, so that
// one number an item shows whether it was counted.
func (s *sifter) connections(ctx context.Context) ([]int, error) {
	log := s.log
	counts, last := make([]int, len(s.items)), make([]uint32, len(s.items))
	at := make(map[place]int32, len(s.items))
	digests, tables := make([]bool, len(log.Digests)), make([]bool, len(s.tables))
	for k := range s.items {
		it := &s.items[k]
		at[place{it.kind, it.key, it.account}] = int32(k)
		switch it.kind {
		case Digest:
			digests[it.key] = true
		case Table:
			tables[it.key] = true
		}
	}
	_, rowTables := s.nameTables()
	mayBe := make([]bool, len(log.Rows))
	for r := range log.Rows {
		mayBe[r] = digests[log.Rows[r].Digest] || slices.ContainsFunc(rowTables[r], func(t uint32) bool { return tables[t] })
	}
	var list []int32 // items of the last row and account
	look := func(p place) {
		if k, ok := at[p]; ok {
			list = append(list, k)
		}
	}
	ofAccount, ofRow := map[uint32][]int32{}, map[[2]uint32][]int32{}
	for conn := range log.ByConnection.Len() {
		if conn%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		see := func(items []int32) {
			for _, k := range items {
				if last[k] != uint32(conn)+1 {
					last[k] = uint32(conn) + 1
					counts[k]++
				}
			}
		}
		if c := log.Connections.Peek(conn); c.Outcome.Refused() || c.Outcome == connection.Pending {
			continue
		}
		account, changes := NoAccount, log.Connections.Changes(conn)
		for n, i := range log.ByConnection.Entries(conn) {
			if n == 0 || changes {
				account = s.Sender(int(i))
				if int(account) >= len(s.profiles) {
					continue
				}
				items, ok := ofAccount[account]
				if !ok {
					a := &s.profiles[account]
					list = nil
					look(place{User, a.User, NoAccount})
					look(place{Host, a.Host, NoAccount})
					look(place{Network, s.networkOf[s.hosts.index[a.Host]], NoAccount})
					look(place{Pair, 0, account})
					items = list
					ofAccount[account] = items
				}
				see(items)
			}
			row := log.Entries.Row(int(i))
			if !mayBe[row] || int(account) >= len(s.profiles) {
				continue
			}
			k := [2]uint32{row, account}
			items, ok := ofRow[k]
			if !ok {
				list = nil
				look(place{Digest, log.Rows[row].Digest, account})
				for _, t := range rowTables[row] {
					look(place{Table, t, account})
				}
				items = list
				ofRow[k] = items
			}
			see(items)
		}
	}
	return counts, nil
}
