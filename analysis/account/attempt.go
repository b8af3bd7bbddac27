package account

import (
	"cmp"
	"context"
	"slices"

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

// outcome is how an attempt ended.
type outcome uint8

const (
	silent outcome = iota // not in the log
	accepted
	refused
)

// attempt is a login, or a change of the user within a connection.
type attempt struct {
	entry, connection uint32
	pair              uint32
	outcome           outcome
}

// noPair is the number of a pair that is not kept.
const noPair = ^uint32(0)

type pairKey struct{ user, host uint32 }

// attempts lists what was tried in all of a log, in its order, with the numbers of
// pairs; unseen counts the connections whose login the log does not hold.
func attempts(ctx context.Context, l *loaded.Log) (list []attempt, keys []pairKey, unseen int, err error) {
	v := l.Connections
	number := map[pairKey]uint32{}
	of := func(user, host uint32) uint32 {
		k := pairKey{user, host}
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
	for _, numbering := range []bool{true, false} {
		for c := range v.Len() {
			if c%checkEvery == 0 && ctx.Err() != nil {
				return nil, nil, 0, ctx.Err()
			}
			switch k := v.Peek(c); {
			case numbering && k.Outcome == connection.Accepted:
				of(k.User, k.Host)
			case numbering:
			case k.Outcome == connection.Unseen:
				unseen++
			default:
				list = append(list, attempt{k.First, uint32(c), of(k.User, k.Host), outcomeOf(k.Outcome)})
			}
		}
		for _, k := range v.UserChanges() {
			switch {
			case numbering && !k.Refused:
				of(k.User, k.Host)
			case numbering:
			case k.Refused:
				list = append(list, attempt{k.Entry, k.Connection, of(k.User, k.Host), refused})
			default:
				list = append(list, attempt{k.Entry, k.Connection, of(k.User, k.Host), accepted})
			}
		}
	}
	byEntry := func(a, b attempt) int {
		return cmp.Or(cmp.Compare(a.entry, b.entry), cmp.Compare(a.connection, b.connection))
	}
	if !slices.IsSortedFunc(list, byEntry) { // connections are, but changes of users come after them
		slices.SortFunc(list, byEntry)
	}
	return list, keys, unseen, ctx.Err()
}

func outcomeOf(o connection.Outcome) outcome {
	switch o {
	case connection.Accepted:
		return accepted
	case connection.Denied, connection.Failed:
		return refused
	}
	return silent
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

// grouped lists the indices of attempts by pair, in order of the log: those of pair p
// are of[start[p]:start[p+1]].
func grouped(list []attempt, pairs int) (start, of []uint32) {
	start = make([]uint32, pairs+1)
	for i := range list {
		if p := list[i].pair; p != noPair {
			start[p+1]++
		}
	}
	for p := range pairs {
		start[p+1] += start[p]
	}
	of = make([]uint32, start[pairs])
	next := slices.Clone(start[:pairs])
	for i := range list {
		if p := list[i].pair; p != noPair {
			of[next[p]] = uint32(i)
			next[p]++
		}
	}
	return start, of
}
