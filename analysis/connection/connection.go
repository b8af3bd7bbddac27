package connection

import (
	"cmp"
	"slices"

	"sqleuth/analysis/label"
	"sqleuth/analysis/store"
)

// Outcome is the end of a login as far as the log shows it: an accepted login is
// recognised by what the connection sent afterwards.
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

// Refused reports whether the server turned the login away.
func (o Outcome) Refused() bool { return o == Denied || o == Failed }

// String returns the outcome in words.
func (o Outcome) String() string { return outcomeText[o] }

// A Doubt is a reason why a connection may not be what its entries show.
type Doubt uint8

// The doubts.
const (
	NoDoubt     Doubt = iota
	Unsure            // known only from entries that may be text of a statement
	Reconnected       // a login or a refusal was logged that does not fit it; what was known before holds
	Unstarted         // it claims that ids began again, but connections from before went on
	Survived          // it goes on behind the banner of a restart, which ends all connections: a thread of the server's own has its id
	Displaced         // its login came out of order with others, so it may be of another server run
	TwoReadings       // its login can be read as that of another account
)

// Connection is one session. Texts are numbers in the tracker's dictionary.
type Connection struct {
	ID       uint64
	Epoch    uint32 // server run, from 1
	First    uint32 // index of its first entry
	Last     uint32 // index of its last entry
	Entries  uint32
	User     uint32
	Host     uint32
	Database uint32 // given at login, or the first one by Init DB or USE
	// DatabaseFrom is the entry from which on it has a database.
	DatabaseFrom uint32
	Reason       uint32 // why the login failed
	changes      uint32 // its last change of identity, plus one; see View.Who
	Outcome      Outcome
	Closed       bool // its last entry is a Quit
	Changed      bool // Change user was seen: User is the first one
	Doubt        Doubt
	dropped      bool  // a Change user was refused: the server lets nothing more come
	last         trace // of its last entry, what a refusal may take back
}

// trace is what the last entry of a connection was, where a refusal may follow.
type trace uint8

const (
	noTrace      trace = iota
	changedUser        // a Change user to another identity
	usedDatabase       // a USE of another database
)

// running reports whether more may come of the connection.
func (c *Connection) running() bool {
	return !c.Closed && !c.dropped && c.Outcome != Denied && c.Outcome != Failed
}

// View returns the connections observed so far as a value nobody writes to
// again.
func (t *Tracker) View() View {
	several := make(map[uint64]struct{}, len(t.several))
	for id := range t.several {
		several[id] = struct{}{}
	}
	return View{
		PagedView: t.list.View(), texts: t.texts.Texts(), several: several, Runs: t.current().epoch,
		changes: t.changes[:len(t.changes):len(t.changes)], userChanges: t.userChanges[:len(t.userChanges):len(t.userChanges)],
		Ambiguous: t.ambiguous[:len(t.ambiguous):len(t.ambiguous)], Forged: t.forgedRanges(), OpenLogins: t.openLogins || t.endings == withoutKind,
	}
}

// View is an immutable list of connections in order of first appearance.
type View struct {
	store.PagedView[Connection]
	texts   []string
	several map[uint64]struct{}
	Runs    uint32 // server runs (epochs) seen

	// Ambiguous are logins that can be read as those of two accounts, the first
	// ones: indices of entries, ascending.
	Ambiguous []uint32
	// Forged are entries that a client has written, as far as can be seen, by a line
	// break in the name that it logged in with; ascending, the first ones.
	Forged []Range
	// OpenLogins reports that logins, those of a server at least, do not end in the kind of connection, as those
	// of MySQL 5.6 and older: nothing shows where the name of their database ends.
	OpenLogins bool

	changes     []change
	userChanges []UserChange
}

// Range is a login that was cut by a line break in a name, and the entries behind
// it that are part of the name.
type Range struct{ Opener, Last uint32 }

// Doubtful reports whether entry i may be part of the name of somebody who tried
// to log in.
func (v View) Doubtful(i int) bool {
	k, _ := slices.BinarySearchFunc(v.Forged, uint32(i), func(r Range, i uint32) int { return cmp.Compare(r.Last, i) })
	return k < len(v.Forged) && int(v.Forged[k].Opener) < i
}

// Text returns the text with the given number: a user, host, database or
// reason; "-" for none. Each server of a log numbers its own, so that an account of one
// is no account of another; but for 0, what has no name.
func (v View) Text(n uint32) string {
	if int(n) >= len(v.texts) {
		return "-"
	}
	return v.texts[n]
}

// Several reports whether the log holds more than one connection of this id.
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
	// Servers number their connections one by one, so that there is little to sort.
	order := make([]uint32, v.Len())
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int {
		x, y := v.Peek(int(a)), v.Peek(int(b))
		return cmp.Or(cmp.Compare(x.ID, y.ID), cmp.Compare(x.Epoch, y.Epoch))
	})
	return func(id uint64) (epochs []uint32) {
		from, _ := slices.BinarySearchFunc(order, id, func(i uint32, id uint64) int { return cmp.Compare(v.Peek(int(i)).ID, id) })
		for _, i := range order[from:] {
			c := v.Peek(int(i))
			if c.ID != id {
				break
			}
			epochs = append(epochs, c.Epoch)
		}
		return epochs
	}
}
