package detect

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
)

// event is an entry or a login as rules see it.
type event struct {
	*run
	episodes *episodes // that its hits belong to; nil where none are taken up
	entry    int
	conn     uint32
	at       placed
	facts    *rule.Facts // at it; nil as long as nobody asks
	id       connection.Identity
	isLogin  bool
	asked    bool             // for the login
	login    *login           // see logged
	own      login            // room for it
	pair     principal.Logins // of the pair before the login of entry pairOf-1
	pairOf   int
	one      [1]string
	figure   int    // the number that was asked for last
	written  string // and as text, empty for none yet
}

// ofEntry makes e the event of an entry.
func (e *event) ofEntry(i int, conn, row uint32, id connection.Identity) {
	if at := (placed{e.Rows[row].Fact, id.Database}); at != e.at || e.isLogin {
		e.at, e.facts = at, nil
	}
	e.asked = e.asked && e.conn == conn && !e.isLogin
	e.entry, e.conn, e.id, e.isLogin = i, conn, id, false
}

// logged returns the login that the event is; of an entry, the first of its connection.
// It is nil where the log has none.
func (e *event) logged() *login {
	if !e.asked {
		e.asked, e.login = true, nil
		if l, ok := e.logins.first(e.conn); ok {
			e.own, e.login = l, &e.own
		}
	}
	return e.login
}

// ofLogin makes e the event of a login.
func (e *event) ofLogin(l login) {
	e.own = l
	e.entry, e.conn, e.login, e.asked, e.isLogin = l.entry, l.conn, &e.own, true, true
	e.id = connection.Identity{User: l.user, Host: l.host}
	e.at, e.facts = placed{}, &noFacts
}

// Values returns the values of a field.
func (e *event) Values(f rule.Field) ([]string, bool) {
	if _, ok := f.Fact(); ok {
		if e.facts == nil {
			e.facts = e.factsAt(e.at)
		}
		return e.facts.Values(f)
	}
	switch f {
	case rule.UserName:
		return e.text(e.id.User)
	case rule.SourceIP:
		return e.text(e.id.Host)
	case rule.Namespace:
		return e.text(e.id.Database)
	case rule.SourceLocal:
		return e.truth(local(e.Connections.Text(e.id.Host)))
	case rule.UserPrivileged:
		return e.truth(privileged(e.Connections.Text(e.id.User)))
	case rule.ConnectionID:
		return e.is(e.Connections.Name(int(e.conn)))
	case rule.EntryDoubtful:
		return e.truth(e.Connections.Doubtful(e.entry))
	case rule.UsualHour:
		if usual, ok := e.usualHour(e.id.User, e.time()); ok {
			return e.truth(usual)
		}
		return nil, true
	case rule.UserShare:
		return e.number(int(100 * e.history.Presence(e.id.User)))
	case rule.EventHour:
		if t := e.Entries.Time(e.entry); t != store.NoTime {
			return e.number(time.UnixMicro(t).UTC().Hour())
		}
		return nil, true
	case rule.Text:
		return e.statement()
	case rule.DigestHash, rule.DigestKnown, rule.DigestDays, rule.DigestUserKnown, rule.AccountKnown, rule.AccountDays, rule.AccountShare:
		return e.habit(f)
	}
	return e.before(f)
}

// noFacts are the facts of a login.
var noFacts rule.Facts

// maxResolved is how many resolved sets of facts are kept for the entries that rules
// ask for them. The same few ones alternate.
const maxResolved = 1 << 12

// factsAt returns the facts of a set in a database. They are read only.
func (r *run) factsAt(at placed) *rule.Facts {
	f := r.resolved[at]
	if f == nil {
		f = new(rule.Facts)
		f.Reset(r.builder.Resolve(r.Facts[at.facts], r.Connections.Text(at.database)))
		if r.resolved == nil || len(r.resolved) == maxResolved {
			r.resolved = map[placed]*rule.Facts{}
		}
		r.resolved[at] = f
	}
	return f
}

// account returns its number in the history, principal.NoAccount for none.
func (e *event) account() uint32 { return e.history.Number(e.id.User, e.id.Host) }

// habit answers what is asked of the account and its digest.
func (e *event) habit(f rule.Field) ([]string, bool) {
	digest := e.Rows[e.Entries.Row(e.entry)].Digest
	switch f {
	case rule.DigestHash:
		if digest == 0 {
			return nil, true
		}
		sum := sha256.Sum256([]byte(e.Digests[digest]))
		return e.is(hex.EncodeToString(sum[:]))
	case rule.DigestKnown:
		return e.truth(e.known(digest))
	case rule.DigestDays:
		if s := e.history.Of(e.account(), digest); s != nil {
			return e.number(s.Days())
		}
		return e.number(0)
	case rule.DigestUserKnown:
		return e.truth(e.elsewhere(digest))
	case rule.AccountShare:
		return e.number(int(100 * e.history.Share(e.account())))
	}
	a, days := e.history.Account(e.account()), 0
	if a != nil {
		days = a.Days()
	}
	switch b := e.history.Baseline; {
	case f == rule.AccountDays:
		return e.number(days)
	case b != nil && len(b.Full) == 0:
		return e.truth(a != nil && a.InBaseline)
	}
	return e.truth(days > 1)
}

// What is ordinary: on so many days, or in so many half hours that are at least such
// a share of those in which the account is active.
const (
	ordinaryDays      = 3
	ordinaryHalfHours = 8
	ordinaryShare     = 4 // one in so many
	ordinaryHosts     = 3
	someGuesses       = 3
)

// known reports whether the account sends a digest as a matter of course, by the
// whole log, so that the first days have an answer too; an attack that goes
// on as long as that looks ordinary. Of an account that got in after guesses nothing
// is known: its habits are those of the guesser. Where a baseline was given, it
// decides what is known.
func (e *event) known(digest uint32) bool {
	if known, ok := e.history.Ordinary(e.account(), digest); ok {
		return known
	}
	if e.logged() != nil && e.guesses() >= someGuesses {
		return false
	}
	return e.habitual(e.account(), digest)
}

// habitual reports whether an account sends a digest on many days or all day.
func (e *event) habitual(account, digest uint32) bool {
	s := e.history.Of(account, digest)
	if s == nil {
		return false
	}
	return s.Days() >= ordinaryDays || s.HalfHours() >= ordinaryHalfHours && s.HalfHours()*ordinaryShare >= e.history.Account(account).HalfHours()
}

// elsewhere reports whether the account's user sends a digest from other hosts: from one of
// them habitually, or from several.
func (e *event) elsewhere(digest uint32) bool {
	hosts := 0
	for _, account := range e.history.AccountsOf(e.id.User) {
		if account == e.account() || e.history.Of(account, digest) == nil {
			continue
		}
		if hosts++; hosts == ordinaryHosts || e.habitual(account, digest) {
			return true
		}
	}
	return false
}

// statement reads the text of the entry back.
func (e *event) statement() ([]string, bool) {
	if e.isLogin || e.readText == nil {
		return nil, true
	}
	text, err := e.readText(e.entry)
	if err != nil {
		return nil, true
	}
	return e.is(string(text))
}

func (e *event) is(value string) ([]string, bool) {
	e.one[0] = value
	return e.one[:], true
}

func (e *event) text(n uint32) ([]string, bool) {
	if n == 0 {
		return nil, true
	}
	return e.is(e.Connections.Text(n))
}

func (e *event) truth(b bool) ([]string, bool) { return e.is(strconv.FormatBool(b)) }

// number writes a number; several rules ask for the same one.
func (e *event) number(n int) ([]string, bool) {
	if e.written == "" || e.figure != n {
		e.figure, e.written = n, strconv.Itoa(n)
	}
	return e.is(e.written)
}

// time is when the event was, made up where the log has no time.
func (e *event) time() int64 {
	return e.Approximate(e.entry)
}

// none is what connections have for a name that the log does not give, and for
// the name of the anonymous user.
const none = "-"

// local reports whether a host is the server's own by its usual names. Other
// addresses of the loopback network are not: who uses them has chosen to.
func local(host string) bool {
	switch host {
	case "localhost", "127.0.0.1", "::1", none:
		return true
	}
	return false
}

// privileged reports whether a user has one of the names that administrators have.
func privileged(user string) bool {
	switch strings.ToLower(user) {
	case "root", "admin", "administrator", "mysql", "mariadb.sys", "sa", "dba", "debian-sys-maint", "mysql.sys", none:
		return true
	}
	return false
}
