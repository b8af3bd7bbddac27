package connection

import "bytes"

const (
	// maxAmbiguous is how many ambiguous logins are listed.
	maxAmbiguous = 1 << 14
	// maxUndecided is how many of them are kept until their refusal may have come.
	maxUndecided = 1 << 10
)

// login adds entry i, a Connect, to what is known of its connection.
func (t *Tracker) login(i int, at uint32, l Login, text []byte, inside bool) {
	c := t.list.At(int(at))
	if !inside {
		t.mayBeCut(i, at, &l, text)
	}
	if l.Ambiguous && len(t.ambiguous) < maxAmbiguous {
		t.ambiguous = append(t.ambiguous, uint32(i))
	}
	if !inside && c.last == changedUser && !l.attempt() {
		t.refuseChange(i, at, c)
		return
	}
	var user, host uint32
	if l.Denied {
		l = t.decide(at, c, l, text)
	}
	if l.attempt() || l.Denied {
		user, host = t.name(l.User), t.name(l.Host)
	}
	switch first := c.Entries == 1; {
	case first:
	case c.Doubt == Unsure && !inside && (l.attempt() || c.Outcome != Pending):
		*c = Connection{ID: c.ID, Epoch: c.Epoch, First: c.First, Last: c.Last, Entries: c.Entries}
	case l.attempt() && (c.identified() || inside && c.Doubt != Unsure && c.Outcome == Unseen):
		if user != c.User || host != c.Host {
			c.misfit()
			return
		}
	case !l.attempt() && c.Outcome != Pending:
		// Only an attempt, or a Change user, can be refused.
		if c.Outcome == Accepted || c.Outcome == Unseen {
			c.misfit()
		}
		return
	}
	switch {
	case l.Denied:
		c.Outcome = Denied
		c.Reason = t.texts.InternBytes(text)
		if user != c.User || host != c.Host {
			c.User, c.Host = user, host
		}
	case !l.attempt():
		c.Outcome = Failed
		c.Reason = t.texts.InternBytes(text)
		return
	case c.Outcome == Unseen:
		c.Outcome = Pending
	}
	if !c.identified() {
		c.User, c.Host = user, host
	}
	if l.Ambiguous {
		if c.Doubt == NoDoubt {
			c.Doubt = TwoReadings
		}
		if l.attempt() && len(t.undecided) < maxUndecided {
			t.undecided[at] = string(text)
		}
	}
	if c.Database == 0 && len(l.Database) > 0 {
		c.Database, c.DatabaseFrom = t.name(l.Database), uint32(i)
	}
}

// decide reads the refusal of connection c beside its attempt. The account in a
// refusal is the server's own word, but for names that hold the signs of one.
func (t *Tracker) decide(at uint32, c *Connection, refusal Login, text []byte) Login {
	if c.Outcome != Pending || !c.identified() {
		return refusal
	}
	if attempt, ok := t.undecided[at]; ok {
		delete(t.undecided, at)
		if l, ok := agree([]byte(attempt), text); ok {
			l.Denied = true
			if c.Doubt == TwoReadings {
				c.Doubt = NoDoubt
			}
			c.Database = 0
			if len(l.Database) > 0 {
				c.Database, c.DatabaseFrom = t.name(l.Database), c.First
			}
			return l
		}
	}
	user, host := t.Text(c.User), t.Text(c.Host)
	for a := range refused(text) {
		if nonEmpty(a.user) == user && nonEmpty(a.host) == host {
			refusal.User, refusal.Host, refusal.Ambiguous = a.user, a.host, false
			return refusal
		}
	}
	if refusal.Ambiguous || !bytes.HasSuffix(text, []byte(")")) {
		// What names a database may hold an account that a client made up.
		refusal.User, refusal.Host = []byte(user), []byte(host)
	}
	c.misfit()
	return refusal
}

// Text returns the text with the given number, "-" for none.
func (t *Tracker) Text(n uint32) string { return t.texts.Texts()[n] }

// misfit notes a login or refusal that does not fit the connection.
func (c *Connection) misfit() {
	if c.Doubt == NoDoubt || c.Doubt == Displaced {
		c.Doubt = Reconnected
	}
}

// sent adds entry i, which is no Connect, to what is known of its connection. What
// may be text of a statement contradicts nothing that is known, and adds nothing
// that would let other text do so.
func (t *Tracker) sent(i int, at uint32, c *Connection, command string, text []byte, inside bool) {
	if inside && c.Doubt != Unsure {
		if c.Outcome == Pending {
			c.Outcome = Accepted
		}
		return
	}
	if !inside && c.Doubt == Unsure {
		c.Doubt = NoDoubt
	}
	if c.Closed && !inside {
		c.misfit() // who has quit sends nothing more
	}
	last := c.last
	c.last = noTrace
	c.Closed, c.dropped = command == "Quit", false
	refused := false
	switch command {
	case "Query", "Execute":
		if len(text) > 4 && (text[0]|0x20 == 'u' || !isLetter(text[0])) {
			if database := usedBy(text); database != nil && t.inDatabase(i, c, database) {
				c.last = usedDatabase
			}
		}
	case "InitDB", "Init DB":
		if refused = ParseLogin(text).Denied; refused {
			t.refuseDatabase(i, at, c, text, last)
			if c.Outcome == Denied {
				return
			}
			break
		}
		t.inDatabase(i, c, text)
	case "Change user", "Change":
		refused = true
		t.changeUser(i, at, c, text, last)
	}
	if last == changedUser && !refused {
		t.acceptChange(at, c)
	}
	switch {
	case c.Outcome == Pending:
		c.Outcome = Accepted
		if len(t.undecided) > 0 {
			delete(t.undecided, at)
		}
	case c.Outcome == Denied && !inside && !c.Closed:
		// Nothing comes of a connection that was refused.
		c.Outcome, c.Reason = Accepted, 0
		c.misfit()
	case c.Outcome == Failed && !inside:
		c.misfit()
	}
}

// refuseDatabase adds entry i, the refusal of a database that was asked for at
// login, with another user, by a statement or by Init DB.
func (t *Tracker) refuseDatabase(i int, at uint32, c *Connection, text []byte, last trace) {
	database := t.identity(c).Database
	if database == 0 || !names(text, t.Text(database)) {
		return // of another one, by Init DB
	}
	switch {
	case c.Outcome == Pending:
		c.Outcome, c.Reason = Denied, t.texts.InternBytes(text)
	case last == changedUser:
		t.refuseChange(i, at, c)
	case last == usedDatabase:
		t.leaveDatabase(i, c)
	}
}

// names reports whether a refusal names the database; one language does without
// quotes.
func names(refusal []byte, database string) bool {
	return bytes.Contains(refusal, []byte("'"+database+"'")) || bytes.HasSuffix(refusal, []byte(" "+database))
}

func nonEmpty(b []byte) string {
	if len(b) == 0 {
		return "-"
	}
	return string(b)
}
