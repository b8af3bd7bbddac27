package connection

import "bytes"

// NeverBegun is where epochs of restarts begin that were claimed and did not
// happen: 3@1000001 is a connection of the first of them with an id that the true
// run has too.
const NeverBegun = 1_000_000

// run is one run of the server: ids only ever grow within it.
type run struct {
	epoch   uint32
	first   uint32 // index of its first connection
	highest uint64 // id given out that another one vouches for
	ahead   uint64 // an id far above that, 0 for none
	logins  int    // seen while earlier runs could be returned to
	repeats bool   // it began with an id that the run before had had
	near    bool   // it began with an id that the run before may yet have had to give out
	banner  bool   // it began behind a banner
	doubt   bool   // the login that it began with may be text of a statement
	close   bool   // ids had hardly come further than where it began
}

// concurrency is how far ids may be out of order when several connections are
// made at the same moment, and how low ids are behind a restart.
const concurrency = 64

const (
	// next is how far above the highest id of a run the id of a connection is
	// that goes on with it.
	next = 8
	// trial is how many logins a run must see, without a sign that the run before
	// goes on, to be beyond doubt.
	trial = 8
	// parallel is how many entries may come between a failure and its attempt.
	parallel = 16
	// lateLogins is how many logins in a row may be late.
	lateLogins = 2
	// maxLow is how many logins in a row are looked at that are out of order.
	maxLow = 64
	// maxSurvivors is how many connections are looked at that send something between
	// a banner and the next login.
	maxSurvivors = 64
	// maxTrials is how many runs can be on trial at the same time.
	maxTrials = 16
)

// banner is what came before the next Connect.
type banner uint8

const (
	noBanner banner = iota
	doubtfulBanner
	plainBanner
)

// Banner records that the server opened the log here: it was started, or the log
// was switched on again or rotated. The ids that follow decide which.
func (t *Tracker) Banner() {
	b := plainBanner
	if t.doubtful > 0 {
		b = doubtfulBanner
	}
	t.renewed = true
	if t.banner == plainBanner {
		// No login shows whether these came before or behind the restart.
		for at := t.opened; int(at) < t.list.Len(); at++ {
			t.doubt(at, Displaced)
		}
	}
	t.opened = uint32(t.list.Len())
	if b == plainBanner {
		t.resetLow()
	}
	t.survivors = t.survivors[:0]
	t.banner = max(t.banner, b)
}

func (t *Tracker) current() *run { return &t.runs[len(t.runs)-1] }

// above reports whether a is more than n above b.
func above(a, b, n uint64) bool { return a > b && a-b > n }

// give notes that id was given out. A single id far above all others may be
// made up, and would make the ids that follow it look low.
func (r *run) give(id uint64) {
	switch {
	case r.highest == 0 || !above(id, r.highest, concurrency):
		r.highest = max(r.highest, id)
		r.ahead = 0
	case r.ahead != 0 && !above(id, r.ahead, concurrency) && !above(r.ahead, id, concurrency):
		r.highest = max(id, r.ahead)
		r.ahead = 0
	default:
		r.ahead = id
	}
}

// claim is how strong a sign of a restart a Connect is.
type claim uint8

const (
	noClaim     claim = iota
	weakClaim         // another sign is needed
	strongClaim       // confirmed, until connections from before go on
)

// judge returns what entry i, a Connect of id, claims. attempt is false for the line that
// reports a failed login.
func (t *Tracker) judge(i int, id uint64, l *Login, doubt bool) claim {
	r := t.current()
	at, known := t.find(id)
	var ended, failed bool
	attempt := l.attempt()
	if known {
		c := t.list.At(int(at))
		attempt = attempt && !t.refuses(c, l)
		if !attempt && (c.Outcome == Pending || c.running() && (c.Changed || t.isOf(c, l)) || c.Doubt == TwoReadings && c.Entries == 1) {
			return noClaim // the second line of a failed login
		}
		if !t.unbannered && id >= r.highest && c.Outcome == Unseen {
			return noClaim // its login is logged late
		}
		// What is known of a connection in doubt may be text of a statement.
		known, failed = c.Doubt != Unsure, c.Outcome == Failed
		// A failure may be logged before its attempt, though not long before.
		over := c.Closed || attempt && (c.Outcome == Denied || failed && int(c.Last)+parallel < i)
		ended = known && over
	}
	farBelow, below, early := above(r.highest, id, concurrency), above(r.highest, id, next), id < concurrency
	if !early && !farBelow && !t.unbannered {
		return noClaim // ids begin again low
	}
	switch {
	case doubt:
		if t.banner != noBanner && early && (known && !failed || farBelow) {
			return weakClaim
		}
	case t.banner == plainBanner:
		if known || below {
			return strongClaim
		}
		if id < r.highest {
			return weakClaim
		}
	case ended && (t.unbannered || farBelow), !known && farBelow && t.banner != noBanner:
		return strongClaim
	case ended && early, known && !failed && t.pending, !known && below && !t.unbannered:
		return weakClaim
	}
	return noClaim
}

// arrive decides what a Connect means for the server run, and reports whether the
// id, though the run has it, names another connection from here on.
func (t *Tracker) arrive(i int, id uint64, l *Login, doubt bool) (again bool) {
	if t.pending && t.renewed && t.claimed.banner && id <= t.current().highest {
		t.dismiss() // of two banners the later one is the better beginning
	}
	if !l.attempt() && !doubt {
		t.answered(id, l)
	}
	_, known := t.find(id)
	c := t.judge(i, id, l, doubt)
	switch {
	case c == strongClaim && t.pending && !t.claimed.banner && t.banner != plainBanner && !above(t.claimed.highest, id, next):
		t.believe()
	case c == strongClaim && (!t.pending || t.banner == plainBanner || above(t.claimed.highest, id, next)):
		if t.pending {
			t.dismiss()
		}
		t.begin(t.newRun(id))
	case t.pending && !doubt && c != noClaim && above(t.claimed.highest, id, next):
		// What began lower is the better beginning.
		banner := t.claimed.banner
		t.dismiss()
		t.claim(id)
		t.claimed.banner = banner
		again = known
	case t.pending && !doubt && (c != noClaim || !known && t.claimed.goesOnTo(id, t.current())):
		t.support(id, known)
	case c == weakClaim && t.pending:
		t.claimed.highest = max(t.claimed.highest, id)
		at, _ := t.last(id)
		again = known && at < t.claimed.first
	case c == weakClaim:
		t.claim(id)
		t.claimed.doubt = doubt
		again = known
	case !doubt && !known:
		t.goOnWith(id)
	}
	if !doubt && (l.attempt() || !known || c != noClaim) {
		t.banner = noBanner
	}
	return again
}

// goesOnTo reports whether the login of a new id, where the run before had come
// further, speaks for the run.
func (r *run) goesOnTo(id uint64, before *run) bool {
	return above(before.highest, id, concurrency) || r.banner && id < before.highest && id > r.highest
}

// order looks whether the login of connection at goes on with the ids of the run. Those
// that do not, one behind the other, may be of another run; one alone is late.
func (t *Tracker) order(at uint32, id, highest uint64, begins bool) {
	switch {
	case id <= highest:
		if begins {
			t.lowLogins++
			t.lowest = min(t.lowest, id)
		}
		if len(t.low) < maxLow && (len(t.low) == 0 || t.low[len(t.low)-1] != at) {
			t.low = append(t.low, at)
		}
	case t.lowLogins > 1 && above(highest, t.lowest, next):
		t.displace(uint32(t.list.Len()))
	default:
		t.resetLow()
	}
}

func (t *Tracker) resetLow() { t.low, t.lowLogins, t.lowest = t.low[:0], 0, ^uint64(0) }

// displace marks the connections before the given one that logged in out of order.
func (t *Tracker) displace(before uint32) {
	for _, at := range t.low {
		if at < before {
			t.doubt(at, Displaced)
		}
	}
	t.resetLow()
}

// doubt marks a connection that is in no doubt yet.
func (t *Tracker) doubt(at uint32, d Doubt) {
	if c := t.list.At(int(at)); c.Doubt == NoDoubt {
		c.Doubt = d
	}
}

// answered looks whether the refusal of a login is of one from before a restart,
// which it then was not.
func (t *Tracker) answered(id uint64, l *Login) {
	at, ok := t.last(id)
	if !ok || at < t.runs[0].first {
		return
	}
	r := t.current()
	c := t.list.At(int(at))
	if c.Outcome != Pending || !t.isOf(c, l) && !above(id, r.highest, next) {
		return
	}
	switch {
	case at < r.first && r.banner && r.logins > 1 && !above(id, r.highest, next):
		t.doubt(at, Displaced) // the account may be the same by chance
	case at < r.first:
		t.returnTo(t.runOf(at))
	case t.pending && at < t.claimed.first:
		t.dismiss()
	}
}

// refuses reports whether what reads as a login is the first line of the refusal of
// a connection, whose user holds a line break.
func (t *Tracker) refuses(c *Connection, l *Login) bool {
	return c.Outcome == Pending && string(l.Host) == t.Text(c.Host) && bytes.HasSuffix(l.User, []byte("'"+t.Text(c.User)))
}

// isOf reports whether a refusal names the account of a connection.
func (t *Tracker) isOf(c *Connection, l *Login) bool {
	return l.Denied && c.identified() && t.Text(c.User) == nonEmpty(l.User) && t.Text(c.Host) == nonEmpty(l.Host)
}

// runOf returns the run of a connection from before the current one.
func (t *Tracker) runOf(at uint32) int {
	k := len(t.runs) - 2
	for at < t.runs[k].first {
		k--
	}
	return k
}

// newRun returns the run that a login of id begins. Threads of the server's own
// may have been heard of since the banner.
func (t *Tracker) newRun(id uint64) run {
	_, known := t.find(id)
	r := run{epoch: t.current().epoch + 1, first: uint32(t.list.Len()), highest: id, banner: t.banner != noBanner, repeats: known, close: !known && !above(t.current().highest, id, next), near: !known && !above(t.current().highest, id, concurrency)}
	if t.banner == plainBanner {
		r.first = t.opened
	}
	return r
}

// claim notes that the log speaks of a run that begins with id.
func (t *Tracker) claim(id uint64) {
	t.pending, t.renewed = true, false
	t.never++
	t.claimed = t.newRun(id)
}

// begin makes r the current run. Those before it can be returned to.
func (t *Tracker) begin(r run) {
	if len(t.runs) > maxTrials {
		t.runs = append(t.runs[:0], t.runs[1:]...)
	}
	t.runs = append(t.runs, r)
	t.hasRecent = false
	t.displace(r.first)
	named := make(map[uint64]struct{}, t.list.Len()-int(r.first))
	for at := int(r.first); at < t.list.Len(); at++ {
		c := t.list.At(at)
		c.Epoch, c.Doubt = r.epoch, NoDoubt
		if _, ok := named[c.ID]; ok { // no two connections have one name
			c.Epoch = t.unheard(c.ID)
		}
		named[c.ID] = struct{}{}
		t.setLast(c.ID, uint32(at)) // which a claim that was rejected may have undone
	}
	for _, at := range t.survivors {
		if c := t.list.At(int(at)); at < r.first && r.banner && c.Doubt == NoDoubt {
			c.Doubt = Survived
		}
	}
}

// Apart begins a run for certain: the ids that follow were not given out by the
// server of the entries before.
func (t *Tracker) Apart() {
	if t.list.Len() == 0 {
		return
	}
	if t.pending {
		t.dismiss()
	}
	t.banner, t.survivors = noBanner, t.survivors[:0]
	t.begin(run{epoch: t.current().epoch + 1, first: uint32(t.list.Len())})
	t.runs = append(t.runs[:0], *t.current())
}

// stand counts a login of the current run.
func (t *Tracker) stand(r *run) {
	if len(t.runs) == 1 {
		return
	}
	if r.logins++; r.logins == trial {
		t.runs = append(t.runs[:0], *r)
	}
}

// support counts a login that speaks for the claimed run. Where there is no banner,
// one whose id has come before is worth more than several that may just be late.
func (t *Tracker) support(id uint64, known bool) {
	if t.claimed.logins++; t.claimed.banner || known || t.claimed.repeats || t.claimed.logins > lateLogins {
		t.believe()
		return
	}
	t.claimed.highest = max(t.claimed.highest, id)
}

// believe makes the claimed run the current one.
func (t *Tracker) believe() {
	t.pending = false
	t.begin(t.claimed)
	if t.claimed.close {
		for at := t.claimed.first; int(at) < t.list.Len(); at++ {
			t.doubt(at, Displaced) // a few late logins look the same
		}
	}
}

// dismiss gives the claimed run up.
func (t *Tracker) dismiss() {
	t.pending = false
	t.take(t.claimed.first)
}

// returnTo gives up the runs behind the k-th.
func (t *Tracker) returnTo(k int) {
	t.pending = false
	first, left := t.runs[k+1].first, t.current().epoch-t.runs[k].epoch
	t.runs = t.runs[:k+1]
	t.take(first)
	t.never += left
}

// take makes the connections from the given one on part of the current run. An
// id that the run had before names its earlier connection again.
func (t *Tracker) take(from uint32) {
	r := t.current()
	t.hasRecent = false
	named := map[uint64]struct{}{} // ids of later connections of the run
	for at := t.list.Len() - 1; at >= int(from); at-- {
		c, earlier := t.list.At(at), *t.earlier.At(at)
		had := earlier > r.first
		switch {
		case !had:
			c.Epoch = r.epoch
		case c.Epoch < NeverBegun:
			c.Epoch += t.never - r.epoch
			if _, ok := t.heard[name{c.ID, c.Epoch}]; ok {
				c.Epoch = t.unheard(c.ID)
			}
			t.heard[name{c.ID, c.Epoch}] = struct{}{}
		}
		if _, ok := named[c.ID]; ok && !had { // no two connections have one name
			c.Epoch = t.unheard(c.ID)
		}
		if !had {
			named[c.ID] = struct{}{}
		}
		switch {
		case had || above(r.highest, c.ID, concurrency):
			c.Doubt = Unstarted
		case c.ID < r.highest && c.Doubt == NoDoubt:
			c.Doubt = Displaced
		}
		if had {
			t.setLast(c.ID, earlier-1)
		}
	}
}

// goOn looks whether an entry, which is no Connect, shows that connections from
// before a restart go on: no restart leaves any. Threads of the server's own send
// statements without a Connect, under new ids, so those alone show nothing.
func (t *Tracker) goOn(id uint64, command string) {
	at, ok := t.last(id)
	if !ok {
		return
	}
	r := t.current()
	if t.pending && at >= r.first && at < t.claimed.first {
		if c := t.list.At(int(at)); t.claimed.doubt && c.running() || t.claimed.ended(c, command) {
			t.dismiss()
		}
	}
	if len(t.runs) == 1 {
		return
	}
	if at >= r.first {
		earlier := *t.earlier.At(int(at))
		if t.list.At(int(at)).Outcome != Unseen || earlier == 0 {
			return
		}
		at = earlier - 1
	}
	c := t.list.At(int(at))
	if c.Doubt == Reconnected || c.Doubt == Displaced {
		return // its id may have been given out again without anybody's noticing
	}
	if at >= t.runs[0].first && r.ended(c, command) {
		t.returnTo(t.runOf(at))
	}
}

// ended reports whether an entry of a connection from before the run, which the
// restart would have ended, shows that there was none. A thread of the server's own
// may have been given the id again.
func (r *run) ended(c *Connection, command string) bool {
	ahead := uint64(concurrency)
	if r.near {
		ahead = next
	}
	return c.running() && (above(c.ID, r.highest, ahead) || c.Outcome != Unseen && ofClient(command))
}

// ofClient reports whether only a client that has connected sends such a command.
func ofClient(command string) bool {
	switch command {
	case "Quit", "Ping", "Statistics", "Init DB", "InitDB", "Field List", "Change user", "Reset Connection", "Processlist", "Refresh", "Shutdown":
		return true
	}
	return false
}

// goOnWith looks whether the login of a new id goes on with a run that the log
// claims to have left.
func (t *Tracker) goOnWith(id uint64) {
	r := t.current()
	if t.pending && id > r.highest && (t.claimed.near || above(id, t.claimed.highest, next)) {
		t.dismiss()
	}
	if !above(id, r.highest, next) {
		return
	}
	for k := len(t.runs) - 2; k >= 0; k-- {
		if h := t.runs[k].highest; id > h && !above(id, h, next) {
			t.returnTo(k)
			return
		}
	}
}
