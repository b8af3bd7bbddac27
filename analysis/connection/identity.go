package connection

// Identity is who a connection is at an entry, and in which database. Texts are
// numbers in the tracker's dictionary, see View.Text.
type Identity struct{ User, Host, Database uint32 }

// UserChange is a Change user that the server refused, or that was followed by
// something else than a refusal.
type UserChange struct {
	Connection uint32
	Entry      uint32 // of the Change user, or of its refusal where that is all
	User       uint32 // whom it asked for
	Host       uint32
	Refused    bool
}

// change is the moment from which on a connection has another identity. Those of
// one connection are chained, the last one first; jump leads past several of
// them, so that a search takes logarithmic time (the skew-binary jump pointers of
// Myers' applicative stacks).
type change struct {
	Identity
	entry uint32
	past  uint32 // how many there are before it
	prev  uint32 // the one before it, plus one
	jump  uint32 // one further before it, plus one
}

// becomes notes that a connection has another identity from entry i on.
func (t *Tracker) becomes(c *Connection, i int, id Identity) {
	n := change{Identity: id, entry: uint32(i), prev: c.changes}
	if c.changes != 0 {
		p := &t.changes[c.changes-1]
		n.past, n.jump = p.past+1, c.changes
		if p.jump != 0 {
			q := &t.changes[p.jump-1]
			if p.past-q.past == q.past-pastOf(t.changes, q.jump) {
				n.jump = q.jump
			}
		}
	}
	t.changes = append(t.changes, n)
	c.changes = uint32(len(t.changes))
}

func pastOf(list []change, n uint32) uint32 {
	if n == 0 {
		return 0
	}
	return list[n-1].past
}

// identity returns who a connection is after its entries so far.
func (t *Tracker) identity(c *Connection) Identity {
	if c.changes == 0 {
		return Identity{c.User, c.Host, c.Database}
	}
	return t.changes[c.changes-1].Identity
}

// before returns who a connection was before its last change.
func (t *Tracker) before(c *Connection) Identity {
	if prev := t.changes[c.changes-1].prev; prev != 0 {
		return t.changes[prev-1].Identity
	}
	id := Identity{User: c.User, Host: c.Host, Database: c.Database}
	if t.changes[c.changes-1].entry < c.DatabaseFrom {
		id.Database = 0
	}
	return id
}

// Who returns who connection conn is at entry i, which is one of it: a change
// counts from the entry on that asks for it.
func (v View) Who(conn, i int) Identity {
	c := v.Peek(conn)
	n := c.changes
	for n != 0 && int(v.changes[n-1].entry) > i {
		p := &v.changes[n-1]
		if p.jump != 0 && int(v.changes[p.jump-1].entry) > i {
			n = p.jump
		} else {
			n = p.prev
		}
	}
	if n != 0 {
		return v.changes[n-1].Identity
	}
	id := Identity{c.User, c.Host, c.Database}
	if i < int(c.DatabaseFrom) {
		id.Database = 0
	}
	return id
}

// Identities calls yield for each identity that a connection has had, the last
// one first, with its first entry, until that returns false.
func (v View) Identities(conn int, yield func(from int, id Identity) bool) {
	c := v.Peek(conn)
	next := ^uint32(0) // a change there, or before, leaves it no time
	for n := c.changes; n != 0; n = v.changes[n-1].prev {
		next = v.changes[n-1].entry
		if !yield(int(next), v.changes[n-1].Identity) {
			return
		}
	}
	id := Identity{c.User, c.Host, c.Database}
	if c.DatabaseFrom > c.First {
		if c.DatabaseFrom < next && !yield(int(c.DatabaseFrom), id) {
			return
		}
		id.Database = 0
	}
	if c.First < next {
		yield(int(c.First), id)
	}
}

// Changes reports whether connection conn has had more than one identity.
func (v View) Changes(conn int) bool { return v.Peek(conn).changes != 0 }

// UserChanges returns every Change user whose outcome is known, in order of the
// log.
func (v View) UserChanges() []UserChange { return v.userChanges }
