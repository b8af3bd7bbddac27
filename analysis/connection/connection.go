// Package connection turns the entries of a log into connections: the session
// that a server gave one thread id to, from its login to its end.
//
// Ids begin again when a server restarts, so a connection is named by its
// epoch (the server run, counted from 1) and its id.
package connection

import (
	"sqleuth/analysis/label"
	"sqleuth/analysis/store"
)

// Outcome is what the log says of a login. It never says more: an accepted
// login is seen by what the connection sent afterwards.
type Outcome uint8

// The outcomes of a login.
const (
	Unseen   Outcome = iota // the log holds no Connect of this id
	Pending                 // Connect and nothing after it: no outcome logged
	Accepted                // something was sent after Connect
	Denied                  // the server wrote that it refused the login
	Failed                  // the server wrote another reason than denial
)

var outcomeText = [...]string{"not seen", "no outcome logged", "accepted", "denied", "failed"}

// String returns the outcome in words.
func (o Outcome) String() string { return outcomeText[o] }

// Connection is one session. Texts are numbers in the tracker's dictionary.
type Connection struct {
	ID       uint64
	Epoch    uint32 // server run, from 1
	First    uint32 // index of its first entry
	Last     uint32 // index of its last entry
	Entries  uint32
	User     uint32
	Host     uint32
	Database uint32 // given at login or by the first Init DB
	Reason   uint32 // why the login failed
	Outcome  Outcome
	Closed   bool // a Quit was seen
	Changed  bool // Change user was seen: the identity is the first one
}

// Tracker follows the connections of one log. It is for one goroutine.
type Tracker struct {
	list  store.Paged[Connection]
	texts *store.Dict
	epoch uint32
	// open finds the connections of the current epoch by id.
	open map[uint64]uint32
	// several holds the ids of more than one connection, the exception.
	several map[uint64]struct{}
	ended   []map[uint64]uint32
	maxID   uint64
	// recent is the connection of the last entry and its id: statements of one
	// connection follow each other.
	recent   uint32
	recentID uint64
	// unbannered says that restarts leave no banner in this log.
	unbannered bool
	banner     bool // a banner stood before the next entry
}

// maxNames bounds the users, hosts, databases and reasons that are told apart;
// an attack can make up a user for each of its logins.
const maxNames = 1 << 18

// Full reports whether names were too many to be told apart.
func (t *Tracker) Full() bool { return t.texts.Full() }

// NewTracker returns a tracker at the start of a log.
func NewTracker() *Tracker {
	return &Tracker{texts: store.NewLimitedDict(maxNames), epoch: 1, open: map[uint64]uint32{}, several: map[uint64]struct{}{}}
}

// Banner says that the server opened the log here: it was started, or the log
// was switched on again or rotated. The ids that follow tell which.
func (t *Tracker) Banner() { t.banner = true }

// Unbannered says whether restarts leave no banner in what follows, as in a dump
// of the log's table.
func (t *Tracker) Unbannered(yes bool) { t.unbannered = yes }

// concurrency is how far behind the highest id a new connection may be logged
// when several are made at the same moment.
const concurrency = 64

// restarted says whether a Connect of id begins a new server run: ids only ever
// grow within one.
func (t *Tracker) restarted(id uint64) bool {
	at, known := t.open[id]
	if !known {
		return t.banner && id+concurrency < t.maxID || t.banner && t.maxID < concurrency && id < t.maxID
	}
	c := t.list.At(int(at))
	switch {
	case t.banner:
		return true
	case c.Closed:
		// An id ends with its Quit; but in a log with banners a Connect that
		// comes without one may be forged text.
		return t.unbannered || id+concurrency < t.maxID
	}
	return false
}

// Observe adds entry i, sent under id, and returns the index of its
// connection. text is the entry's argument, read only for commands that speak
// of logins and databases.
func (t *Tracker) Observe(i int, id uint64, command string, text []byte) uint32 {
	connect := command == "Connect"
	if connect && t.restarted(id) {
		t.ended = append(t.ended, t.open)
		t.open = map[uint64]uint32{}
		t.epoch++
		t.maxID, t.recentID = 0, ^id
	}
	if connect {
		t.banner = false
	}
	at, ok := t.recent, id == t.recentID && t.list.Len() > 0
	if !ok {
		at, ok = t.open[id]
	}
	if !ok {
		at = uint32(t.list.Append(Connection{ID: id, Epoch: t.epoch, First: uint32(i)}))
		t.open[id] = at
		for _, earlier := range t.ended {
			if _, ok := earlier[id]; ok {
				t.several[id] = struct{}{}
				break
			}
		}
		t.maxID = max(t.maxID, id)
	}
	t.recent, t.recentID = at, id
	c := t.list.At(int(at))
	c.Last = uint32(i)
	c.Entries++
	switch command {
	case "Connect":
		t.login(c, text)
		return at
	case "Quit":
		c.Closed = true
	case "InitDB", "Init DB":
		if c.Database == 0 {
			c.Database = t.texts.Intern(string(text))
		}
	case "Change user", "Change":
		c.Changed = true
	}
	if c.Outcome == Pending {
		c.Outcome = Accepted
	}
	return at
}

// Identified says whether the log has told who made the connection at.
func (t *Tracker) Identified(at uint32) bool {
	c := t.list.At(int(at))
	return c.User != 0 || c.Host != 0
}

// Identify says who made the connection at, which is not Identified, for logs
// that say so beside their entries.
func (t *Tracker) Identify(at uint32, user, host []byte) {
	c := t.list.At(int(at))
	c.User, c.Host = t.texts.Intern(nonEmpty(user)), t.texts.Intern(nonEmpty(host))
}

func (t *Tracker) login(c *Connection, text []byte) {
	l := ParseLogin(text)
	switch {
	case l.Denied:
		c.Outcome = Denied
		c.Reason = t.texts.Intern(string(text))
	case l.User == nil && l.Host == nil:
		c.Outcome = Failed
		c.Reason = t.texts.Intern(string(text))
		return
	case c.Outcome == Unseen:
		c.Outcome = Pending
	}
	if c.User == 0 && c.Host == 0 {
		c.User = t.texts.Intern(nonEmpty(l.User))
		c.Host = t.texts.Intern(nonEmpty(l.Host))
	}
	if c.Database == 0 && len(l.Database) > 0 {
		c.Database = t.texts.Intern(string(l.Database))
	}
}

func nonEmpty(b []byte) string {
	if len(b) == 0 {
		return "-"
	}
	return string(b)
}

// View returns the connections observed so far as a value nobody writes to
// again.
func (t *Tracker) View() View {
	several := make(map[uint64]struct{}, len(t.several))
	for id := range t.several {
		several[id] = struct{}{}
	}
	return View{PagedView: t.list.View(), texts: t.texts.Texts(), several: several, Runs: t.epoch}
}

// View is an immutable list of connections in order of first appearance.
type View struct {
	store.PagedView[Connection]
	texts   []string
	several map[uint64]struct{}
	Runs    uint32 // server runs (epochs) seen
}

// Text returns the text with the given number: a user, host, database or
// reason; "-" for none.
func (v View) Text(n uint32) string {
	if int(n) >= len(v.texts) {
		return "-"
	}
	return v.texts[n]
}

// Several says whether the log holds more than one connection of this id.
func (v View) Several(id uint64) bool { _, ok := v.several[id]; return ok }

// Ref returns what labels call connection i.
func (v View) Ref(i int) label.Ref {
	c := v.Peek(i)
	return label.Ref{Epoch: c.Epoch, ID: c.ID}
}

// Name returns the name of connection i: its id, with "@epoch" where the log
// holds several connections of that id.
func (v View) Name(i int) string {
	r := v.Ref(i)
	return r.String(v.Several(r.ID))
}

// Epochs returns a function that gives the server runs in which an id occurs,
// ascending. It indexes all connections first.
func (v View) Epochs() func(id uint64) []uint32 {
	index := make(map[uint64][]uint32, v.Len())
	for i := range v.Len() {
		c := v.Peek(i)
		index[c.ID] = append(index[c.ID], c.Epoch)
	}
	return func(id uint64) []uint32 { return index[id] }
}
