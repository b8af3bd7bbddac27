package connection

import (
	"fmt"
	"testing"
)

// Who a connection is, and in which database, is known at each of its entries.
func TestWho(t *testing.T) {
	refused := "Access denied for user 'web'@'%' to database 'secret'"
	v, _ := track([]event{
		{7, "Connect", "web@h on "}, {7, "Init DB", refused}, {7, "Init DB", "shop"}, {7, "Query", "SELECT 1"},
		{7, "Query", "/* a */ USE `my``sql` ;"}, {7, "Query", "use secret"}, {7, "Init DB", refused}, {7, "Query", "SELECT 1"},
		{7, "Change user", "root@h on db using TCP/IP"}, {7, "Query", "SELECT 1"},
		{7, "Change user", "admin@h on "}, {7, "Change user", "Access denied for user 'admin'@'h' (using password: YES)"}, {7, "Quit", ""},
	})
	want := []string{"web -", "web -", "web shop", "web shop", "web my`sql", "web secret", "web my`sql", "web my`sql", "root db", "root db", "admin -", "root db", "root db"}
	for i, w := range want {
		id := v.Who(0, i)
		if got := v.Text(id.User) + " " + v.Text(id.Database); got != w {
			t.Errorf("entry %d is of %s, want %s", i, got, w)
		}
	}
	var changes []string
	for _, c := range v.UserChanges() {
		changes = append(changes, fmt.Sprintf("%d %s %v", c.Entry, v.Text(c.User), c.Refused))
	}
	if got := fmt.Sprint(changes); got != "[8 root false 10 admin true]" {
		t.Errorf("changes of user %s", got)
	}
	if c := v.At(0); c.Outcome != Accepted || v.Text(c.User) != "web" || v.Text(c.Database) != "shop" {
		t.Errorf("the connection is %+v", c)
	}
}

// The search among many changes finds what a walk along all of them does.
func TestWhoOfManyChanges(t *testing.T) {
	events := []event{{7, "Connect", "web@h on db0"}}
	for i := 1; i < 1000; i++ {
		events = append(events, event{7, "Init DB", fmt.Sprintf("db%d", i/3)})
	}
	v, _ := track(events)
	for i := range events {
		if got, want := v.Text(v.Who(0, i).Database), fmt.Sprintf("db%d", i/3); got != want {
			t.Fatalf("entry %d is in %s, want %s", i, got, want)
		}
	}
}

// A login that can be read in two ways is that of the account in its refusal.
func TestRefusalDecides(t *testing.T) {
	const attempt = "root@6.6.6.6 on x@192.168.0.5 on y using TCP/IP"
	for _, tt := range []struct {
		refusal, user, host, database string
		doubt                         Doubt
	}{
		{"Access denied for user 'root'@'6.6.6.6' (using password: YES)", "root", "6.6.6.6", "x@192.168.0.5 on y", NoDoubt},
		{"Access denied for user 'root@6.6.6.6 on x'@'192.168.0.5' (using password: YES)", "root@6.6.6.6 on x", "192.168.0.5", "y", NoDoubt},
		{"Access denied for user 'ann'@'10.0.0.1' (using password: YES)", "ann", "10.0.0.1", "x@192.168.0.5 on y", TwoReadings},
	} {
		v, _ := track([]event{{9, "Connect", attempt}, {9, "Connect", tt.refusal}})
		c := v.At(0)
		if v.Text(c.User) != tt.user || v.Text(c.Host) != tt.host || v.Text(c.Database) != tt.database || c.Doubt != tt.doubt || c.Outcome != Denied {
			t.Errorf("%s: %s@%s on %s, doubt %d, %v", tt.refusal, v.Text(c.User), v.Text(c.Host), v.Text(c.Database), c.Doubt, c.Outcome)
		}
		if len(v.Ambiguous) == 0 {
			t.Errorf("%s: %d ambiguous entries", tt.refusal, len(v.Ambiguous))
		}
	}
}

// A short refusal is about no other connection; a name with a line break reverts
// what its lines have done.
func TestCutName(t *testing.T) {
	before := []event{{8, "Connect", "app@h on shop using TCP/IP"}, {9, "Connect", "bob@h on  using TCP/IP"}}
	for _, tt := range []struct {
		name   string
		lines  []event
		db     string
		forged string
	}{
		{"a short refusal", []event{{10, "Connect", "Too many connections"}, {9, "Init DB", "shop"}}, "shop", "[]"},
		{"the name of a database", []event{{10, "Connect", "root@6.6.6.6 on a"}, {9, "Init DB", "mysql using TCP/IP"}}, "-", "[{2 3}]"},
		{"one that feigns an end", []event{{10, "Connect", "root@6.6.6.6 on a using TCP/IP"}, {9, "Init DB", "mysql using TCP/IP"}}, "-", "[{2 3}]"},
		{"one that feigns an end, and holds a login cut short", []event{{10, "Connect", "root@6.6.6.6 on a using TCP/IP"}, {9, "Connect", "root@10.0. using TCP/IP"}}, "-", "[{2 3}]"},
		{"a user's name", []event{{10, "Connect", "x"}, {9, "Init DB", "mysql@6.6.6.6 on shop using TCP/IP"}}, "-", "[{2 3}]"},
		{"a refusal", []event{{10, "Connect", "Access denied for user 'x"}, {9, "Init DB", "mysql'@'6.6.6.6' (using password: YES)"}}, "-", "[{2 3}]"},
		{"a user's name that feigns a login without a database", []event{{10, "Connect", "root@h on"}, {9, "Init DB", "mysql@6.6.6.6 on shop using TCP/IP"}}, "-", "[{2 3}]"},
		{"its refusal", []event{{10, "Connect", "Access denied for user 'root@h on"}, {9, "Init DB", "mysql'@'6.6.6.6' (using password: YES)"}}, "-", "[{2 3}]"},
		{"a login whose client is heard of again", []event{{10, "Connect", "x"}, {11, "Connect", "ann@6.6.6.6 on using TCP/IP"}, {10, "Quit", ""}}, "-", "[{2 3}]"},
	} {
		v, _ := track(append(before[:2:2], tt.lines...))
		if got := fmt.Sprint(v.Forged); got != tt.forged || v.Text(v.At(1).Database) != tt.db {
			t.Errorf("%s: forged %s, want %s; bob's database %s, want %s", tt.name, got, tt.forged, v.Text(v.At(1).Database), tt.db)
		}
		if doubtful := v.Doubtful(3); doubtful != (tt.forged != "[]") || v.Doubtful(2) {
			t.Errorf("%s: entry 3 doubtful %v, entry 2 %v", tt.name, doubtful, v.Doubtful(2))
		}
	}
}

// What seemed to be the kind of connection is of a name where the logins behind it have
// none.
func TestFeignedKind(t *testing.T) {
	feigned := event{3, "Connect", "root@6.6.6.6 on x using TCP/IP"}
	old := func(id uint64) event { return event{id, "Connect", "app@h on shop"} }
	many := []event{}
	for id := range uint64(9) {
		many = append(many, event{id, "Connect", "app@h on shop using TCP/IP"})
	}
	for _, tt := range []struct {
		name  string
		log   []event
		doubt Doubt
		first int // ambiguous login
	}{
		{"of a server that names none", []event{feigned, old(4), old(5), old(6)}, TwoReadings, 0},
		{"of one that does", []event{feigned, {4, "Connect", "app@h on shop using Socket"}}, NoDoubt, -1},
		{"of one that did", append(many, old(10), old(11), old(12)), NoDoubt, -1},
	} {
		for k := range uint64(30) {
			tt.log = append(tt.log, event{90, "Query", fmt.Sprintf("SELECT %d", k)}) // so far a name would go
		}
		v, _ := track(tt.log)
		first := -1
		if len(v.Ambiguous) > 0 {
			first = int(v.Ambiguous[0])
		}
		if got := v.At(0).Doubt; got != tt.doubt || first != tt.first {
			t.Errorf("%s: doubt %d, want %d; first ambiguous login %d, want %d", tt.name, got, tt.doubt, first, tt.first)
		}
	}
}

// Where logins do not end in the kind of connection, one without a database ends in
// a blank, but where something has taken all blanks at ends of lines.
func TestCutBehindOn(t *testing.T) {
	for _, tt := range []struct {
		blank, login string
		runs         uint32
		forged       string
	}{
		{" ", "root@h on", 1, "[{6 7}]"},
		{"", "root@h on", 2, "[]"},
		{" ", "root@h on on", 2, "[]"}, // that is a database
	} {
		v, _ := track([]event{
			{70, "Connect", "app@h on" + tt.blank}, {70, "Quit", ""}, {200, "Connect", "app@h on shop"}, {200, "Quit", ""},
			{201, "Connect", "bob@h on shop"}, {201, "Query", "SELECT 1"},
			{202, "Connect", tt.login}, {70, "Connect", "root@h on @6.6.6.6 on shop"}, {203, "Connect", "ann@h on shop"}, {203, "Quit", ""},
		})
		if got := fmt.Sprint(v.Forged); got != tt.forged {
			t.Errorf("login %q, blank %q: forged %s, want %s", tt.login, tt.blank, got, tt.forged)
		}
		if tt.forged != "[]" && v.Runs != tt.runs {
			t.Errorf("login %q: %d runs, want %d", tt.login, v.Runs, tt.runs)
		}
	}
}

// A refusal behind a banner is of a new connection, also where the last one of its
// id had changed its user.
func TestRefusedBehindARestart(t *testing.T) {
	v, at := track([]event{
		{5, "Connect", "web@h on "}, {5, "Change user", "root@h on "}, {5, "Quit", ""}, {9, "Connect", "web@h on "}, {9, "Quit", ""},
		{0, restart, ""}, {5, "Connect", "Access denied for user 'eve'@'h' (using password: YES)"},
	})
	if v.Runs != 2 || at[len(at)-1] == at[0] {
		t.Errorf("%d runs, the refusal is of connection %s", v.Runs, at[len(at)-1])
	}
}
