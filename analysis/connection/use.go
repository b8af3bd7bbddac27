package connection

import (
	"bytes"

	"sqleuth/analysis/sqltext"
)

// usedBy returns the database that a USE statement names, nil for any other
// statement.
func usedBy(statement []byte) []byte {
	var l sqltext.Lexer
	l.Reset(statement)
	t, ok := nextWord(&l)
	if !ok || t.Kind != sqltext.Word || !bytes.EqualFold(statement[t.Start:t.End], []byte("use")) {
		return nil
	}
	if t, ok = nextWord(&l); !ok {
		return nil
	}
	name := statement[t.Start:t.End]
	switch t.Kind {
	case sqltext.Word:
		return name
	case sqltext.QuotedIdent, sqltext.DoubleQuoted:
		if len(name) < 3 || name[len(name)-1] != name[0] {
			return nil
		}
		quote := string(name[0])
		return bytes.ReplaceAll(name[1:len(name)-1], []byte(quote+quote), []byte(quote))
	}
	return nil
}

// nextWord returns the next token that is no comment; the content of a version
// comment is code.
func nextWord(l *sqltext.Lexer) (t sqltext.Token, ok bool) {
	for {
		t, ok = l.Next()
		if !ok || t.Kind != sqltext.Comment && t.Kind != sqltext.VersionOpen {
			return t, ok
		}
	}
}

// inDatabase notes the current database of a connection from entry i on.
func (t *Tracker) inDatabase(i int, c *Connection, name []byte) (changed bool) {
	database := t.name(name)
	id := t.identity(c)
	switch {
	case database == id.Database:
		return false
	case c.Database == 0 && c.changes == 0:
		c.Database, c.DatabaseFrom = database, uint32(i)
	default:
		if c.Database == 0 {
			c.Database, c.DatabaseFrom = database, uint32(i)
		}
		id.Database = database
		t.becomes(c, i, id)
	}
	return true
}

// leaveDatabase takes the last change of database back, which the server refused.
func (t *Tracker) leaveDatabase(i int, c *Connection) {
	if c.changes != 0 {
		t.becomes(c, i, t.before(c))
		return
	}
	c.Database, c.DatabaseFrom = 0, 0
}

// changeUser adds entry i, a Change user, to a connection whose last entry was
// last.
func (t *Tracker) changeUser(i int, at uint32, c *Connection, text []byte, last trace) {
	l := ParseLogin(text)
	if l.Ambiguous && len(t.ambiguous) < maxAmbiguous {
		t.ambiguous = append(t.ambiguous, uint32(i))
	}
	switch {
	case l.attempt():
		if last == changedUser {
			t.acceptChange(at, c)
		}
		c.Changed = true
		id := Identity{User: t.name(l.User), Host: t.name(l.Host)}
		if len(l.Database) > 0 {
			id.Database = t.name(l.Database)
		}
		if id != t.identity(c) {
			t.becomes(c, i, id)
			c.last = changedUser
		}
	case last == changedUser:
		t.refuseChange(i, at, c)
	case l.Denied:
		t.userChanges = append(t.userChanges, UserChange{Connection: at, Entry: uint32(i), User: t.name(l.User), Host: t.name(l.Host), Refused: true})
		c.dropped = true
	}
}

// acceptChange notes that something was sent after a Change user.
func (t *Tracker) acceptChange(at uint32, c *Connection) {
	n, was := t.changes[c.changes-1], t.before(c)
	if n.User != was.User || n.Host != was.Host {
		t.userChanges = append(t.userChanges, UserChange{Connection: at, Entry: n.entry, User: n.User, Host: n.Host})
	}
}

// refuseChange takes a Change user back, which entry i refuses.
func (t *Tracker) refuseChange(i int, at uint32, c *Connection) {
	n := t.changes[c.changes-1]
	t.userChanges = append(t.userChanges, UserChange{Connection: at, Entry: n.entry, User: n.User, Host: n.Host, Refused: true})
	t.becomes(c, i, t.before(c))
	c.last, c.dropped = noTrace, true
}

// name returns the number of a name; that of no name is "-".
func (t *Tracker) name(text []byte) uint32 {
	if len(text) == 0 {
		return t.texts.Intern("-")
	}
	return t.texts.InternBytes(text)
}
