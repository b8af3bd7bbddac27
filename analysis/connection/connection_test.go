package connection

import (
	"slices"
	"testing"
)

func TestParseLogin(t *testing.T) {
	tests := []struct {
		text                      string
		user, host, db, using     string
		denied, otherReasonLogged bool
		ambiguous                 bool
	}{
		{text: "root@10.0.0.1 on  using TCP/IP", user: "root", host: "10.0.0.1", using: "TCP/IP"},
		{text: "root@10.0.0.1 on using TCP/IP", user: "root", host: "10.0.0.1", using: "TCP/IP"},
		{text: "wordpress@localhost on wordpress using Socket", user: "wordpress", host: "localhost", db: "wordpress", using: "Socket"},
		{text: "monitor@127.0.0.9 on ", user: "monitor", host: "127.0.0.9"},
		{text: "monitor@127.0.0.9 on", user: "monitor", host: "127.0.0.9"},
		{text: "app@web as reader on shop using SSL/TLS", user: "app", host: "web", db: "shop", using: "SSL/TLS"},
		{text: "a on b@c@host on db using TCP/IP", user: "a on b@c", host: "host", db: "db", using: "TCP/IP"},
		{text: "@localhost on test", host: "localhost", db: "test"},
		{text: "Access denied for user 'root'@'10.0.0.1' (using password: YES)", user: "root", host: "10.0.0.1", denied: true},
		{text: "Zugriff verweigert für Benutzer 'it's'@'h' (verwendetes Passwort: JA)", user: "it's", host: "h", denied: true},
		{text: "app@192.0.2.5 on on using TCP/IP", user: "app", host: "192.0.2.5", db: "on", using: "TCP/IP"},
		{text: "app@192.0.2.5 on on", user: "app", host: "192.0.2.5", db: "on"},
		{text: "app@192.0.2.5 on", user: "app", host: "192.0.2.5"},
		{text: "root@ on db using Socket", user: "root", db: "db", using: "Socket"},
		{text: "@localhost as anonymous on test", host: "localhost", db: "test"},
		{text: "o'hara@h on x using y using Shared Memory", user: "o'hara", host: "h", db: "x using y", using: "Shared Memory"},
		{text: "root@h on x using TCP/IP using TCP/IP", user: "root", host: "h", db: "x using TCP/IP", using: "TCP/IP"},
		{text: "root@h on x using y", user: "root", host: "h", db: "x using y"},
		{text: "ann@example.com@10.0.0.1 on shop", user: "ann@example.com", host: "10.0.0.1", db: "shop"},
		{text: "root@h on  x@y z", user: "root", host: "h", db: " x@y z"},
		// Two accounts can be read.
		{text: "root@6.6.6.6 on x@192.168.0.5 on y using TCP/IP", user: "root", host: "6.6.6.6", db: "x@192.168.0.5 on y", using: "TCP/IP", ambiguous: true},
		{text: "a@b on c@h as d on e", user: "a", host: "b", db: "c@h as d on e", ambiguous: true},
		{text: "root@6.6.6.6 as x@10.0.0.1 on y", user: "root@6.6.6.6 as x", host: "10.0.0.1", db: "y", ambiguous: true},
		{text: "root@h as x on y on z", user: "root", host: "h", db: "y on z"},
		{text: "Access denied for user 'a@b on c'@'h' (using password: YES)", user: "a@b on c", host: "h", denied: true, ambiguous: true},
		{text: "x 'root'@'6.6.6.6' y@10.0.0.1 on db using TCP/IP", user: "x 'root'@'6.6.6.6' y", host: "10.0.0.1", db: "db", using: "TCP/IP", ambiguous: true},
		{text: "Access denied for user 'x'@'6.6.6.6' y'@'10.0.0.1' (using password: NO)", user: "x'@'6.6.6.6' y", host: "10.0.0.1", denied: true, ambiguous: true},
		{text: "Access denied for user 'web'@'10.0.0.1' to database 'x'@'6.6.6.6'", user: "web", host: "10.0.0.1", denied: true, ambiguous: true},
		// Refusals in other languages than English.
		{text: "Acc\u00e8s refus\u00e9 pour l'utilisateur: 'root'@'@192.0.2.9' (mot de passe: OUI)", user: "root", host: "192.0.2.9", denied: true},
		{text: "Accesso non consentito per l'utente: ''@'192.0.2.9' (Password: SI)", host: "192.0.2.9", denied: true},
		{text: "Accesso non consentito per l'utente: 'l'a'@'192.0.2.9' al database 'x'", user: "l'a", host: "192.0.2.9", denied: true},
		{text: "'root'@'localhost' \uc0ac\uc6a9\uc790\ub294 (using password: YES)", user: "root", host: "localhost", denied: true},
		{text: "Pristup je zabranjen korisniku 'root'@'192.0.2.9' (koristi lozinku: 'DA')", user: "root", host: "192.0.2.9", denied: true},
		{text: "Access denied for user 'root'@'' (using password: YES)", user: "root", denied: true},
		{text: "Unknown database", otherReasonLogged: true},
		{text: "Host '10.0.0.1' is blocked because of many connection errors", otherReasonLogged: true},
		{text: "Unknown database 'a@b on'", otherReasonLogged: true},
		{text: "Access denied for user 'x'@'a b' (using password: YES)", otherReasonLogged: true},
		{text: "x@a b on c", otherReasonLogged: true},
		{text: "", otherReasonLogged: true},
	}
	for _, tt := range tests {
		l := ParseLogin([]byte(tt.text))
		if string(l.User) != tt.user || string(l.Host) != tt.host || string(l.Database) != tt.db ||
			string(l.Using) != tt.using || l.Denied != tt.denied || l.Ambiguous != tt.ambiguous {
			t.Errorf("%q: user %q host %q database %q using %q denied %v ambiguous %v", tt.text, l.User, l.Host, l.Database, l.Using, l.Denied, l.Ambiguous)
		}
		if (l.User == nil && l.Host == nil) != tt.otherReasonLogged {
			t.Errorf("%q: user %v host %v", tt.text, l.User, l.Host)
		}
	}
}

type event struct {
	id            uint64
	command, text string
}

const restart = "-banner-"

func track(events []event) (View, []string) {
	tr := NewTracker()
	var at []uint32
	i := 0
	for _, e := range events {
		if e.command == restart {
			tr.Banner()
			continue
		}
		at = append(at, tr.Observe(i, e.id, e.command, []byte(e.text)))
		i++
	}
	v := tr.View()
	var names []string
	for _, c := range at {
		names = append(names, v.Name(int(c)))
	}
	return v, names
}

func TestEpochs(t *testing.T) {
	connect := func(id uint64) event { return event{id, "Connect", "u@h on db using TCP/IP"} }
	quit := func(id uint64) event { return event{id, "Quit", ""} }
	banner := event{0, restart, ""}
	tests := []struct {
		name   string
		events []event
		want   []string
	}{
		{"restart after a banner", []event{connect(3), quit(3), connect(4), quit(4), banner, connect(3), quit(3)},
			[]string{"3@1", "3@1", "4", "4", "3@2", "3@2"}},
		{"log reopened, ids go on", []event{connect(3), connect(4), banner, {3, "Query", "x"}, connect(5), quit(4)},
			[]string{"3", "4", "3", "5", "4"}},
		{"restart of a log that began late", []event{connect(2000), quit(2000), banner, connect(3), quit(3)},
			[]string{"2000", "2000", "3", "3"}},
		{"two lines of one failed login", []event{connect(7), {7, "Connect", "Access denied for user 'u'@'h' (using password: YES)"}, connect(8)},
			[]string{"7", "7", "8"}},
		{"restart without a banner", []event{connect(3), quit(3), connect(399), connect(400), connect(3), quit(3)},
			[]string{"3@1", "3@1", "399", "400", "3@2", "3@2"}},
	}
	for _, tt := range tests {
		_, got := track(tt.events)
		for i := range tt.want {
			if got[i] != tt.want[i] {
				t.Errorf("%s: entry %d belongs to %s, want %s", tt.name, i, got[i], tt.want[i])
			}
		}
	}
}

func TestEpochsOfIDs(t *testing.T) {
	connect := func(id uint64) event { return event{id, "Connect", "u@h on db using TCP/IP"} }
	banner := event{0, restart, ""}
	v, _ := track([]event{connect(7), connect(3), connect(5), banner, connect(3), connect(4), banner, connect(3), connect(5)})
	epochs := v.Epochs()
	for id := range uint64(9) {
		var want []uint32
		for i := range v.Len() {
			if c := v.Peek(i); c.ID == id {
				want = append(want, c.Epoch)
			}
		}
		slices.Sort(want)
		if got := epochs(id); !slices.Equal(got, want) {
			t.Errorf("id %d: epochs %v, want %v", id, got, want)
		}
	}
	if len(epochs(3)) != 3 {
		t.Errorf("id 3 is in %v, want three server runs", epochs(3))
	}
}

func TestOutcome(t *testing.T) {
	login := event{5, "Connect", "root@10.0.0.9 on mysql using TCP/IP"}
	tests := []struct {
		events []event
		want   Outcome
	}{
		{[]event{login}, Pending},
		{[]event{login, {5, "Quit", ""}}, Accepted},
		{[]event{login, {5, "Query", "SELECT 1"}}, Accepted},
		{[]event{login, {5, "Connect", "Access denied for user 'root'@'10.0.0.9' (using password: NO)"}}, Denied},
		{[]event{login, {5, "Query", "SELECT 1"}, {5, "Change user", "web@10.0.0.9 on shop"}, {5, "Connect", "Access denied for user 'web'@'10.0.0.9' (using password: NO)"}}, Accepted},
		{[]event{login, {5, "Connect", "Client does not support authentication protocol"}}, Failed},
		{[]event{{5, "Query", "SELECT 1"}}, Unseen},
	}
	for _, tt := range tests {
		v, _ := track(tt.events)
		c := v.At(0)
		if c.Outcome != tt.want {
			t.Errorf("%v: %v, want %v", tt.events, c.Outcome, tt.want)
		}
		if tt.want != Unseen && (v.Text(c.User) != "root" || v.Text(c.Host) != "10.0.0.9") {
			t.Errorf("%v: user %q, host %q", tt.events, v.Text(c.User), v.Text(c.Host))
		}
	}
}
