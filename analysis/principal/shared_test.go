package principal

import (
	"fmt"
	"testing"
	"time"
)

// class is a log of users behind one host who come on so many days, each refused k times on
// the first, with as many names that do not exist, each tried so often in front of the last
// login or behind it.
func class(t *testing.T, users, days, refused, names, each int, last bool) (h *History, mistake, name int) {
	t.Helper()
	m, id := newMaker(), uint64(0)
	deny := func(at time.Duration, user string) int {
		id++
		m.deny(at, id, user, "gate")
		return m.columns.Len() - 1
	}
	strange := func(at time.Duration) (entry int) {
		for k := range names * each {
			entry = deny(at+time.Duration(k)*time.Second, fmt.Sprintf("list%d", k%names))
		}
		return entry
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
			if last && day == days-1 && k == users-1 {
				name = strange(at)
				at += 2 * time.Minute
			}
			id++
			m.login(at+30*time.Second, id, user+"@gate")
			m.add(at+30*time.Second, id, "Query", "select 1")
			m.add(at+30*time.Second, id, "Quit", "")
		}
	}
	if !last {
		name = strange(at + time.Minute)
	}
	return m.learn(t), mistake, name
}

// A refused login is a mistake where ten users and more come from its host on three days,
// with less than ten in front of one that gets in soon, or with few names that do not exist,
// in front of another login; what is like a name at home is none of these.
func TestMistyped(t *testing.T) {
	for _, c := range []struct {
		users, days, refused, names, each int
		last                              bool
		mistake, name                     bool
	}{
		{10, 3, 4, 5, 1, true, true, true},
		{10, 3, 4, 1, 10, true, true, true},
		{10, 3, 4, 1, 11, true, true, false},
		{10, 3, 9, 6, 1, true, true, false},
		{10, 3, 4, 5, 1, false, true, false},
		{9, 3, 4, 1, 1, true, false, false},
		{10, 2, 4, 1, 1, true, false, false},
		{10, 3, 10, 1, 1, true, false, false},
	} {
		h, mistake, name := class(t, c.users, c.days, c.refused, c.names, c.each, c.last)
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

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"s07", "s07", true}, {"s07", "s7", true}, {"s07", "s017", true}, {"s07", "t07", true}, {"s07", "s70", false}, {"s07", "s1", false},
		{"anna", "root", false}, {"a", "", true}, {"ab", "", false},
	} {
		if alike(c.a, c.b) != c.want || alike(c.b, c.a) != c.want {
			t.Errorf("%q and %q: not %v", c.a, c.b, c.want)
		}
	}
}
