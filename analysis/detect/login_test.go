package detect_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/rule"
)

// rulesOf returns the built-in rules of some names, each with its variants and parts.
func rulesOf(t testing.TB, names ...string) *rule.Set {
	t.Helper()
	var layer rule.File
	var add func(r *rule.Rule)
	add = func(r *rule.Rule) {
		if slices.Contains(layer.Rules, r) {
			return
		}
		layer.Rules = append(layer.Rules, r)
		if r.Correlated != nil {
			for _, part := range r.Correlated.Rules {
				add(part)
			}
		}
	}
	for _, r := range detect.Builtin().Rules {
		if number, _, _ := strings.Cut(r.Name, "-"); slices.Contains(names, number) || slices.Contains(names, r.Name) {
			add(r)
		}
	}
	return set(t, layer)
}

func set(t testing.TB, layer rule.File) *rule.Set {
	t.Helper()
	s, problems := rule.NewSet(layer)
	if problems.Err() != nil {
		t.Fatal(problems)
	}
	return s
}

// own returns the rules of a text.
func own(t testing.TB, text string) *rule.Set {
	t.Helper()
	layer, problems := rule.Document{Name: "own.yml", Text: []byte(text)}.Parse(rule.Options{Natives: detect.Natives()})
	if problems.Err() != nil {
		t.Fatal(problems)
	}
	return set(t, layer)
}

func TestLogins(t *testing.T) {
	rules := rulesOf(t, "D1", "D2", "D3", "D4", "D5")
	guess := func(s *script, n int, pause time.Duration, user func(k int) string, host func(k int) string) {
		from := s.now
		for k := range n {
			s.at(from+time.Duration(k)*pause).denied(100+k, user(k), host(k))
		}
	}
	always := func(text string) func(int) string { return func(int) string { return text } }
	each := func(format string) func(int) string { return func(k int) string { return fmt.Sprintf(format, k) } }
	for _, c := range []struct {
		name  string
		write func(s *script)
		want  string
	}{
		{"two typed passwords and then the right one", func(s *script) {
			guess(s, 2, 9*time.Second, always("karin"), always("10.0.0.5"))
			s.accepted(300, "karin@10.0.0.5")
		}, ""},
		{"a pool with an old password that is put right", func(s *script) {
			s.accepted(9, "app@10.0.0.9")
			guess(s, 14, 90*time.Millisecond, always("app"), always("10.0.0.9"))
			s.accepted(300, "app@10.0.0.9")
		}, "D1 low"},
		{"the same, and another account of the pool's host", func(s *script) {
			s.accepted(9, "app@10.0.0.9")
			guess(s, 14, 90*time.Millisecond, always("app"), always("10.0.0.9"))
			s.accepted(300, "report@10.0.0.9")
		}, "D1 low"},
		{"a guessed password", func(s *script) {
			guess(s, 14, 90*time.Millisecond, always("app"), always("10.0.0.9"))
			s.accepted(300, "app@10.0.0.9")
		}, "D1 high, D1-slow medium, D3 critical, D3-burst high"},
		{"a login before the failures is no success", func(s *script) {
			s.accepted(9, "app@10.0.0.9").at(time.Hour)
			guess(s, 14, time.Second, each("u%d"), always("10.0.0.9"))
		}, "D1 high, D1-slow medium, D1-users medium, D2 high"},
		{"a login from elsewhere is no success", func(s *script) {
			guess(s, 14, time.Second, always("app"), always("10.0.0.9"))
			s.accepted(300, "app@10.0.0.8")
		}, "D1 high, D1-slow medium"},
		{"one user from many hosts", func(s *script) {
			guess(s, 8, time.Hour, always("app"), each("10.0.%d.7"))
		}, "D1-hosts medium"},
		{"sixty over three days", func(s *script) {
			guess(s, 60, 71*time.Minute, each("u%d"), always("10.0.0.9"))
		}, "D1-slow medium, D1-users medium"},
		{"a check that never had the right password", func(s *script) {
			guess(s, 200, 5*time.Minute, always("nagios"), always("10.0.0.9"))
		}, "D1-slow context"},
		{"the check's password is put right", func(s *script) {
			guess(s, 200, 5*time.Minute, always("nagios"), always("10.0.0.9"))
			s.accepted(900, "nagios@10.0.0.9").accepted(901, "backup@10.0.0.9")
		}, "D1-slow context, D3 medium"},
		{"root from afar", func(s *script) { s.accepted(5, "root@10.0.0.9").accepted(6, "root@10.0.0.9") }, "D4 context"},
		{"nobody from afar", func(s *script) { s.accepted(5, "@10.0.0.9") }, "D4 context"},
		{"root from the server itself", func(s *script) { s.accepted(5, "root@localhost") }, ""},
		{"root refused from afar", func(s *script) { s.denied(5, "root", "10.0.0.9") }, ""},
		{"somebody whose login is not in the log", func(s *script) { s.query(5, "select 1") }, ""},
		{"a refused change of the user is a failure", func(s *script) {
			s.accepted(9, "pool@web1").at(time.Hour)
			for k := range 8 {
				s.accepted(10+k, "pool@web1").entry(10+k, "Change user", "root@web1 on").
					entry(10+k, "Change user", "Access denied for user 'root'@'web1' (using password: YES)")
			}
		}, "D1-burst medium, D1-slow medium"},
	} {
		var s script
		c.write(&s)
		if got := levels(load(t, []byte(s.String())).run(t, rules)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A failed login leaves two entries; it is one failure.
func TestFailuresAreConnections(t *testing.T) {
	var s script
	for i := range 10 {
		s.at(time.Duration(i)*time.Second).denied(10+i, "root", "10.0.0.9")
	}
	found := load(t, []byte(s.String())).run(t, rulesOf(t, "D1"))
	found = slices.DeleteFunc(found, func(d detect.Detection) bool { return d.Rule.Name != "D1" })
	if len(found) != 1 || found[0].Count != 10 || len(found[0].Connections) != 10 || len(found[0].Entries) != 20 {
		t.Fatalf("got %+v", found)
	}
	if want := "10 failed logins for root from 10.0.0.9 in 9.0s"; found[0].Summary != want {
		t.Errorf("summary %q, want %q", found[0].Summary, want)
	}
}

// Of a changed user the login that is meant is named, not that of the connection.
func TestChangedUserIsNamed(t *testing.T) {
	var s script
	s.accepted(5, "pool@web1").entry(5, "Change user", "root@web1 on mysql").query(5, "select 2")
	found := load(t, []byte(s.String())).run(t, rulesOf(t, "D4"))
	if len(found) != 1 || found[0].User != "root" || found[0].Summary != "privileged account root got past login from web1: 1 connection" {
		t.Errorf("got %+v", found)
	}
}

const episodeRules = `title: drops
name: drops
level: low
detection:
  drop: {statement.verb: drop}
  grave: {statement.head: drop database}
  condition: drop
sqleuth:
  PER
  pause: 10m
  says: "dropped {tables}"
  levels: [{when: grave, level: high}]
`

func TestEpisodes(t *testing.T) {
	var s script
	s.accepted(1, "anna@a").accepted(2, "anna@a").accepted(3, "ben@a").accepted(4, "anna@b")
	for id := 1; id <= 4; id++ {
		s.query(id, "drop table t")
	}
	s.at(10*time.Minute).query(1, "drop table u", "drop database d")
	s.at(20*time.Minute+time.Microsecond).query(1, "drop table v")
	log := load(t, []byte(s.String()))
	for _, c := range []struct{ per, want string }{
		{"", "low 1,2: 3; low 3: 1; low 4: 1; high 1: 1; low 1: 1"},
		{"per: connection", "low 1: 2; low 2: 1; low 3: 1; low 4: 1; high 1: 1; low 1: 1"},
		{"per: host", "low 1,2,3: 4; low 4: 1; high 1: 1; low 1: 1"},
		{"per: log", "low 1,2,3,4: 5; high 1: 1; low 1: 1"},
	} {
		var got []string
		for _, d := range log.run(t, own(t, strings.Replace(episodeRules, "PER", c.per, 1))) {
			var names []string
			for _, conn := range d.Connections {
				names = append(names, log.Connections.Name(int(conn)))
			}
			got = append(got, fmt.Sprintf("%s %s: %d", d.Severity, strings.Join(names, ","), len(d.Entries)))
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%q: %s\nwant %s", c.per, strings.Join(got, "; "), c.want)
		}
	}
}

func TestWordsOfDetections(t *testing.T) {
	var s script
	for k, user := range []string{"anna", "ben", "anna", "carl", "dora", "emil"} {
		s.at(time.Duration(k)*time.Minute).denied(10+k, user, "h1")
	}
	s.accepted(30, "fay@h2").accepted(31, "gus@h2")
	log := load(t, []byte(s.String()))
	for _, c := range []struct{ says, want string }{
		{"{count} for {users}", "8 for anna (2), ben (1), carl (1), dora (1) and 3 more"},
		{"{hosts} in {span}", "h1 (6), h2 (2) in 5m00s"},
		{"{first} to {last} on {connections}", "2025-03-03 00:00:00 UTC to 2025-03-03 00:05:00 UTC on 8 connections"},
		{"{accepted} got in", "fay@h2, gus@h2 got in"},
	} {
		rules := own(t, `title: t
name: t
level: low
detection: {s: {login.outcome|exists: true}, condition: s}
sqleuth: {per: log, says: "`+c.says+`"}
`)
		found := log.run(t, rules)
		if len(found) != 1 || !strings.HasPrefix(found[0].Summary, c.want) {
			t.Errorf("%s: %+v, want %q", c.says, found, c.want)
		}
	}
}

func TestTimeThatStepsBack(t *testing.T) {
	var s script
	s.at(100*time.Second).accepted(5, "a@localhost").at(99*time.Second).query(5, "select 1").at(50*time.Second).query(5, "select 2").
		at(200*time.Second).query(5, "select 3").at(10*time.Second).query(5, "select 4")
	found := load(t, []byte(s.String())).run(t, rulesOf(t, "D24"))
	if len(found) != 1 || found[0].Count != 2 || len(found[0].Entries) != 2 {
		t.Fatalf("got %+v", found)
	}
	if want := "time steps back; by 3m10s at most"; found[0].Summary != want {
		t.Errorf("summary %q, want %q", found[0].Summary, want)
	}
}
