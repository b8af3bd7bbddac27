package principal

import (
	"fmt"
	"testing"
	"time"
)

// class is a log of users behind one host who come on so many days, each refused k times on
// the first, with as many names that do not exist.
func class(t *testing.T, users, days, refused, names int) (h *History, mistake, name int) {
	t.Helper()
	m, id := newMaker(), uint64(0)
	deny := func(at time.Duration, user string) int {
		id++
		m.deny(at, id, user, "gate")
		return m.columns.Len() - 1
	}
	at := time.Duration(0)
	for day := range days {
		for k := range users {
			at = time.Duration(day)*24*time.Hour + time.Duration(k)*time.Minute
			user := fmt.Sprintf("u%d", k)
			if day == 0 {
				for n := range refused {
					mistake = deny(at+time.Duration(n)*time.Second, user)
				}
			}
			id++
			m.login(at+30*time.Second, id, user+"@gate")
			m.add(at+30*time.Second, id, "Query", "select 1")
			m.add(at+30*time.Second, id, "Quit", "")
		}
	}
	for k := range names {
		name = deny(at+time.Minute+time.Duration(k)*time.Second, fmt.Sprintf("x%d", k))
	}
	return m.learn(t), mistake, name
}

// A refused login is a mistake where ten users and more come from its host on three days,
// with less than ten in front of one that gets in soon, or with no more names that do not
// exist than there are users.
func TestMistyped(t *testing.T) {
	for _, c := range []struct {
		users, days, refused, names int
		mistake, name               bool
	}{
		{10, 3, 4, 10, true, true},
		{10, 3, 9, 11, true, false},
		{9, 3, 4, 1, false, false},
		{10, 2, 4, 1, false, false},
		{10, 3, 10, 1, false, false},
	} {
		h, mistake, name := class(t, c.users, c.days, c.refused, c.names)
		user := func(entry int) uint32 { return h.log.Connections.Peek(int(h.log.Entries.Connection(entry))).User }
		host := h.log.Connections.Peek(int(h.log.Entries.Connection(name))).Host
		if got := h.Mistyped(user(mistake), host, mistake); got != c.mistake {
			t.Errorf("%+v: mistyped %v", c, got)
		}
		if got := h.Mistyped(user(name), host, name); got != c.name {
			t.Errorf("%+v: a name that does not exist: mistyped %v", c, got)
		}
	}
}
