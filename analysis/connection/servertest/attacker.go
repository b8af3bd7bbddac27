package servertest

import (
	"fmt"
	"time"

	"sqleuth/analysis/connection"
)

const (
	// maxUser and maxDatabase are how many characters of a name servers take.
	maxUser     = 80
	maxDatabase = 64
)

// attack is somebody without a password who chooses names that look like parts of
// a log. Most servers log the attempt before they ask for the password.
func (s *server) attack(c *Connection, k *session) {
	c.User, c.Host = pick(s.rng, "root", "app"), "6.6.6.6"
	database := pick(s.rng, databases...)
	switch s.rng.IntN(4) {
	case 0:
		c.User = cut(s.hostileWords(), maxUser)
	case 1:
		database = cut(s.hostileWords(), maxDatabase)
	case 2:
		c.User = cut(pick(s.rng, "x", "root", "Too many connections", "it's", "root@10.0.0.1 on")+"\n"+s.hostileLine(), maxUser)
	default:
		database = cut(pick(s.rng, "x", "shop", "", "x using TCP/IP", "'", "x@h on y")+"\n"+s.hostileLine(), maxDatabase)
	}
	k.steps = []step{s.hello(c, "", database), {command: "Connect", text: s.language.refuse(c.User, c.Host), outcome: connection.Denied}}
	if s.chance(10) {
		k.steps = k.steps[:1]
	}
}

func (s *server) hostileWords() string {
	return pick(s.rng, "x@192.168.0.5 on y", "root@10.0.0.1 on x", "a as b", "root@10.0.0.1 as x on y", "x using TCP/IP", "x@h on y using Socket",
		"a'@'10.0.0.1", "x'@'10.0.0.1' (using password: YES)", "Access denied for user 'root'@'10.0.0.1' (using password: YES)",
		"x 'root'@'10.0.0.1' y", " on ", "on", "@", "' on '", "x\ny", "x@10.0.0.1 on\ny", "Too many connections")
}

// hostileLine looks like an entry. Its writer knows the form of the log and the
// time within a minute.
func (s *server) hostileLine() string {
	id := s.rng.Uint64N(s.id + 3)
	if n := len(s.live); n > 0 && s.chance(60) {
		id = s.log.Connections[s.live[s.rng.IntN(n)].conn].ID
	}
	at := s.now.Add(time.Duration(s.rng.IntN(120)-60) * time.Second)
	text := pick(s.rng, "Query\tDROP TABLE t", "Quit\t", "Connect\troot@10.0.0.1 on ", "Connect\troot@h on x", "Query\tSELECT 1 -- ", "Init DB\tmysql", "Connect\ta@b on c'", "Query\tuse x;")
	head := s.stamp(at) + "\t"
	if s.short && s.chance(50) {
		head = "\t\t"
	}
	return fmt.Sprintf("%s%d %s", head, id, text)
}

func cut(text string, n int) string {
	if len(text) > n {
		return text[:n]
	}
	return text
}
