package principal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/loaded"
)

// quietDays adds days on which app sends A and B, and a host whose login is refused.
func quietDays(m *maker, first, days int) {
	for d := first; d < first+days; d++ {
		at := time.Duration(d) * day
		m.login(at, uint64(10*d+1), "app@10.0.0.1")
		m.add(at+time.Hour, uint64(10*d+1), "Query", "A")
		m.add(at+2*time.Hour, uint64(10*d+1), "Query", "B")
	}
}

// attack adds a stranger's login as app, and a digest that is new to app.
func attack(m *maker, at time.Duration, id uint64) {
	m.deny(at, id, "root", "192.0.2.7")
	m.login(at+time.Minute, id+1, "app@192.0.2.7")
	m.add(at+time.Minute, id+1, "Query", "A")
	m.add(at+2*time.Minute, id+1, "Query", "Steal")
	m.login(at+time.Minute, id+2, "app@10.0.0.1")
	m.add(at+3*time.Minute, id+2, "Query", "Steal")
	m.add(at+3*time.Minute, id+2, "Query", "A")
}

// asked lists whether a history knows the attack's digests.
func asked(t *testing.T, h *History) string {
	t.Helper()
	var out []string
	for i := range h.log.Len() {
		if digest := h.log.Digest(i); digest != "-" {
			ordinary, ok := h.Ordinary(h.Sender(i), h.log.Key(i).Digest)
			a := h.Account(h.Sender(i))
			out = append(out, fmt.Sprint(h.log.Connections.Text(a.Host), " ", digest, " ", ordinary, " ", ok))
		}
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), "\n")
}

const withBaseline = `10.0.0.1 A true true
10.0.0.1 B true true
10.0.0.1 Steal false true
192.0.2.7 A false true
192.0.2.7 Steal false true`

// A period of the log and another log with the same entries give the same answers,
// wherever the period lies; without either there are none.
func TestBaseline(t *testing.T) {
	for _, c := range []struct {
		name   string
		attack int // day
		before bool
	}{{"the period lies before", 9, true}, {"the period lies behind", 0, false}} {
		m, other := newMaker(), newMaker()
		if !c.before {
			attack(m, 0, 1000)
		}
		quietDays(m, 2, 3)
		if c.before {
			attack(m, time.Duration(c.attack)*day, 1000)
		}
		quietDays(other, 20, 3)
		quiet := other.learn(t)
		if !c.before {
			quietDays(m, 11, 1) // not in the period
		}
		logs := &Baseline{}
		logs.Add(quiet)
		period := &Baseline{From: (start + 2*day).Microseconds(), To: (start + 5*day).Microseconds()}
		for name, b := range map[string]*Baseline{"period": period, "log": logs} {
			h := m.learnWith(t, Options{Baseline: b})
			if got := asked(t, h); got != withBaseline {
				t.Errorf("%s, %s:\n%s\nwant\n%s", c.name, name, got, withBaseline)
			}
			app, host := text(h, "app"), text(h, "10.0.0.1")
			if got := h.PairLogins(app, host, 0).Accepted; got != 3 {
				t.Errorf("%s, %s: %d logins before the first entry, want the baseline's 3", c.name, name, got)
			}
			if got := h.HostLogins(text(h, "192.0.2.7"), 0); got.Accepted != 0 {
				t.Errorf("%s, %s: the stranger has logins before the first entry: %v", c.name, name, got)
			}
			if got, want := h.UserLogins(app, h.log.Len()), h.byUser.before(app, h.log.Len()); name == "period" && got != want {
				t.Errorf("%s: logins of the period count twice: %v, want %v", c.name, got, want)
			}
			if ordinary, _ := h.Ordinary(h.Number(app, host), 1); !ordinary && c.before {
				t.Errorf("%s, %s: what the baseline has is not known", c.name, name)
			}
			if !h.User(app).InBaseline || !h.Network(host).InBaseline || h.Network(text(h, "192.0.2.7")).InBaseline {
				t.Errorf("%s, %s: principals in the baseline", c.name, name)
			}
		}
		if got := asked(t, m.learn(t)); strings.Contains(got, "true") {
			t.Errorf("%s: without a baseline something is said:\n%s", c.name, got)
		}
	}
}

// Several logs add up.
func TestBaselinesAddUp(t *testing.T) {
	b := &Baseline{}
	for _, digest := range []string{"A", "B"} {
		m := newMaker()
		m.login(0, 1, "app@10.0.0.1")
		m.add(time.Hour, 1, "Query", digest)
		b.Add(m.learn(t))
	}
	m := newMaker()
	quietDays(m, 0, 2)
	h := m.learnWith(t, Options{Baseline: b})
	if got := asked(t, h); got != "10.0.0.1 A true true\n10.0.0.1 B true true" || len(b.Files) != 2 {
		t.Errorf("%d files:\n%s", len(b.Files), got)
	}
}

// A baseline that has more than is kept does not make the rest new.
func TestFullBaseline(t *testing.T) {
	m := newMaker()
	quietDays(m, 0, 2)
	b := &Baseline{Full: []string{"digests of accounts"}}
	if got := asked(t, m.learnWith(t, Options{Baseline: b})); strings.Contains(got, "true") {
		t.Errorf("said, though the baseline is not known as a whole:\n%s", got)
	}
}

func novelties(t *testing.T, h *History) string {
	t.Helper()
	n, err := h.Novel(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, x := range n.List {
		out = append(out, fmt.Sprintf("%s; entries %d, connections %d, whole %v", x.Reason(), x.Entries, x.Connections, x.Whole))
	}
	return strings.Join(append(out, fmt.Sprint(n.Total, " in all, turned away: ", n.Users, " ", n.Hosts)), "\n")
}

const newAtNight = `host 192.0.2.7: first seen 2024-10-13 00:01 UTC, in 1 of 11 half hours; entries 3, connections 1, whole false
network 192.0.2.0/24: first seen 2024-10-13 00:01 UTC, in 1 of 11 half hours; entries 3, connections 1, whole false
app@192.0.2.7: first seen 2024-10-13 00:01 UTC, in 1 of 11 half hours; entries 3, connections 1, whole false
table tA new to app@192.0.2.7: first named 2024-10-13 00:01 UTC, in 1 of 1 half hour; entries 1, connections 1, whole true
table tSt new to app@192.0.2.7: first named 2024-10-13 00:02 UTC, in 1 of 1 half hour; entries 1, connections 1, whole true
table tSt new to app@10.0.0.1: first named 2024-10-13 00:03 UTC, in 1 of 11 half hours; entries 1, connections 1, whole false
digest new to app@192.0.2.7: first sent 2024-10-13 00:01 UTC, in 1 of 1 half hour; entries 1, connections 1, whole true
digest new to app@192.0.2.7: first sent 2024-10-13 00:02 UTC, in 1 of 1 half hour; entries 1, connections 1, whole true
digest new to app@10.0.0.1: first sent 2024-10-13 00:03 UTC, in 1 of 11 half hours; entries 1, connections 1, whole false
9 in all, turned away: 1 0`

// What is new is the same against a baseline and against the log's own beginning, where
// that is ordinary.
func TestNovel(t *testing.T) {
	m := newMaker()
	quietDays(m, 0, 3)
	m.add(9*day, 21, "Query", "A")
	attack(m, 9*day, 1000)
	m.add(9*day+time.Hour, 21, "Query", "A")
	for name, opt := range map[string]Options{"": {}, "with a baseline": {Baseline: &Baseline{From: 1, To: (start + 9*day).Microseconds()}}} {
		if got := novelties(t, m.learnWith(t, opt)); got != newAtNight {
			t.Errorf("%s new:\n%s\nwant\n%s", name, got, newAtNight)
		}
	}
}

// What somebody declared normal is ordinary at once and not new; nothing else
// changes, nor does the history before it.
func TestUsual(t *testing.T) {
	m := newMaker()
	quietDays(m, 0, 3)
	attack(m, 9*day, 1000)
	before := m.learn(t)
	hash := loaded.DigestHash("Steal")
	for _, c := range []struct {
		name  string
		usual Usual
		want  []string
	}{
		{"a digest", Usual{"app", "10.0.0.1", hash}, []string{"10.0.0.1 Steal true true"}},
		{"an account", Usual{"app", "192.0.2.7", ""}, []string{"192.0.2.7 A true true", "192.0.2.7 Steal true true"}},
		{"a host", Usual{"", "10.0.0.1", ""}, []string{"10.0.0.1 A true true", "10.0.0.1 B true true", "10.0.0.1 Steal true true"}},
		{"what the log does not have", Usual{"app", "10.0.0.9", hash}, nil},
	} {
		h := before.WithUsual([]Usual{c.usual})
		got := slices.DeleteFunc(strings.Split(asked(t, h), "\n"), func(s string) bool { return !strings.HasSuffix(s, "true true") })
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if c.name == "an account" && strings.Contains(novelties(t, h), "new to app@192.0.2.7") {
			t.Errorf("%s is new still:\n%s", c.name, novelties(t, h))
		}
		if !h.WithUsual(nil).SameUsual(before) || before.SameUsual(h) && c.want != nil {
			t.Errorf("%s: undone it is not what it was", c.name)
		}
	}
	if strings.Contains(asked(t, before), "true") {
		t.Error("the history before was written to")
	}
}

func TestNetworkOf(t *testing.T) {
	for host, want := range map[string]string{
		"192.0.2.7": "192.0.2.0/24", "2001:db8::1": "2001:db8::/64", "::ffff:192.0.2.7": "192.0.2.0/24", "localhost": "localhost",
		"db1.shop.example": "*.shop.example", "name.": "name.", "": "",
	} {
		if got := NetworkOf(host); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}

// Where in the log an entry is: by half hours with entries, not by entries.
func TestPart(t *testing.T) {
	m := newMaker()
	for k := range 4 {
		for range 1 + 9*k {
			m.add(time.Duration(k)*day, 1, "Query", "A")
		}
	}
	h := m.learn(t)
	for entry, want := range map[int]float64{0: 0, 1: 0.25, 10: 0.25, 11: 0.5, h.log.Len() - 1: 0.75} {
		if got := h.Part(entry); got != want {
			t.Errorf("entry %d: %v, want %v", entry, got, want)
		}
	}
}
