package servertest

import (
	"fmt"

	"sqleuth/analysis/connection"
)

// arrive gives an id to a client or thread and decides all that will come of it.
func (s *server) arrive() {
	id := s.id
	s.id++
	if s.chance(5) {
		s.id += s.rng.Uint64N(4) // those who never came as far as a login
	}
	c := Connection{ID: id, Run: s.run, User: "-", Host: "-", Database: "-"}
	k := &session{conn: len(s.log.Connections)}
	switch {
	case s.rng.IntN(100) < s.events:
		k.steps = statements(s.rng, 1+s.rng.IntN(2))
	case s.Hostile && s.chance(20):
		s.attack(&c, k)
	default:
		s.client(&c, k)
	}
	s.log.Connections = append(s.log.Connections, c)
	if s.chance(3) && k.steps[0].command == "Connect" {
		s.late = append(s.late, k)
		return
	}
	s.live = append(s.live, k)
	s.act(len(s.live) - 1)
}

var (
	users     = []string{"root", "app", "web", "backup", "o'hara", "ann@example.com", "the reader", ""}
	hosts     = []string{"localhost", "10.0.0.1", "192.0.2.66", "db-7.example.com", "fe80::1"}
	databases = []string{"", "", "shop", "mysql", "on", "as", "app-data"}
)

// client is somebody who wants to use the server.
func (s *server) client(c *Connection, k *session) {
	c.User, c.Host = pick(s.rng, users...), pick(s.rng, hosts...)
	database, as := pick(s.rng, databases...), ""
	if s.chance(3) {
		as = pick(s.rng, "anonymous", "staff")
	}
	hello := s.hello(c, as, database)
	switch n := s.rng.IntN(100); {
	case n < 12:
		s.refuse(c, k, hello, step{command: "Connect", text: s.language.refuse(c.User, c.Host), outcome: connection.Denied})
	case n < 15:
		s.refuse(c, k, hello, step{command: "Connect", text: s.language.tooMany, outcome: connection.Failed})
	case n < 17 && database != "":
		k.steps = []step{hello, {command: "Init DB", text: s.language.refuseDatabase(c.User, c.Host, database), outcome: connection.Denied}}
	case n < 18:
		k.steps = []step{hello}
	case n < 19:
		// Somebody whom the server does not even ask.
		k.steps = []step{{command: "Connect", text: s.language.tooMany, outcome: connection.Failed}}
		c.User, c.Host = "-", "-"
	default:
		k.steps = append([]step{hello}, s.work(c, or(database, "-"))...)
	}
	c.User = or(c.User, "-")
}

func (s *server) hello(c *Connection, as, database string) step {
	return step{command: "Connect", text: s.login(c.User, c.Host, as, database), database: database, outcome: connection.Pending}
}

func (s *server) refuse(c *Connection, k *session, hello, refusal step) {
	k.steps = []step{hello, refusal}
	if s.oneLine {
		k.steps = k.steps[1:]
		if refusal.outcome == connection.Failed {
			c.User, c.Host = "-", "-"
		}
	}
}

// work is what a client does who was let in.
func (s *server) work(c *Connection, database string) (list []step) {
	user := or(c.User, "-")
	for range s.rng.IntN(6) {
		switch n := s.rng.IntN(20); {
		case n == 0:
			list = append(list, step{command: "Init DB", text: s.language.refuseDatabase(c.User, "%", "secret")})
		case n < 3:
			database = pick(s.rng, "shop", "mysql", "wiki")
			list = append(list, step{command: "Init DB", text: database, database: database})
		case n == 3:
			database = pick(s.rng, "shop", "mysql", "wiki")
			list = append(list, step{command: "Query", text: fmt.Sprintf(pick(s.rng, "use %s", "USE `%s`", "/* a */ Use %s;"), database), database: database})
		case n == 4:
			other := pick(s.rng, "other", "root")
			list = append(list, step{command: "Change user", text: s.login(other, c.Host, "", ""), user: other, database: "-"})
			if s.chance(40) {
				command := "Change user"
				if s.asLogin {
					command = "Connect"
				}
				return append(list, step{command: command, text: s.language.refuse(other, c.Host), user: user, database: database})
			}
			user, database = other, "-"
		case n == 5:
			list = append(list, step{command: "Ping"})
		default:
			list = append(list, statements(s.rng, 1+s.rng.IntN(3))...)
		}
	}
	if len(list) == 0 || s.chance(85) {
		list = append(list, step{command: "Quit"})
	}
	return list
}
