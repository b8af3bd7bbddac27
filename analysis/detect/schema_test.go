package detect_test

import (
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
)

// case10 is ../shared/cases/10-use-mysql-context: the server's account tables,
// named without their schema behind Init DB, a login to mysql, and USE.
var case10 = []struct {
	id            int
	command, text string
}{
	{61, "Connect", "root@192.0.2.66 on  using TCP/IP"},
	{61, "Init DB", "mysql"},
	{61, "Query", "SELECT User, plugin, TO_BASE64(authentication_string), HEX(authentication_string) FROM user WHERE User IN ('root', 'app')"},
	{61, "Query", "select host,user,password from user"},
	{61, "Query", "select * from user"},
	{61, "Query", "SELECT * FROM global_priv"},
	{61, "Query", "update user set authentication_string=PASSWORD('x') where user='root'"},
	{61, "Query", "insert into user (Host,User,Password) values('%','hack',PASSWORD('x'))"},
	{61, "Query", "select * from general_log"},
	{61, "Query", "truncate table general_log"},
	{61, "Query", "insert into func values ('sys_eval',0,'udf.so','function')"},
	{61, "Quit", ""},
	{62, "Connect", "root@192.0.2.66 on mysql using TCP/IP"},
	{62, "Query", "select host,user,authentication_string from user"},
	{62, "Quit", ""},
	{63, "Connect", "root@192.0.2.66 on  using TCP/IP"},
	{63, "Query", "use mysql"},
	{63, "Query", "select host,user,authentication_string from user where host='%'"},
	{63, "Quit", ""},
}

func TestAccountTablesOfTheCurrentDatabase(t *testing.T) {
	s := &script{}
	for _, e := range case10 {
		s.entry(e.id, e.command, e.text)
	}
	var entries []int
	for _, d := range run(t, s.input(t)) {
		if d.Rule.ID == "D6" && d.Severity == detect.High {
			if !strings.Contains(d.Summary, "for mysql.user with its password hashes") {
				t.Errorf("summary %q", d.Summary)
			}
			for _, e := range d.Entries {
				entries = append(entries, e+1)
			}
		}
	}
	if want := []int{3, 4, 5, 6, 14, 18}; !slices.Equal(entries, want) {
		t.Errorf("credentials are read by entries %v, want %v", entries, want)
	}
}

// The same statement asks for different tables in different databases.
func TestSchemaDecides(t *testing.T) {
	for _, c := range []struct{ database, sql, want string }{
		{"mysql", "SELECT authentication_string FROM user WHERE user = 'root'", "D6 high"},
		{"MySQL", "SELECT authentication_string FROM user WHERE user = 'root'", "D6 high"},
		{"mysql", "SELECT host FROM user WHERE user = 'root'", "D6 medium"},
		{"mysql", "SELECT 1 FROM t WHERE a IN (SELECT 1) UNION SELECT password FROM user WHERE user = 'root'", "D6 high"},
		{"mysql", "SELECT * FROM shop.user WHERE user = 'root'", ""},
		{"mysql", "SELECT * FROM help_topic", ""},
		{"shop", "SELECT authentication_string FROM user WHERE user = 'root'", ""},
		{"mysql_copy", "SELECT authentication_string FROM user WHERE user = 'root'", ""},
		{"shop", "SELECT * FROM user_privileges", "D6 high"},
		{"information_schema", "SELECT * FROM user_privileges", ""},
	} {
		s := &script{}
		s.entry(5, "Connect", "app@localhost on shop using Socket")
		const keyed = "SELECT authentication_string FROM user WHERE user = 'root'"
		for n := range 3 {
			s.query(5, keyed, "USE "+c.database, c.sql, strings.ReplaceAll(c.sql, "'root'", "'"+strings.Repeat("x", n+1)+"'"), "USE shop", keyed)
		}
		found := run(t, s.input(t))
		if got := strings.Join(hits(found), " "); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.sql, c.database, got, c.want)
		}
		if len(found) > 0 && len(found[0].Entries) != 6 {
			t.Errorf("%s in %s: entries %v, want 6", c.sql, c.database, found[0].Entries)
		}
	}
}
