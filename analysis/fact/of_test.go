package fact

import (
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/sqltext"
)

// of returns the facts of a statement that was sent in a database.
func of(sql, database string) Set { return Resolve(raw(sql), database) }

// raw returns the facts of a statement before they are resolved.
func raw(sql string) Set {
	var t sqltext.Tokens
	t.Lex([]byte(sql))
	var st sqltext.Statement
	t.Parse(&st)
	var b Builder
	Of([]byte("Query"), &t, &st, &b)
	return b.Set()
}

// shown writes the values of some fields, "short name=value", short without
// "statement.".
func shown(s Set, fields ...Field) string {
	var list []string
	for f, v := range s.All() {
		if slices.Contains(fields, f) {
			list = append(list, strings.TrimPrefix(f.String(), "statement.")+"="+v)
		}
	}
	return strings.Join(list, "; ")
}

// The fields that a case compares.
var (
	heads     = []Field{Verb, Head, Objects}
	uses      = []Field{Reads, Changes}
	injected  = []Field{Union, UnionRun, CommentCut, Constants, Open, Broken, Statements, Literals}
	functions = []Field{Calls}
	settings  = []Field{Sets, Files, Variables}
	asks      = []Field{Questions}
	shapes    = []Field{Encoding, Comments, Order, Nesting, Scope, Limit, ColumnKinds}
	signs     = []Field{Marks, Tool}
)

func TestFacts(t *testing.T) {
	for _, c := range []struct {
		fields    []Field
		sql, want string
	}{
		{heads, "SELECT 1", "verb=select"},
		{heads, "(select 1) union (select 2)", "verb=select"},
		{heads, "with a as (select 1) delete from t using t, a", "verb=delete"},
		{heads, "hello world", "verb=none"},
		{heads, "CREATE DEFINER=`a`@`%` FUNCTION IF NOT EXISTS Shop.total (a int) RETURNS int RETURN a", "verb=create; head=create function; objects=shop.total"},
		{heads, "create or replace aggregate function sys_eval returns string soname 'u.so'", "verb=create; head=create function; objects=sys_eval"},
		{heads, "drop database if exists README", "verb=drop; head=drop database; objects=readme"},
		{heads, "purge binary logs to 'x'", "verb=purge; head=purge binary logs"},
		{heads, "show full processlist", "verb=show; head=show processlist"},
		{heads, "SHOW GRANTS FOR root@localhost", "verb=show; head=show grants"},
		{heads, "start transaction with consistent snapshot", "verb=start; head=start transaction"},
		{heads, "CREATE USER 'x'@'%' IDENTIFIED BY 'y', z@localhost", "verb=create; head=create user; objects=x@%; objects=z@localhost"},
		{heads, "grant all privileges on *.* to 'x'@'10.%' with grant option", "verb=grant; head=grant; objects=x@10.%"},
		{heads, "flush privileges", "verb=flush; head=flush privileges"},
		{heads, "load data local infile '/x' into table t", "verb=load; head=load data"},
		{heads, "desc t", "verb=describe; head=describe"},
		{heads, "truncate table a.b", "verb=truncate; head=truncate"},
		{heads, "set global general_log = 0", "verb=set; head=set"},
		{heads, "set password for 'a'@'b' = 'x'", "verb=set; head=set password; objects=a@b"},
		{heads, "change replication source to SOURCE_HOST='x'", "verb=change; head=change replication source"},
		{heads, "reset binary logs and gtids", "verb=reset; head=reset binary logs"},
		{heads, "install plugin x soname 'x.so'", "verb=install; head=install plugin; objects=x"},

		{uses, "select * from wp_users", "reads=people all nolimit everything"},
		{uses, "select user_login, user_pass from wp_users order by id limit 100", "reads=people all limit secret"},
		{uses, "select user_login, user_pass from wp_users limit 20, 20", "reads=people all paging secret"},
		{uses, "select * from wp_users where 1=1", "reads=people always nolimit everything"},
		{uses, "select * from wp_users where 1", "reads=people always nolimit everything"},
		{uses, "select * from wp_users where user_login = 'anna' limit 1", "reads=people key limit everything"},
		{uses, "select * from wp_users where id in (1,2,3)", "reads=people key nolimit everything"},
		{uses, "select * from wp_users where user_login = 'x' or 1=1", "reads=people always nolimit everything"},
		{uses, "select id, password from users where lower(email) = 'a@b'", "reads=people key nolimit secret"},
		{uses, "select count(*) from wp_users", "reads=people all nolimit aggregate"},
		{uses, "select max(user_pass) from wp_users", "reads=people all nolimit secret"},
		{uses, "select concat(user_login, 0x3a, user_pass) from wp_users", "reads=people all nolimit secret"},
		{uses, "select user, host from mysql.user", "reads=accounts all nolimit columns"},
		{uses, "select title from posts where id = 1 union select user_pass from wp_users", "reads=application key nolimit columns; reads=people all nolimit secret"},
		{uses, "select * from (select * from users) u", "reads=people all nolimit everything"},
		{uses, "select 1 from t where exists (select * from users u where u.id = t.uid)", "reads=application filtered nolimit constant; reads=people filtered nolimit constant"},
		{uses, "with u as (select * from users) select * from u", "reads=people all nolimit everything"},
		{uses, "select * from \"users\"", "reads=people all nolimit everything"},
		{uses, "select trim('x' from \"users\") from t", "reads=application all nolimit constant"},
		{uses, "table wp_users", "reads=people all nolimit everything"},
		{uses, "select a.x from a join (b left join users c on c.id = b.id) on a.id = b.id", "reads=people all nolimit columns"},
		{uses, "select table_name from information_schema.tables where table_schema = 'x'", "reads=catalogue key nolimit columns"},
		{uses, "insert into wp_users (user_login, user_pass) values ('a', 'b')", "changes=people all secret"},
		{uses, "insert into wp_usermeta (user_id, meta_key, meta_value) values (1, 'wp_capabilities', 'a:1:{s:13:\"administrator\";b:1;}')", "changes=people all privilege"},
		{uses, "insert into posts values (1, '<script src=//x.example></script>')", "changes=application all script"},
		{uses, "update users set pass = 'x'", "changes=people all secret"},
		{uses, "update users set pass = 'x' where id = 1", "changes=people key secret"},
		{uses, "update a join b on a.id = b.id set a.x = 1 where 1", "changes=application always other"},
		{uses, "delete from orders", "changes=application all other"},
		{uses, "delete from orders where id = 1 or 'a'='a'", "changes=application always other"},
		{uses, "delete a from orders a where a.id = 3", "changes=application key other"},
		{uses, "create event e on schedule every 1 hour do begin set @a = 1; create user if not exists 'x'@'%' identified by 'y'; end", "changes=accounts all privilege"},
		{uses, "create event e on schedule every 1 hour do grant all on *.* to x", "changes=accounts all privilege"},
		{uses, "create trigger t after insert on a for each row begin set @a = 1; update users set pass = 'x'; end", "changes=people all secret"},
		{uses, "create event e on schedule every 1 day do select 'grant all on *.* to x' into @a", ""},
		{uses, "select * from пользователи", "reads=people all nolimit everything"},
		{uses, "SELECT * FROM Пользователи", "reads=people all nolimit everything"},
		{uses, "select ユーザーID, パスワード from `会員`", "reads=people all nolimit secret"},
		{uses, "select 标题 from 文章", "reads=application all nolimit columns"},
		{uses, "truncate mysql.general_log", "changes=logs all other"},
		{uses, "drop table if exists a, mysql.user", "changes=accounts all other"},

		{injected, "select a from t where id = 1 union all select null,null,null -- ", "union=constants; union=no_table; union=true; union.run=3; comment_cut=empty; statements=1"},
		{injected, "select a from t where id = 1 union select 1,2,concat(user(),0x3a),4 from x#", "union=true; union.run=2; comment_cut=empty; statements=1"},
		{injected, "select a from t where name = '' or 1=1 -- ' and active = 1", "comment_cut=code; constants=or_always; statements=1"},
		{injected, "select a from t where id = 1 and 5131=5131", "constants=and_constant; constants=same; statements=1"},
		{injected, "select a from t where id = 1 or not 0", "constants=or_always; statements=1"},
		{injected, "select a from t where id = 1 || 2>1", "constants=or_always; statements=1"},
		{injected, "select a from t where id = 1 or 1 like 1", "constants=or_always; statements=1"},
		{injected, "select a from t where (name = '' or '' = '') and b = 2", "statements=1"},
		{injected, "select a from t where 1=1 and b = 2", "statements=1"},
		{injected, "select a from t where name = '' = ''", "constants=chained; statements=1"},
		{injected, "select a from t where id = 1 and ascii(substring((select pass from users limit 1),1,1))>64", "constants=and_probe; statements=1"},
		{injected, "select a from t where id = 1; drop table x", "statements=2"},
		{shapes, "select a from t order by case when (select substr(p,1,1) from u limit 1)='a' then a else b end", "scope=all; limit=none; order=query; nesting=1"},
		{shapes, "select a from t order by if(ascii(substring((select p from s.u where id=1),1,1))>64,a,b)", "scope=all; limit=none; order=query; nesting=4"},
		{shapes, "select a, count(*) from t group by (case (select count(*) from u) when 9 then a else 1 end)", "scope=all; limit=none; order=query; nesting=2"},
		{shapes, "select a from t order by a, (select (case when exists(select 1 from u where n like 'x%') then 1 else 2 end))", "scope=all; limit=none; order=query; nesting=3"},
		{shapes, "select a from t order by (case when (select count(*) from u join v on u.i = v.i)>3 then a else b end)", "scope=all; limit=none; order=query; nesting=2"},
		{shapes, "select a from t order by case status when 'new' then 1 when 'open' then 2 else 3 end, field(a,1,2)", "scope=all; limit=none"},
		{shapes, "select a from t order by if(a > 3, 0, 1), case when b is null then 1 else 0 end", "scope=all; limit=none"},
		{shapes, "select a from t order by case when exists(select 1 from f where f.t_id = t.id) then 0 else 1 end", "scope=all; limit=none; nesting=1"},
		{shapes, "select a from t order by case when exists(select 1 from f where f.t = t.id) then 0 else 1 end", "scope=all; limit=none; nesting=1"},
		{shapes, "select a from t order by case when exists(select 1 from f where t_id = id) then 0 else 1 end", "scope=all; limit=none; nesting=1"},
		{shapes, "select a from t group by a order by case when sum(b) > (select avg(b) from t) then 0 else 1 end", "scope=all; limit=none; nesting=1"},
		{shapes, "select a from t order by (select count(case when x.s = 1 then 1 end) from x where x.t = t.id)", "scope=all; limit=none; nesting=1"},
		{signs, "update pages set body = concat(body, '<script src=//x.example/a.js></script>') where id = 3", "marks=adds_script"},
		{signs, "update t join u on u.i=t.i set t.a = 1, t.body = concat('<script>eval(x)</script>', t.body)", "marks=adds_script"},
		{signs, "update pages set body = replace(body, '</body>', '<script src=//x.example></script></body>')", "marks=adds_script"},
		{signs, "update pages set body = concat(body, 0x3c736372697074207372633d2f2f782e6578616d706c653e)", "marks=adds_script"},
		{signs, "update pages set body = '<h1>x</h1><script src=//x.example></script>' where id = 3", ""},
		{signs, "update cfg set value = concat(value, '<script src=//x.example></script>') where path = 'head'", "marks=adds_script"},
		{signs, "update pages set body = replace(body, '<script src=//x.example></script>', ''), hits = hits + 1", ""},
		{signs, "update pages set body = concat(body, '<p>more</p>'), head = '<script>a()</script>'", ""},
		{signs, "update pages set body = concat(title, '<script>a()</script>')", ""},
		{shapes, "select a from t order by if(1=1,a,b)", "scope=all; limit=none; order=constant"},
		{shapes, "select a from t order by (case when (2>3) then a else b end), c limit 1", "scope=all; limit=constant; order=constant"},
		{shapes, "select a from t order by (select 1) limit 1", "scope=all; limit=constant; order=constant; nesting=1"},
		{shapes, "select a from t order by field(b, 1, 2), c = 1, case when 'a' = 'a' then d end", "scope=all; limit=none"},
		{injected, "select a from t where name like '%5'neill%'", "broken=word_after_literal; open=string; statements=1"},
		{injected, "select a from t where id = 1 order by 5 order by name", "broken=clause_order; statements=1"},
		{injected, "select a from t where id = 1) or (1=1", "constants=or_always; broken=bracket_extra; broken=bracket_open; statements=1"},
		{injected, "select a from t where id = 5 5", "broken=literal_literal; statements=1"},
		{injected, "select a from t where id = and b = 1", "broken=operator_operator; statements=1"},
		{injected, "select a from t where id =", "broken=operator_end; statements=1"},
		{injected, "select a from t where name = 'a', 'b' and b = 1", "broken=comma; statements=1"},
		{injected, "select a from (select b from u where c in (1, 2), 3) x where (d, e) = (1, 2) order by f, g", "broken=comma; statements=1"},
		{injected, "delete from t where a = 1 and f(b, c) > 2 returning d, e", "statements=1"},
		{injected, "insert into t (a, b) select c, d from u where e = 1 on duplicate key update a = 1, b = 2", "statements=1"},
		{injected, "select a from t; exec xp_cmdshell", "broken=semicolon; statements=2"},
		{injected, "insert into c values ('1\\' or 1=1 -- ')", "statements=1; literals=sql"},
		{injected, "insert into c values ('x\\' union/**/select/**/user_pass from wp_users')", "statements=1; literals=sql"},
		{injected, "select a from t where b = (7) = (7)", "constants=chained; statements=1"},
		{injected, "select a from t where b like '%x'='x%'", "constants=chained; statements=1"},
		{injected, "select a from t union select (1),(-(2))", "union=constants; union=no_table; union=true; union.run=2; statements=1"},
		{injected, "select a from t where b = 1 -- - order by c", "comment_cut=code; statements=1"},
		{injected, "select a from t where id = -1 union select * from (select 1)a join (select 2)b", "union=constants; union=true; union.run=2; statements=1"},
		{injected, "select a from t union select * from (select 1 as n) a join (select 2 as m) b", "union=true; statements=1"},
		{injected, "select a from t union select * from (select b from u) a", "union=true; statements=1"},
		{injected, "select a from t where id = 1*(select 1 from users)", "constants=query; statements=1"},
		{injected, "select a from t where id = 2*(select 1 from users where b = 3) and (select 1 from u limit 1)", "statements=1"},
		{injected, "insert into c values ('${7*7}'), ('x #{ 3 * 41 }')", "statements=1; literals=template"},
		{injected, "insert into c values ('${1}'), ('${price * 2}'), ('#{*}'), ('a ${b} * {c}')", "statements=1"},
		{injected, "insert into c values (0x3c3f70687020736c65657028293b203f3e)", "statements=1; literals=php; literals=sql"},
		{injected, "insert into c values ('<p>I like <b>select</b> wines, and union jacks; drop me a line!</p>')", "statements=1"},

		{asks, "select version(), @@hostname, user(), database()", "questions=version; questions=paths; questions=own user; questions=own database"},
		{asks, "select schema_name from information_schema.schemata", "questions=databases"},
		{asks, "show full columns from t", "questions=columns"},
		{asks, "describe t", "questions=columns"},
		{asks, "show global variables like 'x'", "questions=variables"},
		{asks, "show create procedure p", "questions=programs"},
		{asks, "show create table p", "questions=table definitions"},
		{asks, "show slave status", "questions=replication"},
		{asks, "select * from mysql.db", "questions=accounts"},
		{asks, "select version from app_versions", ""},
		{asks, "set @@hostname = 1", ""},

		{shapes, "select 0x61646d696e, unhex('41'), char(60, 63), concat(a, 0x3a) from t where id = 1", "scope=key; limit=none; encoding=char; encoding=concat_hex; encoding=hex_text; encoding=unhex"},
		{shapes, "select 0x01, 0x7e27, cast(a as char(10)), char(65) from t where a > 1", "scope=filtered; limit=none"},
		{shapes, "select/**/a/* x */from t where id = 1 # x\n limit 5", "scope=key; limit=constant; comments=between_words; comments=block; comments=hash"},
		{shapes, "select /*!50000 a */ from t where 0 limit @n", "scope=never; limit=other; comments=version"},
		{shapes, "select a, b, c from t order by 3, b limit 5 offset 10", "scope=all; limit=paging; order=number"},
		{shapes, "select a from t group by 1, a having count(*) > 5", "scope=all; limit=none; order=number"},
		{shapes, "select a from t where id = (select max(id) from u where x in (select y from v))", "scope=key; limit=none; nesting=2"},
		{shapes, "select email, user_pass, iban, is_admin, bypass, * from t where id = id", "scope=always; limit=none; column_kinds=all; column_kinds=contact; column_kinds=money; column_kinds=privilege; column_kinds=secret"},
		{shapes, "delete from t where a = 1 or not (b = 2 and 0)", "scope=always; limit=none"},
		{shapes, "update t set a = 1 where (b = 2 or c = 3) and d = 4", "scope=key; limit=none"},
		{shapes, "update t set a = 1 where b = 2 or c > 3", "scope=filtered; limit=none"},

		{shapes, "select a from t where b = 1.0union select 1e0from u", "scope=key; limit=none; encoding=glued"},
		{shapes, "select a from t /*!50000where*/ b = 1 /*!and*/ c = 2", "scope=key; limit=none; comments=version; encoding=versioned"},
		{shapes, "select /*!40001 sql_no_cache */ a from t /*! force index (b) */ where c > 1.5", "scope=filtered; limit=none; comments=version"},
		{shapes, "select a from t where b like 0x41 or c regexp binary 0x42", "scope=filtered; limit=none; encoding=hex_pattern"},
		{shapes, "select chr(65)||chr(66), chr(13)||chr(10) from t where a > 1", "scope=filtered; limit=none; encoding=char"},
		{shapes, "select chr(13)||chr(10) from t where a > 1", "scope=filtered; limit=none"},
		{shapes, "select a#x\nfrom t where b = 1--\nlimit 5", "scope=key; limit=constant; comments=between_words; comments=hash; comments=line"},
		{shapes, "select a,#x\nb from t where b = 1 #y\nlimit 5", "scope=key; limit=constant; comments=hash"},
		{shapes, "select a, b from t where c = _latin1'x' and d = cast('5' as signed integer) order by 2", "scope=key; limit=none; order=number"},
		{shapes, "select a, b from t order by 0", "scope=all; limit=none; order=beyond; order=number"},
		{shapes, "select a, b.* from t order by 9", "scope=all; limit=none; order=number; column_kinds=all"},
		{shapes, "select * from t group by 100", "scope=all; limit=none; order=beyond; order=number; column_kinds=all"},

		{injected, "select a from t where b = 5-2 or c = 0", "statements=1; constants=reckoned"},
		{injected, "select a from t where b = ''-'' and c = '2020-01-01' + interval 1 day", "statements=1; constants=reckoned_text"},
		{injected, "select a from t where b like '%' + 'x' + '%'", "statements=1"},
		{injected, "insert into t values ('a', 'x' ^ sleep(5)), ('b', 'c' + d)", "statements=1; constants=reckoned_text"},
		{injected, "select a from t where b = (select 1) and c in (select 2)", "statements=1; constants=query"},
		{injected, "insert into t (a) (select 1); set @x = (select version())", "statements=2"},
		{injected, "select a from t where b = 1 or 0 = 1 or false", "statements=1"},
		{injected, "select a from t where b = 1 or pi() > 3", "statements=1; constants=or_constant"},
		{injected, "select a from t where (b = 'x' or length('x') = 0) or now() > c", "statements=1"},
		{injected, "select a from t where b = 1 and exists (select * from u)", "statements=1; constants=and_probe"},
		{injected, "select a from t where b = 1 and (select max(c) from u) like 'a%'", "statements=1; constants=and_probe"},
		{injected, "select a from t where b = 1 and exists (select * from u where u.b = t.b) and c > (select avg(c) from t)", "statements=1"},
		{injected, "select a from t where b = make_set(1=1, 2) or c = if(7=7, 1, 2)", "statements=1; constants=same"},
		{injected, "select a from t where b = 1 union values row (1, 2, 3)", "statements=1; union=constants; union=no_table; union=true; union.run=3"},
		{injected, "select a from t where b = [1] or c = 1::int", "statements=1; broken=foreign_cast; broken=stray"},
		{injected, "select a from t where b = '::1'\\G", "statements=1"},
		{injected, "select a from t union select order by 1, limit 2", "statements=1; broken=operator_operator; union=no_table; union=true"},

		{signs, "select * from t procedure analyse()", "marks=procedure_analyse"},
		{signs, "create table README_TO_RECOVER (a text)", "marks=note_name"},
		{signs, "create database if not exists please_read_me", "marks=note_name"},
		{signs, "create table recovery_codes (a text)", ""},
		{signs, "create function f returns string soname 'u.so'", "marks=soname"},
		{signs, "select soname 'x' from t", ""},
		{signs, "flush tables with read lock", "marks=lock"},
		{signs, "start transaction /*!40100 with consistent snapshot */", "marks=snapshot"},
		{signs, "select /*!40001 sql_no_cache */ * from t", "marks=no_cache"},
		{signs, "grant super, file on *.* to 'x'@'%' with grant option", "marks=any_host; marks=grant_everywhere; marks=grant_file; marks=grant_option; marks=grant_super"},
		{signs, "select 'qzxjq', 0x716a707671", "tool=sqlmap_marker"},
		{signs, "select (select (case when (1=1) then 1 else 0 end))", "tool=sqlmap_case"},
		{signs, "select ifnull(cast(a as nchar), 0x20) from t", "tool=sqlmap_cast"},
		{signs, "SELECT DISTINCT user FROM mysql.user", "tool=nmap_users"},

		{functions, "select sleep(5), sleep(0), sleep(x), benchmark(9, md5('a'))", "calls=benchmark(number,call); calls=sleep(column); calls=sleep(number); calls=sleep(zero)"},
		{functions, "select extractvalue(1, concat(0x7e, version()))", "calls=concat(hex,call); calls=extractvalue(number,call)"},
		{functions, "select char(60,63), if((select 1), @a, -1)", "calls=char(number,number); calls=if(select,variable,number)"},

		{settings, "SET GLOBAL general_log = 'OFF', @@global.log_output=NONE", "sets=general_log=off; sets=log_output=none"},
		{settings, "set global general_log_file = '/var/www/html/x.php'", "sets=general_log_file=script; files=write script"},
		{settings, "set sql_log_bin = 0, @x = 1", "sets=sql_log_bin=off"},
		{settings, "select @@version, @@global.plugin_dir", "variables=plugin_dir; variables=version"},
		{settings, "select '<?php' into outfile '/var/www/html/s.php'", "files=write script"},
		{settings, "select x into dumpfile '/usr/lib/mysql/plugin/udf.so'", "files=write library"},
		{settings, "select x into outfile '/tmp/report.csv' from t", "files=write path"},
		{settings, "select load_file(0x2f6574632f706173737764)", "files=read system"},
		{settings, "select load_file(concat(a, b))", "files=read unknown"},
	} {
		set := of(c.sql, "shop")
		checkCanonical(t, set)
		if got := shown(set, c.fields...); !sameList(got, c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.sql, got, c.want)
		}
	}
}

// sameList compares two lists in any order.
func sameList(a, b string) bool {
	x, y := strings.Split(a, "; "), strings.Split(b, "; ")
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}
