package incident

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sqleuth/analysis/fact"
)

// makesAccounts are the heads of statements that make an account, or another name of one;
// older servers make one that is granted something.
var makesAccounts = map[string]bool{"create user": true, "rename user": true, "grant": true}

// followMade gives actors the connections of accounts that they made, and as which nobody
// had logged in before: whoever leaves a way back uses it, often from elsewhere.
func (f *finder) followMade(ctx context.Context) error {
	if f.History == nil {
		return nil
	}
	type maker struct {
		actor int
		entry uint32
	}
	made := map[string]maker{} // by user
	for k := range f.actors {
		for _, c := range f.actors[k].connections {
			for _, e := range f.ByConnection.Entries(int(c)) {
				for _, user := range usersMade(f.Facts[f.Key(int(e)).Fact]) {
					if m, ok := made[user]; !ok || e < m.entry {
						made[user] = maker{k, e}
					}
				}
			}
		}
	}
	if len(made) == 0 {
		return nil
	}
	owner := map[pairKey]int{}
	for n := range f.History.Accounts() {
		a := f.History.Account(uint32(n))
		m, ok := made[strings.ToLower(f.Connections.Text(a.User))]
		if !ok {
			continue
		}
		if first, in := f.History.UserTries(a.User).NextAccepted(0); in && uint32(first) > m.entry {
			owner[pairKey{a.User, a.Host}] = m.actor
		}
	}
	if len(owner) == 0 {
		return nil
	}
	for c := range f.Connections.Len() {
		if c%(1<<14) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		x := f.Connections.Peek(c)
		k, ok := owner[pairKey{x.User, x.Host}]
		if !ok || !gotIn(x.Outcome) || bit(f.taken, uint32(c)) {
			continue
		}
		a := &f.actors[k]
		a.connections = append(a.connections, uint32(c))
		setBit(f.taken, uint32(c))
		if host := f.Connections.Text(x.Host); a.Kind == Host && f.Connections.Text(a.hosts[0].number) != host {
			a.Kind, a.Inferred, a.Why = Hosts, true, fmt.Sprintf("%s was made from one of them", f.Connections.Text(x.User))
		}
	}
	for _, k := range owner {
		slices.Sort(f.actors[k].connections)
	}
	return nil
}

// usersMade returns the users that a statement makes, in lower case.
func usersMade(set fact.Set) (users []string) {
	makes := false
	for head := range set.Values(fact.Head) {
		makes = makes || makesAccounts[head]
	}
	if !makes {
		return nil
	}
	for name := range set.Values(fact.Objects) {
		if user, _, ok := strings.Cut(name, "@"); ok && user != "" {
			users = append(users, user)
		}
	}
	return users
}
