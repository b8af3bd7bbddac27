package incident

import (
	"bytes"
	"slices"

	"sqleuth/analysis/fact"
)

// events are the events of the server's scheduler that statements of this log make, and the
// connections in which the scheduler sends what is in them. These have no login: what they
// send is the doing of who made the event.
type events struct {
	read  bool
	list  []event
	maker map[uint32]int64 // by connection without a login, the one that made its event; none for others
}

// event is a statement that makes or changes an event.
type event struct {
	entry uint32
	text  []byte // of the statement, as folded returns it
}

const (
	// maxEvents is of how many events the text is kept.
	maxEvents = 1 << 10
	// leastText is how long a statement must be, up to a password, to be found in that of an event.
	leastText = 12
	none      = -1
)

// scheduled reports whether the scheduler sends in a connection what is in an event that
// was made in this log.
func (f *finder) scheduled(c uint32) bool { return f.eventMaker(c) != none }

// eventMaker returns the connection that made the event of a connection, none for a
// connection that has a login or sends anything else.
func (f *finder) eventMaker(c uint32) int64 {
	if x := f.Connections.Peek(int(c)); x.User != 0 || x.Host != 0 || f.Text == nil {
		return none
	}
	f.readEvents()
	maker, ok := f.events.maker[c]
	if !ok {
		maker = f.findMaker(c)
		f.events.maker[c] = maker
	}
	return maker
}

// findMaker looks for the event that holds all that a connection sends. Of most connections
// the first statement is in none.
func (f *finder) findMaker(c uint32) int64 {
	entries := f.ByConnection.Entries(int(c))
	left := slices.DeleteFunc(slices.Clone(f.events.list), func(ev event) bool { return len(entries) == 0 || ev.entry >= entries[0] })
	for _, e := range entries[:min(len(entries), maxEvents)] {
		if len(left) == 0 {
			return none
		}
		raw, err := f.Text(int(e))
		text := folded(raw)
		if err != nil || len(text) < leastText {
			return none
		}
		left = slices.DeleteFunc(left, func(ev event) bool { return !bytes.Contains(ev.text, text) })
	}
	if len(left) == 0 {
		return none
	}
	return int64(f.Log.Entries.Connection(int(left[0].entry)))
}

// readEvents reads the statements that make events, once.
func (f *finder) readEvents() {
	if f.events.read {
		return
	}
	f.events = events{read: true, maker: map[uint32]int64{}}
	makes := make([]bool, len(f.Facts))
	any := false
	for k, set := range f.Facts {
		makes[k] = set.Has(fact.Head, "create event", "alter event")
		any = any || makes[k]
	}
	if !any {
		return
	}
	for e := range f.Log.Entries.Len() {
		if !makes[f.Key(e).Fact] {
			continue
		}
		if raw, err := f.Text(e); err == nil && len(f.events.list) < maxEvents {
			f.events.list = append(f.events.list, event{uint32(e), bytes.Clone(foldedAll(raw))})
		}
	}
}

// folded returns a statement in lower case with single blanks up to a password: servers
// put another one in its place.
func folded(raw []byte) []byte {
	text := foldedAll(raw)
	for _, word := range []string{" identified ", " password "} {
		text, _, _ = bytes.Cut(text, []byte(word))
	}
	return text
}

func foldedAll(raw []byte) []byte {
	return bytes.TrimRight(bytes.ToLower(bytes.Join(bytes.Fields(raw), []byte(" "))), "; ")
}

// followEvents gives actors the connections in which the scheduler sends what is in events
// that they made.
func (f *finder) followEvents() {
	owner := map[uint32]int{}
	for k := range f.actors {
		for _, c := range f.actors[k].connections {
			owner[c] = k
		}
	}
	for c, maker := range f.events.maker { // of those that a detection speaks of
		k, ok := owner[uint32(maker)]
		if maker == none || !ok {
			continue
		}
		f.actors[k].connections = append(f.actors[k].connections, c)
		setBit(f.taken, c)
		slices.Sort(f.actors[k].connections)
	}
}
