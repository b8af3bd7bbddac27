package connection

import "testing"

func TestParseLogin(t *testing.T) {
	tests := []struct {
		text                      string
		user, host, db, using     string
		denied, otherReasonLogged bool
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
		{text: "Unknown database", otherReasonLogged: true},
		{text: "", otherReasonLogged: true},
	}
	for _, tt := range tests {
		l := ParseLogin([]byte(tt.text))
		if string(l.User) != tt.user || string(l.Host) != tt.host || string(l.Database) != tt.db ||
			string(l.Using) != tt.using || l.Denied != tt.denied {
			t.Errorf("%q: user %q host %q database %q using %q denied %v", tt.text, l.User, l.Host, l.Database, l.Using, l.Denied)
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
		{[]event{login, {5, "Query", "SELECT 1"}, {5, "Change user", "web@10.0.0.9 on shop"}, {5, "Connect", "Access denied for user 'web'@'10.0.0.9' (using password: NO)"}}, Denied},
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
