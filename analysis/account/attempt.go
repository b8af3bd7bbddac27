package account

import (
	"context"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/loaded"
)

// MaxPairs bounds the users with a host that are kept: who tries to log in, and by what
// name, is for anyone to choose.
const MaxPairs = 1 << 17

// checkEvery is after how many connections the context is looked at.
const checkEvery = 1 << 13

// Shown are connections, by index, ascending.
type Shown interface {
	Len() int
	At(k int) int
}

// attempt is a login, or a change of the user within a connection, in 8 bytes: a log may
// hold millions.
type attempt struct {
	connection.Place
	pair uint32
}

// noPair is the number of a pair that is not kept.
const noPair = ^uint32(0)

type pairKey struct{ user, host uint32 }

// attempts lists what was tried in all of a log, in its order, with the numbers of
// pairs; unseen counts the connections whose login the log does not hold.
func attempts(ctx context.Context, l *loaded.Log) (list []attempt, keys []pairKey, unseen int, err error) {
	v := l.Connections
	number := map[pairKey]uint32{}
	of := func(a *connection.Attempt) uint32 {
		k := pairKey{a.User, a.Host}
		n, ok := number[k]
		if !ok {
			if len(keys) == MaxPairs {
				return noPair
			}
			n = uint32(len(keys))
			number[k] = n
			keys = append(keys, k)
		}
		return n
	}
	list = make([]attempt, 0, v.Len()+len(v.UserChanges()))
	// Who got in is numbered first.
	for p, a := range v.Attempts {
		if len(list)%checkEvery == 0 && ctx.Err() != nil {
			return nil, nil, 0, ctx.Err()
		}
		if a.Outcome == connection.Accepted {
			of(&a)
		}
		list = append(list, attempt{Place: p})
	}
	for i := range list {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return nil, nil, 0, ctx.Err()
		}
		a := v.Attempt(list[i].Place)
		list[i].pair = of(&a)
	}
	return list, keys, v.Len() + len(v.UserChanges()) - len(list), ctx.Err()
}

// marked returns which of n connections are shown, nil for all.
func marked(ctx context.Context, shown Shown, n int) ([]bool, error) {
	if shown == nil {
		return nil, nil
	}
	out := make([]bool, n)
	for k := range shown.Len() {
		if k%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if c := shown.At(k); c < n { // filters may know a later log
			out[c] = true
		}
	}
	return out, nil
}
