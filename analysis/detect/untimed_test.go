package detect_test

import (
	"strings"
	"testing"

	"sqleuth/analysis/store"
)

// untime takes the times of the first n entries away.
func (in *input) untime(n int) {
	var c store.Columns
	for i := range in.Entries.Len() {
		e := in.Entries.At(i)
		if i < n {
			e.Time = store.NoTime
		}
		c.Append(e)
	}
	in.Entries = c.View()
}

// TestLoginRulesWithoutTimes: where entries have no time, the order of the log
// decides, and no time is made up for what is found.
func TestLoginRulesWithoutTimes(t *testing.T) {
	for _, c := range loginRules {
		want := c.want
		if c.name == "ten that take longer are not" {
			want = "D1 high" // nobody can tell that they took longer
		}
		var s script
		c.write(&s)
		n := strings.Count(s.b.String(), "\n")
		s.at(86400).connect(4000, "last@localhost")
		for _, untimed := range []int{n, n + 1} {
			in := s.input(t)
			in.untime(untimed)
			found := run(t, in)
			if got := strings.Join(hits(found), " "); got != want {
				t.Errorf("%s, %d of %d entries without a time: got %q, want %q", c.name, untimed, n+1, got, want)
			}
			known := store.Unknown
			if untimed == n {
				known = store.Moment{Micros: in.Entries.Time(n), Before: true}
			}
			for _, d := range found {
				if d.Time != known || d.Last != known {
					t.Errorf("%s: %s from %v to %v, want %v", c.name, d.Rule.ID, d.Time, d.Last, known)
				}
				if strings.Contains(d.Summary, " in 0") {
					t.Errorf("%s: %s tells how long it took: %s", c.name, d.Rule.ID, d.Summary)
				}
			}
		}
	}
}

// TestSessionsWithoutTimes: D6, D7 and D8 work in a log without times, and nothing
// in it is a habit or a step back.
func TestSessionsWithoutTimes(t *testing.T) {
	var s script
	s.connect(5, "app@10.0.0.9")
	for _, table := range []string{"accounts", "carts", "items", "orders", "users", "mysql.user"} {
		s.query(5, "SELECT * FROM "+table)
	}
	s.connect(6, "app@10.0.0.9").query(6, "select version()", "show databases", "show tables", "select user()", "show grants",
		"show variables", "show processlist", "select @@datadir", "select * from information_schema.columns", "show status")
	timed := s.input(t)
	want := hits(run(t, timed))
	if len(want) < 3 {
		t.Fatalf("only %v is found in it", want)
	}
	in := s.input(t)
	in.untime(in.Entries.Len())
	found := run(t, in)
	if got := hits(found); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("without times %v, with them %v", got, want)
	}
	for _, d := range found {
		if d.Time.Dated() || d.Last.Dated() || strings.Contains(d.Summary, " in 0") {
			t.Errorf("%s from %v to %v: %s", d.Rule.ID, d.Time, d.Last, d.Summary)
		}
	}
}
