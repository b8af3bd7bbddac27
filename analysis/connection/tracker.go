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
	// earlier are, by connection, those that had its id before it, plus one.
	earlier store.Paged[uint32]
	// latest finds the last connection of an id, of whichever run. Connections
	// of a restart that did not happen are not in it where there are others.
	latest map[uint64]uint32
	// server is the first connection of the server; those before it are of others.
	server uint32
	// asked is the id whose connection was found last, if wasAsked: one entry asks
	// several times.
	asked    uint64
	found    uint32
	foundAny bool
	wasAsked bool
	// several holds the ids of more than one connection, the exception.
	several map[uint64]struct{}
	// runs ends in the current server run. Those before it are the ones that
	// the log may turn out not to have left.
	runs []run
	// claimed is a run that the log speaks of and that is not confirmed yet.
	claimed run
	pending bool
	renewed bool              // a banner has come since the claim
	never   uint32            // the last epoch of restarts that did not happen
	heard   map[name]struct{} // by which connections were called
	banner  banner
	opened  uint32 // how many connections there were when it came
	// survivors have sent something since.
	survivors []uint32
	// low are the connections of logins out of order since ids last rose.
	low       []uint32
	lowLogins int    // of these, the ones that are no refusals of others
	lowest    uint64 // of their ids
	// doubtful is how many of the next entries may be text of a statement. They
	// are inside one as far as is known until the quote or comment may have ended.
	doubtful int
	inside   bool
	// recent is the connection of the last entry, if it is one of the current
	// run: statements of one connection follow each other.
	recent    uint32
	recentID  uint64
	hasRecent bool
	// unbannered is set where restarts leave no banner in the log.
	unbannered bool

	changes     []change
	userChanges []UserChange
	ambiguous   []uint32 // entries
	// undecided are the texts of ambiguous logins that may yet be refused, by
	// connection.
	undecided map[uint32]string
	cuts      []cut    // logins that a line break may have cut, the first one first
	inName    bool     // the last entry is part of one
	forged    []Range  // what came of them
	others    int      // logins in a row that end in another way
	endings   ending   // whether logins end in the kind of connection
	kinds     []uint32 // connections whose logins ended so, the first ones
	blanks    bool     // logins without a database end in a blank
	// openLogins reports that those of a server before end otherwise.
	openLogins bool
}

// NewTracker returns a tracker at the start of a log.
func NewTracker() *Tracker {
	t := &Tracker{latest: map[uint64]uint32{}, several: map[uint64]struct{}{}, heard: map[name]struct{}{}, never: NeverBegun}
	t.begins(store.NewLimitedDict(maxNames), 1)
	return t
}

// begins makes the tracker one that has seen nothing of a server, whose first run has
// an epoch.
func (t *Tracker) begins(texts *store.Dict, epoch uint32) {
	*t = Tracker{
		list: t.list, texts: texts, earlier: t.earlier, latest: t.latest, several: t.several, heard: t.heard, never: t.never,
		server: uint32(t.list.Len()), runs: []run{{epoch: epoch, first: uint32(t.list.Len())}}, undecided: map[uint32]string{}, lowest: ^uint64(0),
		changes: t.changes, userChanges: t.userChanges, ambiguous: t.ambiguous, forged: t.forged,
	}
}

// NextServer ends the log of a server. The entries that follow are of another one, whose
// ids, runs and accounts have nothing to do with those before: its runs have epochs of
// their own, and its names other numbers, so that an account of one server is none of
// the other's.
func (t *Tracker) NextServer() {
	open := t.openLogins || t.endings == withoutKind
	t.texts.Renew()
	t.begins(t.texts, t.current().epoch+1)
	t.openLogins = open
}

// Seen returns how many connections and texts there are so far.
func (t *Tracker) Seen() (connections, texts int) { return t.list.Len(), t.texts.Len() }

// maxNames bounds the users, hosts, databases and reasons that are distinguished;
// an attack can make up a user for each of its logins.
const maxNames = 1 << 18

// Full reports whether names were too many to be distinguished.
func (t *Tracker) Full() bool { return t.texts.Full() }

// reach is how many entries behind an open quote or comment may be its text. It
// takes all entries up to there to know where a text ends, and an attacker can
// write as many as he likes.
const reach = 16

// EndsOpen reports whether the last entry ends inside a quote or a comment, so that
// those behind it may be its text. Read alone, an entry in which a quote ends
// looks as if one began.
func (t *Tracker) EndsOpen() {
	// In a dump of the log's table text cannot leave its row, and the quotes of a
	// name are no statement's.
	if !t.unbannered && !t.inName {
		t.inside = !t.inside
		t.doubtful = reach
	}
}

// ends reports whether a quote or comment that is open may end in the text of an
// entry that does not end open, judged by that entry alone.
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

// Unbannered sets whether restarts leave no banner in what follows, as in a dump of
// the log's table.
func (t *Tracker) Unbannered(yes bool) { t.unbannered = yes }

// ReadsAll reports whether the text of the next entry is read whatever it is: it may
// be part of a name, or end a quote.
func (t *Tracker) ReadsAll() bool { return t.doubtful > 0 || len(t.cuts) > 0 }

// Observe adds entry i, sent under id, and returns the index of its
// connection. text is the entry's argument, read only for commands that speak
// of logins and databases, for statements that choose one, and where ReadsAll.
func (t *Tracker) Observe(i int, id uint64, command string, text []byte) uint32 {
	doubt := t.doubtful > 0
	inside := doubt && t.inside
	if doubt {
		t.doubtful--
		t.inside = inside && t.doubtful > 0 && !ends(command, text)
	}
	connect := command == "Connect"
	var l Login
	highest := t.current().highest
	again := false // a new connection, though the run has one of this id
	if connect {
		l = ParseLogin(text)
		again = t.arrive(i, id, &l, doubt)
	} else if !doubt && (t.pending || len(t.runs) > 1) {
		t.goOn(id, command)
	}
	at, ok := t.recent, t.hasRecent && id == t.recentID
	if !ok {
		at, ok = t.find(id)
	}
	if ok && !connect && !doubt && (t.banner == plainBanner || t.pending && t.claimed.banner && at < t.claimed.first) {
		again = t.banner == plainBanner && !t.list.At(int(at)).running()
		if !again && len(t.survivors) < maxSurvivors {
			t.survivors = append(t.survivors, at)
		}
	}
	if !ok || again {
		at = t.add(i, id, connect && l.attempt() && !doubt, inside || again)
	}
	t.recent, t.recentID, t.hasRecent = at, id, !again
	c := t.list.At(int(at))
	if t.inName = len(t.cuts) > 0 && t.follow(i, at, command, text); t.inName {
		inside = true
		c = t.list.At(int(at))
	}
	c.Last = uint32(i)
	c.Entries++
	if connect {
		if !inside {
			t.order(at, id, min(highest, t.current().highest), l.attempt() || c.Outcome != Pending)
		}
		t.login(i, at, l, text, inside)
		return at
	}
	t.sent(i, at, c, command, text, inside)
	return at
}

// last returns the last connection of an id at the server.
func (t *Tracker) last(id uint64) (at uint32, ok bool) {
	if !t.wasAsked || id != t.asked {
		t.found, t.foundAny = t.latest[id]
		t.foundAny = t.foundAny && t.found >= t.server
		t.asked, t.wasAsked = id, true
	}
	return t.found, t.foundAny
}

func (t *Tracker) setLast(id uint64, at uint32) { t.latest[id], t.wasAsked = at, false }

// find returns the connection that an id has in the current run. A claimed run
// takes no entries from one that goes on.
func (t *Tracker) find(id uint64) (at uint32, ok bool) {
	at, ok = t.last(id)
	if !ok || at < t.current().first {
		return 0, false
	}
	if t.pending && at >= t.claimed.first {
		if e := *t.earlier.At(int(at)); e > t.current().first {
			if c := t.list.At(int(e - 1)); c.running() && c.Doubt != Unsure {
				at = e - 1
			}
		}
	}
	return at, true
}

// name is what a connection is called by.
type name struct {
	id    uint64
	epoch uint32
}

// unheard returns the epoch of a restart that did not happen, by which no connection
// of an id was called yet: the last one, or one more.
func (t *Tracker) unheard(id uint64) uint32 {
	for {
		n := name{id, t.never}
		if _, ok := t.heard[n]; !ok {
			t.heard[n] = struct{}{}
			return t.never
		}
		t.never++
	}
}

// add begins a connection with entry i. counts: it is a login beyond doubt; unsure:
// it may be none at all.
func (t *Tracker) add(i int, id uint64, counts, unsure bool) uint32 {
	r := t.current()
	c, earlier := Connection{ID: id, Epoch: r.epoch, First: uint32(i)}, uint32(0)
	if before, ok := t.last(id); ok {
		earlier = before + 1
		t.several[id] = struct{}{}
		if before >= r.first {
			c.Epoch = t.unheard(id)
		}
		switch was := t.list.At(int(before)); {
		case counts:
		case was.Doubt == Reconnected || was.Doubt == Displaced:
			c.Doubt = was.Doubt // the login that did not fit may have been its own
		case before < r.first && (!r.banner || r.close) && was.running():
			c.Doubt = Survived
			t.doubt(before, Survived)
		}
	} else if t.server > 0 {
		if _, ok := t.latest[id]; ok {
			t.several[id] = struct{}{}
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
	t.earlier.Append(earlier)
	t.setLast(id, at)
	return at
}

// Identified reports whether user or host of the connection at are known.
func (t *Tracker) Identified(at uint32) bool { return t.list.At(int(at)).identified() }

func (c *Connection) identified() bool { return c.User != 0 || c.Host != 0 }

// Identify sets the user and host of the connection at, which is not Identified,
// for logs that name them beside their entries.
func (t *Tracker) Identify(at uint32, user, host []byte) {
	c := t.list.At(int(at))
	c.User, c.Host = t.name(user), t.name(host)
}
