package detect

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/store"
	"sqleuth/analysis/wording"
)

// failure is a connection whose login failed. Connections are counted, not the
// two Connect lines that a failed login leaves.
type failure struct {
	time int64
	conn uint32
	user uint32
	host uint32
}

// attack is a series of failed logins from one host, or for one user, without a
// pause longer than Options.Window, that at some moment was dense enough.
type attack struct {
	failures  []failure // in order of time
	threshold int64     // when the series had become dense enough
	known     bool      // one user, whom the host had logged in as before: a wrong password in a pool
}

func (a *attack) first() int64 { return a.failures[0].time }
func (a *attack) last() int64  { return a.failures[len(a.failures)-1].time }

// logins runs D1 to D4.
func (r *run) logins() {
	failures, accepted := r.outcomes()
	r.privileged(accepted)
	if len(failures) == 0 {
		return
	}
	r.attackers = map[uint32]int64{}
	byHost := func(f failure) uint32 { return f.host }
	byUser := func(f failure) uint32 { return f.user }
	r.attacks = series(failures, byHost, r.opt.Window, r.opt.Failures)
	for i := range r.attacks {
		a := &r.attacks[i]
		a.known = r.wrongPassword(a, accepted)
		if t, ok := r.attackers[a.failures[0].host]; !a.known && (!ok || a.threshold < t) {
			r.attackers[a.failures[0].host] = a.threshold
		}
		r.hostAttack(a)
	}
	for _, a := range series(failures, byUser, r.opt.Window, r.opt.Failures) {
		r.userAttack(&a)
	}
	r.success(accepted)
}

// login is a connection that got past login.
type login struct {
	time  int64
	conn  uint32
	entry int // the Connect or Change user
}

// outcomes lists the failed logins in order of time and the accepted ones by
// source, in order of connections.
func (r *run) outcomes() (failures []failure, accepted map[source][]login) {
	accepted = map[source][]login{}
	for i := range r.Connections.Len() {
		c := r.Connections.Peek(i)
		switch c.Outcome {
		case connection.Denied, connection.Failed:
			if c.Host == 0 {
				continue // the log does not say who it was
			}
			failures = append(failures, failure{r.Approximate(int(c.First)), uint32(i), c.User, c.Host})
		case connection.Accepted:
			s := source{c.User, c.Host}
			accepted[s] = append(accepted[s], login{r.Approximate(int(c.First)), uint32(i), int(c.First)})
		}
	}
	for _, c := range r.Connections.UserChanges() {
		t := r.Approximate(int(c.Entry))
		if c.Refused {
			failures = append(failures, failure{t, c.Connection, c.User, c.Host})
			continue
		}
		s := source{c.User, c.Host}
		accepted[s] = append(accepted[s], login{t, c.Connection, int(c.Entry)})
	}
	slices.SortStableFunc(failures, func(a, b failure) int { return compare(a.time, b.time) })
	return failures, accepted
}

// series cuts failures, which are in order of time, into series of one key and
// returns those with at least n failures within window, in order of time.
func series(failures []failure, key func(failure) uint32, window int64, n int) []attack {
	var found []attack
	open := map[uint32][]failure{}
	close := func(list []failure) {
		for i := n - 1; i < len(list); i++ {
			if list[i].time-list[i-n+1].time <= window {
				found = append(found, attack{failures: list, threshold: list[i].time})
				return
			}
		}
	}
	var keys []uint32
	for _, f := range failures {
		k := key(f)
		list, ok := open[k]
		if !ok {
			keys = append(keys, k)
		}
		if len(list) > 0 && f.time-list[len(list)-1].time > window {
			close(list)
			list = nil
		}
		open[k] = append(list, f)
	}
	for _, k := range keys {
		close(open[k])
	}
	slices.SortStableFunc(found, func(a, b attack) int { return compare(a.first(), b.first()) })
	return found
}

// maxWrongPassword is how many failures of one account a forgotten password in
// a connection pool may make before it is rated like an attack all the same.
const maxWrongPassword = 100

// wrongPassword says whether a series looks like a program with an outdated
// password: one user, who got past login from that host before.
func (r *run) wrongPassword(a *attack, accepted map[source][]login) bool {
	if len(a.failures) > maxWrongPassword {
		return false
	}
	for _, f := range a.failures {
		if f.user != a.failures[0].user {
			return false
		}
	}
	return before(accepted[source{a.failures[0].user, a.failures[0].host}], a.first())
}

func before(logins []login, t int64) bool {
	return slices.ContainsFunc(logins, func(l login) bool { return l.time < t })
}

// tally counts failures by user, most first, then in order of appearance.
func (r *run) tally(failures []failure, key func(failure) uint32) (texts []string, counts []int) {
	at := map[uint32]int{}
	var keys []uint32
	for _, f := range failures {
		k := key(f)
		i, ok := at[k]
		if !ok {
			i = len(keys)
			at[k] = i
			keys = append(keys, k)
			counts = append(counts, 0)
		}
		counts[i]++
	}
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return compare(counts[b], counts[a]) })
	sorted := make([]int, len(keys))
	for i, o := range order {
		texts = append(texts, r.Connections.Text(keys[o]))
		sorted[i] = counts[o]
	}
	return texts, sorted
}

// maxNames is how many names a summary lists.
const maxNames = 4

// listed writes "root (96), admin (90) and 6 more", without counts where they
// are nil.
func listed(texts []string, counts []int) string {
	var b strings.Builder
	for i, t := range texts {
		if i == maxNames {
			fmt.Fprintf(&b, " and %d more", len(texts)-i)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(wording.Name(t))
		if counts != nil && len(texts) > 1 {
			fmt.Fprintf(&b, " (%d)", counts[i])
		}
	}
	return b.String()
}

func (r *run) evidence(failures []failure) (conns []uint32, entries []int) {
	seen := make(map[uint32]bool, len(failures))
	for _, f := range failures {
		if seen[f.conn] {
			continue // a pool that changes its user is refused more than once
		}
		seen[f.conn] = true
		conns = append(conns, f.conn)
		if int(f.conn) < r.ByConnection.Len() {
			for _, e := range r.ByConnection.Entries(int(f.conn)) {
				if len(entries) < MaxEntries {
					entries = append(entries, int(e))
				}
			}
		}
	}
	slices.Sort(conns)
	slices.Sort(entries)
	return conns, entries
}

// hostAttack adds D1 or D2, or both, for a series of one host.
func (r *run) hostAttack(a *attack) {
	users, counts := r.tally(a.failures, func(f failure) uint32 { return f.user })
	conns, entries := r.evidence(a.failures)
	host := r.Connections.Text(a.failures[0].host)
	d := Detection{Rule: &rules[bruteForce], Severity: rules[bruteForce].Severity, Time: store.At(a.first()), Last: store.At(a.last()), Host: host,
		Users: users, Connections: conns, Entries: entries, Count: len(a.failures), What: "failed to log in"}
	d.Summary = fmt.Sprintf("%s for %s from %s%s", wording.Counted(d.Count, "failed login", "failed logins"), listed(users, counts), wording.Name(host), r.took(a.first(), a.last()))
	if len(users) == 1 {
		d.User = users[0]
	}
	if a.known {
		d.Severity = Low
		d.Summary += ": one user, who had got past login from there before, so perhaps a program with an old password"
	}
	median := counts[len(counts)/2]
	if len(users) >= r.opt.SprayUsers && median <= r.opt.SprayTries {
		s := d
		s.Rule, s.Severity = &rules[spraying], rules[spraying].Severity
		s.Summary = fmt.Sprintf("%s for %d users from %s%s, %s for most of them", wording.Counted(d.Count, "failed login", "failed logins"), len(users), wording.Name(host),
			r.took(a.first(), a.last()), atMost(median))
		r.found = append(r.found, s)
		if counts[0] < r.opt.Failures {
			return
		}
	}
	r.found = append(r.found, d)
}

func atMost(n int) string {
	if n == 1 {
		return "a single try"
	}
	return fmt.Sprintf("at most %d tries", n)
}

// userAttack adds D1 for a series of one user that comes from several hosts,
// none of which stands for nearly all of it: the host's own detection says that.
func (r *run) userAttack(a *attack) {
	hosts, counts := r.tally(a.failures, func(f failure) uint32 { return f.host })
	if len(hosts) < 2 || counts[0]*10 >= len(a.failures)*9 {
		return
	}
	conns, entries := r.evidence(a.failures)
	user := r.Connections.Text(a.failures[0].user)
	r.found = append(r.found, Detection{Rule: &rules[bruteForce], Severity: rules[bruteForce].Severity, Time: store.At(a.first()), Last: store.At(a.last()),
		User: user, Users: []string{user}, Connections: conns, Entries: entries, Count: len(a.failures), What: "failed to log in",
		Summary: fmt.Sprintf("%s for %s from %d hosts%s: %s", wording.Counted(len(a.failures), "failed login", "failed logins"), wording.Name(user), len(hosts),
			r.took(a.first(), a.last()), listed(hosts, counts))})
}

// success adds D3: who got past login from the host of a series, after it had
// become dense. A user who had got past login from there before counts once,
// with a low severity.
func (r *run) success(accepted map[source][]login) {
	first := map[uint32]*attack{} // by host
	for i := range r.attacks {
		a := &r.attacks[i]
		if h := a.failures[0].host; first[h] == nil || first[h].known && !a.known {
			first[h] = a
		}
	}
	sources := make([]source, 0, len(accepted))
	for s := range accepted {
		if first[s.host] != nil {
			sources = append(sources, s)
		}
	}
	slices.SortFunc(sources, func(a, b source) int {
		return compare(accepted[a][0].conn, accepted[b][0].conn)
	})
	for _, s := range sources {
		a := first[s.host]
		var after []login
		for _, l := range accepted[s] {
			if l.time >= a.threshold && l.time <= a.last()+r.opt.After {
				after = append(after, l)
			}
		}
		if len(after) == 0 {
			continue
		}
		known := before(accepted[s], a.first())
		tried := slices.ContainsFunc(a.failures, func(f failure) bool { return f.user == s.user })
		if known && !tried {
			continue
		}
		if known {
			after = after[:1]
		}
		r.successOf(s, a, after, known, tried)
	}
}

func (r *run) successOf(s source, a *attack, after []login, known, tried bool) {
	d := Detection{Rule: &rules[successAfterFailures], Severity: rules[successAfterFailures].Severity,
		User: r.Connections.Text(s.user), Host: r.Connections.Text(s.host), Count: len(after)}
	d.Users, d.What = []string{d.User}, "got past login after failed logins from its host"
	slices.SortStableFunc(after, func(x, y login) int { return compare(x.time, y.time) })
	start, last := after[0].time, int64(math.MinInt64)
	failed := 0
	for _, f := range a.failures {
		if f.time <= start {
			failed++
		}
	}
	for _, l := range after {
		d.Connections = append(d.Connections, l.conn)
		c := r.Connections.Peek(int(l.conn))
		last = max(last, r.Approximate(int(c.Last)))
		if len(d.Entries) < MaxEntries {
			d.Entries = append(d.Entries, l.entry)
		}
	}
	d.Time, d.Last = store.At(start), store.At(last)
	slices.Sort(d.Connections)
	d.Connections = slices.Compact(d.Connections)
	slices.Sort(d.Entries)
	d.Summary = fmt.Sprintf("%s got past login from %s after %s from there: %s", wording.Name(d.User), wording.Name(d.Host), wording.Counted(failed, "failed login", "failed logins"),
		wording.Counted(d.Count, "connection", "connections"))
	switch {
	case known:
		d.Severity = Low
		d.Summary += "; the same user had got past login from there before the failures"
	case !tried:
		d.Severity = High
		d.Summary += "; none of the failures was for that user"
	}
	r.found = append(r.found, d)
}

// none is what connections have for a name that the log does not give, and for
// the name of the anonymous user.
const none = "-"

// local says whether a host is the server's own by its usual names. Other
// addresses of the loopback network are not: who uses them has chosen to.
func local(host string) bool {
	switch host {
	case "localhost", "127.0.0.1", "::1", none:
		return true
	}
	return false
}

func administrative(user string) bool {
	switch strings.ToLower(user) {
	case "root", "admin", "administrator", "mysql", "mariadb.sys", "sa", "dba", "debian-sys-maint", "mysql.sys", none:
		return true
	}
	return false
}

// privileged adds D4, once for each account and host.
func (r *run) privileged(accepted map[source][]login) {
	var sources []source
	for s := range accepted {
		if administrative(r.Connections.Text(s.user)) && !local(r.Connections.Text(s.host)) {
			sources = append(sources, s)
		}
	}
	slices.SortFunc(sources, func(a, b source) int {
		return compare(accepted[a][0].conn, accepted[b][0].conn)
	})
	for _, s := range sources {
		d := Detection{Rule: &rules[privilegedLogin], Severity: rules[privilegedLogin].Severity,
			User: r.Connections.Text(s.user), Host: r.Connections.Text(s.host), Count: len(accepted[s])}
		d.Users, d.What = []string{d.User}, "logged in as a privileged user from afar"
		start, last := int64(math.MaxInt64), int64(math.MinInt64)
		for _, l := range accepted[s] {
			start, last = min(start, l.time), max(last, l.time)
			d.Connections = append(d.Connections, l.conn)
			if len(d.Entries) < MaxEntries {
				d.Entries = append(d.Entries, l.entry)
			}
		}
		slices.Sort(d.Connections)
		d.Connections = slices.Compact(d.Connections)
		d.Time, d.Last = store.At(start), store.At(last)
		slices.Sort(d.Entries)
		d.Summary = fmt.Sprintf("%s got past login from %s: %s", wording.Name(d.User), wording.Name(d.Host), wording.Counted(d.Count, "connection", "connections"))
		r.found = append(r.found, d)
	}
}

// took describes how long something took, to follow what it was. It is empty where
// entries have no time: it is not known then.
func (r *run) took(from, to int64) string {
	if to-from < second && r.Entries.Untimed() > 0 {
		return ""
	}
	return " in " + wording.Duration(to-from)
}
