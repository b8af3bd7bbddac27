package detect_test

import (
	"fmt"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
)

// loginRules are logs and the detections in them.
var loginRules = []struct {
	name  string
	write func(s *script)
	want  string
}{
	{"nine failures are too few", func(s *script) {
		for i := range 9 {
			s.denied(10+i, "app", "10.0.0.9")
		}
	}, ""},
	{"ten within five minutes are enough", func(s *script) {
		for i := range 10 {
			s.at(i*33).denied(10+i, "app", "10.0.0.9")
		}
	}, "D1 high"},
	{"ten that take longer are not", func(s *script) {
		for i := range 10 {
			s.at(i*40).denied(10+i, "app", "10.0.0.9")
		}
	}, ""},
	{"two typed passwords and then the right one", func(s *script) {
		s.denied(10, "karin", "10.0.0.5").denied(11, "karin", "10.0.0.5").connect(12, "karin@10.0.0.5").query(12, "select 1")
	}, ""},
	{"a pool with an old password that is put right", func(s *script) {
		s.connect(9, "app@10.0.0.9").query(9, "select 1")
		for i := range 14 {
			s.denied(10+i, "app", "10.0.0.9")
		}
		s.connect(30, "app@10.0.0.9").query(30, "select 1")
	}, "D1 low D3 low"},
	{"a guessed password", func(s *script) {
		for i := range 14 {
			s.denied(10+i, "app", "10.0.0.9")
		}
		s.connect(30, "app@10.0.0.9").entry(30, "Quit", "")
	}, "D1 high D3 critical"},
	{"a login before the failures is no success", func(s *script) {
		s.connect(9, "app@10.0.0.9").query(9, "select 1")
		for i := range 14 {
			s.denied(10+i, fmt.Sprintf("u%d", i%2), "10.0.0.9")
		}
	}, "D1 high"},
	{"nor is one of a user who is tried later", func(s *script) {
		s.connect(9, "u0@10.0.0.9").query(9, "select 1")
		for i := range 14 {
			s.denied(10+i, fmt.Sprintf("u%d", i%2), "10.0.0.9")
		}
	}, "D1 high"},
	{"a login from elsewhere is no success", func(s *script) {
		for i := range 14 {
			s.denied(10+i, "app", "10.0.0.9")
		}
		s.connect(30, "app@10.0.0.8").query(30, "select 1")
	}, "D1 high"},
	{"many users, one try each", func(s *script) {
		for i := range 12 {
			s.denied(10+i, fmt.Sprintf("u%d", i), "10.0.0.9")
		}
	}, "D2 high"},
	{"one user from many hosts", func(s *script) {
		for i := range 12 {
			s.denied(10+i, "app", fmt.Sprintf("10.0.0.%d", i))
		}
	}, "D1 high"},
	{"root from afar", func(s *script) {
		s.connect(5, "root@10.0.0.9").query(5, "select 1").connect(6, "root@10.0.0.9").query(6, "select 1")
	}, "D4 context"},
	{"nobody from afar", func(s *script) { s.connect(5, "@10.0.0.9").query(5, "select 1") }, "D4 context"},
	{"somebody whose login is not in the log", func(s *script) { s.query(5, "select 1") }, ""},
	{"root from the server itself", func(s *script) { s.connect(5, "root@localhost").query(5, "select 1") }, ""},
	{"root refused from afar", func(s *script) { s.denied(5, "root", "10.0.0.9") }, ""},
}

func TestLoginRules(t *testing.T) {
	for _, c := range loginRules {
		var s script
		c.write(&s)
		if got := strings.Join(hits(run(t, s.input(t))), " "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// A failed login leaves two entries; it is one failure.
func TestFailuresAreConnections(t *testing.T) {
	var s script
	for i := range 10 {
		s.denied(10+i, "root", "10.0.0.9")
	}
	found := run(t, s.input(t))
	if len(found) != 1 || found[0].Count != 10 || len(found[0].Connections) != 10 || len(found[0].Entries) != 20 {
		t.Fatalf("got %+v", found)
	}
	if want := "10 failed logins for root from 10.0.0.9 in 9.0s"; found[0].Summary != want {
		t.Errorf("summary %q, want %q", found[0].Summary, want)
	}
}

func TestDumps(t *testing.T) {
	tables := []string{"accounts", "carts", "items", "orders", "users"}
	whole := func(s *script, id int) {
		for _, table := range tables {
			s.query(id, "SELECT /*!40001 SQL_NO_CACHE */ * FROM `"+table+"`")
		}
	}
	for _, c := range []struct {
		name  string
		write func(s *script)
		want  string
	}{
		{"a dump on every night", func(s *script) {
			for night := range 3 {
				s.at(night*86400+9000).connect(10+night, "backup@localhost").query(10+night, "START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */")
				whole(s, 10+night)
			}
		}, "D6 low D6 low D6 low D7 low D7 low D7 low"},
		{"a dump once, by hand", func(s *script) {
			s.connect(10, "app@10.0.0.9")
			for _, table := range tables {
				s.query(10, "select * from "+table)
			}
		}, "D6 high D7 high"},
		{"tables of users by a dump program", func(s *script) {
			s.connect(10, "app@10.0.0.9").query(10, "START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */",
				"SELECT /*!40001 SQL_NO_CACHE */ * FROM `users`")
		}, "D6 high D7 high"},
		{"an application that reads small tables", func(s *script) {
			s.connect(10, "app@localhost").query(10, "select * from a", "select * from b", "select * from a", "select * from c", "select * from d")
		}, ""},
		{"keyed reads of many tables", func(s *script) {
			s.connect(10, "app@localhost")
			for _, table := range tables {
				s.query(10, "select * from "+table+" where id = 1")
			}
		}, ""},
	} {
		var s script
		c.write(&s)
		if got := strings.Join(hits(run(t, s.input(t))), " "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestEnumeration(t *testing.T) {
	questions := []string{"show databases", "show tables", "show variables", "show processlist", "select @@version", "select user()",
		"select database()", "show grants", "select @@datadir"}
	var burst, slow script
	burst.connect(5, "app@localhost").query(5, questions...)
	slow.connect(5, "app@localhost")
	for i, q := range questions {
		slow.at(i*60).query(5, q, q, q)
	}
	if got := strings.Join(hits(run(t, burst.input(t))), " "); got != "D6 context D8 low" {
		t.Errorf("a burst gave %q", got)
	}
	var again script
	again.connect(5, "app@localhost").query(5, questions[:4]...).at(600).query(5, questions[4:]...).query(5, questions[:4]...)
	if got := strings.Join(hits(run(t, again.input(t))), " "); got != "D6 context D8 low" {
		t.Errorf("a burst of questions that were asked before gave %q", got)
	}
	if got := strings.Join(hits(run(t, slow.input(t))), " "); got != "D6 context" {
		t.Errorf("the same questions in nine minutes gave %q", got)
	}
}

func TestTimeThatStepsBack(t *testing.T) {
	var s script
	s.at(100).connect(5, "a@localhost").at(99).query(5, "select 1").at(50).query(5, "select 2").at(200).query(5, "select 3").at(10).query(5, "select 4")
	found := run(t, s.input(t))
	if len(found) != 1 || found[0].Rule.ID != "D24" || found[0].Count != 2 {
		t.Fatalf("got %+v", found)
	}
	if want := "time steps back 2 times, by 3m10s at most"; found[0].Summary != want {
		t.Errorf("summary %q, want %q", found[0].Summary, want)
	}
}

func TestStory(t *testing.T) {
	var s script
	for i := range 12 {
		s.denied(10+i, "root", "10.0.0.9")
	}
	s.connect(30, "root@10.0.0.9").query(30, "select * from users")
	stories := detect.Stories(run(t, s.input(t)))
	if len(stories) != 1 {
		t.Fatalf("%d stories", len(stories))
	}
	st := stories[0]
	var ids []string
	for _, step := range st.Steps {
		ids = append(ids, step.Rule.ID)
	}
	if got := strings.Join(ids, " "); got != "D1 D3 D4 D6" || st.Host != "10.0.0.9" || len(st.Connections) != 13 || len(st.Users) != 1 || st.Users[0] != "root" {
		t.Errorf("story %s of %s, users %v, %d connections", got, st.Host, st.Users, len(st.Connections))
	}

	// A read by somebody whom the failures are not about.
	var neighbour script
	neighbour.connect(5, "app@10.0.0.9").query(5, "select 1")
	for i := range 12 {
		neighbour.denied(10+i, "root", "10.0.0.9")
	}
	neighbour.connect(30, "app@10.0.0.9").query(30, "select * from users")
	if got := detect.Stories(run(t, neighbour.input(t))); len(got) != 0 {
		t.Errorf("a story without a login after the failures: %+v", got)
	}

	// Reading first and guessing afterwards is another story.
	var other script
	other.connect(5, "app@10.0.0.9").query(5, "select * from users")
	for i := range 12 {
		other.denied(10+i, "root", "10.0.0.9")
	}
	other.connect(30, "root@10.0.0.9").query(30, "select 1")
	if got := detect.Stories(run(t, other.input(t))); len(got) != 0 {
		t.Errorf("a story without a read after the login: %+v", got)
	}
}
