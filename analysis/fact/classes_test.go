package fact

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/sqltext"
)

// variants are statements whose literals, lists and comments are varied.
var variants = []string{
	"select a, b from t where id = 1 and name = 'x' limit 10, 20",
	"select a from t where 1=1 and b = 2 or c = 3",
	"select a from t where a in (1, 2, 3) and b = 1 or (c = 0 or 0 = 0)",
	"insert into t (a, b, c) values (1, 'x', null), (2, 'y', 0x41), (3, now(), 'z')",
	"insert into t values (1, 'it''s'), (2, 'x')",
	"select a from t where id = 1 union all select null, 2, 'x', 4 from u order by 1",
	"select concat('a', 0x3a, `user`, char(58, 59)), sleep(5), rand(0) from users where x between 1 and 2",
	"select if(5131=5131, 1, 0), case when 'a'='a' then 1 else 2 end",
	"update t set a = 'x', b = b + 1, c = -1 where id = 7 and not 0",
	"delete from t where a like '%x%' and b is null or not 1",
	"set @@session.autocommit = 1, sql_mode = 'x', general_log_file = '/var/www/x.php', names = 5",
	"set names 'utf8mb4'",
	"select 'x' into outfile '/tmp/a.php'",
	"create user 'a'@'%' identified by 'b'",
	"select * from t where a = date '2020-01-01' and b = _utf8'x' and c = \"d\"",
	"select (1), (1), ((select 1)), f((a), (a)), f((a)), f(a, 1, (1)) from t where (1) or ('1') and (a, b) in ((1, 2), (3, 4))",
	"select a from t where login = '' = '' and id = 1 /* x */ -- y",
	"select -1, - 1, + -1, a - 1, ~1 from t where a = -1 or -1 = -1",
	"call p(1, 'x', null)",
	"select a from t where b = c and 1 or d = e",
	"select a from t where b = c and 0 = 1",
	"select a from t where b = c or 0 = 1",
	"select a from t where b = c and 'x'",
	"select a from t where (b = 0 or 0 = 0)",
	"select/**/a from t",
	"select a from t -- x",
	"select a from t where b = 'o'neill' and c = 1",
	"select a from t where b = '1' neill' and c = 1",
	"show tables like 'a%'",
	"select a, b from t order by 1, 2, b limit 3",
	"select a from t where b = 'x' - 'y' and c = 5-2 and d = '' ^ '' or 'a' || 'b'",
	"select char(65)||char(66), if(2=2, 1, 0), elt(1=1, 2) from t where a like 0x41 or get_lock('a', 5)",
	"select substring(@@version, 1, 1) = 5, `nulls`, nulls, `limit` from `t` where `a` = 1 and ascii(version()) > 5",
}

var someLiterals = []string{"0", "1", "2", "17", "0.0", "1e1", "''", "'x'", "'0'", "'1'", "'7 of us'", "null", "true", "false", "default", "?", "0x41", "0x71616263717a", "x'3c3f706870206563686f'",
	"b'1'", "'<script>'", "'1\\' or 1=1 -- '", "\"d\"", "'qzxjq'", "'/tmp/x.php'", "'a' 'b'", "-1", "N'x'", "0x" + strings.Repeat("ff", 200), "'%a'", "date'2020-01-01'", "_utf8'x'", "'on'"}

// sameKind are literals and comments of one kind of token.
var sameKind = map[sqltext.Kind][]string{
	sqltext.Number:       {"0", "1", "2", "17", "0.0", "1e1", "5131", "00"},
	sqltext.String:       {"''", "'x'", "'0'", "'1'", "'7 of us'", "'<script>'", "'1\\' or 1=1 -- '", "'qzxjq'", "'/tmp/x.php'", "'on'", "'%a'"},
	sqltext.HexLiteral:   {"0x41", "0x71616263717a", "0x717a786a71", "0x3c3f706870206563686f20", "0x" + strings.Repeat("ff", 200)},
	sqltext.DoubleQuoted: {`""`, `"d"`, `"1"`, `"qzxjq"`},
	sqltext.Comment:      {"/**/", "/* a b */", "-- ", "-- x y z", "-- ' and active = 1", "#", "/*+ x */", "-- list of the things"},
}

// reword returns sql with the contents of some literals and comments changed.
func reword(r *rand.Rand, sql string) string {
	var t sqltext.Tokens
	t.Lex([]byte(sql))
	var out strings.Builder
	last := 0
	for _, token := range t.List {
		out.WriteString(sql[last:token.Start])
		last = token.End
		text := sql[token.Start:token.End]
		if list := sameKind[token.Kind]; list != nil && r.IntN(2) == 0 {
			text = list[r.IntN(len(list))]
		}
		out.WriteString(text)
	}
	return out.String() + sql[last:]
}

// vary returns sql with literals, lists, comments, case and quotes changed.
func vary(r *rand.Rand, sql string) string {
	var t sqltext.Tokens
	t.Lex([]byte(sql))
	var out strings.Builder
	last := 0
	for _, token := range t.List {
		out.WriteString(sql[last:token.Start])
		last = token.End
		text := sql[token.Start:token.End]
		switch token.Kind {
		case sqltext.Number, sqltext.String, sqltext.HexLiteral, sqltext.DoubleQuoted:
			if r.IntN(3) == 0 {
				text = someLiterals[r.IntN(len(someLiterals))]
			}
			for r.IntN(6) == 0 {
				text += ", " + text
			}
			for r.IntN(20) == 0 {
				text += ", " + someLiterals[r.IntN(len(someLiterals))]
			}
		case sqltext.Word:
			switch r.IntN(24) {
			case 0:
				text = strings.ToUpper(text)
			case 1:
				text = "`" + text + "`"
			}
		case sqltext.Comment:
			if r.IntN(2) == 0 {
				text = ""
			}
		}
		switch r.IntN(60) {
		case 0:
			text = "(" + text + ")"
		case 1:
			text += []string{"/**/", " /* a b */ ", "/*!50000 */", " -- x\n", "#\n", "-- \n"}[r.IntN(6)]
		case 2:
			text += ";"
		}
		out.WriteString(text)
	}
	return out.String() + sql[last:] + []string{"", "", "", " -- ", "#", ";", " /* x */", "-- ' and active = 1", " /*"}[r.IntN(9)]
}

// Statements that a cache takes for one have the same facts.
func TestEqualClassesMeanEqualFacts(t *testing.T) {
	type answer struct {
		sql      string
		set      Set
		literals []int
		texts    []string // of these
	}
	seen := map[string][]answer{}
	r := rand.New(rand.NewPCG(1, 2))
	var tokens sqltext.Tokens
	var st sqltext.Statement
	var b Builder
	texts := func(literals []int) (list []string) {
		for _, i := range literals {
			list = append(list, string(tokens.Text(tokens.List[i])))
		}
		return list
	}
	hits, looked := 0, 0
	for n := range 30_000 {
		sql := variants[n%len(variants)]
		for range r.IntN(4) * r.IntN(2) {
			sql = vary(r, sql)
		}
		sql = reword(r, sql)
		tokens.Lex([]byte(sql))
		classes, classed := AppendLiteralClasses(nil, &tokens)
		shape, shaped := sqltext.AppendShape(nil, &tokens)
		if !classed || !shaped {
			continue
		}
		key := fmt.Sprintf("%q\n%q", shape, classes)
		tokens.Parse(&st)
		Of([]byte("Query"), &tokens, &st, &b)
		got := answer{sql, b.Set(), slices.Clone(b.Literals()), texts(b.Literals())}
		for _, was := range seen[key] {
			if !slices.Equal(was.texts, texts(was.literals)) {
				continue
			}
			hits++
			looked += min(len(was.literals), 1)
			if was.set != got.set || !slices.Equal(was.literals, got.literals) {
				t.Fatalf("one key %s\n%s\n%v%s\n%s\n%v%s", key, was.sql, was.literals, was.set, got.sql, got.literals, got.set)
			}
		}
		seen[key] = append(seen[key], got)
	}
	if hits < 1000 || looked < 100 {
		t.Errorf("%d variants share a key, %d of them texts of literals: the test compares nothing", hits, looked)
	}
}

// TestServerFacts are facts that the rules about accounts, logs and rights rest on.
func TestServerFacts(t *testing.T) {
	for _, c := range []struct {
		sql, want string
		fields    []Field
	}{
		{"GRANT ALL PRIVILEGES ON *.* TO x@'%'", "marks=any_host; marks=grant_everywhere", []Field{Marks}},
		{"GRANT ALL ON shop.* TO x@localhost", "", []Field{Marks}},
		{"RENAME USER a@localhost TO 'b'@'10.0.0.%', c TO d@x", "objects=a@localhost; objects=b@10.0.0.%; objects=c; objects=d@x", []Field{Objects}},
		{"SELECT user, password_expired, password_lifetime FROM mysql.user", "reads=accounts all nolimit columns", []Field{Reads}},
		{"SELECT user, password FROM mysql.user", "reads=accounts all nolimit secret", []Field{Reads}},
		{"DROP TEMPORARY TABLE IF EXISTS x", "marks=temporary", []Field{Marks}},
		{"DROP TABLE temporary", "", []Field{Marks}},
		{"SET GLOBAL general_log_file = '/dev/null'", "sets=general_log_file=none", []Field{Sets}},
		{"CREATE TRIGGER t AFTER INSERT ON posts FOR EACH ROW INSERT INTO wp_users (user_login, user_pass) VALUES ('x', 'y')", "changes=people all secret", []Field{Changes}},
		{"CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO UPDATE users SET is_admin = 1", "changes=people all privilege", []Field{Changes}},
		{"CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW SET NEW.seen = now()", "", []Field{Changes}},
	} {
		if got := shown(of(c.sql, ""), c.fields...); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.sql, got, c.want)
		}
	}
}
