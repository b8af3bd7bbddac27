package detect

import (
	"cmp"
	"context"
	"slices"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/rule"
)

// login is a login whose outcome the log holds, also by Change user.
type login struct {
	time       int64 // made up where the log has none
	entry      int   // the Connect or Change user
	conn       uint32
	user, host uint32
	outcome    connection.Outcome
}

// listLogins lists the logins in order of time, equal times in order of the log.
// Those of which the log does not say who came are left out.
func (r *run) listLogins() {
	var list []login
	v := r.Connections
	for i := range v.Len() {
		c := v.Peek(i)
		switch c.Outcome {
		case connection.Denied, connection.Failed, connection.Accepted:
			if c.Host != 0 {
				list = append(list, login{r.Approximate(int(c.First)), int(c.First), uint32(i), c.User, c.Host, c.Outcome})
			}
		}
	}
	for _, c := range v.UserChanges() {
		l := login{r.Approximate(int(c.Entry)), int(c.Entry), c.Connection, c.User, c.Host, connection.Accepted}
		if c.Refused {
			l.outcome = connection.Denied
		}
		list = append(list, l)
	}
	slices.SortStableFunc(list, compareLogins)
	r.logins, r.loginOf = list, slices.Repeat([]int32{-1}, v.Len())
	for k, l := range list {
		if r.loginOf[l.conn] < 0 {
			r.loginOf[l.conn] = int32(k)
		}
	}
}

// loginAt returns the login of an entry, nil for none.
func (r *run) loginAt(i int) *login {
	at := login{time: r.Approximate(i), entry: i}
	k, ok := slices.BinarySearchFunc(r.logins, at, compareLogins)
	if !ok {
		return nil
	}
	return &r.logins[k]
}

func compareLogins(a, b login) int {
	return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.entry, b.entry))
}

// evaluateLogins evaluates the rules about logins on each, in order of time.
func (r *run) evaluateLogins(ctx context.Context) error {
	e := event{run: r}
	var possible [connection.Failed + 1][]int
	for _, o := range []connection.Outcome{connection.Denied, connection.Failed, connection.Accepted} {
		possible[o] = r.possibleRules(o)
	}
	for k := range r.logins {
		if k%(1<<14) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		e.ofLogin(&r.logins[k])
		for _, n := range possible[r.logins[k].outcome] {
			if rl := r.rules[n]; rl.Match(&e) == rule.True {
				level, _ := rl.LevelOf(&e)
				r.hit(n, level, &e)
			}
		}
	}
	return nil
}

// outcomeOnly is the event of a login of which only the outcome is known.
type outcomeOnly connection.Outcome

// Values returns the values of a field.
func (o outcomeOnly) Values(f rule.Field) ([]string, bool) {
	if f != rule.LoginOutcome {
		return nil, false
	}
	return []string{outcomeName(connection.Outcome(o))}, true
}

// possibleRules returns the rules about logins that may be true of some with an
// outcome. Most logins are accepted, and most rules ask for refused ones.
func (r *run) possibleRules(o connection.Outcome) (list []int) {
	for n, rl := range r.rules {
		if rl.Kind == rule.Login && rl.Match(outcomeOnly(o)) != rule.False {
			list = append(list, n)
		}
	}
	return list
}

// before answers what was known when a login came.
func (e *event) before(f rule.Field) ([]string, bool) {
	l := e.login
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
	case rule.UserExists:
		return e.truth(h.UserLogins(l.user, e.Entries.Len()).Accepted > 0)
	case rule.LoginOutcome:
		return e.outcome()
	}
	return nil, true
}

// pairLogins counts the logins of the pair before the login, once for all rules: most
// of them ask for it.
func (e *event) pairLogins() principal.Logins {
	if l := e.login; e.pairOf != l {
		e.pair, e.pairOf = e.history.PairLogins(l.user, l.host, l.entry), l
	}
	return e.pair
}

// guesses returns how many logins of strangers the host had been refused when the
// pair got in for the first time, this time or before; none for one that got in in the
// baseline.
func (e *event) guesses() int {
	before := e.pairLogins()
	first := before.First
	switch {
	case first >= 0:
	case before.Accepted > 0:
		return 0
	case e.login.outcome == connection.Accepted:
		first = e.login.entry
	default:
		return 0
	}
	s := e.strangersOf(e.login.host)
	if s == nil || s.alone && s.user != e.login.user && s.steady(e.run) {
		return 0
	}
	n, _ := slices.BinarySearch(s.entries, uint32(first))
	return n
}

func (e *event) outcome() ([]string, bool) {
	if !e.isLogin {
		return nil, true
	}
	return e.is(outcomeName(e.login.outcome))
}

// outcomeName names an outcome as rules do.
func outcomeName(o connection.Outcome) string {
	switch o {
	case connection.Accepted:
		return "accepted"
	case connection.Denied:
		return "denied"
	}
	return "failed"
}
