package principal

import (
	"fmt"
	"testing"
	"time"
)

// A program's account from a network that nobody had come from is away, from its next two
// hosts too; one in a known network, a person's, and the first of all are not.
func TestAway(t *testing.T) {
	m, id := newMaker(), uint64(0)
	login := func(at time.Duration, account string) {
		id++
		m.add(at, id, "Connect", account+" on shop using TCP/IP")
		m.add(at, id, "Query", "select 1")
		m.add(at, id, "Quit", "")
	}
	for k := range 40 {
		at := time.Duration(k) * 30 * time.Minute
		login(at, "app@10.0.0.5")
		switch k {
		case 3:
			login(at, "anna@10.0.9.3")
		case 30:
			login(at, "app@10.0.0.6")      // beside its other host
			login(at, "app@10.0.9.8")      // where anna had come from
			login(at, "anna@198.51.100.4") // a person, at home
			login(at, "app@203.0.113.7")
		case 33:
			login(at, "app@203.0.113.9")
			login(at, "app@203.0.113.10")
			login(at, "app@203.0.113.11") // no longer new
		}
	}
	h := m.learnWith(t, Options{})
	for account := range h.profiles {
		a := &h.profiles[account]
		name := h.log.Connections.Text(a.User) + "@" + h.log.Connections.Text(a.Host)
		want := Away{}
		switch name {
		case "app@203.0.113.7":
			want = Away{Logins: 33, Homes: 2}
		case "app@203.0.113.9":
			want = Away{Logins: 37, Homes: 2}
		case "app@203.0.113.10":
			want = Away{Logins: 38, Homes: 2}
		}
		if got := h.AwayOf(uint32(account)); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	for host, want := range map[string]string{"web1": "", "10.0.0.5": "10.0.0.0/24", "pc4.lab.example": "*.lab.example"} {
		if got := homeOf(host); got != want {
			t.Errorf("%s is of %q, want %q", host, got, want)
		}
	}
}

// visits returns what adds a connection of an account that sends some of the statements of
// its program.
func (m *maker) visits() func(at time.Duration, account string, first, last int) {
	id := uint64(0)
	return func(at time.Duration, account string, first, last int) {
		id++
		m.add(at, id, "Connect", account+" on shop using TCP/IP")
		for n := first; n < last; n++ {
			m.add(at, id, "Query", fmt.Sprintf("select c%d from t", n))
		}
		m.add(at, id, "Quit", "")
	}
}

// A program's account from a host of a known network, which came after the first day, is
// away where it does a third at most of what the program does elsewhere all the time.
func TestAwayInKnownNetwork(t *testing.T) {
	m := newMaker()
	login := m.visits()
	for k := range 4 * 48 {
		at := time.Duration(k) * 30 * time.Minute
		login(at, "app@10.0.0.5", 0, 9)
		if k == 30 {
			login(at, "app@10.0.0.9", 0, 1) // on the first day, as a worker does
		}
		if k >= 100 && k < 108 {
			login(at, "app@10.0.0.9", 0, 1)
			login(at, "app@10.0.0.6", 0, 9)  // as the first host
			login(at, "app@10.0.0.7", 0, 4)  // nearly half of it
			login(at, "app@10.0.0.77", 6, 9) // a third
		}
		if k >= 120 && k < 127 {
			login(at, "app@10.0.0.78", 6, 9) // not for long
		}
		login(at, "few@10.0.0.5", 0, 5)
		if k >= 100 && k < 120 {
			login(at, "few@10.0.0.77", 4, 5) // of a program that is not known by what it sends
		}
	}
	h := m.learnWith(t, Options{})
	for account := range h.profiles {
		a := &h.profiles[account]
		name := h.log.Connections.Text(a.User) + "@" + h.log.Connections.Text(a.Host)
		want := Away{}
		if name == "app@10.0.0.77" {
			want = Away{Logins: 105, Homes: 1, Usual: 9, Missing: 6}
		}
		if got := h.AwayOf(uint32(account)); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

// A host of a new network that does what its program does elsewhere is none, and neither is
// one that came to a known network for one of the program's jobs, all day.
func TestAtHome(t *testing.T) {
	m := newMaker()
	login := m.visits()
	for k := range 4 * 48 {
		at := time.Duration(k) * 30 * time.Minute
		login(at, "app@10.0.1.5", 0, 9)
		login(at+time.Minute, "app@10.0.2.5", 0, 9) // the second pod
		if k >= 100 && k%2 == 0 {
			login(at, "app@10.0.1.9", 8, 9) // a worker, in half of the half hours
		}
		if k >= 100 && k%3 == 0 {
			login(at, "app@10.0.1.77", 8, 9)
		}
	}
	h := m.learnWith(t, Options{})
	for account := range h.profiles {
		host := h.log.Connections.Text(h.profiles[account].Host)
		if away := h.AwayOf(uint32(account)); (away.Homes > 0) != (host == "10.0.1.77") {
			t.Errorf("%s: %+v", host, away)
		}
	}
}
