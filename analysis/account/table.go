package account

import (
	"cmp"
	"context"
	"slices"

	"sqleuth/analysis/wording"
)

// By is what the rows of a table are.
type By uint8

// The tables.
const (
	ByUser By = iota // users, and under each its hosts
	ByHost           // hosts, and under each its users
	ByPair           // users with a host
	Tables           // how many there are
)

var byText = [...]string{"user", "host", "pair"}

// String names what the rows are.
func (b By) String() string { return byText[b] }

// Row is a user, a host, or a user with a host.
type Row struct {
	User, Host string // empty where the row is of all users, or of all hosts
	Figures
	// Server is that of which they are, an index in loaded.Log.Servers.
	Server int
	Level  Level
	// Why explains in words why the row is at its place.
	Why string
	// Asked is what it asked for in all of the log.
	Asked Asked
	// Parent is the row that this one is under, -1 for none; Under is how many
	// are under this one, in the rows behind it.
	Parent, Under int
	// Ins is how many of those under it got in.
	Ins int

	news int // pairs that are new
}

// Table is rows, the oddest first, and under each those that belong to it.
type Table struct {
	By          By
	Rows        []Row
	Users       int
	Hosts       int
	Pairs       int
	Total, Left Figures // see Accounts
	Unseen      int
}

// By makes a table. The error is ctx.Err().
func (a *Accounts) By(ctx context.Context, by By) (*Table, error) {
	t := &Table{By: by, Pairs: len(a.Pairs), Total: a.Total, Left: a.Left, Unseen: a.Unseen}
	users, hosts := map[uint32][]*Pair{}, map[uint32][]*Pair{}
	for n := range a.Pairs {
		p := &a.Pairs[n]
		users[p.User] = append(users[p.User], p)
		hosts[p.Host] = append(hosts[p.Host], p)
	}
	t.Users, t.Hosts = len(users), len(hosts)
	var groups []Row
	var members [][]*Pair
	add := func(r Row, of []*Pair) {
		r.Asked, r.Parent, r.Under = a.asked(of), -1, len(of)
		for _, p := range of {
			r.gather(&p.Figures)
			r.Server = a.log.ServerOf(p.First)
			r.Level = max(r.Level, p.Level)
			if p.In > 0 {
				r.Ins++
			}
			if p.In > 0 && p.novelty == newHost {
				r.news++
			}
		}
		r.Why = a.why(by, of)
		groups, members = append(groups, r), append(members, of)
	}
	text := a.log.Connections.Text
	switch by {
	case ByUser:
		for u, of := range users {
			add(Row{User: text(u), Figures: none()}, of)
		}
	case ByHost:
		for h, of := range hosts {
			add(Row{Host: text(h), Figures: none()}, of)
		}
	default:
		for n := range a.Pairs {
			t.Rows = append(t.Rows, a.row(&a.Pairs[n], -1))
		}
		slices.SortFunc(t.Rows, compareRows)
		return t, ctx.Err()
	}
	order := make([]int, len(groups))
	for k := range order {
		order[k] = k
	}
	slices.SortFunc(order, func(i, j int) int { return compareRows(groups[i], groups[j]) })
	for n, k := range order {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		parent := len(t.Rows)
		t.Rows = append(t.Rows, groups[k])
		for _, p := range members[k] {
			t.Rows = append(t.Rows, a.row(p, parent))
		}
		slices.SortFunc(t.Rows[parent+1:], compareRows)
	}
	return t, ctx.Err()
}

func (a *Accounts) row(p *Pair, parent int) Row {
	r := Row{User: a.log.Connections.Text(p.User), Host: a.log.Connections.Text(p.Host), Figures: p.Figures, Server: a.log.ServerOf(p.First), Level: p.Level, Parent: parent}
	r.Why, r.Asked = a.whyPair(p), a.asked([]*Pair{p})
	if p.In > 0 && p.novelty == newHost {
		r.news = 1
	}
	return r
}

// compareRows orders rows by oddness, then by what there is most of, then by name.
func compareRows(a, b Row) int {
	figure := func(r *Row) int {
		if r.Level == Ordinary {
			return r.Tries
		}
		return r.Refused
	}
	return cmp.Or(cmp.Compare(b.Level, a.Level), cmp.Compare(b.news, a.news), cmp.Compare(figure(&b), figure(&a)), cmp.Compare(a.User, b.User), cmp.Compare(a.Host, b.Host), cmp.Compare(a.Server, b.Server))
}

// Name names a row: "root", "10.0.0.7", "root@10.0.0.7".
func (r *Row) Name() string {
	switch {
	case r.Host == "":
		return wording.Name(r.User)
	case r.User == "":
		return wording.Name(r.Host)
	}
	return wording.Name(r.User) + "@" + wording.Name(r.Host)
}
