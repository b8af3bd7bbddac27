package detect

import (
	"cmp"
	"context"
	"math"
	"slices"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/rule"
)

// login is a login whose outcome the log holds, also by Change user.
type login struct {
	entry      int // the Connect or Change user
	conn       uint32
	user, host uint32
	outcome    connection.Outcome
}

// loginList lists the logins of a log in order of time, equal times in order of the
// log, in 4 bytes each: what else is known of one is in the log.
type loginList struct {
	*loaded.Log
	at []connection.Place
	// changes are those by Change user, by connection, those of one in the same order.
	changes []connection.Place
}

// Len returns how many there are.
func (l *loginList) Len() int { return len(l.at) }

// get returns the k-th.
func (l *loginList) get(k int) login { return l.login(l.Connections.Attempt(l.at[k])) }

func (l *loginList) login(a connection.Attempt) login {
	return login{int(a.Entry), a.Connection, a.User, a.Host, a.Outcome}
}

// find returns the login that an entry is, false for none.
func (l *loginList) find(entry int) (login, bool) {
	t := l.Approximate(entry)
	k, ok := slices.BinarySearchFunc(l.at, entry, func(p connection.Place, entry int) int {
		at := int(l.Connections.Attempt(p).Entry)
		return cmp.Or(cmp.Compare(l.Approximate(at), t), cmp.Compare(at, entry))
	})
	if !ok {
		return login{}, false
	}
	return l.get(k), true
}

// first returns the first login of a connection, false for none: its own, or a change
// of its user that clocks put before it.
func (l *loginList) first(conn uint32) (out login, ok bool) {
	if own := l.Connections.Attempt(connection.Place(conn)); hasOutcome(&own) {
		out, ok = l.login(own), true
	}
	k, found := slices.BinarySearchFunc(l.changes, conn, func(p connection.Place, conn uint32) int {
		return cmp.Compare(l.Connections.Attempt(p).Connection, conn)
	})
	if !found {
		return out, ok
	}
	if change := l.login(l.Connections.Attempt(l.changes[k])); !ok || l.Approximate(change.entry) < l.Approximate(out.entry) {
		return change, true
	}
	return out, true
}

// hasOutcome reports whether an attempt is a login: those whose account is not in the
// log are left out.
func hasOutcome(a *connection.Attempt) bool {
	switch a.Outcome {
	case connection.Denied, connection.Failed, connection.Accepted:
		return a.Change || a.Host != 0
	}
	return false
}

// listLogins lists the logins.
func listLogins(log *loaded.Log) loginList {
	v := log.Connections
	l := loginList{Log: log, at: make([]connection.Place, 0, v.Len())}
	last, inOrder := int64(math.MinInt64), true
	for p, a := range v.Attempts {
		if !hasOutcome(&a) {
			continue
		}
		t := log.Approximate(int(a.Entry))
		last, inOrder = t, inOrder && t >= last
		l.at = append(l.at, p)
		if a.Change {
			l.changes = append(l.changes, p)
		}
	}
	byTime := func(p, q connection.Place) int {
		a, b := int(v.Attempt(p).Entry), int(v.Attempt(q).Entry)
		return cmp.Or(cmp.Compare(log.Approximate(a), log.Approximate(b)), cmp.Compare(a, b))
	}
	if !inOrder {
		slices.SortStableFunc(l.at, byTime)
	}
	slices.SortFunc(l.changes, func(p, q connection.Place) int {
		return cmp.Or(cmp.Compare(v.Attempt(p).Connection, v.Attempt(q).Connection), byTime(p, q))
	})
	return l
}

// loginKind is what many logins have in common.
type loginKind struct {
	outcome    connection.Outcome
	user, host uint32
	again      bool // the pair had got in before: most logins are so
}

// maxLoginKinds bounds the verdicts that are kept; guessers try many names.
const maxLoginKinds = 1 << 14

// evaluateLogins evaluates the rules about logins on each, in order of time. What
// those of an account with the same outcome have in common is evaluated once.
func (r *run) evaluateLogins(ctx context.Context) error {
	e := event{run: r, episodes: &r.loginEpisodes}
	verdicts := map[loginKind]verdict{}
	for k := range r.logins.Len() {
		if k%(1<<14) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		l := r.logins.get(k)
		e.ofLogin(l)
		kind := loginKind{l.outcome, l.user, l.host, e.pairLogins().Accepted > 0}
		candidates, ok := verdicts[kind]
		if !ok {
			if len(verdicts) == maxLoginKinds {
				clear(verdicts)
			}
			candidates = r.possibleRules(anyLogin{&e, kind.again})
			verdicts[kind] = candidates
		}
		r.ask(&e, candidates)
	}
	return nil
}

// anyLogin is the event of a login of which only what its loginKind has is known.
type anyLogin struct {
	*event
	again bool
}

// Positive reports whether a number is above 0 for all of them.
func (a anyLogin) Positive(f rule.Field) bool { return a.again && f == rule.PairLogins }

// Values returns the values of a field.
func (a anyLogin) Values(f rule.Field) ([]string, bool) {
	switch f {
	case rule.LoginOutcome, rule.UserName, rule.SourceIP, rule.SourceLocal, rule.UserPrivileged, rule.UserExists:
		return a.event.Values(f)
	case rule.PairGuesses:
		if a.strangersOf(a.login.host) == nil {
			return a.number(0)
		}
	}
	return nil, false
}

// possibleRules returns the verdict on logins of the kind that e is of.
func (r *run) possibleRules(e anyLogin) (v verdict) {
	for _, rl := range r.rules {
		if rl.Kind == rule.Login {
			v = v.add(rl, e)
		}
	}
	return v
}

// before answers what was known when a login came.
func (e *event) before(f rule.Field) ([]string, bool) {
	l := e.logged()
	if l == nil {
		return nil, true
	}
	h := e.history
	switch f {
	case rule.HostLogins:
		return e.number(h.HostLogins(l.host, l.entry).Accepted)
	case rule.PairLogins:
		return e.number(e.pairLogins().Accepted)
	case rule.UserLogins:
		return e.number(h.UserLogins(l.user, l.entry).Accepted)
	case rule.HostFailures:
		return e.number(h.HostLogins(l.host, l.entry).Failed)
	case rule.PairFailures:
		return e.number(e.pairLogins().Failed)
	case rule.PairGuesses:
		return e.number(e.guesses())
	case rule.PairAway:
		if a := h.AwayOf(e.history.Number(l.user, l.host)); a.Homes <= fewHomes {
			return e.number(a.Logins)
		}
		return e.number(0)
	case rule.PairSettles:
		if seconds, ok := e.settles(); ok {
			return e.number(seconds)
		}
		return nil, true
	case rule.UserExists:
		return e.truth(h.UserLogins(l.user, e.Entries.Len()).Accepted > 0)
	case rule.LoginOutcome:
		if e.isLogin {
			return e.is(l.outcome.String())
		}
	case rule.LoginMistyped:
		if e.isLogin {
			return e.truth(l.outcome != connection.Accepted && h.Mistyped(l.user, l.host, l.entry))
		}
	}
	return nil, true
}

// pairLogins counts the logins of the pair before the login, once for all rules: most
// of them ask for it.
func (e *event) pairLogins() principal.Logins {
	if l := e.login; e.pairOf != l.entry+1 {
		e.pair, e.pairOf = e.history.PairLogins(l.user, l.host, l.entry), l.entry+1
	}
	return e.pair
}

// fewTries is how often somebody mistypes a password at most before he finds it.
const fewTries = 3

// settles returns the seconds from a refused login until its pair gets in, after few
// refused ones; false for none.
func (e *event) settles() (seconds int, ok bool) {
	l := e.login
	tries := e.history.AccountTries(e.history.Number(l.user, l.host))
	in, ok := tries.NextAccepted(0)
	if !ok || in <= l.entry || tries.Before(in) > fewTries {
		return 0, false
	}
	return int(max(0, e.Approximate(in)-e.time()) / 1e6), true
}

// fewHomes is from how many networks a user may have come for a new one to be away
// from home: somebody who travels has no home.
const fewHomes = 3

// guesses returns how many logins of strangers the host had been refused when the
// pair got in for the first time, this time or before; none for one that got in in the
// baseline.
func (e *event) guesses() int {
	s := e.strangersOf(e.login.host)
	if s == nil {
		return 0
	}
	first, in := e.history.AccountTries(e.history.Number(e.login.user, e.login.host)).NextAccepted(0)
	switch {
	case in && first < e.login.entry:
	case e.pairLogins().Accepted > 0: // in the baseline
		return 0
	case e.login.outcome == connection.Accepted:
		first = e.login.entry
	default:
		return 0
	}
	if e.history.Shares(e.history.Number(e.login.user, e.login.host)) {
		return 0
	}
	if s.alone && s.user != e.login.user && s.steady() {
		return 0
	}
	n, _ := slices.BinarySearch(s.entries, uint32(first))
	return n
}
