package detect_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/reading"
)

// script writes a log, a second per entry.
type script struct {
	b    strings.Builder
	time int // seconds
}

func (s *script) at(sec int) *script { s.time = sec; return s }

func (s *script) entry(id int, command, text string) *script {
	fmt.Fprintf(&s.b, "2025-03-%02dT%02d:%02d:%02d.000000Z %4d %s\t%s\n", 11+s.time/86400, s.time/3600%24, s.time/60%60, s.time%60, id, command, text)
	s.time++
	return s
}

func (s *script) connect(id int, account string) *script {
	return s.entry(id, "Connect", account+" on shop using TCP/IP")
}

func (s *script) denied(id int, user, host string) *script {
	s.connect(id, user+"@"+host)
	s.time--
	return s.entry(id, "Connect", fmt.Sprintf("Access denied for user '%s'@'%s' (using password: YES)", user, host))
}

func (s *script) query(id int, sql ...string) *script {
	for _, q := range sql {
		s.entry(id, "Query", q)
	}
	return s
}

func (s *script) input(t testing.TB) *input {
	return load(t, []byte(s.b.String()), reading.Correct)
}

// hits writes detections as "D9 medium".
func hits(found []detect.Detection) (out []string) {
	for _, d := range found {
		out = append(out, d.Rule.ID+" "+d.Severity.String())
	}
	slices.Sort(out)
	return out
}

// A single statement of an application's account on the server itself.
func TestStatementRules(t *testing.T) {
	for _, c := range []struct{ sql, want string }{
		// D6
		{"select user, host from mysql.user", "D6 medium"},
		{"SELECT user, authentication_string FROM `mysql`.`user`", "D6 high"},
		{"select * from wp_users", "D6 high"},
		{"SELECT * FROM wp_users WHERE 1=1", "D6 high"},
		{"SELECT * FROM wp_users WHERE 1", "D6 high"},
		{"select a.login, a.password_hash from accounts a join roles r on r.id = a.role", "D6 high"},
		{"select user_login, user_pass from wp_users where ID in (select user_id from wp_usermeta where meta_key='x')", "D6 high"},
		{"select user_login, user_pass from wp_users order by ID limit 100", "D6 high"},
		{"insert into t select * from wp_users", "D6 high"},
		{"show grants", "D6 context"},
		{"SHOW CREATE USER root@localhost", "D6 medium"},
		{"SELECT * FROM wp_users WHERE user_login = 'anna' LIMIT 1", ""},
		{"SELECT * FROM wp_users WHERE ID IN (1,2,3)", ""},
		{"SELECT ID, password FROM users WHERE LOWER(email) = 'a@b'", ""},
		{"SELECT COUNT(*) FROM wp_users", ""},
		{"SELECT SQL_CALC_FOUND_ROWS wp_users.ID FROM wp_users WHERE 1=1 ORDER BY user_login ASC LIMIT 0, 20", ""},
		{"select user_login, user_registered from wp_users where user_registered > now() - interval 30 day", ""},
		{"select * from wp_posts", ""},
		{"INSERT INTO wp_comments (content) VALUES ('hello SELECT * FROM wp_users')", ""},
		{"INSERT INTO wp_comments (content) VALUES ('it''s \\' select user_pass from wp_users -- ')", ""},
		{"SELECT 1 /* select * from wp_users */", ""},
		{"explain select * from wp_users", ""},
		{"select title from posts where id = 1 union select user_pass from wp_users", "D6 high"},
		{"select * from posts where author in (select id from users)", ""},
		{"select * from (select * from users) u", "D6 high"},
		{"select * from orders where user_id = 3 and shop in (select id from shops)", ""},
		{"TABLE wp_users", "D6 high"},
		{"select * from wp_users where user_login like '%'", "D6 low"},
		{"select u.* from posts p, users u where p.author = u.id", "D6 low"},
		// D9, D10
		{"SELECT LOAD_FILE('/etc/passwd')", "D9 high"},
		{"LOAD DATA LOCAL INFILE '/tmp/x' INTO TABLE t", "D9 medium"},
		{"SELECT 'load_file(''x'')'", ""},
		{"select load_file from t where id = 1", ""},
		{"select a from t where id = 1 into outfile '/tmp/report.csv'", "D10 medium"},
		{"select '<?php' into outfile '/var/www/html/s.php'", "D10 critical"},
		{"select 0x7f454c46 into dumpfile '/usr/lib/mysql/plugin/udf.so'", "D10 critical"},
		{"select 'into outfile' from t where id = 1", ""},
		// D11
		{"create function sys_exec returns integer soname 'udf.so'", "D11 critical"},
		{"CREATE OR REPLACE AGGREGATE FUNCTION f RETURNS STRING SONAME 'u.dll'", "D11 critical"},
		{"select sys_eval('id')", "D11 critical"},
		{"INSTALL PLUGIN x SONAME 'x.so'", "D11 high"},
		{"create function total(a int) returns int return a + 1", ""},
		// D12
		{"CREATE USER 'x'@'%' IDENTIFIED BY 'y'", "D12 medium"},
		{"grant all on *.* to 'x'@'%'", "D12 medium"},
		{"INSERT INTO mysql.user (user) VALUES ('x')", "D12 high"},
		{"flush privileges", "D12 low"},
		{"create table user (id int)", ""},
		{"update shop.user set name = 'x' where id = 3", ""},
		// D13
		{"SET GLOBAL general_log = 'OFF'", "D13 high"},
		{"set @@global.general_log=0", "D13 high"},
		{"SET GLOBAL general_log_file = '/var/www/html/x.php'", "D10 critical D13 critical"},
		{"SET sql_log_bin = 0", "D13 medium"},
		{"truncate mysql.general_log", "D13 high D20 medium"},
		{"RESET MASTER", "D13 high"},
		{"SET GLOBAL general_log = 1", ""},
		{"SET NAMES utf8mb4", ""},
		{"SET @x = 'general_log = 0'", ""},
		// D17
		{"SELECT * FROM t WHERE id = 1 AND SLEEP(5)", "D17 medium"},
		{"select benchmark(1000000, md5('a'))", "D17 medium"},
		{"SELECT SLEEP(0)", ""},
		{"INSERT INTO t VALUES ('sleep(5)')", ""},
		// D20
		{"DROP DATABASE shop", "D20 high"},
		{"DROP TABLE IF EXISTS a, b", "D20 medium"},
		{"DELETE FROM orders", "D20 low"},
		{"UPDATE users SET pass = 'x'", "D20 low"},
		{"CREATE TABLE `README_TO_RECOVER` (t text)", "D20 high"},
		{"DROP TEMPORARY TABLE x", ""},
		{"DELETE FROM orders WHERE id = 1", ""},
		{"INSERT INTO log VALUES ('drop table x; -- ')", ""},
		// D22
		{"CHANGE MASTER TO MASTER_HOST='x'", "D22 high"},
		{"CLONE INSTANCE FROM 'u'@'h':3306 IDENTIFIED BY 'p'", "D22 high"},
		// Several statements in one text; code in version comments.
		{"SELECT 1; DROP TABLE x", "D20 medium"},
		{"SELECT /*!50000 LOAD_FILE('/x') */", "D9 high"},
	} {
		var s script
		in := s.connect(5, "app@localhost").query(5, c.sql).entry(5, "Quit", "").input(t)
		if got := strings.Join(hits(run(t, in)), " "); got != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.sql, got, c.want)
		}
	}
}

// A template's wildcards may stand for the words that opened a quote, or hide a
// WHERE: then the text decides.
func TestTemplatesThatHideTheTruthAreReadAgain(t *testing.T) {
	var s script
	s.connect(5, "app@localhost")
	for i := range 4 {
		s.query(5, fmt.Sprintf("INSERT INTO c VALUES (%d, 'a %c select load_file ( x ) from t')", i, 'a'+i),
			fmt.Sprintf("INSERT INTO d VALUES (1, '%c select load_file ( x ) from t where a')", 'a'+i),
			fmt.Sprintf("select * from users where id=%d", i),
			fmt.Sprintf("delete from users where id=%d", i))
	}
	in := s.input(t)
	if got := hits(run(t, in)); len(got) > 0 {
		for _, d := range run(t, in) {
			t.Log(d.Summary)
		}
		t.Errorf("harmless statements gave %v; templates %v", got, in.Templates)
	}
}

func TestNotebookReadingFindsTheSame(t *testing.T) {
	var s script
	s.connect(5, "root@10.0.0.9").query(5, "SELECT * FROM wp_users", "SELECT LOAD_FILE('/etc/passwd')").entry(5, "Quit", "").entry(6, "Quit", "")
	found := run(t, load(t, []byte(s.b.String()), reading.Notebook))
	if got := strings.Join(hits(found), " "); got != "D4 context D6 high D9 high" {
		t.Errorf("got %s", got)
	}
}

func TestReplicationCommands(t *testing.T) {
	var s script
	in := s.connect(5, "repl@10.0.0.9").entry(5, "Register Slave", "").entry(5, "Binlog Dump", "Log: '' Pos: 4").input(t)
	found := run(t, in)
	if len(found) != 1 || found[0].Rule.ID != "D22" || found[0].Count != 2 || found[0].Severity != detect.High {
		t.Errorf("got %v", hits(found))
	}
}

// What every connection of a program does is told once, not once a connection.
func TestStatementsOfManyConnectionsAreTakenTogether(t *testing.T) {
	var s script
	const n = 500
	for i := range n {
		s.connect(10+i, "job@localhost").query(10+i, "truncate cache")
	}
	found := run(t, s.input(t))
	if len(found) >= n/4 {
		t.Errorf("%d detections for %d connections", len(found), n)
	}
	count := 0
	for _, d := range found {
		count += d.Count
	}
	if count != n {
		t.Errorf("detections count %d entries, want %d", count, n)
	}
}

// Drain makes one template of many short statements. What one of them asks for
// must not hide behind the others' wildcard.
func TestNothingHidesBehindAWildcard(t *testing.T) {
	for _, c := range []struct {
		crowd []string
		sql   string
		want  string
	}{
		{[]string{"select database()", "select found_rows()", "select 1"}, "select load_file('/etc/passwd')", "D9 high"},
		{[]string{"show tables", "show databases"}, "show grants", "D6 context"},
		{[]string{"select count(id) from wp_users", "select max(id) from wp_users"}, "select * from wp_users", "D6 high"},
		{[]string{"select * from wp_users where id=1", "select * from wp_users where id=2"}, "select * from wp_users where 1", "D6 high"},
		{[]string{"set names utf8", "set names latin1", "set x y"}, "set general_log = 0", "D13 high"},
	} {
		var s script
		s.connect(5, "app@localhost")
		for range 3 {
			s.query(5, c.crowd...)
		}
		s.query(5, c.sql).query(5, c.crowd...)
		found := run(t, s.input(t))
		if got := strings.Join(hits(found), " "); got != c.want || found[0].Count != 1 {
			t.Errorf("%s among %q: got %q", c.sql, c.crowd, got)
		}
	}
}

func TestMarksOfStatementsThatAreNotJudged(t *testing.T) {
	m := detect.NewMarker()
	for _, c := range []struct {
		command, table, text string
		judged               bool
	}{
		{"Query", "-", "select 1", true},
		{"Query", "wp_users", "select * from wp_users", true},
		{"Execute", "mysql.user", "select * from mysql.user", true},
		{"Query", "wp_posts", "select * from wp_posts", false},
		{"Connect", "-", "root@localhost on ", false},
		{"Prepare", "-", "select 1", false},
	} {
		if got := m.Mark([]byte(c.command), []byte(c.table), []byte(c.text)) != 0; got != c.judged {
			t.Errorf("%s %s: judged %v, want %v", c.command, c.text, got, c.judged)
		}
	}
	long := "select '" + strings.Repeat("x", 1000) + "' into outfile '/x'"
	if a, b := m.Mark([]byte("Query"), []byte("-"), []byte(long)), m.Mark([]byte("Query"), []byte("-"), []byte("select 'x' into outfile '/x'")); a != b {
		t.Errorf("a long statement has mark %x, a short one of the same kind %x", a, b)
	}
}

// Statements are attacker-written: any bytes must do.
func FuzzMark(f *testing.F) {
	for _, s := range []string{"select * from wp_users where (select", "/*!99999 x */ union select ,,, from", "set @@ = 1; ; select `", "select <*> from <*> <*>",
		"insert into a.b. select (((", "table", "select in (", "select a from b where = = ", "update", "create table"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, sql []byte) {
		a := detect.NewMarker().Mark([]byte("Query"), []byte("-"), sql)
		m := detect.NewMarker()
		m.Mark([]byte("Query"), []byte("-"), sql)
		if b := m.Mark([]byte("Query"), []byte("-"), sql); a != b {
			t.Errorf("%q is marked %x, when remembered %x", sql, a, b)
		}
	})
}
