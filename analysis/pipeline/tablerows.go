package pipeline

import (
	"sqleuth/analysis/connection"
	"sqleuth/analysis/tablelog"
)

// anonymous gives connections to rows of dumps without thread_id: the rows of one
// account, from one login to the next, are one connection. More cannot be known.
type anonymous struct {
	of   map[string]uint64 // the id that an account's rows have now
	next uint64
	here bool // what is read has no ids
}

// began notes that what follows has ids, or none. Ids that we give are not those
// of a log beside it.
func (a *anonymous) began(here bool, t *connection.Tracker) {
	if here != a.here {
		t.Apart()
	}
	a.here = here
}

// id returns the id of a row.
func (a *anonymous) id(user, host []byte, command string, text []byte) uint64 {
	account := string(user) + "@" + string(host)
	id, ok := a.of[account]
	if !ok || command == "Connect" && !connection.ParseLogin(text).Denied {
		if a.of == nil {
			a.of = map[string]uint64{}
		}
		a.next++
		id = a.next
		a.of[account] = id
	}
	return id
}

// observeRow is Tracker.Observe for record k of a batch of rows of the log's table,
// entry i. A row names who sent it, and in some forms what the server answered.
func (r *recorder) observeRow(b *batch, k, i int, command string, text []byte) uint32 {
	rec := &b.records[k]
	account := func() (user, host []byte) {
		if rec.flags&hasAccount == 0 {
			return nil, nil
		}
		return tablelog.Account([]byte(b.wordOf(rec.account)))
	}
	id := rec.id
	if !b.table.HasID() {
		user, host := account()
		id = r.nameless.id(user, host, command, text)
	}
	conn := r.tracker.Observe(i, id, command, text)
	// What a client calls itself can make the text of a login hard to read.
	login := command == "Connect"
	if !r.tracker.Identified(conn) || login && r.tracker.Begins(conn) {
		if user, host := account(); user != nil || host != nil {
			r.tracker.Identify(conn, user, host)
		}
	}
	if b.table.Outcomes() {
		r.outcomes.Set(i, b.answers[k])
		if login {
			r.tracker.Answer(conn, b.answers[k])
		}
	}
	return conn
}
