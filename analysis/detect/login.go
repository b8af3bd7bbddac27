package detect

import (
	"cmp"
	"context"
	"slices"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/loaded"
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

// loginList lists the logins of a log in order of time, equal times in order of the
// log, in 8 bytes each: what else is known of one is in the log.
type loginList struct {
	*loaded.Log
	at []loginPlace
}

// loginPlace is where a login is.
type loginPlace struct {
	entry uint32
	of    uint32 // connection, or with changed the index in UserChanges
}

// changed marks a place in UserChanges.
const changed = 1 << 31

// Len returns how many there are.
func (l *loginList) Len() int { return len(l.at) }

// get returns the k-th.
func (l *loginList) get(k int) login {
	p := l.at[k]
	out := login{time: l.Approximate(int(p.entry)), entry: int(p.entry)}
	if p.of&changed == 0 {
		c := l.Connections.Peek(int(p.of))
		out.conn, out.user, out.host, out.outcome = p.of, c.User, c.Host, c.Outcome
		return out
	}
	c := &l.Connections.UserChanges()[p.of&^changed]
	out.conn, out.user, out.host, out.outcome = c.Connection, c.User, c.Host, connection.Accepted
	if c.Refused {
		out.outcome = connection.Denied
	}
	return out
}

// find returns the place of the login that an entry is, false for none.
func (l *loginList) find(entry int) (k int, ok bool) {
	return slices.BinarySearchFunc(l.at, loginPlace{entry: uint32(entry)}, l.compare)
}

func (l *loginList) compare(a, b loginPlace) int {
	return cmp.Or(cmp.Compare(l.Approximate(int(a.entry)), l.Approximate(int(b.entry))), cmp.Compare(a.entry, b.entry))
}

// listLogins lists the logins. Those of which the log does not say who came are left
// out.
func (r *run) listLogins() {
	v := r.Connections
	list := loginList{r.Log, make([]loginPlace, 0, v.Len())}
	for i := range v.Len() {
		c := v.Peek(i)
		switch c.Outcome {
		case connection.Denied, connection.Failed, connection.Accepted:
			if c.Host != 0 {
				list.at = append(list.at, loginPlace{c.First, uint32(i)})
			}
		}
	}
	for k, c := range v.UserChanges() {
		list.at = append(list.at, loginPlace{c.Entry, uint32(k) | changed})
	}
	if !slices.IsSortedFunc(list.at, list.compare) {
		slices.SortStableFunc(list.at, list.compare)
	}
	r.logins, r.loginOf = list, slices.Repeat([]int32{-1}, v.Len())
	for k := range list.Len() {
		if conn := list.get(k).conn; r.loginOf[conn] < 0 {
			r.loginOf[conn] = int32(k)
		}
	}
}

// loginAt returns the login of an entry, nil for none.
func (r *run) loginAt(i int) *login {
	k, ok := r.logins.find(i)
	if !ok {
		return nil
	}
	l := r.logins.get(k)
	return &l
}

// loginKind is what many logins have in common.
type loginKind struct {
	outcome    connection.Outcome
	user, host uint32
}

// maxLoginKinds bounds the verdicts that are kept; guessers try many names.
const maxLoginKinds = 1 << 14

// evaluateLogins evaluates the rules about logins on each, in order of time. What
// those of an account with the same outcome have in common is evaluated once.
func (r *run) evaluateLogins(ctx context.Context) error {
	e := event{run: r}
	verdicts := map[loginKind]verdict{}
	for k := range r.logins.Len() {
		if k%(1<<14) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		l := r.logins.get(k)
		e.ofLogin(l)
		kind := loginKind{l.outcome, l.user, l.host}
		candidates, ok := verdicts[kind]
		if !ok {
			if len(verdicts) == maxLoginKinds {
				clear(verdicts)
			}
			candidates = r.possibleRules(&e)
			verdicts[kind] = candidates
		}
		r.ask(&e, candidates)
	}
	return nil
}

// anyLogin is the event of a login of which only what its loginKind has is known.
type anyLogin struct{ *event }

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
func (r *run) possibleRules(e *event) (v verdict) {
	for n, rl := range r.rules {
		if rl.Kind == rule.Login {
			v = v.add(n, rl, anyLogin{e})
		}
	}
	return v
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
	case rule.PairAway:
		if a := h.AwayOf(e.history.Number(l.user, l.host)); a.Homes <= fewHomes {
			return e.number(a.Logins)
		}
		return e.number(0)
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
	if l := e.login; e.pairOf != l.entry+1 {
		e.pair, e.pairOf = e.history.PairLogins(l.user, l.host, l.entry), l.entry+1
	}
	return e.pair
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
	if s.alone && s.user != e.login.user && s.steady(e.run) {
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
