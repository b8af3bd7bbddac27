package principal

import (
	"testing"
	"time"
)

// A program's account from a network that nobody had come from is away; one in a known
// network, a person's, and the first of all are not.
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
			login(at, "app@203.0.113.9") // no longer new
		}
	}
	h := m.learnWith(t, Options{})
	for account := range h.profiles {
		a := &h.profiles[account]
		name := h.log.Connections.Text(a.User) + "@" + h.log.Connections.Text(a.Host)
		want := Away{}
		if name == "app@203.0.113.7" {
			want = Away{Logins: 33, Homes: 2}
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
