package connection

import (
	"bytes"

	"sqleuth/analysis/store"
)

// Tracker follows the connections of one log, entry by entry. It is for one
// goroutine.
type Tracker struct {
	list  store.Paged[Connection]
	texts *store.Dict
	// latest finds the last connection of an id, of whichever run. Connections
	// of a restart that did not happen are not in it where there are others.
	latest map[uint64]uint32
	// several holds the ids of more than one connection, the exception.
	several map[uint64]struct{}
	// runs ends in the current server run. Those before it are the ones that
	// the log may turn out not to have left.
	runs []run
	// claimed is a run that the log speaks of and that is not believed yet.
	claimed run
	pending bool
	renewed bool   // a banner has come since the claim
	never   uint32 // the last epoch of restarts that did not happen
	banner  banner
	// doubtful is how many of the next entries may be text of a statement. They
	// are inside one as far as is known until the quote or comment may have ended.
	doubtful int
	inside   bool
	// recent is the connection of the last entry, if it is one of the current
	// run: statements of one connection follow each other.
	recent    uint32
	recentID  uint64
	hasRecent bool
	// unbannered says that restarts leave no banner in this log.
	unbannered bool
}

// maxNames bounds the users, hosts, databases and reasons that are told apart;
// an attack can make up a user for each of its logins.
const maxNames = 1 << 18

// Full reports whether names were too many to be told apart.
func (t *Tracker) Full() bool { return t.texts.Full() }

// NewTracker returns a tracker at the start of a log.
func NewTracker() *Tracker {
	return &Tracker{texts: store.NewLimitedDict(maxNames), runs: []run{{epoch: 1}}, never: NeverBegun, latest: map[uint64]uint32{}, several: map[uint64]struct{}{}}
}

// reach is how many entries behind an open quote or comment may be its text. It
// takes all entries up to there to tell where a text ends, and an attacker can
// write as many as he likes.
const reach = 16

// maxCut bounds what is left of a Connect when the name in it goes on in lines
// that look like entries. Reasons why a login failed tend to be longer.
const maxCut = 80

// EndsOpen says that the last entry ends inside a quote or a comment, so that
// those behind it may be its text. Read alone, an entry in which a quote ends
// looks as if one began.
func (t *Tracker) EndsOpen() {
	// In a dump of the log's table text cannot leave its row.
	if !t.unbannered {
		t.inside = !t.inside
		t.doubtful = reach
	}
}

// ends says whether a quote or comment that is open may end in the text of an
// entry that does not end open, as far as the entry alone can tell.
func ends(command string, text []byte) bool {
	if end := bytes.Index(text, []byte("*/")); end >= 0 && !bytes.Contains(text[:end], []byte("/*")) {
		return true
	}
	switch command {
	case "Query", "Execute", "Prepare":
		return false
	}
	return bytes.ContainsAny(text, "'\"`")
}

// Unbannered says whether restarts leave no banner in what follows, as in a dump
// of the log's table.
func (t *Tracker) Unbannered(yes bool) { t.unbannered = yes }

// Observe adds entry i, sent under id, and returns the index of its
// connection. text is the entry's argument, read only for commands that speak
// of logins and databases.
func (t *Tracker) Observe(i int, id uint64, command string, text []byte) uint32 {
	doubt := t.doubtful > 0
	inside := doubt && t.inside
	if doubt {
		t.doubtful--
		t.inside = inside && t.doubtful > 0 && !ends(command, text)
	}
	connect := command == "Connect"
	var l Login
	again := false // a new connection, though the run has one of this id
	if connect {
		l = ParseLogin(text)
		again = t.arrive(id, l.attempt(), doubt)
	} else if !doubt && (t.pending || len(t.runs) > 1) {
		t.goOn(id, command)
	}
	at, ok := t.recent, t.hasRecent && id == t.recentID
	if !ok {
		at, ok = t.find(id)
	}
	if !ok || again {
		at = t.add(i, id, connect && l.attempt() && !doubt, inside || again)
	}
	t.recent, t.recentID, t.hasRecent = at, id, !again
	c := t.list.At(int(at))
	c.Last = uint32(i)
	c.Entries++
	if connect {
		t.login(c, l, text, inside)
		return at
	}
	t.sent(c, command, text, inside)
	return at
}

// find returns the connection that an id has in the current run. A claimed run
// takes no entries from one that goes on.
func (t *Tracker) find(id uint64) (at uint32, ok bool) {
	at, ok = t.latest[id]
	if !ok || at < t.current().first {
		return 0, false
	}
	if t.pending && at >= t.claimed.first {
		if e := t.list.At(int(at)).earlier; e > t.current().first {
			if c := t.list.At(int(e - 1)); c.running() && c.Doubt != Unsure {
				at = e - 1
			}
		}
	}
	return at, true
}

// add begins a connection with entry i. counts says that it is a login beyond
// doubt, unsure that it may be none at all.
func (t *Tracker) add(i int, id uint64, counts, unsure bool) uint32 {
	r := t.current()
	c := Connection{ID: id, Epoch: r.epoch, First: uint32(i)}
	if before, ok := t.latest[id]; ok {
		c.earlier = before + 1
		t.several[id] = struct{}{}
		if before >= r.first {
			c.Epoch = t.never
		}
	}
	if unsure {
		c.Doubt = Unsure
	} else {
		r.give(id)
	}
	if counts {
		t.stand(r)
	}
	at := uint32(t.list.Append(c))
	t.latest[id] = at
	return at
}

// Identified says whether the log has told who made the connection at.
func (t *Tracker) Identified(at uint32) bool { return t.list.At(int(at)).identified() }

func (c *Connection) identified() bool { return c.User != 0 || c.Host != 0 }

// Identify says who made the connection at, which is not Identified, for logs
// that say so beside their entries.
func (t *Tracker) Identify(at uint32, user, host []byte) {
	c := t.list.At(int(at))
	c.User, c.Host = t.texts.Intern(nonEmpty(user)), t.texts.Intern(nonEmpty(host))
}

// login takes what a Connect says of its connection.
func (t *Tracker) login(c *Connection, l Login, text []byte, inside bool) {
	if !inside && !l.attempt() && !l.Denied && len(text) < maxCut {
		// A name with a line break is cut where a header follows it, and names
		// are logged before anybody is let in.
		t.EndsOpen()
	}
	var user, host uint32
	if l.attempt() || l.Denied {
		user, host = t.texts.Intern(nonEmpty(l.User)), t.texts.Intern(nonEmpty(l.Host))
	}
	switch first := c.Entries == 1; {
	case first:
	case c.Doubt == Unsure && !inside && (l.attempt() || c.Outcome != Pending):
		*c = Connection{ID: c.ID, Epoch: c.Epoch, First: c.First, Last: c.Last, Entries: c.Entries, earlier: c.earlier}
	case l.attempt() && (c.identified() || inside && c.Doubt != Unsure && c.Outcome == Unseen):
		if user != c.User || host != c.Host {
			c.misfit()
			return
		}
	case !l.attempt() && c.Outcome != Pending && (!c.Changed || inside):
		// Only an attempt, or a Change user, can be refused.
		if c.Outcome == Accepted || c.Outcome == Unseen {
			c.misfit()
		}
		return
	}
	switch {
	case l.Denied:
		c.Outcome = Denied
		c.Reason = t.texts.Intern(string(text))
	case !l.attempt():
		c.Outcome = Failed
		c.Reason = t.texts.Intern(string(text))
		return
	case c.Outcome == Unseen:
		c.Outcome = Pending
	}
	if !c.identified() {
		c.User, c.Host = user, host
	}
	if c.Database == 0 && len(l.Database) > 0 {
		c.Database = t.texts.Intern(string(l.Database))
	}
}

// misfit notes a login or refusal that does not fit the connection.
func (c *Connection) misfit() {
	if c.Doubt == NoDoubt {
		c.Doubt = Reconnected
	}
}

// sent takes what an entry that is no Connect says of its connection. What may
// be text of a statement says nothing against what is known, and nothing that
// would let other text do so.
func (t *Tracker) sent(c *Connection, command string, text []byte, inside bool) {
	if inside && c.Doubt != Unsure {
		if c.Outcome == Pending {
			c.Outcome = Accepted
		}
		return
	}
	if !inside && c.Doubt == Unsure {
		c.Doubt = NoDoubt
	}
	c.Closed = command == "Quit"
	switch command {
	case "InitDB", "Init DB":
		if c.Database == 0 {
			c.Database = t.texts.Intern(string(text))
		}
	case "Change user", "Change":
		c.Changed = true
	}
	switch {
	case c.Outcome == Pending:
		c.Outcome = Accepted
	case c.Outcome == Denied && !inside && !c.Changed && !c.Closed:
		// Nothing comes of a connection that was refused.
		c.Outcome, c.Reason = Accepted, 0
		c.misfit()
	}
}

func nonEmpty(b []byte) string {
	if len(b) == 0 {
		return "-"
	}
	return string(b)
}
