package incident_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/rule"
)

// theft is what an intruder sends.
var theft = []string{"SHOW TABLES", "SELECT email, pw_hash FROM customers"}

func guesses(s *script, host string, n int, users ...string) {
	for k := range n {
		s.refused(users[k%len(users)], host)
		s.now += time.Second
	}
}

// inTurn is an account that two hosts guessed and got in as, at two hours each.
func inTurn(s *script, a, b, c, d time.Duration) {
	guesses(s.at(noon), "192.0.2.7", 30, "job")
	guesses(s.at(noon+time.Hour), "198.51.100.9", 30, "job")
	for _, at := range []time.Duration{a, b} {
		s.at(at*time.Hour).login("job@192.0.2.7", "shop", theft[1])
	}
	for _, at := range []time.Duration{c, d} {
		s.at(at*time.Hour).login("job@198.51.100.9", "shop", theft[1])
	}
}

// TestActors finds each kind of actor among ordinary traffic.
func TestActors(t *testing.T) {
	for name, c := range map[string]struct {
		write func(*script)
		want  string
	}{
		"a host that guesses, gets in and reads": {func(s *script) {
			guesses(s.at(noon), "192.0.2.7", 30, "root", "admin")
			s.login("root@192.0.2.7", "shop", theft...)
		}, "critical host root@192.0.2.7: 31 connections; read table customers: passwords or hashes, contacts; guessing 30, access 1, enumeration 1, collection 1\n"},
		"a host that only guesses": {func(s *script) {
			guesses(s.at(noon), "192.0.2.7", 30, "root", "admin", "test")
		}, "medium host 192.0.2.7: 30 connections; no login: 30 guesses in 29s at admin, root, test; guessing 30\n"},
		"a host that finds a password and leaves at once": {func(s *script) {
			guesses(s.at(noon), "192.0.2.7", 30, "root")
			s.login("root@192.0.2.7", "")
		}, "high host root@192.0.2.7: 31 connections; the password of root, found after 30 guesses; no statement; guessing 30, access 1\n"},
		"a host that knew the password and destroys": {func(s *script) {
			s.at(noon).login("root@192.0.2.7", "shop", "SELECT * FROM customers LIMIT 10", "DROP TABLE customers", "DROP TABLE news",
				"CREATE TABLE README_RANSOM (message TEXT)", "INSERT INTO README_RANSOM VALUES ('Your data is backed up. Send 0.1 BTC to recover it: x@evil.example')")
		}, "critical host root@192.0.2.7: 1 connections; DROP of tables customers, news, leave what reads like a ransom note; read 1 of them before; access 1, collection 1, destruction 1\n"},
		"two hosts at root, each in its own time, are two": {func(s *script) {
			guesses(s.at(noon), "192.0.2.7", 30, "root")
			guesses(s.at(noon+3*time.Hour), "198.51.100.9", 25, "root")
			s.login("root@198.51.100.9", "shop", theft...)
		}, "critical host root@198.51.100.9: 26 connections; read table customers: passwords or hashes, contacts; guessing 25, access 1, enumeration 1, collection 1\n" +
			"medium host root@192.0.2.7: 30 connections; no login: 30 guesses in 29s at root; guessing 30\n"},
		"strays at root are one row beside a grave actor": {func(s *script) {
			guesses(s.at(noon), "192.0.2.7", 30, "root")
			s.login("root@192.0.2.7", "shop", theft...)
			for k := range 16 {
				guesses(s.at(time.Duration(k)*4*time.Hour), fmt.Sprintf("203.0.113.%d", k+1), 1+k%3, "root", "test", "mysql")
			}
		}, "critical host root@192.0.2.7: 31 connections; read table customers: passwords or hashes, contacts; guessing 30, access 1, enumeration 1, collection 1\n" +
			"low strays 16 hosts: 31 connections; no login: 31 guesses in 2d12h from 16 hosts at root, test, mysql; guessing 31\n"},
		"hosts that know the same accounts, and one that gets in": {func(s *script) {
			hosts := []string{"192.0.2.7", "198.51.100.9", "203.0.113.4"}
			users := []string{"web", "job", "anna", "backup", "carla"}
			for k := range 60 {
				user := users[k/3%5]
				if user == "job" && k%3 > 0 {
					user = "dora" // the one that gets in is not refused from everywhere
				}
				guesses(s.at(time.Duration(k)*time.Hour), hosts[k%3], 1, user)
			}
			s.at(60*time.Hour).login("job@192.0.2.7", "shop", theft[1])
			s.at(61*time.Hour).login("job@198.51.100.9", "shop", "SELECT 1")
			s.at(62*time.Hour).login("job@192.0.2.7", "shop", theft[1])
		}, "critical hosts job from 3 hosts: 63 connections; read table customers: passwords or hashes, contacts; guessing 60, access 3, collection 2\n"},
		"two hosts that use one account in turn": {func(s *script) { inTurn(s, 60, 62, 61, 63) },
			"critical hosts job from 2 hosts: 64 connections; read table customers: passwords or hashes, contacts; guessing 60, access 4, collection 4\n"},
		"two hosts that use one account one after the other": {func(s *script) { inTurn(s, 60, 61, 62, 63) },
			"critical host job@192.0.2.7: 32 connections; read table customers: passwords or hashes, contacts; guessing 30, access 2, collection 2\n" +
				"critical host job@198.51.100.9: 32 connections; read table customers: passwords or hashes, contacts; guessing 30, access 2, collection 2\n"},
		"strays and a monitor with an old password": {func(s *script) {
			for k := range 3 * 24 * 12 {
				s.at(time.Duration(k)*5*time.Minute).refused("monitor", "10.0.0.9")
			}
			for k := range 12 {
				guesses(s.at(time.Duration(k)*5*time.Hour+time.Minute), fmt.Sprintf("203.0.113.%d", k+1), 1, "root")
			}
		}, "low strays 12 hosts: 12 connections; no login: 12 guesses in 2d07h from 12 hosts at root; guessing 12\n"},
		"injection through the shop's account, and a name with an apostrophe": {func(s *script) {
			page := "SELECT id, title FROM news WHERE topic = '%s' ORDER BY id LIMIT 40"
			s.at(noon+24*time.Hour).login("web@10.0.0.5", "shop", fmt.Sprintf(page, "o'neill"))
			for k, text := range []string{"x' UNION SELECT 1,2 -- ", "x' UNION SELECT user(),version() -- ", "x' UNION SELECT email,pw_hash FROM customers -- "} {
				s.at(noon+48*time.Hour+time.Duration(k)*time.Minute).login("web@10.0.0.5", "shop", fmt.Sprintf(page, text))
			}
		}, "critical account web@10.0.0.5: 3 connections; read table customers: passwords or hashes, contacts; injection 1, enumeration 1, collection 1\n"},
		"a table of any name that a UNION reads": {func(s *script) {
			page := "SELECT id, title FROM news WHERE topic = '%s' ORDER BY id LIMIT 40"
			for k, text := range []string{"x' UNION SELECT 1,2 -- ", "x' UNION SELECT a,b FROM zxqv -- "} {
				s.at(noon+48*time.Hour+time.Duration(k)*time.Minute).login("web@10.0.0.5", "shop", fmt.Sprintf(page, text))
			}
		}, "critical account web@10.0.0.5: 2 connections; read tables news, zxqv; injection 1, collection 1\n"},
		"tries through the shop's account": {func(s *script) {
			page := "SELECT id, title FROM news WHERE topic = '%s' ORDER BY id LIMIT 40"
			for k, text := range []string{"x'", "x' OR '1'='1", "x') UNION ALL SELECT NULL,NULL -- "} {
				s.at(noon+48*time.Hour+time.Duration(k)*time.Second).login("web@10.0.0.5", "shop", fmt.Sprintf(page, text))
			}
		}, "medium account web@10.0.0.5: 3 connections; nothing yet: tries whether SQL can be added; injection 3\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := ordinary()
			c.write(s)
			snap := analyse(t, []byte(inOrder(s.String())))
			if got := describe(snap, find(t, snap)); got != c.want {
				t.Errorf("found\n%swant\n%s", got, c.want)
				for _, d := range snap.Detections {
					if d.Severity >= rule.Medium {
						t.Log(d.Severity, d.Summary)
					}
				}
			}
		})
	}
}

// inOrder sorts the lines of a log by time, as a server writes them.
func inOrder(log string) string {
	lines := strings.SplitAfter(log, "\n")
	slices.SortStableFunc(lines, func(a, b string) int { return strings.Compare(a[:min(len(a), 27)], b[:min(len(b), 27)]) })
	return strings.Join(lines, "")
}

// TestHonest: what a host sees every month is no incident above low.
func TestHonest(t *testing.T) {
	for name, write := range map[string]func(*script){
		"nothing": func(*script) {},
		"typing mistakes": func(s *script) {
			for k := range 4 {
				s.at(noon+time.Duration(k)*2*time.Minute).refused("anna", "10.0.0.20")
			}
			s.login("anna@10.0.0.20", "shop", "SELECT 1")
		},
		"typing mistakes at a new place": func(s *script) {
			s.at(noon).refused("anna", "10.0.0.21")
			s.now += 10 * time.Second
			s.login("anna@10.0.0.21", "shop", "SELECT id, email FROM customers WHERE id = 6")
		},
		"a monitor with an old password": func(s *script) {
			for k := range 3 * 24 * 12 {
				s.at(time.Duration(k)*5*time.Minute).refused("monitor", "10.0.0.9")
			}
		},
		"a class that mistypes passwords and names behind one address": func(s *script) {
			for day := range 3 {
				for k := range 16 {
					s.at(time.Duration(day)*24*time.Hour + noon + time.Duration(k)*10*time.Second)
					user := fmt.Sprintf("pupil%d", k)
					for range k % 6 {
						s.refused(user, "198.51.100.20")
						s.now += 7 * time.Second
					}
					if k%5 == 0 {
						s.refused("P"+user[1:], "198.51.100.20")
					}
					s.login(user+"@198.51.100.20", "course", "SELECT * FROM animals", "SELECT name FROM animals UNION SELECT town FROM towns")
				}
			}
		},
		"a pool with an old password": func(s *script) {
			for k := range 400 {
				s.at(30*time.Hour+time.Duration(k)*90*time.Second).refused("web", "10.0.0.5")
			}
		},
		"an administrator": func(s *script) {
			s.at(noon).refused("root", "10.0.0.2")
			s.now += 5 * time.Second
			s.login("root@10.0.0.2", "shop", "select user, host from mysql.user", "create user 'kiosk'@'10.%' identified by 'x'", "drop table if exists old_import",
				"alter user 'job'@'10.%' identified by 'y'", "select * from customers", "update staff set password = 'z' where id = 4")
		},
		"a developer who types SQL by hand": func(s *script) {
			s.at(noon).login("dev@10.0.0.30", "shop", "select * from customers where email like '%o''neill%'", "select count(*) from customers union select count(*) from news",
				"select * from news where 1=1 and id = 7")
		},
		"an administrator who is known drops a database": func(s *script) {
			for day := range 3 {
				for k := range 10 {
					s.at(time.Duration(day)*24*time.Hour+9*time.Hour+time.Duration(k)*time.Minute).login("dba@10.0.0.2", "", "select 1", "show status")
				}
			}
			s.at(60*time.Hour).login("dba@10.0.0.2", "", "drop database shop_old", "drop database shop_older")
		},
		"names with an apostrophe": func(s *script) {
			for k := range 5 {
				s.at(noon+time.Duration(k)*time.Minute).login("web@10.0.0.5", "shop", "SELECT id, title FROM news WHERE topic = 'o'neill' ORDER BY id LIMIT 40")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := ordinary()
			write(s)
			snap := analyse(t, []byte(inOrder(s.String())))
			if list := find(t, snap); slices.ContainsFunc(list, func(x incident.Incident) bool { return x.Severity > rule.Low }) {
				t.Errorf("an honest log has\n%s", describe(snap, list))
				for _, d := range snap.Detections {
					if d.Severity >= rule.Medium {
						t.Log(d.Severity, d.Rule.Name, d.Summary)
					}
				}
			}
		})
	}
}

// TestStable: an incident keeps its name, no two read alike, and a cancelled search
// ends.
func TestStable(t *testing.T) {
	s := ordinary()
	for k := range 4 {
		guesses(s.at(noon+time.Duration(k)*time.Hour), fmt.Sprintf("192.0.2.%d", k+1), 30, "root")
	}
	snap := analyse(t, []byte(inOrder(s.String())))
	a, b := find(t, snap), find(t, snap)
	if len(a) != 4 {
		t.Fatalf("%d incidents", len(a))
	}
	words := map[string]bool{}
	for k := range a {
		if a[k].ID != b[k].ID || len(a[k].ID) != 8 {
			t.Errorf("incident %d is called %q and %q", k, a[k].ID, b[k].ID)
		}
		if w := a[k].Asked + a[k].How + a[k].Through; words[w] {
			t.Errorf("two read %q", w)
		} else {
			words[w] = true
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := incident.Find(ctx, incident.In{Log: &snap.Log, Detections: snap.Detections}); err == nil {
		t.Error("a cancelled search has found something")
	}
}

// An account of a person that got in on days before: what it does in a sitting in which
// two rules speak of it is one incident, with the connections around; its other days are
// no part of it.
func TestSitting(t *testing.T) {
	s := ordinary()
	for day := range 3 {
		s.at(time.Duration(day)*24*time.Hour+15*time.Hour).login("root@10.0.0.30", "shop", "SHOW PROCESSLIST", "SELECT COUNT(*) FROM news")
	}
	night := 3*24*time.Hour + 2*time.Hour
	s.at(night-2*time.Minute).refused("root", "10.0.0.30").refused("root", "10.0.0.30")
	s.at(night).login("root@10.0.0.30", "shop", "SHOW TABLES")
	s.at(night+20*time.Minute).login("root@10.0.0.30", "shop", "SELECT id, email FROM customers")
	s.at(night+50*time.Minute).login("root@10.0.0.30", "shop", "RESET MASTER", "DROP DATABASE shop")
	s.at(night+14*time.Hour).login("root@10.0.0.30", "shop", "SHOW PROCESSLIST")
	for n := range 40 { // the shop goes on, all day
		s.at(3*24*time.Hour+time.Duration(n)*30*time.Minute).login("web@10.0.0.5", "shop", fmt.Sprintf("SELECT id, title FROM news WHERE topic = 'topic%d' ORDER BY id LIMIT 40", n))
	}
	expect(t, s, "critical sitting root@10.0.0.30: 5 connections; DROP of database shop; read table customers: contacts; delete binary logs; guessing 2, access 3, enumeration 1, collection 1, covering tracks 1, destruction 1\n")
}

// Of one rule alone it takes three statements that end data.
func TestSittingOfDrops(t *testing.T) {
	for _, c := range []struct {
		drops []string
		want  string
	}{
		{[]string{"DROP TABLE customers", "DROP TABLE news"}, ""},
		{[]string{"DROP TABLE customers", "DROP TABLE news", "DROP TABLE goods"}, "medium sitting anna@10.0.0.30: 1 connections; DROP of tables customers, goods, news; access 1, destruction 1\n"},
		{[]string{"DROP TABLE pages", "DROP TABLE news", "DROP TABLE goods"}, ""},
	} {
		s := ordinary()
		for day := range 3 {
			s.at(time.Duration(day)*24*time.Hour+15*time.Hour).login("anna@10.0.0.30", "shop", "SELECT COUNT(*) FROM news")
		}
		s.at(3*24*time.Hour+2*time.Hour).login("anna@10.0.0.30", "shop", c.drops...)
		expect(t, s, c.want)
	}
}

// A user to which a connection was changed, and who never logged in from there, has no
// sitting; what was sent is found by its entries.
func TestNoSittingOfAChangedUser(t *testing.T) {
	s := ordinary()
	s.at(3*24*time.Hour+2*time.Hour).id++
	s.entry("Connect", "web@10.0.0.5 on shop using TCP/IP").entry("Change user", "root@10.0.0.5 on shop using TCP/IP")
	s.entry("Query", "RESET MASTER").entry("Query", "DROP DATABASE shop").entry("Quit", "")
	snap := analyse(t, []byte(s.String()))
	if !slices.ContainsFunc(snap.Detections, func(d detect.Detection) bool { return d.Severity >= rule.High && slices.Contains(d.Users, "root") }) {
		t.Fatalf("nothing of high severity is of root: %v", snap.Detections)
	}
	if got := describe(snap, find(t, snap)); !strings.Contains(got, "DROP of database shop") {
		t.Errorf("incidents:\n%s", got)
	}
}

// Of many hosts with a few guesses each, the one where a guess was right is among them;
// a host with logins of its own is not.
func TestRightGuessAmongStrays(t *testing.T) {
	s := ordinary()
	for n := range 12 {
		s.at(2*24*time.Hour+noon+time.Duration(n)*17*time.Minute).refused("anna", fmt.Sprintf("198.51.100.%d", n))
		host := fmt.Sprintf("203.0.%d.7", n)
		if n == 7 {
			s.refused("web", host) // before the others
		}
		s.refused("anna", host).refused("bert", host)
		if n == 7 {
			s.login("web@"+host, "shop")
		}
	}
	s.refused("carl", "10.0.0.20").refused("bert", "10.0.0.20")
	s.login("anna@10.0.0.20", "shop").login("anna@10.0.0.20", "shop")
	snap := analyse(t, []byte(s.String()))
	const want = "high strays web from 24 hosts: 38 connections; the password of web, found after 25 guesses; no statement; guessing 37, access 1\n"
	if got := describe(snap, find(t, snap)); got != want {
		t.Errorf("incidents:\n%swant\n%s", got, want)
	}
}

// Hosts that take turns with one list of names are no incident each, however slowly they go;
// one that tries more than its turn is.
func TestTurns(t *testing.T) {
	s := ordinary()
	const day = 24 * time.Hour
	for k := range 60 {
		s.at(time.Duration(k)*40*time.Minute).refused(fmt.Sprintf("user%d", k%29), fmt.Sprintf("203.0.%d.7", k%12))
	}
	s.at(day + noon)
	for range 13 {
		s.refused("root", "203.0.3.7")
		s.now += time.Second
	}
	s.at(2*day+noon).login("anna@10.0.0.20", "shop", "SELECT id, email FROM customers WHERE id = 5")
	const want = "medium host 203.0.3.7: 18 connections; no login: 18 guesses in 34h00m at 6 accounts (root, user10, user15, …); guessing 18\n" +
		"low strays 11 hosts: 55 connections; no login: 55 guesses in 39h20m from 11 hosts at 29 accounts (user0, user1, user11, …); guessing 55\n"
	snap := analyse(t, []byte(inOrder(s.String())))
	if got := describe(snap, find(t, snap)); got != want {
		t.Errorf("incidents:\n%swant\n%s", got, want)
	}
}

// One of many hosts guesses right at an account that it had not tried, and the account then
// comes from yet another network: all of it is what the guessers did.
func TestGuessedAndUsedElsewhere(t *testing.T) {
	s := &script{}
	for n := range 3 * 48 { // a program, all day
		s.at(time.Duration(n)*30*time.Minute).login("web@10.0.0.5", "shop", "SELECT title FROM news WHERE id = 7")
	}
	const day = 24 * time.Hour
	for n := range 12 {
		host := fmt.Sprintf("203.0.%d.7", n)
		s.at(day+noon+time.Duration(n)*17*time.Minute).refused("anna", host).refused("bert", host)
		if n == 7 {
			s.login("web@"+host, "shop") // at the first try
		} else {
			s.refused("web", host)
		}
		s.refused("carl", host)
	}
	s.at(day+noon+6*time.Hour).login("web@198.51.100.9", "shop", "SHOW TABLES", "SELECT * FROM customers")
	for n, user := range []string{"anna", "bert", "carl"} {
		s.at(day+23*time.Hour+time.Duration(n)*time.Minute).login(user+"@10.0.0.20", "shop")
	}
	s.at(2*day).login("web@10.0.0.6", "shop", "SELECT title FROM news WHERE id = 7") // at home
	expect(t, s, "critical hosts web from 13 hosts: 49 connections; read table customers; guessing 47, access 2, enumeration 1, collection 1\n")
}

// Who tries a password and who uses it have addresses next to each other, where nobody else
// came from.
func TestScouts(t *testing.T) {
	s := ordinary()
	for day := range 2 {
		s.at(time.Duration(day)*24*time.Hour+9*time.Hour).login("root@10.0.0.2", "shop", "SHOW PROCESSLIST")
	}
	s.at(24*time.Hour + noon)
	guesses(s, "192.0.2.7", 2, "root")
	s.login("root@192.0.2.7", "", "SELECT VERSION()")
	s.at(48*time.Hour+noon).login("root@192.0.2.9", "shop", "SELECT sys_eval('id')", "CREATE FUNCTION sys_eval RETURNS STRING SONAME 'lib_x.so'")
	s.at(48*time.Hour+noon+3*time.Hour).login("root@192.0.2.11", "shop", "DROP DATABASE shop")
	s.at(49*time.Hour+noon).login("root@10.0.0.2", "shop", "SHOW PROCESSLIST")
	expect(t, s, "critical hosts root from 3 hosts: 5 connections; DROP of database shop; install code: sys_eval; guessing 2, access 3, enumeration 1, persistence 1, destruction 1\n")
}

// A person's account from a host of nobody leaves a back door and gathers what passes; what
// the actor empties is his own.
func TestBackDoor(t *testing.T) {
	s := ordinary()
	for day := range 2 {
		for k := range 4 {
			s.at(time.Duration(day)*24*time.Hour+9*time.Hour+time.Duration(k)*time.Hour).login("dba@10.0.0.2", "shop", "SHOW PROCESSLIST")
		}
	}
	s.at(48*time.Hour+noon).login("dba@192.0.2.7", "shop", "GRANT ALL ON *.* TO 'watch'@'%'", "CREATE TABLE seen (v TEXT)",
		"CREATE TRIGGER seen_all AFTER INSERT ON orders FOR EACH ROW INSERT INTO seen VALUES (NEW.card)")
	s.at(50*time.Hour+noon).login("watch@198.51.100.9", "shop", "SELECT v FROM seen", "TRUNCATE TABLE seen")
	expect(t, s, "critical hosts 2 hosts: 2 connections; make trigger seen_all; change accounts: watch@%; read table seen; access 2, persistence 1, collection 1\n")
}

// An account that the actor made is used from elsewhere; one that somebody else made is not his.
func TestMadeAccounts(t *testing.T) {
	s := ordinary()
	s.at(24*time.Hour+noon).login("anna@10.0.0.20", "shop", "CREATE USER 'carl'@'10.0.0.%' IDENTIFIED BY 'x'")
	s.at(25*time.Hour+noon).login("carl@10.0.0.31", "shop", "SELECT title FROM news WHERE id = 7")
	s.at(2*24*time.Hour + noon)
	for range 12 {
		s.refused("root", "203.0.113.9")
		s.now += time.Second
	}
	s.login("root@203.0.113.9", "shop", "SELECT user, authentication_string FROM mysql.user", "CREATE USER back@localhost IDENTIFIED BY 'x'",
		"RENAME USER back@localhost TO 'mysql.infoschema2'@'%'", "GRANT ALL ON *.* TO carl@'%'")
	s.at(2*24*time.Hour+noon+5*time.Hour).login("mysql.infoschema2@198.51.100.9", "shop", "SELECT email FROM customers")
	s.at(2*24*time.Hour+noon+6*time.Hour).login("carl@10.0.0.31", "shop", "SELECT title FROM news WHERE id = 7")
	snap, list := findKnown(t, s)
	if len(list) != 1 || list[0].Actor.Why != "mysql.infoschema2 was made from one of them" || len(list[0].Connections) != 14 {
		t.Errorf("incidents:\n%s%+v", describe(snap, list), list[0].Actor)
	}
}

// Requests of one visitor go to any of the hosts of an application; what adds SQL later, and
// would be little by itself, is of the same hole.
func TestApplicationOnSeveralHosts(t *testing.T) {
	s := &script{}
	for n := range 3 * 48 {
		for host := 4; host < 6; host++ {
			s.at(time.Duration(n)*30*time.Minute).login(fmt.Sprintf("web@10.0.0.%d", host), "shop", fmt.Sprintf("SELECT title FROM news WHERE id = '%d'", n))
		}
	}
	const day = 24 * time.Hour
	for n, host := range []int{4, 5, 5} {
		s.at(day+noon+time.Duration(n)*time.Minute).login(fmt.Sprintf("web@10.0.0.%d", host), "shop", fmt.Sprintf("SELECT title FROM news WHERE id = '%d' OR 5131=5131 -- '", n))
	}
	s.at(2*day).login("web@10.0.0.4", "shop", "SELECT title FROM news WHERE id = '7' OR 5131=5131 -- '")
	expect(t, s, "medium account web from 2 hosts: 4 connections; nothing yet: tries whether SQL can be added; injection 4\n")
}

// A program's password is used from a host of its own network, for an hour: a person at a new
// desk would be of low severity.
func TestProgramAtAStrangeHost(t *testing.T) {
	s := &script{}
	for n := range 3 * 48 {
		s.at(time.Duration(n)*30*time.Minute).login("web@10.0.0.5", "shop", fmt.Sprintf("SELECT title FROM news WHERE id = '%d'", n))
	}
	s.at(24*time.Hour+noon).login("web@10.0.0.31", "shop", "SHOW TABLES", "SELECT * FROM customers LIMIT 3")
	for n := range 4 {
		s.at(25*time.Hour+noon+time.Duration(n)*time.Minute).login("web@10.0.0.31", "shop", fmt.Sprintf("SELECT * FROM customers LIMIT %d,100", 100*n))
	}
	expect(t, s, "medium host web@10.0.0.31: 5 connections; read table customers; access 5, enumeration 1, collection 5\n")
}
