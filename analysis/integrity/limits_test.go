package integrity_test

import (
	"strings"
	"testing"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
)

func TestLimits(t *testing.T) {
	statements := func(list ...string) *journal {
		j := quiet(banner57)
		j.id++
		j.visit(list...)
		return j
	}
	for _, c := range []struct {
		name    string
		log     string
		has     []string
		without []string
	}{
		{"MySQL 5.7", quiet(banner57).String(),
			[]string{"sent, not that it worked", "MySQL 5.7.44-log logs only statements that it could parse"},
			[]string{"local times", "whole seconds", "MariaDB", "in the middle", "No banner", "passwords", "procedures", "sql_log_off"}},
		{"MySQL 8.0 of Ubuntu", quiet(strings.Replace(banner57, "5.7.44-log (MySQL Community Server (GPL))", "8.0.43-0ubuntu0.24.04.1 ((Ubuntu))", 1)).String(),
			[]string{"MySQL 8.0.43-0ubuntu0.24.04.1 logs only statements"}, nil},
		{"MySQL 5.5", quiet(strings.Replace(banner57, "5.7.44", "5.5.62", 1)).String(),
			[]string{"MySQL 5.5.62-log logs statements before it parses them"}, []string{"could parse"}},
		{"MariaDB", func() string { s := newShort(bannerMaria); s.visits(5); return s.String() }(),
			[]string{"MariaDB logs statements before it parses them", "does not say in which zone", "whole seconds"}, []string{"could parse"}},
		{"no banner, ISO times", quiet("").String(),
			[]string{"MySQL 5.7 and later, whose form of times this log has", "No banner stands before the first entry"}, []string{"No banner says"}},
		{"no banner, short times", func() string { s := newShort(""); s.visits(5); return s.String() }(),
			[]string{"No banner says which server wrote this"}, nil},
		{"began in the middle", func() string {
			j := newJournal("")
			j.entry(5, "Query", "SELECT 1")
			j.id = 7
			j.visits(3)
			return j.String()
		}(), []string{"in the middle of a server's life: 1 connection was open before it"}, []string{"No banner stands"}},
		{"rewritten passwords", statements("CREATE USER 'a'@'%' IDENTIFIED WITH 'mysql_native_password' AS '*00'").String(),
			[]string{"the server rewrote them"}, []string{"clear text"}},
		{"passwords in clear", statements("CREATE USER a IDENTIFIED BY 'x'").String(),
			[]string{"clear text"}, []string{"the server rewrote them"}},
		{"words of account statements in a text", statements("INSERT INTO posts VALUES ('GRANT ALL IDENTIFIED BY x')").String(),
			nil, []string{"clear text", "the server rewrote them"}},
		{"procedures and prepared statements", statements("CALL nightly()", "PREPARE s FROM 'SELECT 1'").String(),
			[]string{"Stored procedures were called", "Statements were prepared in SQL"}, nil},
		{"silent sessions", statements("SET sql_log_off = 1").String(),
			[]string{"sql_log_off go on unseen: 61.", "switched off or sent elsewhere"}, nil},
		{"banners only", banner57, []string{"The log has no entry"}, []string{"sent, not that"}},
		{"a hole", quiet(banner57).String() + strings.Repeat("\x00", 64), []string{"1 stretch of the log, 64 bytes"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			limits := examine(t, load(t, c.log)).Limits
			for _, words := range c.has {
				if !holds(limits, words) {
					t.Errorf("no limit says %q:\n%s", words, strings.Join(limits, "\n"))
				}
			}
			for _, words := range c.without {
				if holds(limits, words) {
					t.Errorf("a limit says %q:\n%s", words, strings.Join(limits, "\n"))
				}
			}
			for _, l := range limits {
				if !strings.HasSuffix(l, ".") {
					t.Errorf("%q is no sentence", l)
				}
			}
		})
	}
}

// TestLimitsOfFiles: which server wrote several files is taken for granted, where nobody named it.
func TestLimitsOfFiles(t *testing.T) {
	first, second := quiet(banner57).String(), quiet(bannerMaria).String()
	if holds(examine(t, load(t, first)).Limits, "read as the log of one server") {
		t.Error("of a single file it is said that it is of one server")
	}
	for _, c := range []struct {
		second string
		want   string
	}{{first, "2 files are read as the log of one server: which"}, {second, "2 files are read as the log of one server (its banners name the versions 5.7"}} {
		if limits := examine(t, load(t, first, c.second)).Limits; !holds(limits, c.want) {
			t.Errorf("no limit says %q:\n%s", c.want, strings.Join(limits, "\n"))
		}
	}
	in := load(t, first, second)
	in.Servers = make([]loaded.Server, 2)
	if holds(examine(t, in).Limits, "read as the log of one server") {
		t.Error("servers that were named are said to be one")
	}
}

func TestLimitsOfReading(t *testing.T) {
	in := load(t, quiet(banner57).String())
	in.Reading, in.Full = reading.Notebook, []string{"templates", "tables"}
	if !holds(examine(t, in).Limits, "does not look for forged entries") {
		t.Error("the limits do not name what the notebook's reading leaves out")
	}
	if !holds(examine(t, in).Limits, "more templates and tables than are told apart") {
		t.Error("the limits do not say that not everything is told apart")
	}
	s := newShort(bannerMaria)
	s.visits(3)
	in = load(t, s.String())
	in.Unzoned = false
	if !holds(examine(t, in).Limits, "the log cannot confirm that zone") {
		t.Error("the limits do not say that the zone is the user's word")
	}
}
